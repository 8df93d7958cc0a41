"""Small pictures of a page, drawn at once: lines, areas, dots and words, as charts and sparklines have them.

The layout engine draws each letter of a picture by itself, and whole groups for words that do not begin at
their place: a third of the time in which a document is written. Pictures of anything else are left to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import pi, sqrt
from typing import Any
from xml.etree.ElementTree import Element

from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.draw.text import draw_first_line
from weasyprint.matrix import Matrix
from weasyprint.svg.text import Style, TextBox
from weasyprint.text.fonts import FontConfiguration
from weasyprint.text.line_break import create_layout, line_size

from opti_reports.render.charts.pen import SVG

_NUMBER = r" *(-?\d+(?:\.\d+)?)"
_STEP = re.compile(rf" *(?:([MLl]){_NUMBER}{_NUMBER}|([hv]){_NUMBER}|(z)) *")
_CAPS = {"butt": 0, "round": 1}
_CORNERS = {"miter": 0, "round": 1}
_PARTS = {"start": 0.0, "middle": 0.5, "end": 1.0}
_PAINTED = {(True, True): "B", (True, False): "f", (False, True): "S", (False, False): "n"}
Marks = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Word:
    """A line of words that begins, is centred or ends (``part``: 0, a half, 1) at a place."""

    text: str
    place: tuple[float, float]
    part: float
    family: str
    weight: int
    size: float
    colour: str

    def draw(self, stream: Any, fonts: FontConfiguration) -> None:
        """Draw the words on a page."""
        style = _style(self.family, self.weight, self.size, fonts)
        layout = create_layout(self.text, style, None, None, 0)
        across = self.place[0] - self.part * line_size(layout.get_first_line()[0], style)[0]
        stream.stream.append(self.colour)
        stream.begin_text()
        box = TextBox(layout, style)
        draw_first_line(stream, box, "none", "none", Matrix(d=-1, e=across, f=self.place[1]))
        stream.end_text()


@dataclass(frozen=True)
class Picture:
    """A picture whose shapes are in the language of a page already."""

    wide: float
    high: float
    parts: tuple[str | Word, ...]
    fonts: FontConfiguration

    def draw(self, stream: Any, width: float, height: float, _: Any) -> None:
        """Draw it as large as it can be in the middle of its place."""
        scale = min(width / self.wide, height / self.high)
        aside, down = (width - self.wide * scale) / 2, (height - self.high * scale) / 2
        stream.push_state()
        stream.transform(a=scale, d=scale, e=aside, f=down)
        for part in self.parts:
            if isinstance(part, Word):
                part.draw(stream, self.fonts)
            else:
                stream.stream.append(part)
        stream.pop_state()


def picture_of(svg: Element, fonts: FontConfiguration) -> Picture | None:
    """Return a picture to be drawn here; None where it has anything that only the layout engine knows."""
    marks = dict(svg.attrib)
    try:
        left, top, wide, high = map(float, marks.pop("viewBox").split())
        for own in ("width", "height", "class"):
            marks.pop(own, None)
        parts = tuple(_read(element, marks) for element in svg if element.tag != f"{{{SVG}}}title")
    except (KeyError, ValueError):
        return None
    return Picture(wide, high, parts, fonts) if (left, top) == (0, 0) and wide * high else None


def _read(element: Element, above: Marks) -> str | Word:
    """Return a part of a picture. Raises KeyError or ValueError where it, or a mark of it, is not known."""
    marks = {**above, **element.attrib}
    family, corners = marks.pop("font-family", "sans-serif"), marks.pop("stroke-linejoin", "miter")
    if element.tag == f"{{{SVG}}}text":
        part: str | Word = _word((element.text or "").strip(), family, marks)
    else:
        lines = {f"{{{SVG}}}path": _path, f"{{{SVG}}}circle": _circle}[element.tag](marks)
        part = "\n".join((*_look(marks), f"{_CORNERS[corners]} j", *lines, _PAINTED[_painted(marks)]))
    if marks or len(element):
        raise ValueError(element.tag)
    return part


def _word(text: str, family: str, marks: Marks) -> Word:
    return Word(
        text=text,
        place=(float(marks.pop("x")), float(marks.pop("y"))),
        part=_PARTS[marks.pop("text-anchor", "start")],
        family=family,
        weight=int(marks.pop("font-weight", "400")),
        size=float(marks.pop("font-size")),
        colour=f"{_colour(marks.pop('fill', '#000000'))} rg",
    )


def _look(marks: Marks) -> Iterator[str]:
    """Yield how lines are drawn: their width, dashes, ends and corners; the engine's are the same."""
    yield f"{_short(float(marks.pop('stroke-width', '1')))} w"
    yield f"[{' '.join(re.split('[ ,]+', marks.pop('stroke-dasharray', '')))}] 0 d"
    yield f"{_CAPS[marks.pop('stroke-linecap', 'butt')]} J 4 M"
    for key, sign in (("fill", "rg"), ("stroke", "RG")):
        if marks.get(key, "#000000" if key == "fill" else "none") != "none":
            yield f"{_colour(marks.get(key, '#000000'))} {sign}"


def _painted(marks: Marks) -> tuple[bool, bool]:
    """Return whether an area is filled, and whether its line is drawn."""
    return marks.pop("fill", "") != "none", marks.pop("stroke", "none") != "none"


def _path(marks: Marks) -> Iterator[str]:
    """Yield the steps of a line."""
    left, x, y = marks.pop("d"), 0.0, 0.0
    start = (x, y)
    while left:
        step = _STEP.match(left)
        if step is None:
            raise ValueError(left)
        letter, across, down, way, by, _ = step.groups()
        if letter:
            at = (x, y) if letter == "l" else (0.0, 0.0)
            x, y = at[0] + float(across), at[1] + float(down)
        elif way:
            x, y = (x + float(by), y) if way == "h" else (x, y + float(by))
        else:
            x, y = start
        start = (x, y) if letter == "M" else start
        yield f"{_short(x)} {_short(y)} {'m' if letter == 'M' else 'l'}" if letter or way else "h"
        left = left[step.end() :]


def _circle(marks: Marks) -> Iterator[str]:
    """Yield the four curves of a dot."""
    x, y, r = (float(marks.pop(key)) for key in ("cx", "cy", "r"))
    near = r / sqrt(pi)
    yield f"{_short(x + r)} {_short(y)} m"
    for a, b, c, d, e, f in (
        *((r, near, near, r, 0, r), (-near, r, -r, near, -r, 0)),
        *((-r, -near, -near, -r, 0, -r), (near, -r, r, -near, r, 0)),
    ):
        places = (x + a, y + b, x + c, y + d, x + e, y + f)
        yield f"{' '.join(map(_short, places))} c"
    yield "h"


@lru_cache(maxsize=64)
def _colour(written: str) -> str:
    if not re.fullmatch("#[0-9a-f]{6}", written):
        raise ValueError(written)
    return " ".join(_short(int(written[at : at + 2], 16) / 255) for at in (1, 3, 5))


def _short(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=64)
def _style(family: str, weight: int, size: float, fonts: FontConfiguration) -> Style:
    """Return the look of words as the layout engine wants it: each letter as wide as it is alone."""
    style = Style(INITIAL_VALUES)
    style.font_config = fonts
    families = [name.strip("\"' ") for name in family.split(",")]
    style.update(font_family=families, font_weight=weight, font_size=size)
    style.update(font_kerning="none", font_variant_ligatures="none")
    return style
