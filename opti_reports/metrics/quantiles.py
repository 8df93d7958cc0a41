"""Quantiles read from merged histograms."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd

from opti_reports.algebra.vector import Int
from opti_reports.metrics.amounts import spread
from opti_reports.metrics.known import Known, Places
from opti_reports.metrics.windows import Frame

Quantiles = dict[tuple[int, int], tuple[Fraction, int]]
"""By node and period: the quantile and the number of cases."""


def quantiles(
    fact: Known, rows: pd.DataFrame, measure: str, key: str, q: tuple[int, int], frame: Frame, at: Places
) -> Quantiles:
    """The ``q`` quantile of ``key``, weighted by ``measure``.

    Of sorted x of size n: where n·q is whole the mean of x[nq] and x[nq+1], else x[⌈nq⌉] (counting from 1),
    so that q = 1/2 is the usual median.
    """
    rows = rows[(rows[key] != "").to_numpy()]
    found, node, period = spread(rows, frame, at)
    if not len(found):
        return {}
    values = found[key].cat.categories.astype(np.int64).to_numpy()[found[key].cat.codes.to_numpy()]
    group = node * len(frame.periods) + period
    order = np.lexsort((values, group))
    group, values = group[order], values[order]
    running = np.cumsum(found[measure].to_numpy()[order])
    starts = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    before = np.append(0, running[starts[1:] - 1])
    totals = np.append(running[starts[1:] - 1], running[-1]) - before
    low, high = _ranks(totals, q)
    at_low = values[np.searchsorted(running, before + low)]
    at_high = values[np.searchsorted(running, before + high)]
    denominator = 2 * fact.shape.by[key]
    return {
        divmod(int(g), len(frame.periods)): (Fraction(int(a) + int(b), denominator), int(n))
        for g, a, b, n in zip(group[starts], at_low, at_high, totals, strict=True)
        if n
    }


def _ranks(totals: Int, q: tuple[int, int]) -> tuple[Int, Int]:
    """The two ranks whose values are averaged (the same one twice where n·q is not whole)."""
    whole, rest = np.divmod(totals * q[0], q[1])
    low = np.where(rest == 0, whole, whole + 1)
    return low, np.where(rest == 0, np.minimum(whole + 1, totals), low)
