"""Counts as somebody else delivered them, beside what they should add up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

HeldTo = Literal["rows", "totals", "parts"]


def number(cell: str) -> int | None:
    """Return the whole number in a cell of a list; None where there is none."""
    try:
        return int(cell)
    except ValueError:
        return None


@dataclass(frozen=True, kw_only=True)
class Held:
    """A number of a list's row as delivered, and the sum that it should be.

    ``to`` says of what: the rows it is the total of, the totals it is the whole of, or its own ``parts``.
    ``row`` is its place in the list; ``unread`` counts cells that nobody can read and the sum therefore
    lacks.
    """

    list: str
    row: int
    name: str
    column: str
    to: HeldTo
    told: int
    summed: int
    parts: tuple[str, ...] = ()
    unread: int = 0

    @property
    def difference(self) -> int:
        """Return how much more was delivered than the sum is."""
        return self.told - self.summed
