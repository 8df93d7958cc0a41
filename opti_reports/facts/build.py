"""A delivery's rows to its facts, lists and row counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opti_reports.algebra.calendar import DAY, date_of, month_of
from opti_reports.algebra.columns import Columns, Taken
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.memory import give_back
from opti_reports.algebra.vector import Bool, Int, Vector, concatenate, possible, truth, unknown_cells
from opti_reports.config.source import RowList, Source
from opti_reports.facts.days import by_day
from opti_reports.facts.filled import by_column
from opti_reports.facts.links import linked
from opti_reports.facts.placing import Delivered, days
from opti_reports.facts.table import counted
from opti_reports.model.delivery import (
    FileRows,
    Reject,
    RowCounts,
    UnitCells,
    UnitDays,
    UnitRows,
    UnknownCells,
)
from opti_reports.model.fact import FactTable, Shape
from opti_reports.model.report import UNKNOWN_CELL

SURE = ("quotes",)
"""Lists without the rows of which it is not known whether they belong; elsewhere that would hide a case."""
NUMERIC = ("integer", "decimal", "eur")
NO_FILE = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What reading a delivery gave: columns, their order by key and their file, and what was not used.

    ``lost`` are the rejected rows that would have counted, as far as their cells can be relied upon, and
    ``cells`` the unknown cells of the others.
    """

    columns: Mapping[str, Vector]
    rank: Int
    size: int
    read: int
    rejects: tuple[Reject, ...]
    ignored: tuple[str, ...]
    file: NDArray[np.int32] = field(default_factory=lambda: NO_FILE)
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


def count(source: Source, month: int, shapes: Mapping[str, Shape], rows: Rows, context: Context) -> Counted:
    """Return everything the packs will ever know of a delivery."""
    given = delivered(source, month, rows, context)
    used = slice(0, rows.size)
    own = given.own.take(used)
    on_days, cells = _laid_out(
        source=source,
        month=month,
        columns=Taken(given.columns, used),
        file=rows.file,
        own=own,
        context=context,
    )
    give_back()
    tables, placed, standing = {}, np.zeros(rows.size, dtype=bool), np.zeros(rows.size, dtype=bool)
    units: list[UnitRows] = []
    for fact in source.fact:
        made = counted(fact, shapes[fact.id], given)
        give_back()
        tables[fact.id] = made.table
        units += made.units
        placed |= made.seen[: rows.size]
        standing |= made.seen[: rows.size] & fact.stock
    lists = {}
    for spec in source.list:
        lists[spec.id], shown = _list(spec, given.columns, given.lost, context)
        placed |= shown[: rows.size]
        standing |= shown[: rows.size]
    counts = _counts(
        source=source, month=month, rows=rows, own=own, placed=placed, standing=standing, context=context
    )
    counts = replace(counts, units=tuple(units), days=on_days, cells=cells)
    return Counted(tables, lists, counts)


def _laid_out(
    source: Source,
    month: int,
    columns: Mapping[str, Vector],
    file: NDArray[np.int32],
    own: Vector,
    context: Context,
) -> tuple[tuple[UnitDays, ...], tuple[UnitCells, ...]]:
    """Return the rows on each day of the month, and what is filled of the columns that may be empty."""
    day = days(own, context)
    on_days = by_day(
        source=source,
        month=month,
        columns=columns,
        file=file,
        own=day,
        filled=own.filled,
        context=context,
    )
    return tuple(on_days), tuple(by_column(source, columns, month_of(day), own.filled, context))


def delivered(source: Source, month: int, rows: Rows, context: Context) -> Delivered:
    """Return the rows with their derived columns and links, the rejected ones that would have counted after
    them.
    """
    columns, rank, more = Columns(rows.columns), rows.rank, 0
    if rows.lost:
        more = len(next(iter(rows.lost.values())))
        for name in columns:
            columns[name] = concatenate([columns[name], rows.lost[name]])
        rank = np.append(rank, np.arange(more) + rank.max(initial=0) + 1)
    size = rows.size + more
    lost = np.arange(size) >= rows.size
    for name, text in source.derive.items():
        columns[name] = evaluate(text, columns, size, context)
    for link in source.link:
        columns[link.id] = linked(link, columns, rank, context, lost if more else None)
    give_back()
    own = evaluate(source.date, columns, size, context)
    months = month_of(days(own, context))[own.filled & ~lost]
    earliest = int(months.min(initial=month)) if len(months) else month
    first = max(min(earliest, month), month - source.window_months + 1)
    return Delivered(
        source=source, month=month, first=first, columns=columns, lost=lost, own=own, context=context
    )


def _list(
    spec: RowList, columns: Mapping[str, Vector], lost: Bool, context: Context
) -> tuple[pd.DataFrame, Bool]:
    """Return the rows of a list as text: dates in ISO form, numbers as they are, empty cells empty."""
    size = len(lost)
    found = evaluate(spec.where, columns, size, context)
    where = (truth(found) if spec.kind in SURE else possible(found)) & ~lost
    rows = np.flatnonzero(where)
    vectors = {name: evaluate(text, columns, size, context).take(rows) for name, text in spec.columns.items()}
    order = _order(spec, vectors, len(rows))
    shown = {"unit": _cells(evaluate(spec.unit, columns, size, context).take(rows).take(order), context)}
    shown |= {name: _cells(vector.take(order), context) for name, vector in vectors.items()}
    return pd.DataFrame(shown, dtype="str"), where


def _order(spec: RowList, vectors: Mapping[str, Vector], size: int) -> NDArray[np.intp]:
    """Return the rows in the order a list asks for: numbers and dates by size, texts by letter, empty cells
    last.
    """
    order = np.arange(size)
    for name in reversed(spec.order):
        vector = vectors[name.lstrip("-")].take(order)
        data = vector.data
        if vector.kind == "text" and vector.words:
            rank = np.argsort(np.argsort(np.array(vector.words, dtype=object)))
            data = rank[np.where(vector.filled, data, 0)]
        data = -data if name.startswith("-") else data
        order = order[np.lexsort((data, ~vector.filled))]
    return order


def _cells(vector: Vector, context: Context) -> list[str]:
    show: dict[str, Callable[[int], str]] = {
        "text": lambda v: vector.words[v],
        "boolean": lambda v: "true" if v else "false",
        "date": lambda v: date_of(v).isoformat(),
        "number": lambda v: str(v) if vector.denominator == 1 else str(v / vector.denominator),
    }
    if vector.kind == "datetime":
        vector = replace(vector, kind="date", data=context.calendar.to_wall(vector.data) // DAY)
    cell = show[vector.kind]
    shown = [cell(int(v)) if filled else "" for v, filled in zip(vector.data, vector.filled, strict=True)]
    if vector.unknown is None:
        return shown
    return [UNKNOWN_CELL if unknown else text for text, unknown in zip(shown, vector.unknown, strict=True)]


def _counts(
    source: Source, month: int, rows: Rows, own: Vector, placed: Bool, standing: Bool, context: Context
) -> RowCounts:
    months = month_of(days(own, context))
    outside: NDArray[np.bool_] = own.filled & (months > month) & ~placed
    used = ~outside
    older = used & own.filled & (months < month - source.window_months + 1) & ~standing
    by_month = Counter(months[used & own.filled & (months <= month)].tolist())
    return RowCounts(
        read=rows.read,
        used=int(used.sum()),
        rejected=len(rows.rejects),
        outside=int(outside.sum()),
        older=int(older.sum()),
        by_month=dict(sorted(by_month.items())),
        reasons=dict(sorted(Counter(r.reason for r in rows.rejects).items())),
        empty_cells=dict(_empty_cells(source, rows)),
        ignored_columns=rows.ignored,
        unknown_cells=rows.cells,
        files=rows.files,
        stand_ins=rows.stand_ins,
        lacking=rows.lacking,
    )


def _empty_cells(source: Source, rows: Rows) -> Iterable[tuple[str, int]]:
    for name, column in source.column.items():
        if column.type in NUMERIC and name in rows.columns:
            vector = rows.columns[name]
            missing = int((~vector.filled & ~unknown_cells(vector)).sum())
            if missing:
                yield name, missing
