"""A table of the slide markup: its cells, how high its rows will be, and where it is cut between slides."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from opti_reports.model.pack import Column
from opti_reports.render.columns import HEAD, column_shares, follows_figures, least_width
from opti_reports.render.environment import MARKS
from opti_reports.render.measure import fitted, text_width, wrapped
from opti_reports.render.slides.markup import Element, text_of

LINE = 1.22
CAPTION = 14.0
"""Size of a table's caption where it stands above it, points."""
PAD_X, PAD_Y = 4.0, 3.5
"""Margins of a cell on each side, points."""
LEAST = 14.0
"""Where the text is as large nothing around it is smaller: a room reads second paragraphs and notes too."""
_ASIDE_NOTE = 10.0
_SMALL, _TIGHT_Y = 11.0, 2.5
"""Text up to this size has less margin above and below."""
GAP = 9.0
"""Points more before words that follow figures."""
_MOST_LINES, _MOST_SMALL = 6, 4
_MARKED = 12
"""A cell of a table that is read back is never cut before this many lines: its words are chosen from."""


@dataclass(frozen=True)
class Cell:
    """A cell's words; ``tone`` gives them colour and a mark, ``small`` is a second, smaller paragraph."""

    text: str
    tone: str = ""
    strong: bool = False
    small: str = ""
    language: str = ""
    """The language of words somebody wrote; empty for the pack's."""

    @property
    def shown(self) -> str:
        """Return the text after its mark."""
        return f"{MARKS[self.tone]} {self.text}" if self.tone else self.text


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table ready to be laid out: widths in points, rows of cells, ``blank`` rows left open at the end."""

    caption: str
    alt: str
    note: str
    heads: tuple[Column, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    blank: int
    size: float
    captioned: bool = False
    """Whether the caption stands above the table; otherwise the slide's title says it."""
    mark: str = ""
    """The name under which the table is found again once it has been filled in."""

    @property
    def small(self) -> float:
        """Return the size of second paragraphs, points."""
        return max(self.size - 2.5, LEAST) if self.size >= LEAST else self.size - 2.5

    @property
    def below(self) -> float:
        """Return the size of the note below the table, points."""
        return LEAST if self.size >= LEAST else _ASIDE_NOTE

    @property
    def head(self) -> float:
        """Return the size of headings, points."""
        return _head(self.size)

    @property
    def pad_y(self) -> float:
        """Return the margin above and below a cell's text, points."""
        return PAD_Y if self.size > _SMALL else _TIGHT_Y

    def pad(self, at: int) -> float:
        """Return the left margin of column ``at``, points."""
        return PAD_X + (GAP if follows_figures(self.heads, at) else 0.0)

    def inner(self, at: int) -> float:
        """Return the width of column ``at`` for text, points."""
        return max(self.widths[at] - self.pad(at) - PAD_X, 1.0)


def _head(size: float) -> float:
    """Return the size of headings over cells of a size, points."""
    return max(size * HEAD, LEAST) if size >= LEAST else size * HEAD


def read_grid(table: Element, width: float, size: float) -> Grid:
    """Return the ``<table>`` over ``width`` points in text of ``size``; text too long for its cell is cut."""
    heads, rows = _heads(table), _rows(table)
    given = table.get("shares")
    if given:
        shares = tuple(float(share) for share in given.split())
    else:
        shares = column_shares(heads, _shown(heads, rows), width, size, head=_head(size))
    grid = Grid(
        caption=table.get("caption", ""),
        alt=table.get("alt", ""),
        note=table.get("note", ""),
        heads=heads,
        widths=tuple(width * share / sum(shares) for share in shares),
        rows=rows,
        blank=int(table.get("blank", "0")),
        size=size,
        mark=table.get("mark", ""),
    )
    return replace(
        grid, rows=tuple(tuple(_fitted(grid, at, cell) for at, cell in enumerate(row)) for row in rows)
    )


def needed_width(table: Element, size: float) -> float:
    """Return the width in which the ``<table>`` in text of ``size`` parts no word, points."""
    heads = _heads(table)
    return least_width(heads, _shown(heads, _rows(table)), size, _head(size))


def _heads(table: Element) -> tuple[Column, ...]:
    return tuple(
        Column(head.get("label", ""), head.get("numeric") == "yes") for head in table.findall("head")
    )


def _rows(table: Element) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(_cell(cell) for cell in row.findall("cell")) for row in table.findall("row"))


def _shown(heads: tuple[Column, ...], rows: tuple[tuple[Cell, ...], ...]) -> list[list[str]]:
    """Return the texts under each heading."""
    return [[row[at].shown for row in rows] for at in range(len(heads))]


def _cell(cell: Element) -> Cell:
    return Cell(
        text_of(cell),
        cell.get("tone", ""),
        cell.get("strong") == "yes",
        cell.get("small", ""),
        cell.get("lang", ""),
    )


def _fitted(grid: Grid, at: int, cell: Cell) -> Cell:
    width = grid.inner(at)
    return replace(
        cell,
        text=fitted(cell.text, width, grid.size, _MARKED if grid.mark else _MOST_LINES, cell.strong),
        small=fitted(cell.small, width, grid.small, _MOST_SMALL),
    )


def row_height(grid: Grid, row: tuple[Cell, ...]) -> float:
    """Return the height a row needs, points; programs grow a row to its text, so this must not
    be too little.
    """
    tallest = 0.0
    for at, cell in enumerate(row):
        height = len(wrapped(cell.shown, grid.inner(at), grid.size, cell.strong)) * grid.size * LINE
        if cell.small:
            height += len(wrapped(cell.small, grid.inner(at), grid.small)) * grid.small * LINE
        tallest = max(tallest, height)
    return tallest + 2 * grid.pad_y


def head_height(grid: Grid) -> float:
    """Return the height of the heading row, points."""
    lines = max(
        len(wrapped(head.label, grid.inner(at), grid.head, True)) for at, head in enumerate(grid.heads)
    )
    return lines * grid.head * LINE + 2 * grid.pad_y


def breaks_words(grid: Grid) -> bool:
    """Return whether some word is wider than its column, so that it would be cut anywhere."""
    shown = [(at, cell.shown, cell.strong) for row in grid.rows for at, cell in enumerate(row)]
    return any(
        text_width(word, grid.size, strong) > grid.inner(at)
        for at, text, strong in shown
        for word in text.split(" ")
    )


def heights(grid: Grid) -> tuple[float, ...]:
    """Return the heights of all rows: heading, rows, blank rows."""
    return (head_height(grid), *(row_height(grid, row) for row in grid.rows), *([_blank(grid)] * grid.blank))


def _blank(grid: Grid) -> float:
    """Return the height of a row left open: of a line as programs write it there."""
    return grid.size * LINE + 2 * grid.pad_y


def caption_height(grid: Grid) -> float:
    """Return the height of a table's caption above it, none where the slide's title says it."""
    if not grid.captioned or not grid.caption or grid.mark:  # what is to be filled in says it in its headings
        return 0.0
    return len(wrapped(grid.caption, sum(grid.widths), CAPTION, True)) * CAPTION * LINE + 2


def note_height(grid: Grid) -> float:
    """Return the height of the note below a table."""
    if not grid.note:
        return 0.0
    return len(wrapped(grid.note, sum(grid.widths), grid.below)) * grid.below * LINE + 4


def whole_height(grid: Grid) -> float:
    """Return the height of a table with its caption and its note."""
    return caption_height(grid) + sum(heights(grid)) + note_height(grid)


def split(grid: Grid, room: float) -> tuple[Grid, ...]:
    """Return the grid in as few even parts as fit into ``room`` points each; blank rows go with the last."""
    tall = heights(grid)
    head, body = tall[0], tall[1:]
    parts = max(1, math.ceil(sum(body) / max(room - head, 1.0)))
    while parts < len(body) and not _all_fit(body, parts, room - head):
        parts += 1
    each = math.ceil(len(body) / parts) if body else 1
    made = []
    for start in range(0, max(len(body), 1), each):
        rows = grid.rows[start : start + each]
        blank = min(len(body), start + each) - max(len(grid.rows), start)
        made.append(replace(grid, rows=rows, blank=max(blank, 0)))
    return tuple(made)


def _all_fit(body: tuple[float, ...], parts: int, room: float) -> bool:
    each = math.ceil(len(body) / parts)
    return all(sum(body[start : start + each]) <= room for start in range(0, len(body), each))
