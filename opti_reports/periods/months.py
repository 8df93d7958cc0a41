"""Months and weeks as integers, so that spans are plain arithmetic, and as text.

A month is months since 1970-01 (``2026-08`` is its text), a week weeks since Monday 1969-12-29.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from opti_reports.errors import UnfitError

YEAR = 12
"""The months of a year."""
_MONTH = re.compile(r"^([0-9]{4})-(0[1-9]|1[0-2])\Z")
_WEEK = re.compile(r"^([0-9]{4})-[Ww]([0-9]{2})\Z")
_MONDAY = dt.date(1969, 12, 29)


def parse_month(text: str) -> int:
    """Return ``2026-08`` as months since 1970-01. Raises ValueError with the shape expected."""
    found = _MONTH.match(text)
    if not found:
        raise UnfitError("month.shape", text=text)
    return (int(found[1]) - 1970) * YEAR + int(found[2]) - 1


def month_text(month: int) -> str:
    """Return months since 1970-01 as ``2026-08``."""
    return f"{year_of(month):04d}-{month % YEAR + 1:02d}"


def year_of(month: int) -> int:
    """Return the calendar year of a month."""
    return 1970 + month // YEAR


def first_date(month: int) -> dt.date:
    """Return the first day of a month."""
    return dt.date(year_of(month), month % YEAR + 1, 1)


@cache
def last_date(month: int) -> dt.date:
    """Return the last day of a month."""
    return first_date(month + 1) - dt.timedelta(days=1)


def month_of_day(day: dt.date) -> int:
    """Return the month of a day."""
    return (day.year - 1970) * YEAR + day.month - 1


def week_of(day: dt.date) -> int:
    """Return the week of a day, since Monday 1969-12-29."""
    return (day - _MONDAY).days // 7


def parse_week(text: str) -> int:
    """Return ISO ``2026-W35`` as weeks since Monday 1969-12-29. Raises ValueError where there is no such
    week.
    """
    found = _WEEK.match(text)
    if not found:
        raise UnfitError("iso_week.shape", text=text)
    try:
        return week_of(dt.date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except ValueError:
        raise UnfitError("iso_week.none", text=text, year=found[1]) from None


def monday_of(week: int) -> dt.date:
    """Return the first day of a week."""
    return _MONDAY + dt.timedelta(days=week * 7)


def sunday_of(week: int) -> dt.date:
    """Return the last day of a week."""
    return monday_of(week) + dt.timedelta(days=6)


def month_of_week(week: int) -> int:
    """Return the month that a week belongs to: that of its Thursday."""
    return month_of_day(dt.date(1970, 1, 1) + dt.timedelta(days=week * 7))


def months_with(week: int) -> range:
    """Return the months that a week has days of: one or two."""
    return range(month_of_day(monday_of(week)), month_of_day(sunday_of(week)) + 1)


def weeks_of(month: int) -> range:
    """Return the weeks that belong to a month."""
    first = week_of(first_date(month))
    last = week_of(last_date(month))
    return range(first + (month_of_week(first) < month), last + (month_of_week(last) == month))


def week_of_year(week: int) -> tuple[int, int]:
    """Return the ISO year and number of a week since Monday 1969-12-29."""
    year, number, _ = (dt.date(1970, 1, 1) + dt.timedelta(days=week * 7)).isocalendar()
    return year, number


def week_text(week: int) -> str:
    """Return a week since Monday 1969-12-29 as ISO ``2026-W35``."""
    year, number = week_of_year(week)
    return f"{year:04d}-W{number:02d}"
