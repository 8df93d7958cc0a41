"""In which months a fact's rows count: those that do for certain, and those of which nobody knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from opti_reports.algebra.calendar import first_day, month_of, week_of
from opti_reports.algebra.columns import Packed, Taken
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context, choose
from opti_reports.algebra.vector import Bool, Int, Vector, aligned, possible, truth, unknown_cells
from opti_reports.config.source import Fact, Source

Places = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """A delivery's rows with their derived columns; ``lost`` are the rejected ones that may have counted.

    ``first`` is the first month of its window that it holds, ``own`` each row's own date.
    """

    source: Source
    month: int
    first: int
    columns: Mapping[str, Vector]
    lost: Bool
    own: Packed
    context: Context

    @property
    def size(self) -> int:
        """Return how many rows there are, the rejected ones among them."""
        return len(self.lost)

    def part(self, rows: slice) -> Delivered:
        """Return some of the rows."""
        own = Packed.of(self.own.vector(rows.start, rows.stop))
        return replace(self, columns=Taken(self.columns, rows), lost=self.lost[rows], own=own)

    @cached_property
    def _as_empty(self) -> dict[str, Vector]:
        """Return the columns as they were if every unknown cell was empty."""
        columns = {name: replace(vector, unknown=None) for name, vector in self.columns.items()}
        for name, text in self.source.derive.items():
            columns[name] = evaluate(text, columns, self.size, self.context)
        return columns

    def unit_named(self, fact: Fact, unit: Vector) -> Vector:
        """Return each row's unit; where an unknown cell leaves it open, the one that the others name."""
        if unit.unknown is None:
            return unit
        named = evaluate(fact.unit, self._as_empty, self.size, self.context)
        if fact.unpivot:
            named = named.take(np.tile(np.arange(self.size), len(fact.unpivot)))
        named, unit = aligned([named, unit])
        return choose(unknown_cells(unit), named, unit)


@dataclass(frozen=True)
class Placing:
    """What decides of each row whether, when and where it counts."""

    where: Vector
    since: Vector
    at: Vector
    unit: Vector
    private: Sequence[Vector]


@dataclass(frozen=True)
class Doubt:
    """Rows that may count, each once for every month in which it may: the row, its months and its week."""

    rows: Places
    since: Int
    months: Int
    weeks: Int


NOTHING = Doubt(np.zeros(0, dtype=np.intp), *(np.zeros(0, dtype=np.int64) for _ in range(3)))


def days(vector: Vector, context: Context) -> Int:
    """Day numbers of a date or datetime."""
    return context.calendar.to_day(vector.data) if vector.kind == "datetime" else vector.data


def _open(placing: Placing, lost: Bool) -> Bool:
    """Return the rows that may count, of which it is not known whether, when, where or for whom."""
    deciding = (placing.where, placing.since, placing.at, placing.unit, *placing.private)
    if all(vector.unknown is None for vector in deciding) and not lost.any():
        return np.zeros(len(lost), dtype=bool)
    open_: Bool = np.logical_or.reduce([lost, *(unknown_cells(vector) for vector in deciding)])
    return open_ & possible(placing.where)


def _lost(placing: Placing, given: Delivered) -> Bool:
    """Return the rejected rows; of unpivoted ones each of their parts."""
    return np.tile(given.lost, len(placing.where) // given.size) if given.size else given.lost


def held(placing: Placing, given: Delivered) -> Places:
    """Return the rows that count for certain."""
    counts = truth(placing.where) & placing.since.filled & placing.at.filled
    counts &= _months(placing.since, given) <= given.month
    return np.flatnonzero(counts & ~_open(placing, _lost(placing, given)))


def doubtful(fact: Fact, placing: Placing, given: Delivered) -> Doubt:
    """Return the rows that may count, in every month in which they may.

    A row whose date is known counts in its month if at all. One that began in a known month may count in any
    from then on, one of which not even that is known in any that the delivery holds.
    """
    open_ = _open(placing, _lost(placing, given))
    if not open_.any():
        return NOTHING
    since, at, context = placing.since, placing.at, given.context
    rows = np.flatnonzero(open_ & since.filled & at.filled & (_months(since, given) <= given.month))
    at_days = days(at.take(rows), context)
    dated = Doubt(rows, _months(since.take(rows), given), month_of(at_days), week_of(at_days))
    when_unknown = unknown_cells(since) | (unknown_cells(at) & since.filled)
    undated = [
        one for row in np.flatnonzero(open_ & when_unknown) for one in _spans(fact, placing, given, int(row))
    ]
    if fact.grain == "week":
        undated = [(row, since, month, week) for row, since, month, _ in undated for week in _weeks(month)]
    table = np.array(undated, dtype=np.int64).reshape(-1, 4)
    return Doubt(
        np.append(dated.rows, table[:, 0].astype(np.intp)),
        np.append(dated.since, table[:, 1]),
        np.append(dated.months, table[:, 2]),
        np.append(dated.weeks, table[:, 3]),
    )


def _spans(fact: Fact, placing: Placing, given: Delivered, row: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield a row without a date with the month it began in, and each month in which it may count."""
    here = np.array([row])
    if placing.since.filled[row]:
        began = int(_months(placing.since.take(here), given)[0])
        last = min(given.month, began + fact.lag_months) if fact.lag_months else given.month
        yield from ((row, began, month, 0) for month in range(began, last + 1))
        return
    first, own = given.first, given.own.chosen(here % given.size)
    if own.filled[0] and given.source.date in given.source.column:  # nothing of a case is before its date
        first = int(_months(own, given)[0])
    yield from ((row, month, month, 0) for month in range(first, given.month + 1))


def _weeks(month: int) -> range:
    """Return the weeks that have a day in a month."""
    first, end = first_day(np.array([month, month + 1]))
    return range(int(week_of(first)), int(week_of(end - 1)) + 1)


def _months(vector: Vector, given: Delivered) -> Int:
    return month_of(days(vector, given.context))
