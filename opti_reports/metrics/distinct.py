"""Different keys by node and period: counted anew on every level and in every period, never added."""

from __future__ import annotations

import numpy as np
import pandas as pd

from opti_reports.algebra.vector import Int
from opti_reports.metrics.placed import PlacedFact, Places, Seen, slots
from opti_reports.metrics.recounted import recounted
from opti_reports.metrics.windows import Frame
from opti_reports.periods.slots import Slot


def distinct(fact: PlacedFact, rows: pd.DataFrame, measure: str, key: str, frame: Frame, at: Places) -> Int:
    """Return different keys that have the measure by node and period.

    Where a key is seen is found once for all kinds of periods that add the same rows: all of a fact.
    """
    kind = measure, key, frame.by
    seen = fact.seen.get(kind) if rows is fact.rows else None
    if seen is None:
        seen = _seen(rows, measure=measure, key=key, by=frame.by, at=at)
    if rows is fact.rows:
        fact.seen[kind] = seen
    alone, others = (_counted(*one, frame, len(at.ids)) for one in seen)
    return at.above @ alone + others


def _seen(rows: pd.DataFrame, measure: str, key: str, by: Slot, at: Places) -> tuple[Seen, Seen]:
    """Return where and when each key is seen, each place and slot once, sorted: keys that one node has and
    the others.
    """
    some = np.flatnonzero(rows[measure].to_numpy() > 0)
    keys, slot = rows[key].to_numpy()[some], slots(rows, by)[some]
    where = recounted(keys, rows["node"].to_numpy()[some], at)
    first = int(slot.min(initial=0))
    span = int(slot.max(initial=0)) - first + 1
    packed = (keys[where.rows] * len(at.ids) + where.node) * span + slot[where.rows] - first
    parts = (_once(packed[: where.alone]), _once(packed[where.alone :]))
    alone, others = ((place, slot + first) for place, slot in (np.divmod(part, span) for part in parts))
    return alone, others


def _once(values: Int) -> Int:
    """Return the distinct values, sorted: of millions, sorting takes a fraction of what hashing does."""
    values.sort()
    return values[np.append(True, values[1:] != values[:-1])] if len(values) else values


def _counted(place: Int, slot: Int, frame: Frame, size: int) -> Int:
    """Return different places by node (place modulo ``size``) and period.

    A slot is in periods that follow each other, and a later slot in no earlier ones: a place that has been
    seen before adds only to the periods that its slot before is not in.
    """
    slot = slot - frame.span.start
    held = frame.holds(slot)
    if not held.all():
        place, slot = place[held], slot[held]
    enters, leaves = frame.reach
    start, end = enters[slot], leaves[slot]
    again = np.flatnonzero(place[1:] == place[:-1])
    start[again + 1] = np.maximum(start[again + 1], end[again])
    steps = np.zeros((size, len(frame.periods) + 1), dtype=np.int64)
    node = place % size
    np.add.at(steps, (node, start), 1)
    np.add.at(steps, (node, end), -1)
    return steps.cumsum(axis=1)[:, :-1]
