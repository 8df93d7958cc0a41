"""How far amounts can lie from the truth at most, by one sum after another: quick, and never too narrow."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from opti_reports.disclosure.ledger import Ledger

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ROUNDS = 60
"""Passes over all sums; each lets what a sum tells of one amount tell of the amounts beside it."""
LEAST = 1e-6


@dataclass(frozen=True)
class Reach:
    """The lowest and highest step from the truth of each unknown amount, and the sum that says so (-1: none)."""

    at: dict[int, int]
    low: Floats
    high: Floats
    low_by: Ints
    high_by: Ints

    def width(self, number: int) -> float:
        """Return how far apart two tables can lie in an amount."""
        i = self.at[number]
        return float(self.high[i] - self.low[i])

    def steps(self, book: Ledger, number: int) -> list[int]:
        """Return the sums that bound an amount, with those that bound the others in them."""
        rows: list[int] = []
        open_, seen = [number], {number}
        while open_:
            i = self.at[open_.pop()]
            for row in {int(self.low_by[i]), int(self.high_by[i])} - {-1, *rows}:
                rows.append(row)
                others = {other for other, _ in book.sums[row] if other in self.at} - seen
                open_ += sorted(others)
                seen |= others
        return rows


def reach(book: Ledger, unknown: Collection[int], far: float) -> Reach:
    """Return how far unknown amounts can lie from the truth, at most ``far``."""
    order = sorted(unknown)
    at = {number: i for i, number in enumerate(order)}
    rows = sorted({row for number in order for row in book.sums_of[number]})
    cells = [(r, at[n], sign) for r, row in enumerate(rows) for n, sign in book.sums[row] if n in at]
    size = np.array([float(book.size[n]) for n in order])
    low = np.maximum(np.where([book.signed[n] for n in order], -np.inf, -size), -far)
    high = np.full(len(order), far)
    by = [np.full(len(order), -1), np.full(len(order), -1)]
    if not cells:
        return Reach(at, low, high, *by)
    r, c, s = (np.array(part) for part in zip(*cells, strict=True))
    named = np.array(rows)
    for _ in range(ROUNDS):
        least = np.where(s > 0, s * low[c], s * high[c])
        most = np.where(s > 0, s * high[c], s * low[c])
        down = -(np.bincount(r, most)[r] - most)
        up = -(np.bincount(r, least)[r] - least)
        lows, highs = np.where(s > 0, down, up) / s, np.where(s > 0, up, down) / s
        changed = _tighten(low, by[0], -1, c, lows, named[r]) | _tighten(high, by[1], 1, c, highs, named[r])
        if not changed:
            break
    return Reach(at, low, high, *by)


def _tighten(bound: Floats, by: Ints, side: int, cells: Ints, found: Floats, rows: Ints) -> bool:
    """Take over the narrowest bounds found, with the sums they come from; return whether any was narrower."""
    order = np.lexsort((side * found, cells))
    first = np.unique(cells[order], return_index=True)[1]
    pick = order[first]
    where, values = cells[pick], found[pick]
    better = side * values < side * bound[where] - LEAST
    bound[where[better]] = values[better]
    by[where[better]] = rows[pick][better]
    return bool(better.any())
