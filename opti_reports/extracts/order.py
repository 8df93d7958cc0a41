"""Rows in the order of their keys, worked out for as many of them as are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opti_reports.algebra.aside import Kept, Shelf, Texts, put
from opti_reports.algebra.columns import Columns, slices
from opti_reports.algebra.vector import Bool, Int, Vector
from opti_reports.extracts import rows as rules

SHARE = 1 << 20
"""So many rows are looked through at a time for keys that others have."""
MIXED = np.int64(0x5851F42D4C957F2D)
"""An odd number that spreads what it is multiplied with."""


class KeyOrder:
    """The keys of a delivery's rows: their order, and which rows share one.

    Keys are compared as they were read, so that two spellings of a code or a month are one. Pseudonyms go by
    their text (their hashes are in another order in every workspace), and so do ids that nothing else reads.
    """

    def __init__(
        self, columns: Columns, texts: Mapping[str, Texts], kept: NDArray[np.intp] | None = None
    ) -> None:
        self._columns, self._texts, self._kept = columns, texts, kept

    def of_kept(self, kept: NDArray[np.intp]) -> KeyOrder:
        """Return the order of some rows alone, which ascend."""
        return KeyOrder(self._columns, self._texts, kept)

    def __getitem__(self, rows: Int) -> Int:
        """Return the places of rows among one another, from 0; equal keys have the same."""
        ascending, back = np.unique(rows, return_inverse=True)
        return self.ranks(ascending if self._kept is None else self._kept[ascending])[back]

    def ranks(self, rows: NDArray[np.intp]) -> Int:
        """Return the same of rows of the whole delivery, which ascend."""
        rank = np.zeros(len(rows), dtype=np.int64)
        for name, texts in self._texts.items():
            place, count = _places(self._vector(name, rows), texts, rows)
            _, rank = np.unique(rank * count + place, return_inverse=True)
        return rank

    def _vector(self, name: str, rows: NDArray[np.intp]) -> Vector | None:
        return None if self._by_text(name) else self._columns.kept(name).chosen(rows)

    def _by_text(self, name: str) -> bool:
        return name not in self._columns or self._columns.kept(name).like.kind == "private"

    def shared(self, used: Bool, shelf: Shelf | None) -> NDArray[np.intp]:
        """Return the rows whose keys another row has, perhaps with some that look as if; in their order."""
        parts = slices(len(used))
        marks = [put(shelf, cells[used[own]]) for own, cells in zip(parts, self._marks(), strict=True)]
        shares = 1 + len(used) // SHARE
        twice = np.concatenate([_repeated(marks, share, shares) for share in range(shares)])
        if not len(twice):
            return np.zeros(0, dtype=np.intp)
        found = [
            own.start + np.flatnonzero(used[own])[np.isin(cells[:], twice)]
            for own, cells in zip(parts, marks, strict=True)
        ]
        return np.concatenate(found)

    def _marks(self) -> Iterator[Int]:
        """Yield a number for the key of each row, some rows at a time: of equal keys the same."""
        hashed = {name: _Hashes(texts) for name, texts in self._texts.items() if self._by_text(name)}
        size = len(next(iter(self._texts.values())))
        for own in slices(size):
            mark = np.zeros(own.stop - own.start, dtype=np.int64)
            for name in self._texts:
                if name in hashed:
                    cells = hashed[name].take(own.stop - own.start)
                else:
                    vector = self._columns.kept(name).vector(own.start, own.stop)
                    cells = np.where(vector.filled, vector.data, rules.EMPTY)
                mark = mark * MIXED + cells
            yield mark


class _Hashes:
    """The hashes of texts, as many at a time as are asked for; they are other ones in each process."""

    def __init__(self, texts: Texts) -> None:
        self._pieces = iter(texts.pieces())
        self._left = np.zeros(0, dtype=np.int64)

    def take(self, many: int) -> Int:
        """Return the hashes of the next texts."""
        while len(self._left) < many:
            found = [hash(text) for text in next(self._pieces).to_pylist()]
            self._left = np.append(self._left, np.array(found, dtype=np.int64))
        cells, self._left = self._left[:many], self._left[many:]
        return cells


def _repeated(marks: list[NDArray[np.int64] | Kept], share: int, shares: int) -> Int:
    """Return the numbers that stand there more than once, of those that fall on a share."""
    own = [part if shares == 1 else part[part % shares == share] for part in (cells[:] for cells in marks)]
    ordered = np.sort(np.concatenate(own))
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


def _places(vector: Vector | None, texts: Texts, rows: NDArray[np.intp]) -> tuple[Int, int]:
    """Return each cell's place among the distinct cells of a key column, and how many there are."""
    if vector is None:
        ranked = pc.rank(texts.take(rows), sort_keys="ascending", tiebreaker="dense")
        place = ranked.to_numpy().astype(np.int64) - 1
        return place, int(place.max(initial=-1)) + 1
    if vector.kind == "text":
        words, codes = pa.array(["", *vector.words]), np.where(vector.filled, vector.data + 1, 0)
    else:
        distinct, found = np.unique(np.where(vector.filled, vector.data, rules.EMPTY), return_inverse=True)
        return found.astype(np.int64), len(distinct)
    place = pc.rank(words, sort_keys="ascending").to_numpy().astype(np.int64) - 1
    return place[codes], len(place)
