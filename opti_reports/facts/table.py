"""A fact's table: rows that count for certain, rows of which it is not known what they add, added by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opti_reports.algebra.calendar import month_of, week_of
from opti_reports.algebra.columns import Taken, narrow
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Bool, Int, Vector, concatenate, truth
from opti_reports.config.source import Fact
from opti_reports.facts.placing import Delivered, Placing, days, doubtful, held
from opti_reports.model.delivery import UnitRows
from opti_reports.model.fact import UNKNOWN_KEY, Shape


@dataclass(frozen=True)
class Counted:
    """A fact's table, which of the delivery's rows it holds, and how many used rows of each unit code."""

    table: pd.DataFrame
    seen: Bool
    units: list[UnitRows]


def _unpivoted(fact: Fact, columns: Mapping[str, Vector], size: int) -> MutableMapping[str, Vector]:
    """Return each row once per column of ``unpivot``, with the column's name and value."""
    repeated = np.tile(np.arange(size), len(fact.unpivot))
    long: dict[str, Vector] = {name: vector.take(repeated) for name, vector in columns.items()}
    names = np.repeat(np.arange(len(fact.unpivot), dtype=np.int64), size)
    long["statement"] = Vector(
        kind="text",
        data=names,
        filled=np.ones(len(names), dtype=bool),
        words=fact.unpivot,
        codes=fact.unpivot,
    )
    long["score"] = concatenate([columns[name] for name in fact.unpivot])
    return long


def counted(fact: Fact, shape: Shape, given: Delivered, *, part: bool) -> Counted:
    """Return the fact of some rows; a ``part`` of them that a pseudonym tells apart is only put in the order
    of the first keys, to be added later.
    """
    columns, size, context = given.columns, given.size, given.context
    long = _unpivoted(fact, columns, size) if fact.unpivot else Taken(columns, slice(0, size))
    many = size * max(1, len(fact.unpivot))
    where = evaluate(fact.where, long, many, context)
    since = evaluate(fact.since, long, many, context)
    at = evaluate(fact.at or fact.since, long, many, context)
    unit = evaluate(fact.unit, long, many, context)
    placing = Placing(where, since, at, unit, [long[name] for name in shape.private])
    sure, doubt = held(placing, given), doubtful(fact, placing, given)
    kept = np.append(sure, doubt.rows)
    measured = _measured(
        fact=fact, shape=shape, long=long, kept=kept, sure=len(sure), many=many, context=context
    )
    at_days = days(at.take(sure), context)
    months = np.append(month_of(at_days), doubt.months)
    keys: dict[str, Int | pd.Categorical[str]] = {
        "since": np.append(month_of(days(since.take(sure), context)), doubt.since),
        "month": months,
    }
    if shape.weekly:
        keys["week"] = np.append(week_of(at_days), doubt.weeks)
    named = given.unit_named(fact, unit) if doubt.rows.size else unit
    keys["unit"] = units = _words(named.take(kept))
    keys |= {name: _words(long[name].take(kept)) for name in shape.by}
    for name in shape.private:
        cells = long[name].take(kept)
        keys[name] = cells.data if cells.unknown is None else np.where(cells.unknown, 0, cells.data)
    seen = np.zeros(size, dtype=bool)
    own = kept % size if size else kept
    seen[own] = True
    once = len(own) if not fact.unpivot and not len(doubt.rows) else 0  # else rows may stand there again
    first = np.arange(once) if once else np.unique(own, return_index=True)[1]
    rows = _unit_rows(fact.id, units, months, first[~given.lost[own[first]]])
    if part and shape.private:
        return Counted(_by_first_keys(shape, keys, measured.items()), seen, rows)
    return Counted(added(keys, measured.items(), _apart(shape, measured)), seen, rows)


def _measured(
    fact: Fact,
    shape: Shape,
    long: MutableMapping[str, Vector],
    kept: Int,
    sure: int,
    many: int,
    context: Context,
) -> dict[str, Int | None]:
    """Return what each row adds for certain, and whether it is unknown what it adds; None: nothing of all
    rows.

    The first ``sure`` of the kept rows count; of the others it is not known what they add, if anything.
    """
    found: dict[str, Int | None] = {}
    filled: dict[str, Int | None] = {}
    unknown: dict[str, Int | None] = {}
    for name, text in fact.measure.items():
        vector = long[name] = evaluate(text, long, many, context)
        cells = vector.take(kept)
        data = np.where(cells.filled, cells.data, 0)
        data[sure:] = 0
        found[name] = data
        some = cells.filled.astype(np.int64)
        some[sure:] = 0
        if name in shape.numeric:
            filled[f"{name}__filled"] = some
        unknown[f"{name}__unknown"] = _left_open(cells, sure)
    return found | filled | unknown


def _left_open(cells: Vector, sure: int) -> Int | None:
    """1 for each row whose part in the measure is not known: that of a sure row, or of one that may count."""
    if cells.unknown is None and sure == len(cells):
        return None
    open_ = np.zeros(len(cells), dtype=bool) if cells.unknown is None else cells.unknown.copy()
    open_[sure:] |= (truth(cells) if cells.kind == "boolean" else cells.filled)[sure:]
    return open_.astype(np.int64)


def _apart(shape: Shape, measured: Mapping[str, Int | None]) -> list[Int]:
    """Return which numbers of each row are not known: rows that lack different ones are not added together.

    A ratio of two numbers of a row adds both or neither, so what a row lacks must not take another row along.
    Which ratios there are need not be known here, and the table of whole rows stays as it is.
    """
    unknown = (measured[f"{name}__unknown"] for name in shape.measures if name in shape.numeric)
    return [cells for cells in unknown if cells is not None]


def _unit_rows(fact: str, unit: pd.Categorical[str], month: Int, once: NDArray[np.intp]) -> list[UnitRows]:
    """Return the rows of each unit code and month; ``once`` are the places where each delivered row comes
    first.
    """
    if not len(once):
        return []
    first = int(month[once].min())
    span = int(month[once].max()) - first + 1
    rows = np.bincount(unit.codes.astype(np.int64)[once] * span + month[once] - first)
    found = np.flatnonzero(rows)
    return [
        UnitRows(fact, str(unit.categories[pair // span]), pair % span + first, many)
        for pair, many in zip(found.tolist(), rows[found].tolist(), strict=True)
    ]


def _words(vector: Vector) -> pd.Categorical[str]:
    """Return a key as text: words, true/false, a number's integer; an empty text if empty,
    ``?`` if unknown.
    """
    if vector.kind == "text":
        words: tuple[str, ...] = vector.words
        codes = vector.data
    elif vector.kind == "boolean":
        words, codes = ("false", "true"), vector.data
    else:
        distinct, codes = np.unique(vector.data, return_inverse=True)
        words = tuple(str(number) for number in distinct)
    found = pd.Index([*words, "", UNKNOWN_KEY]).unique()
    place = found.get_indexer(pd.Index([*words, "", UNKNOWN_KEY]))
    filled = np.where(vector.filled, codes, len(words))
    if vector.unknown is not None:
        filled[vector.unknown] = len(words) + 1
    codes = place[filled]
    there = np.bincount(codes, minlength=len(found)) > 0
    names = found[there]
    order = (
        np.argsort(names.to_numpy(dtype=object), kind="stable") if len(names) else np.zeros(0, dtype=np.intp)
    )
    rank = np.full(len(found), -1, dtype=np.intp)
    rank[np.flatnonzero(there)[order]] = np.arange(len(order))
    return pd.Categorical.from_codes(rank[codes], categories=names[order])


def _by_first_keys(
    shape: Shape, keys: dict[str, Int | pd.Categorical[str]], measures: Iterable[tuple[str, Int | None]]
) -> pd.DataFrame:
    """Return rows in the order of their first keys."""
    codes = (k.codes if isinstance(k, pd.Categorical) else k for k in map(keys.__getitem__, shape.first_keys))
    (place,) = _in_few(codes) or [np.zeros(0, dtype=np.uint64)]
    order = np.argsort(place.astype(np.min_scalar_type(place.max(initial=0))), kind="stable")
    frame = {name: cells[order] for name, cells in keys.items()}
    nothing = np.zeros(len(order), dtype=np.int64)
    for name, data in measures:
        frame[name] = nothing if data is None else data[order]
    return pd.DataFrame(frame, copy=False)


def added(
    keys: dict[str, Int | pd.Categorical[str]],
    measures: Iterable[tuple[str, Int | None]],
    apart: Iterable[Int],
) -> pd.DataFrame:
    """Measures added over rows alike in their keys and in what sets them ``apart``; rows sorted by key.

    The keys are taken out of ``keys``: there may be millions.
    """
    codes = _in_few([*(k.codes if isinstance(k, pd.Categorical) else k for k in keys.values()), *apart])
    order = np.argsort(codes[0]) if len(codes) == 1 else np.lexsort(codes[::-1])
    changed = np.zeros(len(order), dtype=bool)
    changed[:1] = True
    for code in codes:
        ordered = code[order]
        changed[1:] |= ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(changed)
    frame = {name: keys.pop(name)[order[starts]] for name in list(keys)}
    for name, data in measures:
        if data is None or not len(starts):
            frame[name] = np.zeros(len(starts), dtype=np.int64)
        else:
            frame[name] = np.add.reduceat(data[order], starts)
    return pd.DataFrame(frame, copy=False)


def _in_few(columns: Iterable[NDArray[Any]]) -> list[NDArray[np.uint64]]:
    """Return columns put together into as few as hold them, in the same order when they are compared."""
    found: list[NDArray[np.uint64]] = []
    left = 0
    for column in columns:
        cells = narrow(column)
        if cells.itemsize == 8 and len(cells):
            cells = np.unique(cells, return_inverse=True)[1]
        bits = int(cells.max(initial=0)).bit_length()
        if not found or bits > left:
            found.append(cells.astype(np.uint64))
            left = 64 - bits
        else:
            found[-1] = found[-1] << np.uint64(bits) | cells.astype(np.uint64)
            left -= bits
    return found
