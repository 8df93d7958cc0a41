"""Process behaviour charts: the worked examples, each rule at its edge, gaps, rebases and what they mean."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opti_reports.model.spc import Chart, Segment
from tests.findings import naive_spc
from tests.findings.charts import chart, proposed_rebase

SPIKE = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
CALM = [0.0, 1.0] * 6
"""Centre 0.5, average range 1: limits −2.16 and 3.16, near limits 0.5 ± 1.773."""


def rules(made: Chart) -> dict[int, str]:
    return {i: point.rule for i, point in enumerate(made.points) if point.rule}


def rounded(segment: Segment, digits: int = 2) -> tuple[float | None, ...]:
    limits = (segment.mean, segment.lpl, segment.upl)
    return tuple(None if limit is None else round(limit, digits) for limit in limits)


def after_calm(*values: float | None, **more: Any) -> Chart:
    """A series whose limits rest on its first twelve points."""
    return chart([*CALM, *values], fix=12, **more)


def test_worked_examples() -> None:
    screened, plain, rising = chart(SPIKE), chart(SPIKE, screen=False), chart(list(range(1, 11)))
    assert rounded(screened.segments[0]) == (1.94, -0.72, 4.60)
    assert rounded(plain.segments[0]) == (1.94, -3.06, 6.95)
    assert rules(screened) == rules(plain) == {4: "outside"}
    (segment,) = rising.segments
    assert rounded(segment) == (5.5, 2.84, 8.16)
    assert segment.nlpl == pytest.approx(3.7267, abs=5e-5)
    assert segment.nupl == pytest.approx(7.2733, abs=5e-5)
    expected = dict.fromkeys((0, 1, 8, 9), "outside") | dict.fromkeys(range(2, 8), "trend")
    assert rules(rising) == expected


def test_a_constant_series_has_its_centre_for_limits_and_no_signal() -> None:
    made = chart([0.1] * 20, target=0.2, direction="up")
    (segment,) = made.segments
    limits = (segment.mean, segment.lpl, segment.upl, segment.nlpl, segment.nupl)
    assert limits == pytest.approx((0.1,) * 5)
    assert segment.n == 20
    assert rules(made) == {}
    assert (made.variation, made.assurance) == ("common_cause", "fail")


def test_a_flat_series_with_a_spike_keeps_its_unscreened_limits() -> None:
    made = chart([5.0] * 6 + [9.0] + [5.0] * 6)
    assert rules(made) == {6: "outside"}
    average = 8 / 12
    assert made.segments[0].upl == pytest.approx(5 + 4 / 13 + 2.66 * average)


def test_one_spike_pulls_the_centre_so_that_a_long_flat_stretch_is_a_shift() -> None:
    made = chart([5.0] * 9 + [9.0] + [5.0] * 4)
    assert rules(made) == {9: "outside"} | dict.fromkeys(range(9), "shift")


@pytest.mark.parametrize("scale", [Fraction(1), Fraction(1, 10), Fraction(7, 3), Fraction(10**9, 7)])
def test_a_point_on_a_limit_is_inside(scale: Fraction) -> None:
    def made(newest: str) -> dict[int, str]:
        values = [float(v * scale) for v in (*map(Fraction, CALM), Fraction(newest))]
        return rules(chart(values, fix=12))

    assert made("3.16") == made("-2.16") == {}
    assert made("3.1601") == made("-2.1601") == {12: "outside"}


def test_a_range_of_exactly_the_screening_limit_is_left_out() -> None:
    ranges = [34] * 21 + [33] * 5 + [121]
    assert sum(ranges) == 1000
    values = [0.0]
    for number, size in enumerate(ranges):
        values.append(values[-1] + (size if number % 2 else -size))
    (segment,) = chart(values).segments
    assert segment.mean is not None
    assert segment.upl == pytest.approx(segment.mean + 2.66 * 879 / 26)


def test_seven_points_make_a_trend_and_a_tie_breaks_it() -> None:
    rise = [0.4, 0.6, 0.9, 1.2, 1.5, 1.6, 1.65]
    assert rules(after_calm(-0.5, *rise[1:])) == dict.fromkeys(range(12, 19), "trend")
    assert "trend" not in rules(after_calm(0.6, *rise[1:])).values()
    assert "trend" not in rules(after_calm(-0.5, 0.6, 0.9, 0.9, 1.2, 1.5, 1.6, 1.65)).values()


def test_a_trend_is_read_by_its_direction() -> None:
    fall = after_calm(1.9, 1.7, 1.5, 1.3, 1.1, 0.9, 0.7, direction="up")
    assert fall.points[-1].rule == "trend"
    assert fall.points[-1].value is not None
    assert fall.points[-1].value > 0.5
    assert fall.variation == "concern_low"


def test_seven_points_on_a_side_make_a_shift_and_one_on_the_centre_breaks_it() -> None:
    above = [1.0, 0.9, 1.0, 0.9, 1.0, 0.9, 1.0]
    assert rules(after_calm(0.5, *above)) == dict.fromkeys(range(13, 20), "shift")
    assert rules(after_calm(0.5, *above[:6])) == {}
    assert rules(after_calm(0.5, *above[:4], 0.5, *above[:4])) == {}


def test_two_of_three_near_a_limit_are_signals_if_all_three_lie_on_one_side() -> None:
    assert rules(after_calm(2.5, 0.9, 2.6)) == dict.fromkeys((12, 14), "two_of_three")
    assert rules(after_calm(2.5, 0.4, 2.6)) == {}
    assert rules(after_calm(2.5, -1.5, -1.6)) == {}
    assert rules(after_calm(2.5, 4.0, 0.9)) == {13: "outside"}
    # Exactly on the near limit is not yet near.
    assert rules(after_calm(float(Fraction("0.5") + 2 * Fraction("2.66") / 3), 0.9, 2.6)) == {}


def test_a_gap_is_never_bridged() -> None:
    gap = chart([1.0, 2.0, None, 9.0, 8.0])
    assert rounded(gap.segments[0]) == (5.0, 2.34, 7.66)
    assert gap.segments[0].n == 4
    above = [1.0, 0.9, 1.0, 0.9]
    assert rules(after_calm(0.5, *above, None, *above)) == {}
    assert rules(after_calm(0.5, *[0.6 + i / 10 for i in range(4)], None, 1.1, 1.2, 1.3)) == {}
    assert rules(after_calm(0.5, 2.5, None, 2.6)) == {}
    assert rules(after_calm(0.5, 2.5, 2.6)) == {}, "the third is still to come"


def test_not_a_number_is_a_gap() -> None:
    assert chart([1.0, math.nan, 3.0]) == chart([1.0, None, 3.0])


def test_the_newest_point_is_the_last_that_is_not_a_gap() -> None:
    made = after_calm(0.5, 4.0, None, direction="down")
    assert made.newest == 13
    assert made.variation == "concern_high"


def test_a_fixed_baseline_counts_rows_of_its_segment() -> None:
    made = chart([1.0, None, 3.0, 4.0, 50.0, 60.0], fix=4)
    assert rounded(made.segments[0]) == (round(8 / 3, 2), round(8 / 3 - 2.66, 2), round(8 / 3 + 2.66, 2))
    assert made.segments[0].n == 5
    assert rules(made) == dict.fromkeys((4, 5), "outside")
    twice = chart([1.0, 2.0, 9.0, 11.0, 13.0, 99.0], fix=2, rebase=[3])
    assert [segment.mean for segment in twice.segments] == [1.5, 12.0]


def test_each_segment_has_its_own_limits_and_no_rule_looks_across() -> None:
    low, high = [1.0, 2.0] * 7, [11.0, 12.0] * 7
    made = chart([*low, *high], rebase=[14])
    assert [(segment.mean, segment.n) for segment in made.segments] == [(1.5, 14), (11.5, 14)]
    assert made.starts == (0, 14)
    assert rules(made) == {}
    assert rules(chart([*low, *high])) != {}
    rising = [1.0, 2.0, 1.0, 2.0, 3.0, 4.0]
    assert "trend" not in rules(chart([*rising, 5.0, 6.0, 7.0, 1.0], rebase=[6])).values()


def test_a_rebase_at_the_beginning_beyond_or_twice_changes_nothing() -> None:
    assert chart(SPIKE, rebase=[0, -3, 18, 99]) == chart(SPIKE)
    assert chart(SPIKE, rebase=[9, 9]) == chart(SPIKE, rebase=[9])


@pytest.mark.parametrize(
    ("direction", "high", "low"),
    [
        ("up", "improvement_high", "concern_low"),
        ("down", "concern_high", "improvement_low"),
        ("neutral", "neutral_high", "neutral_low"),
    ],
)
def test_a_signal_is_read_with_the_direction(direction: Any, high: str, low: str) -> None:
    assert after_calm(0.5, 9.0, direction=direction).variation == high
    assert after_calm(0.5, -9.0, direction=direction).variation == low
    assert after_calm(9.0, 0.5, direction=direction).variation == "common_cause"


@pytest.mark.parametrize(
    ("band", "expected"),
    [
        ((4.0, 6.0), "improvement_high"),
        ((-3.0, -1.0), "concern_high"),
        ((0.0, 1.0), "concern_high"),
        ((0.0, 10.0), "neutral_high"),
        ((2.0, 3.0), "concern_high"),
    ],
)
def test_a_signal_towards_the_band_is_an_improvement(band: tuple[float, float], expected: str) -> None:
    """The centre is 0.5 and the newest point 5: nearer to the band is better, farther is worse."""
    assert after_calm(0.5, 5.0, direction="band", target=band).variation == expected


def test_without_a_band_a_signal_is_neither() -> None:
    assert after_calm(0.5, 5.0, direction="band").variation == "neutral_high"


def test_thirteen_points_are_needed_for_icons_and_none_for_the_rules() -> None:
    twelve, thirteen = SPIKE[:12], SPIKE[:13]
    short = chart(twelve, target=99, direction="up")
    assert (short.variation, short.assurance) == (None, None)
    assert rules(short)[4] == "outside"
    assert chart(thirteen, target=99, direction="up").assurance == "fail"
    assert chart([*twelve, None]).variation is None
    assert chart([*SPIKE, *twelve], rebase=[18]).variation is None, "the newest segment is short"


@pytest.mark.parametrize(
    ("target", "direction", "expected"),
    [
        (4.0, "up", "fail"),
        (4.0, "down", "pass"),
        (-3.0, "up", "pass"),
        (-3.0, "down", "fail"),
        (0.5, "up", "inconsistent"),
        (3.16, "up", "inconsistent"),
        (-2.16, "down", "inconsistent"),
        (4.0, "neutral", None),
        (None, "up", None),
        ((-3.0, 4.0), "band", "pass"),
        ((-2.16, 4.0), "band", "inconsistent"),
        ((4.0, 5.0), "band", "fail"),
        ((-5.0, -3.0), "band", "fail"),
        ((0.0, 1.0), "band", "inconsistent"),
        (4.0, "band", None),
        ((4.0, 5.0), "up", None),
    ],
)
def test_the_target_against_the_limits(target: Any, direction: Any, expected: str | None) -> None:
    assert after_calm(0.5, target=target, direction=direction).assurance == expected


def test_the_newest_limits_decide_over_the_target() -> None:
    made = chart([v + 10 for v in CALM] + [10.5] + CALM + [0.5], rebase=[13], target=5, direction="up")
    assert made.assurance == "fail"


def test_limits_are_clamped_for_drawing_only() -> None:
    (segment,) = chart(CALM).segments
    drawn = segment.within((0.0, 3.0))
    assert (drawn.lpl, drawn.upl, drawn.nlpl, drawn.mean) == (0.0, 3.0, 0.0, 0.5)
    assert drawn.nupl == segment.nupl
    assert segment.within((None, None)) == segment
    assert segment.lpl == pytest.approx(-2.16)
    assert chart([5.0]).segments[0].within((0.0, 1.0)).lpl is None


NOTHING = Segment(mean=None, lpl=None, upl=None, nlpl=None, nupl=None, n=0)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], NOTHING),
        ([None, None], NOTHING),
        ([7.0], Segment(mean=7.0, lpl=None, upl=None, nlpl=None, nupl=None, n=1)),
        ([7.0, None, 9.0], Segment(mean=8.0, lpl=None, upl=None, nlpl=None, nupl=None, n=2)),
    ],
)
def test_too_few_points_have_no_limits(values: list[float | None], expected: Segment) -> None:
    made = chart(values, target=1, direction="up")
    assert made.segments == (expected,)
    assert (rules(made), made.variation, made.assurance) == ({}, None, None)
    assert len(made.points) == len(values)


def test_two_points_have_limits() -> None:
    assert rounded(chart([3.0, 4.0]).segments[0]) == (3.5, 0.84, 6.16)


def test_a_baseline_without_values_has_no_limits() -> None:
    made = chart([None, None, *CALM, 99.0], fix=2)
    assert made.segments[0] == replace(NOTHING, n=13)
    assert (made.variation, rules(made)) == ("common_cause", {})


@pytest.mark.parametrize("size", [1e300, 1e-300, 5e-324])
def test_extreme_values_give_figures(size: float) -> None:
    made = chart([size, -size] * 8, target=0, direction="up")
    figures = [limit for limit in vars(made.segments[0]).values() if limit is not None]
    assert len(figures) == 6
    assert all(math.isfinite(figure) for figure in figures)


@pytest.mark.parametrize("value", [math.inf, -math.inf, 1.1e300])
def test_what_no_float_can_hold_limits_of_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="too large"):
        chart([1.0, value])


def test_a_lasting_shift_proposes_a_rebase_where_it_began() -> None:
    step = [1.0, 2.0] * 6 + [8.0, 9.0] * 6
    assert proposed_rebase(chart(step)) == 12
    assert proposed_rebase(chart([*step, None])) == 12
    assert proposed_rebase(chart(step[:-1])) is None, "eleven points"
    assert proposed_rebase(chart([*step, 0.0])) is None, "it did not last"
    assert proposed_rebase(chart([*step[:20], None, *step[20:]])) is None, "a gap is not bridged"
    assert proposed_rebase(chart([*CALM, *step], rebase=[12])) == 24
    assert proposed_rebase(chart(step, rebase=[12])) is None
    assert proposed_rebase(chart([])) is None


def test_labels_are_kept_and_default_to_numbers() -> None:
    assert [point.label for point in chart([1.0, None]).points] == ["1", "2"]
    assert [point.label for point in chart([1.0, None], ["a", "b"]).points] == ["a", "b"]


SERIES = st.lists(st.one_of(st.none(), st.integers(-6, 6)), max_size=40)


@given(SERIES, st.booleans(), st.sampled_from([Fraction(1), Fraction(1, 10), Fraction(3, 7)]))
def test_the_rules_agree_with_exact_arithmetic(
    values: list[int | None], screen: bool, scale: Fraction
) -> None:
    exact = [None if value is None else value * scale for value in values]
    made = chart([None if value is None else float(value) for value in exact], screen=screen)
    assert [point.rule for point in made.points] == naive_spc.rules(exact, screen=screen)
    found = naive_spc.limits(exact, screen=screen)
    if found is not None:
        assert made.segments[0].mean == pytest.approx(float(found[0]), abs=1e-12)
        assert made.segments[0].upl == pytest.approx(float(found[0] + Fraction("2.66") * found[1]), abs=1e-12)


@given(SERIES, st.integers(1, 20), st.sets(st.integers(-2, 45), max_size=4), st.booleans())
def test_every_segment_agrees_with_exact_arithmetic_on_its_own_baseline(
    values: list[int | None], fix: int, rebase: set[int], screen: bool
) -> None:
    made = chart(values, fix=fix, rebase=rebase, screen=screen)
    expected: list[str | None] = []
    for start, end in pairwise([*made.starts, len(values)]):
        exact = [None if value is None else Fraction(value) for value in values[start:end]]
        expected += naive_spc.rules(exact, screen=screen, fix=fix)
    assert [point.rule for point in made.points] == expected
    assert set(made.starts) - {0} == {at for at in rebase if 0 < at < len(values)}


@given(SERIES)
def test_read_backwards_the_same_points_are_signals(values: list[int | None]) -> None:
    there, back = chart(values), chart(values[::-1])
    assert [point.rule for point in there.points] == [point.rule for point in back.points][::-1]
    assert there.segments == back.segments


@given(SERIES, st.integers(0, 5), st.integers(0, 5))
def test_gaps_before_and_after_change_nothing(values: list[int | None], before: int, after: int) -> None:
    plain, padded = (
        chart(values, direction="up"),
        chart([None] * before + values + [None] * after, direction="up"),
    )
    assert padded.segments == plain.segments
    assert (padded.variation, padded.assurance) == (plain.variation, plain.assurance)
    assert [(p.rule, p.reading) for p in padded.points[before : before + len(values)]] == [
        (p.rule, p.reading) for p in plain.points
    ]


@given(SERIES, st.sampled_from([(0.0, 1.0), (None, 2.0), (-1.0, None)]))
def test_drawn_limits_lie_in_bounds_and_the_centre_stays(
    values: list[int | None], bounds: tuple[float | None, float | None]
) -> None:
    made = chart(values)
    drawn = made.segments[0].within(bounds)
    for limit in (drawn.lpl, drawn.upl, drawn.nlpl, drawn.nupl):
        if limit is not None:
            assert bounds[0] is None or limit >= bounds[0]
            assert bounds[1] is None or limit <= bounds[1]
    assert drawn.mean == made.segments[0].mean


@given(SERIES, st.integers(-1000, 1000), st.sampled_from([0.25, 1, 8]))
def test_another_unit_or_zero_changes_no_signal(values: list[int | None], moved: int, scale: float) -> None:
    def seen(series: Sequence[float | None]) -> list[object]:
        made = chart(series, direction="up")
        return [made.variation, *((point.rule, point.reading) for point in made.points)]

    assert seen([None if v is None else v * scale + moved for v in values]) == seen(values)


@given(SERIES, st.sampled_from(["up", "neutral"]))
def test_turned_upside_down_high_and_low_change_places(values: list[int | None], direction: Any) -> None:
    made, turned = (
        chart(values, direction=direction),
        chart(
            [None if v is None else -v for v in values], direction="down" if direction == "up" else direction
        ),
    )
    assert [point.rule for point in turned.points] == [point.rule for point in made.points]
    swap = {"high": "low", "low": "high"}
    for one, other in zip(made.points, turned.points, strict=True):
        if one.reading is not None:
            kind, side = one.reading.split("_")
            assert other.reading == f"{kind}_{swap[side]}"


@given(st.lists(st.one_of(st.none(), st.floats(-1e300, 1e300)), max_size=40), st.integers(2, 20))
def test_whatever_comes_gives_figures_that_json_can_say(values: list[float | None], fix: int) -> None:
    for made in (chart(values), chart(values, fix=fix, rebase=[7])):
        json.dumps([vars(segment) for segment in made.segments], allow_nan=False)


def test_white_noise_flags_two_per_cent_of_newest_points() -> None:
    def flagged(seed: int) -> bool:
        source = random.Random(seed)
        return chart([source.gauss(50, 5) for _ in range(36)]).variation != "common_cause"

    share = sum(flagged(seed) for seed in range(4000)) / 4000
    assert 0.012 < share < 0.026
