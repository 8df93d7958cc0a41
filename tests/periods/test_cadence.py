"""Each cadence knows its periods, the one before, a year ago, and its text there and back."""

from __future__ import annotations

import pickle

import pytest

from opti_reports.periods.cadence import (
    CADENCES,
    MONTH,
    ROLLING,
    TERTIAL,
    TO_DATE,
    WEEK,
    WHOLE_YEAR,
    Cadence,
    cadence,
)
from opti_reports.periods.months import parse_month
from opti_reports.periods.period import day_after, parse_period


@pytest.mark.parametrize(
    ("one", "text", "before", "year_ago", "months"),
    [
        (MONTH, "2026-01", "2025-12", "2025-01", 1),
        (TERTIAL, "2026-T1", "2025-T3", "2025-T1", 4),
        (WHOLE_YEAR, "2026", "2025", "2025", 12),
        (ROLLING, "2026-01", "2025-12", "2025-01", 12),
        (TO_DATE, "2026-03", "2026-02", "2025-03", 3),
        (WEEK, "2026-W01", "2025-W52", "2025-W01", 1),
        (WEEK, "2021-W01", "2020-W53", "2020-W02", 1),
    ],
)
def test_a_period_knows_its_neighbours(
    one: Cadence, text: str, before: str, year_ago: str, months: int
) -> None:
    period = parse_period(one, text)
    assert (period.text, one.before(period).text, period.year_ago.text) == (text, before, year_ago)
    assert len(period.months) == months


def test_a_week_belongs_to_the_month_of_its_thursday() -> None:
    week = parse_period(WEEK, "2026-W01")
    assert (week.end, WEEK.before(week).end) == (parse_month("2026-01"), parse_month("2025-12"))


def test_running_sums_are_followed_by_the_steps_of_another_cadence() -> None:
    period = parse_period(TO_DATE, "2026-08")
    assert [one.text for one in TERTIAL.back(period, period.end - 12)] == ["2026-08", "2026-04", "2025-12"]


def test_another_process_has_the_same_objects() -> None:
    assert [pickle.loads(pickle.dumps(one)) is cadence(one.id) is one for one in CADENCES] == [True] * len(
        CADENCES
    )


def test_the_day_after_a_period_is_known_by_its_text() -> None:
    texts = ("2026-08", "2026-T2", "2026-12", "2026", "2026-W35", "2026-W53")
    assert [day_after(text).isoformat() for text in texts] == [
        "2026-09-01",
        "2026-09-01",
        "2027-01-01",
        "2027-01-01",
        "2026-08-31",
        "2027-01-04",
    ]


@pytest.mark.parametrize(
    "text", ["2026-T4", "2026-T0", "2026-W54", "2025-W53", "2026-13", "202", "20266", ""]
)
def test_a_text_that_is_no_such_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        day_after(text)
