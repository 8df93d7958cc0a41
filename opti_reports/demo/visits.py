"""Service events of the patient record system: visits and remote contacts, assessments and bookings.

A stream month holds the visits of that month, and the assessments and bookings that led to them, which may
lie up to ``AHEAD`` months earlier.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from opti_reports.demo.contacts import HTA_FIELDS, VISIT_FIELDS, VISITS, contacts
from opti_reports.demo.days import NONE
from opti_reports.demo.otherevents import others
from opti_reports.demo.source import Rows, Source, own_dates, serials
from opti_reports.demo.world import World
from opti_reports.demo.write import join, rows_of

AHEAD = 4


def make(world: World, month: int) -> Rows:
    """All events of a stream month in the order of their time."""
    rng = world.rng("avohilmo_events", month)
    main = contacts(world, rng, month)
    table = join([main, others(world, rng, month, main)])
    order = np.argsort(own_dates(VISITS, table), kind="stable")
    table = {name: values[order] for name, values in table.items()}
    return {"event_id": serials(month, rows_of(table), 7)} | table


def known(_world: World, table: Rows, moment: np.datetime64) -> Rows:
    """The stages that are recorded by the moment; events without any recorded stage are absent."""
    visited = (table["recorded_at"] <= moment) & ~np.isnat(table["visit_start"])
    assessed = table["hta_at"] <= moment
    booked = table["booked_at"] <= moment
    cancelled = table["cancelled_at"] <= moment
    seen = dict(table)
    for name in VISIT_FIELDS:
        seen[name] = _only(seen[name], visited)
    for name in HTA_FIELDS:
        seen[name] = _only(seen[name], assessed)
    for name, mask in (("booked_at", booked), ("booked_for", booked), ("cancelled_at", cancelled)):
        seen[name] = np.where(mask, seen[name], NONE)
    seen["cancel_reason"] = np.where(cancelled, seen["cancel_reason"], -1)
    seen["contacted_at"] = np.where(table["contacted_at"] <= moment, table["contacted_at"], NONE)
    present = visited | assessed | (~np.isnat(seen["contacted_at"]) & np.isnat(table["visit_start"]))
    if present.all():
        return seen
    return {name: values[present] for name, values in seen.items()}


def _only(values: NDArray[Any], mask: NDArray[np.bool_]) -> NDArray[Any]:
    """The values where the mask holds, empty elsewhere."""
    nothing: Any = NONE if values.dtype.kind == "M" else -1
    return np.where(mask, values, nothing)


VISITS_SOURCE = Source(layout=VISITS, make=make, known=known, ahead=AHEAD)
