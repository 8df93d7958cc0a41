"""How wide a table's columns are: figures take what they need, words share the rest.

A deck's table has no layout of its own. A page's has one (``table-layout: auto``), but to learn what columns
need the engine lays every cell out three times: a unit's report then takes two to three times as long, and
what is left over goes to figures as much as to words, which then stand far from what they are of.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from opti_reports.model.pack import Column, MetricTable, Table
from opti_reports.render.environment import MARKS
from opti_reports.render.measure import text_width

_AIR = 8.0
"""Points of padding in a column."""
_TIGHT_AIR = 6.3
"""The same where many columns or rows must fit."""
_FIGURES_AIR = 6.5
"""The same in a page's column of figures, whose right edge needs none."""
_GAP = 9.0
"""Points more before a column of words that follows one of figures: the two would look like one."""
_CELL = 6.2
"""How wide, in sizes of text, a figure with words beside it may be before it takes a second line."""
_SAID = 0.87
"""The size of words in a cell of figures relative to that of the figures."""
_NAMES = 0.24
"""The share of a table's width that names of metrics must have before a status may stand on one line."""
_LEAST_NAMES = 0.16
"""The share that they have in any case: only where figures need more than the rest do they take two lines."""
_SIGNS = 26.0
"""Points of the two icons beside each other, after the gap that parts them from the figures."""
HEAD = 0.85
"""The size of a slide's heading relative to that of the cells."""
PAGE_HEAD = 7.0
"""The size of a page's headings, points, whatever the cells have; the style sheet has it too."""


def table_shares(table: Table, width: float, size: float, *, tight: bool = False) -> tuple[float, ...]:
    """Return shares of ``width`` (points) for the columns of ``table`` set in ``size`` points, adding to 100.

    The cells of a page's table are of regular weight; a ``tight`` one has less padding.
    """
    marks = {(row, at): f"{MARKS[tone]}\u00a0" for row, at, tone in table.tones}
    cells = [
        [marks.get((number, at), "") + row[at] for number, row in enumerate(table.rows)]
        for at in range(len(table.columns))
    ]
    air = _TIGHT_AIR if tight else _AIR
    return column_shares(table.columns, cells, width, size, air, head=PAGE_HEAD, bold=False)


def column_shares(
    columns: Sequence[Column],
    cells: Sequence[Sequence[str]],
    width: float,
    size: float,
    air: float = _AIR,
    *,
    head: float,
    bold: bool = True,
) -> tuple[float, ...]:
    """Return the same from headings of the size ``head`` and texts below, which may be ``bold``."""
    least, wanted, firm = _needs(columns, cells, width, size, air, head=head, bold=bold)
    least = _narrowed(least, firm, width)
    return _shared(least, wanted, [not column.numeric for column in columns], width)


def least_width(columns: Sequence[Column], cells: Sequence[Sequence[str]], size: float, head: float) -> float:
    """Return the width (points) in which no word of a table is parted and no figure takes a second line."""
    return sum(_needs(columns, cells, math.inf, size, _AIR, head=head, bold=True)[0])


def _needs(
    columns: Sequence[Column],
    cells: Sequence[Sequence[str]],
    width: float,
    size: float,
    padding: float,
    *,
    head: float,
    bold: bool,
) -> tuple[list[float], list[float], list[float]]:
    """Return what each column needs, what it would take, and what it cannot do without, points."""
    least: list[float] = []
    wanted: list[float] = []
    firm: list[float] = []
    for at, (column, texts) in enumerate(zip(columns, cells, strict=True)):
        air = padding + (_GAP if follows_figures(columns, at) else 0.0)
        floor = max(
            _longest_word(column.label, head),
            *(_longest_word(text, size, bold=bold) for text in texts),
            0.0,
        )
        whole = max((text_width(text, size) + size * 1.2 for text in texts), default=0.0)
        figures = min(whole, max(_CELL * size, floor)) if column.numeric else 0.0
        least.append(min(max(floor, figures), width / 2) + air)
        figured = (word for text in texts for word in text.split(" ") if any(map(str.isdecimal, word)))
        firm.append(
            min(max((text_width(word, size, bold=bold) for word in figured), default=0.0) + air, least[-1])
        )
        wanted.append(least[-1] if column.numeric else max(least[-1], min(whole, width / 2) + air))
    return least, wanted, firm


def follows_figures(columns: Sequence[Column], at: int) -> bool:
    """Return whether column ``at`` holds words and the one before it figures."""
    return at > 0 and columns[at - 1].numeric and not columns[at].numeric


def metric_shares(table: MetricTable, width: float, size: float, trend: float) -> tuple[float, ...]:
    """Return the same for a metric table: ``trend`` points for sparklines, figures their need, names the
    rest.
    """
    least = [0.0, trend]
    for at, label in enumerate(table.columns[2:-1]):
        cells = [row.cells[at] for row in table.rows]
        needs = (_said_width(text, size, bold=not at) for text in cells)
        least.append(min(max(_in_two_lines(label, PAGE_HEAD), *needs, 0.0), width * 0.16) + _FIGURES_AIR)
    gap = _GAP
    if table.signed:
        least.append(max(_longest_word(table.signed, PAGE_HEAD), _SIGNS) + _AIR + _GAP)
        gap = 0.0
    statuses = [table.columns[-1], *(f"{MARKS['good']}\u00a0{row.status}" for row in table.rows)]
    status = max(text_width(text, size) for text in statuses) + _AIR + gap
    if width - sum(least) - status < width * _NAMES:
        status = max(_in_two_lines(text, size) for text in statuses) + _AIR + gap
    least.append(status)
    least[0] = max(width - sum(least), width * _LEAST_NAMES)
    return tuple(100 * part / sum(least) for part in least)


def _said_width(text: str, size: float, *, bold: bool) -> float:
    """Return what a cell needs for a figure or words in its place, and below it for what is in brackets."""
    first, bracket, words = text.partition(" (")
    front = size * _SAID if first[:1].isalpha() else size
    least = text_width(first, front, bold=bold)
    if least > _CELL * size:
        least = _in_two_lines(first, front)
    return max(least, text_width(bracket.strip() + words, size * _SAID, bold=bold))


def _in_two_lines(text: str, size: float) -> float:
    """Return the least width in which ``text`` takes no more than two lines."""
    words = text.split(" ")
    parted = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(len(words))]
    return min(max(text_width(part, size, bold=True) for part in both) for both in parted)


def _longest_word(text: str, size: float, *, bold: bool = True) -> float:
    return max(text_width(word, size, bold=bold) for word in text.split(" "))


def _narrowed(least: list[float], firm: Sequence[float], width: float) -> list[float]:
    """Return where ``least`` is more than there is, what columns give up: the widest first, down to one
    width.

    Long words are parted, and short ones and dates, which cannot be, are not.
    """
    if sum(least) <= width or sum(firm) >= width:
        return least
    low, high = 0.0, max(least)
    for _ in range(40):
        level = (low + high) / 2
        low, high = (low, level) if sum(_level(least, firm, level)) > width else (level, high)
    return _level(least, firm, low)


def _level(least: Sequence[float], firm: Sequence[float], level: float) -> list[float]:
    return [max(needs, min(has, level)) for has, needs in zip(least, firm, strict=True)]


def _shared(
    least: Sequence[float], wanted: Sequence[float], words: Sequence[bool], width: float
) -> tuple[float, ...]:
    """Give ``least`` to every column, what is left to columns of words in proportion to what they want."""
    spare = width - sum(least)
    hunger = [max(want - has, 0.0) for want, has in zip(wanted, least, strict=True)]
    if spare > 0 and sum(hunger) > 0:
        fed = min(spare, sum(hunger))
        least = [has + fed * want / sum(hunger) for has, want in zip(least, hunger, strict=True)]
        spare = width - sum(least)
    takers = [has if word else 0.0 for has, word in zip(least, words, strict=True)]
    if spare > 0 and sum(takers) > 0:
        least = [has + spare * taker / sum(takers) for has, taker in zip(least, takers, strict=True)]
    return tuple(100 * part / sum(least) for part in least)
