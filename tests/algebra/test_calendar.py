"""Working days against the published examples, and whole arrays against the standard library."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from opti_reports.algebra import calendar as cal
from tests.algebra.rows import FINLAND

HELSINKI = ZoneInfo("Europe/Helsinki")
DATES = st.dates(dt.date(1995, 1, 1), dt.date(2055, 12, 31))
LONDON = cal.calendar("GB", "Europe/London")


def one(day: dt.date) -> cal.Int:
    return np.array([cal.day_number(day)])


@pytest.mark.parametrize(
    ("arrival", "count", "due"),
    [
        ("2026-02-28", 5, "2026-03-06"),
        ("2026-02-28", 10, "2026-03-13"),
        ("2024-03-27", 5, "2024-04-05"),  # Easter
        ("2026-06-18", 1, "2026-06-22"),  # Midsummer Eve is the Friday
        ("2026-12-23", 1, "2026-12-28"),  # Christmas Eve, Christmas Day, Saturday, Sunday
        ("2026-12-31", 1, "2027-01-04"),
        ("2026-04-30", 1, "2026-05-04"),  # May Day is a Friday
    ],
)
def test_the_examples_of_the_rule(arrival: str, count: int, due: str) -> None:
    found = FINLAND.add_work_days(one(dt.date.fromisoformat(arrival)), count)
    assert cal.date_of(int(found[0])).isoformat() == due


@pytest.mark.parametrize("eve", ["2024-06-21", "2025-06-20", "2026-06-19", "2027-06-25", "2026-12-24"])
def test_the_eves_are_free_where_the_settings_say_so(eve: str) -> None:
    day = one(dt.date.fromisoformat(eve))
    plain = cal.calendar("FI", "Europe/Helsinki")
    assert not FINLAND.is_working(day)[0]
    assert plain.is_working(day)[0] == (not _public(eve))


def _public(day: str) -> bool:
    """Whether the day is free without the settings' own days off."""
    return not cal.calendar("FI", "Europe/Helsinki").is_working(one(dt.date.fromisoformat(day)))[0]


def test_saturdays_can_be_working_days() -> None:
    with_saturdays = cal.calendar("FI", "Europe/Helsinki", free_weekdays=(7,))
    saturday = one(dt.date(2026, 2, 28))
    assert with_saturdays.is_working(saturday)[0]
    assert not FINLAND.is_working(saturday)[0]


def test_the_nth_working_day_of_a_month() -> None:
    assert FINLAND.nth_working_day(2026, 1, 1) == dt.date(2026, 1, 2)
    assert FINLAND.nth_working_day(2026, 1, 3) == dt.date(2026, 1, 7)  # Epiphany is a Tuesday
    assert FINLAND.nth_working_day(2026, 8, 1) == dt.date(2026, 8, 3)


@given(DATES, st.integers(0, 60))
def test_working_days_are_counted_as_one_by_one(start: dt.date, length: int) -> None:
    end = start + dt.timedelta(days=length)
    free = {
        start + dt.timedelta(days=i): bool(FINLAND.is_working(one(start + dt.timedelta(days=i)))[0])
        for i in range(length + 1)
    }
    counted = sum(free[start + dt.timedelta(days=i)] for i in range(1, length + 1))
    assert FINLAND.work_days(one(start), one(end))[0] == counted
    if counted:
        last = FINLAND.add_work_days(one(start), counted)
        assert cal.date_of(int(last[0])) <= end
        assert FINLAND.work_days(one(start), last)[0] == counted


@given(DATES, st.integers(-40, 40))
@example(dt.date(2024, 2, 29), 12)
@example(dt.date(2026, 1, 31), 1)
def test_months_are_added_as_by_hand(day: dt.date, count: int) -> None:
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    length = (dt.date(year + month // 11, (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    expected = dt.date(year, month + 1, min(day.day, length))
    assert cal.date_of(int(cal.add_months(one(day), count)[0])) == expected


@given(DATES)
@example(dt.date(2026, 12, 28))
@example(dt.date(2027, 1, 3))
@example(dt.date(2021, 1, 3))
def test_months_and_weeks_are_those_of_the_standard_library(day: dt.date) -> None:
    month = int(cal.month_of(one(day))[0])
    assert month == (day.year - 1970) * 12 + day.month - 1
    assert cal.date_of(int(cal.first_day(np.array([month]))[0])) == day.replace(day=1)
    week = cal.week_of(one(day))
    thursday = cal.date_of(int(cal.thursday(week)[0]))
    assert thursday.isocalendar()[:2] == day.isocalendar()[:2]
    assert thursday.isoweekday() == 4


@given(st.datetimes(dt.datetime(1995, 1, 1), dt.datetime(2055, 12, 31)))
@example(dt.datetime(2026, 3, 29, 2, 59, 59))
@example(dt.datetime(2026, 3, 29, 3, 0))
@example(dt.datetime(2026, 3, 29, 3, 59, 59))
@example(dt.datetime(2026, 3, 29, 4, 0))
@example(dt.datetime(2026, 10, 25, 2, 59, 59))
@example(dt.datetime(2026, 10, 25, 3, 0))
@example(dt.datetime(2026, 10, 25, 3, 59, 59))
@example(dt.datetime(2026, 10, 25, 4, 0))
@example(dt.datetime(2026, 7, 1, 0, 0))
def test_clock_times_become_the_instants_of_the_standard_library(moment: dt.datetime) -> None:
    moment = moment.replace(microsecond=0)
    wall = int((moment - dt.datetime(1970, 1, 1)).total_seconds())
    utc = FINLAND.to_utc(np.array([wall]))
    assert utc[0] == moment.replace(tzinfo=HELSINKI).timestamp()
    back = dt.datetime.fromtimestamp(int(utc[0]), tz=HELSINKI).replace(tzinfo=None)
    assert FINLAND.to_wall(utc)[0] == int((back - dt.datetime(1970, 1, 1)).total_seconds())
    assert cal.date_of(int(FINLAND.to_day(utc)[0])) == back.date()


def test_other_countries_have_their_own_holidays_and_clock() -> None:
    assert not LONDON.is_working(one(dt.date(2026, 5, 25)))[0]  # spring bank holiday
    assert LONDON.is_working(one(dt.date(2026, 12, 24)))[0]
    noon = int((dt.datetime(2026, 7, 1, 12) - dt.datetime(1970, 1, 1)).total_seconds())
    assert noon - LONDON.to_utc(np.array([noon]))[0] == 3600
