"""The native line chart: every line named at its end, limits dotted, events as numbered uprights.

Signals are marked as on the pages: a large dot an improvement, a square a concern, a grey dot any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10
from typing import Any

from lxml import etree
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Pt

from opti_reports.model.look import Colours
from opti_reports.render.axis import apart, rounded_span, span_of
from opti_reports.render.measure import shorten, text_width
from opti_reports.render.slides.chart_base import (
    Area,
    beside,
    chart_data,
    error_bars,
    inner_plot,
    place,
    quiet,
)
from opti_reports.render.slides.markup import Element, numbers_of
from opti_reports.render.slides.words import Run, put, rgb

_ORDER = {
    "limit": 0,
    "centre": 0,
    "upper": 0,
    "lower": 0,
    "reference": 1,
    "region": 1,
    "target": 2,
    "main": 3,
}
_UNNAMED = ("limit", "centre", "upper", "lower")
"""Roles of lines without a name at their end: the note has their figures."""
_TOP, _BOTTOM = 20.0, 26.0
_SIGNAL = 8
"""Size of a signal's mark, points."""
_AIR = "\u00a0"
"""Around a month's name: programs that choose themselves which names to show set them side by side else."""
_HARDLY = "600"
"""A hundredth of a degree: at exactly zero some programs break month labels letter by letter."""


@dataclass(frozen=True, kw_only=True)
class _Plot:
    """Where the plot is in the chart's box, points, and what its value axis spans."""

    box: Area
    left: float
    right: float
    low: float
    high: float
    step: float

    @property
    def size(self) -> float:
        """Return the size of words, points."""
        return self.box.size

    @property
    def width(self) -> float:
        return self.box[2] - self.left - self.right

    @property
    def height(self) -> float:
        return self.box[3] - _TOP - _BOTTOM

    def level(self, value: float) -> float:
        """Return the height of a value above the plot's bottom, points."""
        return (value - self.low) / (self.high - self.low) * self.height


def add_trend(slide: Any, trend: Element, box: Area, colours: Colours, language: str) -> None:
    """The ``<trend>``, which must have a value, as an editable line chart in ``box``."""
    labels = [label.text or "" for label in trend.iterfind("labels/t")]
    lines = sorted(trend.findall("line"), key=lambda line: _ORDER.get(line.get("role", ""), 1))
    values = [numbers_of(line) for line in lines]
    plot = _plot(trend, lines, values, box)
    series = [(line.get("label", ""), known) for line, known in zip(lines, values, strict=True)]
    marks = _numbers_at(trend)
    if marks:
        series.append((" ", [plot.high if at in marks else None for at in range(len(labels))]))
    decimals = int(trend.get("decimals", "0"))
    spaced = [f"{_AIR}{label}{_AIR}" for label in labels]
    data = chart_data(f"0.{'0' * decimals}" if decimals else "0", spaced, series)
    chart = place(
        slide=slide,
        kind=XL_CHART_TYPE.LINE_MARKERS,
        data=data,
        box=box,
        name=trend.get("title", ""),
        alt=trend.get("alt", ""),
    )
    _axes(chart, plot, labels, colours)
    inner_plot(chart, plot.left / box[2], _TOP / box[3], plot.width / box[2], plot.height / box[3])
    drawn = list(chart.plots[0].series)
    for line, shown in zip(lines, drawn, strict=False):
        _style(shown, line.get("role", ""), colours, plot)
    _name_ends(
        drawn=drawn,
        values=values,
        lines=lines,
        texts=[_end_text(line, trend) for line in lines],
        plot=plot,
        colours=colours,
    )
    for line, known, shown in zip(lines, values, drawn, strict=False):
        if line.get("role") == "main":
            _flags(shown, trend, known, colours, plot)
            if known[-1] is None:
                _gap(slide, trend.get("latest", ""), plot, colours, language)
    if marks:
        _marks(drawn[-1], marks, plot, colours)


def _numbers_at(trend: Element) -> dict[int, str]:
    """Return the numbers of the events at each place, ``1, 2`` where several share a month."""
    marks: dict[int, str] = {}
    for mark in trend.findall("mark"):
        at, number = int(mark.get("at", "0")), mark.get("label", "")
        marks[at] = f"{marks[at]}, {number}" if at in marks else number
    return marks


def _plot(trend: Element, lines: list[Element], values: list[list[float | None]], box: Area) -> _Plot:
    low, high, step = rounded_span(
        *span_of([value for known in values for value in known], trend.get("unit", ""))
    )
    ends = max((text_width(_end_text(line, trend), box.size, True) for line in lines), default=0.0)
    digits = max(text_width(f"{end:,.{max(0, -floor(log10(step)))}f}", box.size) for end in (low, high))
    return _Plot(box=box, left=digits + 8, right=min(ends + 10, box[2] * 0.32), low=low, high=high, step=step)


def _end_text(line: Element, trend: Element) -> str:
    role = line.get("role")
    if role in _UNNAMED:
        return ""
    return trend.get("latest", "") if role == "main" else line.get("label", "")


def _axes(chart: Any, plot: _Plot, labels: list[str], colours: Colours) -> None:
    values, months = chart.value_axis, chart.category_axis
    quiet(values, colours, plot.size, lines=True)
    quiet(months, colours, plot.size, lines=False)
    values.minimum_scale, values.maximum_scale, values.major_unit = plot.low, plot.high, plot.step
    values.format.line.fill.background()
    values.tick_labels.number_format = "#,##0" if plot.step >= 1 else "0.0##"
    values.tick_labels.number_format_is_linked = False
    months._element.find(f".//{qn('a:bodyPr')}").set("rot", _HARDLY)
    widest = max((text_width(label, plot.size) for label in labels), default=0.0) + plot.size
    apiece = plot.width / max(len(labels) - 1, 1)
    every = next((step for step in (1, 2, 3, 4, 6, 12) if apiece * step >= widest), len(labels))
    skip = etree.Element(qn("c:tickLblSkip"), val=str(every))
    months._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)


def _style(series: Any, role: str, colours: Colours, plot: _Plot) -> None:
    series.smooth = False
    line = series.format.line
    line.color.rgb = rgb({"main": colours.accent, "target": colours.ink}.get(role, colours.neutral))
    line.width = Pt({"main": 2.25, "target": 1.25, "centre": 0.75}.get(role, 1.0))
    dotted = dict.fromkeys(("limit", "upper", "lower"), MSO_LINE.ROUND_DOT)
    line.dash_style = {"target": MSO_LINE.DASH, **dotted}.get(role)
    series.marker.style = XL_MARKER_STYLE.CIRCLE if role == "main" else XL_MARKER_STYLE.NONE
    if role == "main":
        series.marker.size = 3 if plot.box.narrow else 4
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = rgb(colours.accent)
        series.marker.format.line.fill.background()


def _flags(series: Any, trend: Element, known: list[float | None], colours: Colours, plot: _Plot) -> None:
    """The points that are signals."""
    for flag in trend.findall("flag"):
        at, meaning = int(flag.get("at", "0")), flag.get("reading", "").partition("_")[0]
        if known[at] is None:
            continue
        marker = series.points[at].marker
        marker.style = XL_MARKER_STYLE.SQUARE if meaning == "concern" else XL_MARKER_STYLE.CIRCLE
        marker.size = _SIGNAL - 3 if plot.box.narrow else _SIGNAL
        marker.format.fill.solid()
        colour = {"concern": colours.concern, "improvement": colours.good}.get(meaning, colours.muted)
        marker.format.fill.fore_color.rgb = rgb(colour)
        marker.format.line.fill.background()


def _gap(slide: Any, text: str, plot: _Plot, colours: Colours, language: str) -> None:
    """Why the newest month has no figure, as words at the foot of that month: no point may stand for it."""
    height = plot.size * 1.25
    left = plot.box[0] + plot.left + plot.width + 4
    place = (left, plot.box[1] + _TOP + plot.height - height, plot.right - 4, height)
    words = Run(shorten(text, plot.right - 6, plot.size), plot.size, colour=colours.muted)
    put(beside(slide, text, place).paragraphs[0], language, words)


def _name_ends(
    drawn: list[Any],
    values: list[list[float | None]],
    lines: list[Element],
    texts: list[str],
    plot: _Plot,
    colours: Colours,
) -> None:
    """A label at the last value of each line, shifted from its place where two would touch."""
    named = []
    for at, (known, text) in enumerate(zip(values, texts, strict=True)):
        last = next(
            ((index, value) for index, value in reversed([*enumerate(known)]) if value is not None), None
        )
        gap = lines[at].get("role") == "main" and known[-1] is None
        if last is not None and text and not gap:
            named.append((at, last[0], plot.level(last[1]), text))
    places = apart([level for _, _, level, _ in named], [plot.size * 1.25] * len(named), plot.height)
    for (at, index, level, text), moved in zip(named, places, strict=True):
        main = lines[at].get("role") == "main"
        label = drawn[at].points[index].data_label
        label.position = XL_LABEL_POSITION.RIGHT
        label.text_frame.word_wrap = False
        run = label.text_frame.paragraphs[0].add_run()
        run.text = f"\u00a0{shorten(text, plot.right - 9, plot.size, main)}"  # clear of its line's end
        run.font.size, run.font.bold = Pt(plot.size), main
        run.font.color.rgb = rgb(colours.accent if main else colours.muted)
        if abs(moved - level) > 0.5:
            _shift(label, (level - moved) / plot.box[3])


def _shift(label: Any, down: float) -> None:
    """Move a data label ``down`` (a fraction of the chart's height) from where its position puts it."""
    element = label._dLbl
    layout = etree.Element(qn("c:layout"))
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    etree.SubElement(manual, qn("c:x"), val="0")
    etree.SubElement(manual, qn("c:y"), val=f"{down:.4f}")
    element.find(qn("c:idx")).addnext(layout)


def _marks(series: Any, marks: dict[int, str], plot: _Plot, colours: Colours) -> None:
    """Numbered events: invisible points at the top, each with an upright down through the plot."""
    series.format.line.fill.background()
    series.marker.style = XL_MARKER_STYLE.NONE
    for at, name in marks.items():
        label = series.points[at].data_label
        label.position = XL_LABEL_POSITION.ABOVE
        run = label.text_frame.paragraphs[0].add_run()
        run.text = name
        run.font.size = Pt(plot.size)
        run.font.color.rgb = rgb(colours.muted)
    count = max(marks) + 1
    error_bars(
        series,
        colours.muted,
        0.75,
        plus=[0.0] * count,
        minus=[plot.high - plot.low if at in marks else 0.0 for at in range(count)],
        direction="y",
        dash="sysDot",
    )
