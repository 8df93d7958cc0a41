"""The care guarantee and the therapy guarantee: was a client seen by the last day the law allows?"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from .dates import add_months, day_of
from .extracts import Delivery, Row
from .formulas import count, share
from .known import Known, by
from .table import Cells, Entry, tabulate
from .visits import SOURCE

LAW = {"all_3_months": date(2023, 8, 31), "all_14_days": date(2024, 12, 31)}  # the last day of each
THERAPY_SINCE = date(2025, 5, 1)
REASONS = ("illness", "injury", "chronic_worsened", "new_symptom", "functional_decline")


class Case(NamedTuple):
    """One assessment: at which unit, its last day, the day the client was seen, and what is known of it."""

    unit: str
    due: date
    seen: date | None
    linked: bool
    wished: bool


def guarantee_cells(known: Known) -> Cells:
    """Return the metrics of both guarantees, with their companions."""
    cells: Cells = {}
    for metric, young in (("care_guarantee_u23", True), ("care_guarantee_23plus", False)):
        cases = list(_cases(known, young))
        links = [Entry(c.unit, c.due, not c.linked) for c in cases if c.seen and not c.wished]
        wishes = [Entry(c.unit, c.due, None) for c in cases if c.wished]
        covered = known.covered(SOURCE)
        cells |= _kept(known, f"{metric}_pct", cases)
        cells |= tabulate(known, f"{metric}_unlinked_pct", links, share, covered=covered)
        cells |= tabulate(known, f"{metric}_wished_n", wishes, count, covered=covered)
    return cells | _kept(known, "terapiatakuu_u23", list(_therapies(known)))


def _kept(known: Known, metric: str, cases: list[Case]) -> Cells:
    entries = [Entry(c.unit, c.due, c.seen is not None and c.seen <= c.due) for c in cases if not c.wished]
    return tabulate(known, metric, entries, share, covered=known.covered(SOURCE))


def guarantee_due(assessed: date, young: bool) -> date:
    """Return the last day of the care guarantee by the law of the assessment's day."""
    if assessed <= LAW["all_3_months"]:
        return add_months(assessed, 3)
    if assessed <= LAW["all_14_days"] or young:
        return assessed + timedelta(days=14)
    return add_months(assessed, 3)


def own_visit(row: Row) -> date | None:
    """Return the day of the visit on the row itself; None where it was cancelled or has yet to come."""
    return day_of(row["visit_start"]) if "visit_start" in row and "cancelled_at" not in row else None


def _is_young(row: Row) -> bool | None:
    """Tell whether a client was under 23 when assessed; None where no age is known."""
    age = row.get("age_at_hta", row.get("age_at_event"))
    return None if age is None else age < 23


def _spoken_of(row: Row) -> bool:
    """Tell whether the care guarantee speaks of a row, as far as it tells: what it does not tell, counts."""
    for flag in ("plan_based", "guarantee_exempt", "therapy_guarantee"):
        if row.get(flag) is True:
            return False
    if row.get("service_form") != "T11" or row.get("visit_nature") != "SH":
        return False
    if "visit_reason" in row and row["visit_reason"] not in REASONS:
        return False
    return own_visit(row) is None or row.get("licensed") is not False


def _is_need(row: Row) -> bool:
    return row.get("hta_urgency") == "nonurgent" and row.get("hta_result") in ("visit_needed", "unknown")


def _cases(known: Known, young: bool) -> Iterator[Case]:
    for delivery, dated in known.winning(SOURCE, by("hta_at")):
        seen = _days(delivery, therapy=False)
        for assessed, row in dated:
            if _spoken_of(row) and _is_need(row) and _is_young(row) is young:
                yield _case(known, row, assessed, guarantee_due(assessed, young), seen)


def _therapies(known: Known) -> Iterator[Case]:
    for delivery, dated in known.winning(SOURCE, by("hta_at")):
        seen = _days(delivery, therapy=True)
        for assessed, row in dated:
            if row.get("therapy_guarantee") is True and _is_young(row) and assessed >= THERAPY_SINCE:
                yield _case(known, row, assessed, assessed + timedelta(days=28), seen)


def _days(delivery: Delivery, therapy: bool) -> dict[str, list[date]]:
    """Return the days of each client's visits of one kind."""
    days: dict[str, list[date]] = {}
    for row in delivery.rows:
        fits = row.get("therapy_guarantee") is True if therapy else _spoken_of(row)
        day = own_visit(row)
        if fits and day is not None:
            days.setdefault(row["client_pseudo_id"], []).append(day)
    return days


def _case(known: Known, row: Row, assessed: date, due: date, seen: dict[str, list[date]]) -> Case:
    unit = known.unit(SOURCE, row.get("unit_code"), due)
    own = own_visit(row)
    later = [day for day in seen.get(row["client_pseudo_id"], []) if day >= assessed]
    found = own if own is not None else min(later, default=None)
    return Case(unit, due, found, own is not None, row.get("own_wish") is True)
