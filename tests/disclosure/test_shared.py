"""Figures that tell each other without being parts of one metric: shared cases, windows, persons, weeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from opti_reports.config.metric import AnyMetric
from opti_reports.disclosure.amounts import concerned
from opti_reports.disclosure.gate import Gate
from opti_reports.disclosure.publication import Earlier
from opti_reports.model.organisation import Organisation, Tree
from opti_reports.model.value import Reason, Value, Values
from opti_reports.periods.cadence import MONTH, ROLLING, TERTIAL, TO_DATE, WEEK, Cadence
from opti_reports.periods.months import weeks_of
from opti_reports.periods.period import Period
from tests.disclosure.test_attacker import TREE as STATIONS
from tests.findings.world import AUGUST, PROTECTION, TREE, metric, month

COUNT: dict[str, Any] = {"unit": "count", "kind": "total", "num": ["f.n"], "by": ["k"]}
UNITS = {"a": 3, "b": 20, "south": 23, "other": 40, "all": 63}


def figure(id: str, org: str, n: int, key: str = "", period: Period | None = None, **more: Any) -> Value:
    """A figure that shows a count of ``n`` cases."""
    given: dict[str, Any] = {"num": Fraction(n), "n": n, "breakdown": "k" * bool(key), "key": key} | more
    return Value(metric=id, org=org, period=period or month(), state="ok", value=Fraction(n), **given)


def withheld(metrics: Mapping[str, AnyMetric], *values: Value) -> set[tuple[str, str, Period, str]]:
    masked = Gate(metrics, TREE, PROTECTION).publish(Values(values)).values
    return {(v.metric, v.org, v.period, v.key) for v in masked if v.state == "withheld"}


def test_a_ratio_does_not_show_the_withheld_count_as_its_numerator() -> None:
    """Three referrals to x are withheld; the metric of referrals to x per visit has 3 as its numerator."""
    metrics = {
        "count": metric(**COUNT, sensitivity="cells"),
        "rate": metric("ratio", num=["f.n[k=x]"], den=["g.n"]),
    }
    counts = [figure("count", org, n, key) for org, n in UNITS.items() for key in ("x", "y")]
    rates = [
        Value(
            metric="rate",
            org=org,
            period=month(),
            state="ok",
            value=Fraction(n, 100),
            num=Fraction(n),
            den=Fraction(100),
            n=100,
        )
        for org, n in UNITS.items()
    ]
    found = withheld(metrics, *counts, *rates)
    assert ("count", "a", month(), "x") in found
    assert {org for id, org, _, _ in found if id == "rate"} == {
        org for id, org, _, key in found if (id, key) == ("count", "x")
    }


def test_what_counts_the_same_keeps_the_limit_where_the_protected_metric_does_not_reach() -> None:
    """Breakdowns go back a year; a rate that rests on one of their keys goes back further."""
    metrics = {
        "count": metric(**COUNT, sensitivity="cells"),
        "rate": metric("ratio", num=["f.n[k=x]"], den=["g.n"]),
    }
    now = [figure("count", "a", n, key) for key, n in (("x", 3), ("y", 4))]
    old = [
        figure("rate", "a", n, period=month(back), den=Fraction(90))
        for back, n in ((20, 3), (21, 5), (22, 0))
    ]
    assert {place[2] for place in withheld(metrics, *now, *old) if place[0] == "rate"} == {month(20)}


@pytest.mark.parametrize("other", ["f.n", "f.n[j=1]", "g.n"])
def test_a_share_does_not_show_it_as_its_denominator(other: str) -> None:
    metrics = {
        "count": metric(**COUNT, sensitivity="cells"),
        "share": metric(num=["f.kept"], den=[other], by=["k"]),
    }
    counts = [figure("count", org, n, key) for org, n in UNITS.items() for key in ("x", "y")]
    shares = [
        figure("share", org, n, key, den=Fraction(n), num=Fraction(1))
        for org, n in UNITS.items()
        for key in ("x", "y")
    ]
    found = withheld(metrics, *counts, *shares)
    own = {place[1:] for place in found if place[0] == "count"}
    assert {place[1:] for place in found if place[0] == "share"} == (own if other == "f.n" else set())


def test_metrics_of_the_same_answers_withhold_the_same_units() -> None:
    """One asks for five answers and the other for ten; what either shows beside the other tells nothing."""
    metrics = {
        "five": metric(num=["f.top"], den=["f.n"], sensitivity="five"),
        "ten": metric(num=["f.low"], den=["f.n"], sensitivity="ten"),
    }
    answers = {"a": 8, "b": 30, "south": 38, "other": 12, "all": 50}
    values = [figure(id, org, n, den=Fraction(n)) for id in metrics for org, n in answers.items()]
    found = withheld(metrics, *values)
    assert {org for id, org, _, _ in found if id == "five"} == {org for id, org, _, _ in found if id == "ten"}
    assert ("five", "a", month(), "") in found


def test_figures_of_one_month_that_lasts_as_the_tertials_are_withheld_together() -> None:
    metrics = {"m": metric(num=["last(f.kept)"], den=["last(f.n)"], sensitivity="five")}
    tertial = Period(TERTIAL, AUGUST)
    values = [
        figure("m", org, n, den=Fraction(n), period=period)
        for org, n in UNITS.items()
        for period in (month(), tertial)
    ]
    found = withheld(metrics, *values)
    assert {place[1] for place in found if place[2] == month()} == {
        place[1] for place in found if place[2] == tertial
    }


def test_different_cases_are_protected_like_sums() -> None:
    """Of four cases three are of one kind: nobody needs to be told of the fourth."""
    metrics = {"m": metric(**COUNT | {"num": ["distinct(f.n)"]}, key="id", sensitivity="three")}
    found = withheld(metrics, figure("m", "a", 4), figure("m", "a", 3, "x"), figure("m", "a", 1, "y"))
    assert found == {("m", "a", month(), "x"), ("m", "a", month(), "y")}
    by_month = [figure("m", "a", n, period=month(back)) for back, n in enumerate((1, 3, 5, 4))]
    found = withheld(metrics, *by_month, figure("m", "a", 13, period=Period(TERTIAL, AUGUST)))
    assert len(found) > 1


@pytest.mark.parametrize("back", range(12))
def test_a_year_does_not_tell_its_month_although_the_year_before_is_not_known(back: int) -> None:
    metrics = {"m": metric(**COUNT | {"by": []}, sensitivity="five")}
    months = [figure("m", "a", 3 if at == back else 9, period=month(at)) for at in range(12)]
    year = figure("m", "a", 102, period=Period(ROLLING, AUGUST))
    assert len(withheld(metrics, *months, year)) == 2


def test_a_month_does_not_tell_its_week_unless_another_is_not_published() -> None:
    metrics = {"m": metric(**COUNT | {"by": []}, window="weeks", sensitivity="five")}
    counts = [3, *(9 for _ in weeks_of(AUGUST)[1:])]
    weeks = [
        figure("m", "a", n, period=Period(WEEK, AUGUST, week))
        for n, week in zip(counts, weeks_of(AUGUST), strict=True)
    ]
    whole = figure("m", "a", sum(counts))
    assert len(withheld(metrics, *weeks, whole)) == 2
    assert len(withheld(metrics, *weeks[:-1], whole)) == 1


def test_the_gate_needs_the_breakdowns_of_whatever_counts_the_same() -> None:
    metrics = {
        "count": metric(**COUNT, sensitivity="cells"),
        "share": metric(num=["f.kept"], den=["f.n"]),
        "rate": metric(num=["f.n[k=x]"], den=["g.n"]),
        "free": metric(num=["g.kept"], den=["g.n"]),
    }
    assert concerned(metrics, [PROTECTION]) == {"count", "share", "rate"}


def test_of_a_small_staff_not_even_a_figure_without_persons_is_shown() -> None:
    metrics = {"m": metric("days", num=["f.days"], den=["f.n"], sensitivity="staff")}
    known = Value(metric="m", org="b", period=month(), state="ok", value=Fraction(7))
    assert withheld(metrics, known) == {("m", "b", month(), "")}
    assert withheld(metrics, figure("m", "b", 0)) == set()


def test_codes_shown_of_years_alone_say_nothing_of_a_month_of_some_of_them() -> None:
    """Three cases of x or y in a month; x and y by themselves are shown of the year."""
    metrics = {
        "count": metric(**COUNT, sensitivity="five"),
        "some": metric(**COUNT | {"num": ["f.n[k=x|y]"], "by": []}, sensitivity="five"),
    }
    year = Period(ROLLING, AUGUST)
    years = [figure("count", org, 12 * n, key, year) for org, n in UNITS.items() for key in ("x", "y")]
    found = withheld(metrics, *years, *(figure("some", org, n) for org, n in UNITS.items()))
    assert {org for id, org, period, _ in found if (id, period) == ("some", month())} == {"a", "b"}


@pytest.mark.parametrize(
    ("counted", "hidden"),
    [({AUGUST}, {MONTH, TERTIAL}), ({AUGUST - 1, AUGUST}, {MONTH}), (set(range(AUGUST + 1)), {MONTH})],
    ids=["it alone", "one not shown", "every month"],
)
def test_a_short_tertial_tells_its_month_only_where_no_other_was_counted(
    counted: set[int], hidden: set[Cadence]
) -> None:
    """The first month's cohort was not whole, so the page says one month of four; its cases count even so."""
    month_of_few = figure("count", "a", 3)
    tertial = figure("count", "a", 3 if len(counted) == 1 else 7, period=Period(TERTIAL, AUGUST))
    tertial = tertial._replace(state="partial", reason=Reason("months", 1, 4))
    gate = Gate(
        {"count": metric(**COUNT, sensitivity="five")}, TREE, PROTECTION, {"count": frozenset(counted)}
    )
    shown = gate.publish(Values((month_of_few, tertial))).values
    assert {v.period.cadence for v in shown if v.state == "withheld"} == hidden


TERMS = {
    "x": metric(**COUNT, sensitivity="five"),
    "both": metric("ratio", num=["f.y"], den=["f.n", "f.y"]),
    "of_y": metric("ratio", num=["f.z"], den=["f.y"]),
}


def whole(org: str, n: int, of_y: int | None = None) -> Value:
    """Contacts of two kinds, with or without how many are of the second."""
    num = None if of_y is None else Fraction(of_y)
    return figure("both", org, n, num=num, den=Fraction(n))


@pytest.mark.parametrize(
    "y", [whole("a", 23, 20), figure("of_y", "a", 20, num=Fraction(9), den=Fraction(20))], ids=["num", "den"]
)
def test_a_sum_of_two_terms_and_one_of_them_tell_the_other(y: Value) -> None:
    """Three calls are withheld; contacts of both kinds and the digital ones say how many."""
    others = [whole("a", 23)] if y.metric == "of_y" else []
    found = {id for id, *_ in withheld(TERMS, figure("x", "a", 3), y, *others)}
    assert "x" in found
    assert len(found) > 1


def test_a_sum_of_two_terms_bounds_the_one_that_is_withheld() -> None:
    """Nobody is shown the other; three of three leave no room for five."""
    figures = [figure("x", "a", 3), whole("a", 3), figure("x", "b", 3), whole("b", 40)]
    found = {(id, org) for id, org, *_ in withheld(TERMS, *figures)}
    assert found == {("x", "a"), ("x", "b"), ("both", "a")}


def test_a_year_shown_a_month_ago_and_this_one_tell_the_month_between() -> None:
    """A year to July was shown, one to August and August are: August a year ago is what fell out."""
    metrics = {"count": metric(**COUNT, sensitivity="five")}
    gate = Gate(metrics, TREE, PROTECTION)
    counts = {0: 40, 9: 4, 10: 4, 12: 3}
    months = [figure("count", "a", counts.get(back, 20), period=month(back)) for back in range(13)]
    years = {end: sum(v.n or 0 for v in months[AUGUST - end :][:12]) for end in (AUGUST - 1, AUGUST)}
    july, august = (figure("count", "a", n, period=Period(ROLLING, end)) for end, n in years.items())
    then = Values((*months[1:], july))
    before = gate.publish(then).values
    shown = gate.publish(Values((*months, august)), [Earlier.of(before, then)]).values
    assert next(v for v in before if v.period.cadence is ROLLING).state == "ok"
    found = {(v.period.cadence, AUGUST - v.period.end) for v in shown if v.state == "withheld"}
    assert found > {(MONTH, 12), (MONTH, 10), (MONTH, 9)}, "the year or August is withheld with them"


FIVE = {"count": metric(**COUNT, sensitivity="five")}


def test_months_that_have_fallen_out_of_a_breakdown_are_still_known() -> None:
    """Headlines go further back than their keys: three times nine were shown of x, and thirty are."""
    back = [figure("count", "a", 18, period=month(at)) for at in (1, 2, 3)]
    keys = [figure("count", "a", 9, key, period=month(at)) for at in (1, 2, 3) for key in ("x", "y")]
    first = [
        *back,
        *keys,
        figure("count", "a", 18),
        figure("count", "a", 9, "x"),
        figure("count", "a", 9, "y"),
    ]
    tertial = Period(TERTIAL, AUGUST)
    now = [*back, figure("count", "a", 6), figure("count", "a", 3, "x"), figure("count", "a", 3, "y")]
    now += [figure("count", "a", 60, period=tertial)]
    now += [figure("count", "a", 30, key, period=tertial) for key in ("x", "y")]
    shown = Gate(FIVE, TREE, PROTECTION).publish(Values(tuple(now)), [Earlier.of(first, first)]).values
    held = {(v.period, v.key) for v in shown if v.state == "withheld"}
    assert {(tertial, "x"), (tertial, "y")} <= held


def test_what_was_shown_once_is_known_though_a_later_release_withheld_it() -> None:
    """The second release followed stricter limits; the three months of nine are known from the first."""
    months = [figure("count", "a", 9, period=month(back)) for back in (1, 2, 3)]
    held = [v._replace(state="withheld", value=None, num=None, n=None) for v in months[:2]]
    now = [figure("count", "a", 3), figure("count", "a", 30, period=Period(TERTIAL, AUGUST))]
    gate = Gate(FIVE, TREE, PROTECTION)
    earlier = [Earlier.of(months, months), Earlier.of([*held, months[2]], months)]
    shown = gate.publish(Values(tuple(now)), earlier).values
    assert {v.period.cadence for v in shown if v.state == "withheld"} == {MONTH, TERTIAL}


def organisation(**parents: str) -> Tree:
    """Health stations of a north and a south, some of them elsewhere than now."""
    units = (replace(one, parent=parents.get(one.id, one.parent)) for one in STATIONS.nodes)
    return Organisation(("unit",), {"unit": {"en": "unit"}}, tuple(units), "whole").tree(AUGUST)


def counts(**sizes: int) -> Values:
    """Last month's figures of organisations."""
    return Values(tuple(figure("count", org, n, period=month(1)) for org, n in sizes.items()))


def test_a_unit_that_has_moved_was_no_part_of_what_it_moved_to() -> None:
    """Three cases of n3 come to the south, which was shown without them."""
    then = counts(n1=20, n2=30, n3=3, s1=40, north=53, south=40, whole=93)
    released = Earlier.of(Gate(FIVE, organisation(), PROTECTION).publish(then).values, then, organisation())
    now = counts(n1=20, n2=30, n3=3, s1=40, north=50, south=43, whole=93)
    shown = Gate(FIVE, organisation(n3="south"), PROTECTION).publish(now, [released]).values
    assert {v.org for v in shown if v.state == "withheld"} >= {"n3", "north", "south"}


def test_a_release_of_a_unit_that_is_no_more_is_read() -> None:
    now, then = counts(n1=3, n2=30, n3=20, north=53), counts(n1=30, merged=7, north=37)
    shown = Gate(FIVE, organisation(), PROTECTION).publish(now, [Earlier.of(then, then)]).values
    assert "n1" in {v.org for v in shown if v.state == "withheld"}


def test_a_sum_of_more_terms_less_one_of_fewer_tells_the_last() -> None:
    terms = {
        "z": metric(**COUNT | {"num": ["f.z"]}, sensitivity="five"),
        "two": metric("ratio", num=["g.n"], den=["f.n", "f.y"]),
        "three": metric("ratio", num=["g.n"], den=["f.n", "f.y", "f.z"]),
    }
    figures = [figure("z", "a", 3)]
    figures += [figure(id, "a", n, num=None, den=Fraction(n)) for id, n in (("two", 20), ("three", 23))]
    assert len({id for id, *_ in withheld(terms, *figures)}) > 1


def test_what_an_earlier_release_alone_tells_is_said() -> None:
    """All less the other leave three, and both were shown."""
    then = Values(tuple(figure("count", org, n) for org, n in {"all": 33, "other": 30}.items()))
    now = Values((*then, figure("count", "south", 3)))
    found = Gate(FIVE, TREE, PROTECTION).publish(now, [Earlier.of(then, then)])
    assert [place[1][0] for place in found.known_before] == ["south"]


def test_a_year_that_grows_bounds_what_it_was_a_month_ago() -> None:
    """No month is shown. Five of x and six of y now: of ten a month ago at least four were of x."""
    july, august = (Period(TO_DATE, end) for end in (AUGUST - 1, AUGUST))
    figures = [figure("count", "a", 10, period=july), figure("count", "a", 11, period=august)]
    figures += [figure("count", "a", n, key, july) for key, n in (("x", 4), ("y", 6))]
    figures += [figure("count", "a", n, key, august) for key, n in (("x", 5), ("y", 6))]
    shown = Gate(FIVE, TREE, PROTECTION).publish(Values(tuple(figures))).values
    held = {(v.period, v.key) for v in shown if v.state == "withheld"}
    assert held > {(july, "x"), (july, "y")}


NESTED = {
    id: metric(unit="count", kind="total", num=[f"f.n[k={codes}]"], sensitivity="five")
    for id, codes in (("fewer", "x|y"), ("more", "x|y|z"), ("last", "z"))
}


def of_codes(**sizes: int) -> tuple[Value, ...]:
    """Figures of metrics that count some codes, of a unit so many and of the others twenty each."""
    units = {"a": 0, "b": 20, "south": 20, "other": 20, "all": 40}
    own = {
        org: {id: more + n * (org in ("a", "south", "all")) for id, n in sizes.items()}
        for org, more in units.items()
    }
    return tuple(figure(id, org, n) for org, found in own.items() for id, n in found.items())


def test_a_small_difference_of_codes_that_lie_in_each_other_is_not_told() -> None:
    assert withheld(NESTED, *of_codes(fewer=20, more=23)) & {
        ("fewer", "a", month(), ""),
        ("more", "a", month(), ""),
    }


def test_codes_less_the_others_do_not_tell_some_of_them() -> None:
    found = {(id, org) for id, org, *_ in withheld(NESTED, *of_codes(fewer=3, more=23, last=20))}
    assert ("fewer", "a") in found
    assert found & {("more", "a"), ("last", "a")}
