"""What signals and limits mean for a metric: better or worse, and whether its target will be met."""

from __future__ import annotations

from typing import Literal

from opti_reports.model.spc import Assurance, Direction, Reading, Segment, Target

Kind = Literal["improvement", "concern", "neutral"]
READINGS: dict[tuple[Kind, bool], Reading] = {
    ("improvement", True): "improvement_high",
    ("improvement", False): "improvement_low",
    ("concern", True): "concern_high",
    ("concern", False): "concern_low",
    ("neutral", True): "neutral_high",
    ("neutral", False): "neutral_low",
}


def reading(side: int, value: float, origin: float, target: Target | None, direction: Direction) -> Reading:
    """Return a signal on a side (±1) read with the metric's direction; ``origin`` as in ``kind``."""
    return READINGS[kind(side, value, origin, target, direction), side > 0]


def kind(side: int, value: float, origin: float, target: Target | None, direction: Direction) -> Kind:
    """Return whether a value moved for the better from ``origin`` (the centre; of a trend its first point).

    With a band, nearer to it is an improvement and farther a concern; within it, and without one, a move is
    neither.
    """
    if direction == "band" and isinstance(target, tuple):
        now, before = _distance(value, target), _distance(origin, target)
        return "neutral" if now == before else "improvement" if now < before else "concern"
    if direction in ("neutral", "band"):
        return "neutral"
    return "improvement" if (side > 0) == (direction == "up") else "concern"


def _distance(value: float, band: tuple[float, float]) -> float:
    return max(band[0] - value, value - band[1], 0.0)


def assurance(
    segment: Segment, target: Target | None, direction: Direction, spread: float
) -> Assurance | None:
    """Return whether a process within these limits will meet its target; nearer than ``spread`` is equal.

    ``pass`` when all between the limits meets it, ``fail`` when nothing does, else (equality too) it is hit
    or miss. None without limits, target or direction, and for a band without two ends or the reverse.
    """
    if target is None or segment.lpl is None or segment.upl is None or direction == "neutral":
        return None
    if isinstance(target, tuple) != (direction == "band"):
        return None
    low, high = target if isinstance(target, tuple) else (target, target)
    if isinstance(target, tuple):
        passes = low < segment.lpl - spread and high > segment.upl + spread
        fails = high < segment.lpl - spread or low > segment.upl + spread
    else:
        below, above = low < segment.lpl - spread, low > segment.upl + spread
        passes, fails = (below, above) if direction == "up" else (above, below)
    return "pass" if passes else "fail" if fails else "inconsistent"
