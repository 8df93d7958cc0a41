"""Service events of the patient record system: visits and remote contacts, assessments and bookings.

A month's events are its visits, and the assessments and bookings that led to them, which may lie up to
``AHEAD`` months earlier. Beside the client contacts there are lone assessments, cancellations and other
services.
"""

from __future__ import annotations

import numpy as np

from opti_reports.demo.contacts import (
    ALONE,
    LK,
    MUU,
    NONURGENT,
    SH,
    VISITS,
    Visitors,
    assessed_at,
    contact_before,
    contacts,
    events,
    visitors,
    waits,
)
from opti_reports.demo.days import in_days
from opti_reports.demo.draw import Draw
from opti_reports.demo.rows import Ints, Rows, Table, Times, join, only, rows_of, take
from opti_reports.demo.source import Source, own_dates

NEEDED, SOLVED, OTHER, NO_NEED, NOT_KNOWN = VISITS.positions(
    "hta_result", "visit_needed", "solved_in_contact", "other_service", "no_need", "unknown"
)
R10 = VISITS.code("contact_type", "R10")
PREVENTIVE = VISITS.code("visit_nature", "TH")
OTHER_FORMS = VISITS.positions("service_form", "T71", "T40")
GROUPS = VISITS.positions("visitor_group", "2", "4")
BETWEEN_PROFESSIONALS = VISITS.positions("contact_type", "R60", "R70", "R71", "R80", "R90")
AHEAD = 4


def make(draw: Draw) -> Rows:
    """Return all events of a month in the order of their time."""
    main = contacts(draw)
    table = join([main, *others(draw.rows(rows_of(main)), main)])
    # An event appears with the first of its stages that is recorded; the contact alone only without a visit.
    entered = np.where(np.isnat(table["visit_start"]), table["contacted_at"], table["recorded_at"])
    table["appears_at"] = np.fmin(entered, table["hta_at"])
    order = np.argsort(own_dates(VISITS, table), kind="stable")
    return {"event_id": draw.rows(rows_of(table)).serials(7)} | take(table, order)


def others(draw: Draw, main: Rows) -> list[Rows]:
    """Return about 15 rows for every 100 client contacts."""
    # Such an assessment meets a later visit by chance, the oftener the longer the law gives it.
    waiting = draw.n if draw.world.stories else 0
    return [
        _linked_assessments(draw, main, round(0.045 * waiting)),
        _lone_assessments(draw.rows(round(0.004 * waiting)), needed=True),
        _lone_assessments(draw.rows(round(0.035 * draw.n)), needed=False),
        _cancelled(draw.rows(round(0.03 * draw.n))),
        _other_services(draw.rows(round(0.04 * draw.n))),
    ]


def _linked_assessments(draw: Draw, main: Rows, n: int) -> Rows:
    """Return assessments recorded apart from the visit they led to."""
    plain = np.isnat(main["hta_at"]) & (main["urgency"] == NONURGENT) & (main["profession_class"] != MUU)
    rows = np.flatnonzero(plain)
    found = take(main, np.sort(draw.rng.choice(rows, min(n, len(rows)), replace=False)))
    draw = draw.rows(rows_of(found))
    who = visitors(draw, found["client_pseudo_id"])
    wait = waits(draw, who.unit, found["profession_class"] == LK, found["age_at_event"])
    hta = assessed_at(draw, found["visit_start"], wait)
    return _assessments(draw, who, hta, draw.pick(0.95, 0.05, of=(NEEDED, NOT_KNOWN)))


def _lone_assessments(draw: Draw, needed: bool) -> Rows:
    """Return assessments that no visit follows: clients still waiting, or the matter was settled."""
    hta = draw.times(draw.days(), 0.02)
    settled = draw.pick(0.7, 0.2, 0.1, of=(SOLVED, OTHER, NO_NEED))
    return _assessments(draw, visitors(draw), hta, np.full(draw.n, NEEDED) if needed else settled)


def _assessments(draw: Draw, who: Visitors, hta: Times, results: Ints) -> Rows:
    return events(draw, who, hta) | {
        "contacted_at": contact_before(draw, hta, hta),
        "hta_at": hta,
        "hta_profession": np.full(draw.n, SH),
        "hta_urgency": np.full(draw.n, NONURGENT),
        "hta_result": results,
        "profession_class": draw.pick(0.9, 0.1, of=(SH, LK)),
        "plan_based": draw.some(np.zeros(draw.n, dtype=np.int64), 0.2),
        "guarantee_exempt": draw.flag(0.03, empty=0.3),
    }  # fmt: skip


def _cancelled(draw: Draw) -> Rows:
    """Return bookings cancelled by the client or the unit; in some the planned visit stands on the row."""
    planned = draw.times(draw.days(), 0.0, step=900)
    booked = planned - in_days(draw.rng.integers(2, 40, draw.n))
    cancelled = planned - draw.rng.integers(1, 47, draw.n).astype("timedelta64[h]")
    written = draw.chance(0.35)
    return events(draw, visitors(draw), planned) | {
        "contacted_at": booked,
        "hta_at": only(booked, ~(written | draw.chance(0.2))),
        "hta_result": np.full(draw.n, SOLVED),
        "booked_at": booked,
        "booked_for": planned,
        "visit_start": only(planned, written),
        "recorded_at": only(planned, written),
        "contact_type": np.where(written, R10, -1),
        "visitor_group": np.where(written, ALONE, -1),
        "urgency": np.where(written, NONURGENT, -1),
        "profession_class": draw.pick(0.5, 0.5, of=(LK, SH)),
        "cancelled_at": cancelled,
        "cancel_reason": draw.pick(0.6, 0.25, 0.1, 0.05, empty=0.05),
    }  # fmt: skip


def _other_services(draw: Draw) -> Rows:
    """Return other service forms, preventive visits, groups, and contacts between professionals."""
    visit = draw.times(draw.days(), 0.02)
    kind = draw.pick(0.40, 0.25, 0.15, 0.20)
    types = draw.pick(0.4, 0.1, 0.35, 0.1, 0.05, of=BETWEEN_PROFESSIONALS)
    forms = draw.pick(0.7, 0.3, of=OTHER_FORMS)
    groups = draw.pick(0.5, 0.5, of=GROUPS)
    rows = events(draw, visitors(draw), visit)
    return rows | {
        "visit_start": visit,
        "recorded_at": visit,
        "service_form": np.where(kind == 0, forms, rows["service_form"]),
        "visit_nature": np.where(
            kind == 1, draw.some(np.full(draw.n, PREVENTIVE), 0.3), rows["visit_nature"]
        ),
        "visitor_group": np.where(kind == 2, draw.some(groups, 0.1), ALONE),
        "contact_type": np.where(kind == 3, types, R10),
        "urgency": np.full(draw.n, NONURGENT),
        "profession_class": draw.pick(0.2, 0.5, 0.3, of=(LK, SH, MUU)),
        "plan_based": np.zeros(draw.n, dtype=np.int64),
    }


def known(table: Table, seen: Table, moment: np.datetime64) -> Rows:
    """Return without its columns what is not recorded yet of the visit, the assessment and the booking."""
    stages = {
        "recorded_at": (
            "visit_start", "contact_type", "visitor_group", "urgency", "professional_pseudo_id",
        ),
        "hta_at": ("hta_profession", "hta_urgency", "hta_result"),
        "booked_at": ("booked_for",),
        "cancelled_at": ("cancel_reason",),
    }  # fmt: skip
    return {
        name: only(seen[name], table[stage] <= moment) for stage, names in stages.items() for name in names
    }


SOURCES = (Source(layout=VISITS, make=make, since="appears_at", known=known, ahead=AHEAD),)
