"""Periods: months, tertials, ISO weeks, and windows that end with a month.

A month is an integer, months since 1970-01, so that spans are plain arithmetic; ``2026-08`` is its text.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

Kind = Literal["month", "tertial", "iso_week", "rolling_12m", "ytd", "wave"]
KINDS: tuple[Kind, ...] = ("month", "tertial", "iso_week", "rolling_12m", "ytd", "wave")
Cadence = Literal["week", "month", "tertial", "year", "wave"]
"""How often something is followed, whatever its window: a rolling year may be followed by tertial."""
STEPS: dict[Cadence, int] = {"month": 1, "tertial": 4, "year": 12}
"""The months of a step. Weeks are shorter than one, and surveys come as they come."""
_MONTH = re.compile(r"^([0-9]{4})-(0[1-9]|1[0-2])\Z")


def parse_month(text: str) -> int:
    """``2026-08`` as months since 1970-01; raises ValueError with the shape expected."""
    found = _MONTH.match(text)
    if not found:
        raise ValueError(f"'{text}' is not a month; write it like 2026-08")
    return (int(found[1]) - 1970) * 12 + int(found[2]) - 1


def month_text(month: int) -> str:
    """Months since 1970-01 as ``2026-08``."""
    return f"{1970 + month // 12:04d}-{month % 12 + 1:02d}"


def year_of(month: int) -> int:
    """The calendar year of a month."""
    return 1970 + month // 12


def first_date(month: int) -> dt.date:
    """The first day of a month."""
    return dt.date(year_of(month), month % 12 + 1, 1)


@cache
def last_date(month: int) -> dt.date:
    """The last day of a month."""
    return first_date(month + 1) - dt.timedelta(days=1)


def ends_tertial(month: int) -> bool:
    """Whether the month is April, August or December."""
    return month % 4 == 3


@dataclass(frozen=True)
class Duration:
    """So many steps of a cadence in a row, the newest the last: two tertials, five months, two survey waves.

    ``spanned``: of waves, the months from the first to the newest, both counted.
    """

    cadence: Cadence
    steps: int
    spanned: int = 1

    @property
    def months(self) -> int:
        """How long it is in months, for what is weighed or escalated by months: two tertials are eight."""
        if self.cadence == "wave":
            return self.spanned
        if self.cadence == "week":
            return self.steps * 12 // 52
        return self.steps * STEPS[self.cadence]


def week_text(week: int) -> str:
    """Weeks since Monday 1969-12-29 as ISO ``2026-W35``."""
    year, number, _ = (dt.date(1970, 1, 1) + dt.timedelta(days=week * 7)).isocalendar()
    return f"{year:04d}-W{number:02d}"


class Period(NamedTuple):
    """A window of months (or one ISO week). ``end`` is its last month; ``week`` is set for weeks only.

    A tuple, because it is the key of hundreds of thousands of values.
    """

    kind: Kind
    end: int
    week: int = -1

    @property
    def text(self) -> str:
        """``2026-08`` for a month and for windows ending with it, ``2026-T2``, ``2026-W35``."""
        return _text(self)

    @property
    def months(self) -> range:
        """The months of the window (of a wave or week: the month it stands in)."""
        length = {"tertial": 4, "rolling_12m": 12, "ytd": self.end % 12 + 1}.get(self.kind, 1)
        return range(self.end - length + 1, self.end + 1)


@cache
def _text(period: Period) -> str:
    if period.kind == "tertial":
        return f"{year_of(period.end)}-T{period.end % 12 // 4 + 1}"
    return week_text(period.week) if period.kind == "iso_week" else month_text(period.end)
