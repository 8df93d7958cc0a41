"""Horizontal bars, or points with intervals: units side by side, or counts by category."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from opti_reports.model.charts import Bar, Bars
from opti_reports.model.look import Colours, Look
from opti_reports.render.axis import span_of
from opti_reports.render.charts.sheet import ROW_LINE, Align, Sheet
from opti_reports.render.charts.style import DASHED, DOTTED, PLAIN, SMALL, styled
from opti_reports.render.environment import MARKS
from opti_reports.render.measure import clamped, shorten, widest

_ROW, _BAR, _AIM, _POINT = 13.0, 7.0, 10.0, 4.5
"""Height of a row, of its bar, and of the outline of what a bar is held against; size of a point; points."""
_NAMED = ("good", "watch", "off")
"""Tones that have a colour and a mark in a chart."""
_LABEL_SHARE = 0.38


class _Level(NamedTuple):
    value: float
    name: str
    colour: str
    pattern: tuple[float, tuple[float, float]]


@styled
def draw_bars(chart: Bars, look: Look, _: str, width: float) -> str:
    """Return the chart as an ``<svg>`` of ``width`` points, as high as its bars need, without its title.

    A bar without a value shows its text only; a chart without bars says its note.
    """
    column = min(widest((bar.label for bar in chart.bars), PLAIN) + 6, width * _LABEL_SHARE)
    right = widest(map(_text, chart.bars), PLAIN, bold=True) + 6
    names = [clamped(bar.label, column - 6, PLAIN, 2) for bar in chart.bars]
    heights = [max(_ROW, ROW_LINE * len(lines) + 3) for lines in names]
    levels = _known_levels(chart, look.brand.colours)
    top, inner = ROW_LINE * len(levels) + 3, max(sum(heights), _ROW)
    sheet = Sheet(look, width, inner + top + 2, left=column, bottom=2, right=right, top=top)
    sheet.span(_range(chart), (inner, 0))
    if not chart.bars:
        sheet.say(chart.note, (0, inner / 2), size=PLAIN)
        return sheet.svg(chart.alt)
    rows = [end - height / 2 for end, height in zip(accumulate(heights), heights, strict=True)]
    zero = sheet.axes.get_xlim()[0] if any(map(_interval, chart.bars)) else 0.0
    sheet.line((zero, zero), (0, inner), color=sheet.colours.neutral, linewidth=0.5)
    _levels(sheet, levels, column, right)
    _cumulative(sheet, chart, rows)
    _draw(sheet, chart.bars, rows)
    for bar, name, middle in zip(chart.bars, names, rows, strict=True):
        colour = sheet.colours.of(bar.tone) if bar.tone in _NAMED else sheet.colours.ink
        figure = sheet.colours.muted if bar.value is None else colour
        sheet.row(middle, name, _text(bar), right, (sheet.colours.ink, figure))
    return sheet.svg(chart.alt)


def _text(bar: Bar) -> str:
    return f"{MARKS[bar.tone]} {bar.text}" if bar.tone in _NAMED else bar.text


def _interval(bar: Bar) -> bool:
    return bar.low is not None and bar.high is not None


def _range(chart: Bars) -> tuple[float, float]:
    """From zero, or the lowest value below it, to the highest value, interval end, target or reference.

    Points with intervals need no zero: their range is that of what is shown.
    """
    levels = [level for bar in chart.bars for level in (bar.value, bar.low, bar.high, bar.aim)]
    shown = [value for value in (*levels, chart.target, chart.reference) if value is not None]
    if any(map(_interval, chart.bars)):
        return span_of(shown, chart.unit)
    low, high = min([0.0, *shown]), max([0.0, *shown])
    return (low, high) if high > low else (0.0, 1.0)


def names_leftwards(values: list[float], low: float, high: float) -> bool:
    """Return whether the names of levels stand left of their uprights: so when these are in
    the right half.
    """
    return sum(values) > (low + high) / 2 * len(values)


def _known_levels(chart: Bars, colours: Colours) -> list[_Level]:
    """Target and reference as far as there are such."""
    found = []
    if chart.reference is not None:
        found.append(_Level(chart.reference, chart.reference_label, colours.muted, DOTTED))
    if chart.target is not None:
        found.append(_Level(chart.target, chart.target_label, colours.ink, DASHED))
    return found


def _levels(sheet: Sheet, levels: list[_Level], column: float, right: float) -> None:
    """Each level as an upright, its name on a line of its own above."""
    leftwards = names_leftwards([level.value for level in levels], *sheet.axes.get_xlim())
    bottom = sheet.axes.get_ylim()[0]
    # From the bars upwards in such an order that no upright crosses a name.
    for number, level in enumerate(sorted(levels, reverse=not leftwards)):
        height = 7 + ROW_LINE * number
        look = {"color": level.colour, "linewidth": 0.8, "linestyle": level.pattern, "zorder": 4}
        sheet.line((level.value, level.value), (bottom, -height - 3), **look)
        at, side = sheet.across(level.value), -3 if leftwards else 3
        align: Align = "right" if leftwards else "left"
        room = at + column if leftwards else sheet.inner[0] - at + right
        name = shorten(level.name, room - 3, SMALL)
        sheet.say(name, (level.value, 0), moved=(side, height), colour=level.colour, align=align)


def _cumulative(sheet: Sheet, chart: Bars, rows: list[float]) -> None:
    """What the bars make together, as a line from the first to the last: 100 % at the plot's right edge."""
    low, high = sheet.axes.get_xlim()
    places = [low + share / 100 * (high - low) for share in chart.cumulative]
    look = {"color": sheet.colours.accent, "linewidth": 0.9, "marker": "o", "markersize": 2.6}
    if places:
        sheet.line(places, rows[: len(places)], zorder=3.5, **look)


def _draw(sheet: Sheet, bars: Sequence[Bar], rows: Sequence[float]) -> None:
    """Bars from zero, where there are intervals points on these; outlines of what bars are held against."""
    known = [(bar, at, bar.value) for bar, at in zip(bars, rows, strict=True) if bar.value is not None]
    points = [place for place in known if _interval(place[0])]
    plain = [place for place in known if not _interval(place[0])]
    held = [(at, bar.aim) for bar, at, _ in plain if bar.aim is not None]
    axes, ends = sheet.axes, dict[str, Any](capstyle="butt", zorder=3)
    if plain:
        _, places, values = zip(*plain, strict=True)
        axes.hlines(places, 0, values, colors=_fills(sheet, plain), linewidth=_BAR, **ends)
    if points:
        shown, places, values = zip(*points, strict=True)
        fills, low, high = _fills(sheet, points), [bar.low for bar in shown], [bar.high for bar in shown]
        axes.hlines(places, low, high, colors=fills, linewidth=1.2, **ends)
        axes.scatter(values, places, _POINT**2, fills, linewidths=0, clip_on=False, zorder=4)
    if held:
        look = dict[str, Any](fill=False, edgecolor=sheet.colours.ink, linewidth=0.9, zorder=3.5)
        axes.barh([at for at, _ in held], [aim for _, aim in held], _AIM, **look)


def _fills(sheet: Sheet, bars: Sequence[tuple[Bar, float, float]]) -> list[str]:
    colours = sheet.colours
    return [colours.of(bar.tone) if bar.tone in _NAMED else colours.neutral for bar, *_ in bars]
