"""The slide markup: XML without entities, checked for elements nobody would draw."""

from __future__ import annotations

import copy
import re

from lxml import etree

from opti_reports.errors import PackError
from opti_reports.messages.message import message

Element = etree._Element
_SPACE = re.compile(r"[ \t\n]+")

BLOCKS = frozenset(
    {"notice", "paragraph", "tiles", "table", "agenda", "trend", "bars", "stacked", "definition"}
)
CHARTS = frozenset({"trend", "bars", "stacked"})


def read_markup(text: str, template: str) -> Element:
    """Return the deck element of ``text``. Raises PackError naming what is malformed or unknown."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        deck = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        line = text.splitlines()[(error.lineno or 1) - 1].strip()
        raise PackError("render.markup", template, why=error.msg, line=line[:120]) from error
    if "<!DOCTYPE" in text:
        raise PackError("render.doctype", template)
    for section in deck:
        for block in section:
            if block.tag not in BLOCKS:
                known = ", ".join(sorted(BLOCKS))
                raise PackError(
                    "render.element",
                    message("at.line_of", file=template, line=str(block.sourceline)),
                    tag=block.tag,
                    known=known,
                )
    return deck


def text_of(element: Element) -> str:
    """Return the element's own text, white space as single spaces."""
    return _SPACE.sub(" ", element.text or "").strip(" ")


def with_blank(block: Element, rows: int) -> Element:
    """Return a copy of a table with so many rows left open."""
    made = copy.deepcopy(block)
    made.set("blank", str(rows))
    return made


def value_of(element: Element, name: str) -> float | None:
    """Return a number in an attribute, None when the attribute is absent."""
    found = element.get(name)
    return float(found) if found is not None else None


def has_values(chart: Element) -> bool:
    """Return whether there is anything to draw."""
    if chart.tag == "bars":
        return chart.find("bar") is not None
    lines = chart.findall("line") if chart.tag == "trend" else chart.findall("bar")
    return any(
        value is not None
        for line in lines
        if line.get("role") not in ("target", "limit")
        for value in numbers_of(line)
    )


def numbers_of(element: Element) -> list[float | None]:
    """Return the ``<v>`` children as numbers, an empty one as None."""
    return [float(child.text) if child.text else None for child in element.findall("v")]
