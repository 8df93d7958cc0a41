"""Sums of amounts by place, as a solver takes them, and which of them follow from others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
PRIME = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Equations:
    """Rows of amounts with signs that add to nothing: how many each has, the places of all and their signs.

    None is empty.
    """

    lengths: Ints
    at: Ints
    signs: Ints

    @classmethod
    def of(cls, rows: Iterable[Sequence[tuple[int, int]]]) -> Equations:
        """Return equations from their terms: place and sign."""
        given = list(rows)
        terms = np.array([term for row in given for term in row], dtype=np.int64).reshape(-1, 2)
        return cls(np.array([len(row) for row in given], dtype=np.int64), terms[:, 0], terms[:, 1])

    @cached_property
    def starts(self) -> Ints:
        """Return where each row begins, and where the last one ends."""
        return np.concatenate([[0], np.cumsum(self.lengths)])

    def missed(self, steps: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return by how much steps of the amounts miss each sum."""
        return np.add.reduceat(self.signs * steps[self.at], self.starts[:-1]) if len(self.at) else steps[:0]

    def both_ways(self, amounts: int) -> Equations:
        """Return the same with a second place for each amount, behind all, for its steps the other way."""
        order = np.argsort(np.tile(self._row_of, 2), kind="stable")
        at, signs = np.concatenate([self.at, self.at + amounts]), np.concatenate([self.signs, -self.signs])
        return Equations(self.lengths * 2, at[order], signs[order])

    def apart(self) -> Equations:
        """Return those that all others follow from, the shortest there are: a program of those is quicker.

        One with an amount that stands in no other follows from none; the rest by Gaussian elimination in
        whole numbers modulo a prime.
        """
        left = self._entangled()
        kept = np.ones(len(self.lengths), dtype=bool)
        kept[left] = False
        pivots = dict[int, dict[int, int]]()
        for row in left[np.argsort(self.lengths[left], kind="stable")].tolist():
            rest = self._row(row)
            while (at := next((n for n in rest if n in pivots), None)) is not None:
                times = rest[at]
                for n, sign in pivots[at].items():
                    by = (rest.get(n, 0) - times * sign) % PRIME
                    if by:
                        rest[n] = by
                    else:
                        del rest[n]
            if rest:
                kept[row] = True
                at = min(rest)
                inverse = pow(rest[at], -1, PRIME)
                pivots[at] = {n: by * inverse % PRIME for n, by in rest.items()}
        terms = kept[self._row_of]
        return Equations(self.lengths[kept], self.at[terms], self.signs[terms])

    def _entangled(self) -> Ints:
        """Return the rows left when those with an amount of their own are taken away, again and again."""
        left = np.ones(len(self.lengths), dtype=bool)
        while True:
            there = left[self._row_of]
            alone = there & (np.bincount(self.at[there], minlength=self.at.max(initial=0) + 1)[self.at] == 1)
            if not alone.any():
                return np.flatnonzero(left)
            left[self._row_of[alone]] = False

    @cached_property
    def _row_of(self) -> Ints:
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    def _row(self, row: int) -> dict[int, int]:
        terms = slice(self.starts[row], self.starts[row + 1])
        return dict(zip(self.at[terms].tolist(), self.signs[terms].tolist(), strict=True))
