"""Amounts to cells: one figure of a node and period with its parts, and what it may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache, partial
from itertools import repeat, starmap
from typing import Any, NamedTuple

import numpy as np

from opti_reports.algebra.intervals import net_promoter, wilson
from opti_reports.algebra.student import of_mean
from opti_reports.algebra.vector import Bool, Int
from opti_reports.config.metric import Added, Ratio
from opti_reports.metrics import extremes
from opti_reports.metrics.amounts import Amounts, together
from opti_reports.metrics.extremes import Joint
from opti_reports.model.value import Range


class Cell(NamedTuple):
    """One figure before its state is known. A tuple, because there are hundreds of thousands.

    Its fields up to ``interval``, and the two after it, follow each other as in a value.
    """

    value: Fraction | None = None
    num: Fraction | None = None
    den: Fraction | None = None
    n: int | None = None
    interval: tuple[float, float] | None = None
    unknown: int = 0
    """Rows whose part in it is not known."""
    range: Range | None = None
    """The lowest and highest value they may make of it; None where they may make anything."""
    empty: bool = False
    """Every cell of a numeric measure behind it was empty."""
    n_most: int = 0
    """The n with all of them counted."""

    @property
    def ends(self) -> Range | None:
        """Return the lowest and highest it can be, of a figure without unknown rows twice itself."""
        if self.unknown or self.value is None:
            return self.range
        return self.value, self.value


NOTHING = Cell(n=0)
Cells = dict[tuple[int, int], Cell]
Pair = tuple[int, int]
"""An amount's number and what it is over, as Python's integers: their products are exact however large."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Sides:
    """What a sum's or ratio's cells are made of.

    ``n`` is None where the denominator (or the sum) counts the cases, ``parts`` are those of the interval.
    """

    metric: Added
    num: Amounts
    den: Amounts | None
    n: Amounts | None
    parts: list[Amounts]
    joint: Joint | None = None

    @cached_property
    def doubt(self) -> Int | None:
        """Return the rows whose part is not known, by node and period; None where all is known."""
        amounts = [amount for amount in (self.num, self.den, self.n) if amount is not None]
        found = together(amount.doubt for amount in amounts if amount.doubt is not None)
        return None if found is None else np.sum(list(found.rows.values()), axis=0)

    def cells(self, where: Bool) -> Cells:
        """Return the figures of some places, with the extremes that unknown rows may make of them."""
        cells = dict(zip(_places(where), map(Cell._make, self._certain(where)), strict=True))
        if self.doubt is None:
            return cells
        counted = self.n or self.den or self.num
        for place in _places(where & (self.doubt > 0)):
            known = cells[place]
            n_most = (known.n or 0) + int(counted.doubt.above[place] if counted.doubt else 0)
            rows = int(self.doubt[place])
            cells[place] = known._replace(unknown=rows, range=self._range(place), n_most=n_most)
        return cells

    def _certain(self, where: Bool) -> Iterator[tuple[Any, ...]]:
        """Return what is certain of the places, in the order of a cell's fields."""
        num, den, n = (_pairs(amount, where) for amount in (self.num, self.den, self.n))
        summed = self.n is None and self.den is None
        signed = summed and any(text.startswith("-") for text in self.metric.num)
        return zip(
            self._values(num, den or repeat((1, 1))),
            starmap(_fraction, num),
            starmap(_fraction, den) if self.den else repeat(None),
            repeat(None) if signed else (_whole(*pair) for pair in n or den or num),
            self._intervals(where),
            repeat(0),
            repeat(None),
            self._empty(where),
            repeat(0),
            strict=False,
        )

    def _values(self, num: Iterable[Pair], den: Iterable[Pair]) -> Iterator[Fraction | None]:
        """Yield the ratios, none where there is nothing to divide by."""
        scale, cap = self.metric.scale, self.metric.cap
        for (a, of_a), (b, of_b) in zip(num, den, strict=False):
            value = _fraction(a * of_b * scale, of_a * b) if b else None
            yield value if value is None or cap is None else min(value, Fraction(cap))

    def _intervals(self, where: Bool) -> Iterable[tuple[float, float] | None]:
        if not self.parts:
            return repeat(None)
        if isinstance(self.metric, Ratio) and self.metric.squares:
            return starmap(partial(_mean, self.metric.scale), zip(*self._exact(where), strict=True))
        parts = zip(*(part.data[where].tolist() for part in self.parts), strict=True)
        return (_interval(self.metric, counts) for counts in parts)

    def _exact(self, where: Bool) -> Iterator[Iterator[Fraction]]:
        """Yield the parts of the interval in some places."""
        return (starmap(_fraction, _pairs(part, where)) for part in self.parts)

    def _empty(self, where: Bool) -> Iterable[bool]:
        """Return whether every cell of a numeric measure on one of the sides was empty."""
        filled = [side.filled for side in (self.num, self.den) if side and side.filled is not None]
        return (~np.minimum.reduce(filled)[where].astype(bool)).tolist() if filled else repeat(False)

    def _range(self, place: tuple[int, int]) -> Range | None:
        num, den, joint = self.num, self.den, self.joint
        mean = joint is not None and joint.mean
        if (_open(num, place) and not mean) or (den is not None and _open(den, place)):
            return None
        top = _ends(num, place)
        if den is None:
            return extremes.of_total(top, self.metric)
        least, most = _ends(den, place)
        if joint is None:
            return extremes.of_ratio(top, (least, least, most), self.metric)
        bottom = least + int(joint.lowering[place]), least + int(joint.raising[place]), most
        if joint.mean and num.doubt is not None:
            more = Fraction(sum(int(count[place]) for count in num.doubt.rows.values()))
            return extremes.of_mean(top[0], more, least, bottom, self.metric)
        return extremes.of_ratio(top, bottom, self.metric)


@lru_cache(maxsize=1 << 16)
def _fraction(numerator: int, denominator: int) -> Fraction:
    """Return a fraction in lowest terms; most figures are among few numbers, and reducing takes time."""
    return Fraction(numerator, denominator)


def _places(where: Bool) -> Iterator[tuple[int, int]]:
    return zip(*(axis.tolist() for axis in np.nonzero(where)), strict=True)


def _pairs(amount: Amounts | None, where: Bool) -> list[Pair]:
    """Return an amount in some places."""
    if amount is None:
        return []
    of = np.broadcast_to(amount.denominator * amount.divisor, where.shape)
    return list(zip(amount.data[where].tolist(), of[where].tolist(), strict=True))


def _whole(number: int, of: int) -> int:
    return number if of == 1 else int(_fraction(number, of))


def _open(amount: Amounts, place: tuple[int, int]) -> bool:
    return amount.doubt is not None and bool(amount.doubt.open[place])


def _ends(amount: Amounts, place: tuple[int, int]) -> Range:
    """Return the lowest and highest an amount can be."""
    below, above = (amount.doubt.below[place], amount.doubt.above[place]) if amount.doubt else (0, 0)
    of = amount.denominator * int(amount.divisor[place[1]])
    return _fraction(int(amount.data[place] - below), of), _fraction(int(amount.data[place] + above), of)


def _mean(scale: int, total: Fraction, cases: Fraction, squares: Fraction) -> tuple[float, float] | None:
    found = of_mean(total, squares, cases)
    return None if found is None else (scale * found[0], scale * found[1])


def _interval(metric: Added, parts: Sequence[int]) -> tuple[float, float] | None:
    if parts[-1] <= 0:
        return None
    if metric.unit == "nps":
        return net_promoter(parts[0], parts[1], parts[2])
    if not 0 <= parts[0] <= parts[1]:
        return None
    low, high = wilson(parts[0], parts[1])
    return metric.scale * low, metric.scale * high
