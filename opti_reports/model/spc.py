"""What a process behaviour chart (XmR) says of a series: limits, signals, icons; codes and figures only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Rule = Literal["outside", "trend", "two_of_three", "shift"]
"""Why a point is a signal; of several reasons the first in this order."""
Reading = Literal[
    "improvement_high", "improvement_low", "concern_high", "concern_low", "neutral_high", "neutral_low"
]
"""What a signal means for the metric, and on which side it lies (of a trend: where it goes)."""
CONCERNS = frozenset[Reading | None]({"concern_high", "concern_low"})
Variation = Literal["common_cause"] | Reading
Assurance = Literal["pass", "fail", "inconsistent"]
Direction = Literal["up", "down", "neutral", "band"]
Target = float | tuple[float, float]
"""One value, or the two ends of a band."""


@dataclass(frozen=True, kw_only=True)
class Segment:
    """Centre and limits of the points from one rebase to the next, in the series' unit.

    ``nlpl`` and ``nupl`` are the near limits, two thirds of the way out. ``n`` is how many points the segment
    has. The mean is None without a baseline point, the limits without two neighbouring ones.
    """

    mean: float | None
    lpl: float | None
    upl: float | None
    nlpl: float | None
    nupl: float | None
    n: int

    def moved(self, by: float) -> Segment:
        """Return the segment with so much added to its centre and limits."""
        mean, lpl, upl, nlpl, nupl = (
            None if level is None else level + by
            for level in (self.mean, self.lpl, self.upl, self.nlpl, self.nupl)
        )
        return Segment(mean=mean, lpl=lpl, upl=upl, nlpl=nlpl, nupl=nupl, n=self.n)

    def within(self, bounds: tuple[float | None, float | None]) -> Segment:
        """Return the segment with limits clamped to what the metric can be: for drawing only, never for
        rules.
        """
        low, high = bounds

        def clamped(limit: float | None) -> float | None:
            if limit is None:
                return None
            limit = limit if low is None else max(limit, low)
            return limit if high is None else min(limit, high)

        return replace(
            self,
            lpl=clamped(self.lpl),
            upl=clamped(self.upl),
            nlpl=clamped(self.nlpl),
            nupl=clamped(self.nupl),
        )


@dataclass(frozen=True)
class Point:
    """One value of the series (None: a gap), and what makes it a signal."""

    label: str
    value: float | None
    rule: Rule | None
    reading: Reading | None = None


@dataclass(frozen=True)
class Chart:
    """The whole series. ``starts`` are the indices at which the segments begin.

    ``variation`` is the signal at the newest point and ``assurance`` the target against the newest limits;
    both are None where the newest segment is too short to judge by.
    """

    segments: tuple[Segment, ...]
    points: tuple[Point, ...]
    variation: Variation | None
    assurance: Assurance | None
    starts: tuple[int, ...]

    @property
    def newest(self) -> int | None:
        """Return the index of the newest point that is not a gap; None if all are."""
        return next((i for i in reversed(range(len(self.points))) if self.points[i].value is not None), None)
