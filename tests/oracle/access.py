"""Metrics of getting through: phone, digital cases, free appointments."""

from datetime import datetime, time, timedelta
from fractions import Fraction

from .dates import day_of, hours, in_office_hours, is_working_day
from .extracts import UNKNOWN, Row
from .formulas import book_median, count, distinct, mean, quantile, quotient, share
from .known import Known, Placed, by
from .table import WEEKLY, Cells, Entry, keys, tabulate

CAP_DAYS = 182
EIGHT = time(8)


def within(row: Row, end: str, limit: Fraction) -> bool:
    """Tell whether a phone contact's ``end`` came within a limit in hours."""
    return end in row and hours(row["arrived_at"], row[end]) <= limit


def _same_day(row: Row, start: str, end: str) -> bool:
    """Tell whether an end that came fell on the day of the start."""
    return end in row and day_of(row[end]) == day_of(row[start])


def access_cells(known: Known) -> Cells:
    """Return the metrics of phone contacts, digital cases and T3 snapshots."""
    phone = [p for p in known.placed("phone_contacts", by("arrived_at")) if p[2]["end_state"] != "duplicate"]
    digital = list(known.placed("digi_contacts", by("opened_at")))
    return {
        **_calls(known, phone),
        **_callbacks(known, phone),
        **_handled(known),
        **_digital_handled(known),
        **_digital_share(known, phone, digital),
        **_chats(known, digital),
        **_digital_queue(known, digital),
        **_answers(known, digital),
        **_digital_users(known, digital),
        **_conversations(known, digital, ""),
        **_conversations(known, _by_handler(known), "_handled"),
        **_free_times(known),
    }


def _calls(known: Known, phone: list[Placed]) -> Cells:
    covered = known.covered("phone_contacts")
    calls = [
        Entry(u, d, None, keys(row, "contact_kind", "language", "end_state"))
        for u, d, row in phone
        if row["end_state"] != UNKNOWN  # it may be a duplicate
    ]
    immediate = [
        Entry(u, d, within(row, "answered_at" if "answered_at" in row else "reached_at", Fraction(1, 2)))
        for u, d, row in phone
        if row.get("in_opening_hours") is not False
    ]
    reached = [
        Entry(u, d, _same_day(row, "arrived_at", "answered_at" if "answered_at" in row else "reached_at"))
        for u, d, row in phone
        if in_office_hours(row["arrived_at"])
    ]
    return {
        **tabulate(known, "calls_n", calls, count, WEEKLY, covered=covered),
        **tabulate(known, "immediate_access_pct", immediate, share, WEEKLY, covered=covered),
        **tabulate(known, "phone_reached_same_day_pct", reached, share, covered=covered),
    }


def _callbacks(known: Known, phone: list[Placed]) -> Cells:
    covered = known.covered("phone_contacts")
    asked = [p for p in phone if p[2]["contact_kind"] == "callback_request"]
    day = Fraction(24)
    called = [Entry(u, d, within(row, "first_callback_at", day)) for u, d, row in asked]
    reached = [Entry(u, d, within(row, "reached_at", day)) for u, d, row in asked]
    removed = [Entry(u, d, None) for u, d, row in asked if row["end_state"] == "removed"]
    queued = [
        Entry(u, d, None)
        for u, d, row in asked
        if row["end_state"] not in ("removed", UNKNOWN)
        and waited_for_8(row["arrived_at"], row.get("first_callback_at"))
    ]
    return {
        **tabulate(known, "queued_at_8_n", queued, count, WEEKLY, covered=covered),
        **tabulate(known, "callback_24h_pct", called, share, WEEKLY, covered=covered),
        **tabulate(known, "reached_24h_pct", reached, share, WEEKLY, covered=covered),
        **tabulate(known, "removed_n", removed, count, WEEKLY, covered=covered),
    }


def _handled(known: Known) -> Cells:
    """Return the contacts by who handled them, where that is recorded."""
    covered = known.covered("phone_contacts")
    own = [
        (u, d, row)
        for u, d, row in known.placed("phone_contacts", by("arrived_at"), "handling_unit_code")
        if row["end_state"] != "duplicate" and row.get("handling_unit_code") is not None
    ]
    counted = [Entry(u, d, None) for u, d, row in own if row["end_state"] != UNKNOWN]
    reached = [
        Entry(u, d, within(row, "answered_at" if "answered_at" in row else "reached_at", Fraction(1, 2)))
        for u, d, row in own
        if row.get("in_opening_hours") is not False
    ]
    called = [
        Entry(u, d, within(row, "first_callback_at", Fraction(24)))
        for u, d, row in own
        if row["contact_kind"] == "callback_request"
    ]
    return {
        **tabulate(known, "calls_handled_n", counted, count, WEEKLY, covered=covered),
        **tabulate(known, "immediate_access_handled_pct", reached, share, WEEKLY, covered=covered),
        **tabulate(known, "callback_24h_handled_pct", called, share, WEEKLY, covered=covered),
    }


def _by_handler(known: Known) -> list[Placed]:
    """Return the digital cases by who handled them; there "digitiimi" is the team, not the queue."""
    return [
        ("digitiimi" if str(row["handling_unit_code"]).casefold() == "digitiimi" else unit, day, row)
        for unit, day, row in known.placed("digi_contacts", by("opened_at"), "handling_unit_code")
        if row.get("handling_unit_code") is not None
    ]


def _digital_handled(known: Known) -> Cells:
    covered = known.covered("digi_contacts")
    own = _by_handler(known)
    counted = [Entry(u, d, None) for u, d, row in own if row["end_state"] not in ("abandoned", UNKNOWN)]
    answered = [
        Entry(u, d, _same_day(row, "opened_at", "first_response_at"))
        for u, d, row in own
        if row["channel"] != "video" and in_office_hours(row["opened_at"])
    ]
    waits = [
        Entry(
            u,
            d,
            _minutes(row["opened_at"], row["first_response_at"]),
            (("", ""), ("arrived_hour", str(row["opened_at"].hour))),
        )
        for u, d, row in own
        if row["channel"] == "chat" and "first_response_at" in row
    ]
    median = quantile(Fraction(1, 2))
    return {
        **tabulate(known, "digi_handled_n", counted, count, WEEKLY, covered=covered),
        **tabulate(known, "digi_same_day_handled_pct", answered, share, WEEKLY, covered=covered),
        **tabulate(known, "chat_wait_handled_median_min", waits, median, WEEKLY, covered=covered),
    }


def _digital_users(known: Known, digital: list[Placed]) -> Cells:
    """Return cases that were not given up, and the different clients behind them."""
    covered = known.covered("digi_contacts")
    made = [(u, d, row) for u, d, row in digital if row["end_state"] not in ("abandoned", UNKNOWN)]
    cases = [Entry(u, d, None, keys(row, "channel")) for u, d, row in made]
    users = [Entry(u, d, row["client_pseudo_id"]) for u, d, row in made if "client_pseudo_id" in row]
    return {
        **tabulate(known, "digi_cases_n", cases, count, covered=covered),
        **tabulate(known, "digi_users_n", users, distinct, covered=covered),
    }


def _conversations(known: Known, rows: list[Placed], whose: str) -> Cells:
    """Return how cases ended, how long chats lasted after the first answer, and how they were rated."""
    covered = known.covered("digi_contacts")
    ends = ("resolved", "continued", "redirected")
    ended = [Entry(u, d, row["end_state"] == "resolved") for u, d, row in rows if row["end_state"] in ends]
    chats = [(u, d, row) for u, d, row in rows if row["channel"] == "chat"]
    lasted = [
        Entry(u, d, _minutes(row["first_response_at"], row["closed_at"]))
        for u, d, row in chats
        if "first_response_at" in row
        and "closed_at" in row
        and row["closed_at"] >= row["first_response_at"]
        and row["end_state"] not in ("abandoned", UNKNOWN)
    ]
    rated = [Entry(u, d, row["rating_1_5"]) for u, d, row in chats if row.get("rating_1_5") in range(1, 6)]
    median = quantile(Fraction(1, 2))
    return {
        **tabulate(known, f"digi_resolved{whose}_pct", ended, share, covered=covered),
        **tabulate(known, f"chat_talk{whose}_median_min", lasted, median, covered=covered),
        **tabulate(known, f"chat_rating{whose}_mean", rated, mean, covered=covered),
    }


def _digital_share(known: Known, phone: list[Placed], digital: list[Placed]) -> Cells:
    made = [Entry(u, d, True) for u, d, row in digital if row["end_state"] != "abandoned"]
    called = [Entry(u, d, False) for u, d, _ in phone]
    covered = known.covered("digi_contacts", "phone_contacts")
    return tabulate(known, "digi_share_pct", made + called, share, covered=covered)


def _minutes(opened: datetime, answered: datetime) -> Fraction:
    return hours(opened, answered) * 60


def _chats(known: Known, digital: list[Placed]) -> Cells:
    covered = known.covered("digi_contacts")
    chats = [p for p in digital if p[2]["channel"] == "chat"]
    waits = [
        Entry(u, d, _minutes(row["opened_at"], row["first_response_at"]))
        for u, d, row in chats
        if "first_response_at" in row
    ]
    left = [
        Entry(u, d, row["end_state"] == "abandoned" and "first_response_at" not in row) for u, d, row in chats
    ]
    median, p90 = quantile(Fraction(1, 2)), quantile(Fraction(9, 10))
    return {
        **tabulate(known, "chat_wait_median_min", waits, median, WEEKLY, covered=covered),
        **tabulate(known, "chat_wait_p90_min", waits, p90, WEEKLY, covered=covered),
        **tabulate(known, "chat_abandoned_pct", left, share, WEEKLY, covered=covered),
    }


def _digital_queue(known: Known, digital: list[Placed]) -> Cells:
    queued = [
        Entry(u, d, None)
        for u, d, row in digital
        if row["channel"] != "video"
        and row["end_state"] not in ("abandoned", UNKNOWN)
        and waited_for_8(row["opened_at"], row.get("first_response_at"))
    ]
    covered = known.covered("digi_contacts")
    return tabulate(known, "digi_queued_at_8_n", queued, count, WEEKLY, covered=covered)


def waited_for_8(came: datetime, done: datetime | None) -> bool:
    """Tell whether nothing had been done by 8 o'clock of the first working day after a contact came."""
    morning = datetime.combine(came.date(), EIGHT)
    while morning <= came or not is_working_day(morning.date()):
        morning += timedelta(days=1)
    return done is None or done >= morning


def _answers(known: Known, digital: list[Placed]) -> Cells:
    entries = [
        Entry(u, d, _same_day(row, "opened_at", "first_response_at"))
        for u, d, row in digital
        if row["channel"] != "video" and in_office_hours(row["opened_at"])
    ]
    covered = known.covered("digi_contacts")
    return tabulate(known, "digi_answered_same_day_pct", entries, share, covered=covered)


def _free_times(known: Known) -> Cells:
    entries = [
        Entry(
            unit,
            day,
            (min(row["t3_days"], CAP_DAYS), row.get("book_pseudo_id")),
            keys(row, "profession_class", headline=row["profession_class"] == "LK"),
        )
        for unit, day, row in known.placed("t3_snapshots", by("snapshot_date"))
    ]
    free = [
        Entry(u, d, (Fraction(row["free_14d_n"]), Fraction(1)), keys(row, "profession_class"))
        for u, d, row in known.placed("t3_snapshots", by("snapshot_date"))
        if "free_14d_n" in row
    ]
    covered = known.covered("t3_snapshots")
    return {
        **tabulate(known, "t3_days", entries, book_median, WEEKLY, covered=covered),
        **tabulate(known, "free_times_14d", free, quotient(1), WEEKLY, covered=covered),
    }
