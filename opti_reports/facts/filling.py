"""What is filled of the columns that may be empty, and which of them a delivery suddenly has no more.

An empty cell says that a thing did not happen (nobody called back). Where an export lost a column, all cells
say so, and no row is missing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import pdtr

from opti_reports.algebra.calendar import date_of
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Bool, Int, Vector, unknown_cells
from opti_reports.catalogue.units import unit_of
from opti_reports.config.expressions import may_be_empty
from opti_reports.config.guards import Guards
from opti_reports.config.source import Source
from opti_reports.facts.arrivals import Newest, World
from opti_reports.facts.days import bounds, counted_by
from opti_reports.model.delivery import UnitCells
from opti_reports.model.organisation import Tree
from opti_reports.model.report import Doubt

Cells = Mapping[str, tuple[int, Sequence[int]]]
"""By unit how many rows a month has, and how many of them have something in each column that may be empty."""


def by_column(
    source: Source, columns: Mapping[str, Vector], months: Int, dated: Bool, context: Context
) -> Iterator[UnitCells]:
    """Yield what is filled of each column that may be empty, by unit code and month of the rows that are
    ``dated``. A cell that nobody can read is no empty one.
    """
    fact = counted_by(source)
    unit = evaluate(fact.unit, columns, len(months), context) if fact else None
    if unit is None or unit.kind != "text" or not dated.any():
        return
    words = (*unit.words, "")
    code = np.where(unit.filled, unit.data, len(unit.words))[dated]
    places, place = np.unique(months[dated] * len(words) + code, return_inverse=True)
    rows = np.bincount(place).tolist()
    there = ((columns[name].filled | unknown_cells(columns[name]))[dated] for name in may_be_empty(source))
    counts = [np.bincount(place[some], minlength=len(places)).tolist() for some in there]
    filled = zip(*counts, strict=True) if counts else [()] * len(places)
    for at, every, some in zip(places.tolist(), rows, filled, strict=True):
        yield UnitCells(words[at % len(words)], at // len(words), every, tuple(some))


def emptied(
    source: Source, before: Sequence[Newest], one: Newest, world: World, tree: Tree
) -> Iterator[Doubt]:
    """Yield columns in which a delivery's own month has nothing, or far less than any month before, and those
    in which an older month has nothing of what an earlier delivery knew.
    """
    month, guards = one.arrived.month, world.guards
    past = [old for old in before if month - guards.history_months <= old.arrived.month < month]
    history = [_of_month(source, old, old.arrived.month, world, tree) for old in past]
    if len(history) >= guards.least_months:
        yield from _doubts(source, one, month, history, world, tree)
    for older in range(month - source.window_months + 1, month):
        known = next((old for old in reversed(before) if older in old.months), None)
        if known is not None:
            held = [_of_month(source, known, older, world, tree)]
            found = _doubts(source, one, older, held, world, tree)
            yield from (doubt for doubt in found if doubt.kind == "emptied")


def _doubts(
    source: Source, one: Newest, month: int, history: Sequence[Cells], world: World, tree: Tree
) -> Iterator[Doubt]:
    """Yield what is doubted of a month's columns, by what was filled before."""
    now = _of_month(source, one, month, world, tree)
    units = tuple(unit for unit in now if unit in tree.by_id)
    first, after = bounds(month)
    days = (date_of(first), date_of(after - 1)) if month < one.arrived.month else (None, None)
    for at, column in enumerate(may_be_empty(source)):
        filling = Filling(now, history, at, world.guards)
        for kind, some in _named(filling, units, tree):
            _, filled, due = filling.judged(some)
            yield Doubt(
                source=source.id,
                month=one.arrived.month,
                kind=kind,
                units=some,
                first=days[0],
                last=days[1],
                expected=round(due),
                rows=filled,
                column=column,
            )


Kind = Literal["emptied", "thinned"]


@dataclass(frozen=True)
class Filling:
    """What is filled of one column, now and in the months before."""

    now: Cells
    history: Sequence[Cells]
    column: int
    guards: Guards

    def judged(self, units: Sequence[str]) -> tuple[Kind | None, int, float]:
        """Return what is to be doubted of some units' cells, how many are filled and how many were due."""
        rows, filled = self._sum(self.now, units)
        before = [held for month in self.history if (held := self._sum(month, units))[0]]
        if not before or len(before) < len(self.history) / 2:
            return None, filled, 0
        shares = sorted(some / every for every, some in before)
        due = rows * shares[min(self.guards.quiet_months, len(shares) // 4)]
        if not filled and math.exp(-due) < self.guards.implausible:
            return "emptied", filled, due
        if filled < self.guards.shrunk_share * due and pdtr(filled, due) < self.guards.implausible:
            return "thinned", filled, due
        return None, filled, due

    def _sum(self, held: Cells, units: Iterable[str]) -> tuple[int, int]:
        own = [held[unit] for unit in units if unit in held]
        return sum(rows for rows, _ in own), sum(filled[self.column] for _, filled in own)


def _named(filling: Filling, units: tuple[str, ...], tree: Tree) -> Iterator[tuple[Kind, tuple[str, ...]]]:
    """Yield which units have nothing in a column, and which of the others less than ever: all, else some.

    Where a column is empty in some units, others without anything in it are doubted too, however small: one
    file tells of many.
    """
    beside: dict[str, list[str]] = {}
    for unit in units:
        beside.setdefault(tree.lineage(unit)[1], []).append(unit)
    groups = (units, *beside.values(), *((unit,) for unit in units))
    empty = {unit for some in groups if filling.judged(some)[0] == "emptied" for unit in some}
    if empty:
        judged = {unit: filling.judged([unit]) for unit in units}
        empty |= {unit for unit, (_, filled, due) in judged.items() if due and not filled}
        yield "emptied", tuple(unit for unit in units if unit in empty)
    rest = tuple(unit for unit in units if unit not in empty)
    if filling.judged(rest)[0] == "thinned":
        yield "thinned", rest
    elif thin := tuple(unit for unit in rest if filling.judged([unit])[0] == "thinned"):
        yield "thinned", thin


def _of_month(source: Source, one: Newest, month: int, world: World, tree: Tree) -> Cells:
    """Return what is filled in a month by what the units are today."""
    found: dict[str, tuple[int, list[int]]] = {}
    for code, at, rows, filled in one.arrived.counts.cells:
        if at == month:
            unit = unit_of(world.organisation, source, code, month)
            own = tree.moved.get(unit, unit)
            every, some = found.get(own, (0, [0] * len(filled)))
            found[own] = every + rows, [a + b for a, b in zip(some, filled, strict=True)]
    return found
