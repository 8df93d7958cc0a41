"""The lowest and highest a figure can be, given rows whose part in it is not known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd

from opti_reports.algebra.term import Term
from opti_reports.algebra.vector import Int
from opti_reports.config.metric import Added, Compare, Metric
from opti_reports.language.formats import rounded
from opti_reports.metrics.amounts import Filters, rows_of
from opti_reports.metrics.placed import PlacedFact
from opti_reports.model.value import Range

Denominators = tuple[Fraction, Fraction, Fraction]
"""The smallest denominator at the lowest numerator, the same at the highest, and the largest of all."""


@dataclass(frozen=True, eq=False)
class Joint:
    """By node and period: unknown cases that raise (lower) the numerator only together with the denominator.

    ``mean``: the numerator adds numbers of the denominator's cases.
    """

    raising: Int
    lowering: Int
    mean: bool


def joint(
    fact: PlacedFact, den: Term, more: Filters, single: str | None, terms: Iterable[Term]
) -> pd.DataFrame:
    """Return the denominator's rows with ``joint``: how many cases in doubt of the terms are in doubt there
    too.

    A case in doubt of the terms alone is a certain one of the denominator that they do not count.
    """
    rows = rows_of(fact, den, more, single)
    held, doubt = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    for term in terms:
        own = rows_of(fact, term, more, single)
        counted = f"{term.measure}__filled" if term.measure in fact.shape.numeric else term.measure
        held += own[counted].reindex(rows.index, fill_value=0).to_numpy()
        doubt += own[f"{term.measure}__unknown"].reindex(rows.index, fill_value=0).to_numpy()
    alone = np.maximum(rows[den.measure].to_numpy() - held, 0)
    return rows.assign(joint=np.maximum(doubt - alone, 0))


def of_total(top: Range, metric: Added | Compare) -> Range:
    """Return the range of a sum."""
    return within((top[0] * metric.scale, top[1] * metric.scale), metric)


def of_ratio(top: Range, bottom: Denominators, metric: Added | Compare) -> Range | None:
    """Return the range of a ratio; None where the denominator may be nothing."""
    at_low, at_high, largest = bottom
    if min(at_low, at_high) <= 0:
        return None
    low = top[0] / (largest if top[0] >= 0 else at_low)
    high = top[1] / (at_high if top[1] >= 0 else largest)
    return within((low * metric.scale, high * metric.scale), metric)


def of_mean(
    top: Fraction, more: Fraction, certain: Fraction, bottom: Denominators, metric: Added | Compare
) -> Range | None:
    """Return the range of a mean of numbers that each lie within the metric's bounds, ``more`` of them
    unknown.
    """
    _, at_least, largest = bottom
    low, high = (None if end is None else _exact(end) / metric.scale for end in metric.bounds)
    if low is None or high is None or at_least <= 0:
        return None
    ends = [(top + more * end) / den for end in (low, high) for den in (at_least, largest)]
    known = [top / certain] if certain else []
    return within((min(ends + known) * metric.scale, max(ends + known) * metric.scale), metric)


def within(range_: Range, metric: Added | Compare) -> Range:
    """Return the range within what the metric can be, and its cap."""
    low = metric.bounds[0]
    a, b = (end if low is None else max(end, _exact(low)) for end in range_)
    for most in (metric.bounds[1], metric.cap if isinstance(metric, Added) else None):
        if most is not None:
            a, b = min(a, _exact(most)), min(b, _exact(most))
    return a, b


def agrees(range_: Range | None, decimals: int) -> bool:
    """Return whether a figure reads the same wherever in its range it is."""
    return range_ is not None and rounded(range_[0], decimals) == rounded(range_[1], decimals)


def outside(value: Fraction, metric: Metric) -> bool:
    """Return whether a figure is one that cannot be."""
    a, b = value.as_integer_ratio()  # comparing fractions takes four times as long, and every figure is asked
    (low, under), (high, over) = map(_ratio, metric.bounds)
    return bool(under and a * under < low * b) or bool(over and a * over > high * b)


@cache
def _exact(end: float) -> Fraction:
    return Fraction(str(end))


@cache
def _ratio(end: float | None) -> tuple[int, int]:
    """Return an end as one integer over another; over 0 where there is none."""
    return (0, 0) if end is None else _exact(end).as_integer_ratio()
