"""Columns of many rows kept small: every integer in as few bytes as its column needs, every mask in bits.

A county's months of visits have millions of rows. A column is as wide as a computation wants it only while
it is looked at, some rows at a time; what is not looked at lies on a shelf.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opti_reports.algebra.aside import Kept, Shelf, in_a_row, put
from opti_reports.algebra.vector import Bool, Int, Vector, concatenate

Bits = NDArray[np.uint8]
NARROW = 2**32
"""Integers that span less are kept as what they exceed the lowest by, in one, two or four bytes."""
AT_A_TIME = 1 << 17
"""So many rows are laid out at a time: what their columns take wide is not taken for all rows at once."""
NOTHING = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool)
"""The integers and the mask of no cells."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Packed:
    """A column kept small: ``like`` is the same column without cells, ``above`` how far each is above
    ``lowest``; masks are None where they would mark every cell as filled, or none as unknown.
    """

    like: Vector
    lowest: int
    above: NDArray[Any] | Kept
    filled: Bits | Kept | None
    unknown: Bits | Kept | None = None

    @classmethod
    def of(cls, vector: Vector, shelf: Shelf | None = None) -> Packed:
        """Return a column kept small, on the shelf if there is one."""
        lowest, above = narrowed(vector.data)
        return cls(
            like=replace(vector, data=NOTHING[0], filled=NOTHING[1], unknown=None),
            lowest=lowest,
            above=put(shelf, above),
            filled=None if vector.filled.all() else put(shelf, np.packbits(vector.filled)),
            unknown=None if vector.unknown is None else put(shelf, np.packbits(vector.unknown)),
        )

    def __len__(self) -> int:
        return len(self.above)

    def vector(self, start: int = 0, stop: int | None = None) -> Vector:
        """Return the cells from ``start`` up to ``stop`` as computations want them."""
        stop = len(self) if stop is None else min(stop, len(self))
        above = self.above[start:stop]
        return replace(
            self.like,
            data=above.astype(np.int64) + self.lowest,
            filled=np.ones(len(above), dtype=bool)
            if self.filled is None
            else _mask(self.filled, start, stop),
            unknown=None if self.unknown is None else _mask(self.unknown, start, stop),
        )

    def chosen(self, rows: NDArray[np.intp]) -> Vector:
        """Return the cells of some rows, which ascend."""
        own = slices(len(self))
        cuts = np.searchsorted(rows, [one.stop for one in own]).tolist()
        found = [
            self.vector(one.start, one.stop).take(rows[low:high] - one.start)
            for one, low, high in zip(own, [0, *cuts], cuts, strict=False)
            if low < high
        ]
        return concatenate(found) if found else self.vector(0, 0)

    def filled_cells(self) -> Bool:
        """Return which cells are filled."""
        return np.ones(len(self), dtype=bool) if self.filled is None else _mask(self.filled, 0, len(self))

    def unknown_cells(self) -> Bool:
        """Return which cells are unknown."""
        return np.zeros(len(self), dtype=bool) if self.unknown is None else _mask(self.unknown, 0, len(self))

    def with_unknown(self, mask: Bool) -> Packed:
        """Return the column with more cells unknown."""
        if not mask.any():
            return self
        filled, unknown = self.filled_cells() & ~mask, self.unknown_cells() | mask
        return replace(self, filled=np.packbits(filled), unknown=np.packbits(unknown))

    def bounds(self) -> tuple[int, int]:
        """Return the lowest and the highest integer."""
        above = self.above[:]
        return self.lowest + int(above.min()), self.lowest + int(above.max())


def numbers(cells: Int, shelf: Shelf | None = None) -> Packed:
    """Return numbers of which none is empty, kept small."""
    filled = np.broadcast_to(np.True_, len(cells))
    return Packed.of(Vector(kind="number", data=cells, filled=filled), shelf)


def joined(parts: Sequence[Packed], like: Vector, shelf: Shelf | None = None) -> Packed:
    """Return parts of a column one after another, whose words are those of ``like``."""
    bounds = [part.bounds() for part in parts if len(part)]
    low, high = min((low for low, _ in bounds), default=0), max((high for _, high in bounds), default=0)
    lowest = low if high - low < NARROW else 0
    dtype = np.min_scalar_type(high - low) if high - low < NARROW else np.dtype(np.int64)
    cells = ((part.above[:].astype(np.int64) + (part.lowest - lowest)).astype(dtype) for part in parts)
    filled = unknown = None
    if any(part.filled is not None for part in parts):
        filled = put(shelf, np.packbits(np.concatenate([part.filled_cells() for part in parts])))
    if any(part.unknown is not None for part in parts):
        unknown = put(shelf, np.packbits(np.concatenate([part.unknown_cells() for part in parts])))
    return Packed(
        like=replace(like, data=NOTHING[0], filled=NOTHING[1], unknown=None),
        lowest=lowest,
        above=in_a_row(shelf, cells, sum(map(len, parts)), dtype),
        filled=filled,
        unknown=unknown,
    )


def together(parts: Sequence[Packed], shelf: Shelf | None = None) -> Packed:
    """Return parts of a column one after another, of which there is at least one; they mean the same."""
    like = parts[0].like
    if any(part.like.words != like.words or part.like.denominator != like.denominator for part in parts):
        raise ValueError("parts of one column do not mean the same")
    return parts[0] if len(parts) == 1 else joined(parts, like, shelf)


def slices(size: int) -> list[slice]:
    """Return the rows that are laid out at a time, from the first to the last; of none an empty slice."""
    return [slice(at, min(at + AT_A_TIME, size)) for at in range(0, max(size, 1), AT_A_TIME)]


def narrowed(cells: NDArray[Any]) -> tuple[int, NDArray[Any]]:
    """Return the lowest integer, and how far each is above it; 0 and they themselves where they span much."""
    if not len(cells):
        return 0, cells.astype(np.uint8)
    low, high = int(cells.min()), int(cells.max())
    if high - low >= NARROW:
        return 0, cells
    return low, (cells - low).astype(np.min_scalar_type(high - low))


def narrow(cells: NDArray[Any]) -> NDArray[Any]:
    """Return how far each integer is above the lowest, in as few bytes as that takes."""
    return narrowed(cells)[1]


def _mask(bits: Bits | Kept, start: int, stop: int) -> Bool:
    first = start // 8
    found = np.unpackbits(bits[first : (stop + 7) // 8], count=stop - 8 * first)
    return found[start - 8 * first :].view(bool)


class Columns(MutableMapping[str, Vector]):
    """Columns by name, each kept small and as wide as ever when asked for."""

    def __init__(
        self, given: Mapping[str, Vector] | Mapping[str, Packed] | None = None, shelf: Shelf | None = None
    ) -> None:
        self._kept: dict[str, Packed] = {}
        self.shelf = shelf
        if isinstance(given, Columns):
            self._kept |= given._kept
            self.shelf = shelf or given.shelf
        elif given is not None:
            for name, column in given.items():
                self._kept[name] = column if isinstance(column, Packed) else Packed.of(column, shelf)

    def __getitem__(self, name: str) -> Vector:
        """Return a column."""
        return self._kept[name].vector()

    def __setitem__(self, name: str, column: Vector | Packed) -> None:
        """Keep a column."""
        self._kept[name] = column if isinstance(column, Packed) else Packed.of(column, self.shelf)

    def __delitem__(self, name: str) -> None:
        """Forget a column."""
        del self._kept[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def kept(self, name: str) -> Packed:
        """Return a column as it is kept."""
        return self._kept[name]

    def join(self, others: Columns) -> None:
        """Keep other columns of the same rows too."""
        self._kept |= others._kept

    def chosen(self, rows: NDArray[np.intp]) -> Columns:
        """Return some rows, which ascend, kept small."""
        found = Columns(shelf=self.shelf)
        cuts = [rows[at] for at in slices(len(rows))]
        for name, column in self._kept.items():
            found._kept[name] = together([Packed.of(column.chosen(r), self.shelf) for r in cuts], self.shelf)
        return found


class Taken(MutableMapping[str, Vector]):
    """Some rows of columns, each taken when it is first asked for; columns of its own stand beside them."""

    def __init__(self, columns: Mapping[str, Vector], rows: slice | NDArray[np.intp]) -> None:
        self._columns, self._rows = columns, rows
        self._own: dict[str, Vector] = {}

    def __getitem__(self, name: str) -> Vector:
        """Return those rows of a column."""
        if name not in self._own:
            self._own[name] = self._taken(name)
        return self._own[name]

    def _taken(self, name: str) -> Vector:
        rows = self._rows
        if not isinstance(self._columns, Columns):
            return self._columns[name].take(rows)
        kept = self._columns.kept(name)
        return kept.vector(rows.start, rows.stop) if isinstance(rows, slice) else kept.chosen(rows)

    def __setitem__(self, name: str, vector: Vector) -> None:
        """Put a column of as many rows beside the others."""
        self._own[name] = vector

    def __delitem__(self, name: str) -> None:
        """Take away a column put beside the others."""
        del self._own[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self._columns, *self._own]))

    def __len__(self) -> int:
        return len(self._columns.keys() | self._own.keys())


def parts(columns: Mapping[str, Vector], size: int) -> Iterator[tuple[slice, Taken]]:
    """Yield the rows that are laid out at a time, and their columns."""
    for rows in slices(size):
        yield rows, Taken(columns, rows)
