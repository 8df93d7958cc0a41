"""The chart's rules written a second time, slowly and with exact fractions, straight from their wording."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Exact = Fraction | None


def mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def limits(values: Sequence[Exact], *, screen: bool = True) -> tuple[Fraction, Fraction] | None:
    """The centre and the average range; None where there is no range."""
    ranges = []
    for i in range(1, len(values)):
        now, before = values[i], values[i - 1]
        if now is not None and before is not None:
            ranges.append(abs(now - before))
    if not ranges:
        return None
    average = mean(ranges)
    if screen:
        kept = [r for r in ranges if r < Fraction("3.267") * average]
        if kept and mean(kept) > 0:
            average = mean(kept)
    return mean([v for v in values if v is not None]), average


def rules(values: Sequence[Exact], *, screen: bool = True, fix: int | None = None) -> list[str | None]:
    found = limits(values[:fix], screen=screen)
    if found is None:
        return [None] * len(values)
    centre, average = found
    far, near = Fraction("2.66") * average, 2 * Fraction("2.66") / 3 * average
    outside, trend, close, shift = (set[int]() for _ in range(4))
    for i, value in enumerate(values):
        if value is not None and abs(value - centre) > far:
            outside.add(i)
    for i in range(len(values)):
        seven = [v for v in values[i : i + 7] if v is not None]
        if len(seven) == 7:
            if seven == sorted(set(seven)) or seven == sorted(set(seven), reverse=True):
                trend |= set(range(i, i + 7))
            if all(v > centre for v in seven) or all(v < centre for v in seven):
                shift |= set(range(i, i + 7))
        three = [v for v in values[i : i + 3] if v is not None]
        if len(three) == 3 and (all(v > centre for v in three) or all(v < centre for v in three)):
            inner = {i + k for k, v in enumerate(three) if near < abs(v - centre) <= far}
            if len(inner) >= 2:
                close |= inner
    names = (("outside", outside), ("trend", trend), ("two_of_three", close), ("shift", shift))
    return [next((name for name, where in names if i in where), None) for i in range(len(values))]
