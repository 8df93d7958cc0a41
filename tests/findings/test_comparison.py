"""Units beside each other: limits by hand, what chance explains, and who is too small to be judged."""

from __future__ import annotations

from math import sqrt

import pytest

from opti_reports.findings.comparison import Tally, overdispersion, proportions
from opti_reports.model.comparison import Funnel, Placed


def of(funnel: Funnel, org: str) -> Placed:
    return next(unit for unit in funnel.units if unit.org == org)


EVEN = [Tally(f"u{i}", 50, 100) for i in range(9)]


def test_limits_of_a_proportion_by_hand() -> None:
    made = proportions([*EVEN, Tally("x", 62, 100)], 30)
    centre = 512 / 1000
    assert made.centre == centre
    assert made.phi < 1
    assert not made.adjusted
    unit = of(made, "x")
    error = sqrt(centre * (1 - centre) / 100)
    assert unit.alert == pytest.approx((centre - 1.95996 * error, centre + 1.95996 * error))
    assert unit.alarm == pytest.approx((centre - 3.09023 * error, centre + 3.09023 * error))
    assert (unit.value, unit.position) == (0.62, "alert_high")
    assert of(made, "u0").position == "within"


def test_intervals_are_wilsons() -> None:
    made = proportions([Tally("a", 65, 100), Tally("b", 1, 100)], 1)
    assert of(made, "a").interval == pytest.approx((0.552544, 0.736358), abs=5e-7)
    assert of(made, "b").interval == pytest.approx((0.001767, 0.054486), abs=5e-7)


@pytest.mark.parametrize(
    ("hits", "expected"),
    [(20, "alarm_low"), (38, "alert_low"), (50, "within"), (62, "alert_high"), (80, "alarm_high")],
)
def test_where_a_unit_lies(hits: int, expected: str) -> None:
    rest = Tally("rest", 50_000, 100_000)
    others = [Tally(f"u{i}", 50, 100) for i in range(18)]
    assert of(proportions([rest, *others, Tally("x", hits, 100)], 30), "x").position == expected


def test_a_unit_below_the_minimum_is_too_few_and_still_counts_for_all() -> None:
    made = proportions([Tally("a", 50, 100), Tally("b", 29, 29), Tally("c", 15, 30), Tally("d", 0, 0)], 30)
    assert made.centre == 94 / 159
    for name, n in (("b", 29), ("d", 0)):
        assert of(made, name) == Placed(
            org=name, n=n, value=None, interval=None, alert=None, alarm=None, position="too_few"
        )
    assert of(made, "c").position != "too_few"


def test_limits_are_cut_to_what_a_share_can_be() -> None:
    unit = proportions([Tally("a", 1, 30), Tally("b", 0, 30)], 1).units[0]
    assert unit.alarm is not None
    assert unit.alarm[0] == 0
    unit = proportions([Tally("a", 29, 30), Tally("b", 30, 30)], 1).units[0]
    assert unit.alarm is not None
    assert unit.alarm[1] == 1


@pytest.mark.parametrize("hits", [0, 100])
def test_all_alike_at_an_end_is_within(hits: int) -> None:
    made = proportions([Tally("a", hits, 100), Tally("b", hits, 100)], 30)
    assert made.phi == 1
    assert {unit.position for unit in made.units} == {"within"}


def test_nothing_to_compare() -> None:
    assert proportions([], 30) == Funnel(None, 1.0, ())
    (unit,) = proportions([Tally("a", 0, 0)], 30).units
    assert unit.position == "too_few"


def test_a_tenth_at_either_end_is_drawn_in() -> None:
    # Ten: the 9 becomes 2 and the −5 becomes −1; nine: nothing is drawn in.
    assert overdispersion([9, -5, 2, -1, 0, 0, 0, 0, 0, 0]) == pytest.approx((4 + 4 + 1 + 1) / 10)
    assert overdispersion([9, -5, 2, -1, 0, 0, 0, 0, 0]) == pytest.approx((81 + 25 + 4 + 1) / 9)
    assert overdispersion([]) == 1


def test_overdispersed_units_have_wider_limits_and_it_is_said() -> None:
    tallies = [Tally(f"u{i}", 5000 + (i - 5) * 200, 10_000) for i in range(11)]
    made = proportions(tallies, 30)
    # Distances in errors of 0.005: −20 … 20 in steps of 4, the ends drawn in to ±16.
    assert made.phi == pytest.approx(16 * (2 * (1 + 4 + 9 + 16 + 16)) / 11)
    assert made.adjusted
    alert = made.units[0].alert
    assert alert is not None
    assert alert[1] - 0.5 == pytest.approx(1.95996 * 0.005 * sqrt(made.phi))
    assert made.units[0].position == "within"
