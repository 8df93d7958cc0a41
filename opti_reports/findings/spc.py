"""Process behaviour charts (XmR): limits from moving ranges, four rules, and what the newest point says.

As NHSRplotthedots 0.2.2 of the NHS programme "Making Data Count" computes them, but for two faults of it: a
constant series has limits (its centre), and a flat series with one spike keeps the limits it had unscreened.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from opti_reports.errors import UnfitError
from opti_reports.findings.reading import assurance, reading
from opti_reports.model.spc import Chart, Direction, Point, Reading, Rule, Segment, Target, Variation

LIMIT, NEAR = 2.66, 2 * 2.66 / 3
"""Limits from the centre, in average moving ranges: 3 / 1.128, and two thirds of it."""
SCREEN = 3.267
"""A moving range of so many average ones or more is left out of their average when screening."""
RUN = 7
"""Points in a row that make a trend or a shift."""
HUGE = 1e300
"""Beyond this, limits could not be held by a float."""

Values = Sequence[float | None]


def chart(
    values: Values,
    labels: Sequence[str] = (),
    *,
    fewest: int,
    target: Target | None = None,
    direction: Direction = "neutral",
    fix: int | None = None,
    rebase: Collection[int] | Mapping[int, int | None] = (),
    screen: bool = True,
) -> Chart:
    """Return the chart of a series whose gaps are None (or NaN).

    ``fewest``: points of the newest segment without which there is no icon. ``fix``: limits rest on the first
    so many places of each segment, gaps among them counted as in the reference. ``rebase``: indices at which
    new segments begin; a mapping gives each a ``fix`` of its own.
    Rules never look across a gap or a rebase.
    Raises ValueError for a value beyond ±1e300.
    """
    clean = [_clean(value) for value in values]
    names = list(labels) or [str(number) for number in range(1, len(clean) + 1)]
    starts = sorted({0, *(index for index in rebase if 0 < index < len(clean))})
    segments, points = [], []
    for start, end in pairwise([*starts, len(clean)]):
        part = clean[start:end]
        own = rebase.get(start) if isinstance(rebase, Mapping) else None
        segment = limits(part, own or fix, screen)
        segments.append(segment)
        found = _signals(part, segment, target, direction)
        points += [Point(name, v, *s) for name, v, s in zip(names[start:end], part, found, strict=True)]
    last, spread = segments[-1], tolerance(clean[starts[-1] :])
    enough = last.n >= fewest
    return Chart(
        tuple(segments),
        tuple(points),
        _variation(points) if enough else None,
        assurance(last, target, direction, spread) if enough else None,
        tuple(starts),
    )


def limits(values: Values, fix: int | None = None, screen: bool = True) -> Segment:
    """Return centre ± 2.66 average moving ranges of one segment; no range is taken across a gap."""
    n = sum(value is not None for value in values)
    baseline = values[:fix]
    known = [value for value in baseline if value is not None]
    if not known:
        return Segment(mean=None, lpl=None, upl=None, nlpl=None, nupl=None, n=n)
    mean = math.fsum(known) / len(known) + 0.0
    ranges = [abs(b - a) for a, b in pairwise(baseline) if a is not None and b is not None]
    if not ranges:
        return Segment(mean=mean, lpl=None, upl=None, nlpl=None, nupl=None, n=n)
    average = math.fsum(ranges) / len(ranges)
    if screen:
        highest = SCREEN * average - tolerance(baseline)
        kept = [r for r in ranges if r < highest]
        average = (math.fsum(kept) / len(kept) if kept else 0.0) or average
    far, near = LIMIT * average, NEAR * average
    return Segment(
        mean=mean,
        lpl=mean - far + 0.0,
        upl=mean + far + 0.0,
        nlpl=mean - near + 0.0,
        nupl=mean + near + 0.0,
        n=n,
    )


def proposed_rebase(made: Chart, lasting: int) -> int | None:
    """Return where a shift of so many points began that lasts to the newest one; None without one.

    A proposal for the meeting: a chart is rebased only at points that somebody approved.
    """
    newest, segment = made.newest, made.segments[-1]
    if newest is None or segment.mean is None:
        return None
    values = [point.value for point in made.points[made.starts[-1] : newest + 1]]
    sides = _sides(values, segment.mean, tolerance(values))
    *_, (begin, end, _) = [(0, 0, 0), *_runs(sides, lasting)]
    return made.starts[-1] + begin if end and end == len(values) else None


def tolerance(values: Values) -> float:
    """Return what lies nearer than this is equal: the rounding of floats as large as these values."""
    return 32 * sys.float_info.epsilon * max((abs(v) for v in values if v is not None), default=0.0)


def _clean(value: float | None) -> float | None:
    if value is None or math.isnan(value):
        return None
    if abs(value) > HUGE:
        raise UnfitError("spc.too_large", value=value)
    return float(value)


def _variation(points: Sequence[Point]) -> Variation:
    newest = next(point for point in reversed(points) if point.value is not None)
    return newest.reading or "common_cause"


def _signals(
    values: Values, segment: Segment, target: Target | None, direction: Direction
) -> list[tuple[Rule | None, Reading | None]]:
    """Return the rule and the reading of every value of a segment."""
    found: list[tuple[Rule | None, Reading | None]] = [(None, None)] * len(values)
    if segment.mean is None or segment.upl is None:
        return found
    # The last rule first, so that a better one names the point.
    for rule, at, side, origin in reversed(list(_matches(values, segment))):
        value = values[at]
        assert value is not None
        found[at] = rule, reading(side, value, origin, target, direction)
    return found


def _matches(values: Values, segment: Segment) -> Iterator[tuple[Rule, int, int, float]]:
    """Yield every match of a rule in the order of the rules: rule, index, side (±1), and where
    it came from.
    """
    mean, lpl, upl, nlpl, nupl = segment.mean, segment.lpl, segment.upl, segment.nlpl, segment.nupl
    assert mean is not None
    assert lpl is not None
    assert upl is not None
    assert nlpl is not None
    assert nupl is not None
    spread = tolerance(values)
    outside = _beyond(values, lpl, upl, spread)
    yield from (("outside", i, side, mean) for i, side in enumerate(outside) if side)
    steps = [0 if a is None or b is None else (b > a) - (b < a) for a, b in pairwise(values)]
    for begin, end, side in _runs(steps, RUN - 1):
        first = values[begin]
        assert first is not None
        yield from (("trend", i, side, first) for i in range(begin, end + 1))
    sides = _sides(values, mean, spread)
    near = [
        0 if out else side for out, side in zip(outside, _beyond(values, nlpl, nupl, spread), strict=True)
    ]
    for begin in range(len(values) - 2):
        three = range(begin, begin + 3)
        if abs(sum(sides[i] for i in three)) == 3 and sum(near[i] != 0 for i in three) >= 2:
            yield from (("two_of_three", i, near[i], mean) for i in three if near[i])
    for begin, end, side in _runs(sides, RUN):
        yield from (("shift", i, side, mean) for i in range(begin, end))


def _beyond(values: Values, low: float, high: float, spread: float) -> list[int]:
    """Return 1 above ``high``, −1 below ``low``, else 0: equal is inside, and a gap is nowhere."""
    return [0 if v is None else (v > high + spread) - (v < low - spread) for v in values]


def _sides(values: Values, mean: float, spread: float) -> list[int]:
    """Return 1 above the centre, −1 below it, 0 on it and for a gap."""
    return _beyond(values, mean, mean, spread)


def _runs(signs: Sequence[int], least: int) -> Iterator[tuple[int, int, int]]:
    """Yield stretches of one sign other than 0, at least so long: begin, end (not in it) and sign."""
    begin = 0
    for end in range(1, len(signs) + 1):
        if end == len(signs) or signs[end] != signs[begin]:
            if signs[begin] and end - begin >= least:
                yield begin, end, signs[begin]
            begin = end
