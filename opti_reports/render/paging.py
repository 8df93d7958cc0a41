"""On which pages of a PDF its sections begin and end, as the layout engine made them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from weasyprint.formatting_structure.boxes import MarginBox
from weasyprint.layout.absolute import AbsolutePlaceholder

from opti_reports.model.pack import Pack, Section


@dataclass(frozen=True)
class Paged:
    """A PDF's bytes, how many pages it has, and on which (from 0) each of its sections begins."""

    content: bytes
    count: int
    sections: dict[str, int]


def begun(pack: Pack, pages: Sequence[Any]) -> dict[str, int]:
    """Return on which of the engine's pages (from 0) each section begins; some have nothing to draw."""
    first = {id: at for at, page in reversed([*enumerate(pages)]) for id in page.anchors}
    return {section.id: first[section.id] for section in pack.sections if section.id in first}


def lengths(pack: Pack, pages: Sequence[Any]) -> dict[str, float]:
    """Return how many pages each section before the appendix takes until the next one begins.

    Where that begins a page of its own, of the last page only what is used.
    """
    starts = begun(pack, pages)
    own = [section for section in pack.sections if section.id in starts]
    return {
        section.id: _length(section, then, starts, pages)
        for section, then in zip(own, (*own[1:], None), strict=True)
        if not section.appendix
    }


def _length(section: Section, then: Section | None, starts: dict[str, int], pages: Sequence[Any]) -> float:
    start = starts[section.id]
    if then and not then.own_page:
        return starts[then.id] - start
    last = max(at for at, page in enumerate(pages) if section.id in page.anchors)
    page = pages[last]._page_box  # the engine says nowhere else where on paper its content stands
    used: float = (pages[last].anchors[section.id][3] - page.content_box_y()) / page.height
    return last - start + used


def boxes_of(box: Any) -> Iterator[Any]:
    """Yield the boxes of a page in order, its margins left out."""
    waiting = [box]
    while waiting:
        one = waiting.pop()
        one = one._box if isinstance(one, AbsolutePlaceholder) else one
        if not isinstance(one, MarginBox):
            yield one
            waiting.extend(reversed(getattr(one, "children", ())))
