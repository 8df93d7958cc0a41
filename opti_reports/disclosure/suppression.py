"""Complementary suppression: what else must be withheld so that nobody can work out a withheld figure.

The reader is taken to know every sum and every figure shown. What is withheld are unknowns of equations;
a figure is told when the equations leave it one value. Which others to withhold is chosen greedily: for each
figure told the cheapest other one of its sums, until none is told.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

C = TypeVar("C", bound=Hashable)
Row = dict[C, int]
PRIME = (1 << 61) - 1
"""Elimination is modulo a prime: exact, without growing fractions (a false dependency has odds of 2⁻⁶¹)."""


def told(hidden: Collection[C], equations: Iterable[Sequence[tuple[C, int]]]) -> set[C]:
    """The hidden cells that the equations leave one value."""
    unknown = set(hidden)
    rows = [row for row in ({c: s for c, s in e if c in unknown} for e in equations) if row]
    core, peeled = _peel(rows)
    solved = _solved(core)
    for row, last in reversed(peeled):
        solved[last] = _scaled(_reduced(row, solved), last)
    return {cell for cell, row in solved.items() if len(row) == 1}


def _peel(rows: list[Row[C]]) -> tuple[list[Row[C]], list[tuple[Row[C], C]]]:
    """Set aside, again and again, an equation with a cell that no equation left has: it solves for that cell.

    Most sums go this way, so that little is left to eliminate.
    """
    where: dict[C, set[int]] = {}
    for number, row in enumerate(rows):
        for cell in row:
            where.setdefault(cell, set()).add(number)
    alone = [cell for cell, numbers in where.items() if len(numbers) == 1]
    left, peeled = set(range(len(rows))), []
    while alone:
        cell = alone.pop()
        if len(where[cell]) != 1:
            continue
        (number,) = where[cell]
        left.discard(number)
        peeled.append((rows[number], cell))
        for other in rows[number]:
            where[other].discard(number)
            if len(where[other]) == 1:
                alone.append(other)
    return [rows[number] for number in sorted(left)], peeled


def _solved(rows: list[Row[C]]) -> dict[C, Row[C]]:
    """Gauss–Jordan elimination: each cell that can be, as a row of itself and of cells that stay open."""
    solved: dict[C, Row[C]] = {}
    for given in sorted(rows, key=len):
        row = _reduced(given, solved)
        if not row:
            continue
        pivot = next(iter(row))
        row = _scaled(row, pivot)
        for other in solved.values():
            if pivot in other:
                _subtract(other, row, pivot)
        solved[pivot] = row
    return solved


def _reduced(row: Row[C], solved: Mapping[C, Row[C]]) -> Row[C]:
    """The row without the cells that are solved."""
    left = dict(row)
    for cell in [cell for cell in row if cell in solved]:
        _subtract(left, solved[cell], cell)
    return left


def _scaled(row: Row[C], pivot: C) -> Row[C]:
    inverse = pow(row[pivot], -1, PRIME)
    return {cell: factor * inverse % PRIME for cell, factor in row.items()}


def _subtract(row: Row[C], pivot: Row[C], cell: C) -> None:
    """Take the pivot's row off a row so that the cell goes."""
    factor = row[cell]
    for other, value in pivot.items():
        left = (row.get(other, 0) - factor * value) % PRIME
        if left:
            row[other] = left
        else:
            row.pop(other, None)


def complement(
    primary: Collection[C],
    equations: Sequence[Sequence[tuple[C, int]]],
    weight: Mapping[C, int],
    hidden: Collection[C] = (),
) -> frozenset[C]:
    """The cells to withhold: the primary ones and what protects them.

    ``weight`` is what withholding a cell costs; a cell without one may not be withheld (it is public).
    ``hidden`` cells are unknown already. A primary cell that nothing can protect stays told.
    """
    sums = _Sums(equations, weight)
    found, wanted, given_up = {*primary, *hidden}, set(primary), set[C]()
    while exposed := (told(found, sums.of(found)) & wanted) - given_up:
        new: set[C] = set()
        for cell in sorted(exposed, key=sums.order.__getitem__):
            own = sums.alone(cell, found)
            if any(other in new for equation in own for other, _ in equation):
                continue  # what was just withheld for another may protect it too
            more = sums.cheapest(own, found) or sums.cheapest(sums.of(found), found)
            if more is None:
                given_up.add(cell)
            else:
                new.add(more)
        found |= new
    return frozenset(found)


class _Sums(Generic[C]):
    """Equations by the cells that stand in them."""

    def __init__(self, equations: Sequence[Sequence[tuple[C, int]]], weight: Mapping[C, int]) -> None:
        self._equations, self._weight = equations, weight
        self._of: dict[C, list[int]] = {}
        for number, equation in enumerate(equations):
            for cell, _ in equation:
                self._of.setdefault(cell, []).append(number)
        self.order = {cell: number for number, cell in enumerate(self._of)}
        """Cells in the order of the equations, to settle ties."""

    def of(self, cells: Iterable[C]) -> list[Sequence[tuple[C, int]]]:
        """The equations in which any of the cells stands."""
        numbers = {number for cell in cells for number in self._of.get(cell, ())}
        return [self._equations[number] for number in sorted(numbers)]

    def alone(self, cell: C, found: Collection[C]) -> list[Sequence[tuple[C, int]]]:
        """The equations that tell a cell by themselves; its others where it takes several together."""
        own = self.of([cell])
        return [e for e in own if sum(other in found for other, _ in e) == 1] or own

    def cheapest(self, equations: Iterable[Sequence[tuple[C, int]]], found: Collection[C]) -> C | None:
        """The cheapest cell that may be withheld; one with nothing in it only if there is no other."""
        cells = {c for equation in equations for c, _ in equation if c not in found and c in self._weight}
        weight = self._weight
        return min(cells, key=lambda c: (not weight[c], weight[c], self.order[c]), default=None)
