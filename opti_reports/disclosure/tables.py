"""Other tables that agree with all that is published: how far each withheld amount may lie from the truth.

The true table is one that fits; a step away from it that changes no sum, and leaves counts whole and not
below nothing, leads to another. Steps are found as solutions of linear programs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from highspy._core import _Highs  # the class above it writes a banner on the terminal and watches for keys
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from opti_reports.disclosure.ledger import Ledger

Floats = NDArray[np.float64]
CLOSE = 1e-6
"""By how much a program's answer may miss a bound or a sum."""
WHOLE = 150
"""How many times the work of a program one of whole counts takes, about."""
TRIES = 4
"""How many times a cheapest way of whole counts is looked for before it is asked for."""
SEED = 20_260_101
"""Of random weights: the same amounts give the same tables on every machine."""
PRIME = 2**31 - 1
NODES = 500
"""How many cases one of whole counts may tell apart; what it does not find is not safe."""

GAP = 0.2
"""By how large a share a way of whole counts may cost more than the cheapest: proving that takes longest."""


class TooLargeError(Exception):
    """Amounts that cannot be protected with the work allowed."""


@dataclass
class Work:
    """How much may still be worked out, as the number of amounts in all programs asked.

    No clock: the same figures are withheld on every machine.
    """

    left: float

    def spend(self, amounts: float) -> None:
        """Count a program. Raises TooLargeError when there is no work left."""
        self.left -= amounts
        if self.left < 0:
            raise TooLargeError


@dataclass(frozen=True)
class Move:
    """How far amounts can be moved at most, and a table's steps from the truth by amount: none where the
    furthest is no table of whole counts.
    """

    bound: float
    steps: dict[int, float]


class Tables:
    """Amounts that are withheld, all that sums connect; every other amount stays as it is.

    None moves further than ``far``: tables further from the truth are not looked for.
    """

    def __init__(self, book: Ledger, numbers: Sequence[int], far: float, work: Work) -> None:
        self._work = work
        self.numbers = list(numbers)
        self._at = {number: i for i, number in enumerate(self.numbers)}
        self._rows = sorted({row for number in numbers for row in book.sums_of[number]})
        cells = [
            (r, self._at[n], sign)
            for r, row in enumerate(self._rows)
            for n, sign in book.sums[row]
            if n in self._at
        ]
        rows, columns, signs = np.array(cells, dtype=np.int64).reshape(-1, 3).T
        shape = (len(self._rows), len(self.numbers))
        self._sums = csr_array((signs.astype(np.float64), (rows, columns)), shape=shape)
        size = np.array([float(book.size[n]) for n in numbers])
        self._low = np.maximum(np.where([book.signed[n] for n in numbers], -np.inf, -size), -far)
        self._high = np.full(len(size), far)
        self._counts = np.array([book.whole[n] for n in numbers])
        self._apart = _apart(self._sums)
        self._highs = _program(self._apart, self._low, self._high)
        self._highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self._both: _Highs | None = None

    def __contains__(self, number: int) -> bool:
        """Return whether an amount is one of those withheld."""
        return number in self._at

    def furthest(self, weights: Mapping[int, float]) -> Move:
        """Return how large the weighted sum of steps can be, counts in parts allowed."""
        self._aim(weights)
        values = self._asked(len(self.numbers))
        optimal = self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        bound = self._highs.getInfo().objective_function_value if optimal else np.inf
        return Move(bound, self._table(values))

    def whole(self, weights: Mapping[int, float]) -> dict[int, float]:
        """Return the steps to a table of whole counts in which the weighted sum is largest, as far as one is
        found.
        """
        self._aim(weights)
        every = np.arange(len(self.numbers), dtype=np.int32)
        kinds = self._counts.astype(np.uint8)
        self._highs.changeColsIntegrality(len(every), every, kinds)
        self._highs.setOptionValue("presolve", "on")
        values = self._asked(WHOLE * len(self.numbers))
        self._highs.setOptionValue("presolve", "off")
        self._highs.changeColsIntegrality(len(every), every, np.zeros_like(kinds))
        return self._table(values)

    def nearest(self, number: int, step: float, costs: Mapping[int, float]) -> dict[int, float]:
        """Return the steps to a table that moves an amount by a step and the others the least, weighted by
        what moving each costs; none where no table is found.

        Source: Kelly, Golden and Assad 1992, on cell suppression.
        """
        highs, bounds = self._ways()
        both = (self._at[number], self._at[number] + len(self.numbers))
        for at, way in zip(both, (max(step, 0.0), max(-step, 0.0)), strict=True):
            highs.changeColBounds(at, way, way)
        price, source = np.array([costs[n] for n in self.numbers]), np.random.default_rng(SEED)
        found = self._cheapest(price)
        for _ in range(TRIES):
            if found == {}:  # in parts; nearly as cheap ones may move whole counts
                found = self._cheapest(price * source.uniform(1.0, 1.5, len(price)))
        if found == {}:
            found = self._cheapest(price, whole=True)
        for at in both:
            highs.changeColBounds(at, 0.0, float(bounds[at]))
        return found or {}

    def _cheapest(self, price: Floats, *, whole: bool = False) -> dict[int, float] | None:
        """Return the steps that cost least: none where those move counts in parts, None where nothing can."""
        highs, bounds = self._ways()
        every = np.arange(len(bounds), dtype=np.int32)
        self._work.spend(len(every) * (WHOLE if whole else 1))
        highs.changeColsCost(len(every), every, np.tile(price, 2))
        kinds = np.tile(self._counts & whole, 2).astype(np.uint8)
        highs.changeColsIntegrality(len(every), every, kinds)
        highs.setOptionValue("presolve", "on" if whole else "off")
        highs.setBasis()  # nothing moves: nearer to what costs least than the way found last
        highs.run()
        self._spend_cases(highs)
        optimal = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        up, down = np.split(np.array(highs.getSolution().col_value), 2)
        return self._table(up - down) if optimal else None

    def _ways(self) -> tuple[_Highs, Floats]:
        """Return the program in which steps up and steps down cost something each, and how far they go."""
        bounds = np.minimum(np.concatenate([self._high, -self._low]), self._high.max())
        if self._both is None:
            sums = csr_array(hstack([self._apart, -self._apart]))
            self._both = _program(sums, np.zeros(len(bounds)), bounds)
        return self._both, bounds

    def _aim(self, weights: Mapping[int, float]) -> None:
        costs = np.zeros(len(self.numbers))
        costs[[self._at[n] for n in weights]] = list(weights.values())
        every = np.arange(len(costs), dtype=np.int32)
        self._highs.changeColsCost(len(every), every, costs)

    def _asked(self, work: int) -> Floats:
        """Return the steps of the program's answer."""
        self._work.spend(work)
        self._highs.run()
        self._spend_cases(self._highs)
        return np.array(self._highs.getSolution().col_value)

    def _spend_cases(self, highs: _Highs) -> None:
        """Count the cases that a program of whole counts distinguished, each a program of its own."""
        self._work.spend(len(self.numbers) * max(0, highs.getInfo().mip_node_count))

    def _table(self, steps: Floats) -> dict[int, float]:
        """Return the steps by amount where they lead to a table, none otherwise."""
        if len(steps) != len(self.numbers):
            return {}
        steps = np.where(self._counts, np.rint(steps), steps)
        missed = np.asarray(self._sums @ steps)
        fits = (np.abs(missed) <= CLOSE).all() and (steps >= self._low - CLOSE).all()
        return dict(zip(self.numbers, steps.tolist(), strict=True)) if fits else {}


def _apart(sums: csr_array) -> csr_array:
    """Return sums that all others follow from, the shortest there are: a program of those is quicker.

    By Gaussian elimination in whole numbers modulo a prime.
    """
    order = np.argsort(np.diff(sums.indptr), kind="stable")
    pivots, kept = dict[int, dict[int, int]](), list[int]()
    for row in order.tolist():
        start, end = sums.indptr[row : row + 2]
        left = dict(
            zip(sums.indices[start:end].tolist(), sums.data[start:end].astype(int).tolist(), strict=True)
        )
        while (at := next((n for n in left if n in pivots), None)) is not None:
            times = left[at]
            for n, sign in pivots[at].items():
                by = (left.get(n, 0) - times * sign) % PRIME
                if by:
                    left[n] = by
                else:
                    del left[n]
        if left:
            kept.append(row)
            at = min(left)
            inverse = pow(left[at], -1, PRIME)
            pivots[at] = {n: by * inverse % PRIME for n, by in left.items()}
    return sums[kept]


def _program(sums: csr_array, low: Floats, high: Floats) -> _Highs:
    """Return the program of steps between bounds that change no sum."""
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = sums.shape
    program.col_cost_ = np.zeros(program.num_col_)
    program.col_lower_, program.col_upper_ = low, high
    program.row_lower_ = program.row_upper_ = np.zeros(program.num_row_)
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_, program.a_matrix_.index_ = sums.indptr, sums.indices
    program.a_matrix_.value_ = sums.data
    highs = _Highs()
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("presolve", "off"),
        ("parallel", "off"),
        ("solver", "simplex"),
        ("simplex_strategy", 0),  # of its own choice: from one aim to another mostly primal
        ("mip_max_nodes", NODES),
        ("mip_rel_gap", GAP),
    ):
        highs.setOptionValue(name, value)
    highs.passModel(program)
    return highs
