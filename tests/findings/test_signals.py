"""Which charts there are, how each is read, and what changed in months already told."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from opti_reports.config.judging import Charts
from opti_reports.config.settings import Rebase, Restated, Target, Watch
from opti_reports.findings.restatements import Revision
from opti_reports.findings.signals import Series
from opti_reports.findings.status import Targets
from opti_reports.model.value import Reason, Value, Values
from tests.findings.world import AUGUST, TREE, listed, metric, month, share, value

LONG = "2020-01-01"


def series(values: list[Value], *targets: Target, rebases: tuple[Rebase, ...] = (), **more: Any) -> Series:
    metrics = {"m": metric(**more)}
    judged = Targets(metrics, targets, Watch(), TREE)
    return Series(
        values=Values(tuple(values)),
        metrics=metrics,
        targets=judged,
        tree=TREE,
        newest={"m": AUGUST},
        rebases=rebases,
        history=36,
        charts=Charts(),
    )


def months(*numbers: float, org: str = "a") -> list[Value]:
    return [value(n, org, month(back)) for back, n in enumerate(reversed(numbers))]


def test_the_newest_month_is_read_with_direction_and_target() -> None:
    numbers = [50.0 + at % 2 for at in range(17)] + [20.0]
    (found,) = series(months(*numbers), listed(80, since=LONG), direction="up").signals().values()
    assert (found.newest, found.chart.variation, found.chart.assurance) == (month(), "concern_low", "fail")
    assert found.concern
    down = series(months(*numbers), listed(80, since=LONG, op="<="), direction="down").signals()["m", "a"]
    assert (down.chart.variation, down.chart.assurance) == ("improvement_low", "pass")


def test_a_newest_month_that_lacks_a_part_is_no_change_for_better_or_worse() -> None:
    newest, *before = months(*[50.0 + at % 2 for at in range(17)], 90.0)
    assert series([*before, newest], direction="up").signals()["m", "a"].at(month()) is not None
    lacking = newest._replace(state="partial", reason=Reason("unknown", have=1))
    assert series([*before, lacking], direction="up").signals()["m", "a"].at(month()) is None


def test_an_example_target_gives_no_assurance() -> None:
    numbers = [50.0 + at % 2 for at in range(18)]
    found = series(months(*numbers), listed(80, since=LONG, state="proposed"), direction="up").signals()
    assert found["m", "a"].chart.assurance is None


@pytest.mark.parametrize("window", ["ytd", "rolling_12m", "wave"])
def test_running_sums_and_surveys_have_no_chart(window: str) -> None:
    assert series(months(*range(20)), window=window).signals() == {}


def test_rare_counts_are_shown_as_sums_of_twelve_months() -> None:
    counts: dict[str, Any] = {"unit": "count", "kind": "total", "num": ["f.n"]}
    (found,) = series(months(*[1.0, 0.0] * 10), **counts).signals().values()
    assert found.rare
    assert found.needed == 13
    assert found.chart.points[-1].value == 6
    assert not series(months(*[3.0, 2.0] * 10), **counts).signals()["m", "a"].rare


def _few(kept: int, of: int, back: int) -> Value:
    more = {"num": Fraction(kept), "den": Fraction(of), "n": of, "interval": (0.0, 100.0) if of else None}
    return value(100 * kept / of if of else None, "a", month(back), "few" if of < 5 else "ok", **more)


def test_a_share_moved_by_single_cases_is_shown_over_twelve_months_and_never_judged() -> None:
    cases = [(3, 3), (4, 4), (0, 0), (6, 6), (1, 2), (2, 2)] * 4
    values = [_few(kept, of, back) for back, (kept, of) in enumerate(cases)]
    (found,) = series(values, min_n=5, scale=100, direction="up").signals().values()
    assert found.rare
    assert (found.at(month()), found.concern) == (None, False)
    assert found.chart.points[-1].value == pytest.approx(100 * 32 / 34)
    often = [_few(kept * 9, of * 10, back) for back, (kept, of) in enumerate(cases)]
    assert not series(often, min_n=5, scale=100, direction="up").signals()["m", "a"].rare


def test_what_is_counted_at_a_months_end_has_no_limits_as_its_months_share_their_cases() -> None:
    assert series(months(*range(20)), num=["last(f.kept)"]).signals() == {}


def test_limits_begin_anew_only_where_somebody_approved_it() -> None:
    numbers = [50.0 + at % 2 for at in range(14)] + [70.0 + at % 2 for at in range(14)]
    asked = series(months(*numbers), direction="up").signals()["m", "a"]
    assert (asked.chart.starts, asked.proposed) == ((0,), month(13))
    words = {"en": "x"}
    rebase = Rebase.model_validate(
        {"metric": "m", "organisation": "a", "month": "2025-07", "reason": words, "approved_by": words}
    )
    done = series(months(*numbers), rebases=(rebase,), direction="up").signals()["m", "a"]
    assert (done.chart.starts, done.chart.variation, done.proposed) == ((0, 14), "common_cause", None)


def _rebase(**more: Any) -> Rebase:
    words = {"en": "x"}
    return Rebase.model_validate(
        {"metric": "m", "month": "2025-07", "reason": words, "approved_by": words} | more
    )


def test_a_level_is_rebased_as_a_whole_and_others_are_not() -> None:
    level = TREE.by_id["a"].level
    numbers = [50.0 + at % 2 for at in range(14)] + [70.0 + at % 2 for at in range(14)]
    values = [*months(*numbers), *months(*numbers, org=TREE.root.id)]
    found = series(values, rebases=(_rebase(level=level),), direction="up").signals()
    assert found["m", "a"].chart.starts == (0, 14)
    assert found["m", TREE.root.id].chart.starts == (0,)


def test_limits_on_a_fixed_baseline_do_not_follow_what_comes_after_it() -> None:
    numbers = [50.0 + at % 2 for at in range(14)] + [70.0 + at % 2 for at in range(12)] + [80.0, 81.0] * 3
    fixed = series(months(*numbers), rebases=(_rebase(organisation="a", month="2025-03", baseline=12),))
    free = series(months(*numbers), rebases=(_rebase(organisation="a", month="2025-03"),))
    assert fixed.signals()["m", "a"].chart.segments[-1].mean == 70.5
    assert free.signals()["m", "a"].chart.segments[-1].mean == pytest.approx(73.83, abs=0.01)
    assert fixed.signals()["m", "a"].chart.segments[0].mean == 50.5
    assert fixed.signals()["m", "a"].chart.variation == "neutral_high"


@pytest.mark.parametrize("more", [{}, {"organisation": "a", "level": "x"}, {"level": "x", "baseline": 3}])
def test_a_rebase_says_whose_it_is_and_rests_on_a_year_at_least(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        _rebase(**more)


def test_withheld_and_missing_months_are_gaps() -> None:
    values = [v for v in months(*[50.0 + at % 2 for at in range(15)]) if v.period != month(5)]
    values.append(value(None, period=month(5), state="withheld"))
    points = series(values).signals()["m", "a"].chart.points
    assert [p.value is None for p in points] == [at == 9 for at in range(15)]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (share(10, 20), share(11, 20), True),  # one case of few
        (share(500, 1000), share(505, 1000), False),  # a hundredth
        (share(500, 1000), share(511, 1000), True),  # more than a fiftieth
        (value(10), value(10), False),
        (value(10), value(None, state="withheld"), False),
        (value(None, state="missing"), value(10), False),
    ],
)
def test_what_was_told_and_has_changed_is_restated(old: Value, new: Value, told: bool) -> None:
    revision = Revision(Values((old,)), Values((new,)), Restated(), {"m": ("haipro_reports",)})
    found = revision.restatements()
    assert len(found) == told
    if told:
        assert (found[0].old, found[0].new, found[0].sources) == (old.value, new.value, ("haipro_reports",))


def test_what_was_still_growing_when_told_is_not_restated() -> None:
    def found(old: Value) -> int:
        now = old._replace(value=Fraction(80), num=Fraction(16), state="ok", reason=None)
        return len(Revision(Values((old,)), Values((now,)), Restated(), {}).restatements())

    assert found(share(10, 20)) == 1
    assert found(share(10, 20)._replace(state="partial", reason=Reason("months", 3, 4))) == 0
    assert found(share(10, 20)._replace(state="partial", reason=Reason("units", 3, 4))) == 1


def test_a_mean_is_restated_by_its_relative_change() -> None:
    def found(new: float) -> int:
        revision = Revision(Values((value(10),)), Values((value(new),)), Restated(), {})
        return len(revision.restatements())

    assert [found(new) for new in (10.1, 10.2)] == [0, 1]
    assert Fraction(str(Restated().relative)) == Fraction(2, 100)


def test_a_limit_in_law_is_restated_by_a_smaller_change() -> None:
    def found(new: float, *lawful: str) -> int:
        came: dict[str, tuple[str, ...]] = {}
        return len(
            Revision(Values((value(10),)), Values((value(new),)), Restated(), came, lawful).restatements()
        )

    name = value(10).metric
    assert [found(10.1), found(10.1, name), found(10.04, name)] == [0, 1, 0]
