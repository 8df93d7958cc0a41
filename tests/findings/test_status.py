"""Which target is in force and how a value stands against it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from opti_reports.config.settings import Target, Watch
from opti_reports.findings.status import Targets
from opti_reports.model.finding import Status, TargetInForce
from opti_reports.model.value import State
from opti_reports.periods.cadence import MONTH, ROLLING, TO_DATE
from opti_reports.periods.months import parse_month
from opti_reports.periods.period import Period
from tests.findings.world import AUGUST, TREE, catalogue, listed, metric, month, value


def targets(*found: Target, unit: str = "percent", **more: Any) -> Targets:
    return Targets({"m": metric(unit, **more)}, found, Watch(relative=0.05, points=5), TREE)


def in_force(
    found: Targets, org: str = "a", period: Period | None = None
) -> tuple[tuple[float, ...], str, str] | None:
    target = found.in_force("m", org, period or month())
    return (target.value, target.basis, target.org) if target else None


LAW, PROCESS, PROPOSED = (catalogue(kind, v) for kind, v in (("law", 100), ("process", 95), ("proposed", 70)))


def test_the_law_goes_before_everything() -> None:
    assert in_force(targets(listed(80, "a"), listed(85), target=LAW)) == ((100.0,), "law", "all")


def test_an_agreed_target_goes_before_the_demos_and_that_before_a_proposed_one() -> None:
    agreed, demo, proposed = listed(80), listed(90, "a", "demo"), listed(60, "a", "proposed")
    assert in_force(targets(agreed, demo, proposed, target=PROCESS)) == ((80.0,), "agreed", "all")
    assert in_force(targets(demo, proposed, target=PROCESS)) == ((90.0,), "demo", "a")
    assert in_force(targets(proposed, target=PROCESS)) == ((60.0,), "proposed", "a")
    assert in_force(targets(target=PROCESS)) == ((95.0,), "proposed", "all")
    assert in_force(targets()) is None


@pytest.mark.parametrize("kind", ["proposed", "process", "example", "baseline"])
def test_the_catalogue_agrees_nothing_but_the_law(kind: str) -> None:
    found = targets(target=catalogue(kind, 70))
    assert in_force(found) == ((70.0,), "proposed", "all")
    assert (tone(found, 10), tone(found, 100)) == ("none", "none")


def test_the_nearest_agreed_target_upwards_counts() -> None:
    found = targets(listed(80), listed(82, "south"), listed(84, "a"))
    assert {org: in_force(found, org) for org in ("a", "b", "south", "all", "other")} == {
        "a": ((84.0,), "agreed", "a"),
        "b": ((82.0,), "agreed", "south"),
        "south": ((82.0,), "agreed", "south"),
        "all": ((80.0,), "agreed", "all"),
        "other": ((80.0,), "agreed", "all"),
    }


def test_a_target_counts_from_the_month_in_which_it_is_valid_at_the_end() -> None:
    found = targets(
        listed(80, since="2026-03-31", valid_to="2026-06-29"),
        listed(85, since="2026-07-01"),
        target=LAW | {"kind": "process"},
    )
    by_month = {
        m: in_force(found, period=Period(MONTH, parse_month(f"2026-0{m}"))) for m in (2, 3, 5, 6, 7, 8)
    }
    assert {m: t and t[0][0] for m, t in by_month.items()} == {2: 100, 3: 80, 5: 80, 6: 100, 7: 85, 8: 85}
    before = targets(target=catalogue("law", 100, since="2026-09-01"))
    assert in_force(before) is None
    assert in_force(targets(target=catalogue("proposed", 100, since="2026-09-01"))) is None


def test_a_years_target_is_shared_over_the_months_so_far() -> None:
    found = targets(listed(90, pro_rata=True), unit="count")
    shares = {m: in_force(found, period=Period(TO_DATE, parse_month(f"2026-{m:02d}"))) for m in (1, 8, 12)}
    assert {m: t and t[0][0] for m, t in shares.items()} == {1: 7.5, 8: 60, 12: 90}
    assert in_force(found, period=Period(ROLLING, AUGUST)) == ((90,), "agreed", "all")
    band = targets(target=catalogue("process", [30, 60], "between", pro_rata=True), unit="count")
    assert in_force(band, period=Period(TO_DATE, AUGUST)) == ((20, 40), "proposed", "all")


def tone(found: Targets, number: float | str, state: State = "ok") -> str:
    return found.status(value(number, state=state)).tone


@pytest.mark.parametrize(
    ("number", "expected"),
    [(80, "good"), (99, "good"), ("79.999", "watch"), (75, "watch"), ("74.999", "off")],
)
def test_percentages_are_watched_by_percentage_points(number: float | str, expected: str) -> None:
    assert tone(targets(listed(80)), number) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [("4.8", "good"), (6, "watch"), ("6.001", "off"), ("8.6", "off")]
)
def test_of_a_small_percentage_a_quarter_is_near_and_no_more(number: float | str, expected: str) -> None:
    assert tone(targets(listed(4.8, op="<=")), number) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(14, "good"), ("14.7", "watch"), ("14.71", "off"), (3, "good")]
)
def test_other_units_are_watched_relative_to_the_target(number: float | str, expected: str) -> None:
    assert tone(targets(listed(14, op="<="), unit="days"), number) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [(95, "good"), (105, "good"), ("89.75", "watch"), ("110.25", "watch"), ("110.26", "off")],
)
def test_a_band_is_watched_on_both_sides(number: float | str, expected: str) -> None:
    assert (
        tone(targets(listed(0, op="between").model_copy(update={"value": (95.0, 105.0)}), unit="eur"), number)
        == expected
    )


def test_the_law_has_no_watch_band() -> None:
    assert tone(targets(target=LAW), "99.99") == "off"
    assert tone(targets(target=LAW), 100) == "good"
    assert tone(targets(listed(95), target=PROCESS), 94) == "watch"


def test_what_is_only_proposed_gives_no_status() -> None:
    for found in (targets(listed(80, state="proposed")), targets(target=PROPOSED)):
        status = found.status(value(10))
        assert status.tone == "none"
        assert status.target is not None


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("ok", "off"),
        ("partial", "none"),
        ("few", "none"),
        ("withheld", "none"),
        ("missing", "none"),
        ("mixed", "none"),
    ],
)
def test_only_a_value_that_may_be_read_is_judged(state: State, expected: str) -> None:
    found = targets(listed(80))
    assert found.status(value(10, state=state)).tone == expected
    assert found.status(value(None, state=state)).tone == "none"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(70, 74, "off"), (70, 76, "none"), (76, 79, "watch"), (79, 81, "none"), (81, 90, "good")],
)
def test_a_value_is_judged_only_where_its_whole_range_stands_the_same(
    low: int, high: int, expected: str
) -> None:
    found, one = targets(listed(80)), value(low, unknown=1, range=(Fraction(low), Fraction(high)))
    assert found.status(one).tone == expected
    assert found.steady(one) == (expected != "none")


def test_a_band_may_be_missed_on_both_sides_and_still_be_met_between() -> None:
    band = targets(listed(95, op="between").model_copy(update={"value": (95.0, 105.0)}))
    assert not band.steady(value(80, unknown=9, range=(Fraction(80), Fraction(120))))
    assert band.steady(value(97, unknown=1, range=(Fraction(96), Fraction(104))))


def test_without_a_target_there_is_no_status() -> None:
    assert targets().status(value(10)) == Status("none", None)


@pytest.mark.parametrize(
    ("op", "bounds", "number", "distance"),
    [
        (">=", (80.0,), 70, 10),
        (">=", (80.0,), 90, -10),
        ("<=", (14.0,), 15, 1),
        ("between", (95.0, 105.0), 100, -5),
        ("between", (95.0, 105.0), 110, 5),
        ("between", (95.0, 105.0), 90, 5),
    ],
)
def test_the_distance_is_positive_on_the_wrong_side(
    op: Any, bounds: tuple[float, ...], number: int, distance: int
) -> None:
    exact = value(number).value
    assert exact is not None
    assert Targets.distance(exact, TargetInForce(op, bounds, "agreed", "all")) == distance
