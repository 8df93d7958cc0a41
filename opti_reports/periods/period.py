"""Periods of a cadence, and how long something has lasted in them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from opti_reports.periods.cadence import CADENCES, MONTH, WEEK, Cadence
from opti_reports.periods.months import (
    YEAR,
    first_date,
    monday_of,
    month_of_week,
    month_text,
    months_with,
    parse_month,
    parse_week,
    week_text,
    year_of,
)


class Period(NamedTuple):
    """A window of months (or one ISO week). ``end`` is its last month; ``week`` is set for weeks only.

    A tuple, because it is the key of hundreds of thousands of values.
    """

    cadence: Cadence
    end: int
    week: int = -1

    @property
    def text(self) -> str:
        """Return ``2026-08`` for a month and windows ending with it, ``2026-T2``, ``2026``, ``2026-W35``."""
        return _text(self)

    @property
    def months(self) -> range:
        """Return the months of the window (of a wave or week: the month it stands in)."""
        return self.cadence.months(self.end)

    @property
    def year_ago(self) -> Period:
        """Return the same period a year earlier; of a week, the one 52 weeks before."""
        if self.cadence.weekly:
            return self._replace(end=month_of_week(self.week - 52), week=self.week - 52)
        return self._replace(end=self.end - YEAR)

    @property
    def last_month(self) -> int:
        """Return the month of its last day; of a week over a month's end not the one it counts in."""
        return months_with(self.week)[-1] if self.cadence.weekly else self.end

    @property
    def option(self) -> str:
        """Return the option of a command that names such a period: a month or a week."""
        return "--week" if self.cadence.weekly else "--month"

    @property
    def asked(self) -> str:
        """Return the option with the period, as a command takes it: ``--week 2026-W35``."""
        return f"{self.option} {self.text}"


def of_week(week: int) -> Period:
    """Return a week as a period."""
    return Period(WEEK, month_of_week(week), week)


def month_or_week(text: str) -> Period:
    """Return the month or the week a run is of, from its text. Raises ValueError where it is neither."""
    return parse_period(WEEK if "W" in text else MONTH, text)


def parse_period(cadence: Cadence, text: str) -> Period:
    """Return the period of a cadence from its text. Raises ValueError where it is none."""
    if cadence.weekly:
        return of_week(parse_week(text))
    if cadence.letter:
        year, _, number = text.partition(f"-{cadence.letter}")
        return Period(cadence, parse_month(f"{year}-{int(number) * cadence.length:02d}"))
    return Period(cadence, parse_month(f"{text}-12" if cadence.by_year else text))


def day_after(text: str) -> dt.date:
    """Return the first day after a week, a month or a longer period, from its text. Raises ValueError where
    it is none.
    """
    for cadence in (one for one in CADENCES if one.whole or one.weekly):
        try:
            period = parse_period(cadence, text)
        except ValueError:
            continue
        return monday_of(period.week + 1) if cadence.weekly else first_date(period.end + 1)
    raise ValueError(text)


@cache
def _text(period: Period) -> str:
    if period.cadence.weekly:
        return week_text(period.week)
    if period.cadence.letter:
        return f"{year_of(period.end)}-{period.cadence.letter}{period.cadence.number(period.end)}"
    return str(year_of(period.end)) if period.cadence.by_year else month_text(period.end)


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
        """Return how long it is in months, for what is weighed or escalated by months: two tertials are
        eight.
        """
        if self.cadence.weekly:
            return self.steps * YEAR // 52
        return self.spanned if self.cadence.held else self.steps * self.cadence.step
