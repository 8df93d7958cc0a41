"""Texts and arrays put aside come back as they were."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from opti_reports.algebra.aside import Kept, Texts, in_a_row, put
from opti_reports.store.shelf import Shelf
from tests.algebra.shelves import shelf

WORDS = ["", "käynti", "a", "ö" * 40, "b", "", "viimeinen"]


@pytest.mark.parametrize("on", [None, shelf()])
def test_texts_come_back_in_pieces_one_by_one_and_some(on: Shelf | None) -> None:
    texts = Texts(on)
    for piece in (WORDS[:3], [], WORDS[3:5], WORDS[5:]):
        texts.add(pa.array(["before", *piece, "after"], pa.string()).slice(1, len(piece)))
    assert len(texts) == len(WORDS)
    assert [text for piece in texts.pieces() for text in piece.to_pylist()] == WORDS
    assert [texts[row] for row in (6, 0, 3, 2)] == [WORDS[row] for row in (6, 0, 3, 2)]
    assert texts.take(np.array([1, 2, 3, 6])).to_pylist() == [WORDS[row] for row in (1, 2, 3, 6)]
    assert texts.take(np.array([], dtype=np.int64)).to_pylist() == []


def test_arrays_are_put_aside_unless_the_shelf_spares_them() -> None:
    cells = np.arange(100, dtype=np.int32)[::3]
    assert put(None, cells) is cells
    assert put(Shelf(None, 1000), cells) is cells  # type: ignore[arg-type]
    aside = put(shelf(), cells)
    assert isinstance(aside, Kept)
    for some in (slice(None), slice(3, 9), slice(30, 99), slice(5, 5)):
        assert aside[some].tolist() == cells[some].tolist()


def test_arrays_in_a_row_are_one() -> None:
    parts = [np.arange(size, dtype=np.uint16) for size in (3, 0, 5)]
    for on in (None, shelf()):
        assert in_a_row(on, parts, 8, np.dtype(np.uint16))[:].tolist() == [0, 1, 2, 0, 1, 2, 3, 4]
        assert len(in_a_row(on, [], 0, np.dtype(np.uint16))) == 0
