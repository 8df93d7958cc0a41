"""Arrays put aside, so that a delivery of millions of rows takes no more memory than its parts do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from opti_reports.algebra.vector import Int


class Shelf(Protocol):
    """Where bytes are put aside; as much as it ``spares`` stays in memory."""

    def spares(self, size: int) -> bool:
        """Return whether so many bytes more may stay in memory."""

    def put(self, content: memoryview) -> int:
        """Put bytes behind all others; return where they begin."""

    def get(self, at: int, size: int) -> bytes:
        """Return so many of the bytes from a place on."""


@dataclass(frozen=True, eq=False)
class Kept:
    """An array on a shelf, of which some cells are taken at a time."""

    shelf: Shelf
    at: int
    size: int
    dtype: np.dtype[Any]

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, cells: slice) -> NDArray[Any]:
        """Return some cells in a row."""
        start, stop, _ = cells.indices(self.size)
        many, wide = max(stop - start, 0), self.dtype.itemsize
        return np.frombuffer(self.shelf.get(self.at + start * wide, many * wide), dtype=self.dtype)


def put(shelf: Shelf | None, array: NDArray[Any]) -> NDArray[Any] | Kept:
    """Put an array aside, unless the shelf spares it."""
    if shelf is None or not len(array) or shelf.spares(array.nbytes):
        return array
    at = shelf.put(np.ascontiguousarray(array).data.cast("B"))
    return Kept(shelf, at, len(array), array.dtype)


def in_a_row(
    shelf: Shelf | None, parts: Iterable[NDArray[Any]], size: int, dtype: np.dtype[Any]
) -> NDArray[Any] | Kept:
    """Put arrays of one type aside, one after another, as one; ``size`` cells in all."""
    if shelf is None or not size or shelf.spares(size * dtype.itemsize):
        return np.concatenate([np.zeros(0, dtype=dtype), *parts])
    at = [shelf.put(np.ascontiguousarray(part).data.cast("B")) for part in parts if len(part)]
    return Kept(shelf, at[0], size, dtype)


class Texts:
    """A column of texts put aside in pieces."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf = shelf
        self._pieces: list[tuple[NDArray[Any] | Kept, NDArray[Any] | Kept]] = []
        self._starts = [0]
        self._last = -1, pa.array([], pa.string())

    def __len__(self) -> int:
        return self._starts[-1]

    def add(self, texts: pa.Array) -> None:
        """Put some more texts behind all others."""
        _, offsets, data = texts.buffers()
        ends = np.frombuffer(offsets, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
        signs = np.frombuffer(data or b"", dtype=np.uint8)[ends[0] : ends[-1]]
        self._pieces.append((put(self._shelf, ends - ends[0]), put(self._shelf, signs)))
        self._starts.append(len(self) + len(texts))

    def pieces(self) -> Iterable[pa.Array]:
        """Yield the pieces in their order."""
        return map(self._piece, range(len(self._pieces)))

    def _piece(self, number: int) -> pa.Array:
        if self._last[0] != number:
            ends, signs = (pa.py_buffer(array[:]) for array in self._pieces[number])
            size = self._starts[number + 1] - self._starts[number]
            self._last = number, pa.Array.from_buffers(pa.string(), size, [None, ends, signs])
        return self._last[1]

    def __getitem__(self, row: int) -> str:
        """Return one text."""
        number = int(np.searchsorted(self._starts, row, side="right")) - 1
        return str(self._piece(number)[row - self._starts[number]])

    def take(self, rows: Int) -> pa.Array:
        """Return the texts of some rows, which ascend."""
        cuts = np.searchsorted(rows, self._starts).tolist()
        parts = [
            self._piece(number).take(pa.array(rows[low:high] - self._starts[number]))
            for number, (low, high) in enumerate(pairwise(cuts))
            if low < high
        ]
        return pa.concat_arrays([pa.array([], pa.string()), *parts])
