"""Service events of the patient record system: visits and remote contacts, assessments and bookings.

A stream month holds the visits of that month, and the assessments and bookings that led to them, which may
lie up to ``AHEAD`` months earlier.
"""

from __future__ import annotations

import numpy as np

from opti_reports.demo.contacts import HTA_FIELDS, VISIT_FIELDS, VISITS, contacts
from opti_reports.demo.otherevents import others
from opti_reports.demo.source import Rows, Source, only, own_dates, serials
from opti_reports.demo.world import World
from opti_reports.demo.write import join, rows_of, take

AHEAD = 4


def make(world: World, month: int) -> Rows:
    """Return all events of a stream month in the order of their time."""
    rng = world.rng("avohilmo_events", month)
    main = contacts(world, rng, month)
    table = join([main, others(world, rng, month, main)])
    order = np.argsort(own_dates(VISITS, table), kind="stable")
    return {"event_id": serials(month, rows_of(table), 7)} | take(table, order)


def known(_world: World, table: Rows, moment: np.datetime64) -> Rows:
    """Return the stages that are recorded by the moment; events without any recorded stage are absent."""
    visited = (table["recorded_at"] <= moment) & ~np.isnat(table["visit_start"])
    assessed = table["hta_at"] <= moment
    recorded = {
        **dict.fromkeys(VISIT_FIELDS, visited),
        **dict.fromkeys(HTA_FIELDS, assessed),
        **dict.fromkeys(("booked_at", "booked_for"), table["booked_at"] <= moment),
        **dict.fromkeys(("cancelled_at", "cancel_reason"), table["cancelled_at"] <= moment),
        "contacted_at": table["contacted_at"] <= moment,
    }
    seen = table | {name: only(table[name], mask) for name, mask in recorded.items()}
    present = visited | assessed | (~np.isnat(seen["contacted_at"]) & np.isnat(table["visit_start"]))
    if present.all():
        return seen
    return take(seen, present)


SOURCE = Source(layout=VISITS, make=make, known=known, ahead=AHEAD)
