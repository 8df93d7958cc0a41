"""``configs/limits.toml``: the limits, of time or of points, and the value sets that rules count with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from pydantic import Field

from opti_reports.algebra.tables import DIGITS, Table
from opti_reports.config.base import Identifier, Strict


class Limit(Strict):
    """A limit of time, or of points of a scale, and the dates on which it is in force (of the event that
    starts the clock).
    """

    id: Identifier
    kind: Literal["days", "working_days", "months", "hours", "minutes", "points"]
    value: int = Field(ge=0)
    valid_from: dt.date = dt.date(1900, 1, 1)
    valid_to: dt.date = dt.date(2999, 12, 31)
    basis: str = ""


class NumberTable(Strict):
    """What each digit of a number is worth by its place, the leftmost first: a questionnaire's value set.

    The worths of a number's digits are added to ``start``; a digit without a worth is not one of its place.
    """

    id: Identifier
    basis: str
    """Where the numbers come from."""
    start: float = 0
    digits: int = Field(default=3, ge=0, le=6)
    """Decimals of the numbers."""
    place: tuple[dict[Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], float], ...] = Field(
        min_length=1, max_length=12
    )

    def exact(self, number: float) -> Fraction:
        """Return a number in parts of the last decimal."""
        return Fraction(str(number)) * Fraction(10) ** self.digits

    @property
    def inexact(self) -> Iterator[str]:
        """Yield the keys of numbers that have more decimals than the table keeps."""
        keyed = [("start", self.start)]
        keyed += [(f"place.{at}.{d}", n) for at, one in enumerate(self.place, 1) for d, n in one.items()]
        yield from (key for key, number in keyed if self.exact(number).denominator != 1)

    @property
    def table(self) -> Table:
        """Return the table as expressions use it."""
        places = (
            tuple(int(self.exact(one[d])) if d in one else None for d in map(str, range(DIGITS)))
            for one in self.place
        )
        return Table(int(self.exact(self.start)), 10**self.digits, tuple(places))


class Limits(Strict):
    """``configs/limits.toml``."""

    limit: tuple[Limit, ...] = ()
    table: tuple[NumberTable, ...] = ()
