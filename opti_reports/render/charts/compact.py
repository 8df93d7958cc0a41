"""A drawing of matplotlib made small enough to stand inside a page: shapes and words, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

SVG = "http://www.w3.org/2000/svg"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_READER = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
_MEANINGLESS = {"font-family": None, "stroke-dashoffset": "0", "text-anchor": "start", "font-weight": "400"}
"""Properties that say what is so anyway, by value; of any value the family, which stands on the sheet."""


def compacted(drawing: bytes, title: str, family: str) -> str:
    """Return the shapes of an SVG file in one ``<svg>`` with ``title`` as its first element.

    Groups, names, definitions and style sheets go (a page holds many drawings, whose names would meet),
    styles become attributes, coordinates keep a tenth of a point, dots become circles again.
    """
    read = etree.fromstring(drawing, _READER)
    size = {name: _rounded(read.get(name, "")) for name in ("viewBox", "width", "height")}
    sheet = {**size, "font-family": family, "stroke-linejoin": "round"}
    made = etree.Element("svg", sheet, nsmap={None: SVG})  # type: ignore[dict-item]
    etree.SubElement(made, "title").text = title
    for shape in read.iter(f"{{{SVG}}}path", f"{{{SVG}}}text"):
        if shape.tag.endswith("text"):
            etree.SubElement(made, "text", dict(_written(shape))).text = shape.text
        elif shape.get("d"):
            tag, place = _outlined(_rounded(shape.get("d", "")))
            etree.SubElement(made, tag, {**place, **dict(_styled(shape))})
    return etree.tostring(made, encoding="unicode")


def _written(text: etree._Element) -> Iterator[tuple[str, str]]:
    yield from ((name, _rounded(text.get(name, ""))) for name in ("x", "y"))
    yield from ((name, value.removesuffix("px")) for name, value in _styled(text))


def _styled(shape: etree._Element) -> Iterator[tuple[str, str]]:
    for part in shape.get("style", "").split(";"):
        name, _, value = (piece.strip() for piece in part.partition(":"))
        if value and not (name in _MEANINGLESS and _MEANINGLESS[name] in (None, value)):
            yield name, value


def _outlined(path: str) -> tuple[str, dict[str, str]]:
    """Return a path as it is, or as the circle it is: dots are the only thing drawn with curves."""
    if "C" not in path:
        return "path", {"d": path}
    numbers = [float(number) for number in _NUMBER.findall(path)]
    across, down = numbers[::2], numbers[1::2]
    middle = {"cx": (min(across) + max(across)) / 2, "cy": (min(down) + max(down)) / 2}
    place = {**middle, "r": (max(across) - min(across)) / 2}
    return "circle", {name: _rounded(str(value)) for name, value in place.items()}


def _rounded(text: str) -> str:
    """Return the same with each number to a tenth, and no space that nothing needs."""
    shorter = _NUMBER.sub(lambda found: f"{float(found[0]) + 0.0:.1f}".removesuffix(".0"), text)
    return re.sub(r"\s*([MLCz])\s*", r"\1", shorter.strip())
