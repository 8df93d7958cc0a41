"""A typed column of rows: int64 data, masks of filled and of unknown cells, and what the integers mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import lcm
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]
Kind = Literal["boolean", "number", "text", "date", "datetime", "private"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Vector:
    """One column.

    ``data`` is 0/1 for a boolean, the number times ``denominator``, an index into ``words`` for a text, days
    or UTC seconds for a date or datetime, and a keyed hash for a private id. Where ``filled`` is false the
    cell is empty and ``data`` means nothing; where ``unknown`` is true it is neither: nobody can tell what
    stands there (None: no such cell). ``codes`` is the closed list of a coded column.
    """

    kind: Kind
    data: Int
    filled: Bool
    denominator: int = 1
    words: tuple[str, ...] = ()
    codes: tuple[str, ...] | None = None
    unknown: Bool | None = None

    def __len__(self) -> int:
        return len(self.data)

    def take(self, rows: NDArray[np.intp] | Bool | slice) -> Vector:
        """Return the cells of the given rows."""
        unknown = None if self.unknown is None else self.unknown[rows]
        return replace(self, data=self.data[rows], filled=self.filled[rows], unknown=unknown)


def boolean(certain: Bool, possible: Bool | None = None) -> Vector:
    """Return a condition: unknown where it is ``possible`` and not ``certain``, else filled."""
    data = certain.astype(np.int64)
    unknown = None if possible is None else some(possible & ~certain)
    if unknown is None:
        return Vector(kind="boolean", data=data, filled=np.ones(len(data), dtype=bool))
    return Vector(kind="boolean", data=data, filled=~unknown, unknown=unknown)


def constant(kind: Kind, value: int, size: int, denominator: int = 1, words: tuple[str, ...] = ()) -> Vector:
    """Return the same value in every row, laid out once."""
    data = np.broadcast_to(np.int64(value), size)
    return Vector(
        kind=kind, data=data, filled=np.broadcast_to(np.True_, size), denominator=denominator, words=words
    )


def empty(kind: Kind, size: int, codes: tuple[str, ...] | None = None, denominator: int = 1) -> Vector:
    """Return a column of empty cells."""
    return Vector(
        kind=kind,
        data=np.zeros(size, dtype=np.int64),
        filled=np.zeros(size, dtype=bool),
        denominator=denominator,
        words=(),
        codes=codes,
    )


def truth(vector: Vector) -> Bool:
    """Return where a condition is certainly true; an empty cell is false."""
    mask: Bool = (vector.data != 0) & vector.filled
    return mask


def possible(vector: Vector) -> Bool:
    """Return where a condition is true or may be."""
    return truth(vector) if vector.unknown is None else truth(vector) | vector.unknown


def some(mask: Bool) -> Bool | None:
    """Return the mask, None where it marks nothing."""
    return mask if mask.any() else None


def unknown_cells(vector: Vector) -> Bool:
    """Return which cells are unknown."""
    return np.zeros(len(vector), dtype=bool) if vector.unknown is None else vector.unknown


def with_unknown(vector: Vector, mask: Bool) -> Vector:
    """Return the column with more cells unknown."""
    both = some(mask if vector.unknown is None else mask | vector.unknown)
    return vector if both is None else replace(vector, filled=vector.filled & ~mask, unknown=both)


def undecided(vectors: Sequence[Vector]) -> Bool | None:
    """Return where a result is unknown that is empty if any of its arguments is empty."""
    if all(v.unknown is None for v in vectors):
        return None
    open_ = np.logical_or.reduce([unknown_cells(v) for v in vectors])
    return some(open_ & np.logical_and.reduce([v.filled | unknown_cells(v) for v in vectors]))


def surely_same(a: Vector, b: Vector) -> Bool:
    """Return where two aligned vectors surely hold the same."""
    known = ~unknown_cells(a) & ~unknown_cells(b) & (a.filled == b.filled)
    same: Bool = known & (~a.filled | (a.data == b.data))
    return same


def same_words(vectors: list[Vector]) -> list[Vector]:
    """Return texts recoded to one shared list of words, so that their integers can be compared."""
    first = vectors[0].words
    if all(v.words == first for v in vectors):
        return vectors
    shared = {word: i for i, word in enumerate(dict.fromkeys(w for v in vectors for w in v.words))}
    words = tuple(shared)
    recoded = []
    for v in vectors:
        table = np.array([shared[w] for w in v.words], dtype=np.int64)
        data = v.data
        if len(table) == 1:
            data = np.broadcast_to(table[0], len(v))
        elif (table != np.arange(len(table))).any():
            data = table.take(v.data, mode="clip")
        recoded.append(replace(v, data=data, words=words))
    return recoded


def same_denominator(vectors: list[Vector]) -> list[Vector]:
    """Return numbers brought to one denominator."""
    common = lcm(*(v.denominator for v in vectors))
    return [
        v
        if v.denominator == common
        else replace(v, data=v.data * (common // v.denominator), denominator=common)
        for v in vectors
    ]


def aligned(vectors: list[Vector]) -> list[Vector]:
    """Return vectors of one kind made comparable: texts share words, numbers share a denominator."""
    if vectors[0].kind == "text":
        return same_words(vectors)
    if vectors[0].kind == "number":
        return same_denominator(vectors)
    return vectors


def concatenate(parts: list[Vector]) -> Vector:
    """Return vectors of the same column, one after another."""
    shared = aligned(parts)
    known = all(p.unknown is None for p in shared)
    return replace(
        shared[0],
        data=np.concatenate([p.data for p in shared]),
        filled=np.concatenate([p.filled for p in shared]),
        unknown=None if known else np.concatenate([unknown_cells(p) for p in shared]),
    )
