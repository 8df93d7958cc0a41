"""Days as the metrics count them: months, ISO weeks, working days, months later, elapsed time.

A month is the number ``year * 12 + month - 1``, so that months can be added and compared.
"""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

import holidays

HELSINKI = ZoneInfo("Europe/Helsinki")


def month_of(day: date) -> int:
    """Return the number of the day's month."""
    return day.year * 12 + day.month - 1


def month_number(text: str) -> int:
    """Return the number of a month written ``2026-08``."""
    year, month = text.split("-")
    return int(year) * 12 + int(month) - 1


def month_text(month: int) -> str:
    """Return ``2026-08`` for the number of a month."""
    return f"{month // 12}-{month % 12 + 1:02d}"


def first_day(month: int) -> date:
    """Return the first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> date:
    """Return the last day of a month."""
    return first_day(month + 1) - timedelta(days=1)


def day_of(moment: date) -> date:
    """Return the calendar day of a day or of a moment."""
    return moment.date() if isinstance(moment, datetime) else moment


def thursday(day: date) -> date:
    """Return the Thursday of the day's ISO week: the day that says which month the week belongs to."""
    return day + timedelta(days=3 - day.weekday())


def week_text(day: date) -> str:
    """Return the day's ISO week as ``2026-W35``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FI", years=year).keys())


@cache
def is_working_day(day: date) -> bool:
    """Tell whether a day is Monday-Friday and neither a public holiday nor Christmas or Midsummer Eve."""
    midsummer_eve = day.month == 6 and day.weekday() == 4 and 19 <= day.day <= 25
    eve = midsummer_eve or (day.month, day.day) == (12, 24)
    return day.weekday() < 5 and not eve and day not in _holidays(day.year)


@cache
def add_work_days(day: date, count: int) -> date:
    """Return the ``count``-th working day after ``day`` (day 0 is ``day`` itself, whatever day it is)."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


@cache
def work_days(start: date, end: date) -> int:
    """Count the working days after ``start`` up to and including ``end`` (0 when ``end`` is not later)."""
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, clamped to the month's end."""
    month = month_of(day) + months
    return first_day(month).replace(day=min(day.day, last_day(month).day))


@cache
def instant(moment: datetime) -> datetime:
    """Return a Helsinki wall-clock moment as an instant; of a repeated hour, the first one."""
    return moment.replace(tzinfo=HELSINKI, fold=0).astimezone(UTC)


def hours(start: datetime, end: datetime) -> Fraction:
    """Return the hours elapsed between two wall-clock moments, changes of the clock included."""
    return Fraction(int((instant(end) - instant(start)).total_seconds()), 3600)


def in_office_hours(moment: datetime) -> bool:
    """Tell whether a moment lies on a working day at 8.00-16.00 (16.00 itself is after hours)."""
    return is_working_day(moment.date()) and 8 <= moment.hour < 16
