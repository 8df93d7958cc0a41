"""Money and contracts."""

from __future__ import annotations

import numpy as np

from opti_reports.demo.days import DAY, Floats, Ints, calendar_month, first_day, first_days, month_of
from opti_reports.demo.layout import Layout
from opti_reports.demo.source import Rows, Source, only
from opti_reports.demo.staff import grid, months_since
from opti_reports.demo.stories import touched
from opti_reports.demo.world import World

BUDGET = Layout(
    source="budget_monthly",
    order="unit_code, month, account_group, actual_eur, budget_eur, budget_year_eur, "
    "forecast_year_eur=Tilinpäätösennuste, month_closed",
    encoding="cp1252",
)
CONTRACTS = Layout(
    source="contracts",
    order="snapshot_date, contract_id, unit_code, supplier, starts_on, ends_on, decision_made, "
    "last_review_on=Viimeisin katselmus, owner_named, value_eur=Vuosiarvo, active",
    forms={"contract_id": "S0000"},
    booleans=("kyllä", "ei"),
    xlsx=True,
)
# Euros a year per inhabitant by account group, in the order of the layout's codes; revenue last.
PER_PERSON = np.array([112.0, 9.0, 27.0, 11.0, 14.0, 6.0, 16.0])
CENTRAL = 2_600.0
REVENUE = BUDGET.code("account_group", "tuotot")
# A closed month is still corrected in the two months after.
CORRECTIONS = np.array([0.012, 0.004])


def make_budget(world: World, month: int) -> Rows:
    """Actuals, phased budget and forecast per cost centre and account group; they follow the scale."""
    rng = world.rng("budget_monthly", month)
    unit, group = grid(world, month, BUDGET, "account_group")
    n = len(unit)
    january = month - calendar_month(month) + 1
    growth = 1 + 0.025 * (world.grown(january) / 12)
    year = _size(world, january, unit) * PER_PERSON[group] * 1000 * world.scale * growth
    phase = 1 + 0.1 * (world.demand(month) - 1) * np.isin(group, [1, 2, 3])
    over = _overrun(world, month, unit, group)
    drift = np.exp(world.effect("budget", 0.012)[unit]) * over
    budget = year / 12 * phase
    actual = budget * drift * rng.lognormal(0, np.array([0.012, 0.15, 0.06, 0.06, 0.004, 0.10, 0.05])[group])
    quarter = (calendar_month(month) - 1) // 3
    forecast = year * (1 + (drift - 1) * np.array([0.35, 0.6, 0.85, 1.0])[quarter])
    return {
        "unit_code": unit,
        "month": np.full(n, month),
        "account_group": group,
        "actual_eur": np.round(actual, 2),
        "budget_eur": np.round(budget, 2),
        "budget_year_eur": only(np.round(year, 2), (rng.random(n) >= 0.2) | (group != REVENUE)),
        "forecast_year_eur": only(np.round(forecast, -2), (rng.random(n) >= 0.3) | (group != REVENUE)),
        "correction": actual[:, None] * rng.normal(0, 1, (n, 2)) * CORRECTIONS,
        "unknown_state": rng.random(n) < 0.02,
    }


def _size(world: World, month: int, unit: Ints) -> Floats:
    """Thousands of inhabitants whose care the cost centre pays."""
    people = world.org.people(month)[unit]
    return np.where(people > 0, people, CENTRAL / 100)


def _overrun(world: World, month: int, unit: Ints, group: Ints) -> Floats:
    """Return the story's service unit spends more on agency staff and services in the last year."""
    service = touched(world, "budget_overrun", month)
    this_year = month >= world.last - calendar_month(world.last) + 1
    parent = np.array([world.org.number(world.org.units[i].parent) for i in unit], dtype=np.int64)
    in_story = (service[parent] > 0) & (parent >= 0) & this_year
    more = np.array([1.035, 1.45, 1.12, 1.04, 1.0, 1.02, 1.0])
    return np.where(in_story, more[group], 1.0)


def known_budget(world: World, table: Rows, moment: np.datetime64) -> Rows:
    """Return the months as known then: each gets its corrections later, the newest is open in some."""
    newest = int(month_of(moment)) - 1
    passed = months_since(table["month"], moment)
    missing = np.where(passed < 1, table["correction"][:, 0], 0) + np.where(
        passed < 2, table["correction"][:, 1], 0
    )
    late = newest == world.last - 2 or calendar_month(newest) == 1
    opened = (passed == 0) & late
    closed = np.where(opened, 0, np.where(table["unknown_state"] & (passed > 0), -1, 1))
    return table | {"actual_eur": np.round(table["actual_eur"] - missing, 2), "month_closed": closed}


def make_contracts(world: World, month: int) -> Rows:
    """Return the register at the end of the month: contracts end, are decided upon, renewed and reviewed."""
    org = world.org
    units = np.concatenate([org.of_kind("palveluyksikko"), org.with_code("sopimus")])
    steady = world.rng("contracts")
    n = 90
    unit = org.at(month)[units[steady.integers(0, len(units), n)]]
    snapshot = first_day(month + 1) - DAY
    length = steady.integers(18, 60, n)
    phase = steady.integers(0, 60, n)
    age = (month - world.first + phase) % length
    starts, ends = first_days(month - age), first_days(month - age + length) - DAY
    forever = steady.random(n) < 0.2
    slack = steady.random(n)
    left = (ends - snapshot).astype(np.int64)
    since_review = (steady.integers(0, 330, n) + (month - world.first) * 30) % 430
    reviewed = snapshot - since_review.astype("timedelta64[D]")
    overdue = slack > 0.90
    return {
        "snapshot_date": np.full(n, snapshot),
        "contract_id": np.arange(1, n + 1),
        "unit_code": unit,
        "supplier": np.array(
            [f"Toimittaja {i % 37 + 1}" if i % 11 else None for i in range(n)], dtype=object
        ),
        "starts_on": starts,
        "ends_on": only(np.where(overdue, ends - np.timedelta64(400, "D"), ends), ~forever),
        "decision_made": only((left < 200) & (slack < 0.5), ~forever),
        "last_review_on": only(reviewed, (reviewed >= starts) & (slack >= 0.03)),
        "owner_named": only(slack < 0.9, slack >= 0.05),
        "value_eur": only(np.round(steady.lognormal(10.3, 1.0, n), 2), slack >= 0.08),
        "active": np.where(steady.random(n) < 0.05, 0, 1),
    }


SOURCES = (
    Source(layout=BUDGET, make=make_budget, known=known_budget),
    Source(layout=CONTRACTS, make=make_contracts),
)
