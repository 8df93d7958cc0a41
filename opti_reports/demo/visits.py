"""Service events of the patient record system: visits and remote contacts, assessments and bookings.

A month's events are its visits, and the assessments and bookings that led to them, which may lie some months
earlier. Beside the client contacts there are lone assessments, cancellations and other services.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from opti_reports.demo import contacts, guarantee
from opti_reports.demo.contacts import LK, MUU, NONURGENT, SH, VISITS, Visitors, events, visitors
from opti_reports.demo.days import DAY
from opti_reports.demo.draw import Draw
from opti_reports.demo.rows import Rows, Times, filled, join, only, rows_of, take

NEEDED, SOLVED = VISITS.positions("hta_result", "visit_needed", "solved_in_contact")
R10 = VISITS.code("contact_type", "R10")
PREVENTIVE = VISITS.code("visit_nature", "TH")


def make(draw: Draw) -> Rows:
    """Return a month's events in the order of their time: 15 beside every 100 client contacts."""
    main = contacts.client_contacts(draw)
    draw = draw.rows(rows_of(main))
    # Such an assessment meets a later visit by chance, the oftener the longer the law gives it.
    waiting = draw.n if draw.world.stories else 0
    others = (
        _linked_assessments(draw, main, round(0.045 * waiting)),
        _lone_assessments(draw.rows(round(0.004 * waiting)), needed=True),
        _lone_assessments(draw.rows(round(0.035 * draw.n)), needed=False),
        _cancelled(draw.rows(round(0.03 * draw.n))),
        _other_services(draw.rows(round(0.04 * draw.n))),
    )
    table = join([main, *map(filled, others)])
    # An event appears with the first of its stages that is recorded; the contact alone only without a visit.
    entered = np.where(np.isnat(table["visit_start"]), table["contacted_at"], table["recorded_at"])
    table["appears_at"] = np.fmin(entered, table["hta_at"])
    table = guarantee.with_events(draw, table)
    return take(table, np.argsort(VISITS.own_dates(table), kind="stable"))


def _linked_assessments(draw: Draw, main: Rows, n: int) -> dict[str, Any]:
    """Return assessments recorded apart from the visit they led to."""
    plain = np.isnat(main["hta_at"]) & (main["urgency"] == NONURGENT) & (main["profession_class"] != MUU)
    rows = np.flatnonzero(plain)
    found = take(main, np.sort(draw.rng.choice(rows, min(n, len(rows)), replace=False)))
    draw = draw.rows(rows_of(found))
    who = visitors(draw, found["client_pseudo_id"])
    wait = contacts.waits(draw, who.unit, found["profession_class"] == LK, found["age_at_event"])
    hta = contacts.assessed_at(draw, found["visit_start"], wait)
    return _assessments(draw, who, hta, draw.code("hta_result", visit_needed=0.95, unknown=0.05))


def _lone_assessments(draw: Draw, needed: bool) -> dict[str, Any]:
    """Return assessments that no visit follows: clients still waiting, or the matter was settled."""
    hta = draw.times(draw.days(), 0.02)
    settled = draw.code("hta_result", solved_in_contact=0.7, other_service=0.2, no_need=0.1)
    return _assessments(draw, visitors(draw), hta, NEEDED if needed else settled)


def _assessments(draw: Draw, who: Visitors, hta: Times, results: Any) -> dict[str, Any]:
    return events(draw, who, hta) | {
        "contacted_at": contacts.contact_before(draw, hta, hta),
        "hta_at": hta,
        "hta_profession": SH,
        "hta_urgency": NONURGENT,
        "hta_result": results,
        "profession_class": draw.code("profession_class", SH=0.9, LK=0.1),
        "plan_based": np.where(draw.chance(0.2), -1, 0),
        "guarantee_exempt": draw.flag(0.03, empty=0.3),
    }


def _cancelled(draw: Draw) -> dict[str, Any]:
    """Return bookings cancelled by the client or the unit; in some the planned visit stands on the row."""
    planned = draw.times(draw.days(), 0.0, step=900)
    booked = planned - draw.rng.integers(2, 40, draw.n) * DAY
    cancelled = planned - draw.rng.integers(1, 47, draw.n).astype("timedelta64[h]")
    written = draw.chance(0.35)
    return events(draw, visitors(draw), planned) | {
        "contacted_at": booked,
        "hta_at": only(booked, ~(written | draw.chance(0.2))),
        "hta_result": SOLVED,
        "booked_at": booked,
        "booked_for": planned,
        "visit_start": only(planned, written),
        "recorded_at": only(planned, written),
        "contact_type": R10,
        "visitor_group": contacts.ALONE,
        "urgency": NONURGENT,
        "profession_class": draw.code("profession_class", LK=0.5, SH=0.5),
        "cancelled_at": cancelled,
        "cancel_reason": draw.pick(0.6, 0.25, 0.1, 0.05, empty=0.05),
    }


def _other_services(draw: Draw) -> dict[str, Any]:
    """Return other service forms, preventive visits, groups, and contacts between professionals."""
    visit = draw.times(draw.days(), 0.02)
    kind = draw.pick(0.40, 0.25, 0.15, 0.20)
    types = draw.code("contact_type", R60=0.4, R70=0.1, R71=0.35, R80=0.1, R90=0.05)
    forms = draw.code("service_form", T71=0.7, T40=0.3)
    groups = draw.code("visitor_group", **{"2": 0.5, "4": 0.5})
    return events(draw, visitors(draw), visit) | {
        "visit_start": visit,
        "recorded_at": visit,
        "service_form": np.where(kind == 0, forms, contacts.T11),
        "visit_nature": np.where(kind == 1, np.where(draw.chance(0.3), -1, PREVENTIVE), contacts.CARE),
        "visitor_group": np.where(kind == 2, draw.some(groups, 0.1), contacts.ALONE),
        "contact_type": np.where(kind == 3, types, R10),
        "urgency": NONURGENT,
        "profession_class": draw.code("profession_class", LK=0.2, SH=0.5, MUU=0.3),
        "plan_based": 0,
    }
