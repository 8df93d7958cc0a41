"""Charts that share a slide, below a table or alone: how many, what each needs, how large its words are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from opti_reports.render.slides.markup import Element

ACROSS = 3
"""Columns of a slide; a survey, whose questions are sentences, takes two."""
NARROW = 330.0
"""A chart of less than so many points has smaller words, where it may have them."""


@dataclass(frozen=True, kw_only=True)
class Lettering:
    """Sizes of the words in and around charts, the largest first, and the heights that follow, points."""

    words: tuple[float, float]
    """In a chart, and in a narrow one."""
    titles: tuple[float, ...]
    """The largest stands over a measure of one line only."""
    measures: tuple[float, ...]
    measure_lines: int
    answers: tuple[float, ...]
    """The names of a survey's answers, on ``answer_lines`` lines."""
    answer_lines: int
    notes: tuple[float, ...]
    most: int
    """Charts on a slide."""
    shares: tuple[tuple[str, float], ...]
    """How wide kinds of charts are beside each other."""
    head: float
    """A heading of two lines and the measure, ``line`` less of one line."""
    line: float
    foot: float
    """A note of two lines, ``note_line`` less of one line: one that has a slide's width needs no more."""
    note_line: float
    bar: float
    """What a bar needs for its name, ``question`` a survey's for two lines of it."""
    question: float
    curve: float
    """What a line chart needs."""
    level: float

    def of(self, width: float) -> float:
        """Return the size of words in a chart of ``width`` points."""
        return self.words[width < NARROW]


ROOM = Lettering(
    words=(14.0, 14.0),
    titles=(18.0, 16.0, 14.0),
    measures=(14.0,),
    measure_lines=2,
    answers=(14.0,),
    answer_lines=2,
    notes=(14.0,),
    most=2,
    shares=(("trend", 1.2), ("bars", 1.0), ("stacked", 1.4)),
    head=74.0,
    line=20.0,
    foot=38.0,
    note_line=17.0,
    bar=17.5,
    question=35.0,
    curve=150.0,
    level=18.5,
)
"""What a room reads from its last row."""
ASIDE = Lettering(
    words=(10.5, 9.0),
    titles=(14.0, 13.0, 12.0, 11.0),
    measures=(11.0, 10.0, 9.0),
    measure_lines=1,
    answers=(11.0, 10.0, 9.0, 8.0),
    answer_lines=1,
    notes=(9.0, 8.0),
    most=3,
    shares=(("trend", 1.2), ("bars", 1.0), ("stacked", 1.9)),
    head=50.0,
    line=18.0,
    foot=26.0,
    note_line=12.0,
    bar=12.5,
    question=22.0,
    curve=116.0,
    level=15.0,
)
"""What is looked up afterwards."""


def columns(chart: Element) -> int:
    """Return how many columns of a slide a chart takes."""
    return 2 if chart.tag == "stacked" else 1


def together(charts: Sequence[Element], most: int) -> list[list[Element]]:
    """Return the charts in their order on as few slides as they fit, ``most`` on each, spread evenly."""
    room = ceil(sum(map(columns, charts)) / max(len(_filled(charts, ACROSS, most)), 1))
    even, full = _filled(charts, room, most), _filled(charts, ACROSS, most)
    return even if len(even) <= len(full) else full


def _filled(charts: Sequence[Element], room: int, most: int) -> list[list[Element]]:
    groups: list[list[Element]] = []
    for chart in charts:
        last = groups[-1] if groups else []
        if last and len(last) < most and sum(map(columns, last)) + columns(chart) <= room:
            last.append(chart)
        else:
            groups.append([chart])
    return groups


def needed(charts: Sequence[Element], lettering: Lettering) -> float:
    """Return the height in which all of the charts can be read beside each other, points."""
    return sum(around(charts, lettering)) + max(_needed(chart, lettering) for chart in charts)


def around(charts: Sequence[Element], lettering: Lettering, narrow: bool = False) -> tuple[float, float]:
    """Return the heights of the heading above and of the note below charts beside each other, points.

    One that has a slide's width, not ``narrow`` beside words, needs a line less of each.
    """
    alone = len(charts) == 1 and not narrow
    return lettering.head - lettering.line * alone, lettering.foot - lettering.note_line * alone


def _needed(chart: Element, lettering: Lettering) -> float:
    if chart.tag == "trend":
        return lettering.curve
    apiece = lettering.bar if chart.tag == "bars" else lettering.question
    return apiece * len(chart.findall("bar")) + lettering.level * len(chart.findall("level"))


def widths(charts: Sequence[Element], width: float, gap: float, lettering: Lettering) -> list[float]:
    """Return the widths of charts beside each other over ``width`` points with ``gap`` between them."""
    shares = [dict(lettering.shares)[chart.tag] for chart in charts]
    return [(width - gap * (len(charts) - 1)) * share / sum(shares) for share in shares]
