"""Poisson counts: an expectation's interval from a count, and a count's limits from its expectation."""

from __future__ import annotations

from math import ceil

from scipy.special import ndtr, pdtr, pdtri, pdtrik

from opti_reports.algebra.intervals import Z95


def poisson_interval(count: int, z: float = Z95) -> tuple[float, float]:
    """Return the exact interval of the expectation behind an observed count (Garwood 1936).

    Divide both ends by an exposure for a rate.
    """
    tail = ndtr(-z)
    low = float(pdtri(count - 1, 1 - tail)) if count else 0.0
    return low, float(pdtri(count, tail))


def poisson_limits(expected: float, z: float) -> tuple[float, float]:
    """Return between which counts one falls by chance around its expectation.

    Quantiles at ``z`` of a normal distribution, interpolated between counts (Spiegelhalter 2005, Statistics
    in Medicine 24: 1185, A.1.1).
    """
    if expected <= 0:
        return 0.0, 0.0
    return _quantile(float(ndtr(-z)), expected), _quantile(float(ndtr(z)), expected)


def _quantile(p: float, mean: float) -> float:
    """Return the count whose cumulated probability is ``p``, interpolated; at least 0."""
    # Between counts pdtrik follows the incomplete gamma function, the limits of a funnel a straight line.
    count = ceil(pdtrik(p, mean))
    if not count:
        return 0.0
    below, upto = float(pdtr(count - 1, mean)), float(pdtr(count, mean))
    return max(0.0, count - (upto - p) / (upto - below))
