"""Which changes make a pack differ in kind, so that a release asks to look at it first: ``[look_at]``."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from opti_reports.findings.changes import changes
from opti_reports.model.change import Change
from opti_reports.model.finding import Restatement, Signal
from opti_reports.model.spc import Reading
from opti_reports.packs.material import Material
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Duration, Period
from tests.packs import fixture
from tests.packs.world import DATA_MONTH

NOW = Period(MONTH, DATA_MONTH)


def month(back: int) -> Period:
    """A month so many back from the newest."""
    return Period(MONTH, DATA_MONTH - back)


def found(made: Material, kind: str, metric: str, org: str = "ranta") -> list[Change]:
    """The changes of a kind, of one figure."""
    return [c for c in changes(made) if (c.kind, c.metric, c.org) == (kind, metric, org)]


def looked_at(made: Material, kind: str, metric: str, org: str = "ranta") -> bool:
    """Whether the one change of a figure is to be looked at."""
    (one,) = found(made, kind, metric, org)
    return one.look_at


def jump(value: float, *, before: dict[int, Reading] | None = None) -> Material:
    """A newest month outside the limits (mean 85, 64 to 106), and what months before it were."""
    readings: dict[int, Reading] = {0: "concern_low", **(before or {})}
    signal = fixture.signal("access_pct", "ranta", readings)
    points = signal.chart.points
    own = (*points[:-1], replace(points[-1], value=value))
    made = fixture.signal("access_pct", "ranta", readings, chart={"points": own})
    return fixture.material(signals={("access_pct", "ranta"): made})


@pytest.mark.parametrize(
    ("value", "before", "look"),
    [
        (50.0, {}, True),  # 35 from the mean, half as far again as the limit at 21
        (60.0, {}, False),  # outside, but not far
        (50.0, {1: "concern_low"}, False),  # it was outside on that side a month ago
        (50.0, {6: "concern_low"}, False),
        (50.0, {7: "concern_low"}, True),  # and that is forgotten after the months of the rule
        (50.0, {1: "improvement_high"}, True),  # the other side is another thing
    ],
)
def test_a_jump_is_looked_at_when_it_is_far_and_new(
    value: float, before: dict[int, Reading], look: bool
) -> None:
    assert looked_at(jump(value, before=before), "jump", "access_pct") is look


@pytest.mark.parametrize(("gap", "look"), [(None, True), (6, False), (7, True)])
def test_a_figure_withheld_is_looked_at_when_it_was_always_shown(gap: int | None, look: bool) -> None:
    hidden = [
        fixture.value("access_pct", "ranta", month(back), "withheld") for back in (0, gap) if back is not None
    ]
    assert looked_at(fixture.material(*hidden), "withheld", "access_pct") is look


def restated(old: str, new: str, n: int, metric: str = "access_pct") -> Material:
    """A figure of the month before that was told otherwise, with so many cases behind it."""
    one = Restatement(
        metric=metric,
        org="ranta",
        period=month(1),
        old=Fraction(old),
        new=Fraction(new),
        sources=("puhelut",),
    )
    now = fixture.value(metric, "ranta", month(1), part=n, whole=n)
    return fixture.material(now, restatements=(one,))


@pytest.mark.parametrize(
    ("old", "new", "n", "metric", "look"),
    [
        ("80", "86", 100, "access_pct", True),
        ("80", "84", 100, "access_pct", False),  # four points
        ("80", "86", 80, "access_pct", False),  # six points of 80 calls are not five calls
        ("90", "100", 100, "calls_n", True),
        ("95", "100", 100, "calls_n", False),  # a twentieth
        ("1", "3", 3, "calls_n", False),  # two cases
        ("0", "6", 6, "calls_n", True),  # none was told before
    ],
)
def test_a_restatement_is_looked_at_when_it_is_large_and_of_many_cases(
    old: str, new: str, n: int, metric: str, look: bool
) -> None:
    assert looked_at(restated(old, new, n, metric), "restated", metric) is look


def breach(*months: int) -> Material:
    """A law newly broken this month, and so many months ago."""
    parts = {0: 50, **dict.fromkeys(months, 50)}
    values = [
        fixture.value("guarantee_pct", "ranta", month(back), part=parts.get(back, 100), whole=100)
        for back in range(24)
    ]
    made = fixture.material(*values)
    (old,) = (d for d in made.deviations if (d.metric, d.org) == ("guarantee_pct", "ranta"))
    more: dict[str, Any] = {"since": NOW, "lasted": Duration(MONTH, 1), "signals": ("statutory",)}
    return fixture.material(*values, deviations=(replace(old, **more),))


@pytest.mark.parametrize(("months", "look"), [((), True), ((6,), False), ((7,), True)])
def test_a_breach_is_looked_at_when_the_law_was_kept_before(months: tuple[int, ...], look: bool) -> None:
    assert looked_at(breach(*months), "breach", "guarantee_pct") is look


def test_a_rare_series_never_jumps() -> None:
    signal = fixture.signal("access_pct", "ranta", {0: "concern_low"}, rare=True)
    made: dict[tuple[str, str], Signal] = {("access_pct", "ranta"): signal}
    assert found(fixture.material(signals=made), "jump", "access_pct") == []
