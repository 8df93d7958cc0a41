"""How care is given: health and care plans, methods, own-doctor pairs with the clients of their lists.

Drawn from streams of their own: whether the county has approved the pairs changes no other extract.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from opti_reports.demo.contacts import TYPE_SHARES, TYPES
from opti_reports.demo.days import DAY, days_of, later
from opti_reports.demo.draw import Draw
from opti_reports.demo.layout import LAYOUTS
from opti_reports.demo.rows import NONE, Ints, Rows, Times, filled, join, only

PAIRS = LAYOUTS["own_pairs"]
LK, SH, MUU = PAIRS.positions("profession_class", "LK", "SH", "MUU")
DOCTOR, NURSE, STATION, ELSEWHERE = PAIRS.positions(
    "met_by", "own_doctor", "own_nurse", "own_station", "other_unit"
)
OF_STATION = np.array([0, 0, 0, 1, 1, 1, 2, 2, 3, 3])
"""The station of each pair, by its place among the stations."""
OWN = np.array([0.82, 0.74, 0.61, 0.79, 0.70, 0.66, 0.84, 0.58, 0.73, 0.69])
"""How often clients of each list meet their own pair."""
SHARE = np.array([0.16, 0.05, 0.04, 0.015])
"""Who should have a plan, of the people a unit serves, by group of clients."""
WITH_PLAN = np.array([0.42, 0.55, 0.36, 0.48])
STARTED = np.array([0.30, 0.12, 0.22, 0.09, 0.07])
"""How many begin a method in a month, of a thousand people, by method."""
AS_MEANT = np.array([0.62, 0.74, 0.78, 0.70, 0.55])
MEASURED = np.array([0.55, 0.72, 0.68, 0.30, 0.22])


def make_pairs(draw: Draw) -> Rows:
    """Return the month's lists, and the contacts of the clients on them."""
    return join([filled(_lists(draw)), filled(_contacts(draw))])


def _sizes(draw: Draw) -> Ints:
    """Return how many clients each list has; it grows a little every month."""
    clients = np.diff(draw.world.people.edges)[OF_STATION]
    sizes = np.clip(clients * 0.12, 60, 1650) * (1 + 0.002 * draw.grown)
    found: Ints = np.minimum(sizes.astype(np.int64), clients)
    return found


def _units(draw: Draw, pair: Ints) -> Ints:
    people = draw.world.people
    found: Ints = draw.world.org.at(draw.month)[people.stations[OF_STATION[pair]]]
    return found


def _lists(draw: Draw) -> dict[str, Any]:
    pair = np.arange(len(OF_STATION))
    coded = (
        "profession_class",
        "urgency",
        "met_by",
        "contact_type",
        "client_pseudo_id",
        "professional_pseudo_id",
    )
    return {
        "pair_code": pair,
        "unit_code": _units(draw, pair),
        "counted_on": days_of(draw.month)[-1],
        "list_n": _sizes(draw),
        "contacted_at": NONE,
        "visit_start": NONE,
        **dict.fromkeys(coded, -1),
    }


def _contacts(draw: Draw) -> dict[str, Any]:
    sizes, people = _sizes(draw), draw.world.people
    draw = draw.about(0.45 * float(sizes.sum()) * draw.demand)
    pair = draw.weighted(sizes.astype(float))
    profession = draw.pick(0.40, 0.55, 0.05, of=(LK, SH, MUU))
    own = draw.chance(OWN[pair]) & (profession != MUU)
    met = np.select([own & (profession == LK), own, draw.chance(0.7)], [DOCTOR, NURSE, STATION], ELSEWHERE)
    # Each list begins where the one before it ends.
    begins = (
        people.edges[OF_STATION] + (np.arange(len(sizes)) - np.searchsorted(OF_STATION, OF_STATION)) * sizes
    )
    client = begins[pair] + (sizes[pair] * draw.rng.random(draw.n) ** 2).astype(np.int64)
    visit = draw.times(draw.days(weekend=0.4), 0.02)
    urgency = draw.code("urgency", nonurgent=0.80, urgent=0.17, unknown=0.03, empty=0.02)
    return {
        "pair_code": pair,
        "unit_code": _units(draw, pair),
        "counted_on": NONE,
        "list_n": -1,
        "client_pseudo_id": np.minimum(client, people.edges[-1] - 1),
        "contacted_at": only(_contacted(draw, visit), draw.chance(0.7)),
        "visit_start": visit,
        "professional_pseudo_id": draw.some(_professional(draw, pair, met, profession), 0.04),
        "contact_type": TYPES[(draw.rng.random(draw.n)[:, None] > _shares(profession)[:, :-1]).sum(axis=1)],
        "profession_class": profession,
        "urgency": urgency,
        "met_by": met,
    }


def _shares(profession: Ints) -> Any:
    """Return how common each way of contact is up to and with it, by the profession of each row."""
    return np.cumsum(TYPE_SHARES / TYPE_SHARES.sum(axis=1, keepdims=True), axis=1)[profession]


def _contacted(draw: Draw, visit: Times) -> Times:
    """Return the first contact: mostly a few days before the visit, sometimes the same hour."""
    days = np.where(draw.chance(0.35), 0, draw.rng.gamma(1.4, 4.0, draw.n).astype(np.int64))
    return later(visit - days * DAY, -draw.rng.integers(300, 3600, draw.n))


def _professional(draw: Draw, pair: Ints, met: Ints, profession: Ints) -> Ints:
    """Return the pair's own doctor or nurse, somebody else of the station, or of any other."""
    people, nurse = draw.world.people, (profession != LK).astype(np.int64)
    place = np.arange(len(OF_STATION)) - np.searchsorted(OF_STATION, OF_STATION)
    station = np.where(met == ELSEWHERE, draw.rng.integers(0, len(people.stations), draw.n), OF_STATION[pair])
    first, count = people.first[nurse, station], people.count[nurse, station]
    others = first + draw.rng.integers(0, count, draw.n)
    found: Ints = np.where(np.isin(met, (DOCTOR, NURSE)), first + place[pair], others)
    return found


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
