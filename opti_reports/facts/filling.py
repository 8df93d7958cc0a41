"""What is filled of the columns that may be empty, and which of them a delivery suddenly has no more.

An empty cell says that a thing did not happen (nobody called back). Where an export lost a column, all cells
say so, and no row is missing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    """Yield what is doubted of a month, by what was filled before: of all units, else of some."""
    now = _of_month(source, one, month, world, tree)
    units = tuple(unit for unit in now if unit in tree.by_id)
    first, after = bounds(month)
    days = (date_of(first), date_of(after - 1)) if month < one.arrived.month else (None, None)
    for at, column in enumerate(may_be_empty(source)):
        for some in (units, *((unit,) for unit in units)):
            kind, filled, due = _judged(now, history, some, at, world.guards)
            if kind:
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
                if some == units:
                    break


def _judged(
    now: Cells, history: Sequence[Cells], units: Sequence[str], column: int, guards: Guards
) -> tuple[Literal["emptied", "thinned", ""], int, float]:
    """Return what is to be doubted of units' cells (or nothing), how many are filled, how many were due."""
    rows, filled = _sum(now, units, column)
    before = [held for month in history if (held := _sum(month, units, column))[0]]
    if len(before) < len(history) / 2 or not before:
        return "", filled, 0
    shares = sorted(some / every for every, some in before)
    due = rows * shares[min(guards.quiet_months, len(shares) // 4)]
    if not filled and math.exp(-due) < guards.implausible:
        return "emptied", filled, due
    if filled < guards.shrunk_share * due and pdtr(filled, due) < guards.implausible:
        return "thinned", filled, due
    return "", filled, due


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


def _sum(held: Cells, units: Iterable[str], column: int) -> tuple[int, int]:
    own = [held[unit] for unit in units if unit in held]
    return sum(rows for rows, _ in own), sum(filled[column] for _, filled in own)
