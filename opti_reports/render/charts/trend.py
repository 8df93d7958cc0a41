"""The line chart over months: limits as a band or dotted, every other line named at its end.

A point that is a signal is a large dot if an improvement, a square if a concern, else a large grey dot: told
apart without colours too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from opti_reports.model.charts import Line, Trend
from opti_reports.model.look import Colours, Look
from opti_reports.render.axis import apart, span_of, tick_labels, ticks
from opti_reports.render.charts.canvas import PLAIN, SMALL, Canvas, Place
from opti_reports.render.measure import clamped, text_width

_BOTTOM, _LINE = 14.0, 8.5
_NEWEST, _SIGNAL = 4.5, 5.5
"""Sizes of the newest point and of signals, points."""
_VARIATION = ("centre", "upper", "lower")
"""Roles of the lines of ordinary variation: many and close together, so named in the note."""


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    canvas: Canvas
    look: Look
    width: float
    height: float
    left: float
    right: float
    top: float
    low: float
    high: float

    @property
    def colours(self) -> Colours:
        return self.look.brand.colours

    @property
    def inner(self) -> float:
        return self.height - self.top - _BOTTOM

    def level(self, value: float) -> float:
        """Return the height of a value above the bottom of the plot, points."""
        return (value - self.low) / (self.high - self.low) * self.inner


@dataclass(frozen=True)
class _EndLabel:
    at: float
    lines: tuple[str, ...]
    colour: str
    bold: bool


def draw_trend(chart: Trend, look: Look, language: str, width: float, height: float) -> str:
    """Return the chart as an ``<svg>`` of ``width`` × ``height`` points, without its title.

    A gap (None) breaks the line; a chart without any value is a frame holding the note. Where the newest
    month has no figure, no dot ends the line: why there is none is written at the foot of that month.
    """
    known = [value for line in chart.lines for value in line.values if value is not None]
    if not known:
        return _empty(chart, look, Canvas(width, height, left=0.5, bottom=0.5, right=0.5, top=0.5))
    low, high = span_of([*known, chart.low, chart.high], chart.unit)
    marks = ticks(low, high)
    names = tick_labels(marks, language)
    left = max((text_width(name, SMALL) for name in names), default=0.0) + 5
    ends = max(
        text_width(chart.latest, PLAIN, bold=True),
        *(text_width(line.label, SMALL) for line in chart.lines if line.role not in _VARIATION),
    )
    right = min(ends + 8, max(width * 0.3, 68.0))
    top = 6.0 + _LINE * bool(chart.marks)
    canvas = Canvas(width, height, left=left, bottom=_BOTTOM, right=right, top=top)
    canvas.span((0, max(len(chart.labels) - 1, 1)), (low, high))
    sheet = _Sheet(
        canvas=canvas,
        look=look,
        width=width,
        height=height,
        left=left,
        right=right,
        top=top,
        low=low,
        high=high,
    )
    _grid(sheet, marks, names)
    _months(sheet, chart.labels)
    _band(sheet, chart)
    _marks(sheet, chart)
    for line in sorted(chart.lines, key=lambda item: item.role == "main"):
        _line(sheet, line)
    _flags(sheet, chart)
    _ends(sheet, chart)
    return canvas.finish(look, chart.alt)


def _empty(chart: Trend, look: Look, canvas: Canvas) -> str:
    colours = look.brand.colours
    frame = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    canvas.line(frame, colour=colours.rule, width=0.5, blend="plot")
    lines = clamped(chart.note or chart.latest, canvas.width - 24, PLAIN, 3)
    for number, line in enumerate(lines):
        drop = ((len(lines) - 1) / 2 - number) * 11 / canvas.height
        canvas.write(0.5, 0.5 + drop, line, colour=colours.muted, size=PLAIN, align="center", blend="plot")
    return canvas.finish(look, chart.alt)


def _grid(sheet: _Sheet, values: tuple[float, ...], names: tuple[str, ...]) -> None:
    end = sheet.canvas.x[1]
    gap = 4 / (sheet.width - sheet.left - sheet.right)
    lines: list[Place] = [place for value in values for place in ((0, value), (end, value), None)]
    sheet.canvas.line(lines, colour=sheet.colours.rule, width=0.4, layer=1)
    for value, name in zip(values, names, strict=True):
        sheet.canvas.write(-gap, value, name, colour=sheet.colours.muted, align="right", blend="y")


def _months(sheet: _Sheet, labels: tuple[str, ...]) -> None:
    """Month names under the plot: the last always, earlier ones in even steps as far as they fit."""
    if not labels:
        return
    room = sheet.width - sheet.left - sheet.right
    widest = max(text_width(label, SMALL) for label in labels) + 8
    every = next(
        (step for step in (1, 2, 3, 4, 6, 12, 24) if room / max(len(labels) - 1, 1) * step >= widest),
        len(labels),
    )
    shown = range(len(labels) - 1, -1, -every)
    low = -2.5 / sheet.inner
    ticks_drawn: list[Place] = [place for at in shown for place in ((at, 0), (at, low), None)]
    sheet.canvas.line(ticks_drawn, colour=sheet.colours.neutral, width=0.4, blend="x")
    for at in shown:
        sheet.canvas.write(
            at, -9 / sheet.inner, labels[at], colour=sheet.colours.muted, align="center", blend="x"
        )


def _band(sheet: _Sheet, chart: Trend) -> None:
    """The limits of ordinary variation; both ends may be missing."""
    end = sheet.canvas.x[1]
    if chart.low is not None and chart.high is not None:
        sheet.canvas.box((0, chart.low), (end, chart.high), sheet.colours.tint, layer=0.5)
    for limit in (chart.low, chart.high):
        if limit is not None:
            ends = [(0, limit), (end, limit)]
            sheet.canvas.line(ends, colour=sheet.colours.neutral, width=0.5, dashes=(1, 2), layer=1.5)


def _line(sheet: _Sheet, line: Line) -> None:
    if line.role in _VARIATION:
        _variation(sheet, line)
        return
    places = [None if value is None else (at, value) for at, value in enumerate(line.values)]
    colours, canvas = sheet.colours, sheet.canvas
    if line.role == "target":
        canvas.line(places, colour=colours.ink, width=0.8, dashes=(4, 2))
        return
    if line.role == "reference":
        canvas.line(places, colour=colours.neutral, width=0.9, layer=2.5)
        return
    canvas.line(places, colour=colours.accent, width=1.5, layer=3)
    newest = len(line.values) - 1
    for at, value in (place for place in places if place is not None):
        if at == newest or _lonely(line.values, at):
            canvas.dot(at, value, _NEWEST if at == newest else 2.5, colours.accent)


def _variation(sheet: _Sheet, line: Line) -> None:
    """The centre or a limit: level as far as its segment goes, half a step beyond, then anew.

    One that follows the year before has another level each month: a line through them.
    """
    dashes = None if line.role == "centre" else (1.0, 2.0)
    width = 0.6 if line.role == "centre" else 0.8
    places: list[Place] = [*_levels(line.values, sheet.canvas.x[1])]
    if _follows(line.values):
        places = [None if value is None else (at, value) for at, value in enumerate(line.values)]
    sheet.canvas.line(places, colour=sheet.colours.muted, width=width, dashes=dashes, layer=1.6)


def _follows(values: tuple[float | None, ...]) -> bool:
    """Return whether most months have a level of their own."""
    known = [value for value in values if value is not None]
    return 2 * sum(1 for _ in groupby(known)) > len(known) > 1


def _levels(values: tuple[float | None, ...], end: float) -> Iterator[Place]:
    for value, group in groupby(enumerate(values), key=lambda item: item[1]):
        at = [index for index, _ in group]
        if value is not None:
            yield from ((max(at[0] - 0.5, 0.0), value), (min(at[-1] + 0.5, end), value), None)


def _flags(sheet: _Sheet, chart: Trend) -> None:
    """The points of the main line that are signals."""
    values = next((line.values for line in chart.lines if line.role == "main"), ())
    for at, reading in chart.flags:
        value = values[at]
        meaning = reading.partition("_")[0]
        if value is None:
            continue
        if meaning == "concern":
            sheet.canvas.square(at, value, _SIGNAL, sheet.colours.concern)
        else:
            colour = sheet.colours.good if meaning == "improvement" else sheet.colours.muted
            sheet.canvas.dot(at, value, _SIGNAL, colour)


def _lonely(values: tuple[float | None, ...], index: int) -> bool:
    """Return a value between two gaps, which no line would show."""
    before = values[index - 1] if index else None
    after = values[index + 1] if index + 1 < len(values) else None
    return before is None and after is None


def _marks(sheet: _Sheet, chart: Trend) -> None:
    """Dated events: a dotted upright and its number above the plot; the note below says what it was."""
    height = 1 + 3 / sheet.inner
    for at in sorted({mark.at for mark in chart.marks}):
        numbers = [str(number) for number, mark in enumerate(chart.marks, 1) if mark.at == at]
        ends = [(at, 0), (at, height)]
        colour = sheet.colours.muted
        sheet.canvas.line(ends, colour=colour, width=0.6, dashes=(1, 1.5), layer=1.8, blend="x")
        above = height + _LINE / 2 / sheet.inner
        sheet.canvas.write(at, above, ", ".join(numbers), colour=colour, align="center", blend="x")


def _ends(sheet: _Sheet, chart: Trend) -> None:
    """The name or figure of each line at its right end, in at most two lines, clear of the others."""
    labels = []
    for line in chart.lines:
        last = next((value for value in reversed(line.values) if value is not None), None)
        if line.role == "main" and line.values[-1] is None:
            labels.append(_gap_label(sheet, chart.latest))
        elif last is not None and line.role not in _VARIATION:
            labels.append(_end_label(sheet, line, chart.latest, last))
    gap = 6 / (sheet.width - sheet.left - sheet.right)
    sizes = [_LINE * len(label.lines) for label in labels]
    places = apart([label.at for label in labels], sizes, sheet.inner)
    for label, at in zip(labels, places, strict=True):
        for number, text in enumerate(label.lines):
            height = at + ((len(label.lines) - 1) / 2 - number) * _LINE
            sheet.canvas.write(
                1 + gap,
                height / sheet.inner,
                text,
                colour=label.colour,
                bold=label.bold,
                size=PLAIN if label.bold else SMALL,
                blend="plot",
            )


def _end_label(sheet: _Sheet, line: Line, latest: str, last: float) -> _EndLabel:
    main = line.role == "main"
    colour = {"main": sheet.colours.accent, "target": sheet.colours.ink}.get(line.role, sheet.colours.muted)
    text, size = (latest, PLAIN) if main else (line.label, SMALL)
    return _EndLabel(sheet.level(last), clamped(text, sheet.right - 6, size, 2, main), colour, main)


def _gap_label(sheet: _Sheet, latest: str) -> _EndLabel:
    """Return why the newest month has no figure: at the foot of its upright, not at an older
    month's height.
    """
    words = clamped(latest, sheet.right - 6, SMALL, 2)
    return _EndLabel(_LINE / 2 * len(words), words, sheet.colours.muted, False)
