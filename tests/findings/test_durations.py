"""How long something has lasted is counted in steps of how often it is followed, and weighed in months."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from opti_reports.config.judging import Ranking
from opti_reports.config.settings import Escalation, Target, Watch
from opti_reports.findings.deviations import Findings
from opti_reports.findings.status import Targets
from opti_reports.model.finding import Deviation
from opti_reports.model.value import Value, Values
from opti_reports.periods.cadence import MONTH, ROLLING, TERTIAL, TO_DATE, WAVE, WEEK, Cadence
from opti_reports.periods.period import Duration, Period
from tests.findings.world import AUGUST, TREE, listed, metric, value

SINCE_LONG = listed(80, since="2020-01-01")


def deviations(
    values: list[Value], rules: tuple[Escalation, ...], *targets: Target, **more: Any
) -> list[Deviation]:
    metrics = {"m": metric(**more)}
    judged = Targets(metrics, targets or (SINCE_LONG,), Watch(relative=0.05, points=5), TREE)
    found = Findings(
        values=Values(tuple(values)),
        metrics=metrics,
        targets=judged,
        tree=TREE,
        newest={"m": AUGUST},
        law_share=5,
        signals={},
        escalation=rules,
        actions={},
        ranking=Ranking(),
    )
    return list(found.deviations())


def row(cadence: Cadence, *back: int, org: str = "a") -> list[Value]:
    """Values off their target in periods that end so many months ago."""
    return [value(60, org, Period(cadence, AUGUST - months)) for months in back]


TERTIALLY = {"levels": {"unit": "tertial"}}
WHOLE_AT_EIGHT = (
    Escalation(level="unit", months=1),
    Escalation(level="area", months=5),
    Escalation(level="whole", months=8),
)


@pytest.mark.parametrize(
    ("values", "more", "lasted", "months", "since", "level"),
    [
        (row(MONTH, 0, 1), {}, Duration(MONTH, 2), 2, "2026-07", "unit"),
        (row(MONTH, 0, 1), {"levels": {"unit": "weekly"}}, Duration(MONTH, 2), 2, "2026-07", "unit"),
        (row(MONTH, *range(8)), {}, Duration(MONTH, 8), 8, "2026-01", "whole"),
        (row(TERTIAL, 0, 4), TERTIALLY, Duration(TERTIAL, 2), 8, "2026-T1", "whole"),
        (row(TERTIAL, 0), TERTIALLY, Duration(TERTIAL, 1), 4, "2026-T2", "unit"),
        (
            row(ROLLING, 0, 1, 2, 3, 4),
            {"window": "rolling_12m"} | TERTIALLY,
            Duration(TERTIAL, 2),
            8,
            "2026-04",
            "whole",
        ),
        (row(ROLLING, 0, 1), {"window": "rolling_12m"}, Duration(MONTH, 2), 2, "2026-07", "unit"),
        (row(TO_DATE, 0, 4), {"window": "ytd"} | TERTIALLY, Duration(TERTIAL, 2), 8, "2026-04", "whole"),
        (row(TO_DATE, 0, 1, 2, 3, 4), {"window": "ytd"}, Duration(MONTH, 5), 5, "2026-04", "area"),
        (row(WAVE, 0, 12), {"window": "wave"}, Duration(WAVE, 2, 13), 13, "2025-08", "whole"),
        (row(WAVE, 0), {"window": "wave"}, Duration(WAVE, 1, 1), 1, "2026-08", "unit"),
    ],
)
def test_it_lasts_as_many_steps_of_its_cadence(
    values: list[Value], more: dict[str, Any], lasted: Duration, months: int, since: str, level: str
) -> None:
    (found,) = deviations(values, WHOLE_AT_EIGHT, **more)
    assert (found.lasted, found.lasted.months) == (lasted, months)
    assert (found.since.text, found.react_level) == (since, level)
    assert found.weight == pytest.approx(0.25 * months)


@pytest.mark.parametrize(("weeks", "months"), [(1, 0), (4, 0), (5, 1), (13, 3), (52, 12)])
def test_weeks_are_months_only_when_they_fill_them(weeks: int, months: int) -> None:
    assert Duration(WEEK, weeks).months == months


def test_two_tertials_come_before_seven_months_that_are_as_far_off() -> None:
    """Both levels look at the same metric, one by tertials and one by months."""
    values = row(TERTIAL, 0, 4, org="all") + row(MONTH, *range(7))
    found = deviations(values, (), levels={"unit": "monthly", "whole": "tertial"})
    assert [(one.org, one.lasted) for one in found] == [
        ("all", Duration(TERTIAL, 2)),
        ("a", Duration(MONTH, 7)),
    ]


def test_a_wave_that_a_unit_was_left_out_of_ends_the_row() -> None:
    """Unit b was asked each time, so the wave in between was held; a has nothing of it."""
    asked = row(WAVE, 0, 6, 12, org="b")
    (one,) = (d for d in deviations(row(WAVE, 0, 12) + asked, (), window="wave") if d.org == "a")
    assert (one.lasted, one.since.text) == (Duration(WAVE, 1, 1), "2026-08")


def test_a_unit_not_asked_last_time_is_judged_by_its_own_newest_wave() -> None:
    values = row(WAVE, 6, 12) + row(WAVE, 0, 6, 12, org="b")
    found = {d.org: d for d in deviations(values, (), window="wave")}
    assert (found["a"].period.text, found["a"].lasted) == ("2026-02", Duration(WAVE, 2, 7))
    assert found["b"].lasted == Duration(WAVE, 3, 13)


def test_a_share_of_a_years_target_is_judged_exactly() -> None:
    """Eight months of twelve of 80 are 53 1/3, and a value of 53 1/3 meets it."""
    target = listed(80, pro_rata=True)
    judged = Targets({"m": metric(window="ytd")}, (target,), Watch(relative=0.05, points=5), TREE)
    year = Period(TO_DATE, AUGUST)
    exact = Fraction(160, 3)
    met, missed = (
        judged.status(Value(metric="m", org="a", period=year, state="ok", value=n))
        for n in (exact, exact - Fraction(1, 10**12))
    )
    assert (met.tone, missed.tone) == ("good", "watch")
