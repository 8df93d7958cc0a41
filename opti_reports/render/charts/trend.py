"""The line chart over months: limits as a band or dotted, every other line named at its end.

A point that is a signal is a large dot if an improvement, a square if a concern, else a large grey dot: told
apart without colours too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from opti_reports.model.charts import Line, Trend
from opti_reports.model.look import Look
from opti_reports.render.axis import span_of, tick_labels, ticks
from opti_reports.render.charts.sheet import End, Sheet
from opti_reports.render.charts.style import DOTTED, LINE, PLAIN, SMALL, VARIATION, line_of, mark_of, styled
from opti_reports.render.measure import clamped, shorten, text_width, widest

HIGH = 30 * 72 / 25.4
"""Height of a chart on a page, points."""
_BOTTOM, _NEWEST, _POINT = 14.0, 4.5, 2.5
_AIR = 8.0
Values = tuple[float | None, ...]


@styled
def draw_trend(
    chart: Trend, look: Look, language: str, width: float, height: float = HIGH, *, alone: bool = False
) -> str:
    """Return the chart as an ``<svg>`` of ``width`` × ``height`` points, without its title.

    A gap (None) breaks the line; a chart without any value is a frame holding the note. Where the newest
    month has no figure, no dot ends the line: why there is none is written at the foot of that month.
    One that stands ``alone`` shows all of its points, names its limits too and says its note itself.
    """
    known = [value for line in chart.lines for value in line.values if value is not None]
    if not known:
        return _empty(chart, look, width, height)
    low, high = span_of([*known, chart.low, chart.high], chart.unit)
    levels = ticks(low, high)
    names = tick_labels(levels, language)
    named = [line for line in chart.lines if alone or line.role not in VARIATION]
    ends = max(text_width(chart.latest, PLAIN, bold=True), widest((line.label for line in named), SMALL))
    right = min(ends + 8, max(width * 0.3, 68.0))
    left = max(widest(names, SMALL) + 5, min(text_width(chart.labels[0], SMALL) / 2, width * 0.1))
    says = alone and bool(chart.note)
    top = 6.0 + LINE * (says or any(mark.label for mark in chart.marks))
    sheet = Sheet(look, width, height, left=left, bottom=_BOTTOM, right=right, top=top)
    months = _shown(chart.labels, sheet.inner[0])
    sheet.ticks(months, [chart.labels[at] for at in months], levels, names)
    sheet.span((0, max(len(chart.labels) - 1, 1)), (low, high))
    _band(sheet, chart)
    for line in chart.lines:
        _line(sheet, line, alone=alone)
    _flags(sheet, chart)
    _marks(sheet, chart)
    sheet.name_ends([*_ends(sheet, chart, named, right - 6)], right - 6)
    if says:
        note = shorten(chart.note, sheet.inner[0] + right, SMALL)
        sheet.say(note, (0, 1), "axes fraction", moved=(0, LINE / 2 + 3))
    return sheet.svg(chart.alt)


def _empty(chart: Trend, look: Look, width: float, height: float) -> str:
    sheet = Sheet(look, width, height, left=0.5, bottom=0.5, right=0.5, top=0.5)
    sheet.span((0, 1), (0, 1))
    sheet.line((0, 1, 1, 0, 0), (0, 0, 1, 1, 0), color=sheet.colours.rule, linewidth=0.5)
    lines = clamped(chart.note or chart.latest, width - 24, PLAIN, 3)
    for number, line in enumerate(lines):
        drop = ((len(lines) - 1) / 2 - number) * 11
        sheet.say(line, (0.5, 0.5), moved=(0, drop), size=PLAIN, align="center")
    return sheet.svg(chart.alt)


def _shown(labels: Sequence[str], room: float) -> list[int]:
    """Return the months named under the plot: the last always, earlier ones in even steps as they fit."""
    apiece, wide = room / max(len(labels) - 1, 1), widest(labels, SMALL) + _AIR
    every = next((step for step in (1, 2, 3, 4, 6, 12, 24) if apiece * step >= wide), len(labels))
    return [*range(len(labels) - 1, -1, -every)][::-1]


def _band(sheet: Sheet, chart: Trend) -> None:
    """The two ends of a target; both may be missing."""
    end = sheet.axes.get_xlim()[1]
    if chart.low is not None and chart.high is not None:
        corners = (0, end, end, 0), (chart.low, chart.low, chart.high, chart.high)
        sheet.axes.fill(*corners, color=sheet.colours.tint, zorder=0)
    limits = [limit for limit in (chart.low, chart.high) if limit is not None]
    look = {"color": sheet.colours.neutral, "linewidth": 0.5, "linestyle": DOTTED, "zorder": 1.5}
    sheet.strokes([((0, limit), (end, limit)) for limit in limits], **look)


def _line(sheet: Sheet, line: Line, *, alone: bool) -> None:
    look, x = line_of(line.role, sheet.colours), [*range(len(line.values))]
    if line.role in VARIATION and not _follows(line.values):
        places = [*_levels(line.values, sheet.axes.get_xlim()[1])]
        sheet.line([at for at, _ in places], [value for _, value in places], **look)
        return
    sheet.line(x, line.values, **look)
    if line.role == "main":
        dot = {"marker": "o", "linestyle": "none", "color": look["color"], "zorder": 4}
        lonely = [at for at in x[:-1] if alone or _lonely(line.values, at)]
        if lonely:
            sheet.line(lonely, [line.values[at] for at in lonely], markersize=_POINT, **dot)
        sheet.line(x[-1:], line.values[-1:], markersize=_NEWEST, **dot)


def _follows(values: Values) -> bool:
    """Return whether most months have a level of their own: limits that follow the year before."""
    known = [value for value in values if value is not None]
    return 2 * sum(1 for _ in groupby(known)) > len(known) > 1


def _levels(values: Values, end: float) -> Iterator[tuple[float, float | None]]:
    """Yield the corners of a limit: level as far as its segment goes, half a step beyond, then anew."""
    for value, group in groupby(enumerate(values), key=lambda item: item[1]):
        at = [index for index, _ in group]
        yield from ((max(at[0] - 0.5, 0.0), value), (min(at[-1] + 0.5, end), value), (at[-1], None))


def _lonely(values: Values, index: int) -> bool:
    """Return whether a value stands between two gaps, where no line would show it."""
    return all(value is None for value in (*values[max(index - 1, 0) : index], values[index + 1]))


def _flags(sheet: Sheet, chart: Trend) -> None:
    """The points of the main line that are signals, by what they mean."""
    values = next((line.values for line in chart.lines if line.role == "main"), ())
    for meaning in ("concern", "improvement", "neutral"):
        at = [at for at, reading in chart.flags if reading.startswith(meaning) and values[at] is not None]
        if at:
            sheet.line(at, [values[index] for index in at], **mark_of(meaning, sheet.colours))


def _marks(sheet: Sheet, chart: Trend) -> None:
    """Dated events: a dotted upright and its number above the plot; the note below says what it was."""
    across, top = ("data", "axes fraction"), 1 + 3 / sheet.inner[1]
    places = sorted({mark.at for mark in chart.marks})
    look = {"color": sheet.colours.muted, "linewidth": 0.6, "linestyle": DOTTED, "zorder": 1.8}
    sheet.strokes([((at, 0), (at, top)) for at in places], transform=sheet.axes.get_xaxis_transform(), **look)
    for at in places:
        numbers = [str(n) for n, mark in enumerate(chart.marks, 1) if mark.at == at and mark.label]
        sheet.say(", ".join(numbers), (at, 1), across, moved=(0, 3 + LINE / 2), align="center")


def _ends(sheet: Sheet, chart: Trend, named: Sequence[Line], room: float) -> Iterator[End]:
    """Yield the name or figure of each line, at its last value.

    Why the newest month has no figure stands at the foot of that month, not at an older month's height.
    """
    colours = {"main": sheet.colours.accent, "target": sheet.colours.ink}
    for line in named:
        last = next((value for value in reversed(line.values) if value is not None), None)
        main = line.role == "main"
        if main and line.values[-1] is None:
            lines = clamped(chart.latest, room, SMALL, 2)
            yield End(LINE / 2 * len(lines), chart.latest, sheet.colours.muted)
        elif last is not None and (main or line.label):
            colour = colours.get(line.role, sheet.colours.muted)
            yield End(sheet.up(last), chart.latest if main else line.label, colour, main)
