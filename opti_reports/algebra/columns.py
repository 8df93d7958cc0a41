"""Columns of many rows kept small: every integer in as few bytes as its column needs, every mask in bits.

A county's months of visits have millions of rows. A column is as wide as a computation wants it only while
it is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opti_reports.algebra.vector import Bool, Int, Vector

Bits = NDArray[np.uint8]
NARROW = 2**32
"""Integers that span less are kept as what they exceed the lowest by, in one, two or four bytes."""
AT_A_TIME = 1 << 16
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
    above: NDArray[Any]
    filled: Bits | None
    unknown: Bits | None = None

    @classmethod
    def of(cls, vector: Vector) -> Packed:
        """Return a column kept small."""
        lowest, above = _narrowed([vector.data])
        return cls(
            like=replace(vector, data=NOTHING[0], filled=NOTHING[1], unknown=None),
            lowest=lowest,
            above=above,
            filled=None if vector.filled.all() else np.packbits(vector.filled),
            unknown=None if vector.unknown is None else np.packbits(vector.unknown),
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


def joined(parts: Sequence[Packed], like: Vector) -> Packed:
    """Return parts of a column one after another, whose words are those of ``like``; none has an unknown
    cell.
    """
    known = all(part.filled is None for part in parts)
    masks = [] if known else [part.vector().filled for part in parts]
    lowest, above = _narrowed([part.vector().data for part in parts])
    return Packed(
        like=like,
        lowest=lowest,
        above=above,
        filled=None if known else np.packbits(np.concatenate(masks)),
    )


def slices(size: int) -> list[slice]:
    """Return the rows that are laid out at a time, from the first to the last; of none an empty slice."""
    return [slice(at, min(at + AT_A_TIME, size)) for at in range(0, max(size, 1), AT_A_TIME)]


def narrow(cells: Int) -> NDArray[Any]:
    """Return how far each integer is above the lowest, in as few bytes as that takes."""
    return _narrowed([cells])[1]


def _narrowed(data: Sequence[Int]) -> tuple[int, NDArray[Any]]:
    """Return the lowest integer, and how far each is above it; 0 and they themselves where they span much."""
    some = [cells for cells in data if len(cells)]
    low = min((int(cells.min()) for cells in some), default=0)
    span = max((int(cells.max()) for cells in some), default=0) - low
    if span >= NARROW:
        return 0, some[0] if len(some) == 1 else np.concatenate(some)
    kept = np.empty(sum(map(len, some)), dtype=np.min_scalar_type(span))
    at = 0
    for cells in some:
        kept[at : at + len(cells)] = cells - low
        at += len(cells)
    return low, kept


def _mask(bits: Bits, start: int, stop: int) -> Bool:
    first = start // 8
    found = np.unpackbits(bits[first : (stop + 7) // 8], count=stop - 8 * first)
    return found[start - 8 * first :].view(bool)


class Columns(MutableMapping[str, Vector]):
    """Columns by name, each kept small and as wide as ever when asked for."""

    def __init__(self, given: Mapping[str, Vector] | Mapping[str, Packed] | None = None) -> None:
        self._kept: dict[str, Packed] = {}
        if isinstance(given, Columns):
            self._kept |= given._kept
        elif given is not None:
            for name, column in given.items():
                self._kept[name] = column if isinstance(column, Packed) else Packed.of(column)

    def __getitem__(self, name: str) -> Vector:
        """Return a column."""
        return self._kept[name].vector()

    def __setitem__(self, name: str, vector: Vector) -> None:
        """Keep a column."""
        self._kept[name] = Packed.of(vector)

    def __delitem__(self, name: str) -> None:
        """Forget a column."""
        del self._kept[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def part(self, name: str, rows: slice) -> Vector:
        """Return some rows of a column, of which no more is made wide."""
        return self._kept[name].vector(rows.start, rows.stop)


class Taken(MutableMapping[str, Vector]):
    """Some rows of columns, taken of each when it is asked for; columns of its own stand beside them."""

    _columns: Mapping[str, Vector]
    _rows: slice | NDArray[np.intp]

    def __init__(self, columns: Mapping[str, Vector], rows: slice | NDArray[np.intp]) -> None:
        within = columns._rows if isinstance(columns, Taken) and not columns._own else None
        if isinstance(columns, Taken) and isinstance(within, slice) and isinstance(rows, slice):
            columns, at = columns._columns, within.start
            rows = slice(at + rows.start, min(at + rows.stop, within.stop))
        self._columns, self._rows = columns, rows
        self._own: dict[str, Vector] = {}

    def __getitem__(self, name: str) -> Vector:
        """Return those rows of a column."""
        if name in self._own:
            return self._own[name]
        if isinstance(self._columns, Columns) and isinstance(self._rows, slice):
            return self._columns.part(name, self._rows)
        return self._columns[name].take(self._rows)

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


def parts(columns: Mapping[str, Vector], size: int) -> Iterator[tuple[Taken, int]]:
    """Yield the rows that are laid out at a time, and how many they are."""
    for own in slices(size):
        yield Taken(columns, own), own.stop - own.start
