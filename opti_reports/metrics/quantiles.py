"""Quantiles read from merged histograms."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pandas as pd

from opti_reports.algebra.columns import narrow
from opti_reports.algebra.vector import Bool, Int
from opti_reports.metrics.amounts import spread
from opti_reports.metrics.placed import PlacedFact, Places, unknown_keys
from opti_reports.metrics.windows import Frame
from opti_reports.model.fact import UNKNOWN_KEY


class Quantile(NamedTuple):
    """A quantile of ``n`` cases, and with ``unknown`` more all at the lowest or all at the highest end.

    ``low`` and ``high`` are None where the unknown cases alone decide: as low or high as can be.
    """

    value: Fraction | None
    n: int
    unknown: int
    low: Fraction | None
    high: Fraction | None


Quantiles = dict[tuple[int, int], Quantile]
"""By node and period."""


def quantiles(
    fact: PlacedFact, rows: pd.DataFrame, measure: str, key: str, q: tuple[int, int], frame: Frame, at: Places
) -> Quantiles:
    """Return the ``q`` quantile of ``key``, weighted by ``measure``.

    Of sorted x of size n: where n·q is whole the mean of x[nq] and x[nq+1], else x[⌈nq⌉] (counting from 1),
    so that q = 1/2 is the usual median.
    """
    rows = rows[(rows[key] != "").to_numpy()]
    lost = unknown_keys(rows, (key,))
    unknown = _unknown(rows, measure, lost, frame, at)
    unseen = {
        (int(a), int(b)): Quantile(None, 0, int(unknown[a, b]), None, None)
        for a, b in zip(*np.nonzero(unknown), strict=True)
    }
    rows, values = _by_value(rows[~lost], key)
    found, node, period = spread(rows, frame, at)
    if not len(found):
        return unseen
    group = node * len(frame.periods) + period
    order = np.argsort(narrow(group), kind="stable")  # few groups, and of each the values stay in order
    group, found = group[order], found[order]
    values, running = values[found], np.cumsum(rows[measure].to_numpy()[found])
    starts = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    before = np.append(0, running[starts[1:] - 1])
    totals = np.append(running[starts[1:] - 1], running[-1]) - before
    doubt = unknown.reshape(-1)[group[starts]]

    def at_ranks(more: Int, below: Int) -> list[Fraction | None]:
        """Return the quantiles with ``more`` cases, of which ``below`` stand before the known ones."""
        twice, within = np.zeros(len(totals), dtype=np.int64), totals > 0
        for rank in _ranks(totals + more, q):
            place = rank - below
            within = within & (place >= 1) & (place <= totals)
            inner = np.minimum(np.maximum(place, 1), totals)
            twice += values[np.searchsorted(running, before + inner)]
        return [
            Fraction(int(sum_), 2 * fact.shape.by[key]) if inside else None
            for sum_, inside in zip(twice, within, strict=True)
        ]

    nothing = np.zeros_like(totals)
    plain = at_ranks(nothing, nothing)
    low, high = (at_ranks(doubt, doubt), at_ranks(doubt, nothing)) if doubt.any() else (plain, plain)
    parts = zip(group[starts], plain, totals, doubt, low, high, strict=True)
    return unseen | {
        divmod(int(g), len(frame.periods)): Quantile(value, int(n), int(u), a, b)
        for g, value, n, u, a, b in parts
        if value is not None
    }


def _unknown(rows: pd.DataFrame, measure: str, lost: Bool, frame: Frame, at: Places) -> Int:
    """Return cases that may or may not count, or whose value is not known, by node and period."""
    table = np.zeros((len(at.ids), len(frame.periods)), dtype=np.int64)
    count = rows[f"{measure}__unknown"].to_numpy() + np.where(lost, rows[measure].to_numpy(), 0)
    some = count > 0
    if some.any():
        found, node, period = spread(rows[some], frame, at)
        np.add.at(table, (node, period), count[some][found])
    return table


def _by_value(rows: pd.DataFrame, key: str) -> tuple[pd.DataFrame, Int]:
    """Return rows in the order of a key's numbers, and these."""
    numbers = [0 if name in ("", UNKNOWN_KEY) else int(name) for name in rows[key].cat.categories.tolist()]
    values = np.array(numbers, dtype=np.int64)[rows[key].cat.codes.to_numpy()]
    order = np.argsort(values, kind="stable")
    return rows.iloc[order], values[order]


def _ranks(totals: Int, q: tuple[int, int]) -> tuple[Int, Int]:
    """Return the two ranks whose values are averaged (the same one twice where n·q is not whole)."""
    whole, rest = np.divmod(totals * q[0], q[1])
    low = np.where(rest == 0, whole, whole + 1)
    return low, np.where(rest == 0, np.minimum(whole + 1, totals), low)
