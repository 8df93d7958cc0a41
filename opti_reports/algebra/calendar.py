"""Working days, months and local time, on whole arrays.

Dates are days since 1970-01-01, instants are UTC seconds, both int64. A wall-clock time that happens twice
means its first occurrence, one that does not exist is read with the offset before the change (``fold=0`` of
the standard library), so elapsed hours are right across daylight-saving nights.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Int = NDArray[np.int64]
FIRST, LAST = dt.date(1990, 1, 1), dt.date(2060, 12, 31)
DAY, WEEK = 86_400, 7 * 86_400
_EPOCH = dt.date(1970, 1, 1)
MIDSUMMER_EVE = "midsummer_eve"


def day_number(day: dt.date) -> int:
    """Return days since 1970-01-01."""
    return (day - _EPOCH).days


def date_of(number: int) -> dt.date:
    """Return the date of a day number."""
    return _EPOCH + dt.timedelta(days=int(number))


def month_of(days: Int) -> Int:
    """Return months since 1970-01 of day numbers."""
    return _found(days, *_months())


def first_day(months: Int) -> Int:
    """Return the day number of the first of each month."""
    return _found(months, *_first_days())


def _found(numbers: Int, known: Int, unit: str, other: str) -> Int:
    """Return days or months as the other, looked up where all are of the calendar's years."""
    if len(numbers) and numbers.min() >= 0 and numbers.max() < len(known):
        return known[numbers]
    return numbers.astype(f"datetime64[{unit}]").astype(f"datetime64[{other}]").astype(np.int64)


@lru_cache(maxsize=1)
def _months() -> tuple[Int, str, str]:
    """Return the month of each day from 1970 on."""
    days = np.arange(0, (LAST - _EPOCH).days, dtype="datetime64[D]")
    return days.astype("datetime64[M]").astype(np.int64), "D", "M"


@lru_cache(maxsize=1)
def _first_days() -> tuple[Int, str, str]:
    """Return the first day of each month from January 1970 on."""
    months = np.arange(0, (LAST.year - _EPOCH.year) * 12, dtype="datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64), "M", "D"


def week_of(days: Int) -> Int:
    """Return the ISO weeks of day numbers, as weeks since Monday 1969-12-29."""
    return (days + 3) // 7


def thursday(weeks: Int) -> Int:
    """Return the Thursday of each ISO week; it decides the week's month and year."""
    return weeks * 7


def add_months(days: Int, count: Int | int) -> Int:
    """Return the same day ``count`` months on, or the last day of that month where it is shorter."""
    months = month_of(days)
    day = days - first_day(months)
    target = months + count
    length = first_day(target + 1) - first_day(target)
    moved: Int = first_day(target) + np.minimum(day, length - 1)
    return moved


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A country's working days and time zone.

    ``worked[i]`` is the number of working days up to and including day ``start + i``; ``days`` are the
    working days in order. ``utc``/``wall`` are the moments at which the offset changes to ``offsets[i + 1]``.
    """

    start: int
    worked: Int
    days: Int
    utc: Int
    wall: Int
    offsets: Int
    hours: tuple[int, int]

    def _worked(self, days: Int) -> Int:
        return self.worked[np.clip(days - self.start, 0, len(self.worked) - 1)]

    def work_days(self, after: Int, until: Int) -> Int:
        """Return working days after ``after`` up to and including ``until``; negative when ``until`` is
        earlier.
        """
        between: Int = self._worked(until) - self._worked(after)
        return between

    def add_work_days(self, days: Int, count: Int | int) -> Int:
        """Return the ``count``-th working day after each day."""
        place: Int = self._worked(days) + count - 1
        return self.days[np.clip(place, 0, len(self.days) - 1)]

    def is_working(self, days: Int) -> NDArray[np.bool_]:
        """Return whether each day is a working day."""
        working: NDArray[np.bool_] = self._worked(days) > self._worked(days - 1)
        return working

    def to_utc(self, wall: Int) -> Int:
        """Turn wall-clock seconds into UTC seconds."""
        return wall - self._offsets(self.wall, wall)

    def to_wall(self, utc: Int) -> Int:
        """Turn UTC seconds into wall-clock seconds."""
        return utc + self._offsets(self.utc, utc)

    def _offsets(self, changes: Int, moments: Int) -> Int:
        """Return the offset at each moment; of the changes only those between the first and the last."""
        if not len(moments):
            return moments
        low, high = np.searchsorted(changes, (moments.min(), moments.max()), side="right").tolist()
        offsets = self.offsets[low : high + 1]
        if low == high:
            return np.broadcast_to(offsets[0], len(moments))
        return offsets[np.searchsorted(changes[low:high], moments, side="right")]

    def to_day(self, utc: Int) -> Int:
        """Return the local date of each instant."""
        return self.to_wall(utc) // DAY

    def of_week(self, monday: dt.date) -> list[tuple[dt.date, bool]]:
        """Return the five days of a week on which people work, and whether each is a working day."""
        days = [monday + dt.timedelta(days=at) for at in range(5)]
        worked = self.is_working(np.array([day_number(day) for day in days]))
        return list(zip(days, worked.tolist(), strict=True))

    def office_hours(self, utc: Int) -> NDArray[np.bool_]:
        """Return whether each instant is in office hours of a working day (the closing hour is not)."""
        wall = self.to_wall(utc)
        second = wall % DAY
        opened = (second >= self.hours[0] * 3600) & (second < self.hours[1] * 3600)
        return opened & self.is_working(wall // DAY)

    def nth_working_day(self, year: int, month: int, n: int) -> dt.date:
        """Return the n-th working day of a month."""
        before = np.array([day_number(dt.date(year, month, 1)) - 1])
        return date_of(int(self.add_work_days(before, n)[0]))


def _offset(zone: ZoneInfo, utc: int) -> int:
    moment = dt.datetime.fromtimestamp(utc, tz=dt.UTC).astimezone(zone)
    shift = moment.utcoffset()
    return int(shift.total_seconds()) if shift else 0


def _changes(zone: ZoneInfo) -> tuple[list[int], list[int]]:
    """Return UTC moments at which the offset changes, to the minute, and the offsets around them."""
    moments: list[int] = []
    low = day_number(FIRST) * DAY
    offsets = [_offset(zone, low)]
    for high in range(low + WEEK, day_number(LAST) * DAY, WEEK):  # no clock changes twice within a week
        after = _offset(zone, high)
        if after != offsets[-1]:
            left, right = high - WEEK, high
            while right - left > 60:
                middle = (left + right) // 120 * 60
                left, right = (middle, right) if _offset(zone, middle) == offsets[-1] else (left, middle)
            moments.append(right)
            offsets.append(after)
    return moments, offsets


def _free(day: dt.date, free_days: tuple[str, ...]) -> bool:
    if MIDSUMMER_EVE in free_days and day.month == 6 and 19 <= day.day <= 25 and day.isoweekday() == 5:
        return True
    return day.strftime("%m-%d") in free_days


@lru_cache(maxsize=8)
def calendar(
    country: str,
    zone: str,
    free_days: tuple[str, ...] = (),
    free_weekdays: tuple[int, ...] = (6, 7),
    hours: tuple[int, int] = (8, 16),
) -> Calendar:
    """Return a country's calendar: public holidays, ``free_days`` and ``free_weekdays`` are
    not working days.
    """
    import holidays  # noqa: PLC0415 - who only works out values needs none

    public = set(holidays.country_holidays(country, years=range(FIRST.year, LAST.year + 1)))
    start = day_number(FIRST)
    span = [date_of(start + i) for i in range(day_number(LAST) - start + 1)]
    working = np.array(
        [d.isoweekday() not in free_weekdays and d not in public and not _free(d, free_days) for d in span]
    )
    moments, offsets = _changes(ZoneInfo(zone))
    utc = np.array(moments, dtype=np.int64)
    around = np.array(offsets, dtype=np.int64)
    wall = utc + np.maximum(around[:-1], around[1:])
    days = np.flatnonzero(working).astype(np.int64) + start
    return Calendar(
        start=start,
        worked=np.cumsum(working, dtype=np.int64),
        days=days,
        utc=utc,
        wall=wall,
        offsets=around,
        hours=hours,
    )
