"""Events that are no client contacts: lone assessments, cancellations, other services."""

from __future__ import annotations

import numpy as np

from opti_reports.demo.contacts import (
    LK,
    MUU,
    NONURGENT,
    SH,
    VISITS,
    Visitors,
    assessed_at,
    contact_before,
    empty_fields,
    person_fields,
    visitors,
    visits_of,
    waits,
)
from opti_reports.demo.days import NONE, Ints, Times, at, draw_days, draw_seconds
from opti_reports.demo.source import Rows, empty_some, only, pick
from opti_reports.demo.world import World
from opti_reports.demo.write import join, rows_of, take

NEEDED, SOLVED, OTHER, NO_NEED, NOT_KNOWN = VISITS.positions(
    "hta_result", "visit_needed", "solved_in_contact", "other_service", "no_need", "unknown"
)


def others(world: World, rng: np.random.Generator, month: int, main: Rows) -> Rows:
    """About 15 rows for every 100 client contacts."""
    n = rows_of(main)
    # Such an assessment meets a later visit by chance, the oftener the longer the law gives it.
    waiting = n if world.stories else 0
    return join(
        [
            _linked_assessments(world, rng, month, main, round(0.045 * waiting)),
            _lone_assessments(world, rng, month, round(0.004 * waiting), needed=True),
            _lone_assessments(world, rng, month, round(0.035 * n), needed=False),
            _cancelled(world, rng, month, round(0.03 * n)),
            _other_services(world, rng, month, round(0.04 * n)),
        ]
    )


def _linked_assessments(world: World, rng: np.random.Generator, month: int, main: Rows, n: int) -> Rows:
    """Assessments recorded apart from the visit they led to."""
    plain = np.isnat(main["hta_at"]) & (main["urgency"] == NONURGENT) & (main["profession_class"] != MUU)
    rows = np.flatnonzero(plain)
    found = take(main, np.sort(rng.choice(rows, min(n, len(rows)), replace=False)))
    who = visits_of(world, rng, month, found["client_pseudo_id"])
    wait = waits(
        world=world,
        rng=rng,
        month=month,
        unit=who.unit,
        doctor=found["profession_class"] == LK,
        age=found["age_at_event"],
    )
    hta = assessed_at(rng, found["visit_start"], wait)
    results = pick(rng, len(hta), 0.95, 0.05, of=(NEEDED, NOT_KNOWN))
    return _assessments(world, rng, who, hta, results)


def _lone_assessments(world: World, rng: np.random.Generator, month: int, n: int, needed: bool) -> Rows:
    """Assessments that no visit follows: clients still waiting, or the matter was settled."""
    hta = at(draw_days(rng, month, n), draw_seconds(rng, n, 0.02) // 60 * 60)
    settled = pick(rng, n, 0.7, 0.2, 0.1, of=(SOLVED, OTHER, NO_NEED))
    return _assessments(
        world, rng, visitors(world, rng, month, n), hta, np.full(n, NEEDED) if needed else settled
    )


def _assessments(world: World, rng: np.random.Generator, who: Visitors, hta: Times, results: Ints) -> Rows:
    n = len(hta)
    return empty_fields(n) | person_fields(world, rng, who, hta) | {
        "contacted_at": contact_before(rng, hta, hta),
        "hta_at": hta,
        "hta_profession": np.full(n, SH),
        "hta_urgency": np.full(n, NONURGENT),
        "hta_result": results,
        "profession_class": pick(rng, n, 0.9, 0.1, of=(SH, LK)),
        "plan_based": empty_some(rng, np.zeros(n, dtype=np.int64), 0.2),
        "guarantee_exempt": empty_some(rng, rng.random(n) < 0.03, 0.3),
    }  # fmt: skip


def _cancelled(world: World, rng: np.random.Generator, month: int, n: int) -> Rows:
    """Bookings cancelled by the client or the unit; in some the planned visit stands on the row."""
    planned = at(draw_days(rng, month, n), draw_seconds(rng, n, 0.0) // 900 * 900)
    booked = planned - (rng.integers(2, 40, n) * 86400).astype("timedelta64[s]")
    cancelled = planned - (rng.integers(1, 47, n) * 3600).astype("timedelta64[s]")
    written = rng.random(n) < 0.35
    rows = empty_fields(n) | person_fields(world, rng, visitors(world, rng, month, n), planned)
    return rows | {
        "contacted_at": booked,
        "hta_at": np.where(written | (rng.random(n) < 0.2), NONE, booked),
        "hta_result": np.full(n, SOLVED),
        "booked_at": booked,
        "booked_for": planned,
        "visit_start": only(planned, written),
        "recorded_at": only(planned, written),
        "contact_type": np.where(written, VISITS.code("contact_type", "R10"), -1),
        "visitor_group": np.where(written, VISITS.code("visitor_group", "1"), -1),
        "urgency": np.where(written, NONURGENT, -1),
        "profession_class": pick(rng, n, 0.5, 0.5, of=(LK, SH)),
        "cancelled_at": cancelled,
        "cancel_reason": empty_some(rng, pick(rng, n, 0.6, 0.25, 0.1, 0.05), 0.05),
    }


def _other_services(world: World, rng: np.random.Generator, month: int, n: int) -> Rows:
    """Other service forms, preventive visits, groups, and contacts between professionals."""
    visit = at(draw_days(rng, month, n), draw_seconds(rng, n, 0.02) // 60 * 60)
    kind = pick(rng, n, 0.40, 0.25, 0.15, 0.20)
    types = VISITS.positions("contact_type", "R60", "R70", "R71", "R80", "R90")[
        pick(rng, n, 0.4, 0.1, 0.35, 0.1, 0.05)
    ]
    forms = VISITS.positions("service_form", "T71", "T40")[pick(rng, n, 0.7, 0.3)]
    groups = VISITS.positions("visitor_group", "2", "4")[pick(rng, n, 0.5, 0.5)]
    rows = empty_fields(n) | person_fields(world, rng, visitors(world, rng, month, n), visit)
    return rows | {
        "visit_start": visit,
        "recorded_at": visit,
        "service_form": np.where(kind == 0, forms, VISITS.code("service_form", "T11")),
        "visit_nature": np.where(
            kind == 1, empty_some(rng, np.full(n, VISITS.code("visit_nature", "TH")), 0.3), 0
        ),
        "visitor_group": np.where(kind == 2, empty_some(rng, groups, 0.1), VISITS.code("visitor_group", "1")),
        "contact_type": np.where(kind == 3, types, VISITS.code("contact_type", "R10")),
        "urgency": np.full(n, NONURGENT),
        "profession_class": pick(rng, n, 0.2, 0.5, 0.3, of=(LK, SH, MUU)),
        "plan_based": np.zeros(n, dtype=np.int64),
    }
