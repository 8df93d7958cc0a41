"""Columns kept small come back as they were, whole and in part."""

from __future__ import annotations

import numpy as np
import pytest

from opti_reports.algebra.columns import Columns, Packed, Taken, joined
from opti_reports.algebra.vector import Vector, concatenate, with_unknown
from opti_reports.store.shelf import Shelf
from tests.algebra.shelves import shelf

SOURCE = np.random.default_rng(3)
SIZE = 1003
"""No multiple of eight: masks are kept as bits."""


def vector(low: int, high: int, *, gaps: bool = True, unknown: bool = False) -> Vector:
    """A column of numbers from ``low`` to ``high``, with gaps, and with cells that nobody can read."""
    return Vector(
        kind="number",
        data=SOURCE.integers(low, high, SIZE, dtype=np.int64, endpoint=True),
        filled=SOURCE.random(SIZE) < 0.7 if gaps else np.ones(SIZE, dtype=bool),
        denominator=100,
        unknown=SOURCE.random(SIZE) < 0.1 if unknown else None,
    )


def told(column: Vector) -> object:
    """All that a column says."""
    unknown = None if column.unknown is None else column.unknown.tolist()
    return column.kind, column.denominator, column.data.tolist(), column.filled.tolist(), unknown


COLUMNS = {
    "codes": vector(0, 3, gaps=False),
    "days": vector(-40_000, 20_000, unknown=True),
    "seconds": vector(-7_200, 1_900_000_000),
    "hashes": vector(0, 2**63 - 1),
    "extremes": vector(-(2**63), 2**63 - 1, unknown=True),
    "same": vector(5, 5),
}


@pytest.mark.parametrize("on", [None, shelf()])
@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_comes_back_as_it_was(name: str, on: Shelf | None) -> None:
    kept = Columns(COLUMNS, on)
    assert told(kept[name]) == told(COLUMNS[name])
    for rows in (slice(0, SIZE), slice(0, 8), slice(13, 500), slice(999, SIZE), slice(40, 40)):
        part = COLUMNS[name].take(rows)
        assert told(Taken(kept, rows)[name]) == told(part)
        assert told(Taken(Taken(kept, rows), slice(0, 5))[name]) == told(part.take(slice(0, 5)))


@pytest.mark.parametrize("on", [None, shelf()])
@pytest.mark.parametrize("name", COLUMNS)
def test_rows_of_a_column_are_chosen(name: str, on: Shelf | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opti_reports.algebra.columns.AT_A_TIME", 64)
    for rows in (np.arange(0, SIZE, 7), np.array([5]), np.array([], dtype=np.intp), np.arange(SIZE)):
        part = COLUMNS[name].take(rows)
        kept = Columns(COLUMNS, on)
        assert told(kept.kept(name).chosen(rows)) == told(part)
        assert told(Taken(kept, rows)[name]) == told(part)
        assert told(kept.chosen(rows)[name]) == told(part)


@pytest.mark.parametrize("name", COLUMNS)
def test_cells_become_unknown(name: str) -> None:
    mask = SOURCE.random(SIZE) < 0.2
    assert told(Packed.of(COLUMNS[name]).with_unknown(mask).vector()) == told(
        with_unknown(COLUMNS[name], mask)
    )


def test_pieces_of_a_column_stand_one_after_another() -> None:
    pieces = [vector(0, 9, gaps=False), vector(-300, 70_000, unknown=True), vector(2**40, 2**41)]
    for on in (None, shelf()):
        whole = joined([Packed.of(piece, on) for piece in pieces], pieces[0], on)
        assert told(whole.vector()) == told(concatenate(pieces))


def test_integers_take_no_more_bytes_than_they_need() -> None:
    bytes_of = {name: Packed.of(column).above[:].itemsize for name, column in COLUMNS.items()}
    assert bytes_of == {"codes": 1, "days": 2, "seconds": 4, "hashes": 8, "extremes": 8, "same": 1}
