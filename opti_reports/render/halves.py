"""Definitions in two columns, a few at a time, so that the columns are alike in height."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opti_reports.render.measure import wrapped

_DEFINITION, _HANDFUL = 6.75, range(6, 12)
"""Size of definitions, points, and how many may stand together in two columns that no page parts."""
_CARE = 1.1
"""How much wider than it is a text of regular weight is judged to be."""
Halves = tuple[tuple[tuple[str, str], ...], ...]


def handfuls(items: Sequence[tuple[str, str]], width: float) -> Iterator[Halves]:
    """Yield definitions a few at a time: as many as give two columns most alike in height.

    ``width``: of a column, points.
    """
    heights = [len(wrapped(" ".join(item), width * _CARE, _DEFINITION)) for item in items]
    at = 0
    while at < len(items):
        left = len(items) - at
        sizes = [left] if left < _HANDFUL.stop else _HANDFUL
        cuts = [(at + size, at + cut) for size in sizes for cut in range(1, size + 1)]
        end, cut = min(cuts, key=lambda place: _uneven(heights, at, place))
        yield tuple(items[at:cut]), tuple(items[cut:end])
        at = end


def _uneven(heights: Sequence[int], start: int, place: tuple[int, int]) -> int:
    """Return by how many lines the columns differ that are cut at a place and end at another."""
    end, cut = place
    return abs(sum(heights[start:cut]) - sum(heights[cut:end]))
