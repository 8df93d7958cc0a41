"""A delivery's rows to its facts, lists and row counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opti_reports.algebra.calendar import DAY, date_of, month_of, week_of
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Bool, Int, Vector, concatenate, truth
from opti_reports.config.source import Fact, RowList, Source
from opti_reports.facts.links import linked
from opti_reports.model.delivery import Reject, RowCounts, UnitRows
from opti_reports.model.fact import FactTable, Shape

MONTHS = 100_000
"""More months than any calendar has, to pack a unit and a month into one number."""
NUMERIC = ("integer", "decimal", "eur")


@dataclass(frozen=True)
class Rows:
    """What reading a delivery gave: columns, their order by key, and what was not used."""

    columns: dict[str, Vector]
    rank: Int
    size: int
    read: int
    rejects: tuple[Reject, ...]
    ignored: tuple[str, ...]
    stand_ins: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Counted:
    """A delivery's facts by id, its lists by id (text cells, ``unit`` first), and what became of its rows."""

    tables: dict[str, FactTable]
    lists: dict[str, pd.DataFrame]
    counts: RowCounts


def count(source: Source, month: int, shapes: Mapping[str, Shape], rows: Rows, context: Context) -> Counted:
    """Everything the packs will ever know of a delivery."""
    columns = _derived(source, rows, context)
    tables, placed, standing = {}, np.zeros(rows.size, dtype=bool), np.zeros(rows.size, dtype=bool)
    units: list[UnitRows] = []
    for fact in source.fact:
        table, seen, of_units = _fact(fact, shapes[fact.id], columns, rows.size, month, context)
        tables[fact.id] = table
        units += of_units
        placed |= seen
        standing |= seen & fact.stock
    lists = {}
    for spec in source.list:
        lists[spec.id], shown = _list(spec, columns, rows.size, context)
        placed |= shown
        standing |= shown
    counts = _counts(
        source, month, rows, evaluate(source.date, columns, rows.size, context), placed, standing, context
    )
    return Counted(tables, lists, replace(counts, units=tuple(units)))


def _derived(source: Source, rows: Rows, context: Context) -> dict[str, Vector]:
    columns = dict(rows.columns)
    for name, text in source.derive.items():
        columns[name] = evaluate(text, columns, rows.size, context)
    for link in source.link:
        columns[link.id] = linked(link, columns, rows.rank, context)
    return columns


def days(vector: Vector, context: Context) -> Int:
    """Day numbers of a date or datetime."""
    return context.calendar.to_day(vector.data) if vector.kind == "datetime" else vector.data


def _unpivoted(fact: Fact, columns: Mapping[str, Vector], size: int) -> dict[str, Vector]:
    """Each row once per column of ``unpivot``, with the column's name and value."""
    repeated = np.tile(np.arange(size), len(fact.unpivot))
    long = {name: vector.take(repeated) for name, vector in columns.items()}
    names = np.repeat(np.arange(len(fact.unpivot), dtype=np.int64), size)
    long["statement"] = Vector(
        "text", names, np.ones(len(names), dtype=bool), words=fact.unpivot, codes=fact.unpivot
    )
    long["score"] = concatenate([columns[name] for name in fact.unpivot])
    return long


def _fact(
    fact: Fact, shape: Shape, columns: Mapping[str, Vector], size: int, month: int, context: Context
) -> tuple[FactTable, Bool, list[UnitRows]]:
    """The fact's table, which rows of the delivery it holds, and how many of each unit code."""
    long = _unpivoted(fact, columns, size) if fact.unpivot else dict(columns)
    many = size * max(1, len(fact.unpivot))
    where = truth(evaluate(fact.where, long, many, context))
    since = evaluate(fact.since, long, many, context)
    at = evaluate(fact.at or fact.since, long, many, context)
    kept = np.flatnonzero(where & since.filled & at.filled & (month_of(days(since, context)) <= month))
    measured: dict[str, Int] = {}
    for name, text in fact.measure.items():
        vector = long[name] = evaluate(text, long, many, context)
        data = np.where(vector.filled, vector.data, 0)
        measured[name] = data[kept]
        if name in shape.numeric:
            measured[f"{name}__filled"] = vector.filled[kept].astype(np.int64)
    at_days = days(at.take(kept), context)
    months = month_of(at_days)
    keys: dict[str, Int | pd.Categorical[str]] = {
        "since": month_of(days(since.take(kept), context)),
        "month": months,
    }
    if shape.weekly:
        keys["week"] = week_of(at_days)
    keys["unit"] = unit = _words(evaluate(fact.unit, long, many, context).take(kept))
    keys |= {name: _words(long[name].take(kept)) for name in shape.by}
    keys |= {name: long[name].take(kept).data for name in shape.private}
    seen = np.zeros(size, dtype=bool)
    own = kept % size if size else kept
    seen[own] = True
    units = _unit_rows(fact.id, unit, months, np.unique(own, return_index=True)[1])
    return FactTable(shape, _added(keys, measured)), seen, units


def _unit_rows(fact: str, unit: pd.Categorical[str], month: Int, once: NDArray[np.intp]) -> list[UnitRows]:
    """The rows of each unit code and month; ``once`` are the places where each delivered row comes first."""
    pair = unit.codes.astype(np.int64)[once] * MONTHS + month[once]
    found, rows = np.unique(pair, return_counts=True)
    return [
        UnitRows(fact, str(unit.categories[p // MONTHS]), p % MONTHS, n)
        for p, n in zip(found.tolist(), rows.tolist(), strict=True)
    ]


def _words(vector: Vector) -> pd.Categorical[str]:
    """A key as text: words, true/false, or a number's integer; empty cells as an empty text."""
    if vector.kind == "text":
        words: tuple[str, ...] = vector.words
        codes = vector.data
    elif vector.kind == "boolean":
        words, codes = ("false", "true"), vector.data
    else:
        distinct, codes = np.unique(vector.data, return_inverse=True)
        words = tuple(str(number) for number in distinct)
    found = pd.Index([*words, ""]).unique()
    place = found.get_indexer(pd.Index([*words, ""]))
    filled = np.where(vector.filled, codes, len(words))
    used, inverse = np.unique(place[filled], return_inverse=True)
    names = found[used]
    order = (
        np.argsort(names.to_numpy(dtype=object), kind="stable") if len(names) else np.zeros(0, dtype=np.intp)
    )
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    return pd.Categorical.from_codes(rank[inverse] if len(names) else inverse, categories=names[order])


def _added(keys: Mapping[str, Int | pd.Categorical[str]], measures: Mapping[str, Int]) -> pd.DataFrame:
    """Measures added over equal keys; rows sorted by key."""
    codes = [k.codes.astype(np.int64) if isinstance(k, pd.Categorical) else k for k in keys.values()]
    order = np.lexsort(codes[::-1])
    changed = np.zeros(len(order), dtype=bool)
    changed[:1] = True
    for code in codes:
        changed[1:] |= code[order][1:] != code[order][:-1]
    starts = np.flatnonzero(changed)
    frame = {name: key[order[starts]] for name, key in keys.items()}
    for name, data in measures.items():
        frame[name] = np.add.reduceat(data[order], starts) if len(starts) else np.zeros(0, dtype=np.int64)
    return pd.DataFrame(frame)


def _list(
    spec: RowList, columns: Mapping[str, Vector], size: int, context: Context
) -> tuple[pd.DataFrame, Bool]:
    """The rows of a list as text: dates in ISO form, numbers as they are, empty cells empty."""
    where = truth(evaluate(spec.where, columns, size, context))
    rows = np.flatnonzero(where)
    vectors = {name: evaluate(text, columns, size, context).take(rows) for name, text in spec.columns.items()}
    order = _order(spec, vectors, len(rows))
    shown = {"unit": _cells(evaluate(spec.unit, columns, size, context).take(rows).take(order), context)}
    shown |= {name: _cells(vector.take(order), context) for name, vector in vectors.items()}
    return pd.DataFrame(shown, dtype="str"), where


def _order(spec: RowList, vectors: Mapping[str, Vector], size: int) -> NDArray[np.intp]:
    """The rows in the order a list asks for: numbers and dates by size, texts by letter, empty cells last."""
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
    return [cell(int(v)) if filled else "" for v, filled in zip(vector.data, vector.filled, strict=True)]


def _counts(
    source: Source, month: int, rows: Rows, own: Vector, placed: Bool, standing: Bool, context: Context
) -> RowCounts:
    months = month_of(days(own, context))
    outside: NDArray[np.bool_] = own.filled & (months > month) & ~placed
    used = ~outside
    older = used & own.filled & (months < month - source.window_months + 1) & ~standing
    by_month = Counter(months[used & own.filled & (months <= month)].tolist())
    return RowCounts(
        rows.read,
        int(used.sum()),
        len(rows.rejects),
        int(outside.sum()),
        int(older.sum()),
        dict(sorted(by_month.items())),
        dict(sorted(Counter(r.reason for r in rows.rejects).items())),
        dict(_empty_cells(source, rows)),
        rows.ignored,
        stand_ins=rows.stand_ins,
    )


def _empty_cells(source: Source, rows: Rows) -> Iterable[tuple[str, int]]:
    for name, column in source.column.items():
        if column.type in NUMERIC and name in rows.columns:
            missing = int((~rows.columns[name].filled).sum())
            if missing:
                yield name, missing
