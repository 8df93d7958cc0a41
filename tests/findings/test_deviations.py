"""What deviates, since when and for how long, and what the law asks of a breach."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from opti_reports.config.judging import Ranking
from opti_reports.config.settings import Escalation, Target, Watch
from opti_reports.findings.deviations import Findings
from opti_reports.findings.status import Targets
from opti_reports.model.finding import Deviation, Signal
from opti_reports.model.value import Reason, Value, Values
from opti_reports.periods.cadence import MONTH, TERTIAL, TO_DATE, WAVE, WEEK
from opti_reports.periods.period import Duration, Period
from tests.findings.charts import chart
from tests.findings.world import AUGUST, TREE, catalogue, listed, metric, month, share, value

RULES = (
    Escalation(level="unit", months=1),
    Escalation(level="area", months=2),
    Escalation(level="whole", months=3, share=0.6),
)
LAW = catalogue("law", 100, since="2020-01-01")


def findings(values: list[Value], *found: Target, newest: int = AUGUST, **more: Any) -> Findings:
    metrics = {"m": metric(**more)}
    targets = Targets(metrics, found, Watch(relative=0.05, points=5), TREE)
    found_values = Values(tuple(values))
    return Findings(
        values=found_values,
        metrics=metrics,
        targets=targets,
        tree=TREE,
        newest={"m": newest},
        law_share=5,
        signals={},
        escalation=RULES,
        actions={},
        ranking=Ranking(),
    )


def one(values: list[Value], *found: Target, **more: Any) -> Deviation:
    (deviation,) = findings(values, *found, **more).deviations()
    return deviation


def test_a_value_off_its_target_deviates_with_its_distance() -> None:
    found = one([value(60)], listed(80))
    assert found == Deviation(
        kind="off_target",
        metric="m",
        org="a",
        period=month(),
        since=month(),
        lasted=Duration(MONTH, 1),
        breaches=None,
        severity=0.25,
        signals=("off_target",),
        react_level="unit",
    )


def test_near_the_target_on_it_and_without_one_nothing_deviates() -> None:
    assert findings([value(76)], listed(80)).deviations() == ()
    assert findings([value(90)], listed(80)).deviations() == ()
    assert findings([value(10)], listed(80, state="proposed")).deviations() == ()
    assert findings([value(10)]).deviations() == ()


def test_units_of_other_types_do_not_react() -> None:
    kind = next(node.type for node in TREE.nodes if node.id == "a")
    assert findings([value(60)], listed(80), reacting=(kind,)).deviations()
    assert findings([value(60)], listed(80), reacting=("other",)).deviations() == ()


def test_it_has_lasted_as_many_months_in_a_row() -> None:
    values = [value(60, period=month(back)) for back in (0, 1, 2, 4, 5)]
    found = one([*values, value(79, period=month(3))], listed(80, since="2020-01-01"))
    assert (found.since, found.lasted.months) == (month(2), 3)


@pytest.mark.parametrize("state", ["missing", "withheld", "few"])
def test_a_month_that_cannot_be_judged_ends_the_row(state: Any) -> None:
    values = [value(60), value(None, period=month(1), state=state), value(60, period=month(2))]
    found = one(values, listed(80, since="2020-01-01"))
    assert (found.since, found.lasted.months) == (month(), 1)


def test_months_before_the_target_do_not_count() -> None:
    values = [value(60, period=month(back)) for back in range(12)]
    assert one(values, listed(80, since="2026-06-01")).lasted.months == 3


def test_the_longest_row_told_is_two_years() -> None:
    values = [value(60, period=month(back)) for back in range(40)]
    assert one(values, listed(80, since="2020-01-01")).lasted.months == 24


LAW_BOUNDS: dict[str, Any] = {"target": LAW, "scale": 100, "bounds": [0, 100]}


def partial(kept: int, of: int, reason: Reason, **more: Any) -> Value:
    return share(kept, of)._replace(state="partial", reason=reason, **more)


@pytest.mark.parametrize(
    ("found", "breaches"),
    [
        # one of ten late, a row unreadable: at the best 10 of 11
        (partial(9, 10, Reason("unknown", 1), unknown=1, range=(Fraction(900, 11), Fraction(1000, 11))), 1),
        # the unreadable cell may be the late case's
        (partial(9, 10, Reason("unknown", 1), unknown=1, range=(Fraction(90), Fraction(100))), None),
        (partial(9, 10, Reason("units", 1, 2)), 1),
        (partial(10, 10, Reason("units", 1, 2)), None),
        (partial(9, 10, Reason("unknown", 1), unknown=1), None),
    ],
)
def test_a_breach_of_law_that_is_certain_is_told_although_the_figure_is_partial(
    found: Value, breaches: int | None
) -> None:
    made = findings([found], **LAW_BOUNDS)
    assert [d.breaches for d in made.deviations()] == ([] if breaches is None else [breaches])
    assert {status.tone for status in made.statuses().values()} == {"none"}


def test_breaches_are_the_cases_beyond_a_limit() -> None:
    found = one([share(60, 100)], listed(95), target=catalogue("process", 95))
    assert (found.kind, found.breaches) == ("process_limit", 40)
    late = one([value(20, num=20, den=1)], listed(14, op="<="), unit="days")
    assert late.breaches is None


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([share(99, 100), share(100, 100, back=1)], True),  # new
        ([share(99, 100), share(99, 100, back=1)], False),  # neither new nor worse
        ([share(98, 100), share(99, 100, back=1)], True),  # worse
        ([share(97, 100), share(96, 100, back=1)], False),  # better
        ([share(190, 200), share(160, 200, back=1)], False),  # five per cent wait for what was agreed
        ([share(189, 200), share(160, 200, back=1)], True),  # more do not
        ([share(99, 100)], True),  # nothing before it
    ],
)
def test_a_breach_of_the_law_with_actions_asks_for_a_reaction_when_new_worse_or_many(
    values: list[Value], told: bool
) -> None:
    acted = {(values[0].org, values[0].metric): ("T1",)}
    found = replace(findings(values, target=LAW), actions=acted).deviations()
    assert [d.kind for d in found] == ["statutory"] * told
    without = findings(values, target=LAW).deviations()
    assert [d.kind for d in without] == ["statutory"], "as long as nothing has been agreed it is told"


def test_the_law_weighs_twice_and_the_heaviest_comes_first() -> None:
    assert one([share(60, 100)], target=LAW).severity == 2 * one([share(60, 100)], listed(100)).severity
    values = [
        value(60, "a"),
        value(40, "b"),
        value(70, "south"),
        value(70, "south", month(1)),
        value(40, "all"),
    ]
    found = findings(values, listed(80)).deviations()
    assert [(d.org, d.weight) for d in found] == [
        ("all", 0.5),
        ("b", 0.5),
        ("a", 0.25),
        ("south", 0.25),
    ]


def test_weights_and_the_longest_duration_are_the_configs() -> None:
    long = findings([value(60, "a", month(back)) for back in range(30)], listed(80, since="2020-01-01"))
    assert [d.lasted.months for d in long.deviations()] == [24]
    year = dataclasses.replace(long, ranking=Ranking(longest=12))
    assert [d.lasted.months for d in year.deviations()] == [12]
    law = findings([share(60, 100)], target=LAW)
    thrice = dataclasses.replace(law, ranking=Ranking(law=3))
    assert [d.severity for d in thrice.deviations()] == pytest.approx([1.5 * law.deviations()[0].severity])


def test_only_levels_that_follow_the_metric_get_it_and_tertial_ones_at_a_tertials_end() -> None:
    values = [value(60, org, month(back)) for org in ("a", "south", "all") for back in (0, 1)]
    tertials = [value(70, "all", Period(TERTIAL, AUGUST - back)) for back in (0, 4)]
    levels = {"unit": "monthly", "whole": "tertial"}
    found = findings([*values, *tertials], listed(80), levels=levels).deviations()
    assert {d.org: (d.period.text, d.lasted) for d in found} == {
        "a": ("2026-08", Duration(MONTH, 2)),
        "all": ("2026-T2", Duration(TERTIAL, 2)),
    }
    july = findings(values, listed(80), levels=levels, newest=AUGUST - 1)
    assert {d.org for d in july.deviations()} == {"a"}


def test_the_newest_period_of_the_metrics_own_window_is_judged() -> None:
    year = Period(TO_DATE, AUGUST)
    assert one([value(60, period=year), value(99)], listed(80), window="ytd").period == year
    waves = [value(60, period=Period(WAVE, AUGUST)), value(60, period=Period(WAVE, AUGUST - 6))]
    assert one(waves, listed(80, since="2020-01-01"), window="wave").lasted == Duration(WAVE, 2, 7)
    assert (
        one(
            [value(60), value(99, period=Period(WEEK, AUGUST, 3000))], listed(80), window="weeks"
        ).lasted.months
        == 1
    )


def test_a_source_that_lags_is_judged_by_its_newest_month() -> None:
    found = one([value(60, period=month(1)), value(99, period=month(2))], listed(80), newest=AUGUST - 1)
    assert (found.period, found.lasted.months) == (month(1), 1)


def test_statuses_are_those_of_headline_values_with_a_target() -> None:
    values = [
        value(60),
        value(60, breakdown="kind", key="x"),
        value(90, "b"),
        value(None, "all", state="missing"),
    ]
    found = findings(values, listed(80)).statuses()
    assert {place: status.tone for place, status in found.items()} == {
        ("m", "a", month()): "off",
        ("m", "b", month()): "good",
        ("m", "all", month()): "none",
    }


def test_it_calls_on_a_level_that_its_duration_spread_or_the_law_reaches() -> None:
    long = [value(60, "a", month(back)) for back in range(2)]
    assert one(long, listed(80, since="2020-01-01")).react_level == "area"
    longer = [value(60, "a", month(back)) for back in range(3)]
    assert one(longer, listed(80, since="2020-01-01")).react_level == "whole"
    both = findings([value(60, "a"), value(60, "b")], listed(80)).deviations()
    assert {d.react_level for d in both} == {"whole"}  # both units of the area
    assert one([share(60, 100)], target=LAW).react_level == "whole"


def test_a_special_cause_for_the_worse_deviates_without_a_target() -> None:
    months = [month(back) for back in reversed(range(20))]
    numbers = [50.0 + at % 2 for at in range(18)] + [20.0, 20.0]
    made = chart(numbers, direction="up")
    found = dataclasses.replace(
        findings([value(n, period=p) for n, p in zip(numbers, months, strict=True)]),
        signals={("m", "a"): Signal(metric="m", org="a", periods=tuple(months), chart=made)},
        actions={("a", "m"): ("A1",)},
    ).deviations()
    assert [(d.kind, d.signals, d.lasted.months, d.since, d.actions) for d in found] == [
        ("special_cause", ("special_cause",), 2, month(1), ("A1",))
    ]


def test_an_own_target_does_not_hide_the_one_above() -> None:
    targets = findings([], listed(98), listed(95, "a")).targets
    found = targets.status(value(96))
    assert found.target is not None
    assert found.above is not None
    assert (found.tone, found.target.value, found.above_tone, found.above.value) == (
        "good",
        (95,),
        "watch",
        (98,),
    )
    assert targets.status(value(96, "b")).above is None


def test_too_few_answers_are_shown_but_not_judged() -> None:
    few = findings([value(10, n=29), value(10, "b", n=30)], listed(80), status_min_n=30).statuses()
    assert {org: status.tone for (_, org, _), status in few.items()} == {"a": "none", "b": "off"}
