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
from scipy.sparse import csr_array

from opti_reports.disclosure.ledger import Ledger

Floats = NDArray[np.float64]
CLOSE = 1e-6
"""By how much a program's answer may miss a bound or a sum."""
SECONDS = 2.0
"""How long one program is asked; what it does not find is not safe."""


@dataclass(frozen=True)
class Found:
    """A table's steps from the truth by amount, and how much each sum binds the amount that was moved."""

    steps: dict[int, float]
    binding: dict[int, float]


class Tables:
    """Amounts that are withheld, all that sums connect; every other amount stays as it is.

    None moves further than ``far``: tables further from the truth are not looked for.
    """

    def __init__(self, book: Ledger, numbers: Sequence[int], far: float) -> None:
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
        self._highs = self._program()

    def _program(self) -> _Highs:
        program = highspy.HighsLp()
        program.num_row_, program.num_col_ = self._sums.shape
        program.col_cost_ = np.zeros(program.num_col_)
        program.col_lower_, program.col_upper_ = self._low, self._high
        program.row_lower_ = program.row_upper_ = np.zeros(program.num_row_)
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_, program.a_matrix_.index_ = self._sums.indptr, self._sums.indices
        program.a_matrix_.value_ = self._sums.data
        highs = _Highs()
        for name, value in (
            ("output_flag", False),
            ("threads", 1),
            ("presolve", "off"),
            ("parallel", "off"),
            ("solver", "simplex"),
        ):
            highs.setOptionValue(name, value)
        highs.passModel(program)
        highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        return highs

    def furthest(self, weights: Mapping[int, float]) -> Found:
        """Return the table in which the weighted sum of steps is largest, as far as one is found."""
        costs = np.zeros(len(self.numbers))
        costs[[self._at[n] for n in weights]] = list(weights.values())
        every = np.arange(len(costs), dtype=np.int32)
        self._highs.changeColsCost(len(every), every, costs)
        steps = self._asked()
        binding = np.array(self._highs.getSolution().row_dual)
        if steps is None:
            kinds = self._counts.astype(np.uint8)
            self._highs.changeColsIntegrality(len(every), every, kinds)
            steps = self._asked()
            self._highs.changeColsIntegrality(len(every), every, np.zeros_like(kinds))
        found = {} if steps is None else dict(zip(self.numbers, steps.tolist(), strict=True))
        duals = zip(self._rows, np.abs(binding).tolist(), strict=True) if len(binding) else ()
        return Found(found, {row: dual for row, dual in duals if dual > CLOSE})

    def _asked(self) -> Floats | None:
        """Return the steps of the program's answer where they lead to a table, None otherwise."""
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + SECONDS)
        self._highs.run()
        steps = np.array(self._highs.getSolution().col_value)
        if len(steps) != len(self.numbers):
            return None
        steps = np.where(self._counts, np.rint(steps), steps)
        fits = (np.abs(self._sums @ steps) <= CLOSE).all() and (steps >= self._low - CLOSE).all()
        return steps if fits else None
