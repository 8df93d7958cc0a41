"""The pages of a PDF as the layout engine made them: on which its sections begin, and what stands there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from weasyprint.formatting_structure.boxes import MarginBox
from weasyprint.layout.absolute import AbsolutePlaceholder

from opti_reports.model.pack import Pack


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


def boxes_of(box: Any) -> Iterator[Any]:
    """Yield the boxes of a page in order, its margins left out."""
    waiting = [box]
    while waiting:
        one = waiting.pop()
        one = one._box if isinstance(one, AbsolutePlaceholder) else one
        if not isinstance(one, MarginBox):
            yield one
            waiting.extend(reversed(getattr(one, "children", ())))
