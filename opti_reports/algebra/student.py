"""Student's t: its quantile for any degrees of freedom, and Welch's interval of a difference of means."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import cos, exp, fsum, hypot, lgamma, pi, sqrt, tan

STEPS = 400
"""Of Simpson's rule; with them a quantile is right to the ninth digit."""


def welch(before: Sequence[float], after: Sequence[float]) -> tuple[float, float, float] | None:
    """The difference of means, after − before, and its 95 % interval; None below two values on a side.

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
    # Shares instead of squares of squares, so that nothing overflows.
    degrees = 1 / ((first / error) ** 4 / (len(before) - 1) + (second / error) ** 4 / (len(after) - 1))
    half = t_quantile(degrees) * error
    return difference, difference - half, difference + half


@lru_cache(maxsize=4096)
def t_quantile(degrees: float) -> float:
    """The t above which 2.5 % of the distribution lie; ``degrees`` of freedom from 1 up, need not be whole.

    With t = √ν · tan θ the density is cos^(ν−1) θ up to a factor, whose integral to π/2 is known.
    """
    wanted = 0.475 * sqrt(pi) * exp(lgamma(degrees / 2) - lgamma((degrees + 1) / 2))
    theta, step = 0.0, wanted
    while step > 1e-14 * theta:  # Newton's rule: the integral is concave, so every step stays below the root
        theta += step
        step = (wanted - _integral(theta, degrees - 1)) / cos(theta) ** (degrees - 1)
    return sqrt(degrees) * tan(theta)


def _integral(end: float, power: float) -> float:
    """The integral of cos^power from 0 to ``end`` by Simpson's rule."""
    step = end / STEPS
    parts = ((4 if i % 2 else 2) * cos(i * step) ** power for i in range(1, STEPS))
    return step / 3 * fsum((1.0, cos(end) ** power, *parts))


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values)


def _error(values: Sequence[float]) -> float:
    """The standard error of the mean: s/√n."""
    mean = _mean(values)
    return hypot(*(value - mean for value in values)) / sqrt((len(values) - 1) * len(values))
