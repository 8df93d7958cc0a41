"""The funnel: units as value against number of cases, limits of chance as curves, every unit named.

A unit that does worse than the others is a square, one that does better a large dot, one that differs where
neither is better a large grey dot: told apart without colours too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from opti_reports.model.charts import FunnelEdge, FunnelPlot, FunnelUnit
from opti_reports.model.look import Look
from opti_reports.render.axis import span_of, tick_labels, ticks
from opti_reports.render.charts.sheet import Align, End, Sheet
from opti_reports.render.charts.style import LINE, SMALL, mark_of, styled
from opti_reports.render.measure import shorten, text_width, widest

HIGH = 54 * 72 / 25.4
"""Height of a chart on a page, points."""
_BOTTOM, _TOP = 14.0, 5.0
_PLAIN = 3.4
"""Size of the mark of a unit like the others, points."""
_MEANING = {"off": "concern", "good": "improvement"}
_PATTERNS = (*[(3.0, 2.0)] * 2, *[(1.0, 1.6)] * 2)
"""Of the inner limits and of the outer ones."""
_AWAY = 5.0
_LONGEST = 90.0
_STRUCK = 80.0
"""Square points of a name that marks and lines may cover, before it cannot be read."""
Area = tuple[float, float, float, float]
"""Left, bottom, right and top of words or a mark, points from the plot's left and bottom."""
Areas = NDArray[np.float64]
"""One a row."""


@dataclass(frozen=True)
class _Name:
    place: tuple[float, float]
    align: Align
    area: Area


@styled
def draw_funnel(chart: FunnelPlot, look: Look, language: str, width: float, height: float = HIGH) -> str:
    """Return the chart as an ``<svg>`` of ``width`` × ``height`` points, without its title."""
    judged = [unit for unit in chart.units if unit.value is not None]
    seen = [unit.value for unit in judged] + [bound for edge in chart.edges[:1] for bound in _bounds(edge)]
    low, high = span_of([*seen, chart.centre], chart.unit)
    most = max([edge.n for edge in chart.edges] + [unit.n for unit in judged] + [1.0])
    levels, cases = ticks(low, high), ticks(0.0, most)
    names = tick_labels(levels, language)
    right = min(widest((chart.centre_label, *chart.edge_labels), SMALL) + 8, width * 0.25)
    left = widest(names, SMALL) + 5
    sheet = Sheet(look, width, height, left=left, bottom=_BOTTOM, right=right, top=_TOP)
    sheet.ticks(cases, tick_labels(cases, language), levels, names)
    sheet.span((0.0, most), (low, high))
    _limits(sheet, chart, right)
    _units(sheet, chart, judged)
    return sheet.svg(chart.alt)


def _bounds(edge: FunnelEdge) -> tuple[float, float, float, float]:
    return edge.low, edge.high, edge.far_low, edge.far_high


def _limits(sheet: Sheet, chart: FunnelPlot, right: float) -> None:
    """The centre across, and the four curves; each kind named once at its right end."""
    muted, (low, high) = sheet.colours.muted, sheet.axes.get_ylim()
    sheet.strokes(
        [((0, chart.centre), (sheet.axes.get_xlim()[1], chart.centre))],
        color=muted,
        linewidth=0.8,
        zorder=1.6,
    )
    for curve, pattern in zip(zip(*map(_bounds, chart.edges), strict=True), _PATTERNS, strict=False):
        shown = [bound if low <= bound <= high else None for bound in curve]
        look = {"color": muted, "linewidth": 0.8, "linestyle": (0, pattern), "zorder": 1.5}
        sheet.line([edge.n for edge in chart.edges], shown, **look)
    named = [(chart.centre, chart.centre_label)]
    for last in chart.edges[-1:]:
        named += [(last.high, chart.edge_labels[0]), (last.far_high, chart.edge_labels[1])]
    sheet.name_ends([End(sheet.up(level), text, muted) for level, text in named], right - 5, 1)


def _strokes(sheet: Sheet, chart: FunnelPlot) -> Areas:
    """Return where the centre and the curves run, for names to keep clear of."""
    level = sheet.up(chart.centre)
    centre = [(0.0, level - 1, sheet.inner[0], level + 1)]
    x = sheet.across(np.array([edge.n for edge in chart.edges]))
    y = sheet.up(np.array([_bounds(edge) for edge in chart.edges]).reshape(-1, 4))[:-1].T
    curves = np.stack(np.broadcast_arrays(x[:-1], y - 1, x[1:], y + 1), axis=-1).reshape(-1, 4)
    return np.vstack([centre, curves])


def _units(sheet: Sheet, chart: FunnelPlot, judged: list[FunnelUnit]) -> None:
    """Marks first, then names: those that differ are named first, and so stand nearest to their marks.

    A name that would lie on another, or of a unit like the others on a line, is left out: of many such units
    hardly any is named.
    """
    like = [unit for unit in judged if unit.tone == "neutral"]
    apart = [unit for unit in judged if unit.tone != "neutral"]
    plain = mark_of("", sheet.colours) | {"color": sheet.colours.accent, "markersize": _PLAIN}
    sheet.line([unit.n for unit in like], [unit.value for unit in like], **plain)
    for unit in apart:
        look = mark_of(_MEANING.get(unit.tone, ""), sheet.colours)
        sheet.line([unit.n], [unit.value], **look)
    places = {unit: (sheet.across(unit.n), sheet.up(unit.value or 0.0)) for unit in (*apart, *like)}
    middles = np.array([*places.values()]).reshape(-1, 2)
    taken = np.vstack([_strokes(sheet, chart), np.hstack([middles - _AWAY / 2, middles + _AWAY / 2])])
    named = np.empty((0, 4))
    for unit, place in places.items():
        text = shorten(unit.label, _LONGEST, SMALL, bold=True)
        name, on_names, on_others = _placed(sheet, text, place, taken, named)
        if on_names or (unit.tone == "neutral" and on_others > _STRUCK):
            continue
        named = np.vstack([named, name.area])
        out = unit.tone != "neutral"
        colour = sheet.colours.ink if out else sheet.colours.muted
        sheet.say(text, (0, 0), "axes fraction", moved=name.place, colour=colour, bold=out, align=name.align)


def _placed(
    sheet: Sheet, text: str, place: tuple[float, float], taken: Areas, named: Areas
) -> tuple[_Name, float, float]:
    """Return a name beside, above or below its mark, and how much of it lies on other names, and on marks and
    lines: clear of the former if it can be, then of the latter.
    """
    choices = [*_choices(text_width(text, SMALL, bold=True), *place)]
    inside = [name for name in choices if _inside(name.area, sheet.inner)] or choices
    areas = np.array([name.area for name in inside])
    return min(
        zip(inside, _covered(areas, named), _covered(areas, taken), strict=True), key=lambda name: name[1:]
    )


def _choices(width: float, x: float, y: float) -> Iterator[_Name]:
    aligned: tuple[tuple[Align, float, float], ...] = (("left", _AWAY, 0.0), ("right", -_AWAY, width))
    beside = (0.0, LINE / 2, -LINE / 2, LINE, -LINE, 1.5 * LINE, -1.5 * LINE)
    places = [(up, *side) for up in beside for side in aligned]
    for up, align, away, before in (*places, *((up, "center", 0.0, width / 2) for up in (LINE, -LINE))):
        left, middle = x + away - before, y + up
        area = left, middle - LINE / 2, left + width, middle + LINE / 2
        yield _Name((x + away, middle), align, area)


def _inside(area: Area, inner: tuple[float, float]) -> bool:
    return area[0] >= 0 and area[1] >= 0 and area[2] <= inner[0] and area[3] <= inner[1] + _TOP


def _covered(areas: Areas, others: Areas) -> list[float]:
    """Return how much of each area others cover, square points."""
    ones = areas[:, None]
    sides = np.minimum(ones[..., 2:], others[:, 2:]) - np.maximum(ones[..., :2], others[:, :2])
    covered: list[float] = np.prod(np.maximum(sides, 0.0), axis=2).sum(axis=1).tolist()
    return covered
