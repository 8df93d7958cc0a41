"""Every function of the expressions: what it gives, what an empty argument gives, and its rounding."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from opti_reports.algebra import functions as fn
from opti_reports.algebra.expression import ExpressionError
from opti_reports.algebra.tables import Table
from tests.algebra.rows import (
    UNKNOWN,
    answer,
    answers,
    boolean,
    context,
    date,
    instants,
    moment,
    number,
    text,
    wall_seconds,
)


def test_is_null_and_not_null_look_at_the_cell_only() -> None:
    for column in (number(0, None), text("", None), boolean(False, None), date("2026-01-01", None)):
        assert answers("is_null(x)", x=column) == [False, True]
        assert answers("not_null(x)", x=column) == [True, False]


def test_coalesce_is_the_first_filled_argument() -> None:
    a, b, c = number(1, None, None, None), number(2, 2, None, None), number(3, 3, 3, None)
    assert answers("coalesce(a, b, c)", a=a, b=b, c=c) == [1, 2, 3, None]
    assert answers("coalesce(x, 'none')", x=text("a", None)) == ["a", "none"]


def test_least_is_the_smallest_of_the_filled_arguments() -> None:
    a, b = date("2026-01-02", None, "2026-01-01", None), date("2026-01-01", "2026-01-03", None, None)
    assert answers("least(a, b)", a=a, b=b) == ["2026-01-01", "2026-01-03", "2026-01-01", None]
    assert answers("least(x, 0.5, y)", x=number(1, None), y=number(2, 0)) == [Fraction(1, 2), 0]


def test_date_is_the_local_date() -> None:
    # 00:30 in Finland is still the evening before in UTC.
    assert answers("date(x)", x=moment("2026-03-01 00:30", "2026-02-28 23:59", None)) == [
        "2026-03-01",
        "2026-02-28",
        None,
    ]
    assert answers("date(x)", x=date("2026-03-01", None)) == ["2026-03-01", None]


def test_month_start_is_the_first_of_the_local_month() -> None:
    assert answers("month_start(x)", x=date("2026-02-28", "2026-03-01", None)) == [
        "2026-02-01",
        "2026-03-01",
        None,
    ]
    assert answer("month_start(x)", x=moment("2026-03-01 00:30")) == "2026-03-01"


def test_days_count_calendar_days_whatever_the_hour() -> None:
    a = moment("2026-03-28 23:59", "2026-03-29 00:00", None, "2026-03-01 12:00")
    b = moment("2026-03-29 00:00", "2026-03-30 23:59", "2026-03-30 12:00", None)
    assert answers("days(a, b)", a=a, b=b) == [1, 1, None, None]
    assert answers("days(b, a)", a=date("2024-02-28"), b=date("2024-03-01")) == [-2]


def test_work_days_leave_out_the_first_day_and_count_the_last() -> None:
    friday, saturday, monday = "2026-02-27", "2026-02-28", "2026-03-02"
    assert answers("work_days(a, b)", a=date(friday, saturday, monday), b=date(monday, monday, monday)) == [
        1,
        1,
        0,
    ]
    assert answers("work_days(a, b)", a=date(monday, None), b=date(friday, monday)) == [-1, None]


def test_hours_and_minutes_are_elapsed_and_exact_to_the_second() -> None:
    a, b = moment("2026-01-01 10:00", None), moment("2026-01-01 10:00:01", "2026-01-01 10:00")
    assert answers("hours(a, b)", a=a, b=b) == [Fraction(1, 3600), None]
    assert answers("minutes(a, b)", a=a, b=b) == [Fraction(1, 60), None]
    assert answers("minutes(b, a)", a=a, b=b) == [Fraction(-1, 60), None]


def test_hours_are_elapsed_on_the_nights_the_clock_changes() -> None:
    spring = {"a": moment("2026-03-28 12:00"), "b": moment("2026-03-29 12:00")}
    autumn = {"a": moment("2026-10-24 12:00"), "b": moment("2026-10-25 12:00")}
    assert answer("hours(a, b)", **spring) == 23
    assert answer("hours(a, b)", **autumn) == 25
    assert answer("days(a, b)", **spring) == answer("days(a, b)", **autumn) == 1


def test_a_clock_time_that_happens_twice_is_the_first_and_one_that_does_not_is_read_on_the_old_clock() -> (
    None
):
    midnight = moment("2026-10-25 00:00")
    assert answer("hours(a, b)", a=midnight, b=moment("2026-10-25 03:30")) == Fraction(7, 2)
    assert answer("hours(a, b)", a=midnight, b=moment("2026-10-25 04:00")) == 5
    new_year = moment("2026-03-29 00:00")
    assert answer("hours(a, b)", a=new_year, b=moment("2026-03-29 03:30")) == Fraction(7, 2)
    assert answer("hours(a, b)", a=new_year, b=moment("2026-03-29 04:00")) == 3


def test_same_date_is_false_where_a_side_is_empty() -> None:
    a = moment("2026-01-01 00:00", "2026-01-01 23:59", None)
    b = moment("2026-01-01 23:59", "2026-01-02 00:00", None)
    assert answers("same_date(a, b)", a=a, b=b) == [True, False, False]
    assert answers("same_date(a, b)", a=a, b=date("2026-01-01", "2026-01-01", None)) == [True, True, False]


def test_office_hours_begin_at_eight_and_end_before_sixteen_of_a_working_day() -> None:
    cells = {
        "2026-03-02 07:59": False,
        "2026-03-02 08:00": True,
        "2026-03-02 15:59": True,
        "2026-03-02 16:00": False,
        "2026-02-28 12:00": False,  # a Saturday
        "2026-04-03 12:00": False,  # Good Friday
        "2026-12-24 12:00": False,  # Christmas Eve
        "2026-03-30 08:00": True,  # the first working morning of summer time
    }
    assert answers("office_hours(x)", x=moment(*cells, None)) == [*cells.values(), False]


def test_within_months_allows_the_same_day_of_the_last_month() -> None:
    a = date("2026-01-31", "2026-01-31", "2025-11-30", "2026-01-01", None)
    b = date("2026-02-28", "2026-03-01", "2026-02-28", None, "2026-01-01")
    assert answers("within_months(a, b, 1)", a=a, b=b) == [True, False, False, False, False]
    assert answers("within_months(a, b, 3)", a=a, b=b) == [True, True, True, False, False]


def test_days_and_months_are_added_and_months_clamped_to_their_end() -> None:
    x = date("2024-01-31", "2026-01-31", "2026-12-31", None)
    assert answers("add_days(x, 1)", x=x) == ["2024-02-01", "2026-02-01", "2027-01-01", None]
    assert answers("add_months(x, 1)", x=x) == ["2024-02-29", "2026-02-28", "2027-01-31", None]
    assert answers("add_months(x, -1)", x=x) == ["2023-12-31", "2025-12-31", "2026-11-30", None]
    assert answers("add_months(x, n)", x=x, n=number(12, None, 2, 1)) == [
        "2025-01-31",
        None,
        "2027-02-28",
        None,
    ]


def test_working_days_are_added_over_weekends_and_holidays() -> None:
    x = date("2026-02-28", "2024-03-27", "2026-12-23", None)
    assert answers("add_work_days(x, 5)", x=x) == ["2026-03-06", "2024-04-05", "2027-01-04", None]
    assert answers("add_work_days(x, 1)", x=x) == ["2026-03-02", "2024-03-28", "2026-12-28", None]


def test_asof_and_empty_date_take_nothing() -> None:
    assert answer("asof()", context("2026-02-28")) == "2026-02-28"
    assert answer("empty_date()") is None
    assert answers("coalesce(x, empty_date())", x=date("2026-01-01", None)) == ["2026-01-01", None]


def test_a_quarter_is_called_by_its_year_and_ends_on_its_last_day() -> None:
    days = date("2025-12-31", "2026-01-01", "2024-02-29", "1899-12-31", None)
    assert answers("quarter(x)", x=days) == ["2025-Q4", "2026-Q1", "2024-Q1", None, None]
    assert answers("quarter_end(x)", x=days)[:3] == ["2025-12-31", "2026-03-31", "2024-03-31"]
    assert answer("quarter(x)", x=moment("2026-04-01 00:30")) == "2026-Q2"  # still March in UTC


def test_a_quotient_is_rounded_to_hundredths_and_nothing_is_divided_by_nothing() -> None:
    part, whole = number(1, 2, -2, 1, None, 5), number(3, 3, 3, 0, 2, -2)
    assert answers("quotient(x, y)", x=part, y=whole) == [
        Fraction(33, 100),
        Fraction(67, 100),
        Fraction(-67, 100),
        None,
        None,
        Fraction(-5, 2),
    ]
    assert answer("quotient(x, 0.8)", x=number(0.1, denominator=10)) == Fraction(13, 100)  # 0.125, half up
    assert answers("quotient(x, y)", x=number(UNKNOWN, 1), y=number(2, UNKNOWN)) == [UNKNOWN, UNKNOWN]


def test_a_number_is_worth_what_its_digits_are_worth_at_their_places() -> None:
    table = Table(100, 100, ((None, 0, -5, *[None] * 7), (7, 1, *[None] * 8)))
    known = replace(context(), tables={"t": table})
    cells = number(10, 21, 12, 1, 110, 31, -10, None, UNKNOWN)
    assert answers("worth('t', x)", known, x=cells) == [
        Fraction(107, 100),
        Fraction(96, 100),
        *[None] * 6,
        UNKNOWN,
    ]
    assert answer("worth('t', x)", known, x=number(10.5, denominator=10)) is None
    with pytest.raises(ExpressionError) as caught:
        answer("worth('s', x)", known, x=number(1))
    assert str(caught.value) == "column 7: unknown table 's'; known: t"
    with pytest.raises(ExpressionError) as caught:
        answer("worth('t', x)", known, x=text("a"))
    assert str(caught.value) == "column 1: worth() must be number, not text"


def test_no_function_is_left_out_here() -> None:
    tested = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in fn.NAMES if f"{name}(" not in tested and name not in fn.LIMITS] == []


def test_weekday_and_hour_are_those_of_the_local_clock() -> None:
    """Half past midnight in Finland is still the day before in UTC."""
    cells = moment("2026-03-02 00:30", "2026-03-01 23:59", "2026-07-15 08:00", None)
    assert answers("weekday(x)", x=cells) == [1, 7, 3, None]
    assert answers("hour(x)", x=cells) == [0, 23, 8, None]
    assert answers("weekday(x)", x=date("2026-02-28", None)) == [6, None]


def test_year_is_that_of_the_date() -> None:
    days = date("1969-12-31", "1970-01-01", "2025-12-31", "2026-01-01", None)
    assert answers("year(x)", x=days) == [1969, 1970, 2025, 2026, None]
    assert answers("year(asof())", x=date("2026-02-28")) == [2026]


def test_the_hour_that_october_repeats_is_one_hour_of_the_clock() -> None:
    """03:30 of summer time, an hour later 03:30 of winter time; then 04:30."""
    start = wall_seconds("2026-10-25 02:30") - 3 * 3600  # in UTC
    moments = instants(*(start + 3600 * step for step in range(4)))
    assert answers("hour(x)", x=moments) == [2, 3, 3, 4]
