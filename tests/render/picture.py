"""A chart as its reader sees it: words at their places, lines and marks by colour, values by the axis."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from opti_reports.render.measure import text_width

Place = tuple[float, float]


class Word(NamedTuple):
    """A line of words: where it is anchored, where its baseline is, and how it is set."""

    text: str
    x: float
    y: float
    size: float
    anchor: str
    bold: bool

    @property
    def left(self) -> float:
        """Where it begins."""
        width = text_width(self.text, self.size, self.bold)
        return self.x - {"end": width, "middle": width / 2}.get(self.anchor, 0.0)

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.left + text_width(self.text, self.size, self.bold)


class Stroke(NamedTuple):
    """A line or the edge of an area, in runs: a gap begins another."""

    runs: list[list[Place]]
    colour: str
    fill: str
    width: float
    dashed: bool

    @property
    def places(self) -> list[Place]:
        """All of its corners."""
        return [place for run in self.runs for place in run]


class Dot(NamedTuple):
    """A round mark."""

    x: float
    y: float
    radius: float
    colour: str


class Picture:
    """What stands in an ``<svg>``."""

    def __init__(self, svg: str) -> None:
        self.svg, self.sheet = svg, etree.fromstring(svg.encode())
        self.width, self.height = (float(side) for side in self.sheet.get("viewBox", "").split()[2:])
        self.alt = self.sheet.findtext("{*}title")
        self.words = [
            Word(
                element.text or "",
                float(element.get("x", "")),
                float(element.get("y", "")),
                float(element.get("font-size", "")),
                element.get("text-anchor", "start"),
                element.get("font-weight") is not None,
            )
            for element in self.sheet.iter("{*}text")
        ]
        self.strokes = [*self._strokes()]
        self.dots = [
            Dot(
                float(dot.get("cx", "")),
                float(dot.get("cy", "")),
                float(dot.get("r", "")),
                dot.get("fill", ""),
            )
            for dot in self.sheet.iter("{*}circle")
        ]

    def _strokes(self) -> Iterator[Stroke]:
        for path in self.sheet.iter("{*}path"):
            runs = [_places(run) for run in path.get("d", "").split("M")[1:]]
            yield Stroke(
                runs,
                path.get("stroke", ""),
                path.get("fill", ""),
                float(path.get("stroke-width", 0)),
                path.get("stroke-dasharray") is not None,
            )

    @property
    def texts(self) -> list[str]:
        """All words, in the order in which they are drawn."""
        return [word.text for word in self.words]

    def word(self, text: str) -> Word:
        """The only word that says so."""
        (found,) = (word for word in self.words if word.text == text)
        return found

    def lines(self, colour: str, *, dashed: bool | None = None, width: float | None = None) -> list[Stroke]:
        """Lines of a colour."""
        return [
            line
            for line in self.strokes
            if line.colour == colour
            and (dashed is None or line.dashed == dashed)
            and (width is None or line.width == width)
        ]

    def areas(self, colour: str) -> list[Stroke]:
        """Areas of a colour that have no edge: squares among them."""
        return [area for area in self.strokes if area.fill == colour and not area.colour]

    def value(self, y: float, grid: str) -> float:
        """The value at a height, read between the lowest and the highest line of the grid and their names."""
        levels = sorted(line.places[0][1] for line in self.lines(grid))
        names = sorted(
            (word for word in self.words if word.anchor == "end" and _number(word.text) is not None),
            key=lambda word: word.y,
        )
        high, low = levels[0], levels[-1]
        top, bottom = _number(names[0].text), _number(names[-1].text)
        assert top is not None
        assert bottom is not None
        return bottom + (low - y) / (low - high) * (top - bottom)

    def assert_whole(self) -> None:
        """Nothing is undefined, and every word stands on the sheet."""
        assert not re.search(r"nan|inf\b", self.svg)
        for word in self.words:
            assert word.left >= -1, word
            assert word.right <= self.width + 1, word
            assert 0 <= word.y <= self.height + 1, word


def _places(run: str) -> list[Place]:
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", run)]
    return [*zip(numbers[::2], numbers[1::2], strict=True)]


def _number(text: str) -> float | None:
    text = text.replace("\u00a0", "").replace("−", "-").replace(",", ".")
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None
