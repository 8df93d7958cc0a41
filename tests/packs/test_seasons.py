"""A seasonal figure is compared with a year ago, in every word, number and line that compares it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from opti_reports.model.charts import Trend
from opti_reports.model.finding import Signal
from opti_reports.model.value import Value
from opti_reports.packs import actions, before, charts, effects, signs, tables
from opti_reports.packs.scene import Scene
from opti_reports.periods.cadence import MONTH, TERTIAL
from opti_reports.periods.period import Period
from tests.findings.test_signals import months, series
from tests.packs import fixture
from tests.packs.test_effects import effect, said
from tests.packs.world import DATA_MONTH, LANGUAGES, METRICS

YEAR = [7400.0, 7600, 7300, 7500, 7700, 7400, 7300, 7600, 7100, 6800, 5200, 7000]


@pytest.fixture(autouse=True)
def seasonal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The calls of the little organisation have a season, and so has its access, which has a target."""
    for name in ("calls_n", "access_pct"):
        monkeypatch.setitem(METRICS, name, METRICS[name].model_copy(update={"season": True}))


def calls(known: int = 36, last: float = 7140.0) -> tuple[list[Value], Signal]:
    """Months of calls up to August, each year 1 or 3 % more than the one before, and what they say."""
    numbers = [YEAR[at % 12] * (1 + at // 12 * (0.01 if at % 2 else 0.03)) for at in range(35)] + [last]
    rows = months(*[round(number) for number in numbers][-known:])
    (found,) = series(rows, season=True, unit="count", kind="total", num=["f.n"]).signals().values()
    values = [
        fixture.value("calls_n", "ranta", v.period)._replace(value=v.value, num=v.value, den=None)
        for v in rows
    ]
    return values, replace(found, metric="calls_n", org="ranta")


def scene(known: int = 36, last: float = 7140.0, language: str = "fi") -> Scene:
    values, found = calls(known, last)
    gone = [
        fixture.value("calls_n", "ranta", Period(MONTH, DATA_MONTH - back), "missing")
        for back in range(known, 36)
    ]
    return fixture.scene(
        fixture.material(*values, *gone, signals={("calls_n", "ranta"): found}), language=language
    )


def trend(*args: Any, **more: Any) -> Trend:
    return charts.trend(scene(*args, **more), "calls_n")


def text(made: str) -> str:
    return made.replace("\u00a0", " ")


def test_the_figure_before_is_that_of_a_year_ago_and_is_named() -> None:
    found = before.before(scene(), "calls_n", Period(MONTH, DATA_MONTH))
    assert (found.season, found.value.period.end) == (True, DATA_MONTH - 12)
    assert text(before.cell(scene(), found, "7 070")) == "7 070 (elo 25)"
    row = tables.metric_row(scene(), "calls_n")
    assert "verrataan vuotta aiempaan" in row.note
    assert text(row.cells[1]) == text(row.cells[1]).split(" (")[0]  # the column of the month before stays


def test_without_a_figure_a_year_ago_there_is_no_comparison_with_another_month() -> None:
    found = before.before(scene(known=5), "calls_n", Period(MONTH, DATA_MONTH))
    assert not found.whole
    assert "muutos" not in trend(known=5).note


def test_a_tertial_is_compared_with_the_same_tertial_a_year_ago() -> None:
    own = fixture.scene(fixture.material(), "alue", cadence=TERTIAL)
    found = before.before(own, "access_pct", Period(TERTIAL, DATA_MONTH))
    assert found.value.period == Period(TERTIAL, DATA_MONTH - 12)


def test_the_title_of_a_seasonal_chart_is_the_change_from_a_year_ago() -> None:
    """July to August rose steeply, as every year: that is no message."""
    assert text(trend().title) == "Puhelut: +1 % vuotta aiemmasta, vuodenajalle tavanomaista"
    assert "muutos vuotta aiemmasta" in trend().note


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "Puhelut: luku on selvästi suurempi kuin vuotta aiemmin"),
        ("sv", "Puhelut sv: värdet är tydligt större än ett år tidigare"),
        ("en", "Puhelut en: the figure is clearly higher than a year before"),
    ],
)
def test_far_more_than_a_year_ago_is_the_message_and_a_signal(language: str, words: str) -> None:
    made = trend(last=9000.0, language=language)
    assert text(made.title) == words
    assert made.flags[-1] == (23, "neutral_high")
    assert made.lines[0].values[-1] is not None


def test_the_limits_of_each_month_follow_the_year_before() -> None:
    _, found = calls()
    made, segment = trend(), found.chart.segments[-1]
    assert (segment.mean, segment.upl) != (None, None)
    lines = {line.role: line.values for line in made.lines}
    year_ago = [found.levels[at - 12] for at in range(12, 36)]
    for role, level in (("upper", segment.upl), ("lower", segment.lpl)):
        assert lines[role] == pytest.approx([(ago or 0) + (level or 0) for ago in year_ago])
    assert "vuotta aiemman perusteella odotettu" in made.note


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "vaihtelua ei vielä arvioida: vertailu vuotta aiempaan vaatii 25 kuukautta, nyt niitä on 20"),
        (
            "sv",
            "variationen bedöms inte ännu: jämförelsen med ett år tidigare kräver 25 månader, nu finns 20",
        ),
        ("en", "not judged yet: comparison with a year before needs 25 months, 20 so far"),
    ],
)
def test_with_less_than_25_months_the_chart_says_that_it_does_not_judge_yet(
    language: str, words: str
) -> None:
    made = trend(known=20, language=language)
    assert words in text(made.note)
    assert made.flags == ()
    assert {line.role for line in made.lines} & {"centre", "upper", "lower"} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_icon_says_what_it_compares_with(language: str) -> None:
    own = scene(language=language)
    now = own.value("calls_n", Period(MONTH, DATA_MONTH))
    sign = signs.variation(own, now)
    assert sign is not None
    assert sign.text == own.say("spc.season.common_cause") != own.say("spc.variation.common_cause")


def test_a_figure_beyond_its_limit_is_written_so_that_it_is_seen_to_be() -> None:
    own = scene(last=9000.0)
    (turn,) = own.turns(own.value("calls_n", Period(MONTH, DATA_MONTH)))
    _, found = calls(last=9000.0)
    assert float(turn.level) == pytest.approx((found.levels[23] or 0) + (found.chart.segments[-1].upl or 0))


def test_an_action_is_told_by_the_same_months_a_year_before() -> None:
    assert said(effect("seen", season=True, n_before=7)) == (
        "Yhteydensaanti: parani; samat kuukaudet vuotta aiemmin ja nyt: 71,2 % → 75,0 %, "
        "muutos +3,8 %-yks. (95 %:n väli 1,3 … 6,4)"
    )


def test_where_nothing_is_judged_an_action_is_told_by_the_same_month_before_it() -> None:
    row = fixture.action("ranta", "T1", "2026-09-15", metric_id="access_pct", started_at="2025-10-10")
    old = fixture.value("access_pct", "ranta", Period(MONTH, DATA_MONTH - 12), part=50)
    own = fixture.scene(fixture.material(old, lists={"actions": (row,)}))
    (action,) = actions.read(own, own.own_rows("actions"))
    assert text(effects.effect(own, action)).startswith("Yhteydensaanti: 50,0 % →")
