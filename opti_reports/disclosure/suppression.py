"""Complementary suppression: what else must be withheld so that nobody can work out a withheld figure.

The reader is taken to know every sum and every figure shown. What is withheld are unknowns of linear
equations; a figure follows when the equations leave it one value. What else to withhold is chosen greedily:
for each figure that follows one more of its sums, until none does.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import lsqr

C = TypeVar("C", bound=Hashable)
Equation = Sequence[tuple[C, int]]
"""Cells with signs that add to zero."""
Weight = tuple[int, ...]
"""What withholding a cell costs: the smallest is taken."""
Floats = NDArray[np.float64]
SEED = 20_260_101
"""Of the random direction: the same cells give the same answer on every machine."""
BESIDE = 2
"""How many sums away from a cell more is withheld for it."""
STILL = 1e-6
"""A cell that moves less in a direction that breaks no sum counts as following."""
SOLVED, STEPS, KEPT = 1e-14, 4, 1e-8
"""How exactly the least squares are solved (``atol`` and ``btol`` of scipy's lsqr), in at most how many steps
for each sum and cell, and how much of the sums may be left for the answer to be believed."""


def following(hidden: Collection[C], equations: Sequence[Equation[C]]) -> set[C]:
    """Return the hidden cells that the equations leave one value."""
    return _Sums(equations, {}, hidden).following()


def _followed(equations: Sequence[Equation[C]]) -> frozenset[C]:
    """Return the cells that equations leave one value.

    A random direction is projected on those that keep every sum (sparse least squares): a cell that moves in
    it can have other values, so it does not follow. One that could move but hardly does is taken to follow:
    that withholds more than it must, never less.
    """
    number: dict[C, int] = {}
    cells = [(row, number.setdefault(c, len(number)), s) for row, one in enumerate(equations) for c, s in one]
    rows, columns, signs = (np.array(side) for side in zip(*cells, strict=True))
    sums = csr_array((signs.astype(np.float64), (rows, columns)), shape=(len(equations), len(number)))
    moved = _kept(sums)
    return frozenset(cell for cell, at in number.items() if abs(moved[at]) < STILL)


def _kept(sums: csr_array) -> Floats:
    """Return a random direction less the smallest change that undoes what it does to the sums.

    Where that was not found it is still, so that all cells count as following.
    """
    start = np.random.default_rng(SEED).uniform(0.5, 1.5, sums.shape[1])
    steps = STEPS * sum(sums.shape)
    # No limit of the condition: sums that depend on one another say nothing against the smallest change.
    change = lsqr(sums, sums @ start, atol=SOLVED, btol=SOLVED, conlim=0, iter_lim=steps)[0]
    left = start - change
    return left if np.linalg.norm(sums @ left) < KEPT else np.zeros_like(start)


def complement(
    primary: Collection[C],
    equations: Sequence[Equation[C]],
    weight: Mapping[C, Weight],
    hidden: Collection[C] = (),
) -> frozenset[C]:
    """Return the cells to withhold: the primary ones and what protects them.

    ``weight`` is what withholding a cell costs; a cell without one may not be withheld (it is public).
    ``hidden`` cells are unknown already. A primary cell that nothing can protect stays so.
    """
    sums = _Sums(equations, weight, {*primary, *hidden})
    wanted, given_up = set(primary), set[C]()
    while exposed := sums.roots(wanted) - given_up or (sums.following() & wanted) - given_up:
        new: set[C] = set()
        for cell in sorted(exposed, key=sums.order.__getitem__):
            alone = sums.alone(cell)
            if not alone and any(other in new for equation in sums.of(cell) for other, _ in equation):
                continue  # what was just withheld for another may protect it too
            more = sums.cheapest(alone) if alone else sums.nearest(cell)
            if more is None:
                given_up.add(cell)
            else:
                sums.hide(more)
                new.add(more)
    return frozenset(sums.hidden)


class _Sums(Generic[C]):
    """Equations by the cells in them, and how many of each are hidden."""

    def __init__(
        self, equations: Sequence[Equation[C]], weight: Mapping[C, Weight], hidden: Iterable[C]
    ) -> None:
        self._equations, self._weight = equations, weight
        self._of: dict[C, list[int]] = {}
        for number, equation in enumerate(equations):
            for cell, _ in equation:
                self._of.setdefault(cell, []).append(number)
        self.order = {cell: number for number, cell in enumerate(self._of)}
        """Cells in the order of the equations, to settle ties."""
        self._unknown = [0] * len(equations)
        self.hidden: set[C] = set()
        self._fresh: list[C] = []
        self._followed: set[C] = set()
        for cell in hidden:
            self.hide(cell)

    def hide(self, cell: C) -> None:
        """Withhold a cell."""
        self.hidden.add(cell)
        self._fresh.append(cell)
        for number in self._of.get(cell, ()):
            self._unknown[number] += 1

    def following(self) -> set[C]:
        """Return the hidden cells that all equations together tell.

        What is connected to no cell hidden since the last question has the same answer.
        """
        left = dict.fromkeys(self._fresh)
        self._fresh = []
        while left:
            cells, part = self._connected(next(iter(left)))
            self._followed = (self._followed - cells) | (_followed(part) if part else set())
            left = {cell: None for cell in left if cell not in cells}
        return self._followed

    def _connected(self, cell: C) -> tuple[set[C], list[Equation[C]]]:
        """Return the hidden cells that equations connect with one, and what is hidden of these."""
        cells, rows, open_ = {cell}, dict[int, None](), [cell]
        for one in open_:
            for number in self._of.get(one, ()):
                if number in rows:
                    continue
                rows[number] = None
                beside = [c for c, _ in self._equations[number] if c in self.hidden and c not in cells]
                cells.update(beside)
                open_ += beside
        parts = ([(c, sign) for c, sign in self._equations[n] if c in self.hidden] for n in sorted(rows))
        return cells, [part for part in parts if part]

    def of(self, cell: C) -> list[Equation[C]]:
        """Return the equations a cell stands in."""
        return [self._equations[number] for number in self._of.get(cell, ())]

    def roots(self, wanted: Collection[C]) -> set[C]:
        """Return the cells that follow by one subtraction and lead, in steps, to a wanted one."""
        left, by = list(self._unknown), dict[C, int]()
        ready = [number for number, unknown in enumerate(left) if unknown == 1]
        while ready:
            number = ready.pop()
            cell = next((c for c, _ in self._equations[number] if c in self.hidden and c not in by), None)
            if cell is None:
                continue
            by[cell] = number
            for other in self._of[cell]:
                left[other] -= 1
                if left[other] == 1:
                    ready.append(other)
        found, open_ = set[C](), [cell for cell in by if cell in wanted]
        seen = set(open_)
        while open_:
            cell = open_.pop()
            steps = [c for c, _ in self._equations[by[cell]] if c in self.hidden and c != cell]
            if not steps:
                found.add(cell)
            open_ += [step for step in steps if step not in seen]
            seen.update(steps)
        return found

    def alone(self, cell: C) -> list[Equation[C]]:
        """Return the first equation in which nothing but the cell is hidden, so that it tells it, if any."""
        found = (self._equations[n] for n in self._of.get(cell, ()) if self._unknown[n] == 1)
        return [one for one in [next(found, None)] if one is not None]

    def nearest(self, cell: C) -> C | None:
        """Return the lightest cell of the sums nearest to a hidden one that hold any to withhold, if any do.

        Where all cells of its own sums are hidden or public, those beside them are what tells it.
        """
        open_, seen = [cell], {cell}
        for _ in range(BESIDE):
            near = [equation for one in open_ for equation in self.of(one)]
            found = self.cheapest(near)
            if found is not None:
                return found
            beside = dict.fromkeys(c for equation in near for c, _ in equation if c in self.hidden)
            open_ = [one for one in beside if one not in seen]
            seen.update(open_)
        return None

    def cheapest(self, equations: Iterable[Equation[C]]) -> C | None:
        """Return the lightest cell; of equals the one in the fewest sums with nothing hidden: they would tell
        it.
        """
        weight = self._weight
        cells = {c for e in equations for c, _ in e if c not in self.hidden and c in weight}

        def price(cell: C) -> tuple[Weight, int, int]:
            return weight[cell], sum(not self._unknown[number] for number in self._of[cell]), self.order[cell]

        return min(cells, key=price, default=None)
