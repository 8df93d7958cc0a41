"""What a made document breaks of what its reader is promised: length, size of text, whole titles, roles."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

from pptx import Presentation

from opti_reports.messages.message import Message, message
from opti_reports.model.card import Agenda, Cards
from opti_reports.model.pack import Pack
from opti_reports.render.measure import wrapped

LEAST = 14.0
"""The smallest text of a slide that a room reads, points."""
_FURNITURE = ("Alatunniste", "Sivunumero")
"""What stands at the foot of every slide and is not read out."""
_CUT = "…"
_SHOWN = 40
_HEADING, _LINES = 20.0, 2
"""Size of a PDF's heading in points, as the style sheet has it, and how many lines it may take."""
_WIDE = 178 * 72 / 25.4
"""A page's width for text, points."""


def of_pack(pack: Pack) -> Iterator[Message]:
    """Yield cards that do not say whose move they are."""
    cards = (one for section in pack.sections for one in section.blocks if isinstance(one, Cards | Agenda))
    for block in cards:
        for item in block.items:
            if not item.role:
                yield message("rule.role", pack=pack.name, block=block.caption, text=item.message)


def of_pages(pack: Pack, most: int | None, pages: Mapping[str, int], count: int) -> Iterator[Message]:
    """Yield that a PDF's heading takes more than two lines, or that it is too long before its appendix, with
    the section that is too much.

    ``pages`` are the pages on which sections begin, from 0.
    """
    aside = [pages[section.id] for section in pack.sections if section.appendix and section.id in pages]
    before = min(aside, default=count)
    heading = pack.message or pack.title
    if len(wrapped(heading, _WIDE, _HEADING, bold=True)) > _LINES:
        yield message("rule.heading", pack=pack.name, text=heading)
    if most is not None and before > most:
        begun = [section.title for section in pack.sections if pages.get(section.id, count) <= most]
        yield message("rule.long", pack=pack.name, count=before, most=most, block=begun[-1] if begun else "")


def of_slides(pack: Pack, most: int | None, content: bytes) -> Iterator[Message]:
    """Yield what a deck breaks before its appendix: too many slides, small or cut text, a title cut."""
    slides = list(Presentation(io.BytesIO(content)).slides)
    aside = tuple(section.title for section in pack.sections if section.appendix)
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    ends = (at for at, title in enumerate(titles) if aside and title.startswith(aside))
    before = next(ends, len(slides))
    if most is not None and before > most:
        yield message("rule.long", pack=pack.name, count=before, most=most, block=titles[most])
    for at, slide in enumerate(slides[:before]):
        if _CUT in titles[at]:
            yield message("rule.title", pack=pack.name, slide=at + 1, text=titles[at])
        sizes = [one for one in _sizes(slide) if one[0] < LEAST]
        if sizes:
            size, text = min(sizes)
            yield message(
                "rule.small",
                pack=pack.name,
                slide=at + 1,
                size=f"{size:g}",
                least=f"{LEAST:g}",
                text=text[:_SHOWN],
            )
        cut = [text for text in _cells(slide) if text.endswith(_CUT)]
        if cut:
            yield message("rule.cut", pack=pack.name, slide=at + 1, count=len(cut), text=cut[0][:_SHOWN])


def _cells(slide: Any) -> Iterator[str]:
    for shape in slide.shapes:
        if shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)


def _sizes(slide: Any) -> Iterator[tuple[float, str]]:
    """Yield the sizes of the words on a slide, points, with the words."""
    for shape in slide.shapes:
        if shape.has_chart:
            chart = shape.chart._chartSpace
            yield from ((int(size) / 100, shape.name) for size in chart.xpath(".//@sz"))
        elif shape.has_table:
            yield from (one for row in shape.table.rows for cell in row.cells for one in _runs(cell, None))
        elif shape.has_text_frame and shape.name not in _FURNITURE:
            yield from _runs(shape, _given(slide, shape))


def _runs(holder: Any, given: float | None) -> Iterator[tuple[float, str]]:
    for paragraph in holder.text_frame.paragraphs:
        for run in paragraph.runs:
            size = run.font.size.pt if run.font.size else given
            if run.text.strip() and size is not None:
                yield size, run.text


def _given(slide: Any, shape: Any) -> float | None:
    """Return the size a placeholder has from its layout, points."""
    if not shape.is_placeholder:
        return None
    idx = shape.placeholder_format.idx
    layouts = (one for one in slide.slide_layout.placeholders if one.placeholder_format.idx == idx)
    found = [size for one in layouts for size in one._element.xpath(".//a:lvl1pPr/a:defRPr/@sz")]
    return int(found[0]) / 100 if found else None
