"""Health and care plans, methods of care, and own-doctor pairs."""

from fractions import Fraction

from .dates import day_of
from .extracts import Row
from .formulas import continuity, mean, quantile, quotient, share, total
from .known import Known, Placed, by
from .table import SNAPSHOT, Cells, Entry, keys, tabulate

PLANS, METHODS, PAIRS = "care_plans", "method_use", "own_pairs"


def method_cells(known: Known) -> Cells:
    """Return the metrics of plans, methods and pairs; nothing of sources that were never delivered."""
    return {**_plans(known), **_methods(known), **_pairs(known)}


def _of(rows: list[Placed], split: str, *columns: str) -> list[Entry]:
    """Return a row's number, or its numbers if all are there, by one of its keys."""
    whole = [placed for placed in rows if all(column in placed[2] for column in columns)]
    if len(columns) == 1:
        return [Entry(u, d, Fraction(row[columns[0]]), keys(row, split)) for u, d, row in whole]
    return [Entry(u, d, tuple(row[column] for column in columns), keys(row, split)) for u, d, row in whole]


def _plans(known: Known) -> Cells:
    rows, covered = list(known.placed(PLANS, by("month"))), known.covered(PLANS)
    having = _of(rows, "client_group", "with_plan_n", "clients_n")
    current = _of(rows, "client_group", "current_n", "clients_n")
    made = _of(rows, "client_group", "made_n")
    return {
        **tabulate(known, "care_plan_pct", having, quotient(100), SNAPSHOT, covered=covered),
        **tabulate(known, "care_plan_current_pct", current, quotient(100), SNAPSHOT, covered=covered),
        **tabulate(known, "care_plans_made_n", made, total, covered=covered),
    }


def _methods(known: Known) -> Cells:
    rows, covered = list(known.placed(METHODS, by("month"))), known.covered(METHODS)
    shares = {
        "method_as_meant_pct": ("as_meant_n", "ended_n"),
        "method_measured_pct": ("measured_n", "ended_n"),
        "method_improved_pct": ("improved_n", "measured_n"),
    }
    cells = tabulate(known, "method_clients_n", _of(rows, "method", "started_n"), total, covered=covered)
    for metric, columns in shares.items():
        cells |= tabulate(known, metric, _of(rows, "method", *columns), quotient(100), covered=covered)
    return cells


def _pairs(known: Known) -> Cells:
    covered = known.covered(PAIRS)
    lists = [placed for placed in known.placed(PAIRS, by("counted_on")) if "list_n" in placed[2]]
    met = [placed for placed in known.placed(PAIRS, by("visit_start")) if "met_by" in placed[2]]
    doctors = [p for p in met if p[2].get("profession_class") == "LK" and p[2].get("contact_type") == "R10"]
    calm = [placed for placed in met if placed[2].get("urgency") == "nonurgent"]
    waits = [
        Entry(u, d, (d - day_of(row["contacted_at"])).days, keys(row, "pair_code"))
        for u, d, row in calm
        if "contacted_at" in row
    ]
    known_to = [
        Entry(u, d, (row["client_pseudo_id"], row["professional_pseudo_id"]), keys(row, "pair_code"))
        for u, d, row in calm
        if "professional_pseudo_id" in row
    ]
    sizes = _of(lists, "pair_code", "list_n")
    return {
        **tabulate(known, "pair_list_n", sizes, total, SNAPSHOT, covered=covered),
        **tabulate(known, "pair_slicc_pct", _met(doctors, "own_doctor"), share, covered=covered),
        **tabulate(known, "pair_coc", known_to, continuity, ("rolling_12m",), covered=covered),
        **tabulate(
            known, "pair_own_contacts_pct", _met(met, "own_doctor", "own_nurse"), share, covered=covered
        ),
        **tabulate(known, "pair_elsewhere_pct", _met(met, "other_unit"), share, covered=covered),
        **tabulate(known, "pair_first_median_days", waits, quantile(Fraction(1, 2)), covered=covered),
        **tabulate(known, "pair_first_mean_days", waits, mean, covered=covered),
    }


def _met(rows: list[Placed], *by_whom: str) -> list[Entry]:
    """Return whether each row's client was met by one of these."""
    return [Entry(u, d, _is(row, by_whom), keys(row, "pair_code")) for u, d, row in rows]


def _is(row: Row, by_whom: tuple[str, ...]) -> bool:
    return row["met_by"] in by_whom
