"""What a number is worth by a table of the configs, and shares of numbers: how questionnaires are scored."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from opti_reports.algebra.vector import Bool, Vector, some, undecided, unknown_cells

DIGITS = 10
"""How many digits there are."""
HUNDREDTHS = 100
"""How exact a quotient is kept."""


@dataclass(frozen=True)
class Table:
    """What each digit of a number is worth by its place, the first place the leftmost; None: no such digit.

    ``start`` and the worths stand over one denominator, and are added.
    """

    start: int
    denominator: int
    places: tuple[tuple[int | None, ...], ...]


def worth(table: Table, number: Vector) -> Vector:
    """Return the sum of what a number's digits are worth.

    Empty where the number has more or fewer digits than the table has places, or one that has no worth there.
    """
    whole, rest = np.divmod(number.data, number.denominator)
    filled: Bool = number.filled & (rest == 0) & (whole >= 0) & (whole < DIGITS ** len(table.places))
    found = np.full(len(number), table.start, dtype=np.int64)
    for place, worths in enumerate(reversed(table.places)):
        digit = whole // DIGITS**place % DIGITS
        there = np.array([one is not None for one in worths])
        found += np.array([one or 0 for one in worths], dtype=np.int64)[digit]
        filled &= there[digit]
    return Vector(
        kind="number",
        data=np.where(filled, found, 0),
        filled=filled,
        denominator=table.denominator,
        unknown=some(unknown_cells(number)),
    )


def quotient(part: Vector, whole: Vector) -> Vector:
    """Return one number over another, rounded to hundredths, halves away from nothing.

    Empty where either is empty or the second is nothing.
    """
    by = part.denominator * whole.data
    filled = part.filled & whole.filled & (by != 0)
    top = part.data * whole.denominator * HUNDREDTHS * np.sign(by)
    size = np.maximum(np.abs(by), 1)
    rounded = np.sign(top) * ((2 * np.abs(top) + size) // (2 * size))
    return replace(
        part,
        data=np.where(filled, rounded, 0),
        filled=filled,
        denominator=HUNDREDTHS,
        unknown=undecided([part, whole]),
    )
