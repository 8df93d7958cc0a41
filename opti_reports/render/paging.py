"""On which pages of a PDF its sections begin, as the layout engine made them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from opti_reports.model.pack import Pack


@dataclass(frozen=True)
class Paged:
    """A PDF's bytes, how many pages it has, and on which (from 0) each of its sections begins."""

    content: bytes
    count: int
    sections: dict[str, int]

    def lengths(self, pack: Pack) -> dict[str, int]:
        """Return how many pages each section before the appendix takes until the next one begins."""
        own = [section for section in pack.sections if section.id in self.sections]
        starts = [self.sections[section.id] for section in own]
        ends = [*starts[1:], self.count]
        spans = zip(own, starts, ends, strict=True)
        return {section.id: end - start for section, start, end in spans if not section.appendix}


class Pages:
    """How many pages the layout engine made, and on which each of their anchors stands."""

    def __init__(self) -> None:
        self.count, self.begun = 0, dict[str, int]()

    def then(self, finish: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
        """Return a finisher that notes the pages first."""

        def noted(document: Any, pdf: Any) -> None:
            self.count = len(document.pages)
            self.begun = {
                id: at for at, page in reversed([*enumerate(document.pages)]) for id in page.anchors
            }
            finish(document, pdf)

        return noted
