"""Amounts that may move together, as a linear program: by how much each may lie from the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from opti_reports.disclosure.ledger import Ledger, Share

Floats = NDArray[np.float64]
CLOSE = 1e-6
"""By how much a program's answer may miss a bound, or a sum of amounts that are no counts."""
SEED = 20_260_101
"""Of random weights: the same amounts give the same tables on every machine."""
IDLE = 2
"""After how many tables that show next to nothing new no more of them are looked for."""
SECONDS = 5.0
"""How long a program is asked; what it does not find is not safe."""
SMALL = 600
"""Up to how many amounts an integer program is asked."""
GAP = 0.1
"""How far from the best an integer program may end when it looks for tables for many amounts."""
STEP = 0.001
"""What each step of any amount costs."""
TELLS = 0.05
"""How much the most an amount can move must depend on a sum for that to count as binding it."""
ALSO = 0.02
"""What it counts that a table moves the other amounts that are not yet safe, beside the one asked for."""


class Finds(Protocol):
    """What notes the tables that are found."""

    safe: set[int]

    @property
    def needs(self) -> Mapping[int, int]:
        """Return how far apart the tables of amounts must lie."""
        ...

    def note(self, number: int, step: float) -> None:
        """Take a table into account."""
        ...


class Part:
    """Amounts and the sums and shares they stand in; all others stay as they are."""

    def __init__(
        self, book: Ledger, numbers: Sequence[int], far: float, caps: Mapping[int, int] | None = None
    ) -> None:
        self.numbers = list(numbers)
        self.rows = sorted({row for number in numbers for row in book.sums_of[number]})
        self._book = book
        self._at = {number: i for i, number in enumerate(self.numbers)}
        size = np.array([float(book.size[n]) for n in numbers])
        self._low = np.maximum(np.where([book.signed[n] for n in numbers], -np.inf, -size), -far)
        self._high = np.full(len(size), far)
        for number, most in (caps or {}).items():
            self._high[self._at[number]] = most
        self._counts = np.array([book.whole[n] for n in numbers])
        self._sums = self._matrix([dict(book.sums[row]) for row in self.rows])
        shares = {share for n in numbers for share in book.shares_of.get(n, ())}
        bounds = [bound for share in sorted(shares) for bound in self._bounds(share)]
        self._shares = self._matrix([weights for weights, _ in bounds])
        self._least = np.array([least for _, least in bounds])
        self._highs = self._program()

    def _matrix(self, rows: Sequence[Mapping[int, float]]) -> csr_array:
        cells = [(r, self._at[n], w) for r, row in enumerate(rows) for n, w in row.items() if n in self._at]
        r, c, w = zip(*cells, strict=True) if cells else ((), (), ())
        shape = (len(rows), len(self.numbers))
        return csr_array((np.array(w, dtype=np.float64), (np.array(r, int), np.array(c, int))), shape=shape)

    def _bounds(self, share: Share) -> Iterator[tuple[dict[int, float], float]]:
        num, den = float(self._book.size[share.num]), float(self._book.size[share.den])
        if share.low:
            yield {share.num: 1, share.den: -share.low}, share.low * den - num
        yield {share.num: -1, share.den: share.high}, num - share.high * den

    def _program(self) -> highspy.Highs:
        """Give the program to HiGHS: each amount as what it rises and what it falls."""
        up = _stacked(self._sums, self._shares)
        matrix = csr_array(hstack([up, -up]).tocsr())
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = matrix.shape[1], matrix.shape[0]
        program.col_cost_ = np.zeros(matrix.shape[1])
        program.col_lower_ = np.zeros(matrix.shape[1])
        program.col_upper_ = np.concatenate([self._high, -self._low])
        program.row_lower_ = np.concatenate([np.zeros(len(self.rows)), self._least])
        program.row_upper_ = np.concatenate([np.zeros(len(self.rows)), np.full(len(self._least), np.inf)])
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_, program.a_matrix_.index_ = matrix.indptr, matrix.indices
        program.a_matrix_.value_ = matrix.data
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", GAP)):
            highs.setOptionValue(name, value)
        highs.passModel(program)
        highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        return highs

    def spread(self, left: Sequence[int], reader: Finds) -> None:
        """Look for tables in which about half of some amounts lie far above the truth and half far below."""
        source, idle = np.random.default_rng(SEED), 0
        while left and idle < IDLE:
            signs = source.choice((-1.0, 1.0), len(left)) * source.uniform(0.5, 1.0, len(left))
            self._solve(dict(zip(left, signs.tolist(), strict=True)), left, reader)
            still = [n for n in left if n not in reader.safe]
            idle = idle + 1 if len(still) > 0.9 * len(left) else 0
            left = still

    def search(self, number: int, left: Sequence[int], reader: Finds, *, pure: bool) -> list[int] | None:
        """Look for tables that show an amount to be safe, and others of ``left`` by the way.

        Return None when it is; else, where it is asked for by itself (``pure``), the sums that bind it.
        """
        signs = np.where(np.arange(len(left)) % 2, ALSO, -ALSO)
        also = {n: float(sign) for n, sign in zip(left, signs, strict=True)}
        for weights in ({**also, number: 1.0}, {n: -w for n, w in also.items()} | {number: -1.0}):
            self._solve(weights, left, reader)
            if number in reader.safe:
                return None
        duals = np.zeros(len(self.rows))
        for sign in (1.0, -1.0) if pure else ():
            self._solve({number: sign}, [number], reader)
            if number in reader.safe:
                return None
            duals += np.abs(self._duals)
        return [row for row, dual in zip(self.rows, duals, strict=True) if dual > TELLS]

    def _solve(self, weights: Mapping[int, float], left: Sequence[int], reader: Finds) -> None:
        """Note the table in which the weighted sum of steps is largest, or one nearly as large.

        Every step costs a little, so that no more moves than must: few steps are mostly whole. Where they are
        not, an integer program looks for a table, if the part is small.
        """
        costs = np.zeros(len(self.numbers))
        costs[[self._at[n] for n in weights]] = list(weights.values())
        self._run(costs)
        self._duals = np.array(self._highs.getSolution().row_dual)[: len(self.rows)]
        table = self._table()
        if table is None and len(self.numbers) <= SMALL:
            self._ask_counts(True)
            self._run(costs)
            table = self._table()
            self._ask_counts(False)
        for n in left if table is not None else ():
            reader.note(n, float(table[self._at[n]]))

    def _ask_counts(self, counts: bool) -> None:
        every = np.arange(2 * len(self.numbers), dtype=np.int32)
        kinds = np.tile(np.where(self._counts & counts, 1, 0), 2).astype(np.uint8)
        self._highs.changeColsIntegrality(len(every), every, kinds)

    def _run(self, costs: Floats) -> None:
        every = np.arange(2 * len(self.numbers), dtype=np.int32)
        both = np.concatenate([costs - STEP, -costs - STEP])
        self._highs.changeColsCost(len(every), every, both)
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + SECONDS)
        self._highs.run()

    def _table(self) -> Floats | None:
        """Return the steps of the program's answer where they make a table that fits, None otherwise."""
        moves = np.array(self._highs.getSolution().col_value)
        if len(moves) != 2 * len(self.numbers):
            return None
        steps = moves[: len(self.numbers)] - moves[len(self.numbers) :]
        steps = np.where(self._counts, np.rint(steps), steps)
        fits = (
            (np.abs(self._sums @ steps) <= CLOSE).all()
            and (steps >= self._low - CLOSE).all()
            and (self._shares @ steps >= self._least - CLOSE * np.maximum(1, np.abs(self._least))).all()
        )
        return steps if fits else None


def _stacked(above: csr_array, below: csr_array) -> csr_array:
    """Return the rows of two matrices under each other."""
    indptr = np.concatenate([above.indptr, below.indptr[1:] + above.indptr[-1]])
    data, indices = np.concatenate([above.data, below.data]), np.concatenate([above.indices, below.indices])
    return csr_array((data, indices, indptr), shape=(above.shape[0] + below.shape[0], above.shape[1]))
