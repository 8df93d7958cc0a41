"""Different keys by node and period: counted anew on every level and in every period, never added."""

from __future__ import annotations

import numpy as np
import pandas as pd

from opti_reports.algebra.vector import Int
from opti_reports.metrics.placed import PlacedFact, Places, Seen, numbered, slots
from opti_reports.metrics.recounted import apart
from opti_reports.metrics.windows import Frame

NEVER = -(1 << 40)
"""The slot before the first in which a key is seen."""
ROOM = 16
"""Distinct values are ticked off in a table of all there could be, where that has at most so many times as
many cells as there are values: it takes a tenth of the time of sorting, and the memory of two columns.
"""


def distinct(fact: PlacedFact, rows: pd.DataFrame, measure: str, key: str, frame: Frame, at: Places) -> Int:
    """Return different keys that have the measure by node and period.

    Where a key is seen is found once for all kinds of periods that add the same rows: all of a fact.
    """
    holes = _holes(frame)
    kind = measure, key, frame.by, holes
    seen = fact.seen.get(kind) if rows is fact.rows else None
    if seen is None:
        slot = slots(rows, frame.by)
        held = (rows[measure].to_numpy() > 0) & (~np.isin(slot, list(holes)) if holes else True)
        seen = _seen(rows[key].to_numpy()[held], rows["node"].to_numpy()[held], slot[held], at)
    if rows is fact.rows:
        fact.seen[kind] = seen
    alone, others = (_counted(one, frame, len(at.ids)) for one in seen)
    return at.above @ alone + others


def _holes(frame: Frame) -> frozenset[int]:
    """Return slots without a delivery between some with one: what is seen there counts for nothing."""
    given = np.flatnonzero(frame.given.any(axis=1)) + frame.span.start
    return frozenset(range(given[0], given[-1])).difference(given.tolist()) if len(given) else frozenset()


def _seen(keys: Int, node: Int, slot: Int, at: Places) -> tuple[Seen, Seen]:
    """Return where and when keys (running numbers) are seen: those that one node has and the others."""
    alone, others = apart(keys, node)
    levels = []
    for up in at.chain.T:
        rows = others[up[node[others]] >= 0]
        above = up[node[rows]]
        levels.append(_once(_numbered(keys[rows] * len(at.ids) + above), above, slot[rows]))
    return _once(keys[alone], node[alone], slot[alone]), Seen(*map(np.concatenate, zip(*levels, strict=True)))


def _once(place: Int, node: Int, slot: Int) -> Seen:
    """Return how many places (each a key at a node) are seen in each slot, counting each there once."""
    first, last = (int(slot.min()), int(slot.max())) if len(slot) else (0, 0)
    span = last - first + 1
    at_node = np.zeros(int(place.max(initial=-1)) + 1, dtype=np.int64)
    at_node[place] = node
    place, slot = np.divmod(_sorted(place * span + slot - first, len(at_node) * span), span)
    before = np.where(np.append(False, place[1:] == place[:-1])[: len(place)], np.roll(slot, 1), -1)
    kinds, keys = _tallied((at_node[place] * span + slot) * (span + 1) + before + 1)
    rest, before = np.divmod(kinds, span + 1)
    node, slot = np.divmod(rest, span)
    return Seen(node, slot + first, np.where(before, before - 1 + first, NEVER), keys)


def _numbered(values: Int) -> Int:
    """Return values as running numbers."""
    most = int(values.max(initial=-1)) + 1
    if most > ROOM * len(values):
        return numbered(values)[0]
    there = np.zeros(most, dtype=bool)
    there[values] = True
    return (np.cumsum(there, dtype=np.int32) - 1).astype(np.int64)[values]


def _tallied(values: Int) -> tuple[Int, Int]:
    """Return the distinct values and how many there are of each."""
    if int(values.max(initial=-1)) >= ROOM * len(values):
        numbers, found = numbered(values)
        return found, np.bincount(numbers)
    counts = np.bincount(values)
    found = np.flatnonzero(counts)
    return found, counts[found]


def _sorted(values: Int, most: int) -> Int:
    """Return the distinct values, sorted; all are less than ``most``."""
    if most > ROOM * len(values):
        values = np.sort(values)
        found: Int = values[np.append(True, values[1:] != values[:-1])[: len(values)]]
        return found
    there = np.zeros(most, dtype=bool)
    there[values] = True
    return np.flatnonzero(there)


def _counted(seen: Seen, frame: Frame, size: int) -> Int:
    """Return different places by node and period.

    A slot is in periods that follow each other, and a later slot in no earlier ones: a place that has been
    seen before adds only to the periods that its slot before is not in.
    """
    held = frame.holds(seen.slot - frame.span.start)
    node, slot, before, keys = (cells[held] for cells in seen)
    enters, leaves = frame.reach
    start, end = enters[slot - frame.span.start], leaves[slot - frame.span.start]
    again = np.flatnonzero(frame.holds(before - frame.span.start))
    start[again] = np.maximum(start[again], leaves[before[again] - frame.span.start])
    steps = np.zeros((size, len(frame.periods) + 1), dtype=np.int64)
    np.add.at(steps, (node, start), keys)
    np.add.at(steps, (node, end), -keys)
    return steps.cumsum(axis=1)[:, :-1]
