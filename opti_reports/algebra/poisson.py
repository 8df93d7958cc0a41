"""Poisson counts: an expectation's interval from a count, and a count's limits from its expectation."""

from __future__ import annotations

from collections.abc import Callable
from math import erfc, exp, fsum, lgamma, log, sqrt

from opti_reports.algebra.intervals import Z95

BYAR_FROM = 10
"""Counts from here on have Byar's approximation, then right to a hundredth of a case."""
EXACT_TO = 1000.0
"""Expectations up to here have limits summed from the probabilities themselves."""


def poisson_interval(count: int, z: float = Z95) -> tuple[float, float]:
    """The interval of the expectation behind an observed count; divide both ends by an exposure for a rate.

    Below 10 exact (Garwood 1936), otherwise Byar's approximation (Breslow & Day 1987, Statistical Methods in
    Cancer Research II, eq. 2.10), as in the guides of public health observatories.
    """
    if count >= BYAR_FROM:
        return byar(count, z)
    tail = _tail(z)
    most = count + 10 * z + 20
    low = _solved(lambda mean: 1 - _below(count - 1, mean) < tail, 0.0, most) if count else 0.0
    return low, _solved(lambda mean: _below(count, mean) > tail, 0.0, most)


def byar(count: float, z: float = Z95) -> tuple[float, float]:
    """Byar's approximation of the same interval, for any count from 0."""
    above = count + 1
    low = count * max(0.0, 1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3 if count else 0.0
    return low, above * (1 - 1 / (9 * above) + z / (3 * sqrt(above))) ** 3


def poisson_limits(expected: float, z: float) -> tuple[float, float]:
    """Between which counts one falls by chance around its expectation, at ``z`` of a normal distribution.

    Exact quantiles, interpolated between counts (Spiegelhalter 2005, Statistics in Medicine 24: 1185, A.1.1);
    above 1000 the counts whose Byar interval ends at the expectation, which differ by less than a hundredth.
    """
    if expected <= 0:
        return 0.0, 0.0
    if expected > EXACT_TO:
        # P(X ≥ c) falls below the tail at the count c; the quantile is the count before it.
        most = expected + 10 * z * sqrt(expected)
        return (
            _solved(lambda count: byar(count, z)[1] < expected, 0.0, expected),
            _solved(lambda count: byar(count, z)[0] < expected, expected, most) - 1,
        )
    return _quantile(_tail(z), expected), _quantile(1 - _tail(z), expected)


def _quantile(p: float, mean: float) -> float:
    """The count whose cumulated probability is ``p``, interpolated; at least 0."""
    count, upto, own = 0, exp(-mean), exp(-mean)
    while upto < p:
        count += 1
        own = exp(count * log(mean) - mean - lgamma(count + 1))
        upto += own
    return max(0.0, count - (upto - p) / own)


def _below(count: int, mean: float) -> float:
    """P(X ≤ count) with the given expectation."""
    if mean <= 0:
        return 1.0
    return fsum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(count + 1))


def _tail(z: float) -> float:
    """The part of a normal distribution above ``z``."""
    return erfc(z / sqrt(2)) / 2


def _solved(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Where ``holds`` turns from true (at ``low``) to false, to the last digit of a float."""
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if holds(middle) else (low, middle)
    return middle
