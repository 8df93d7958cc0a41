"""Metrics of safety and of what clients say: HaiPro, actions, feedback, legal cases, survey."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

from .dates import add_work_days, day_of, last_day, month_of, work_days
from .extracts import Row
from .formulas import count, distinct, distinct_share, divided, mean, nps, share
from .known import Base, Known, Placed, by
from .table import MONTHLY, SNAPSHOT, Cell, Cells, Entry, Place, keys, tabulate
from .units import ADMINISTRATION

PATIENT, OCCUPATIONAL = "patient_safety", "occupational_safety"
LEGAL_KINDS = ("muistutus", "kantelu", "pvk_selvitys")
STATEMENTS = ("s1_help", "s2_cared", "s3_shared", "s4_safe", "s5_continuity", "s6_understand", "s7_benefit")


FEEDBACK_COUNTS: dict[str, tuple[Callable[[Row], bool], tuple[str, ...]]] = {
    "feedback_n": (lambda row: True, ("channel", "feedback_kind", "topic", "language")),
    "feedback_to_improve_n": (
        lambda row: row.get("feedback_kind") in ("moite", "kehitysehdotus"),
        ("topic",),
    ),
    "feedback_rerouted_n": (lambda row: "rerouted_at" in row, ()),
    "feedback_reopened_n": (lambda row: "reopened_at" in row, ()),
}
"""Counts of feedback by the month it came in: which rows count, and by what they are split."""


def quality_cells(known: Known) -> Cells:
    """Return the metrics of safety and client experience."""
    answers = list(known.placed("survey_responses", by("answered_at")))
    return {
        **_haipro_volume(known),
        **_haipro_process(known),
        **_haipro_open(known),
        **_actions(known),
        **_feedback(known),
        **_legal(known),
        **_recommendation(known, answers),
        **_statements(known, answers),
        **_language_gap(known, answers),
        **_response_rate(known, answers),
    }


def _response_rate(known: Known, answers: list[Placed]) -> Cells:
    """Return the answers of the units and months that invitations are known of, by the invitations."""
    entries = [Entry(u, d, ((u, month_of(d)), 1, 0)) for u, d, _ in answers]
    entries += [
        Entry(u, d, ((u, month_of(d)), 0, row["invited_n"]))
        for u, d, row in known.placed("survey_invitations", by("month"))
    ]
    covered = known.covered("survey_responses", "survey_invitations")
    return tabulate(known, "survey_response_pct", entries, _of_the_invited, covered=covered)


def _of_the_invited(entries: list[tuple[tuple[str, int], int, int]], _place: Place) -> Cell:
    asked = {atom for atom, _, invited in entries if invited > 0}
    came = sum(answer for atom, answer, _ in entries if atom in asked)
    return divided(Fraction(came), Fraction(sum(invited for *_, invited in entries)), 100, None)


def _haipro_volume(known: Known) -> Cells:
    split = ("report_type", "nature", "event_type", "consequence", "risk_class")
    entries = [
        Entry(unit, day, None, keys(row, *split))
        for unit, day, row in known.placed("haipro_reports", by("reported_at"), "event_unit_code")
        if row["state"] != "mitatoity" and row["report_type"] in (PATIENT, OCCUPATIONAL)
    ]
    moved = [
        Entry(unit, day, None)
        for unit, day, row in known.placed("haipro_reports", by("reported_at"), "event_unit_code")
        if row["state"] != "mitatoity"
        and row["report_type"] in (PATIENT, OCCUPATIONAL)
        and "transferred_at" in row
    ]
    covered = known.covered("haipro_reports")
    return {
        **tabulate(known, "haipro_reports_n", entries, count, covered=covered),
        **tabulate(known, "haipro_transferred_n", moved, count, covered=covered),
    }


def arrival(row: Row) -> date:
    """Return the day a HaiPro report arrived: the day it was made where the arrival is not told."""
    return day_of(row.get("arrived_at") or row["reported_at"])


def handler(row: Row, due: date) -> str | None:
    """Return the code of the unit that handled a report on its due date."""
    moved = row.get("transferred_at")
    if moved and day_of(moved) > due and "transferred_from_unit_code" in row:
        return str(row["transferred_from_unit_code"])
    return row.get("handler_unit_code")


def _analysed(row: Row) -> date | None:
    """Return the day on which the last of the three steps was taken; None where one of them was not."""
    steps = [row[step] for step in ("received_at", "classified_at", "analysed_at") if step in row]
    return max(map(day_of, steps)) if len(steps) == 3 else None


def _classified_in_time(row: Row) -> bool:
    done = _analysed(row)
    return done is not None and (done - day_of(row["reported_at"])).days <= 7


def _closed_in_time(row: Row) -> bool:
    proposed = "action_proposal" in row and "closed_at" in row
    return proposed and (day_of(row["closed_at"]) - arrival(row)).days <= 60


def _occupational_in_time(row: Row) -> bool:
    done = _analysed(row)
    return done is not None and work_days(arrival(row), done) <= 10


def _haipro_process(known: Known) -> Cells:
    def cells(
        metric: str,
        types: tuple[str, ...],
        base: Base,
        due_of: Callable[[date], date],
        met: Callable[[Row], bool],
        *split: str,
        rules: tuple[str, ...] = MONTHLY,
    ) -> Cells:
        entries = []
        for day, row in known.rows("haipro_reports", base):
            if row["state"] != "mitatoity" and row["report_type"] in types:
                due = due_of(day)
                unit = known.unit("haipro_reports", handler(row, due), due)
                entries.append(Entry(unit, due, met(row), keys(row, *split)))
        return tabulate(known, metric, entries, share, rules, covered=known.covered("haipro_reports"))

    def in_days(count: int) -> Callable[[date], date]:
        return lambda day: day + timedelta(days=count)

    reported = by("reported_at")
    return {
        **cells("haipro_classified_7d_pct", (PATIENT,), reported, in_days(7), _classified_in_time),
        **cells(
            "haipro_closed_60d_pct",
            (PATIENT, OCCUPATIONAL),
            arrival,
            in_days(60),
            _closed_in_time,
            "report_type",
        ),
        **cells(
            "haipro_occ_safety_10wd_pct",
            (OCCUPATIONAL,),
            arrival,
            lambda day: add_work_days(day, 10),
            _occupational_in_time,
            rules=("rolling_12m",),
        ),
    }


def _haipro_open(known: Known) -> Cells:
    """Reports open on the last day of each delivery's own month, where they were on that day."""
    entries: dict[str, list[Entry]] = {"haipro_open_n": [], "haipro_open_over_60d_n": []}
    for month, rows in known.as_delivered("haipro_reports"):
        end = last_day(month)
        for row in rows:
            closed = row.get("closed_at")
            made = day_of(row["reported_at"]) <= end
            if row["state"] == "mitatoity" or not made or (closed and day_of(closed) <= end):
                continue
            unit = known.unit("haipro_reports", handler(row, end), end)
            entries["haipro_open_n"].append(Entry(unit, end, None))
            if (end - arrival(row)).days > 60:
                entries["haipro_open_over_60d_n"].append(Entry(unit, end, None))
    covered = frozenset(month for month, _ in known.as_delivered("haipro_reports"))
    found: Cells = {}
    for metric, of in entries.items():
        found |= tabulate(known, metric, of, count, SNAPSHOT, covered=covered)
    return found


def _actions(known: Known) -> Cells:
    entries = []
    for _, row in known.rows("action_register", by("opened_at")):
        if row["state"] == "peruttu":
            continue
        due = row.get("first_due_at") or row["due_at"]
        unit = known.unit("action_register", row.get("unit_code"), due)
        done = row.get("done_at")
        entries.append(Entry(unit, due, done is not None and done <= due, keys(row, "source_kind")))
    return tabulate(known, "actions_on_time_pct", entries, share, covered=known.covered("action_register"))


def _feedback(known: Known) -> Cells:
    entries, started = [], []
    came: dict[str, list[Entry]] = {name: [] for name in FEEDBACK_COUNTS}
    for received, row in known.rows("client_feedback", by("received_at")):
        if row["state"] == "roskaposti":
            continue
        at = known.unit("client_feedback", row.get("unit_code"), received, ADMINISTRATION)
        for metric, (counted, split) in FEEDBACK_COUNTS.items():
            if counted(row):
                came[metric].append(Entry(at, received, None, keys(row, *split)))

        def in_time(column: str, row: Row = row, received: date = received) -> bool:
            return column in row and work_days(received, day_of(row[column])) <= 5

        due = add_work_days(received, 5)
        code = row.get("unit_code")
        if "rerouted_at" in row and day_of(row["rerouted_at"]) > due:
            code = row.get("rerouted_from_unit_code", code)
        unit = known.unit("client_feedback", code, due, ADMINISTRATION)
        met = in_time("first_replied_at" if row.get("reply_wanted") is True else "closed_at")
        entries.append(Entry(unit, due, met, keys(row, "feedback_kind", "topic")))
        started.append(Entry(unit, due, in_time("first_handled_at")))
    covered = known.covered("client_feedback")
    found = tabulate(known, "feedback_answered_5wd_pct", entries, share, covered=covered)
    found |= tabulate(known, "feedback_started_5wd_pct", started, share, covered=covered)
    for metric, counted_entries in came.items():
        found |= tabulate(known, metric, counted_entries, count, covered=covered)
    return found


def _legal(known: Known) -> Cells:
    volumes, replies = [], []
    for received, row in known.rows("legal_cases", by("received_at")):
        if row["case_kind"] not in LEGAL_KINDS:
            continue
        case, code = row["case_id"], row.get("unit_code")
        unit = known.unit("legal_cases", code, received)
        volumes.append(Entry(unit, received, case, keys(row, "case_kind", "topic", "outcome")))
        due = row.get("due_at") or received + timedelta(days=28)
        met = "replied_at" in row and row["replied_at"] <= due
        unit = known.unit("legal_cases", code, due)
        replies.append(Entry(unit, due, (case, met), keys(row, "case_kind")))
    covered = known.covered("legal_cases")
    return {
        **tabulate(known, "legal_cases_n", volumes, distinct, covered=covered),
        **tabulate(known, "legal_replies_on_time_pct", replies, distinct_share, covered=covered),
    }


def _recommendation(known: Known, answers: list[Placed]) -> Cells:
    entries = [
        Entry(unit, day, row["nps_0_10"], keys(row, "service_channel", "language"))
        for unit, day, row in answers
        if 0 <= row.get("nps_0_10", -1) <= 10
    ]
    return tabulate(known, "nps", entries, nps, covered=known.covered("survey_responses"))


def _given(row: Row) -> list[tuple[str, int]]:
    """Return the statements answered on the scale 1-5."""
    return [(name, row[name]) for name in STATEMENTS if 1 <= row.get(name, 0) <= 5]


def _statements(known: Known, answers: list[Placed]) -> Cells:
    covered = known.covered("survey_responses")
    cells = [
        (unit, day, name, value, (("", ""), ("statement", name)))
        for unit, day, row in answers
        for name, value in _given(row)
    ]
    values = [Entry(unit, day, value, split) for unit, day, _, value, split in cells]
    good = [Entry(unit, day, value >= 4) for unit, day, _, value, _ in cells]
    benefit = [Entry(unit, day, value) for unit, day, name, value, _ in cells if name == "s7_benefit"]
    return {
        **tabulate(known, "survey_statements_mean", values, mean, covered=covered),
        **tabulate(known, "share_4_5_pct", good, share, covered=covered),
        **tabulate(known, "perceived_benefit_mean", benefit, mean, covered=covered),
    }


def _language_gap(known: Known, answers: list[Placed]) -> Cells:
    entries = [
        Entry(unit, day, (row["language"], value))
        for unit, day, row in answers
        for _, value in _given(row)
        if row["language"] in ("sv", "fi")
    ]
    covered = known.covered("survey_responses")
    return tabulate(known, "language_experience_gap", entries, _difference, ("rolling_12m",), covered=covered)


def _difference(entries: list[tuple[str, int]], place: Place) -> Cell:
    swedish = mean([value for language, value in entries if language == "sv"], place)
    finnish = mean([value for language, value in entries if language == "fi"], place)
    value: Fraction | None = None
    if swedish.value is not None and finnish.value is not None:
        value = swedish.value - finnish.value
    return Cell(None, None, value, min(swedish.n or 0, finnish.n or 0))
