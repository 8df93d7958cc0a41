"""What native charts share: hardened data, alternative text, quiet axes, manual layout, error bars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.enum.chart import XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml.ns import qn
from pptx.util import Pt
from xlsxwriter import Workbook

from opti_reports.model.look import Colours
from opti_reports.render.slides.share import NARROW
from opti_reports.render.slides.words import rgb

_DECORATIVE = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"
_DECORATIVE_NS = "http://schemas.microsoft.com/office/drawing/2017/decorative"
Box = tuple[float, float, float, float]
Series = Sequence[tuple[str, Sequence[float | None]]]


class Area(NamedTuple):
    """Where a chart stands, and the size of its words, points."""

    left: float
    top: float
    width: float
    height: float
    size: float

    @property
    def narrow(self) -> bool:
        """Return whether three like it share a slide."""
        return self.width < NARROW


class _Writer(CategoryWorkbookWriter):
    """Writes the embedded workbook with text as text, whatever it begins with, and a fixed date."""

    @contextmanager
    def _open_worksheet(self, xlsx_file: Any) -> Iterator[tuple[Any, Any]]:
        workbook = Workbook(
            xlsx_file,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        workbook.set_properties({"created": dt.datetime(1980, 1, 1)})
        yield workbook, workbook.add_worksheet()
        workbook.close()


class ChartData(CategoryChartData):
    """Chart data whose workbook has neither formulas nor the time of writing."""

    _workbook_writer = property(_Writer)


def chart_data(number_format: str, categories: Sequence[str], series: Series) -> ChartData:
    """Return data of a chart: ``series`` are names and values by category, None a gap."""
    data = ChartData(number_format=number_format)  # type: ignore[no-untyped-call]
    data.categories = categories
    for name, values in series:
        data.add_series(name, values)  # type: ignore[no-untyped-call]
    return data


def place(slide: Any, kind: Any, data: ChartData, box: Area, name: str, alt: str) -> Any:
    """Return a new chart of ``kind`` in ``box``, named and with alternative text, no legend, no
    title.
    """
    frame = slide.shapes.add_chart(kind, *(Pt(side) for side in box[:4]), data)
    frame.name = name
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    chart.font.size = Pt(box.size)
    return chart


def decorative(shape: Any) -> None:
    """Mark a shape that words beside it repeat, so that it is not read out."""
    properties = shape._element.xpath(".//p:cNvPr")[0]
    extensions = etree.SubElement(properties, qn("a:extLst"))
    extension = etree.SubElement(extensions, qn("a:ext"), uri=_DECORATIVE)
    etree.SubElement(extension, f"{{{_DECORATIVE_NS}}}decorative", nsmap={"adec": _DECORATIVE_NS}, val="1")


def beside(slide: Any, name: str, box: Box) -> Any:
    """Return the text frame of a new box (points) for words over a chart: no margins, one line."""
    shape = slide.shapes.add_textbox(*(Pt(side) for side in box))
    shape.name, frame = name, shape.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.word_wrap = False
    return frame


def quiet(axis: Any, colours: Colours, size: float, *, lines: bool, labels: bool = True) -> None:
    """An axis without ticks, its labels small and muted, gridlines pale or none."""
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.has_major_gridlines = lines
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW if labels else XL_TICK_LABEL_POSITION.NONE
    axis.tick_labels.font.size = Pt(size)
    axis.tick_labels.font.color.rgb = rgb(colours.muted)
    axis.format.line.color.rgb = rgb(colours.rule)
    if lines:
        axis.major_gridlines.format.line.color.rgb = rgb(colours.rule)
        axis.major_gridlines.format.line.width = Pt(0.5)


def inner_plot(chart: Any, left: float, top: float, width: float, height: float) -> None:
    """Fix the plot (without its labels) inside the chart; fractions of the chart's size."""
    area = chart._chartSpace.chart.plotArea
    layout = area.find(qn("c:layout"))
    if layout is None:
        layout = etree.Element(qn("c:layout"))
        area.insert(0, layout)
    for child in list(layout):
        layout.remove(child)
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    etree.SubElement(manual, qn("c:layoutTarget"), val="inner")
    for tag, value in (
        ("xMode", "edge"),
        ("yMode", "edge"),
        ("x", left),
        ("y", top),
        ("w", width),
        ("h", height),
    ):
        etree.SubElement(manual, qn(f"c:{tag}"), val=value if isinstance(value, str) else f"{value:.4f}")


def error_bars(
    series: Any,
    colour: str,
    width: float,
    *,
    plus: list[float],
    minus: list[float],
    direction: str = "",
    dash: str = "",
) -> None:
    """Error bars of given lengths on a series; ``direction`` only where the chart kind takes one."""
    element = series._element
    bars = etree.Element(qn("c:errBars"))
    if direction:
        etree.SubElement(bars, qn("c:errDir"), val=direction)
    etree.SubElement(bars, qn("c:errBarType"), val="both")
    etree.SubElement(bars, qn("c:errValType"), val="cust")
    etree.SubElement(bars, qn("c:noEndCap"), val="1")
    for tag, lengths in (("plus", plus), ("minus", minus)):
        literal = etree.SubElement(etree.SubElement(bars, qn(f"c:{tag}")), qn("c:numLit"))
        etree.SubElement(literal, qn("c:ptCount"), val=str(len(lengths)))
        for at, length in enumerate(lengths):
            etree.SubElement(
                etree.SubElement(literal, qn("c:pt"), idx=str(at)), qn("c:v")
            ).text = f"{length:g}"
    looks = etree.SubElement(bars, qn("c:spPr"))
    line = etree.SubElement(looks, qn("a:ln"), w=str(int(width * 12700)))
    fill = etree.SubElement(line, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), val=colour[1:].upper())
    if dash:
        etree.SubElement(line, qn("a:prstDash"), val=dash)
    # Schema order: error bars stand right before the categories.
    before = next(child for child in element if child.tag in (qn("c:cat"), qn("c:val")))
    before.addprevious(bars)
