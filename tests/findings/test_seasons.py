"""Seasonal metrics: each month is judged by how far it lies from the same month a year before."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from opti_reports.config.settings import Rebase
from opti_reports.findings.effects import seasonal_effect
from opti_reports.findings.seasons import from_a_year_ago
from opti_reports.model.value import Reason
from tests.findings import naive_spc
from tests.findings.test_signals import months, series
from tests.findings.world import listed, month

CALLS: dict[str, Any] = {"unit": "count", "kind": "total", "num": ["f.n"], "decimals": 0}
YEAR = [109, 108, 105, 100, 98, 92, 60, 94, 102, 104, 106, 100]
"""A year of calls with a deep July; the last month is August, so that the year starts in September."""


def calls(years: int, more: dict[int, float] | None = None) -> list[float]:
    """Years alike but for ±1 in every second month and ``more`` by how many months back."""
    made = [YEAR[at % 12] + (at % 2) * (-1) ** (at // 12) for at in range(12 * years)]
    return [number + (more or {}).get(len(made) - 1 - at, 0) for at, number in enumerate(made)]


def test_the_season_is_no_signal_and_a_shift_against_last_year_is() -> None:
    plain = series(months(*calls(3)), season=False, **CALLS).signals()["m", "a"]
    assert any(point.rule == "outside" for point in plain.chart.points)  # every July
    found = series(months(*calls(3)), season=True, **CALLS).signals()["m", "a"]
    assert [point.rule for point in found.chart.points] == [None] * 36
    assert found.chart.variation == "common_cause"
    busy = series(months(*calls(3, {0: 30})), season=True, **CALLS).signals()["m", "a"]
    assert (busy.newest, busy.chart.variation) == (month(), "neutral_high")


def test_the_points_are_differences_worked_out_by_hand() -> None:
    """July 60, a year later 61: one more; the months before have no year ago."""
    found = series(months(*[10.0] * 6, 60.0, *[10.0] * 11, 61.0, 12.0), season=True, **CALLS).signals()
    points = [point.value for point in found["m", "a"].chart.points]
    assert points == [None] * 12 + [0.0] * 6 + [1.0, 2.0]
    assert found["m", "a"].base(18) == 60.0
    assert found["m", "a"].base(3) is None


@pytest.mark.parametrize(("known", "judged"), [(24, False), (25, True), (13, False), (3, False)])
def test_it_is_judged_once_25_months_exist(known: int, judged: bool) -> None:
    found = series(months(*calls(3)[-known:]), season=True, **CALLS).signals()["m", "a"]
    assert (found.chart.variation is not None) is judged
    assert (found.at(month()) is not None) is (known > 12)


@pytest.mark.parametrize("seed", range(20))
def test_the_chart_agrees_with_rules_written_a_second_time(seed: int) -> None:
    """Random years with a season, some gaps and a jump, against exact fractions and the naive rules."""
    source = np.random.default_rng(seed)
    numbers = [float(YEAR[at % 12] * 3 + source.integers(-20, 21)) for at in range(36)]
    for at in source.integers(20, 36, 2):
        numbers[int(at)] += 90
    gone = set(source.integers(1, 35, 2).tolist())
    values = [v for at, v in enumerate(reversed(months(*numbers))) if at not in gone]
    found = series(values, season=True, **CALLS).signals()["m", "a"]

    exact = [None if at in gone else Fraction(number) for at, number in enumerate(numbers)]
    differences: list[Fraction | None] = []
    for at in range(36):
        now, before = exact[at], exact[at - 12] if at >= 12 else None
        differences.append(None if now is None or before is None else now - before)
    assert [p.value for p in found.chart.points] == [None if d is None else float(d) for d in differences]
    assert [p.rule for p in found.chart.points] == naive_spc.rules(differences)


def test_equal_years_of_decimals_have_no_signal_from_rounding() -> None:
    numbers = [round(5 + at % 12 * 0.1, 1) for at in range(36)]
    found = series(months(*numbers), season=True, direction="down").signals()["m", "a"]
    assert {point.value for point in found.chart.points[12:]} == {0.0}
    assert found.chart.variation == "common_cause"


def test_no_month_is_set_against_one_of_the_process_before_a_rebase() -> None:
    assert from_a_year_ago([Fraction(1)] * 12 + [Fraction(3)] * 14, [12]) == (None,) * 24 + (0.0, 0.0)
    words = {"en": "x"}
    rebase = Rebase.model_validate(
        {"metric": "m", "month": "2024-09", "reason": words, "approved_by": words, "organisation": "a"}
    )
    numbers = [*calls(1), *[number + 50 for number in calls(2)]]
    found = series(months(*numbers), rebases=(rebase,), season=True, **CALLS).signals()["m", "a"]
    assert found.chart.starts == (0, 12)
    assert [p.value is None for p in found.chart.points] == [True] * 24 + [False] * 12
    assert found.chart.variation is None  # 24 months of the new process


def test_a_target_is_not_set_against_limits_that_move_and_no_rebase_is_proposed() -> None:
    numbers = [number / 10 for number in calls(3, dict.fromkeys(range(12), 200))]
    found = series(months(*numbers), listed(80), season=True, direction="up").signals()["m", "a"]
    assert (found.chart.assurance, found.proposed) == (None, None)
    assert found.chart.variation == "improvement_high"


def test_a_newest_month_that_lacks_a_part_is_not_judged() -> None:
    *before, newest = sorted(months(*calls(3, {0: 90})), key=lambda value: value.period.end)
    assert newest.period == month()
    lacking = newest._replace(
        state="partial", reason=Reason("unknown", have=1), range=(Fraction(1), Fraction(2))
    )
    assert series([*before, lacking], season=True, **CALLS).signals()["m", "a"].at(month()) is None


def test_rare_cases_are_still_shown_over_twelve_months() -> None:
    found = series(months(*[1.0, 0.0] * 18), season=True, **CALLS).signals()["m", "a"]
    assert (found.rare, found.season) == (True, False)


# Months lie ±1 from a year before. An action began in month 26; those after it lie 10 below a year before.
LEVELS = [50.0 + 10 * (at < 3) for at in range(12)]
for at in range(12, 34):
    LEVELS.append(LEVELS[at - 12] + (-10 if at > 26 else (-1) ** at))
DIFFERENCES = [None] * 12 + [LEVELS[at] - LEVELS[at - 12] for at in range(12, 34)]


def judged(levels: list[float], differences: list[float | None], **more: Any) -> Any:
    return seasonal_effect(levels, differences, 26, needed=6, fewest=13, **more)


def test_an_action_is_judged_by_the_same_months_a_year_before() -> None:
    found = judged(LEVELS, DIFFERENCES, direction="down")
    assert (found.verdict, found.n_before, found.n_after, found.season) == ("seen", 7, 7, True)
    assert found.before == pytest.approx(sum(LEVELS[15:22]) / 7)
    assert found.after == pytest.approx(sum(LEVELS[15:22]) / 7 - 10)
    assert (found.difference, found.interval) == (-10, (-10, -10))
    assert judged(LEVELS, DIFFERENCES, direction="up").verdict == "opposite"
    assert judged(LEVELS[:32], DIFFERENCES[:32], direction="down").verdict == "too_early"


def test_what_is_set_against_months_after_the_action_says_nothing_of_it() -> None:
    later = [*LEVELS, *[0.0] * 10], [*DIFFERENCES, -10.0, -10.0, -10.0, -10.0, *[99.0] * 6]
    assert judged(*later, direction="down").n_after == 11
    assert judged(*later, direction="down").verdict == "seen"
