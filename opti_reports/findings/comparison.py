"""Units beside each other: intervals, and a funnel that says who differs by more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from opti_reports.algebra.intervals import wilson
from opti_reports.model.comparison import Edge, Funnel, Pair, Placed, Position

ALERT, ALARM = 1.95996, 3.09023
"""The funnel's inner (95 %) and outer (99.8 %) limits, in standard errors; words name them."""
STEPS, MARGIN = 40, 1.1
"""Points of the limits as drawn, and how far beyond the smallest and largest unit they reach."""
WINSORISED = 0.1
"""The share of units at either end whose distance is drawn in before the overdispersion is estimated."""


@dataclass(frozen=True)
class Tally:
    """A unit's cases: hits among ``n``.

    ``few``: said already to be too few, whatever the minimum asked for.
    """

    org: str
    hits: int
    n: float
    few: bool = False


def proportions(tallies: Sequence[Tally], min_n: float) -> Funnel:
    """Return shares of cases: Wilson's 95 % intervals, limits ``p0 ± z·sqrt(φ·p0(1−p0)/n)`` cut to 0–1.

    ``min_n``: units with fewer cases are too few; their cases still count for the value of all.
    """
    total = sum(tally.n for tally in tallies)
    centre = sum(tally.hits for tally in tallies) / total if total else None
    enough = {tally.org for tally in tallies if tally.n > 0 and tally.n >= min_n and not tally.few}
    judged = [tally for tally in tallies if tally.org in enough]
    share = centre or 0.0
    one = share * (1 - share)
    phi = overdispersion([(t.hits / t.n - share) / sqrt(one / t.n) for t in judged]) if one else 1.0
    widened = max(1.0, phi)

    def limits(n: float, z: float) -> Pair:
        half = z * sqrt(widened * share * (1 - share) / n)
        return max(0.0, share - half), min(1.0, share + half)

    def placed(tally: Tally) -> Placed:
        if tally.org not in enough:
            return Placed(org=tally.org, n=tally.n, position="too_few")
        value, alert, alarm = tally.hits / tally.n, limits(tally.n, ALERT), limits(tally.n, ALARM)
        return Placed(
            org=tally.org,
            n=tally.n,
            value=value,
            interval=wilson(tally.hits, tally.n),
            alert=alert,
            alarm=alarm,
            position=_position(value, alert, alarm),
        )

    sizes = _steps([tally.n for tally in judged])
    edges = tuple(Edge(n, limits(n, ALERT), limits(n, ALARM)) for n in sizes)
    return Funnel(centre, phi, tuple(map(placed, tallies)), edges)


def overdispersion(distances: Sequence[float]) -> float:
    """Return φ: the mean square of the units' distances in standard errors, a tenth at either end drawn in.

    Spiegelhalter 2005, Quality and Safety in Health Care 14: 347, "winsorised" and multiplicative. Chance
    alone gives 1, and so does no unit at all.
    """
    if not distances:
        return 1.0
    ordered = sorted(distances)
    out = int(WINSORISED * len(ordered) + 1e-9)
    low, high = ordered[out], ordered[-1 - out]
    return fsum(min(max(z, low), high) ** 2 for z in ordered) / len(ordered)


def _steps(sizes: Sequence[float]) -> list[float]:
    """Return numbers of cases from below the smallest unit to beyond the largest, in even ratios."""
    if not sizes:
        return []
    first, last = min(sizes) / MARGIN, max(sizes) * MARGIN
    return [first * (last / first) ** (step / STEPS) for step in range(STEPS + 1)]


def _position(value: float, alert: Pair, alarm: Pair) -> Position:
    if value < alarm[0] or value > alarm[1]:
        return "alarm_low" if value < alarm[0] else "alarm_high"
    if value < alert[0] or value > alert[1]:
        return "alert_low" if value < alert[0] else "alert_high"
    return "within"
