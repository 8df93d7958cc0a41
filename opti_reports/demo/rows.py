"""Tables of the demo: columns by name, all of the same length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.datetime64]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]
Table = Mapping[str, NDArray[Any]]
Rows = dict[str, NDArray[Any]]
NONE = np.datetime64("NaT", "s")
"""The empty time."""


def rows_of(table: Table) -> int:
    """Return the number of rows."""
    return len(next(iter(table.values()))) if table else 0


def take(table: Table, rows: NDArray[Any] | slice) -> Rows:
    """Return the rows chosen by a mask, by positions or by a slice."""
    return {name: values[rows] for name, values in table.items()}


def join(tables: Sequence[Table]) -> Rows:
    """Return the rows of several tables with the same columns, one after another."""
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def filled(table: Mapping[str, Any]) -> Rows:
    """Return the table with a single value that stands for a column in each of its rows."""
    return dict(zip(table, np.broadcast_arrays(*table.values()), strict=True))


def only(values: NDArray[Any], mask: Bools) -> NDArray[Any]:
    """Return the values where the mask holds, elsewhere empties: -1, NaN, NaT, None of texts."""
    nothing: Any = {"M": np.datetime64("NaT"), "f": np.nan, "O": None}.get(values.dtype.kind, -1)
    return np.where(mask, values.astype(np.int64) if values.dtype.kind == "b" else values, nothing)


def texts(values: Sequence[str]) -> Texts:
    """Return a column of texts; an empty one is an empty cell."""
    return np.array([value or None for value in values], dtype=object)
