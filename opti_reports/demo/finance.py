"""Money and contracts."""

from __future__ import annotations

import numpy as np

from opti_reports.demo.days import DAY, calendar_month, first_day, in_days, months_since
from opti_reports.demo.draw import Draw
from opti_reports.demo.layout import LAYOUTS
from opti_reports.demo.rows import Floats, Ints, Rows, Table, only, texts
from opti_reports.demo.source import Source
from opti_reports.demo.world import World

BUDGET, CONTRACTS = LAYOUTS["budget_monthly"], LAYOUTS["contracts"]
# By account group, in the order of the layout's codes; revenue last: euros a year per inhabitant, how much
# months differ by chance, how much more the story's service unit spends.
PER_PERSON = np.array([112.0, 9.0, 27.0, 11.0, 14.0, 6.0, 16.0])
SPREAD = np.array([0.012, 0.15, 0.06, 0.06, 0.004, 0.10, 0.05])
OVERRUN = np.array([1.035, 1.45, 1.12, 1.04, 1.0, 1.02, 1.0])
REVENUE = BUDGET.code("account_group", "tuotot")
# Thousands of inhabitants whose care a unit pays that serves everyone.
CENTRAL = 26.0
# A closed month is still corrected in the two months after.
CORRECTIONS = np.array([0.012, 0.004])


def make_budget(draw: Draw) -> Rows:
    """Return actuals, phased budget and forecast per cost centre and account group, by the scale."""
    world, rng, month = draw.world, draw.rng, draw.month
    draw, unit, group = draw.grid(BUDGET, "account_group")
    n, january = draw.n, month - calendar_month(month) + 1
    growth = 1 + 0.025 * (world.grown(january) / 12)
    people = world.org.people(january)[unit]
    people = np.where(people > 0, people, CENTRAL)
    year = people * PER_PERSON[group] * 1000 * world.scale * growth
    phase = 1 + 0.1 * (world.demand(month) - 1) * np.isin(group, [1, 2, 3])
    drift = world.paces("budget", 0.012)[unit] * _overrun(world, month, unit, group)
    budget = year / 12 * phase
    actual = budget * drift * rng.lognormal(0, SPREAD[group])
    quarter = (calendar_month(month) - 1) // 3
    forecast = year * (1 + (drift - 1) * np.array([0.35, 0.6, 0.85, 1.0])[quarter])
    return {
        "unit_code": unit,
        "month": np.full(n, month),
        "account_group": group,
        "actual_eur": np.round(actual, 2),
        "budget_eur": np.round(budget, 2),
        "budget_year_eur": only(np.round(year, 2), ~draw.chance(0.2) | (group != REVENUE)),
        "forecast_year_eur": only(np.round(forecast, -2), ~draw.chance(0.3) | (group != REVENUE)),
        "correction": actual[:, None] * rng.normal(0, 1, (n, 2)) * CORRECTIONS,
        "unknown_state": draw.chance(0.02),
        "closes_late": np.full(n, month == world.last - 2 or calendar_month(month) == 1),
    }


def _overrun(world: World, month: int, unit: Ints, group: Ints) -> Floats:
    """Return how much more units spend, in the last year, if their service unit is in the story."""
    service, parent = world.touched("budget_overrun", month), world.org.parents()[unit]
    this_year = month >= world.last - calendar_month(world.last) + 1
    in_story = service[parent] & (parent >= 0) & this_year
    return np.where(in_story, OVERRUN[group], 1.0)


def known_budget(table: Table, _seen: Table, moment: np.datetime64) -> Rows:
    """Return the months as known then: each gets its corrections later, the newest is open in some."""
    passed = months_since(table["month"], moment)
    missing = sum(np.where(passed <= i, table["correction"][:, i], 0) for i in range(2))
    unknown = np.where(table["unknown_state"] & (passed > 0), -1, 1)
    return {
        "actual_eur": np.round(table["actual_eur"] - missing, 2),
        "month_closed": np.where((passed == 0) & table["closes_late"], 0, unknown),
    }


def make_contracts(draw: Draw) -> Rows:
    """Return the register at the end of the month: contracts end, are decided upon, renewed and reviewed."""
    org, month, age_of_demo = draw.world.org, draw.month, draw.month - draw.world.first
    units = np.concatenate([org.of_kind("palveluyksikko"), org.with_code("sopimus")])
    steady, n = draw.world.rng("contracts"), 90
    unit = org.at(month)[units[steady.integers(0, len(units), n)]]
    snapshot = first_day(month + 1) - DAY
    length = steady.integers(18, 60, n)
    age = (age_of_demo + steady.integers(0, 60, n)) % length
    starts, ends = first_day(month - age), first_day(month - age + length) - DAY
    forever = steady.random(n) < 0.2
    slack = steady.random(n)
    left = (ends - snapshot).astype(np.int64)
    reviewed = snapshot - in_days((steady.integers(0, 330, n) + age_of_demo * 30) % 430)
    return {
        "snapshot_date": np.full(n, snapshot),
        "contract_id": np.arange(1, n + 1),
        "unit_code": unit,
        "supplier": texts([f"Toimittaja {i % 37 + 1}" if i % 11 else "" for i in range(n)]),
        "starts_on": starts,
        "ends_on": only(np.where(slack > 0.90, ends - 400 * DAY, ends), ~forever),
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
