"""What the process behaviour chart of a metric adds to its line: limits and signals, or sums of a year."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from opti_reports.model.charts import Line
from opti_reports.model.finding import Signal
from opti_reports.model.spc import Segment
from opti_reports.model.value import Value
from opti_reports.packs import cells, periods
from opti_reports.packs.scene import Scene
from opti_reports.periods.cadence import MONTH, WEEK
from opti_reports.periods.months import YEAR


@dataclass(frozen=True)
class Behaviour:
    """Lines of the centre and the limits, the points that are signals, and what the chart's note says."""

    lines: tuple[Line, ...] = ()
    flags: tuple[tuple[int, str], ...] = ()
    note: str = ""


def behaviour(scene: Scene, line: Sequence[Value]) -> Behaviour:
    """Return limits and signals over the months of a line; nothing for tertials, surveys and rare cases.

    A newest segment too short to be judged has neither; those before it keep theirs.
    """
    found = _signal(scene, line)
    if found is None or found.rare:
        return Behaviour()
    chart = found.chart
    end = len(chart.points) if chart.variation is not None else chart.starts[-1]
    indices = {period: index for index, period in enumerate(found.periods)}
    places = [indices.get(value.period) for value in line]
    at = [None if i is None or i >= end else i for i in places]
    lines = _limits(scene, found, at, line[-1])
    flags = [
        (place, reading)
        for place, index in enumerate(at)
        if index is not None and (reading := chart.points[index].reading) is not None
    ]
    named = ", ".join(limit.label for limit in lines)
    if found.season:  # a third line that swings would be taken for a unit's
        lines = tuple(line for line in lines if line.role != "centre")
    note = _too_short(scene, found) if chart.variation is None else named
    return Behaviour(
        lines, tuple(flags), " · ".join(part for part in (note, _proposed(scene, found)) if part)
    )


def _too_short(scene: Scene, found: Signal) -> str:
    """Return that the newest segment is not judged yet, and from how many months on it is."""
    n = found.chart.segments[-1].n
    if not found.season:
        return scene.say("spc.short", n=n, needed=found.needed)
    known = sum(level is not None for level in found.levels[found.chart.starts[-1] :])
    return scene.say("spc.season_short", n=known, needed=found.needed + YEAR)


def _proposed(scene: Scene, found: Signal) -> str:
    """Return that a lasting shift is worth a decision: limits begin anew only where somebody approved it."""
    if found.proposed is None:
        return ""
    return scene.say("spc.proposed", since=periods.since_words(scene, found.proposed))


def _segment(found: Signal, index: int) -> int:
    return bisect_right(found.chart.starts, index) - 1


def sums(scene: Scene, line: Sequence[Value]) -> list[Value] | None:
    """Return the sums of twelve months in place of the months of a rare count, the shares of a rare share
    likewise.

    None where the cases are not rare, or the newest sum is not known: then the months say more.
    """
    found = _signal(scene, line)
    if found is None or not found.rare:
        return None
    totals = {period: point.value for period, point in zip(found.periods, found.chart.points, strict=True)}
    made = [_summed(value, totals.get(value.period)) for value in line]
    return made if made[-1].number is not None else None


def sum_now(scene: Scene, now: Value) -> Value | None:
    """Return the sum or share of the twelve months that end with a value's, if its cases are rare."""
    found = _signal(scene, [now])
    if found is None or not found.rare or found.newest != now.period:
        return None
    return _summed(now, found.chart.points[found.periods.index(now.period)].value)


def _summed(month: Value, total: float | None) -> Value:
    if total is not None:
        return Value(
            metric=month.metric, org=month.org, period=month.period, state="ok", value=Fraction(total)
        )
    return (
        month
        if month.number is None
        else Value(metric=month.metric, org=month.org, period=month.period, state="missing")
    )


def _signal(scene: Scene, line: Sequence[Value]) -> Signal | None:
    now = line[-1]
    return scene.material.signals.get((now.metric, now.org)) if now.period.cadence in (MONTH, WEEK) else None


def _limits(scene: Scene, found: Signal, at: Sequence[int | None], now: Value) -> tuple[Line, ...]:
    """Return each month's centre and limits, of its own segment; the lines are named by the newest one's."""
    metric = scene.metric(found.metric)
    own = [None if i is None else _read(found, i, metric.possible) for i in at]
    newest_judged = next((segment for segment in reversed(own) if segment is not None), None)
    made = []
    centre = "expected" if found.season else "mean"
    for role, phrase in (("centre", centre), ("upper", "upper"), ("lower", "lower")):
        newest = _level(newest_judged, role)
        if newest is not None:
            figure = cells.limit(scene, found.metric, newest, now if role != "centre" else None)
            values = tuple(_level(segment, role) for segment in own)
            made.append(Line(scene.say(f"spc.{phrase}", value=figure), values, role))
    return tuple(made)


def _read(found: Signal, index: int, possible: tuple[float | None, float | None]) -> Segment | None:
    """Return centre and limits of a month in the metric's unit; None where a seasonal one has no year ago."""
    base = found.base(index)
    segment = found.chart.segments[_segment(found, index)]
    return None if base is None else segment.moved(base).within(possible)


def _level(segment: Segment | None, role: str) -> float | None:
    if segment is None:
        return None
    return {"centre": segment.mean, "upper": segment.upl, "lower": segment.lpl}[role]
