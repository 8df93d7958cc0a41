"""Whether an action helped: its four verdicts, each for its reason."""

from __future__ import annotations

from typing import Any

import pytest

from tests.findings.charts import effect

BEFORE = [50.0, 52.0, 49.0, 51.0, 50.0, 48.0, 52.0, 50.0, 49.0, 51.0, 50.0, 52.0]
START = len(BEFORE)
BETTER = [58.0, 60.0, 59.0, 61.0, 60.0, 59.0]


def judged(*after: float | None, direction: Any = "up", **more: Any) -> str:
    """The verdict on an action that began in the month after the twelve; that month itself is a wild one."""
    return effect([*BEFORE, 999.0, *after], START, direction=direction, **more).verdict


def test_seen_opposite_and_not_yet() -> None:
    assert judged(*BETTER) == "seen"
    assert judged(*BETTER, direction="down") == "opposite"
    assert judged(*[100 - v for v in BETTER]) == "opposite"
    assert judged(*BEFORE[:6]) == "not_yet"
    assert judged(*BETTER, direction="neutral") == "not_yet"


def test_it_is_too_early_before_the_sixth_point_after_the_start() -> None:
    assert judged(*BETTER[:5]) == "too_early"
    assert judged(*BETTER[:5], None, None) == "too_early"
    assert judged(*BETTER[:5], None, 60.0) == "seen"


def test_an_effect_that_has_passed_is_not_seen() -> None:
    assert judged(*BETTER, 50.0) == "not_yet"


def test_a_last_point_against_the_means_is_neither() -> None:
    assert judged(*[48.0, 46.0] * 3, 47.0, 90.0) == "seen"
    assert judged(*[40.0] * 12, 60.0) == "not_yet"


def test_a_move_to_the_band_is_an_effect() -> None:
    assert judged(*BETTER, direction="band", target=(58.0, 62.0)) == "seen"
    assert judged(*BETTER, direction="band", target=(40.0, 51.0)) == "opposite"
    assert judged(*BETTER, direction="band", target=(0.0, 99.0)) == "not_yet"


def test_the_figures_leave_out_the_month_of_the_start() -> None:
    found = effect([*BEFORE, 999.0, *BETTER], START, direction="up")
    assert (found.n_before, found.n_after) == (12, 6)
    assert found.before == pytest.approx(604 / 12)
    assert found.after == pytest.approx(357 / 6)
    assert found.difference == pytest.approx(357 / 6 - 604 / 12)
    assert found.interval is not None
    assert found.difference is not None
    assert found.interval[0] < found.difference < found.interval[1]
    assert found.interval[0] == pytest.approx(found.difference - (found.interval[1] - found.difference))


def test_the_baseline_begins_with_the_last_rebase() -> None:
    found = effect([0.0] * 5 + [*BEFORE, 999.0, *BETTER], 5 + START, since=5, direction="up")
    assert found == effect([*BEFORE, 999.0, *BETTER], START, direction="up")


@pytest.mark.parametrize(
    ("values", "start"), [([], 0), ([None] * 20, 10), (BETTER, 0), (BEFORE, 11), ([1.0, *BETTER], 40)]
)
def test_without_a_baseline_or_anything_after_it_is_too_early(values: list[float], start: int) -> None:
    found = effect(values, start, direction="up")
    assert found.verdict == "too_early"
    assert found.interval is None


def test_constant_before_and_after_has_a_difference_without_width() -> None:
    found = effect([5.0] * 12 + [5.0] + [7.0] * 6, 12, direction="up")
    assert (found.difference, found.interval, found.verdict) == (2.0, (2.0, 2.0), "seen")
