"""Whether a value is whole: months not delivered, units not reported, sources that do not concern a node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from opti_reports.algebra.calendar import month_of, thursday
from opti_reports.algebra.vector import Bool, Int
from opti_reports.metrics.known import Known, Places, presence
from opti_reports.metrics.windows import Frame
from opti_reports.model.organisation import Organisation
from opti_reports.model.value import State

Doubted = Mapping[str, frozenset[tuple[str, int]]]
"""By source the units and months that it has perhaps not told whole."""
NO_DOUBT: Doubted = {}


@dataclass(frozen=True, eq=False)
class Wholeness:
    """By node and period: months had and needed, units had and expected, and whether anything is there."""

    slots_had: Int
    slots_all: Int
    units_had: Int
    units_all: Int
    there: Bool

    def state(self, node: int, period: int) -> tuple[State, str]:
        """``ok``, ``partial`` with ``had/all`` and what it counts, or ``missing``."""
        if not self.there[node, period] or not self.slots_all[period]:
            return "missing", ""
        if self.units_had[node, period] < self.units_all[node, period]:
            return "partial", f"units {self.units_had[node, period]}/{self.units_all[node, period]}"
        if self.slots_had[period] < self.slots_all[period]:
            return "partial", f"months {self.slots_had[period]}/{self.slots_all[period]}"
        return "ok", ""


def wholeness(
    facts: list[tuple[Known, tuple[str, ...]]],
    frame: Frame,
    at: Places,
    organisation: Organisation,
    doubted: Doubted = NO_DOUBT,
) -> Wholeness:
    """How whole the values of a formula are, given the facts it uses, each with its numeric measures.

    Of a source that each unit delivers, a unit has reported when it has filled cells for every fact: with
    nothing but empty ones it has not. A unit has not reported either a month that is ``doubted``.
    """
    size, count = len(at.ids), len(frame.periods)
    reported = np.ones((size, count), dtype=bool)
    awaited = np.zeros((size, count), dtype=bool)
    there = np.ones((size, count), dtype=bool) & frame.given.any(axis=0)
    for fact, measures in facts:
        expected = _expected(fact, frame, at, organisation)
        present = presence(fact, frame.span, frame.by, size)
        sums = frame.sums
        asked = (expected @ sums) > 0
        some = (present.astype(np.int64) @ sums) > 0
        if silent := doubted.get(fact.shape.source):
            reported &= (_silent(silent, frame, at).astype(np.int64) @ sums) == 0
            awaited |= asked | some
        if fact.per_unit:
            told = presence(fact, frame.span, frame.by, size, measures)
            reported &= ((expected & ~told).astype(np.int64) @ sums) == 0
            awaited |= asked
            there &= (at.above @ some) > 0
        else:
            there &= (at.above @ (asked | some)) > 0
    units_had, units_all = at.above @ (awaited & reported), at.above @ awaited
    return Wholeness(frame.settled.sum(axis=0), frame.inside.sum(axis=0), units_had, units_all, there)


def _silent(doubted: frozenset[tuple[str, int]], frame: Frame, at: Places) -> Bool:
    """Which nodes have not told a slot whole."""
    table = np.zeros((len(at.ids), len(frame.span)), dtype=bool)
    months = np.array(_months(frame))
    for unit, month in doubted:
        table[at.index[at.tree.moved[unit]], months == month] = True
    return table


def _expected(fact: Known, frame: Frame, at: Places, organisation: Organisation) -> Bool:
    """Which nodes a fact's source should speak of, slot by slot."""
    table = np.zeros((len(at.ids), len(frame.span)), dtype=bool)
    months = _months(frame)
    for month in sorted(set(months)):
        units = {at.tree.moved[unit] for unit in organisation.expected(fact.system, month)}
        columns = [i for i, m in enumerate(months) if m == month]
        for unit in units - {organisation.unallocated}:
            table[at.index[unit], columns] = True
    return table


def _months(frame: Frame) -> list[int]:
    span = np.array(frame.span)
    return [int(m) for m in (month_of(thursday(span)) if frame.by == "iso_week" else span)]
