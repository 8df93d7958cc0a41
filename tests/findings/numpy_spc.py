"""The four rules a third time, over many whole series at once: for rates of false alarms."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view as windows
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def flagged(series: Floats) -> Flags:
    """Which points (rows: series) are signals by any rule, with screened limits."""
    ranges = np.abs(np.diff(series, axis=1))
    kept = ranges < 3.267 * ranges.mean(axis=1, keepdims=True)
    average = np.where(kept, ranges, 0).sum(axis=1, keepdims=True) / kept.sum(axis=1, keepdims=True)
    away = series - series.mean(axis=1, keepdims=True)
    outside = np.abs(away) > 2.66 * average
    side = np.sign(away)
    near = (np.abs(away) > 2 * 2.66 / 3 * average) & ~outside
    three = (np.abs(windows(side, 3, axis=1).sum(axis=2)) == 3) & (windows(near, 3, axis=1).sum(axis=2) >= 2)
    found: Flags = outside | (_spread(three, 3, series.shape) & near)
    found |= _spread(np.abs(windows(side, 7, axis=1).sum(axis=2)) == 7, 7, series.shape)
    steps = windows(np.sign(np.diff(series, axis=1)), 6, axis=1).sum(axis=2)
    found |= _spread(np.abs(steps) == 6, 7, series.shape)
    return found


def _spread(begins: Flags, length: int, shape: tuple[int, ...]) -> Flags:
    """All points of the windows that begin where said."""
    found = np.zeros(shape, dtype=bool)
    for at in range(length):
        found[:, at : at + begins.shape[1]] |= begins
    return found
