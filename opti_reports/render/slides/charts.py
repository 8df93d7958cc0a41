"""Charts on slides with their words: heading, chart and note, in placeholders or beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.enum.text import MSO_ANCHOR

from opti_reports.model.look import Colours
from opti_reports.render.charts.stacked import ramp
from opti_reports.render.measure import wrapped
from opti_reports.render.slides.bars import add_bars, add_stacked
from opti_reports.render.slides.chart_base import Area, Box
from opti_reports.render.slides.grid import LINE
from opti_reports.render.slides.markup import Element, has_values
from opti_reports.render.slides.share import Lettering, around, widths
from opti_reports.render.slides.stack import add_empty, box_shape
from opti_reports.render.slides.trends import add_trend
from opti_reports.render.slides.words import Run, put, shrunk

_ADD = {"trend": add_trend, "bars": add_bars, "stacked": add_stacked}
_GAP = 22.0
_NOTE_LINES = 3
"""Lines of a note below a chart that has words beside it, at most."""


def lay_charts(
    *,
    target: Any,
    charts: Sequence[Element],
    box: Box,
    lettering: Lettering,
    colours: Colours,
    language: str,
    narrow: bool = False,
) -> None:
    """Lay charts beside each other in ``box`` (left, top, width, height in points), words around.

    ``narrow``: words stand beside them too.
    """
    left, top, width, height = box
    over, foot = around(charts, lettering, narrow)
    most = 1 if len(charts) == 1 else 2
    if narrow:
        lines = (len(wrapped(chart.get("note", ""), width, lettering.notes[0])) for chart in charts)
        most = min(max(1, *lines), _NOTE_LINES)
        foot = lettering.foot + (most - 2) * lettering.note_line
    for chart, each in zip(charts, widths(charts, width, _GAP, lettering), strict=True):
        head = over + (
            lettering.answers[0] * LINE * lettering.answer_lines if chart.tag == "stacked" else 0.0
        )
        title = box_shape(target, chart.get("title", "")[:40], (left, top, each, head), "").text_frame
        title.vertical_anchor = MSO_ANCHOR.TOP
        write_heading(
            frame=title, chart=chart, width=each, lettering=lettering, colours=colours, language=language
        )
        inner = Area(left, top + head, each, height - head - foot, lettering.of(each))
        if note := add_chart(target, chart, inner, colours, language):
            under = box_shape(target, note[:40], (left, top + height - foot, each, foot), "").text_frame
            text, size = shrunk(note, each, lettering.notes, most)
            put(under.paragraphs[0], language, Run(text, size, colour=colours.muted))
        left += each + _GAP


def add_chart(target: Any, chart: Element, box: Area, colours: Colours, language: str) -> str:
    """Add the chart, or why there is none, in ``box``; returns the note that is still to be said."""
    note = chart.get("note", "")
    if not has_values(chart):
        add_empty(target, note or chart.get("latest", ""), box[:4], colours, language)
        return ""
    _ADD[chart.tag](target, chart, box, colours, language)
    return note


def write_heading(
    frame: Any, chart: Element, width: float, lettering: Lettering, colours: Colours, language: str
) -> None:
    """The chart's message, its measure, and of a survey the answers in their colours."""
    measure, small = shrunk(chart.get("subtitle", ""), width, lettering.measures, lettering.measure_lines)
    sizes = lettering.titles[len(wrapped(measure, width, small)) > 1 :]
    title, size = shrunk(chart.get("title", ""), width, sizes, 2, True)
    put(frame.paragraphs[0], language, Run(title, size, True))
    put(frame.add_paragraph(), language, Run(measure, small, colour=colours.muted))
    if chart.tag == "stacked":
        put(frame.add_paragraph(), language, *_answers(chart, width, lettering, colours))


def _answers(chart: Element, width: float, lettering: Lettering, colours: Colours) -> tuple[Run, ...]:
    """Return the names of a survey's answers, each after a patch of its colour."""
    answers = [answer.text or "" for answer in chart.iterfind("labels/t")]
    whole = [name.replace(" ", "\u00a0", 1) for name in answers]  # no line ends after an answer's number
    _, size = shrunk(
        "".join(f"■\u00a0{name}   " for name in whole), width, lettering.answers, lettering.answer_lines
    )
    pairs = zip(whole, ramp(colours, len(answers)), strict=True)
    return tuple(
        run for name, colour in pairs for run in (Run("■\u00a0", size, True, colour), Run(f"{name}   ", size))
    )
