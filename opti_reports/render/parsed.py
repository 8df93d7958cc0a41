"""A page as the layout engine gets it: read as XML, with no more to match and to draw than it has."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML, UA_STYLESHEET
from weasyprint.formatting_structure.boxes import ReplacedBox
from weasyprint.text.fonts import FontConfiguration

from opti_reports.errors import PackError
from opti_reports.model.look import Look
from opti_reports.render.charts.pen import SVG
from opti_reports.render.fetching import BundleFetcher
from opti_reports.render.paging import boxes_of
from opti_reports.render.pictures import Picture, picture_of

_XHTML = "{http://www.w3.org/1999/xhtml}"
_MARK = 3
"""Where a rule of the engine says for which mark of an element it is; for the element itself, None."""


class Parsed(HTML):  # type: ignore[misc]
    """The layout engine's document, read as XML: its own HTML reader takes ten times as long.

    ``notes`` tells whether its style sheet knows footnotes. Raises PackError where a template is not
    well-formed.
    """

    def __init__(
        self, html: str, look: Look, fetcher: BundleFetcher, fonts: FontConfiguration, *, notes: bool = False
    ) -> None:
        try:
            root = ElementTree.fromstring(html, _reader())
        except ElementTree.ParseError as error:
            line = html.splitlines()[error.position[0] - 1].strip()
            raise PackError("render.page", "templates/pdf", why=error.msg, line=line[:120]) from error
        self._notes, self.blocks = notes, dict(_marked(root))
        _named(root)
        self.pictures = dict(_taken_out(root, fonts))
        self.base_url = f"{look.templates.resolve().as_uri()}/"
        self.url_fetcher, self.media_type = fetcher, "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:  # noqa: ARG002
        """Return the engine's own style sheet: its method of that name."""
        return [UA_STYLESHEET if self._notes else _plain_sheet()]

    def named(self, id: str) -> Any:
        """Return the element with an id; None where there is none."""
        return next((element for element in self.etree_element.iter() if element.get("id") == id), None)

    def put_back(self, pages: Any) -> None:
        """Have the pictures that were taken out drawn on the pages."""
        for page in pages:
            for box in boxes_of(page._page_box):
                if isinstance(box, ReplacedBox) and box.element in self.pictures:
                    box.replacement.draw = self.pictures[box.element].draw


def _reader() -> ElementTree.XMLParser:
    return ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_pis=True))


def _marked(root: ElementTree.Element) -> Iterator[tuple[ElementTree.Element, tuple[str, int]]]:
    """Take the marks out that stand before blocks, and yield which block of which section an element is of.

    What a mark says counts until the next one: a block may be several elements, or none.
    """
    for parent in [*root.iter()]:
        at, before = None, None
        for element in [*parent]:
            if element.tag is not ElementTree.PI:
                before = element
                if at is not None:
                    yield element, (parent.get("id", ""), at)
                continue
            kind, _, number = (element.text or "").partition(" ")
            at = int(number) if kind == "block" and number.isdecimal() else None
            if before is None:
                parent.text = (parent.text or "") + (element.tail or "")
            else:
                before.tail = (before.tail or "") + (element.tail or "")
            parent.remove(element)


def _named(root: ElementTree.Element) -> None:
    """Give elements the namespaces an HTML reader would, in place: pictures theirs, all others none.

    The layout engine knows them by these names only, and draws nothing, silently, for any other.
    """
    for element in root.iter():
        element.tag = element.tag.removeprefix(_XHTML)
    for picture in root.iter("svg"):
        for element in picture.iter():
            element.tag = element.tag if element.tag.startswith("{") else f"{{{SVG}}}{element.tag}"


def _taken_out(
    root: ElementTree.Element, fonts: FontConfiguration
) -> Iterator[tuple[ElementTree.Element, Picture]]:
    """Take out of each picture what is drawn here, and yield it: only its size and its title are left."""
    for svg in root.iter(f"{{{SVG}}}svg"):
        picture = picture_of(svg, fonts)
        if picture is not None:
            for element in [*svg]:
                if element.tag != f"{{{SVG}}}title":
                    svg.remove(element)
            yield svg, picture


@lru_cache(maxsize=1)
def _plain_sheet() -> CSS:
    """Return the engine's style sheet without its marks of notes, and with those of lists for lists only.

    It has a style for six marks of every element, whether or not there is a note on any page: more than half
    of all styles.
    """
    sheet = copy.copy(UA_STYLESHEET)
    matcher = sheet.matcher = copy.copy(sheet.matcher)
    marks = [entry for entry in matcher.other_selectors if entry[_MARK] == "marker"]
    names = matcher.lower_local_name_selectors
    matcher.lower_local_name_selectors = {**names, "li": [*names.get("li", ()), *marks]}
    matcher.other_selectors = [entry for entry in matcher.other_selectors if entry[_MARK] is None]
    return sheet
