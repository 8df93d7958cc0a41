"""Narrow tables beside each other on a slide: which go together, and in which columns they are lowest."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby, pairwise

from lxml import etree

from opti_reports.render.slides.grid import Grid, breaks_words, needed_width, read_grid, whole_height
from opti_reports.render.slides.markup import Element

ACROSS = 4
"""Columns of tables that a slide has at most."""
_HEADS = 4
"""Columns of a narrow table at most: one of words, the others of figures."""
_GUTTER = 22.0
"""Points between columns of tables."""
_GAP = 11.0
"""Points between tables of a column."""


@dataclass(frozen=True)
class Beside:
    """Tables in columns of ``widths`` (points), each column read from its top before the next one."""

    columns: tuple[tuple[Grid, ...], ...]
    widths: tuple[float, ...]

    @property
    def grids(self) -> tuple[Grid, ...]:
        """Return all tables in the order in which they are read."""
        return tuple(grid for column in self.columns for grid in column)

    @property
    def height(self) -> float:
        """Return the height of the highest column, points."""
        return max(sum(map(whole_height, column)) + _GAP * (len(column) - 1) for column in self.columns)

    def places(self) -> Iterator[tuple[Grid, float, float]]:
        """Yield each table with its distance from the left and the top of the area, points."""
        right = 0.0
        for column, width in zip(self.columns, self.widths, strict=True):
            down = 0.0
            for grid in column:
                yield grid, right, down
                down += whole_height(grid) + _GAP
            right += width + _GUTTER


def gathered(blocks: Sequence[Element]) -> Iterator[Element]:
    """Yield the blocks in their order, neighbouring narrow tables as the children of one ``<beside>``."""
    for narrow, run in groupby(blocks, key=_narrow):
        alike = list(run)
        if not narrow or len(alike) == 1:
            yield from alike
            continue
        together = etree.Element("beside")
        together.extend([copy.deepcopy(table) for table in alike])
        yield together


def _narrow(block: Element) -> bool:
    """Return whether a part of a slide's width holds the block: words and a few figures, to be read only."""
    heads = [head.get("numeric") == "yes" for head in block.findall("head")]
    return (
        block.tag == "table"
        and block.get("blank", "0") == "0"
        and 2 <= len(heads) <= _HEADS
        and not heads[0]
        and all(heads[1:])
    )


def read_beside(block: Element, width: float, size: float) -> Beside:
    """Return the tables of a ``<beside>`` over ``width`` points in text of ``size``, as low as their order
    allows.

    Columns that would cut a word are taken only where every other choice would too.
    """
    tables = list(block)
    needs = [needed_width(table, size) for table in tables]
    choices = (
        _laid(tables, needs, edges, width, size)
        for count in range(2, min(len(tables), ACROSS) + 1)
        for edges in _cuts(len(tables), count)
    )
    return min(choices, key=lambda made: (any(map(breaks_words, made.grids)), made.height))


def _cuts(tables: int, count: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield every way to lay tables in their order into ``count`` columns: where each begins and ends."""
    for cuts in combinations(range(1, tables), count - 1):
        yield tuple(pairwise((0, *cuts, tables)))


def _laid(
    tables: Sequence[Element],
    needs: Sequence[float],
    edges: Sequence[tuple[int, int]],
    width: float,
    size: float,
) -> Beside:
    """Return the tables in these columns, each as wide as it needs, and what is left over shared evenly."""
    room = width - _GUTTER * (len(edges) - 1)
    widest = [max(needs[start:end]) for start, end in edges]
    spare = room - sum(widest)
    widths = tuple(need + spare / len(edges) if spare >= 0 else room * need / sum(widest) for need in widest)
    columns = tuple(
        tuple(replace(read_grid(table, each, size), captioned=True) for table in tables[start:end])
        for (start, end), each in zip(edges, widths, strict=True)
    )
    return Beside(columns, widths)
