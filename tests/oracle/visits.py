"""Metrics of the AvoHILMO events, alone and beside digital cases, referrals and person-days."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from .dates import day_of, in_office_hours, month_of, thursday
from .extracts import Row
from .formulas import continuity, count, distinct, divided, share
from .known import Known, Placed, by
from .table import MONTHLY, Cell, Cells, Entry, Place, has_days_of, keys, tabulate

SOURCE = "avohilmo_events"
REMOTE = ("R50", "R51", "R52", "R55", "R56")
CONTACT_TYPES = ("R10", "R20", "R30", "R40", *REMOTE)


def is_visit(row: Row) -> bool:
    """Tell whether a row is a realised T11/SH visit."""
    care = row.get("service_form") == "T11" and row.get("visit_nature") == "SH"
    return care and "visit_start" in row and "cancelled_at" not in row


def is_contact(row: Row) -> bool:
    """Tell whether a row is a client contact."""
    return is_visit(row) and row.get("visitor_group") == "1" and row.get("contact_type") in CONTACT_TYPES


def is_nonurgent_doctor(row: Row) -> bool:
    """Tell whether a contact is a non-urgent one with a doctor."""
    return row["profession_class"] == "LK" and row.get("urgency") == "nonurgent"


def contact_base(row: Row) -> date | None:
    """Return the day of a client contact, None for any other row."""
    return day_of(row["visit_start"]) if is_contact(row) else None


def contacts(known: Known) -> list[Placed]:
    """Return every known client contact."""
    return list(known.placed(SOURCE, contact_base))


def visit_cells(known: Known) -> Cells:
    """Return all metrics that start from AvoHILMO rows."""
    seen = contacts(known)
    return {
        **_volumes(known, seen),
        **_doctors(known, seen),
        **_continuity(known),
        **_repeats(known),
        **_same_day(known),
        **_digital_use(known, seen),
        **_referrals(known, seen),
        **_productivity(known, seen),
    }


def _volumes(known: Known, seen: list[Placed]) -> Cells:
    covered = known.covered(SOURCE)
    split = ("profession_class", "contact_type")
    plain = [Entry(u, d, None, keys(row, *split)) for u, d, row in seen]
    remote = [Entry(u, d, row["contact_type"] in REMOTE, keys(row, *split)) for u, d, row in seen]
    clients = [Entry(u, d, row["client_pseudo_id"]) for u, d, row in seen]
    return {
        **tabulate(known, "contacts_n", plain, count, covered=covered),
        **tabulate(known, "remote_contacts_pct", remote, share, covered=covered),
        **tabulate(known, "clients_n", clients, distinct, (*MONTHLY, "ytd"), covered=covered),
        **tabulate(known, "clients_ytd_n", clients, distinct, ("ytd",), covered=covered),
    }


def _doctors(known: Known, seen: list[Placed]) -> Cells:
    covered = known.covered(SOURCE)
    nonurgent = [(u, d, row) for u, d, row in seen if is_nonurgent_doctor(row)]
    waits = [(u, d, (d - day_of(row["hta_at"])).days) for u, d, row in nonurgent if "hta_at" in row]
    own = [
        Entry(u, d, row.get("professional_pseudo_id") == row["own_doctor_pseudo_id"])
        for u, d, row in seen
        if row["profession_class"] == "LK" and row["contact_type"] == "R10" and "own_doctor_pseudo_id" in row
    ]
    wait_7d = [Entry(u, d, days <= 7) for u, d, days in waits if days >= 0]
    coverage = [Entry(u, d, "hta_at" in row) for u, d, row in nonurgent]
    doctor_wait = tabulate(known, "doctor_wait_7d_pct", wait_7d, share, covered=covered)
    return {
        **doctor_wait,
        **_gap(known, doctor_wait),
        **tabulate(known, "hta_coverage_pct", coverage, share, covered=covered),
        **tabulate(known, "slicc_pct", own, share, covered=covered),
    }


def _gap(known: Known, waits: Cells) -> Cells:
    """Compare units: at a unit its parent minus it, above them the best minus the worst health station."""
    tree = known.organisation.tree
    cells: Cells = {}
    for key, cell in waits.items():
        parent = tree[key.org].parent
        if tree[key.org].level == known.organisation.lowest and parent:
            above = waits[key._replace(org=parent)]
            enough = (cell.n or 0) >= 30
            value = (
                above.value - cell.value
                if enough and above.value is not None and cell.value is not None
                else None
            )
            n = cell.n
        else:
            below = [
                waits[key._replace(org=unit)] for unit in known.organisation.below(key.org, "terveysasema")
            ]
            values = [c.value for c in below if c.value is not None and (c.n or 0) >= 30]
            value = max(values) - min(values) if len(values) >= 3 else None
            n = len(values)
        cells[key._replace(metric="access_gap_between_units")] = Cell(None, None, value, n)
    return cells


def _continuity(known: Known) -> Cells:
    """COC of the last 12 months: the contact belongs to the client's own station where it is known."""
    coverage, entries = [], []
    for day, row in known.rows(SOURCE, contact_base):
        if row.get("urgency") != "nonurgent":
            continue
        unit = known.unit(SOURCE, row.get("home_unit_code") or row.get("unit_code"), day)
        split = keys(row, "profession_class", headline=row["profession_class"] == "LK")
        professional = row.get("professional_pseudo_id")
        coverage.append(Entry(unit, day, professional is not None, split))
        if professional is not None:
            entries.append(Entry(unit, day, (row["client_pseudo_id"], professional), split))
    covered = known.covered(SOURCE)
    return {
        **tabulate(known, "coc_index", entries, continuity, ("rolling_12m",), covered=covered),
        **tabulate(known, "coc_coverage_pct", coverage, share, ("rolling_12m",), covered=covered),
    }


def _repeats(known: Known) -> Cells:
    entries = []
    for delivery, dated in known.winning(SOURCE, contact_base):
        days: dict[str, set[date]] = defaultdict(set)
        for row in delivery.rows:
            if is_contact(row):
                days[row["client_pseudo_id"]].add(day_of(row["visit_start"]))
        firsts: dict[tuple[str, date], Row] = {}
        for day, row in sorted(dated, key=lambda pair: (pair[1]["visit_start"], pair[1]["event_id"])):
            if row.get("plan_based") is not True:
                firsts.setdefault((row["client_pseudo_id"], day), row)
        for (client, day), row in firsts.items():
            again = any(0 < (later - day).days <= 7 for later in days[client])
            due = day + timedelta(days=7)
            entries.append(Entry(known.unit(SOURCE, row.get("unit_code"), due), due, again))
    return tabulate(known, "repeat_contact_7d_pct", entries, share, covered=known.covered(SOURCE))


def _same_day(known: Known) -> Cells:
    entries = [
        Entry(unit, day, "hta_at" in row and day_of(row["hta_at"]) == day)
        for unit, day, row in known.placed(SOURCE, by("contacted_at"))
        if row.get("service_form") == "T11"
        and in_office_hours(row["contacted_at"])
        and row.get("contact_channel") != "other"
    ]
    return tabulate(known, "care_need_same_day_pct", entries, share, covered=known.covered(SOURCE))


def _digital_use(known: Known, seen: list[Placed]) -> Cells:
    digital = [
        (unit, day, row["client_age"] >= 65)
        for unit, day, row in known.placed("digi_contacts", by("opened_at"))
        if "client_age" in row
    ]
    care = [(unit, day, row["age_at_event"] >= 65) for unit, day, row in seen if "age_at_event" in row]
    both = [Entry(u, d, (0, old)) for u, d, old in digital] + [Entry(u, d, (1, old)) for u, d, old in care]
    share_a = [Entry(u, d, old) for u, d, old in digital]
    share_b = [Entry(u, d, old) for u, d, old in care]
    two = known.covered("digi_contacts", SOURCE)
    return {
        **tabulate(known, "digi_use_65plus_ratio", both, _ratio_of_shares, covered=two),
        **tabulate(known, "digi_65_share", share_a, _part, covered=known.covered("digi_contacts")),
        **tabulate(known, "contacts_65_share", share_b, _part, covered=known.covered(SOURCE)),
    }


def _part(entries: list[bool], _place: Place) -> Cell:
    return divided(Fraction(sum(entries)), Fraction(len(entries)), 1, len(entries))


def _ratio_of_shares(entries: list[tuple[int, bool]], place: Place) -> Cell:
    a = _part([old for side, old in entries if side == 0], place)
    b = _part([old for side, old in entries if side == 1], place)
    return divided(a.value, b.value, 1, min(a.n or 0, b.n or 0))


def _referrals(known: Known, seen: list[Placed]) -> Cells:
    sent = list(known.placed("referrals", by("sent_at")))
    plain = [Entry(unit, day, None, keys(row, "target", "specialty")) for unit, day, row in sent]
    both = [Entry(u, d, 0) for u, d, row in sent if row["target"] == "esh"]
    both += [Entry(u, d, 1) for u, d, row in seen if row["profession_class"] == "LK"]
    two = known.covered("referrals", SOURCE)
    return {
        **tabulate(known, "referrals_n", plain, count, covered=known.covered("referrals")),
        **tabulate(known, "referrals_per_100_contacts", both, _per_100, covered=two),
    }


def _per_100(entries: list[int], _place: Place) -> Cell:
    doctor_contacts = sum(entries)
    return divided(Fraction(len(entries) - doctor_contacts), Fraction(doctor_contacts), 100, doctor_contacts)


def _productivity(known: Known, seen: list[Placed]) -> Cells:
    """Contacts per person-day: whole weeks of both, each in the month of its Thursday."""
    days = known.covered(SOURCE)
    entries = [_atom(u, d, row, (1, Fraction(0))) for u, d, row in seen if has_days_of(thursday(d), days)]
    entries += [
        _atom(u, d, row, (0, row["actual_person_days"]))
        for u, d, row in known.placed("resourcing_weekly", by("week"))
        if "actual_person_days" in row and has_days_of(thursday(d), days)
    ]
    covered = known.covered(SOURCE, "resourcing_weekly")
    return tabulate(known, "contacts_per_workday", entries, _aligned, covered=covered)


def _atom(unit: str, day: date, row: Row, amounts: tuple[int, Fraction]) -> Entry:
    week = thursday(day)
    atom = (unit, month_of(week), row["profession_class"])
    return Entry(unit, week, (atom, *amounts), keys(row, "profession_class"))


def _aligned(entries: list[tuple[tuple[Any, ...], int, Fraction]], _place: Place) -> Cell:
    """Divide the contacts of each (unit, month, profession) that has staff by all person-days."""
    staffed = {atom for atom, _, days in entries if days > 0}
    made = sum(contact for atom, contact, _ in entries if atom in staffed)
    worked = sum((days for _, _, days in entries), Fraction(0))
    return divided(Fraction(made), worked, 1, None)
