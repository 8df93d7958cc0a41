"""A delivery's rows to its facts, lists and row counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opti_reports.algebra.aside import Shelf
from opti_reports.algebra.calendar import month_of
from opti_reports.algebra.columns import Columns, Packed, joined, slices
from opti_reports.algebra.functions import Context
from opti_reports.algebra.links import Ranks, linked
from opti_reports.algebra.memory import give_back
from opti_reports.algebra.vector import Bool, Int, Vector, aligned
from opti_reports.algebra.whole import OWN, evaluated
from opti_reports.config.source import Source
from opti_reports.facts.days import by_day
from opti_reports.facts.filled import by_column
from opti_reports.facts.lists import listed, shown
from opti_reports.facts.merging import Part, merged, put_aside, whole
from opti_reports.facts.placing import Delivered, days
from opti_reports.facts.table import counted
from opti_reports.model.delivery import FileRows, Reject, RowCounts, UnitRows, UnknownCells
from opti_reports.model.fact import FactTable, Shape

NUMERIC = ("integer", "decimal", "eur")
NO_FILE = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What reading a delivery gave: columns, their order by key and their file, and what was not used.

    ``lost`` are the rejected rows that would have counted, as far as their cells can be relied upon, and
    ``cells`` the unknown cells of the others.
    """

    columns: Mapping[str, Vector]
    rank: Ranks
    size: int
    read: int
    rejects: tuple[Reject, ...]
    ignored: tuple[str, ...]
    file: NDArray[Any] = field(default_factory=lambda: NO_FILE)
    files: tuple[FileRows, ...] = ()
    lost: dict[str, Vector] = field(default_factory=dict)
    cells: tuple[UnknownCells, ...] = ()
    stand_ins: dict[str, str] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counted:
    """A delivery's facts by id, its lists by id (text cells, ``unit`` first), and what became of its rows."""

    tables: dict[str, FactTable]
    lists: dict[str, pd.DataFrame]
    counts: RowCounts


@dataclass(frozen=True)
class _Made:
    """What the rows counted so far made: parts of facts and lists, rows by unit, and which rows they hold.

    ``standing`` are rows of a list, or of a fact of what stands at a month's end.
    """

    facts: dict[str, list[Part]]
    lists: dict[str, list[Mapping[str, Vector]]]
    units: Counter[UnitRows]
    placed: Bool
    standing: Bool


Keep = Callable[[Shape, Iterator[pd.DataFrame]], None]
"""Takes a fact's table in pieces, to keep it elsewhere."""


def count(
    source: Source,
    month: int,
    shapes: Mapping[str, Shape],
    rows: Rows,
    context: Context,
    *,
    keep: Keep | None = None,
) -> Counted:
    """Return everything the packs will ever know of a delivery, but for tables kept elsewhere."""
    given = delivered(source, month, rows, context)
    give_back()
    made = _made(source, shapes, given, given.columns.shelf if isinstance(given.columns, Columns) else None)
    counts = _counts(source=source, month=month, rows=rows, given=given, made=made)
    on_days = by_day(
        source=source, month=month, columns=given.columns, file=rows.file, own=given.own, context=context
    )
    cells = by_column(source, given.columns, given.own, rows.size, context)
    counts = replace(counts, days=tuple(on_days), cells=tuple(cells))
    lists = {spec.id: shown(spec, made.lists.pop(spec.id), context) for spec in source.list}
    give_back()
    tables = {}
    for fact in source.fact:
        pieces = merged(shapes[fact.id], made.facts.pop(fact.id))
        if keep:
            keep(shapes[fact.id], pieces)
        else:
            tables[fact.id] = FactTable(shapes[fact.id], whole(list(pieces)))
        give_back()
    return Counted(tables, lists, counts)


def _made(source: Source, shapes: Mapping[str, Shape], given: Delivered, shelf: Shelf | None) -> _Made:
    """Return facts and lists of some rows at a time."""
    made = _Made(
        facts={fact.id: [] for fact in source.fact},
        lists={spec.id: [] for spec in source.list},
        units=Counter(),
        placed=np.zeros(given.size, dtype=bool),
        standing=np.zeros(given.size, dtype=bool),
    )
    every = slices(given.size)
    for own in every:
        part = given.part(own)
        for fact in source.fact:
            found = counted(fact, shapes[fact.id], part, part=len(every) > 1)
            table = found.table if len(every) == 1 else put_aside(found.table, shelf)
            made.facts[fact.id].append(table)
            for unit in found.units:
                made.units[unit._replace(rows=0)] += unit.rows
            made.placed[own] |= found.seen
            made.standing[own] |= found.seen & fact.stock
        for spec in source.list:
            cells, where = listed(spec, part)
            made.lists[spec.id].append(cells)
            made.placed[own] |= where
            made.standing[own] |= where
    return made


def delivered(source: Source, month: int, rows: Rows, context: Context) -> Delivered:
    """Return the rows with their derived columns and links, the rejected ones that would have counted after
    them.
    """
    columns, rank, more = Columns(rows.columns), rows.rank, 0
    if rows.lost:
        more = len(next(iter(rows.lost.values())))
        for name in columns:
            columns[name] = _longer(columns.kept(name), rows.lost[name], columns)
        rank = _Longer(rank, rows.size)
    size = rows.size + more
    lost = np.arange(size) >= rows.size
    columns.join(evaluated(source.derive, columns, size, context, columns.shelf))
    for link in source.link:
        columns[link.id] = linked(link, columns, rank, context, lost if more else None)
    give_back()
    own = evaluated({OWN: source.date}, columns, size, context, columns.shelf).kept(OWN)
    earliest = month
    for some in slices(rows.size):
        dates = own.vector(some.start, min(some.stop, rows.size))
        months = month_of(days(dates, context))[dates.filled]
        earliest = min(earliest, int(months.min(initial=month)))
    first = max(earliest, month - source.window_months + 1)
    return Delivered(
        source=source, month=month, first=first, columns=columns, lost=lost, own=own, context=context
    )


@dataclass(frozen=True)
class _Longer:
    """The order of rows by their key, rejected ones after all others."""

    rank: Ranks
    size: int

    def __getitem__(self, rows: Int, /) -> Int:
        found = rows.astype(np.int64)  # above any place among fewer rows
        inside = rows < self.size
        found[inside] = self.rank[rows[inside]]
        return found


def _longer(kept: Packed, lost: Vector, columns: Columns) -> Packed:
    """Return a column with the cells of the rejected rows after the others."""
    if lost.words == kept.like.words:
        return joined([kept, Packed.of(lost)], kept.like, columns.shelf)
    cells, after = aligned([kept.vector(), lost])
    return joined([Packed.of(cells), Packed.of(after)], cells, columns.shelf)


def _counts(source: Source, month: int, rows: Rows, given: Delivered, made: _Made) -> RowCounts:
    """Return what became of the rows: those of later months, of months before the window, and of each."""
    outside = older = 0
    by_month = Counter[int]()
    for some in slices(rows.size):
        own = slice(some.start, min(some.stop, rows.size))
        dates = given.own.vector(own.start, own.stop)
        months = month_of(days(dates, given.context))
        beyond = dates.filled & (months > month) & ~made.placed[own]
        before = dates.filled & (months < month - source.window_months + 1) & ~made.standing[own] & ~beyond
        outside, older = outside + int(beyond.sum()), older + int(before.sum())
        inside, many = np.unique(months[dates.filled & (months <= month) & ~beyond], return_counts=True)
        by_month.update(dict(zip(inside.tolist(), many.tolist(), strict=True)))
    return RowCounts(
        read=rows.read,
        used=rows.size - outside,
        rejected=len(rows.rejects),
        outside=outside,
        older=older,
        by_month=dict(sorted(by_month.items())),
        reasons=dict(sorted(Counter(r.reason for r in rows.rejects).items())),
        empty_cells=dict(_empty_cells(source, rows)),
        ignored_columns=rows.ignored,
        unknown_cells=rows.cells,
        files=rows.files,
        units=tuple(unit._replace(rows=many) for unit, many in _sorted_units(source, made.units)),
        stand_ins=rows.stand_ins,
        lacking=rows.lacking,
    )


def _sorted_units(source: Source, units: Counter[UnitRows]) -> list[tuple[UnitRows, int]]:
    """Return the rows by unit in the order of the facts."""
    place = {fact.id: at for at, fact in enumerate(source.fact)}
    return sorted(units.items(), key=lambda one: (place[one[0].fact], one[0].code, one[0].month))


def _empty_cells(source: Source, rows: Rows) -> Iterable[tuple[str, int]]:
    columns = rows.columns if isinstance(rows.columns, Columns) else Columns(rows.columns)
    for name, spec in source.column.items():
        if spec.type in NUMERIC and name in columns:
            kept = columns.kept(name)
            missing = int((~kept.filled_cells() & ~kept.unknown_cells()).sum())
            if missing:
                yield name, missing
