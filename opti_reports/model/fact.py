"""Facts: integer measures counted by unit code, month and keys; they merge by adding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd  # configs need shapes without tables, and pandas takes a quarter of a second to load
    from numpy.typing import NDArray

UNKNOWN_KEY = "?"
"""The value of a key that is not known of a row: it may be any of the others."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a fact's table holds.

    ``by`` gives each key's denominator (1 for words: keys are stored as text, a number as its integer times
    the denominator), ``measures`` each measure's denominator; ``numeric`` names measures that add a column's
    numbers: their filled cells are counted beside them as ``<measure>__filled``. ``<measure>__unknown``
    counts the rows whose part in a measure is not known: 0 or 1 each of a count, anything of a number. Rows
    that lack different numbers stand apart, so more than one row of a table may have the same keys.
    """

    id: str
    source: str
    system: str
    by: dict[str, int]
    codes: dict[str, tuple[str, ...]]
    measures: dict[str, int]
    numeric: frozenset[str]
    private: tuple[str, ...]
    stock: bool
    weekly: bool

    @property
    def keys(self) -> list[str]:
        """Return the columns that say what a row of the table is about."""
        week = ["week"] if self.weekly else []
        return ["since", "month", *week, "unit", *self.by, *self.private]

    @property
    def first_keys(self) -> list[str]:
        """Return the first three keys: rows that agree in them are few enough to be looked at together."""
        return self.keys[:3]

    @property
    def sums(self) -> list[str]:
        """Return the columns that are added."""
        filled = (f"{name}__filled" for name in self.measures if name in self.numeric)
        return [*self.measures, *filled, *(f"{name}__unknown" for name in self.measures)]


@dataclass(frozen=True, eq=False)
class FactTable:
    """One delivery's rows of a fact: the shape's keys (months and weeks as integers) and sums (int64)."""

    shape: Shape
    rows: pd.DataFrame


def some(rows: pd.DataFrame, kept: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the rows that are kept; where all are, no copy of them."""
    return rows if kept.all() else rows[kept]
