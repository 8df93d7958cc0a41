"""The layout engine's work in steps: pages as far as they are asked for, a document when they are right."""

from __future__ import annotations

import copy
from collections.abc import Collection
from typing import Any

from weasyprint import CSS, DEFAULT_OPTIONS
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document, DocumentMetadata, Page
from weasyprint.formatting_structure.boxes import BlockBox
from weasyprint.formatting_structure.build import build_formatting_structure, update_counters
from weasyprint.html import get_html_metadata
from weasyprint.layout import initialize_page_maker
from weasyprint.layout.background import layout_backgrounds
from weasyprint.layout.page import make_margin_boxes, remake_page, set_page_type_computed_styles
from weasyprint.text.fonts import FontConfiguration

from opti_reports.render.archival import for_layout
from opti_reports.render.parsed import Parsed


class Sheets:
    """A page's HTML with its boxes, and as many pages as were laid out."""

    def __init__(self, parsed: Parsed, style: CSS, fonts: FontConfiguration) -> None:
        self._parsed, self._style, self._fonts, counters = parsed, style, fonts, CounterStyle()
        options = {**DEFAULT_OPTIONS, **for_layout(), "stylesheets": [style]}
        self._context = Document._build_layout_context(
            parsed, fonts, counters, options["color_profiles"], options
        )
        self._root = build_formatting_structure(
            parsed.etree_element,
            self._context.style_for,
            self._context.get_image_from_uri,
            parsed.base_url,
            self._context.target_collector,
            counters,
            self._context.footnotes,
        )
        initialize_page_maker(self._context, self._root)
        self._context.rendered_notes = []
        self.pages: list[Any] = []
        self._begun: dict[str, int] = {}
        self._kept: dict[str, list[tuple[Any, ...]]] = {}

    def until(self, element: Any) -> list[Any]:
        """Return the pages before the one that begins with an element, laid out; all if none does."""
        while self._more() and (element is None or self._next() is not element):
            number = len(self.pages)
            self._context.page_maker[number][-1].update(_fresh())
            first = self._next()
            begins = (None if first is None else first.get("id")) if number else ""
            if begins is not None:
                self._begun[begins] = number
            if begins in self._kept and not self._context.reported_footnotes:
                self._take(self._kept[begins])
            else:
                self.pages.append(remake_page(number, self._context, self._root, self._parsed)[0])
        return self.pages

    def like(self, before: Sheets, same: Collection[str]) -> None:
        """Have pages taken from a document laid out before, by the ids with which they begin, first pages "".

        From one of these ids to the next one that begins a page, both must say the same.
        """
        starts = [*before._begun.values(), len(before.pages)]
        for begins in before._begun.keys() & same:
            start = before._begun[begins]
            numbers = range(start, min(at for at in starts if at > start))
            self._kept[begins] = [(before.pages[at], *before._context.page_maker[at + 1]) for at in numbers]
        self._parsed.pictures = before._parsed.pictures | self._parsed.pictures
        self._parsed.blocks = before._parsed.blocks | self._parsed.blocks

    def _take(self, kept: list[tuple[Any, ...]]) -> None:
        """Take pages of a document laid out before; only their numbers are new."""
        maker = self._context.page_maker
        for page, resume, then, *_ in kept:
            set_page_type_computed_styles(page.page_type, self._parsed, self._context.style_for)
            state = copy.deepcopy(maker[-1][3])
            update_counters(state, page.style)
            maker.append((resume, then, not maker[-1][2], state, _fresh()))
            self.pages.append(page)

    def _next(self) -> Any:
        """Return the element with which the next page begins; None amidst a text or a table."""
        box, at = self._root, self._context.page_maker[len(self.pages)][0]
        while at:
            child, at = next(iter(at.items()))
            if not isinstance(box, BlockBox) or child >= len(box.children):
                return None
            box = box.children[child]
        return box.element

    def _more(self) -> bool:
        """Return whether anything is left to be laid out."""
        left = self._context.page_maker[len(self.pages)][0]
        return not self.pages or left is not None or bool(self._context.reported_footnotes)

    def document(self) -> Document:
        """Return the document with all of its pages, their margins too.

        What the engine would lay out twice, it does: content that counts pages, or stands on each of them.
        """
        self.until(None)
        states = [state for *_, state in self._context.page_maker]
        counting = any(state["content_changed"] or state["pages_wanted"] for state in states)
        if counting or any(page.fixed_boxes for page in self.pages):
            made = self._parsed.render(font_config=self._fonts, stylesheets=[self._style], **for_layout())
            self._parsed.put_back(made.pages)
            return made
        self._collect()
        for number, page in enumerate(self.pages, start=1):
            self._margins(number, page)
        made = Document(
            [Page(page) for page in self.pages],
            DocumentMetadata(**get_html_metadata(self._parsed)),
            self._parsed.url_fetcher,
            self._fonts,
            for_layout()["color_profiles"],
            for_layout()["output_intent"],
        )
        self._parsed.put_back(made.pages)
        return made

    def _collect(self) -> None:
        """Collect what margins say of the pages, and have each heading once in the outline."""
        marked = set[Any]()
        for number, page in enumerate(self.pages, start=1):
            for box in page.descendants():
                if box.bookmark_label:
                    mark = box.element, box.element_tag
                    box.bookmark_label = "" if mark in marked else box.bookmark_label
                    marked.add(mark)
                if box.string_set and box.string_set != "none":
                    for name, text in box.string_set:
                        self._context.string_set[name][number].append(text)

    def _margins(self, number: int, page: Any) -> None:
        """Give a page its margins and its backgrounds."""
        root, *areas = page.children
        state = self._context.page_maker[number][3]
        state[1]["pages"], self._context.current_page = [len(self.pages)], number
        margins = make_margin_boxes(self._context, page, state)
        page.children = (root, *(area for area in areas if area.children), *margins)
        layout_backgrounds(page, self._context.get_image_from_uri)


def _fresh() -> dict[str, Any]:
    """Return what the engine notes of a page that nothing on another one has changed yet."""
    return {"content_changed": False, "pages_wanted": False, "anchors": [], "content_lookups": []}
