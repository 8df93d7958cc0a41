"""Money beside its budget: what is spent and forecast, by account group, in words where it is not known."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from opti_reports.model.charts import Bars
from opti_reports.model.value import Value
from opti_reports.packs.build import build
from opti_reports.packs.outturn import money
from opti_reports.periods.cadence import MONTH, TO_DATE, Cadence
from opti_reports.periods.period import Period
from tests.packs import fixture
from tests.packs.world import DATA_MONTH, METRICS, _metric, spec

NOW = Period(MONTH, DATA_MONTH)
SHARE: dict[str, Any] = {"scale": 100, "den": "money.budget"}
SPENT = _metric("Toteuma", num="money.actual", window="ytd", **SHARE)
FORECAST = _metric("Ennuste", num=["money.forecast", "-money.budget"], **SHARE)
ITEMS = _metric("Erät", num=["money.actual", "-money.budget"], window="ytd", by=["nature"], **SHARE)


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, metric in (("spent_pct", SPENT), ("forecast_pct", FORECAST), ("items_pct", ITEMS)):
        monkeypatch.setitem(METRICS, name, metric)


def of(metric: str, num: int, den: int, cadence: Cadence = TO_DATE, **more: Any) -> Value:
    share = Fraction(100 * num, den) if den else None
    period = Period(cadence, DATA_MONTH)
    return Value(
        metric=metric,
        org="ranta",
        period=period,
        state="ok",
        value=share,
        num=Fraction(num),
        den=Fraction(den),
        n=None,
        **more,
    )


ORDINARY = (
    of("spent_pct", 1_065_400, 1_000_000),
    of("items_pct", 30_000, 600_000, breakdown="nature", key="a"),
    of("items_pct", -1_000, 400_000, breakdown="nature", key=""),
    of("forecast_pct", -20_000, 1_500_000, MONTH),
)


def chart(*values: Value, language: str = "fi") -> Bars:
    entry = {"kind": "outturn", "metrics": ["spent_pct", "items_pct", "forecast_pct"], "by": "nature"}
    found = fixture.material(*values, newest=dict.fromkeys(METRICS, DATA_MONTH), late=())
    (block,) = build(found, spec("koe", "yksikko", entry), "ranta", language).sections[0].blocks
    assert isinstance(block, Bars)
    return block


def test_each_bar_is_thousands_beside_its_budget_and_the_title_says_both_shares() -> None:
    made = chart(*ORDINARY)
    assert [(bar.value, bar.aim) for bar in made.bars] == [
        (1065.4, 1000.0), (630.0, 600.0), (399.0, 400.0), (1480.0, 1500.0),
    ]  # fmt: skip
    assert made.bars[0].text == "1_065 / 1_000_t€ (106,5_%)".replace("_", "\u00a0")
    assert [bar.label for bar in made.bars][::3] == ["Toteuma vuoden alusta", "Koko vuoden ennuste"]
    assert made.bars[2].label == "Ei kirjattu"
    assert made.title == "Toteuma 106,5_% ja koko vuoden ennuste 98,7_% talousarviosta".replace("_", "\u00a0")
    assert "tuhatta euroa. Toteuma vuoden alusta 1_065, talousarvio 1_000 (106,5_%); ".replace(
        "_", "\u00a0"
    ) in (made.alt)
    assert all(bar.label in made.alt for bar in made.bars)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_it_is_said_in_every_language(language: str) -> None:
    made = chart(*ORDINARY, language=language)
    assert made.title.startswith({"sv": "Utfall 106,5", "en": "Spent 106.5"}[language])


def test_what_is_not_known_is_in_words_and_a_budget_of_nothing_has_no_share() -> None:
    withheld = Value(metric="spent_pct", org="ranta", period=Period(TO_DATE, DATA_MONTH), state="withheld")
    made = chart(withheld, of("forecast_pct", 5_000, 0, MONTH))
    assert [(bar.value, bar.text) for bar in made.bars] == [
        (None, "suojattu"),
        (5.0, "5 / 0\u00a0t€"),
    ]
    assert made.title == "Toteuma: suojattu"


def test_a_difference_from_the_budget_counts_as_what_is_spent_and_a_share_as_it_is() -> None:
    assert money(FORECAST, of("forecast_pct", -20, 100)) == (Fraction(80), Fraction(100))
    assert money(SPENT, of("spent_pct", 80, 100)) == (Fraction(80), Fraction(100))
    assert money(SPENT, Value(metric="spent_pct", org="ranta", period=NOW, state="missing")) is None
