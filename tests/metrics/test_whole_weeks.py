"""Which weeks a source has every day of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from opti_reports.metrics.placed import PlacedFact
from opti_reports.periods.months import parse_month, parse_week, week_text
from tests.metrics.small import Row, table

JUNE, AUGUST = parse_month("2026-06"), parse_month("2026-08")
"""July has not been delivered."""
WEEKS = np.array([parse_week(f"2026-W{number}") for number in range(23, 38)])


def whole(of: PlacedFact) -> list[str]:
    return [week_text(week)[5:] for week in WEEKS[of.whole(WEEKS)].tolist()]


def test_a_week_is_whole_where_the_months_of_all_its_days_are_delivered() -> None:
    days = replace(table([Row(unit="a")]), covered=frozenset({JUNE, AUGUST}), until=AUGUST)
    # June begins on a Monday and ends on a Tuesday, August begins on a Saturday and ends on a Monday.
    assert whole(days) == ["W23", "W24", "W25", "W26", "W32", "W33", "W34", "W35"]


def test_rows_of_weeks_hold_all_days_of_the_weeks_of_their_month() -> None:
    weeks = replace(table([Row(unit="a")]), covered=frozenset({JUNE, AUGUST}), until=AUGUST, of_weeks=True)
    assert whole(weeks) == ["W23", "W24", "W25", "W26", "W32", "W33", "W34", "W35"]
    until_april = replace(weeks, covered=frozenset({AUGUST - 4}), until=AUGUST - 4)
    april = np.array([parse_week("2026-W18")])
    assert until_april.whole(april).all()  # from Monday the 27th; its Thursday is the 30th
    assert not replace(until_april, of_weeks=False).whole(april).any()


def test_a_week_without_rows_at_its_end_is_whole_where_its_days_are_delivered() -> None:
    # Units deliver it. No unit has rows of August yet, whose first days end the week of Thursday 30 July.
    july = replace(table([Row(unit="a")]), covered=frozenset({AUGUST - 1}), until=AUGUST)
    assert whole(july) == ["W28", "W29", "W30"]
    assert whole(replace(july, delivered=frozenset({AUGUST - 1, AUGUST}))) == ["W28", "W29", "W30", "W31"]
