"""Health and care plans, and methods of care: counts of each unit by month, made by the record system."""

from __future__ import annotations

import numpy as np

from opti_reports.demo.draw import Draw
from opti_reports.demo.rows import Rows

SHARE = np.array([0.16, 0.05, 0.04, 0.015])
"""Who should have a plan, of the people a unit serves, by group of clients."""
WITH_PLAN = np.array([0.42, 0.55, 0.36, 0.48])
STARTED = np.array([0.30, 0.12, 0.22, 0.09, 0.07])
"""How many begin a method in a month, of a thousand people, by method."""
AS_MEANT = np.array([0.62, 0.74, 0.78, 0.70, 0.55])
MEASURED = np.array([0.55, 0.72, 0.68, 0.30, 0.22])


def make_plans(draw: Draw) -> Rows:
    """Return who should have a plan and who has one; a little more have it every month."""
    world, rng = draw.world, draw.rng
    _, unit, group = draw.grid.values()
    served = world.org.people(draw.month)[unit] * 1000 * world.slow_scale
    clients = rng.poisson(served * SHARE[group])
    share = WITH_PLAN[group] + world.effect("plans", 0.06)[unit] + 0.002 * draw.grown
    with_plan = rng.binomial(clients, np.clip(share, 0.05, 0.95))
    current = rng.binomial(with_plan, np.clip(0.66 + world.effect("plans kept", 0.08)[unit], 0.1, 0.95))
    made = rng.binomial(current, 1 / 11)
    return {"clients_n": clients, "with_plan_n": with_plan, "current_n": current, "made_n": made}


def make_methods(draw: Draw) -> Rows:
    """Return courses of each method; not every unit measures symptoms, and some cells are empty."""
    world, rng = draw.world, draw.rng
    _, unit, method = draw.grid.values()
    expected = world.org.people(draw.month)[unit] * world.slow_scale * STARTED[method] * draw.season
    started, ended = rng.poisson(expected), rng.poisson(expected * 0.9)
    as_meant = rng.binomial(ended, AS_MEANT[method])
    measured = rng.binomial(
        ended, np.clip(MEASURED[method] + world.effect("measured", 0.1)[unit], 0.02, 0.98)
    )
    return {
        "started_n": started,
        "ended_n": ended,
        "as_meant_n": draw.some(as_meant, 0.004),
        "measured_n": draw.some(measured, 0.004),
        "improved_n": draw.some(rng.binomial(measured, 0.57), 0.004),
    }
