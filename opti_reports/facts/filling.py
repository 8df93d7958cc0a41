"""Which of the columns that may be empty a delivery suddenly has no more.

An empty cell says that a thing did not happen (nobody called back). Where an export lost a column, all cells
say so, and no row is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr

from opti_reports.algebra.calendar import date_of
from opti_reports.algebra.vector import Bool, Int
from opti_reports.catalogue.units import unit_of
from opti_reports.config.expressions import may_be_empty
from opti_reports.config.guards import Guards
from opti_reports.config.source import Source
from opti_reports.facts.arrivals import Newest, World
from opti_reports.facts.days import bounds
from opti_reports.model.organisation import Tree
from opti_reports.model.report import Doubt


def emptied(
    source: Source, before: Sequence[Newest], one: Newest, world: World, tree: Tree
) -> Iterator[Doubt]:
    """Yield columns in which a delivery's own month has nothing, or far less than any month before, and those
    in which an older month has nothing of what an earlier delivery knew.
    """
    month, guards = one.arrived.month, world.guards
    past = [old for old in before if month - guards.history_months <= old.arrived.month < month]
    if len(past) >= guards.least_months:
        own = [(old, old.arrived.month) for old in past]
        yield from _doubts(source=source, one=one, month=month, past=own, world=world, tree=tree)
    for older in range(month - source.window_months + 1, month):
        known = next((old for old in reversed(before) if older in old.months), None)
        if known is not None:
            found = _doubts(
                source=source, one=one, month=older, past=[(known, older)], world=world, tree=tree
            )
            yield from (doubt for doubt in found if doubt.kind == "emptied")


def _doubts(
    source: Source, one: Newest, month: int, past: Sequence[tuple[Newest, int]], world: World, tree: Tree
) -> Iterator[Doubt]:
    """Yield what is doubted of a month's columns, by what was filled before."""
    now = _of_month(source, one, month, world, tree)
    units = tuple(unit for unit in now if unit in tree.by_id)
    columns = may_be_empty(source)
    if not units or not columns:
        return
    before = [_table(units, _of_month(source, old, at, world, tree), len(columns)) for old, at in past]
    filling = Filling(units, _table(units, now, len(columns)), np.array(before), world.guards)
    first, after = bounds(month)
    days = (date_of(first), date_of(after - 1)) if month < one.arrived.month else (None, None)
    for at, kind, some in _named(filling, tree):
        judged = filling.of(some)
        yield Doubt(
            source=source.id,
            month=one.arrived.month,
            kind=kind,
            units=some,
            first=days[0],
            last=days[1],
            expected=round(float(judged.due[at])),
            rows=int(judged.filled[at]),
            column=columns[at],
        )


Kind = Literal["emptied", "thinned"]


class Judged(NamedTuple):
    """By column how many cells of some units are filled, how many were due, and what is to be doubted."""

    filled: Int
    due: NDArray[np.float64]
    emptied: Bool
    thinned: Bool


@dataclass(frozen=True, eq=False)
class Filling:
    """What is filled by unit, now and in each month before; in the last column of a table are the rows."""

    units: tuple[str, ...]
    now: Int
    before: Int
    guards: Guards

    def of(self, units: Sequence[str]) -> Judged:
        """Return what is to be said of some units together."""
        places = [self.units.index(unit) for unit in units]
        *filled, rows = self.now[places].sum(axis=0)
        held = self.before[:, places].sum(axis=1)
        known = held[held[:, -1] > 0]
        due = np.zeros(len(filled))
        if len(known) and 2 * len(known) >= len(held):
            shares = np.sort(known[:, :-1] / known[:, -1:], axis=0)
            due = rows * shares[min(self.guards.quiet_months, len(shares) // 4)]
        there = np.array(filled)
        return Judged(
            filled=there,
            due=due,
            emptied=(there == 0) & (np.exp(-due) < self.guards.implausible),
            thinned=(there > 0)
            & (there < self.guards.shrunk_share * due)
            & (pdtr(there, due) < self.guards.implausible),
        )


def _named(filling: Filling, tree: Tree) -> Iterator[tuple[int, Kind, tuple[str, ...]]]:
    """Yield by column which units have nothing in it, and which of the others less than ever: all, else some.

    Where a column is empty in some units, others without anything in it are doubted too, however small: one
    file tells of many.
    """
    units = filling.units
    beside: dict[str, list[str]] = {}
    for unit in units:
        beside.setdefault(tree.lineage(unit)[1], []).append(unit)
    groups = {tuple(some): filling.of(some) for some in (units, *beside.values(), *((u,) for u in units))}
    for at in range(filling.now.shape[1] - 1):
        empty = {unit for some, judged in groups.items() if judged.emptied[at] for unit in some}
        if empty:
            alone = {unit: groups[(unit,)] for unit in units}
            empty |= {unit for unit, own in alone.items() if own.due[at] and not own.filled[at]}
            yield at, "emptied", tuple(unit for unit in units if unit in empty)
        rest = tuple(unit for unit in units if unit not in empty)
        if rest and (groups[rest] if rest in groups else filling.of(rest)).thinned[at]:
            yield at, "thinned", rest
        elif thin := tuple(unit for unit in rest if groups[(unit,)].thinned[at]):
            yield at, "thinned", thin


def _of_month(source: Source, one: Newest, month: int, world: World, tree: Tree) -> dict[str, Int]:
    """Return what is filled of each column in a month, and how many rows there are, by what the units are
    today.
    """
    found: dict[str, Int] = {}
    for code, at, rows, filled in one.arrived.counts.cells:
        if at == month:
            unit = unit_of(world.organisation, source, code, month)
            own = tree.moved.get(unit, unit)
            found[own] = found.get(own, 0) + np.array([*filled, rows], dtype=np.int64)
    return found


def _table(units: Sequence[str], held: Mapping[str, Int], columns: int) -> Int:
    nothing = np.zeros(columns + 1, dtype=np.int64)
    return np.array([held.get(unit, nothing) for unit in units])
