"""Money and contracts."""

from __future__ import annotations

import numpy as np

from opti_reports.demo.days import DAY, first_day
from opti_reports.demo.draw import Draw
from opti_reports.demo.layout import LAYOUTS
from opti_reports.demo.rows import Rows, only, texts

BUDGET = LAYOUTS["budget_monthly"]
PER_PERSON, SPREAD, OVERRUN = BUDGET.numbers("accounts", "account_group")
REVENUE = BUDGET.code("account_group", "tuotot")
VARIABLE = BUDGET.positions("account_group", "vuokratyovoima", "palvelujen_ostot", "aineet_tarvikkeet")
# Thousands of inhabitants whose care a unit pays that serves everyone.
CENTRAL = 26.0
# A closed month is still corrected in the two months after.
CORRECTIONS = np.array([0.012, 0.004])
# By quarter, how much of what has been overspent a forecast tells.
FORESEEN = np.array([0.35, 0.6, 0.85, 1.0])


def make_budget(draw: Draw) -> Rows:
    """Return actuals, phased budget and forecast per cost centre and account group, by the scale."""
    world, rng, month, n = draw.world, draw.rng, draw.month, draw.n
    _, unit, group = draw.grid.values()
    january = month - month % 12
    growth = 1 + 0.025 * (world.stories * (january - world.first) / 12)
    people = world.org.people(january)[unit]
    year = np.where(people > 0, people, CENTRAL) * PER_PERSON[group] * 1000 * world.scale * growth
    phase = 1 + 0.1 * (draw.demand - 1) * np.isin(group, VARIABLE)
    # In the story the units of a service unit spend more, in the last year.
    above = world.org.parents()[unit]
    overspent = draw.touched("budget_overrun")[above] & (above >= 0) & (month // 12 == world.last // 12)
    drift = world.paces("budget", 0.012)[unit] * np.where(overspent, OVERRUN[group], 1.0)
    budget = year / 12 * phase
    actual = budget * drift * rng.lognormal(0, SPREAD[group])
    forecast = year * (1 + (drift - 1) * FORESEEN[month % 12 // 3])
    rows = {
        "budget_eur": np.round(budget, 2),
        "budget_year_eur": only(np.round(year, 2), ~draw.chance(0.2) | (group != REVENUE)),
        "forecast_year_eur": only(np.round(forecast, -2), ~draw.chance(0.3) | (group != REVENUE)),
    }
    first, second = (actual[:, None] * rng.normal(0, 1, (n, 2)) * CORRECTIONS).T
    return rows | {
        "actual_eur": np.round(actual, 2),
        "actual_1": np.round(np.round(actual, 2) - second, 2),
        "actual_0": np.round(np.round(actual, 2) - (first + second), 2),
        "month_closed": np.where(draw.chance(0.02), -1, 1),
        "closed_0": np.full(n, 0 if month == world.last - 2 or month == january else 1),
        "month_1": draw.newer(1),
        "month_2": draw.newer(2),
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
    reviewed = snapshot - ((steady.integers(0, 330, n) + age_of_demo * 30) % 430) * DAY
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
