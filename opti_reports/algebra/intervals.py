"""95 % intervals of a proportion and of a net promoter score."""

from __future__ import annotations

from math import sqrt

Z95 = 1.959963984540054


def wilson(hits: float, n: float) -> tuple[float, float]:
    """Return Wilson's score interval of ``hits / n`` as shares from 0 to 1 (Wilson 1927); ``n`` must be
    positive.
    """
    share, square = hits / n, Z95 * Z95
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z95 / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def net_promoter(promoters: float, detractors: float, n: float) -> tuple[float, float]:
    """Return the normal interval of ``100·(p − d)`` within ±100: SE ``100·sqrt((p + d) − (p − d)²) /
    sqrt(n)``.
    """
    p, d = promoters / n, detractors / n
    half = Z95 * 100 * sqrt(max(0.0, (p + d) - (p - d) ** 2)) / sqrt(n)
    return max(-100.0, 100 * (p - d) - half), min(100.0, 100 * (p - d) + half)
