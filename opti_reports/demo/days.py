"""Days of the demo: working days, extraction days, opening hours and the Finnish daylight-saving gap."""

from __future__ import annotations

from typing import Any

import holidays
import numpy as np
from numpy.typing import NDArray

from opti_reports.config.due import Due
from opti_reports.demo.rows import NONE, Bools, Ints, Times

DAY, HOUR, MINUTE = (np.timedelta64(1, unit) for unit in ("D", "h", "m"))
# The same in seconds, of which waits are fractions.
DAYS, HOURS, MINUTES = 86_400, 3600, 60
TUESDAY, THURSDAY, SUNDAY = 1, 3, 6
# Public holidays of Finland with Midsummer Eve and Christmas Eve.
DAYS_OFF = np.array(sorted(holidays.country_holidays("FI", years=range(2015, 2050))), dtype="datetime64[D]")


def first_day(month: Any) -> Any:
    """Return the first day of the month, or of each month of an array, as datetime64[D]."""
    return np.asarray(month).astype("datetime64[M]").astype("datetime64[D]")[()]


def month_of(times: Times | np.datetime64) -> Ints:
    """Return the month number of each time; NaT becomes the smallest integer."""
    return times.astype("datetime64[M]").astype(np.int64)


def midnight(times: Times) -> Times:
    """Return the day of each time."""
    return times.astype("datetime64[D]")


def is_workday(days: Times) -> Bools:
    """Return whether days are Monday–Friday and no holiday."""
    return np.is_busday(midnight(days), holidays=DAYS_OFF)


def next_workday(days: Any, ahead: int | Ints = 0) -> Any:
    """Return the same day if it is a working day, else the next one, then ``ahead`` working days on."""
    return np.busday_offset(days.astype("datetime64[D]"), ahead, roll="forward", holidays=DAYS_OFF)


def workdays_in(month: int) -> int:
    """Return the number of working days in the month."""
    return int(np.busday_count(first_day(month), first_day(month + 1), holidays=DAYS_OFF))


def extraction_moment(month: int, due: Due) -> np.datetime64:
    """Return six in the morning of the day a source is extracted: the working day it is due on or after."""
    start = first_day(month + 1) + ((due.day or 1) - 1) * DAY
    day: np.datetime64 = next_workday(start, (due.working_day or 1) - 1)
    return day + 6 * HOUR


def days_of(month: int) -> Times:
    """Return every day of the month."""
    return np.arange(first_day(month), first_day(month + 1))


def weekday(days: Times) -> Ints:
    """Return 0 for Monday … 6 for Sunday."""
    return (days.astype(np.int64) + 3) % 7


def days_on(month: int, day: int) -> Times:
    """Return the days of the month on a weekday."""
    days = days_of(month)
    chosen: Times = days[weekday(days) == day]
    return chosen


def in_office_hours(times: Times) -> Bools:
    """Return whether times are on a working day from 8 to 16."""
    since_midnight = times - midnight(times)
    opened: Bools = is_workday(times) & (since_midnight >= 8 * HOUR) & (since_midnight < 16 * HOUR)
    return opened


# 03:00 of the last Sundays of March: the hour until 04:00 does not exist in Finland.
GAPS = np.array([days_on(march, SUNDAY)[-1] for march in range(45 * 12 + 2, 80 * 12, 12)]) + 3 * HOUR


def later(times: Times, seconds: NDArray[Any]) -> Times:
    """Return the times, or midnights, moved on by whole seconds; NaT stays NaT.

    What would lie inside a daylight-saving gap lies at its end, which keeps the order of times.
    """
    moved: Times = times + np.rint(seconds).astype(np.int64).astype("timedelta64[s]")
    first, last = (extreme.reduce(moved, initial=NONE) for extreme in (np.fmin, np.fmax))
    for gap in GAPS[(first < GAPS + HOUR) & (last >= GAPS)]:
        moved = np.where((moved >= gap) & (moved < gap + HOUR), gap + HOUR, moved)
    return moved
