"""Incident reports and legal cases with their handling."""

from __future__ import annotations

import numpy as np

from opti_reports.demo.days import DAY, DAYS, HOUR, later, workdays_in
from opti_reports.demo.draw import Draw
from opti_reports.demo.layout import LAYOUTS
from opti_reports.demo.rows import Ints, Rows, Times, join, only, rows_of, take
from opti_reports.periods.months import parse_month

HAIPRO, LEGAL = LAYOUTS["haipro_reports"], LAYOUTS["legal_cases"]
PATIENT = HAIPRO.code("report_type", "patient_safety")
SERIOUS_HARM = HAIPRO.code("consequence", "vakava")
OBJECTION, INSURANCE = LEGAL.positions("case_kind", "muistutus", "pvk_selvitys")
INSURER, NOBODY = LEGAL.positions("authority", "pvk", "ei")
# In January 2026 supervision moved to a new agency; the first of them asks most often.
MOVED = parse_month("2026-01")
BEFORE = LEGAL.positions("authority", "avi", "valvira", "eoa", "okv")
SINCE = LEGAL.positions("authority", "lvv", "eoa", "okv", "tietosuojavaltuutettu")


def make_haipro(draw: Draw) -> Rows:
    """Return incident reports made in the month."""
    draw = draw.about(140 * max(draw.world.slow_scale, 0.6) * workdays_in(draw.month) / 21, least=12)
    rng, n = draw.rng, draw.n
    kind = draw.pick(0.66, 0.26, 0.05, 0.03)
    event = _event_units(draw, reports=True)
    reported = np.sort(draw.times(draw.days(weekend=3), 0.15, step=1))
    arrived = later(reported, np.where(draw.chance(0.2), rng.uniform(0, 2 * DAYS, n), 0))
    moved = draw.chance(0.09)
    table: Rows = {
        "report_type": kind,
        "event_unit_code": event,
        "handler_unit_code": np.where(moved, _event_units(draw, reports=True), event),
        "reported_at": reported,
        "arrived_at": draw.some(arrived, 0.08),
        "transferred_at": only(draw.office(arrived, rng.uniform(0.3, 14, n) * DAYS), moved),
        "transferred_from_unit_code": event,
        "nature": draw.some(np.where(kind == PATIENT, draw.pick(0.36, 0.54, 0.10), 2), 0.03),
        "event_type": draw.pick(24, 20, 9, 6, 8, 14, 3, 6, 6, 4, empty=0.02),
        "void": draw.chance(0.02),
        "asks": draw.chance(0.06),
    }
    harm = only(draw.pick(0.52, 0.30, 0.11, 0.025, 0.045), kind == PATIENT)
    serious = harm == SERIOUS_HARM
    risk = np.where(serious, 3 + draw.pick(0.7, 0.3), draw.pick(0.40, 0.38, 0.18, 0.04))
    table |= {
        "consequence": draw.some(harm, 0.03),
        "risk_class": draw.some(risk, 0.05),
        "action_proposal": draw.pick(0.22, 0.47, 0.26, 0.05, empty=0.02),
        "serious_process": draw.some(serious, 0.30),
    }
    return table | _handling(draw, table, arrived)


def _event_units(draw: Draw, reports: bool = False) -> Ints:
    """Return units by size, central units too; of reports the units that are silent have none."""
    org, month = draw.world.org, draw.month
    units = org.with_code("haipro", month)
    weights = org.people(month)[units] ** 0.6
    weights = np.where(weights > 0, weights, 4.0)
    if reports:
        weights = weights * ~draw.touched("haipro_silence")[units]
    return units[draw.weighted(weights)]


def _handling(draw: Draw, table: Rows, arrived: Times) -> Rows:
    """Return received, classified, analysed, closed: each after the one before, in office hours."""
    world, rng, n = draw.world, draw.rng, draw.n
    slow = np.where(draw.touched("haipro_late"), 7, 1)
    pace = (world.paces("haipro", 0.2) * slow)[table["handler_unit_code"]]
    received = draw.office(arrived, rng.exponential(0.7 * DAYS, n) * pace)
    classified = draw.office(received, rng.lognormal(-0.1, 0.65, n) * DAYS * pace)
    analysed = draw.office(classified, rng.exponential(0.15 * DAYS, n) * pace)
    closed = draw.office(analysed, rng.lognormal(3.2, 0.48, n) * np.minimum(pace, 2.5) * DAYS)
    after = np.fmax(received, table["transferred_at"] + HOUR)
    shift = (after - received).astype(np.int64)
    waits = draw.chance(0.012)
    return {
        "received_at": only(after, ~waits),
        "classified_at": only(later(classified, shift), ~waits),
        "analysed_at": only(later(analysed, shift), ~(waits | draw.chance(0.02))),
        "closed_at": only(later(closed, shift), ~waits),
    }


def make_legal(draw: Draw) -> Rows:
    """Return objections, complaints and enquiries received in the month; some concern two units."""
    slow = Draw.of(draw.world, draw.layout, draw.month, "slow_cases")
    draw = draw.about(30 * max(draw.world.slow_scale, 0.4), least=5)
    rng, n = draw.rng, draw.n
    kind = draw.pick(0.58, 0.18, 0.19, 0.05)
    objection, insurance = kind == OBJECTION, kind == INSURANCE
    received = np.sort(draw.days())
    # A few authorities give most of a year: such a case is due, and answered, long after it came in.
    given = np.where(slow.rows(n).chance(0.08), slow.rng.integers(200, 401, n), rng.integers(14, 43, n))
    has_due = ~objection & draw.chance(0.95) | draw.chance(0.3)
    limit = received + np.where(objection | ~has_due, 28, given) * DAY
    early = np.where(draw.chance(0.94), -rng.integers(0, 13, n), rng.integers(1, 25, n))
    unit = _event_units(draw)
    supervisor = draw.pick(0.6, 0.2, 0.12, 0.08, of=SINCE if draw.month >= MOVED else BEFORE)
    authority = np.where(objection, NOBODY, np.where(insurance, INSURER, supervisor))
    cases: Rows = {
        "case_id": draw.serials(),
        "case_kind": kind,
        "unit_code": unit,
        "authority": draw.some(authority, 0.03),
        "received_at": received,
        "due_at": only(limit, has_due),
        "replied_at": limit + early * DAY,
        "settled_at": limit + (early + 60) * DAY,
        "from_complaint": only(draw.flag(0.1, empty=0.1), objection),
        "topic": draw.pick(22, 35, 16, 9, 6, 4, 8, empty=0.03),
    }
    paid = draw.code("outcome", korvattu=0.35, ei_korvattu=0.65)
    cases["outcome"] = np.where(insurance, paid, draw.pick(0.55, 0.33, 0.12))
    double = take(cases, np.flatnonzero(draw.chance(0.10)))
    other = _event_units(draw.rows(rows_of(double)))
    both = join([cases, take(double | {"unit_code": other}, other != double["unit_code"])])
    return take(both, np.argsort(both["case_id"], kind="stable"))
