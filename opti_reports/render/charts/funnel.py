"""The funnel: units as value against number of cases, limits of chance as curves, every unit named.

A unit that does worse than the others is a square, one that does better a large dot, one that differs where
neither is better a large grey dot: told apart without colours too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from opti_reports.model.charts import FunnelPlot, FunnelUnit
from opti_reports.model.look import Colours, Look
from opti_reports.render.axis import apart, span_of, tick_labels, ticks
from opti_reports.render.charts.canvas import SMALL, Align, Canvas
from opti_reports.render.measure import shorten, text_width

_BOTTOM, _LINE, _TOP = 14.0, 8.5, 5.0
_PLAIN, _OUT = 3.4, 5.5
"""Sizes of the mark of a unit like the others, and of one that differs, points."""
_AWAY = 5.0
_LONGEST = 90.0
_STRUCK = 80.0
"""Square points of a name that marks and lines may cover, before it cannot be read."""
Area = tuple[float, float, float, float]
"""Left, bottom, right and top of words or a mark, points from the plot's left and bottom."""


@dataclass(frozen=True)
class _Sheet:
    canvas: Canvas
    colours: Colours
    inner: tuple[float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return a place in points from the plot's left and bottom."""
        (x0, x1), (y0, y1) = self.canvas.x, self.canvas.y
        return (x - x0) / (x1 - x0) * self.inner[0], (y - y0) / (y1 - y0) * self.inner[1]


@dataclass(frozen=True)
class _Name:
    text: str
    place: tuple[float, float]
    align: Align
    area: Area


def draw_funnel(chart: FunnelPlot, look: Look, language: str, width: float, height: float) -> str:
    """Return the chart as an ``<svg>`` of ``width`` × ``height`` points, without its title."""
    colours = look.brand.colours
    judged = [unit for unit in chart.units if unit.value is not None]
    first = chart.edges[:1]
    seen = [unit.value for unit in judged] + [
        bound for edge in first for bound in (edge.low, edge.high, edge.far_low, edge.far_high)
    ]
    low, high = span_of([*seen, chart.centre], chart.unit)
    most = max([edge.n for edge in chart.edges] + [unit.n for unit in judged] + [1.0])
    levels, cases = ticks(low, high), ticks(0.0, most)
    names, counts = tick_labels(levels, language), tick_labels(cases, language)
    left = max(text_width(name, SMALL) for name in names) + 5
    ends = (chart.centre_label, *chart.edge_labels)
    right = min(max(text_width(end, SMALL) for end in ends) + 8, width * 0.25)
    canvas = Canvas(width, height, left=left, bottom=_BOTTOM, right=right, top=_TOP)
    canvas.span((0.0, most), (low, high))
    sheet = _Sheet(canvas, colours, (width - left - right, height - _BOTTOM - _TOP))
    for level, name in zip(levels, names, strict=True):
        canvas.line([(0, level), (most, level)], colour=colours.rule, width=0.4, layer=1)
        canvas.write(-4 / sheet.inner[0], level, name, colour=colours.muted, align="right", blend="y")
    for count, name in zip(cases, counts, strict=True):
        canvas.line(
            [(count, 0), (count, -2.5 / sheet.inner[1])], colour=colours.neutral, width=0.4, blend="x"
        )
        canvas.write(count, -9 / sheet.inner[1], name, colour=colours.muted, align="center", blend="x")
    _limits(sheet, chart, right)
    _units(sheet, judged, [*_lines(sheet, chart)])
    return canvas.finish(look, chart.alt)


def _limits(sheet: _Sheet, chart: FunnelPlot, right: float) -> None:
    """The centre across, and the four curves; each kind named once at its right end."""
    canvas, muted = sheet.canvas, sheet.colours.muted
    low, high = canvas.y
    canvas.line(
        [(canvas.x[0], chart.centre), (canvas.x[1], chart.centre)], colour=muted, width=0.8, layer=1.6
    )
    for bounds, dashes in (
        ([(edge.low, edge.high) for edge in chart.edges], (3.0, 2.0)),
        ([(edge.far_low, edge.far_high) for edge in chart.edges], (1.0, 1.6)),
    ):
        for side in (0, 1):
            places = [
                (edge.n, pair[side]) if low <= pair[side] <= high else None
                for edge, pair in zip(chart.edges, bounds, strict=True)
            ]
            if any(places):
                canvas.line(places, colour=muted, width=0.8, dashes=dashes, layer=1.5)
    named = [(chart.centre, chart.centre_label)]
    if chart.edges:
        last = chart.edges[-1]
        named += [(last.high, chart.edge_labels[0]), (last.far_high, chart.edge_labels[1])]
    heights = apart([sheet.at(0, level)[1] for level, _ in named], [_LINE] * len(named), sheet.inner[1])
    for (_, text), at in zip(named, heights, strict=True):
        words, place = shorten(text, right - 5, SMALL), (1 + 5 / sheet.inner[0], at / sheet.inner[1])
        canvas.write(*place, words, colour=muted, blend="plot")


def _lines(sheet: _Sheet, chart: FunnelPlot) -> Iterator[Area]:
    """Yield where the centre and the curves run, for names to keep clear of."""
    level = sheet.at(0, chart.centre)[1]
    yield 0.0, level - 1, sheet.inner[0], level + 1
    for edge, after in pairwise(chart.edges):
        left, right = sheet.at(edge.n, 0)[0], sheet.at(after.n, 0)[0]
        for bound in (edge.low, edge.high, edge.far_low, edge.far_high):
            level = sheet.at(0, bound)[1]
            yield left, level - 1, right, level + 1


def _units(sheet: _Sheet, judged: list[FunnelUnit], taken: list[Area]) -> None:
    """Marks first, then names: those that differ are named first, and so stand nearest to their marks.

    A name that would lie on another, or of a unit like the others on a line, is left out: of many such units
    hardly any is named.
    """
    named: list[Area] = []
    for unit in judged:
        x, y = sheet.at(unit.n, unit.value or 0.0)
        _mark(sheet, unit)
        taken.append((x - _AWAY / 2, y - _AWAY / 2, x + _AWAY / 2, y + _AWAY / 2))
    for unit in sorted(judged, key=lambda unit: unit.tone == "neutral"):
        name = _placed(sheet, unit, taken, named)
        out = unit.tone != "neutral"
        struck = 0.0 if out else sum(_overlap(name.area, other) for other in taken)
        if any(_overlap(name.area, other) for other in named) or struck > _STRUCK:
            continue
        named.append(name.area)
        sheet.canvas.write(
            name.place[0] / sheet.inner[0],
            name.place[1] / sheet.inner[1],
            name.text,
            colour=sheet.colours.ink if out else sheet.colours.muted,
            bold=out,
            align=name.align,
            blend="plot",
        )


def _mark(sheet: _Sheet, unit: FunnelUnit) -> None:
    x, y, colours = unit.n, unit.value or 0.0, sheet.colours
    if unit.tone == "off":
        sheet.canvas.square(x, y, _OUT, colours.concern)
    elif unit.tone == "neutral":
        sheet.canvas.dot(x, y, _PLAIN, colours.accent)
    else:
        sheet.canvas.dot(x, y, _OUT, colours.good if unit.tone == "good" else colours.muted)


def _placed(sheet: _Sheet, unit: FunnelUnit, taken: list[Area], named: list[Area]) -> _Name:
    """Return a name beside, above or below its mark: clear of other names if it can be, then of marks and
    lines.
    """
    x, y = sheet.at(unit.n, unit.value or 0.0)
    text = shorten(unit.label, _LONGEST, SMALL, bold=True)
    choices = [*_choices(text, x, y)]
    inside = [name for name in choices if _inside(name.area, sheet.inner)] or choices

    def covered(name: _Name, by: list[Area]) -> float:
        return sum(_overlap(name.area, other) for other in by)

    return min(inside, key=lambda name: (covered(name, named), covered(name, taken)))


def _choices(text: str, x: float, y: float) -> Iterator[_Name]:
    width, half = text_width(text, SMALL, bold=True), _LINE / 2
    for up in (0.0, half, -half, _LINE, -_LINE, 1.5 * _LINE, -1.5 * _LINE):
        yield _Name(
            text,
            (x + _AWAY, y + up),
            "left",
            (x + _AWAY, y + up - half, x + _AWAY + width, y + up + half),
        )
        yield _Name(
            text,
            (x - _AWAY, y + up),
            "right",
            (x - _AWAY - width, y + up - half, x - _AWAY, y + up + half),
        )
    for up in (_LINE, -_LINE):
        yield _Name(text, (x, y + up), "center", (x - width / 2, y + up - half, x + width / 2, y + up + half))


def _inside(area: Area, inner: tuple[float, float]) -> bool:
    return area[0] >= 0 and area[1] >= 0 and area[2] <= inner[0] and area[3] <= inner[1] + _TOP


def _overlap(one: Area, other: Area) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    up = min(one[3], other[3]) - max(one[1], other[1])
    return across * up if across > 0 and up > 0 else 0.0
