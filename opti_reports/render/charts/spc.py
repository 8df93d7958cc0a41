"""The process behaviour chart: points, centre and limits of each segment, signals as filled marks.

An improvement is a large dot, a concern a square, any other signal a large grey dot: told apart without
colours too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from opti_reports.model.look import Colours, Look
from opti_reports.model.spc import Figure, Segment
from opti_reports.render.axis import apart, span_of, tick_labels, ticks
from opti_reports.render.charts.canvas import PLAIN, SMALL, Canvas, Place
from opti_reports.render.measure import clamped, shorten, text_width

_BOTTOM, _LINE = 14.0, 8.5
_SIGNAL, _POINT = 5.5, 2.6
"""Sizes of marks, points."""
_WORDLESS = 1e15


@dataclass(frozen=True)
class _Sheet:
    canvas: Canvas
    colours: Colours
    figure: Figure
    spans: tuple[tuple[float, float, Segment], ...]
    """Where each segment lies from left to right, and its limits as drawn."""
    inner: tuple[float, float]
    """The plot's width and height, points."""


def draw_spc(figure: Figure, look: Look, language: str, width: float, height: float) -> str:
    """Return the chart as an ``<svg>`` of ``width`` × ``height`` points; without a value a frame with the
    note.
    """
    values = [point.value for point in figure.chart.points]
    if all(value is None for value in values):
        return _empty(figure, look, width, height)
    spans = tuple(_spans(figure))
    aims = figure.target if isinstance(figure.target, tuple) else (figure.target,)
    limits = [limit for _, _, segment in spans for limit in (segment.lpl, segment.upl, segment.mean)]
    low, high = span_of([*values, *limits, *aims], figure.unit)
    marks = ticks(low, high)
    names = _tick_names(marks, language)
    left = max(text_width(name, SMALL) for name in names) + 5
    words = (figure.centre, figure.upper, figure.lower, figure.aim)
    right = min(
        max(*(text_width(w, SMALL) for w in words), text_width(figure.latest, PLAIN, True)) + 10, width * 0.3
    )
    top = 6.0 + _LINE * bool(figure.note)
    canvas = Canvas(width, height, left=left, bottom=_BOTTOM, right=right, top=top)
    canvas.span((-0.5, len(values) - 0.5), (low, high))
    inner = width - left - right, height - top - _BOTTOM
    sheet = _Sheet(canvas, look.brand.colours, figure, spans, inner)
    _axes(sheet, marks, names)
    _limits(sheet)
    _points(sheet)
    _ends(sheet, right)
    if figure.note:
        note = shorten(figure.note, inner[0] + right, SMALL)
        canvas.write(0, 1 + (_LINE / 2 + 3) / inner[1], note, colour=look.brand.colours.muted, blend="plot")
    return canvas.finish(look, figure.alt)


def _tick_names(marks: tuple[float, ...], language: str) -> tuple[str, ...]:
    """As on every axis; in powers of ten where no language has a word for the number."""
    if max(abs(mark) for mark in marks) < _WORDLESS:
        return tick_labels(marks, language)
    return tuple(f"{mark:.1e}".replace("-", "−") for mark in marks)


def _empty(figure: Figure, look: Look, width: float, height: float) -> str:
    colours = look.brand.colours
    canvas = Canvas(width, height, left=0.5, bottom=0.5, right=0.5, top=0.5)
    canvas.line([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], colour=colours.rule, width=0.5, blend="plot")
    for number, line in enumerate(clamped(figure.note, width - 24, PLAIN, 3)):
        drop = 0.5 - number * 11 / height
        canvas.write(0.5, drop, line, colour=colours.muted, size=PLAIN, align="center", blend="plot")
    return canvas.finish(look, figure.alt)


def _spans(figure: Figure) -> Iterator[tuple[float, float, Segment]]:
    """Yield each segment with where it begins and ends: half a step beyond its points."""
    chart = figure.chart
    ends = pairwise([*chart.starts, len(chart.points)])
    for (begin, end), segment in zip(ends, chart.segments, strict=True):
        yield begin - 0.5, end - 0.5, segment.within(figure.bounds)


def _axes(sheet: _Sheet, marks: tuple[float, ...], names: tuple[str, ...]) -> None:
    canvas, colours = sheet.canvas, sheet.colours
    left, right = canvas.x
    grid: list[Place] = [place for mark in marks for place in ((left, mark), (right, mark), None)]
    canvas.line(grid, colour=colours.rule, width=0.4, layer=1)
    for mark, name in zip(marks, names, strict=True):
        canvas.write(-4 / sheet.inner[0], mark, name, colour=colours.muted, align="right", blend="y")
    labels = [point.label for point in sheet.figure.chart.points]
    widest = max(text_width(label, SMALL) for label in labels) + 8
    every = next(
        n for n in range(1, len(labels) + 1) if sheet.inner[0] / len(labels) * n >= widest or n == len(labels)
    )
    for at in range(len(labels) - 1, -1, -every):
        canvas.line([(at, 0), (at, -2.5 / sheet.inner[1])], colour=colours.neutral, width=0.4, blend="x")
        canvas.write(at, -9 / sheet.inner[1], labels[at], colour=colours.muted, align="center", blend="x")


def _limits(sheet: _Sheet) -> None:
    """Centre, limits and rebases, and the target across."""
    canvas, colours, figure = sheet.canvas, sheet.colours, sheet.figure
    for begin, end, segment in sheet.spans:
        if segment.lpl is not None and segment.upl is not None:
            canvas.box((begin, segment.lpl), (end, segment.upl), colours.tint, layer=0.5)
            for limit in (segment.lpl, segment.upl):
                canvas.line(
                    [(begin, limit), (end, limit)], colour=colours.muted, width=0.6, dashes=(3, 2), layer=1.5
                )
        if segment.mean is not None:
            ends = [(begin, segment.mean), (end, segment.mean)]
            canvas.line(ends, colour=colours.muted, width=0.8, layer=1.6)
        if begin > 0:
            canvas.line([(begin, 0), (begin, 1)], colour=colours.muted, width=0.6, dashes=(1, 1.5), blend="x")
    for aim in figure.target if isinstance(figure.target, tuple) else (figure.target,):
        if aim is not None:
            ends = [(canvas.x[0], aim), (canvas.x[1], aim)]
            canvas.line(ends, colour=colours.ink, width=0.8, dashes=(6, 2), layer=1.7)


def _points(sheet: _Sheet) -> None:
    """The line, broken at gaps and rebases, and a mark for every point."""
    canvas, colours, chart = sheet.canvas, sheet.colours, sheet.figure.chart
    places: list[Place] = []
    for at, point in enumerate(chart.points):
        if at in chart.starts:
            places.append(None)
        places.append(None if point.value is None else (at, point.value))
    canvas.line(places, colour=colours.accent, width=1.0, layer=2.5)
    across, up = (
        _SIGNAL / 2 / size * (high - low)
        for size, (low, high) in zip(sheet.inner, (canvas.x, canvas.y), strict=True)
    )
    for at, point in enumerate(chart.points):
        if point.value is None:
            continue
        meaning = (point.reading or "").partition("_")[0]
        if meaning == "concern":
            corners = (at - across, point.value - up), (at + across, point.value + up)
            canvas.box(*corners, colours.concern, layer=4)
        else:
            colour = {"improvement": colours.good, "neutral": colours.muted}.get(meaning, colours.accent)
            canvas.dot(at, point.value, _SIGNAL if meaning else _POINT, colour)


def _ends(sheet: _Sheet, right: float) -> None:
    """The names of the newest segment's lines and the last value, each beside its line."""
    figure, segment = sheet.figure, sheet.spans[-1][2]
    aim = max(figure.target) if isinstance(figure.target, tuple) else figure.target
    value = figure.chart.points[-1].value
    muted, ink, accent = sheet.colours.muted, sheet.colours.ink, sheet.colours.accent
    # A gap at the end is said at the foot of its place: no older value is the newest.
    latest = (sheet.canvas.y[0], muted, False) if value is None else (value, accent, True)
    all_labels: list[tuple[float | None, str, str, bool]] = [
        (segment.mean, figure.centre, muted, False),
        (None if segment.upl == segment.mean else segment.upl, figure.upper, muted, False),
        (None if segment.lpl == segment.mean else segment.lpl, figure.lower, muted, False),
        (aim, figure.aim, ink, False),
        (latest[0], figure.latest, *latest[1:]),
    ]
    low, high = sheet.canvas.y
    labels = [(text, colour, bold) for level, text, colour, bold in all_labels if level is not None]
    heights = [(level - low) / (high - low) * sheet.inner[1] for level, *_ in all_labels if level is not None]
    places = apart(heights, [_LINE] * len(labels), sheet.inner[1])
    for (text, colour, bold), at in zip(labels, places, strict=True):
        size = PLAIN if bold else SMALL
        sheet.canvas.write(
            1 + 5 / sheet.inner[0],
            at / sheet.inner[1],
            shorten(text, right - 5, size, bold),
            colour=colour,
            bold=bold,
            size=size,
            blend="plot",
        )
