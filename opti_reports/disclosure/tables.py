"""Other tables that agree with all that is published: how far each withheld amount may lie from the truth.

The true table is one that fits; a step away from it that changes no sum, and leaves counts whole and not
below nothing, leads to another. Steps are found as solutions of linear programs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import highspy
import numpy as np
from highspy._core import _Highs  # the class above it writes a banner on the terminal and watches for keys
from numpy.typing import NDArray

from opti_reports.disclosure.equations import Equations
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
        rows = sorted({row for number in numbers for row in book.sums_of[number]})
        self._sums = Equations.of(
            [(self._at[n], sign) for n, sign in book.sums[row] if n in self._at] for row in rows
        )
        size = np.array([float(book.size[n]) for n in numbers])
        self._low = np.maximum(np.where([book.signed[n] for n in numbers], -np.inf, -size), -far)
        self._high = np.full(len(size), far)
        self._bounds = np.minimum(np.concatenate([self._high, -self._low]), far)
        self._counts = np.array([book.whole[n] for n in numbers])

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

    def nearest(self, number: int, step: float, costs: Floats) -> dict[int, float]:
        """Return the steps to a table that moves an amount by a step and the others the least, weighted by
        what moving each amount of the ledger costs; none where no table is found.

        Source: Kelly, Golden and Assad 1992, on cell suppression.
        """
        highs = self._ways
        both = (self._at[number], self._at[number] + len(self.numbers))
        for at, way in zip(both, (max(step, 0.0), max(-step, 0.0)), strict=True):
            highs.changeColBounds(at, way, way)
        price = costs[self.numbers]
        found = self._cheapest(price)
        if found == {}:  # in parts; nearly as cheap ones may move whole counts
            source = np.random.default_rng(SEED)
            for _ in range(TRIES):
                found = found or self._cheapest(price * source.uniform(1.0, 1.5, len(price)))
            found = found or self._cheapest(price, whole=True)
        for at in both:
            highs.changeColBounds(at, 0.0, float(self._bounds[at]))
        return found or {}

    def _cheapest(self, price: Floats, *, whole: bool = False) -> dict[int, float] | None:
        """Return the steps that cost least: none where those move counts in parts, None where nothing can."""
        highs = self._ways
        every = np.arange(len(self._bounds), dtype=np.int32)
        self._work.spend(len(every) * (WHOLE if whole else 1))
        highs.changeColsCost(len(every), every, np.concatenate([price, price]))
        kinds = np.concatenate([self._counts, self._counts]).astype(np.uint8)
        if whole:
            highs.changeColsIntegrality(len(every), every, kinds)
        highs.setBasis()  # nothing moves: nearer to what costs least than the way found last
        highs.run()
        if whole:
            self._spend_cases(highs)
            highs.changeColsIntegrality(len(every), every, np.zeros_like(kinds))
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        steps = np.array(highs.getSolution().col_value)
        return self._table(steps[: len(price)] - steps[len(price) :])

    @cached_property
    def _highs(self) -> _Highs:
        """Return the program that moves amounts as far as it can."""
        found = _program(self._sums, self._low, self._high)
        found.changeObjectiveSense(highspy.ObjSense.kMaximize)
        return found

    @cached_property
    def _ways(self) -> _Highs:
        """Return the program in which steps up and steps down cost something each."""
        both = self._sums.apart().both_ways(len(self.numbers))
        return _program(both, np.zeros(len(self._bounds)), self._bounds)

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
        """Return the steps of the amounts that move where they lead to a table, none otherwise."""
        if len(steps) != len(self.numbers):
            return {}
        steps = np.where(self._counts, np.rint(steps), steps)
        missed = self._sums.missed(steps)
        fits = (np.abs(missed) <= CLOSE).all() and (steps >= self._low - CLOSE).all()
        moved = np.flatnonzero(np.abs(steps) > CLOSE) if fits else range(0)
        return {self.numbers[at]: float(steps[at]) for at in moved}


def _program(sums: Equations, low: Floats, high: Floats) -> _Highs:
    """Return the program of steps between bounds that change no sum."""
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = len(sums.lengths), len(low)
    program.col_cost_ = np.zeros(len(low))
    program.col_lower_, program.col_upper_ = low, high
    program.row_lower_ = program.row_upper_ = np.zeros(len(sums.lengths))
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_, program.a_matrix_.index_ = sums.starts, sums.at
    program.a_matrix_.value_ = sums.signs.astype(np.float64)
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
