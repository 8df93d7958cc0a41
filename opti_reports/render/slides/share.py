"""Charts that share a slide, below a table or by themselves: how many, and what each needs."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from opti_reports.render.slides.markup import Element

ACROSS = 3
"""Columns of a slide; a survey, whose questions are sentences, takes two."""
_SHARES = {"trend": 1.2, "bars": 1.0, "stacked": 1.9}
"""How wide kinds of charts are beside each other."""
_HEAD, _FOOT = 50.0, 26.0
"""Points of a chart's heading (two lines and the measure) and of its note (two lines)."""
_LINE, _NOTE_LINE = 18.0, 12.0
"""Points of a line of a heading, and of a note: one that has a slide's width needs a line less."""
_APIECE = {"bars": 12.5, "stacked": 22.0}
"""Points that a bar needs for its name, of a question for two lines of it."""
_LINES = 116.0
"""Points that a line chart needs."""
_LEVEL = 15.0


def columns(chart: Element) -> int:
    """Return how many columns of a slide a chart takes."""
    return 2 if chart.tag == "stacked" else 1


def together(charts: Sequence[Element]) -> list[list[Element]]:
    """Return the charts in their order on as few slides as they fit, spread evenly over them."""
    room = ceil(sum(map(columns, charts)) / max(len(_filled(charts, ACROSS)), 1))
    even = _filled(charts, room)
    return even if len(even) <= len(_filled(charts, ACROSS)) else _filled(charts, ACROSS)


def _filled(charts: Sequence[Element], room: int) -> list[list[Element]]:
    groups: list[list[Element]] = []
    for chart in charts:
        if groups and sum(map(columns, groups[-1])) + columns(chart) <= room:
            groups[-1].append(chart)
        else:
            groups.append([chart])
    return groups


def needed(charts: Sequence[Element]) -> float:
    """Return the height in which all of the charts can be read beside each other, points."""
    return sum(around(charts)) + max(_needed(chart) for chart in charts)


def around(charts: Sequence[Element]) -> tuple[float, float]:
    """Return the heights of the heading above and of the note below charts beside each other, points."""
    alone = len(charts) == 1
    return _HEAD - _LINE * alone, _FOOT - _NOTE_LINE * alone


def _needed(chart: Element) -> float:
    if chart.tag == "trend":
        return _LINES
    return _APIECE[chart.tag] * len(chart.findall("bar")) + _LEVEL * len(chart.findall("level"))


def widths(charts: Sequence[Element], width: float, gap: float) -> list[float]:
    """Return the widths of charts beside each other over ``width`` points with ``gap`` between them."""
    shares = [_SHARES[chart.tag] for chart in charts]
    return [(width - gap * (len(charts) - 1)) * share / sum(shares) for share in shares]
