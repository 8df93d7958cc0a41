"""What stands on a slide one below the other: words, tiles and tables, each with the height it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from lxml import etree

from opti_reports.render.measure import fitted, wrapped
from opti_reports.render.slides.agenda import Agenda, read_agenda
from opti_reports.render.slides.beside import Beside, read_beside
from opti_reports.render.slides.grid import LINE, Grid, breaks_words, read_grid, whole_height
from opti_reports.render.slides.markup import Element, text_of

WORDS, _LESS = 14.0, 2.0
"""Least size of words, points, and how much smaller than the tables beside them a notice is."""
TILES, GAP = 92.0, 11.0
_INDENT, _AIR = 40.0, 8.0
_MOST_LINES = 12


@dataclass(frozen=True)
class Words:
    """A paragraph; with a tone it is a notice: on a ground, after a mark."""

    text: str
    tone: str
    size: float = WORDS


@dataclass(frozen=True)
class Tiles:
    """The area tiles, as they stand in the markup."""

    element: Element


Part = Words | Tiles | Grid | Beside | Agenda


def read_part(block: Element, width: float, size: float, captioned: bool) -> Part:
    """Return a block over ``width`` points in text of ``size``; a lone table under its caption if
    ``captioned``.
    """
    return _read(etree.tostring(block, encoding="unicode"), width, size, captioned)


# A deck asks for the same block over and over: with its neighbours, in each size, and when it is too long.
@lru_cache(maxsize=4096)
def _read(markup: str, width: float, size: float, captioned: bool) -> Part:
    block = etree.fromstring(markup)
    if block.tag == "table":
        return replace(read_grid(block, width, size), captioned=captioned)
    if block.tag == "beside":
        return read_beside(block, width, size)
    if block.tag == "agenda":
        return read_agenda(block, size)
    if block.tag == "tiles":
        return Tiles(block)
    tone = block.get("tone", "")
    words = max(size - _LESS if tone else size, WORDS)
    return Words(fitted(text_of(block), width - _INDENT, words, _MOST_LINES), tone, words)


def part_height(part: Part, width: float) -> float:
    """Return the height of a part over ``width`` points."""
    if isinstance(part, Tiles):
        return TILES
    if isinstance(part, Words):
        lines = len(wrapped(part.text, width - _INDENT, part.size))
        return lines * part.size * LINE + (_AIR if part.tone else 0.0)
    if isinstance(part, Agenda):
        return part.height(width)
    return part.height if isinstance(part, Beside) else whole_height(part)


def grids_of(part: Part) -> tuple[Grid, ...]:
    """Return the tables of a part."""
    if isinstance(part, Beside):
        return part.grids
    return (part,) if isinstance(part, Grid) else ()


def breaks(parts: Sequence[Part]) -> bool:
    """Return whether some word would be cut."""
    return any(breaks_words(grid) for part in parts for grid in grids_of(part))


def stack_height(parts: tuple[Part, ...], width: float) -> float:
    """Return the height of parts one below the other, with the gaps between them."""
    return sum(part_height(part, width) for part in parts) + GAP * max(len(parts) - 1, 0)
