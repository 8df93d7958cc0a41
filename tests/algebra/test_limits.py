"""Limits by date of validity: the number in force on the day the clock starts, and when it ends."""

from __future__ import annotations

import pytest

from opti_reports.algebra.expression import ExpressionError
from tests.algebra.rows import answer, answers, context, date, moment, number, rule

GUARANTEE = context(
    guarantee=(
        rule("months", 3, last="2023-08-31"),
        rule("days", 14, "2023-09-01", "2024-12-31"),
        rule("months", 3, "2025-01-01"),
    ),
    answered=(rule("days", 28, last="2024-12-31"), rule("days", 14, "2025-01-01", "2025-12-31")),
    handled=(rule("working_days", 5),),
    called=(rule("hours", 24),),
    connected=(rule("minutes", 30),),
)


def test_the_limit_of_the_starting_day_counts() -> None:
    start = date("2023-08-31", "2023-09-01", "2024-12-31", "2025-01-01", None)
    assert answers("limit_end('guarantee', x)", GUARANTEE, x=start) == [
        "2023-11-30",
        "2023-09-15",
        "2025-01-14",
        "2025-04-01",
        None,
    ]
    start = date("2024-12-31", "2025-01-01", "2025-12-31")
    assert answers("limit('answered', x)", GUARANTEE, x=start) == [28, 14, 14]


def test_a_limit_out_of_force_is_empty_and_so_never_kept() -> None:
    start = date("2026-01-01")
    assert answer("limit('answered', x)", GUARANTEE, x=start) is None
    assert answer("limit_end('answered', x)", GUARANTEE, x=start) is None
    assert answer("days(x, x) <= limit('answered', x)", GUARANTEE, x=start) is False


def test_the_start_of_a_limit_in_days_may_be_an_instant() -> None:
    late_evening = moment("2025-01-01 00:30")  # the evening of 2024 in UTC
    assert answer("limit('answered', x)", GUARANTEE, x=late_evening) == 14
    assert answer("limit_end('answered', x)", GUARANTEE, x=late_evening) == "2025-01-15"


def test_working_days_end_on_a_working_day() -> None:
    start = moment("2026-02-28 10:00", "2026-12-23 10:00")
    assert answers("limit_end('handled', x)", GUARANTEE, x=start) == ["2026-03-06", "2027-01-04"]


def test_a_limit_in_hours_ends_so_many_elapsed_hours_later() -> None:
    start = moment("2026-03-28 12:00", "2026-10-24 12:00", "2026-06-01 12:00", None)
    assert answers("limit_end('called', x)", GUARANTEE, x=start) == [
        "2026-03-29 13:00",
        "2026-10-25 11:00",
        "2026-06-02 12:00",
        None,
    ]
    kept = "hours(x, y) <= limit('called', x)"
    on_time, late = moment("2026-03-29 13:00"), moment("2026-03-29 13:01")
    assert answer(kept, GUARANTEE, x=moment("2026-03-28 12:00"), y=on_time) is True
    assert answer(kept, GUARANTEE, x=moment("2026-03-28 12:00"), y=late) is False


def test_a_limit_in_minutes_is_exact() -> None:
    start = moment("2026-06-01 23:45")
    assert answer("limit_end('connected', x)", GUARANTEE, x=start) == "2026-06-02 00:15"
    assert (
        answer("minutes(x, y) <= limit('connected', x)", GUARANTEE, x=start, y=moment("2026-06-02 00:15:01"))
        is False
    )


def test_a_limit_in_points_is_a_number_and_never_ends() -> None:
    scale = context(important=(rule("points", 10),))
    assert answers(
        "x >= limit('important', y)", scale, x=number(10, 9), y=date("2026-01-01", "2026-01-01")
    ) == [
        True,
        False,
    ]
    with pytest.raises(ExpressionError) as caught:
        answer("limit_end('important', y)", scale, y=date("2026-01-01"))
    assert str(caught.value) == "column 1: a limit in points has no end; write limit()"
