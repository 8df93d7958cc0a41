"""Native bar charts: units or categories with intervals and levels, and stacked shares of answers."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from lxml import etree
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_CONNECTOR
from pptx.enum.text import PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from opti_reports.model.look import Colours
from opti_reports.render.axis import span_of
from opti_reports.render.charts.bars import names_leftwards
from opti_reports.render.charts.stacked import on_ground, ramp
from opti_reports.render.environment import MARKS
from opti_reports.render.measure import shorten, text_width
from opti_reports.render.slides.chart_base import (
    Area,
    Box,
    beside,
    chart_data,
    decorative,
    error_bars,
    inner_plot,
    place,
    quiet,
)
from opti_reports.render.slides.grid import LEAST
from opti_reports.render.slides.markup import Element, numbers_of, value_of
from opti_reports.render.slides.words import Run, put, rgb

_NAMED = ("good", "watch", "off")
_LEVEL, _RIGHT = 15.0, 10.0
"""Points above the bars for the name of a level at the least, and right of the plot."""
_LINE = 1.3
"""Points a line takes of a point of its words."""
_NAMES, _NARROW_NAMES, _LARGE_NAMES = 0.42, 0.6, 0.6
"""The most of the width for names, where three charts share a slide, and where a room reads them."""
_TWO_LINES = 2.4
"""A bar of so many sizes of text apiece has room for a name in two lines."""
_THICKEST = 26.0
"""Points of the thickest bar."""
_STACK_SHOWN = 0.42
"""A share below this many per cent for each point of its figure has no room for that."""


def add_bars(slide: Any, bars: Element, box: Area, colours: Colours, language: str) -> None:
    """The ``<bars>`` as an editable bar chart; figures stand beside the names, clear of the intervals."""
    rows = bars.findall("bar")
    top = _level(box) * len(bars.findall("level"))
    names = _names([_bar_name(bar) for bar in rows], box, (box[3] - top) / max(len(rows), 1))
    values = [value_of(bar, "value") for bar in rows]
    columns = [(bars.get("subtitle", ""), values)]
    aims = [value_of(bar, "aim") for bar in rows]
    if any(aim is not None for aim in aims):
        columns.append((" ", aims))
    data = chart_data("General", names, columns)
    levels = [(level, value_of(level, "value") or 0.0) for level in bars.findall("level")]
    chart = place(
        slide=slide,
        kind=XL_CHART_TYPE.BAR_CLUSTERED,
        data=data,
        box=box,
        name=bars.get("title", ""),
        alt=bars.get("alt", ""),
    )
    scale = _range(rows, [value for _, value in levels])
    left = _sideways(chart=chart, names=names, box=box, scale=scale, top=top, colours=colours)
    plot = chart.plots[0]
    apiece = (box[3] - top) / max(len(rows), 1)
    plot.gap_width, plot.overlap, plot.vary_by_categories = _gap(apiece), 100, False
    drawn = list(plot.series)
    for at, bar in enumerate(rows):
        fill = drawn[0].points[at].format.fill
        fill.solid()
        fill.fore_color.rgb = rgb(
            colours.of(bar.get("tone", "")) if bar.get("tone") in _NAMED else colours.neutral
        )
    for outlined in drawn[1:]:
        outlined.format.fill.background()
        outlined.format.line.color.rgb, outlined.format.line.width = rgb(colours.ink), Pt(1.25)
    _intervals(drawn[0], rows, colours)
    _levels(slide=slide, levels=levels, scale=scale, box=box, names=left, colours=colours, language=language)


def _levels(
    slide: Any,
    levels: list[tuple[Element, float]],
    scale: tuple[float, float],
    box: Area,
    names: float,
    colours: Colours,
    language: str,
) -> None:
    """Target and reference as lines over the chart: a bar chart has no upright of its own.

    Each name stands on a line of its own above. The plot and the scale of the chart are fixed, so the
    lines stay true when figures are edited.
    """
    left, size = box[0], box.size
    plot = (left + names, box[1], box[2] - names - _RIGHT, box[3])
    leftwards = names_leftwards([value for _, value in levels], *scale)
    # From the bars upwards in such an order that no upright crosses a name.
    for number, (level, value) in enumerate(sorted(levels, key=itemgetter(1), reverse=not leftwards)):
        at = plot[0] + (value - scale[0]) / (scale[1] - scale[0]) * plot[2]
        colour = colours.ink if level.get("role") == "target" else colours.muted
        top = plot[1] + _level(box) * (len(levels) - 1 - number)
        line = slide.shapes.add_connector(
            MSO_CONNECTOR.STRAIGHT, Pt(at), Pt(top), Pt(at), Pt(plot[1] + plot[3] - 4)
        )
        line.name = level.get("label", "")
        decorative(line)
        line.line.color.rgb, line.line.width = rgb(colour), Pt(1)
        line.line.dash_style = MSO_LINE.DASH if level.get("role") == "target" else MSO_LINE.ROUND_DOT
        room = at - left if leftwards else plot[0] + plot[2] - at
        name = shorten(level.get("label", ""), room - 4, size)
        width = text_width(name, size) + 4
        place = (at - width - 3 if leftwards else at + 3, top, width, _level(box) - 2)
        _level_name(slide, Run(name, size, colour=colour), place, leftwards, language)


def _level_name(slide: Any, name: Run, box: Box, leftwards: bool, language: str) -> None:
    paragraph = beside(slide, name.text, box).paragraphs[0]
    put(paragraph, language, name)
    paragraph.alignment = PP_ALIGN.RIGHT if leftwards else PP_ALIGN.LEFT


def _level(box: Area) -> float:
    """Return the height of the line that names a level, points."""
    return max(_LEVEL, box.size * _LINE)


def _gap(apiece: float) -> int:
    """Return the gap between bars in per cent of a bar, so that a few bars over ``apiece`` points do not
    swell.
    """
    return round(min(max(100 * (apiece / _THICKEST - 1), 60), 500))


def _bar_name(bar: Element) -> str:
    """Return a bar's name and figure; its mark is that of a status, if the markup gives no other."""
    tone = bar.get("tone", "")
    mark = bar.get("mark", MARKS[tone] if tone in _NAMED else "")
    figure = " ".join(part for part in (mark, bar.get("text", "")) if part)
    return f"{bar.get('label', '')}  {figure}"


def _most(box: Area) -> float:
    if box.size >= LEAST:
        return box.width * _LARGE_NAMES
    return box.width * (_NARROW_NAMES if box.narrow else _NAMES)


def _column(names: list[str], box: Area) -> float:
    """Return how much of the chart the names take: what the longest needs, in two lines where it is very
    long.
    """
    longest = max((text_width(name, box.size) for name in names), default=0.0)
    return min(longest, _most(box)) + 12


def _names(names: list[str], box: Area, apiece: float) -> list[str]:
    """Return names no longer than one or two lines of their column, by the height apiece;
    figures are kept.
    """
    size = box.size
    lines = 1.8 if apiece >= _TWO_LINES * size else 1.0
    made = []
    for name in names:
        label, _, figure = name.rpartition("  ")
        room = lines * _most(box) - text_width(f"  {figure}", size)
        made.append(f"{shorten(label, room, size)}  {figure}")
    return made


def _range(rows: list[Element], levels: list[float]) -> tuple[float, float]:
    shown = [
        value for bar in rows for value in (value_of(bar, part) for part in ("value", "low", "high", "aim"))
    ]
    return span_of([0.0, *shown, *levels], "")


def _sideways(
    chart: Any, names: list[str], box: Area, scale: tuple[float, float], top: float, colours: Colours
) -> float:
    """Return the first category on top, names at the left, no value axis: the figures are beside the names.

    Returns how far from the chart's left its plot begins, points.
    """
    chart.category_axis.reverse_order = True
    quiet(chart.category_axis, colours, box.size, lines=False)
    every = etree.Element(qn("c:tickLblSkip"), val="1")  # else programs leave out what they find too close
    chart.category_axis._element.find(qn("c:noMultiLvlLbl")).addprevious(every)
    chart.category_axis.tick_labels.font.color.rgb = rgb(colours.ink)
    quiet(chart.value_axis, colours, box.size, lines=False, labels=False)
    chart.value_axis.format.line.fill.background()
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = scale
    left = _column(names, box)
    inner_plot(
        chart,
        left / box[2],
        (top + 2) / box[3],
        (box[2] - left - _RIGHT) / box[2],
        (box[3] - top - 6) / box[3],
    )
    return left


def _intervals(series: Any, rows: list[Element], colours: Colours) -> None:
    plus, minus = [], []
    for bar in rows:
        value, low, high = value_of(bar, "value"), value_of(bar, "low"), value_of(bar, "high")
        known = value is not None and low is not None and high is not None
        plus.append((high or 0.0) - (value or 0.0) if known else 0.0)
        minus.append((value or 0.0) - (low or 0.0) if known else 0.0)
    if any(plus) or any(minus):
        error_bars(series, colours.ink, 1.0, plus=plus, minus=minus)


def add_stacked(slide: Any, stacked: Element, box: Area, colours: Colours, _: str) -> None:
    """The ``<stacked>`` as an editable 100 % bar chart; the answers' names stand in the heading."""
    rows = stacked.findall("bar")
    answers = [answer.text or "" for answer in stacked.iterfind("labels/t")]
    shares = [numbers_of(bar) for bar in rows]
    words = [f"{bar.get('label', '')}  {bar.get('text', '')}" for bar in rows]
    names = _names(words, box, box[3] / max(len(rows), 1))
    columns = [(answer, [values[at] for values in shares]) for at, answer in enumerate(answers)]
    data = chart_data("0", names, columns)
    chart = place(
        slide=slide,
        kind=XL_CHART_TYPE.BAR_STACKED_100,
        data=data,
        box=box,
        name=stacked.get("title", ""),
        alt=stacked.get("alt", ""),
    )
    _sideways(chart=chart, names=names, box=box, scale=(0.0, 1.0), top=0.0, colours=colours)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, 100
    for at, (series, colour) in enumerate(zip(plot.series, ramp(colours, len(answers)), strict=True)):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(colour)
        series.format.line.color.rgb = rgb(colours.paper)
        _figures(series, [values[at] for values in shares], on_ground(colour, colours), box.size)


def _figures(series: Any, shares: list[float | None], colour: str, size: float) -> None:
    labels = series.data_labels
    labels.show_value, labels.number_format, labels.number_format_is_linked = True, "0", False
    labels.position = XL_LABEL_POSITION.CENTER
    labels.font.size, labels.font.color.rgb = Pt(size), rgb(colour)
    for at, share in enumerate(shares):
        if (share or 0.0) < _STACK_SHOWN * size:
            series.points[at].data_label.has_text_frame = True
            series.points[at].data_label.text_frame.text = " "
