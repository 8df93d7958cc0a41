"""Words, area tiles and tables laid one below the other on a slide."""

from __future__ import annotations

from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from opti_reports.model.look import Colours
from opti_reports.render.environment import MARKS
from opti_reports.render.measure import fitted
from opti_reports.render.slides.agenda import AIR, Agenda
from opti_reports.render.slides.beside import Beside
from opti_reports.render.slides.chart_base import Box, decorative
from opti_reports.render.slides.grid import CAPTION, LEAST, Grid, caption_height, note_height
from opti_reports.render.slides.markup import Element, text_of
from opti_reports.render.slides.parts import GAP, Part, Tiles, Words, part_height
from opti_reports.render.slides.tables import add_table
from opti_reports.render.slides.words import Run, put, rgb, shrunk


def lay_parts(target: Any, parts: tuple[Part, ...], box: Box, colours: Colours, language: str) -> None:
    """Lay the parts one below the other from the top of ``box`` (left, top, width, height in points)."""
    left, top, width, _ = box
    for part in parts:
        place = (left, top, width, part_height(part, width))
        if isinstance(part, Tiles):
            _tiles(target, part.element, place, colours, language)
        elif isinstance(part, Words):
            _words(target, part, place, colours, language)
        elif isinstance(part, Agenda):
            lay_agenda(target, part, place, colours, language)
        elif isinstance(part, Beside):
            for grid, right, down in part.places():
                _grid(target, grid, (left + right, top + down, sum(grid.widths), 0.0), colours, language)
        else:
            _grid(target, part, place, colours, language)
        top += place[3] + GAP


def _grid(target: Any, grid: Grid, box: Box, colours: Colours, language: str) -> None:
    left, top, width, _ = box
    over = caption_height(grid)
    if over:
        frame = box_shape(target, grid.caption[:40], (left, top, width, over), "").text_frame
        frame.vertical_anchor = MSO_ANCHOR.TOP
        put(frame.paragraphs[0], language, Run(grid.caption, CAPTION, True))
    below = (
        top
        + over
        + add_table(slide=target, grid=grid, left=left, top=top + over, colours=colours, language=language)
    )
    if grid.note:
        frame = box_shape(
            target, grid.note[:40], (left, below + 4, width, note_height(grid) - 4), ""
        ).text_frame
        put(frame.paragraphs[0], language, Run(grid.note, grid.below, colour=colours.muted))


def lay_agenda(target: Any, agenda: Agenda, box: Box, colours: Colours, language: str) -> None:
    """Lay what there is to decide as one text, its caption first, from the top of ``box``."""
    frame = box_shape(target, agenda.caption[:40], box, "").text_frame
    frame.vertical_anchor = MSO_ANCHOR.TOP
    put(frame.paragraphs[0], language, Run(agenda.caption, agenda.size, True, colours.accent))
    for line in agenda.lines:
        paragraph = frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.space_before = Pt(AIR if line.opens else 0)
        runs = (
            Run(line.mark, agenda.size, True, colours.of(line.tone or "none")),
            Run(line.lead, agenda.size, True),
            Run(f"{line.between}{line.text}", agenda.size),
        )
        put(paragraph, language, *(run for run in runs if run.text))


def _words(target: Any, words: Words, box: Box, colours: Colours, language: str) -> None:
    shape = box_shape(target, words.text[:40], box, colours.tint if words.tone else "")
    mark: tuple[Run, ...] = ()
    if words.tone:
        _bar(target, (box[0], box[1], 2.5, box[3]), colours.of(words.tone))
        shape.text_frame.margin_left = Pt(10)
        mark = (Run(f"{MARKS[words.tone]} ", words.size, True, colours.of(words.tone)),)
    put(shape.text_frame.paragraphs[0], language, *mark, Run(words.text, words.size))


def _tiles(target: Any, tiles: Element, box: Box, colours: Colours, language: str) -> None:
    left, top, width, height = box
    count = len(tiles)
    each = (width - GAP * (count - 1)) / max(count, 1)
    for number, tile in enumerate(tiles):
        tone = tile.get("tone", "none")
        place = (left + number * (each + GAP), top, each, height)
        shape = box_shape(target, tile.get("label", ""), place, colours.tint)
        _bar(target, (place[0], top, each, 2.5), colours.of(tone))
        frame = shape.text_frame
        frame.margin_left = frame.margin_right = Pt(8)
        frame.margin_top = Pt(6)
        frame.vertical_anchor = MSO_ANCHOR.TOP
        label, size = shrunk(tile.get("label", ""), each - 36, (LEAST,), 1, True)
        put(
            frame.paragraphs[0],
            language,
            Run(f"{MARKS[tone]} ", size, True, colours.of(tone)),
            Run(label, size, True),
        )
        headline, size = shrunk(tile.get("headline", ""), each - 16, (20, 18, 16, LEAST), 1, True)
        put(frame.add_paragraph(), language, Run(headline, size, True))
        said = "; ".join(text_of(line) for line in tile)
        text, size = shrunk(said, each - 16, (LEAST,), 2)
        put(frame.add_paragraph(), language, Run(text, size, colour=colours.muted))


def add_empty(target: Any, text: str, box: Box, colours: Colours, language: str) -> None:
    """A thin frame that says why there is no chart in ``box``."""
    shape = box_shape(target, text[:40], box, "")
    shape.line.color.rgb = rgb(colours.rule)
    shape.line.width = Pt(0.75)
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.CENTER
    put(paragraph, language, Run(fitted(text, box[2] - 20, LEAST, 4), LEAST, colour=colours.muted))


def box_shape(target: Any, name: str, box: Box, ground: str) -> Any:
    """Return a rectangle in ``box`` (points) without outline or shadow, filled with ``ground`` if that is
    given.
    """
    shape = target.shapes.add_shape(MSO_SHAPE.RECTANGLE, *(Pt(side) for side in box))
    shape.name = name
    shape.shadow.inherit = False
    shape.line.fill.background()
    if ground:
        shape.fill.solid()
        shape.fill.fore_color.rgb = rgb(ground)
    else:
        shape.fill.background()
    style = shape._element.find(qn("p:style"))
    if style is not None:
        shape._element.remove(style)
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    return shape


def _bar(target: Any, box: Box, colour: str) -> None:
    """A strip of colour beside a text that says the same; marked decorative, so that it is not read out."""
    decorative(box_shape(target, "Strip", box, colour))
