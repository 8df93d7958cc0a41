"""What there is to decide on a topic: its lines, beside the topic's chart or over a slide's whole width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from opti_reports.render.environment import MARKS
from opti_reports.render.measure import wrapped
from opti_reports.render.slides.grid import LINE
from opti_reports.render.slides.markup import CHARTS, Element, has_values, text_of

CHART, GUTTER = 0.58, 28.0
"""How much of a slide's width the chart takes, and the points between it and the words."""
LEAST = 16.0
"""The smallest text beside a chart that a room reads, points."""
AIR = 10.0
"""Points above the first line of a matter."""


@dataclass(frozen=True)
class Line:
    """A paragraph: its mark, the bold ``lead`` and the text after it. ``opens``: with air above it."""

    text: str
    lead: str = ""
    tone: str = ""
    opens: bool = False
    spare: int = 0
    """Where there is too little room the highest goes first, before text becomes smaller; 0: never."""

    @property
    def mark(self) -> str:
        """Return the mark of the tone and a space, nothing without one."""
        return f"{MARKS[self.tone]} " if self.tone else ""

    @property
    def between(self) -> str:
        """Return what stands between the bold words and those after them."""
        return " " if self.lead and self.text else ""


@dataclass(frozen=True)
class Agenda:
    """The lines under their caption, in text of one size (points)."""

    caption: str
    lines: tuple[Line, ...]
    size: float

    def height(self, width: float) -> float:
        """Return the height over ``width`` points."""
        shown = (f"{line.mark}{line.lead}{line.between}{line.text}" for line in self.lines)
        count = len(wrapped(self.caption, width, self.size, bold=True)) + sum(
            len(wrapped(text, width, self.size, bold=bool(line.lead)))
            for text, line in zip(shown, self.lines, strict=True)
        )
        return count * self.size * LINE + AIR * sum(line.opens for line in self.lines)


def read_agenda(block: Element, size: float) -> Agenda:
    """Return the ``<agenda>`` in text of ``size``."""
    lines = (
        Line(
            text=text_of(line),
            lead=line.get("lead", ""),
            tone=line.get("tone", ""),
            opens=line.get("opens") == "yes",
            spare=int(line.get("spare", "0")),
        )
        for line in block.iterfind("line")
    )
    return Agenda(block.get("caption", ""), tuple(lines), size)


def within(block: Element, width: float, height: float, sizes: Sequence[float]) -> Agenda | None:
    """Return the ``<agenda>`` as it fits beside a chart: in the first size, without spare lines if need
    be, before a smaller one; None where it fits in none.
    """
    room = [size for size in sizes if size >= LEAST] or sizes
    made = (fewer for size in room for fewer in _fewer(read_agenda(block, size)))
    return next((one for one in made if one.height(width) <= height), None)


def _fewer(agenda: Agenda) -> Iterator[Agenda]:
    """Yield the lines, then without the most spare one, the last of alike, until none is left that may go."""
    yield agenda
    while spare := [(line.spare, at) for at, line in enumerate(agenda.lines) if line.spare]:
        gone = max(spare)[1]
        agenda = replace(agenda, lines=agenda.lines[:gone] + agenda.lines[gone + 1 :])
        yield agenda


def aside_width(width: float) -> float:
    """Return the width of the words beside a chart on a slide of ``width`` points."""
    return width * (1 - CHART) - GUTTER


def paired(blocks: Sequence[Element], width: float, height: float, sizes: Sequence[float]) -> list[Element]:
    """Return the blocks, a chart and the ``<agenda>`` right after it as the children of one ``<topic>``.

    A chart without values says in a line why; the words then have the slide for themselves.
    """
    made: list[Element] = []
    for block in blocks:
        if block.tag != "agenda" or not made or made[-1].tag not in CHARTS:
            made.append(block)
        elif not has_values(made[-1]):
            made[-1:] = [_why(made[-1]), block]
        elif within(block, aside_width(width), height, sizes) is None:
            made.append(block)
        else:
            topic = etree.Element("topic")
            topic.extend([made.pop(), block])
            made.append(topic)
    return made


def _why(chart: Element) -> Element:
    """Return a paragraph that says what would have been drawn, and why it is not."""
    paragraph = etree.Element("paragraph")
    said = (chart.get("title", ""), chart.get("note", "") or chart.get("latest", ""))
    paragraph.text = ". ".join(part.rstrip(".") for part in said if part) + "."
    return paragraph
