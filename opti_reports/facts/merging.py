"""A fact that was counted some rows at a time: its parts are put aside, and added up some keys at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opti_reports.algebra.aside import Shelf
from opti_reports.algebra.columns import Columns, numbers
from opti_reports.algebra.vector import Int, Vector
from opti_reports.facts.table import added
from opti_reports.model.fact import Shape

Part = Columns | pd.DataFrame
"""A part of a fact's table; the only one is not put aside."""
MONTHS = 100_000
"""More months, weeks and units than there are of any, to pack them into one number."""
MERGED_AT_ONCE = 1 << 18
"""About so many rows of parts are added at a time, those of one unit and month together."""


def put_aside(table: pd.DataFrame, shelf: Shelf | None) -> Columns:
    """Return a part of a fact's table kept small."""
    found = Columns(shelf=shelf)
    for name, cells in table.items():
        if isinstance(cells.dtype, pd.CategoricalDtype):
            codes = np.asarray(cells.cat.codes, dtype=np.int64)
            words = tuple(map(str, cells.cat.categories))
            filled = np.broadcast_to(np.True_, len(codes))
            found[str(name)] = Vector(kind="text", data=codes, filled=filled, words=words)
        else:
            found[str(name)] = numbers(cells.to_numpy(), shelf)
    return found


def merged(shape: Shape, tables: Sequence[Part]) -> Iterator[pd.DataFrame]:
    """Yield a fact's table in pieces: its rows by their keys, those of several parts added up."""
    parts = [table for table in tables if isinstance(table, Columns)]
    if not parts:
        yield from (table for table in tables if isinstance(table, pd.DataFrame))
        return
    texts = [name for name in shape.keys if parts[0].kept(name).like.kind == "text"]
    words = {name: sorted({word for part in parts for word in part.kept(name).like.words}) for name in texts}
    places = [_places(shape, part, words) for part in parts]
    every, at = np.unique(np.concatenate([place for place, _ in places]), return_inverse=True)
    rows = np.zeros(len(every), dtype=np.int64)
    np.add.at(rows, at, np.concatenate([np.diff(starts) for _, starts in places]))
    for low, high in _cuts(every, rows):
        cells = [
            _cells(part, slice(*starts[np.searchsorted(place, (low, high))].tolist()))
            for part, (place, starts) in zip(parts, places, strict=True)
        ]
        yield _added(shape, cells, words)


def whole(pieces: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return a fact's table of its pieces."""
    return pieces[0] if len(pieces) == 1 else pd.concat(pieces, ignore_index=True)


def _places(shape: Shape, part: Columns, words: dict[str, list[str]]) -> tuple[Int, Int]:
    """Return the first keys of a part as one number, each once, and where its rows begin; the end is last."""
    since, month, last = (part[name] for name in shape.first_keys)
    third = _renumbered(last, words["unit"]) if last.kind == "text" else last.data
    first = (since.data * MONTHS + month.data) * MONTHS + third
    starts = np.flatnonzero(np.append([True], first[1:] != first[:-1])[: len(first)])
    return first[starts], np.append(starts, len(first))


def _cuts(every: Int, rows: Int) -> Iterator[tuple[int, int]]:
    """Yield from which first key to which the rows are added at a time; the last is beyond all."""
    most = np.iinfo(np.int64).max
    piece = np.cumsum(rows) // MERGED_AT_ONCE
    begin = every[np.flatnonzero(np.append([True], piece[1:] != piece[:-1]))[: len(every)]].tolist() or [0]
    yield from zip(begin, [*begin[1:], most], strict=True)


def _cells(part: Columns, rows: slice) -> dict[str, Vector]:
    return {name: part.kept(name).vector(rows.start, rows.stop) for name in part}


def _added(shape: Shape, parts: Sequence[dict[str, Vector]], words: dict[str, list[str]]) -> pd.DataFrame:
    def in_a_row(name: str) -> NDArray[Any]:
        return np.concatenate([part[name].data for part in parts])

    keys: dict[str, Int | pd.Categorical[str]] = {}
    for name in shape.keys:
        if name in words:
            codes = np.concatenate([_renumbered(part[name], words[name]) for part in parts])
            keys[name] = pd.Categorical.from_codes(codes, categories=pd.Index(words[name]))
        else:
            keys[name] = in_a_row(name)
    unknown = (f"{name}__unknown" for name in shape.measures if name in shape.numeric)
    apart = [np.minimum(in_a_row(name), 1) for name in unknown]
    return added(keys, ((name, in_a_row(name)) for name in shape.sums), apart)


def _renumbered(vector: Vector, words: list[str]) -> Int:
    """Return the words of a part by their numbers among those of all."""
    number = {word: at for at, word in enumerate(words)}
    return np.array([number[word] for word in vector.words], dtype=np.int64)[vector.data]
