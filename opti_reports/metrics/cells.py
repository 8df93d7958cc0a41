"""Amounts to cells: one figure of a node and period with its parts, and what it may be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache

import numpy as np

from opti_reports.algebra.intervals import net_promoter, wilson
from opti_reports.algebra.vector import Int
from opti_reports.config.metric import Added
from opti_reports.metrics import extremes
from opti_reports.metrics.amounts import Amounts, together
from opti_reports.metrics.extremes import Joint
from opti_reports.model.value import Range


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One figure before its state is known."""

    value: Fraction | None = None
    num: Fraction | None = None
    den: Fraction | None = None
    n: int | None = None
    interval: tuple[float, float] | None = None
    empty: bool = False
    """Every cell of a numeric measure behind it was empty."""
    unknown: int = 0
    """Rows whose part in it is not known."""
    range: Range | None = None
    """The lowest and highest value they may make of it; None where they may make anything."""
    n_most: int = 0
    """The n with all of them counted."""

    @property
    def ends(self) -> Range | None:
        """Return the lowest and highest it can be, of a figure without unknown rows twice itself."""
        if self.unknown or self.value is None:
            return self.range
        return self.value, self.value


Cells = dict[tuple[int, int], Cell]


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

    def cell(self, node: int, period: int) -> Cell:
        """Return one figure, with the extremes that unknown rows may make of it."""
        known = self._certain(node, period)
        rows = 0 if self.doubt is None else int(self.doubt[node, period])
        if not rows:
            return known
        place = node, period
        counted = self.n or self.den or self.num
        n_most = (known.n or 0) + int(counted.doubt.above[place] if counted.doubt else 0)
        return replace(known, unknown=rows, range=self._range(place), n_most=n_most)

    def _certain(self, node: int, period: int) -> Cell:
        num, den, n = self.num, self.den, self.n
        top = _exact(num, node, period)
        bottom = _exact(den, node, period) if den else None
        counted = _exact(n, node, period) if n else (bottom if bottom is not None else top)
        empty = _unfilled(num, node, period) or (den is not None and _unfilled(den, node, period))
        value: Fraction | None = top * self.metric.scale if bottom is None else None
        if bottom:
            value = _fraction(
                top.numerator * bottom.denominator * self.metric.scale, top.denominator * bottom.numerator
            )
        if value is not None and self.metric.cap is not None:
            value = min(value, Fraction(self.metric.cap))
        parts = [int(part.data[node, period]) for part in self.parts]
        interval = _interval(self.metric, parts) if parts else None
        signed_sum = n is None and den is None and any(text.startswith("-") for text in self.metric.num)
        return Cell(
            value=value,
            num=top,
            den=bottom,
            n=None if signed_sum else int(counted),
            interval=interval,
            empty=empty,
        )

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


def _unfilled(amount: Amounts, node: int, period: int) -> bool:
    return amount.filled is not None and not amount.filled[node, period]


def _exact(amount: Amounts, node: int, period: int) -> Fraction:
    return _fraction(int(amount.data[node, period]), amount.denominator * int(amount.divisor[period]))


def _open(amount: Amounts, place: tuple[int, int]) -> bool:
    return amount.doubt is not None and bool(amount.doubt.open[place])


def _ends(amount: Amounts, place: tuple[int, int]) -> Range:
    """Return the lowest and highest an amount can be."""
    below, above = (amount.doubt.below[place], amount.doubt.above[place]) if amount.doubt else (0, 0)
    of = amount.denominator * int(amount.divisor[place[1]])
    return _fraction(int(amount.data[place] - below), of), _fraction(int(amount.data[place] + above), of)


def _interval(metric: Added, parts: list[int]) -> tuple[float, float] | None:
    if parts[-1] <= 0:
        return None
    if metric.unit == "nps":
        return net_promoter(parts[0], parts[1], parts[2])
    if not 0 <= parts[0] <= parts[1]:
        return None
    low, high = wilson(parts[0], parts[1])
    return metric.scale * low, metric.scale * high
