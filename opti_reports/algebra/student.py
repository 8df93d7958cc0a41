"""Intervals of means by Student's t: of one, of a difference (Welch's), and of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import fsum, hypot, sqrt

from scipy.special import stdtrit


def welch(before: Sequence[float], after: Sequence[float]) -> tuple[float, float, float] | None:
    """Return the difference of means, after − before, and its 95 % interval; None below two values on a side.

    Unequal variances (Welch 1947): SE² = s₁²/n₁ + s₂²/n₂, degrees of freedom
    SE⁴ / ((s₁²/n₁)²/(n₁ − 1) + (s₂²/n₂)²/(n₂ − 1)). The values are taken to be independent: months that hang
    together make the true interval wider.
    """
    if len(before) < 2 or len(after) < 2:
        return None
    first, second = _error(before), _error(after)
    difference = _mean(after) - _mean(before)
    error = hypot(first, second)
    if error == 0:
        return difference, difference, difference
    # Shares instead of squares of squares, so that nothing overflows: why it is not scipy.stats.ttest_ind,
    # whose import also takes as long as all others of a run together.
    degrees = 1 / ((first / error) ** 4 / (len(before) - 1) + (second / error) ** 4 / (len(after) - 1))
    half = float(stdtrit(degrees, 0.975)) * error
    return difference, difference - half, difference + half


def paired(differences: Sequence[float]) -> tuple[float, float, float] | None:
    """Return the mean of differences and its 95 % interval; None below two of them."""
    if len(differences) < 2:
        return None
    mean, half = _mean(differences), float(stdtrit(len(differences) - 1, 0.975)) * _error(differences)
    return mean, mean - half, mean + half


def of_mean(total: Fraction, squares: Fraction, n: Fraction) -> tuple[float, float] | None:
    """Return the 95 % interval of a mean by the sums of ``n`` numbers and of their squares; None below two.

    x̄ ± t(0.975; n − 1) · s/√n with s² = (Σx² − (Σx)²/n) / (n − 1), worked out exactly up to the root.
    """
    spread = squares - total * total / n if n >= 2 else Fraction(-1)
    if spread < 0:
        return None
    error = sqrt(spread / (n * (n - 1)))
    mean, half = float(total / n), float(stdtrit(float(n - 1), 0.975)) * error
    return mean - half, mean + half


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values)


def _error(values: Sequence[float]) -> float:
    """Return the standard error of the mean: s/√n."""
    mean = _mean(values)
    return hypot(*(value - mean for value in values)) / sqrt((len(values) - 1) * len(values))
