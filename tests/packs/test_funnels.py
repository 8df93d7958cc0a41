"""Units beside each other in words: who differs, which way, and never a rank or a withheld figure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from opti_reports.config.judging import Comparison
from opti_reports.findings.comparison import Tally, proportions
from opti_reports.model.charts import Bars, FunnelPlot
from opti_reports.model.comparison import Funnel, Placed
from opti_reports.model.value import Reason, Value
from opti_reports.packs import funnels
from opti_reports.packs.build import build
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period
from tests.packs import fixture
from tests.packs.world import DATA_MONTH, LANGUAGES, METRICS, spec

NOW = Period(MONTH, DATA_MONTH)
GROUP = ("ranta", "metsa")


def placed(org: str, position: str, value: float | None = 0.5) -> Placed:
    pair = None if value is None else (value - 0.1, value + 0.1)
    return Placed(org=org, n=100, value=value, interval=pair, alert=pair, alarm=pair, position=position)  # type: ignore[arg-type]


def of(*units: Placed, phi: float = 0.5) -> Funnel:
    filler = tuple(placed(f"x{at}", "within") for at in range(Comparison().fewest_units))
    return Funnel(0.5, phi, (*units, *filler))


def said(funnel: Funnel, metric: str = "access_pct", language: str = "fi") -> str:
    return funnels.verdict(fixture.scene(fixture.material(), "etela", language), metric, funnel)


@pytest.mark.parametrize(
    ("position", "words"),
    [
        ("alarm_low", "Ranta fi yksikko selvästi muita heikompi."),
        ("alert_low", "Ranta fi yksikko muita heikompi."),
        ("alert_high", "Ranta fi yksikko muita parempi."),
        ("alarm_high", "Ranta fi yksikko selvästi muita parempi."),
        ("within", "Yksiköiden erot mahtuvat vertailurajojen sisään."),
    ],
)
def test_the_direction_of_a_metric_says_what_is_better(position: str, words: str) -> None:
    assert said(of(placed("ranta", position))) == words


def test_of_a_metric_where_fewer_is_better_the_low_is_better() -> None:
    down = METRICS["access_pct"].model_copy(update={"direction": "down"})
    neutral = METRICS["access_pct"].model_copy(update={"direction": "neutral"})
    for metric, words in ((down, "muita parempi"), (neutral, "muita matalampi")):
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(METRICS, "access_pct", metric)
            assert words in said(of(placed("ranta", "alert_low")))


def test_widened_limits_are_said_to_be_so() -> None:
    assert said(of(phi=2.345)).endswith("kuin sattuma selittää.")
    assert "levennetty" not in said(of(phi=1.0))


def test_of_few_units_nothing_is_said() -> None:
    assert said(Funnel(0.5, 1.0, (placed("ranta", "alarm_low"), placed("metsa", "within")))) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verdict_has_words_in_every_language(language: str) -> None:
    positions = ("alert_low", "alarm_high", "alarm_low", "alert_high")
    texts = {said(of(placed("ranta", position)), language=language) for position in positions}
    assert len(texts) == len(positions)
    assert all("Ranta" in text for text in texts)


def blocks(kind: str, funnel: Funnel, *changed: Value) -> Any:
    made = fixture.material(*changed, funnels={("access_pct", GROUP, NOW): funnel})
    return build(
        made, spec("koe", "palveluyksikko", {"kind": kind, "metrics": ["access_pct"]}), "etela", "fi"
    ).sections


def test_a_comparison_says_who_differs_below_and_in_its_alternative_text() -> None:
    ((found,),) = (section.blocks for section in blocks("comparison", of(placed("metsa", "alarm_low"))))
    assert isinstance(found, Bars)
    assert found.note.endswith("Metsa fi yksikko selvästi muita heikompi.")
    assert found.alt.endswith("Metsa fi yksikko selvästi muita heikompi.")
    assert [bar.label for bar in found.bars] == ["Ranta", "Metsa"]


def test_a_funnel_shows_what_the_values_show() -> None:
    few = fixture.value("access_pct", "metsa", NOW, "few", 3, 4)
    tallies = [Tally("ranta", 82, 100), Tally("metsa", 3, 4, few=True)]
    tallies += [Tally(f"x{at}", 70, 100) for at in range(Comparison().fewest_units)]
    ((found,),) = (section.blocks for section in blocks("funnel", proportions(tallies, 30), few))
    assert isinstance(found, FunnelPlot)
    ranta, metsa = found.units
    assert (ranta.label, ranta.value, ranta.text) == ("Ranta", 82.0, "82,0\u00a0%")
    assert (metsa.value, metsa.text, metsa.tone) == (None, "liian vähän (n\u00a0=\u00a04)", "none")
    assert "Ei kuviossa: Metsa (liian vähän (n\u00a0=\u00a04))." in found.note
    assert found.centre == pytest.approx(100 * 435 / 604)
    assert found.centre_label == "verratut yksiköt yhteensä 72,0\u00a0%"


def test_the_title_names_one_or_two_that_differ_and_counts_more() -> None:
    for out, title in (
        ((), "yksiköiden erot vertailurajojen sisällä"),
        (("ranta",), "Ranta fi yksikko selvästi muita heikompi"),
        (("ranta", "metsa", "kallio"), "3 yksikköä eroaa muista"),
    ):
        units = (placed(org, "alarm_low") for org in out)
        ((found,),) = (section.blocks for section in blocks("funnel", of(*units)))
        assert found.title == f"Yhteydensaanti: {title}"


def test_how_many_units_are_named_and_asked_for_is_the_configs() -> None:
    made = fixture.material(funnels={("access_pct", GROUP, NOW): of(placed("ranta", "alarm_low"))})
    block = spec("koe", "palveluyksikko", {"kind": "funnel", "metrics": ["access_pct"]})

    def titles(rules: Comparison) -> list[str]:
        configs = replace(
            made.configs, findings=made.configs.findings.model_copy(update={"comparison": rules})
        )
        sections = build(replace(made, configs=configs), block, "etela", "fi").sections
        plots = [shown for section in sections for shown in section.blocks]
        return [plot.title for plot in plots if isinstance(plot, FunnelPlot)]

    assert titles(Comparison()) == ["Yhteydensaanti: Ranta fi yksikko selvästi muita heikompi"]
    assert titles(Comparison(named=0)) == ["Yhteydensaanti: 1 yksikköä eroaa muista"]
    assert titles(Comparison(fewest_units=7)) == []


def test_a_withheld_unit_is_in_words_without_a_mark() -> None:
    gone = fixture.value("access_pct", "metsa", NOW, "withheld", reason=Reason("withheld", of=5))
    ((found,),) = (section.blocks for section in blocks("funnel", of(placed("ranta", "within")), gone))
    assert (found.units[1].value, found.units[1].n, found.units[1].text) == (None, 0, "suojattu")


def test_there_is_no_funnel_of_too_few_units_or_of_a_metric_without_one() -> None:
    assert blocks("funnel", Funnel(0.5, 1.0, (placed("ranta", "within"),))) == ()
    made = fixture.material()
    own = spec("koe", "palveluyksikko", {"kind": "funnel", "metrics": ["nps"]})
    assert build(made, own, "etela", "fi").sections == ()
