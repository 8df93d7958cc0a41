"""Which delivery each month is taken from: the newest whose window holds it, never a shrunken one unasked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from opti_reports.config.guards import Guards
from opti_reports.model.fact import FactTable, Shape, some


@dataclass(frozen=True)
class Reach:
    """The months a delivery speaks of: from ``first`` (its earliest row, or as declared) to its own month."""

    month: int
    first: int
    window: int
    by_month: Mapping[int, int]

    def holds(self, month: int) -> bool:
        """Return whether the month is within the window that this delivery may replace."""
        return max(self.first, self.month - self.window + 1) <= month <= self.month


def reach(
    month: int, window: int, by_month: Mapping[int, int], covers: tuple[int, int] | None, *, open_cases: bool
) -> Reach:
    """Return the reach of a delivery: declared, else from its earliest row to its month.

    Where an extract also holds old open cases, rows before the window say nothing of their month.
    """
    first = min([*by_month, month])
    if open_cases:
        first = max(first, month - window + 1)
    return Reach(month, covers[0] if covers else first, window, by_month)


def winner(month: int, reaches: Sequence[Reach]) -> int | None:
    """Return the index of the delivery a month is taken from (deliveries in the order of their months).

    The newest whose window holds it; else the first that has it. A month before all of them is nobody's: what
    is there of it is only what reaches into the months delivered.
    """
    inside = [i for i, r in enumerate(reaches) if r.holds(month)]
    if inside:
        return inside[-1]
    older = [i for i, r in enumerate(reaches) if r.first <= month <= r.month]
    return older[0] if older else None


def covered(reaches: Sequence[Reach], *, snapshot: bool = False) -> frozenset[int]:
    """Return the months that some delivery speaks of; of a ``snapshot`` those that have one of their own."""
    if snapshot:
        return frozenset(reach.month for reach in reaches)
    return frozenset(m for r in reaches for m in range(r.first, r.month + 1))


@dataclass(frozen=True)
class Shrunk:
    """A month that a new delivery would leave with far fewer rows than an earlier one had."""

    month: int
    before: int
    after: int


def much_lost(before: int, after: int, guards: Guards) -> bool:
    """Return whether more rows are lost than a month may lose."""
    lost = before - after
    return lost > guards.lost_rows and lost / before > guards.lost_share


def shrunken(reaches: Sequence[Reach], guards: Guards) -> tuple[Shrunk, ...]:
    """Return the months the last delivery would shrink too much."""
    *earlier, new = reaches
    found = []
    for month in range(max(new.first, new.month - new.window + 1), new.month):
        index = winner(month, earlier)
        before = earlier[index].by_month.get(month, 0) if index is not None else 0
        after = new.by_month.get(month, 0)
        if much_lost(before, after, guards):
            found.append(Shrunk(month, before, after))
    return tuple(found)


def frozen(fact: str, tables: Sequence[Mapping[str, FactTable]], reaches: Sequence[Reach]) -> tuple[int, ...]:
    """Return months before the newest delivery's window that it counts otherwise than the one they are taken
    from.

    ``tables`` are those of each delivery by fact; only the ones that are needed are asked for. The months
    stay as they were published; that they would differ is reported.
    """
    *earlier, new = reaches
    if not earlier:
        return ()
    newest = tables[-1][fact]
    found = []
    for month in sorted(newest.rows["since"].unique().tolist()):
        if not new.first <= month <= new.month - new.window:
            continue
        index = winner(month, earlier)
        if index is not None and _counts(newest, month) != _counts(tables[index][fact], month):
            found.append(month)
    return tuple(found)


def _counts(table: FactTable, month: int) -> dict[str, list[int]]:
    """Return the sums of a month by unit code."""
    rows = table.rows[table.rows["since"] == month]
    sums = rows.groupby(rows["unit"].astype(str))[table.shape.sums].sum()
    return {str(unit): counts for unit, counts in zip(sums.index, sums.to_numpy().tolist(), strict=True)}


def won(reaches: Sequence[Reach]) -> list[frozenset[int]]:
    """Return the months that are taken from each delivery."""
    by = {m: winner(m, reaches) for m in covered(reaches)}
    return [frozenset(m for m, winning in by.items() if winning == i) for i in range(len(reaches))]


def merged(
    shape: Shape,
    tables: Sequence[FactTable],
    reaches: Sequence[Reach],
    *,
    snapshot: bool = False,
    first: int = 0,
) -> pd.DataFrame:
    """Return a fact's rows from month ``first`` on, each month from the delivery that wins it (by the row's
    own month).

    A ``snapshot`` says how things stood at the end of its own month: no later delivery can tell that again.
    """
    parts = []
    for table, months in zip(tables, won(reaches), strict=True):
        since = table.rows["since"].to_numpy()
        kept = np.full(len(since), snapshot) | np.isin(since, list(months))
        if first:
            kept &= table.rows["month"].to_numpy() >= first
        parts.append(some(table.rows, kept))
    if len(parts) == 1:
        return parts[0].reset_index(drop=True)
    frame = {name: _in_a_row([part[name] for part in parts]) for name in (*shape.keys, *shape.sums)}
    return pd.DataFrame(frame, copy=False)  # one column beside another: of millions of rows, no second copy


def _in_a_row(columns: Sequence[pd.Series[Any]]) -> Any:
    """Return a column of several tables: words that are numbered anew, or integers."""
    if not isinstance(columns[0].dtype, pd.CategoricalDtype):
        return np.concatenate([column.to_numpy() for column in columns])
    words = [column.cat.categories.tolist() for column in columns]
    names = sorted(set().union(*words))
    place = {name: i for i, name in enumerate(names)}
    codes = [
        np.array([place[word] for word in own] or [0])[column.cat.codes]
        for own, column in zip(words, columns, strict=True)
    ]
    return pd.Categorical.from_codes(np.concatenate(codes), pd.Index(names, dtype="str"))
