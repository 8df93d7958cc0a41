"""Metrics of money and contracts."""

from fractions import Fraction
from typing import Any

from .dates import month_of
from .formulas import added, count, divided, quotient, relative_difference, share, total
from .known import Known, Placed, by
from .table import SNAPSHOT, Cell, Cells, Entry, Place, keys, tabulate
from .visits import SOURCE as VISITS
from .visits import contacts

KEY_COSTS = ("henkilostokulut", "vuokratyovoima", "palvelujen_ostot")


def money_cells(known: Known) -> Cells:
    """Return the metrics of the budget and of contracts."""
    rows = list(known.placed("budget_monthly", by("month")))
    # Closed is a property of the month: one open row leaves the whole month out.
    opened = {day for _, day, row in rows if row.get("month_closed") is False}
    costs = [p for p in rows if p[2]["account_group"] != "tuotot"]
    closed = [p for p in costs if p[1] not in opened]
    return {
        **_budget(known, closed),
        **_forecast(known, costs),
        **_cost_per_contact(known, closed),
        **_contracts(known),
    }


def _budget(known: Known, closed: list[Placed]) -> Cells:
    covered = known.covered("budget_monthly")
    ytd = ("ytd",)
    used = [Entry(u, d, (row["actual_eur"], row["budget_eur"])) for u, d, row in closed]
    variance = [Entry(u, d, row["actual_eur"] - row["budget_eur"]) for u, d, row in closed]
    key_costs = [
        Entry(u, d, (row["actual_eur"], row["budget_eur"]), keys(row, "account_group"))
        for u, d, row in closed
        if row["account_group"] in KEY_COSTS
    ]
    return {
        **tabulate(known, "budget_ytd_pct", used, quotient(100), ytd, covered=covered),
        **tabulate(known, "variance_eur", variance, total, ytd, covered=covered),
        **tabulate(known, "key_cost_variance_pct", key_costs, relative_difference, ytd, covered=covered),
    }


def _forecast(known: Known, costs: list[Placed]) -> Cells:
    both = ("forecast_year_eur", "budget_year_eur")
    entries = [
        Entry(u, d, tuple(row[column] for column in both))
        for u, d, row in costs
        if all(column in row for column in both)
    ]
    covered = known.covered("budget_monthly")
    return tabulate(known, "forecast_deviation_pct", entries, relative_difference, SNAPSHOT, covered=covered)


def _cost_per_contact(known: Known, closed: list[Placed]) -> Cells:
    entries = [Entry(u, d, ((u, month_of(d)), row["actual_eur"])) for u, d, row in closed]
    entries += [Entry(u, d, ((u, month_of(d)), None)) for u, d, _ in contacts(known)]
    covered = known.covered("budget_monthly", VISITS)
    # The same without regard to units: every cost centre, every contact, of the months that have both.
    whole = [Entry(e.unit, e.day, (("", e.data[0][1]), e.data[1])) for e in entries]
    return {
        **tabulate(known, "cost_per_contact_eur", entries, _common, ("ytd",), covered=covered),
        **tabulate(known, "cost_per_contact_full", whole, _common, ("ytd",), covered=covered),
    }


def _common(entries: list[tuple[tuple[str, int], Fraction | None]], _place: Place) -> Cell:
    """Divide costs by contacts over the units and months that have both; a contact has no amount."""
    both = {atom for atom, eur in entries if eur is not None} & {atom for atom, eur in entries if eur is None}
    costs = added(eur for atom, eur in entries if atom in both and eur is not None)
    made = sum(1 for atom, eur in entries if atom in both and eur is None)
    return divided(costs, Fraction(made), 1, made)


def _contracts(known: Known) -> Cells:
    """Contracts on the last snapshot of each month."""
    rows = list(known.placed("contracts", by("snapshot_date")))
    last: dict[int, Any] = {}
    for _, day, _ in rows:
        last[month_of(day)] = max(day, last.get(month_of(day), day))
    active = [p for p in rows if p[1] == last[month_of(p[1])] and p[2]["active"]]
    ending = [(u, d, (row["ends_on"] - d).days, row) for u, d, row in active if "ends_on" in row]
    soon = [
        Entry(u, d, None)
        for u, d, left, row in ending
        if 0 <= left <= 180 and row.get("decision_made") is not True
    ]
    expired = [Entry(u, d, None) for u, d, left, _ in ending if left < 0]
    reviewed = [
        Entry(u, d, "last_review_on" in row and (d - row["last_review_on"]).days <= 365)
        for u, d, row in active
        if (d - row["starts_on"]).days > 365
    ]
    owned = [Entry(u, d, row.get("owner_named") is True) for u, d, row in active]
    covered = known.covered("contracts")
    return {
        **tabulate(known, "contracts_expiring_180d_n", soon, count, SNAPSHOT, covered=covered),
        **tabulate(known, "contracts_expired_n", expired, count, SNAPSHOT, covered=covered),
        **tabulate(known, "contracts_reviewed_12m_pct", reviewed, share, SNAPSHOT, covered=covered),
        **tabulate(known, "contracts_owner_pct", owned, share, SNAPSHOT, covered=covered),
    }
