"""What can be wrong with a cell, and what is with empty ones and those of a column that nothing uses."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opti_reports.config.source import Column, Source
from opti_reports.extracts.faults import ERROR_CELL, UNCOMPUTED, faults
from opti_reports.extracts.meanings import Empties

PROBLEMS = (
    "",
    "missing_required",
    "bad_number",
    "bad_date",
    "bad_boolean",
    "unknown_code",
    "negative",
    "too_many_digits",
    "too_long",
    "too_large",
    "blank",
    "person_name",
    ERROR_CELL,
    UNCOMPUTED,
)
OK, MISSING, BAD_DATE, BLANK = 0, 1, PROBLEMS.index("bad_date"), PROBLEMS.index("blank")


def missing(source: Source, column: Column, texts: pa.Array) -> NDArray[np.int8]:
    """Return the problems of a column whose texts nobody uses: errors, and empty cells that should not be."""
    trimmed, empties, wrong = pc.utf8_trim_whitespace(texts), Empties(source, column), if_blank(column)
    problem = np.zeros(len(texts), dtype=np.int8)
    if wrong:
        short = pc.less_equal(pc.utf8_length(trimmed), empties.longest).to_numpy(zero_copy_only=False)
        rows = np.flatnonzero(short)
        empty = [not text or text in empties for text in trimmed.take(pa.array(rows)).to_pylist()]
        problem[rows[np.array(empty, dtype=bool)]] = wrong
    if column.required:  # perhaps a key: two rows with an error in it are not the same row
        at_fault, names = faults(trimmed)
        problem[at_fault] = [PROBLEMS.index(name) for name in names]
    return problem


def if_blank(column: Column) -> int:
    """Return what is wrong with an empty cell of the column."""
    if not column.unknown_if_blank:
        return OK
    return MISSING if column.required else BLANK


def without_blanks(
    arrays: list[pa.Array], lines: NDArray[np.int64]
) -> tuple[list[pa.Array], NDArray[np.int64]]:
    """Return the rows in which something stands, and their lines."""
    blank = np.ones(len(lines), dtype=bool)
    for array in arrays:
        if not blank.any():
            return arrays, lines
        blank &= pc.equal(pc.binary_length(array), 0).to_numpy(zero_copy_only=False)
    mask = pa.array(~blank)
    return [array.filter(mask) for array in arrays], lines[~blank]
