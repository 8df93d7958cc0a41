"""Days of the demo: working days, extraction days, opening hours and the Finnish daylight-saving gap."""

from __future__ import annotations

from functools import cache
from typing import Any

import holidays
import numpy as np
from numpy.typing import NDArray

from opti_reports.config.source import Due
from opti_reports.demo.rows import Bools, Floats, Ints, Times

DAY = np.timedelta64(1, "D")
MINUTE = np.timedelta64(60, "s")
TUESDAY, THURSDAY, SUNDAY = 1, 3, 6
# How busy a working day is by weekday.
WEEKDAYS = np.array([1.18, 1.06, 1.0, 0.95, 0.88, 0.035, 0.03])


def calendar_month(month: int) -> int:
    """Return 1 for January … 12 for December."""
    return month % 12 + 1


def first_day(month: Any) -> Any:
    """Return the first day of the month, or of each month of an array, as datetime64[D]."""
    return np.asarray(month).astype("datetime64[M]").astype("datetime64[D]")[()]


def month_of(times: Times | np.datetime64) -> Ints:
    """Return the month number of each time; NaT becomes the smallest integer."""
    return times.astype("datetime64[M]").astype(np.int64)


def months_since(months: Ints, moment: np.datetime64) -> Ints:
    """Return how many months the delivery of the moment is newer than each of the months."""
    return month_of(moment) - 1 - months


@cache
def _days_off() -> Times:
    """Return Finnish public holidays with Midsummer Eve and Christmas Eve."""
    return np.array(sorted(holidays.country_holidays("FI", years=range(2015, 2050))), dtype="datetime64[D]")


def is_workday(days: Times) -> Bools:
    """Return whether days are Monday–Friday and no holiday."""
    return np.is_busday(midnight(days), holidays=_days_off())


def in_office_hours(times: Times) -> Bools:
    """Return whether times are on a working day from 8 to 16."""
    hour = (times - midnight(times)).astype("timedelta64[h]").astype(np.int64)
    opened: Bools = is_workday(times) & (hour >= 8) & (hour < 16)
    return opened


def next_workday(days: Any, ahead: int = 0) -> Any:
    """Return the same day if it is a working day, else the next one, then ``ahead`` working days on."""
    return np.busday_offset(days.astype("datetime64[D]"), ahead, roll="forward", holidays=_days_off())


def workdays_in(month: int) -> int:
    """Return the number of working days in the month."""
    return int(np.busday_count(first_day(month), first_day(month + 1), holidays=_days_off()))


def extraction_moment(month: int, due: Due) -> np.datetime64:
    """Return six in the morning of the day a source is extracted: the working day it is due on or after."""
    start = first_day(month + 1) + ((due.day or 1) - 1) * DAY
    day: np.datetime64 = next_workday(start, (due.working_day or 1) - 1)
    return day + np.timedelta64(6 * 3600, "s")


def in_days(numbers: NDArray[Any]) -> NDArray[np.timedelta64]:
    """Return numbers as so many days."""
    return numbers.astype("timedelta64[D]")


def in_seconds(numbers: NDArray[Any]) -> NDArray[np.timedelta64]:
    """Return numbers as so many seconds."""
    return numbers.astype("timedelta64[s]")


def midnight(times: Times) -> Times:
    """Return the day of each time."""
    return times.astype("datetime64[D]")


def days_of(month: int) -> Times:
    """Return every day of the month."""
    return np.arange(first_day(month), first_day(month + 1))


def days_on(month: int, weekday: int) -> Times:
    """Return the days of the month on a weekday: 0 is Monday."""
    days = days_of(month)
    chosen: Times = days[_weekday(days) == weekday]
    return chosen


def busy_days(month: int, weekend: float) -> tuple[Times, Floats]:
    """Return the days of the month and how busy each is; a holiday is as quiet as a Sunday."""
    days = days_of(month)
    return days, np.where(is_workday(days), WEEKDAYS[_weekday(days)], WEEKDAYS[SUNDAY] * weekend)


def _weekday(days: Times) -> Ints:
    return (days.astype(np.int64) + 3) % 7


def at(days: Times, seconds: NDArray[Any]) -> Times:
    """Return local wall time: the day plus seconds after midnight, never inside a daylight-saving gap."""
    return outside_gap(days.astype("datetime64[s]") + seconds.astype("timedelta64[s]"))


def later(times: Times, seconds: NDArray[Any]) -> Times:
    """Return the times moved on by whole seconds, never inside a daylight-saving gap; NaT stays NaT."""
    return outside_gap(times + np.rint(seconds).astype(np.int64).astype("timedelta64[s]"))


@cache
def gaps() -> tuple[np.datetime64, ...]:
    """Return 03:00 of the last Sundays of March: the hour until 04:00 does not exist in Finland."""
    marches = range(45 * 12 + 2, 80 * 12, 12)
    return tuple(days_on(march, SUNDAY)[-1].astype("datetime64[s]") + 180 * MINUTE for march in marches)


def outside_gap(times: Times) -> Times:
    """Return times with those inside a daylight-saving gap at its end, which keeps the order of times."""
    known = times[~np.isnat(times)]
    if not len(known):
        return times
    low, high = known.min(), known.max()
    for gap in gaps():
        end = gap + 60 * MINUTE
        if low < end and high >= gap:
            times = np.where((times >= gap) & (times < end), end, times)
    return times
