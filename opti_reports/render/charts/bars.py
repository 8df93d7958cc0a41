"""Horizontal bars, or points with intervals: units side by side, or counts by category."""

from __future__ import annotations

from dataclasses import dataclass

from opti_reports.model.charts import Bar, Bars
from opti_reports.model.look import Colours, Look
from opti_reports.render.axis import span_of
from opti_reports.render.charts.canvas import PLAIN, ROW_LINE, SMALL, Canvas, write_row
from opti_reports.render.environment import MARKS
from opti_reports.render.measure import clamped, shorten, text_width

_ROW, _AIM = 13.0, 5.0
"""Height of a row, and half that of the outline of what a bar is held against, points."""
_NAMED = ("good", "watch", "off")
"""Tones that have a colour and a mark in a chart."""
_LABEL_SHARE = 0.38


@dataclass(frozen=True)
class _Row:
    bar: Bar
    lines: tuple[str, ...]
    middle: float
    """Points above the bottom of the plot."""


@dataclass(frozen=True)
class _Level:
    value: float
    name: str
    colour: str
    dashes: tuple[float, float]


def draw_bars(chart: Bars, look: Look, width: float) -> str:
    """Return the chart as an ``<svg>`` of ``width`` points, as high as its bars need, without its title.

    A bar without a value shows its text only; a chart without bars says its note.
    """
    column = min(
        max((text_width(bar.label, PLAIN) for bar in chart.bars), default=0.0) + 6, width * _LABEL_SHARE
    )
    right = max((text_width(_text(bar), PLAIN, bold=True) for bar in chart.bars), default=0.0) + 6
    labelled = [(clamped(bar.label, column - 6, PLAIN, 2), bar) for bar in chart.bars]
    heights = [max(_ROW, ROW_LINE * len(lines) + 3) for lines, _ in labelled]
    levels = _known_levels(chart, look.brand.colours)
    top = ROW_LINE * len(levels) + 3
    inner = max(sum(heights), _ROW)
    canvas = Canvas(width, inner + top + 2, left=column, bottom=2, right=right, top=top)
    canvas.span(_range(chart), (0, inner))
    if not chart.bars:
        canvas.write(0, 0.5, chart.note, colour=look.brand.colours.muted, size=PLAIN, blend="plot")
        return canvas.finish(look, chart.alt)
    rows = _placed(labelled, heights, inner)
    zero = canvas.x[0] if _intervals(chart) else 0.0
    canvas.line([(zero, 0), (zero, inner)], colour=look.brand.colours.neutral, width=0.5)
    _levels(
        canvas=canvas, levels=levels, inner=inner, column=column, plot=width - column - right, right=right
    )
    _cumulative(canvas, chart, rows, look.brand.colours)
    for row in rows:
        _row(canvas, row, look, right, width - column - right)
    return canvas.finish(look, chart.alt)


def _text(bar: Bar) -> str:
    return f"{MARKS[bar.tone]} {bar.text}" if bar.tone in _NAMED else bar.text


def _intervals(chart: Bars) -> bool:
    return any(bar.low is not None and bar.high is not None for bar in chart.bars)


def _range(chart: Bars) -> tuple[float, float]:
    """From zero, or the lowest value below it, to the highest value, interval end, target or reference.

    Points with intervals need no zero: their range is that of what is shown.
    """
    levels = [level for bar in chart.bars for level in (bar.value, bar.low, bar.high, bar.aim)]
    shown = [value for value in levels if value is not None]
    shown += [value for value in (chart.target, chart.reference) if value is not None]
    if _intervals(chart):
        return span_of(shown, chart.unit)
    low, high = min([0.0, *shown]), max([0.0, *shown])
    return (low, high) if high > low else (0.0, 1.0)


def _placed(labelled: list[tuple[tuple[str, ...], Bar]], heights: list[float], inner: float) -> list[_Row]:
    rows, used = [], 0.0
    for (lines, bar), height in zip(labelled, heights, strict=True):
        rows.append(_Row(bar, lines, inner - used - height / 2))
        used += height
    return rows


def names_leftwards(values: list[float], low: float, high: float) -> bool:
    """Return whether the names of levels stand left of their uprights: so when these are in
    the right half.
    """
    return sum(values) > (low + high) / 2 * len(values)


def _known_levels(chart: Bars, colours: Colours) -> list[_Level]:
    """Target and reference as far as there are such."""
    levels = [
        (chart.reference, chart.reference_label, colours.muted, (1.0, 1.5)),
        (chart.target, chart.target_label, colours.ink, (4.0, 2.0)),
    ]
    return [
        _Level(value, name, colour, dashes) for value, name, colour, dashes in levels if value is not None
    ]


def _levels(
    canvas: Canvas, levels: list[_Level], inner: float, column: float, plot: float, right: float
) -> None:
    """Each level as an upright, its name on a line of its own above."""
    low, high = canvas.x
    leftwards = names_leftwards([level.value for level in levels], low, high)
    # From the bars upwards in such an order that no upright crosses a name.
    for number, level in enumerate(sorted(levels, key=lambda level: level.value, reverse=not leftwards)):
        at = (level.value - low) / (high - low) * plot
        height = inner + 7 + ROW_LINE * number
        canvas.line(
            [(level.value, 0), (level.value, height + 3)],
            colour=level.colour,
            width=0.8,
            dashes=level.dashes,
            layer=4,
        )
        text = shorten(level.name, (at + column if leftwards else plot - at + right) - 3, SMALL)
        side = -3 if leftwards else 3
        canvas.write(
            (at + side) / plot * (high - low) + low,
            height,
            text,
            colour=level.colour,
            align="right" if leftwards else "left",
        )


def _cumulative(canvas: Canvas, chart: Bars, rows: list[_Row], colours: Colours) -> None:
    """What the bars make together, as a line from the first to the last: 100 % at the plot's right edge."""
    low, high = canvas.x
    places = [
        (low + share / 100 * (high - low), row.middle)
        for share, row in zip(chart.cumulative, rows, strict=False)
    ]
    if places:
        canvas.line(places, colour=colours.accent, width=0.9, layer=3.5)
    for x, y in places:
        canvas.dot(x, y, 2.6, colours.accent)


def _row(canvas: Canvas, row: _Row, look: Look, right: float, plot: float) -> None:
    colours, bar = look.brand.colours, row.bar
    colour = colours.of(bar.tone) if bar.tone in _NAMED else colours.neutral
    figure = colours.muted if bar.value is None else (colour if bar.tone in _NAMED else colours.ink)
    write_row(canvas, row.middle, row.lines, _text(bar), outside=(plot, right), colours=(colours.ink, figure))
    if bar.value is None:
        return
    if bar.low is not None and bar.high is not None:
        canvas.line([(bar.low, row.middle), (bar.high, row.middle)], colour=colour, width=1.2, layer=3)
        canvas.dot(bar.value, row.middle, 4.5, colour)
        return
    canvas.box((0, row.middle - 3.5), (bar.value, row.middle + 3.5), colour, layer=3)
    if bar.aim is not None:
        low, high = row.middle - _AIM, row.middle + _AIM
        outline = [(0.0, low), (bar.aim, low), (bar.aim, high), (0.0, high)]
        canvas.line(outline, colour=colours.ink, width=0.9, layer=3.5)
