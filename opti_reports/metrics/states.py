"""Whether a value is whole: months not delivered, units not reported, sources that do not concern a node."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from opti_reports.algebra.calendar import month_of, thursday
from opti_reports.algebra.vector import Bool, Int
from opti_reports.metrics.placed import PlacedFact, Places, presence
from opti_reports.metrics.stated import MISSING, Stated
from opti_reports.metrics.windows import Frame
from opti_reports.model.value import Reason
from opti_reports.periods.slots import Slot

Doubted = Mapping[str, frozenset[tuple[str, int]]]
"""By fact, the (unit, month) of which it has perhaps not all rows."""
OK: Stated = ("ok", None)


@dataclass(frozen=True, eq=False)
class Wholeness:
    """By node and period: months had and needed, units had and expected, and whether anything is there."""

    slots_had: Int
    slots_all: Int
    units_had: Int
    units_all: Int
    there: Bool

    @cached_property
    def states(self) -> list[list[Stated]]:
        """Return ``ok``, ``partial`` with what is lacking, or ``missing`` by node and period."""
        had, wanted = self.slots_had.tolist(), self.slots_all.tolist()
        months = [
            OK if a >= b else ("partial", Reason("months", a, b)) for a, b in zip(had, wanted, strict=True)
        ]
        states = [months.copy() for _ in self.there]
        for node, period in np.argwhere(self.units_had < self.units_all).tolist():
            units = int(self.units_had[node, period]), int(self.units_all[node, period])
            states[node][period] = "partial", Reason("units", *units)
        for node, period in np.argwhere(~self.there | (self.slots_all == 0)).tolist():
            states[node][period] = MISSING
        return states


def wholeness(
    facts: list[tuple[PlacedFact, tuple[str, ...]]],
    frame: Frame,
    at: Places,
    expecting: Callable[[str, int], list[int]],
    doubted: Doubted,
) -> Wholeness:
    """Return how whole the values of a formula are, given the facts it uses, each with its numeric measures,
    and the nodes that a system should speak of in a month.

    Of a source that each unit delivers, a unit has reported when it has rows and no empty cell in them for
    every fact. Of any fact, a unit in ``doubted`` has not reported its month.
    """
    size, count = len(at.ids), len(frame.periods)
    reported = np.ones((size, count), dtype=bool)
    awaited = np.zeros((size, count), dtype=bool)
    there = np.ones((size, count), dtype=bool) & frame.given.any(axis=0)
    for fact, measures in facts:
        expected = np.zeros((size, len(frame.span)), dtype=bool)
        for slot, month in enumerate(_months(frame)):
            expected[expecting(fact.system, month), slot] = True
        present = presence(fact, frame.span, frame.by, size)
        sums = frame.sums
        asked = (expected @ sums) > 0
        some = (present.astype(np.int64) @ sums) > 0
        if fact.per_unit:
            whole = presence(fact, frame.span, frame.by, size, measures)
            reported &= ((expected & ~whole).astype(np.int64) @ sums) == 0
            awaited |= asked
            there &= (at.above @ some) > 0
        else:
            there &= (at.above @ (asked | some)) > 0
        short = _doubted(doubted.get(fact.shape.id, frozenset()), frame, at)
        if short.any():
            reported &= (short.astype(np.int64) @ sums) == 0
            awaited |= asked | some | ((short.astype(np.int64) @ sums) > 0)
    units_had, units_all = at.above @ (awaited & reported), at.above @ awaited
    return Wholeness(frame.settled.sum(axis=0), frame.inside.sum(axis=0), units_had, units_all, there)


def _doubted(short: frozenset[tuple[str, int]], frame: Frame, at: Places) -> Bool:
    """Return which nodes have not reported all of which slot; of a month, no week that has a day of it."""
    table = np.zeros((len(at.ids), len(frame.span)), dtype=bool)
    first = last = np.array(frame.span)
    if frame.by is Slot.WEEK:
        first, last = month_of(thursday(first) - 3), month_of(thursday(last) + 3)
    for unit, month in short:
        table[at.index[at.tree.moved.get(unit, unit)], (first <= month) & (month <= last)] = True
    return table


def _months(frame: Frame) -> list[int]:
    span = np.array(frame.span)
    return [int(m) for m in (month_of(thursday(span)) if frame.by is Slot.WEEK else span)]
