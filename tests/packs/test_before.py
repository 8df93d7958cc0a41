"""A figure is compared with the newest whole one before it, which is named where something lies between."""

from __future__ import annotations

from typing import Any

import pytest

from opti_reports.model.charts import Trend
from opti_reports.model.pack import MetricRow, Table
from opti_reports.model.value import Reason, Value
from opti_reports.packs import charts, tables
from opti_reports.packs.build import build
from opti_reports.periods.cadence import MONTH, TERTIAL, WAVE
from opti_reports.periods.period import Period
from tests.packs import fixture
from tests.packs.test_counts import FOCUS, cell
from tests.packs.world import DATA_MONTH, spec


def month(back: int, state: Any = "ok", **more: Any) -> Value:
    return fixture.value("access_pct", "ranta", Period(MONTH, DATA_MONTH - back), state, **more)


def row(*values: Value, metric: str = "access_pct", language: str = "fi") -> MetricRow:
    return tables.metric_row(fixture.scene(fixture.material(*values), language=language), metric)


def trend(*values: Value, metric: str = "access_pct", language: str = "fi") -> Trend:
    return charts.trend(fixture.scene(fixture.material(*values), language=language), metric)


def test_the_period_just_before_needs_no_name() -> None:
    found = row(month(1, part=75))
    assert found.cells[1] == "75,0\u00a0%"
    assert "edellinen" not in found.note
    assert "muutos edellisestä +13,0" in trend(month(1, part=75), month(0, part=88)).note


@pytest.mark.parametrize(
    ("state", "more", "why"),
    [
        ("withheld", {}, "suojattu"),
        ("missing", {}, "ei tietoa"),
        ("few", {"part": 3, "whole": 4}, "liian vähän (n = 4)"),
        ("partial", {"reason": Reason("units", 3, 4)}, "3/4 yksikköä"),
        ("partial", {"reason": Reason("months", 3, 4)}, "3/4 kk"),
    ],
)
def test_what_lies_between_is_said(state: str, more: dict[str, Any], why: str) -> None:
    values = month(1, state, **more), month(2, part=75), month(0, part=88)
    found = row(*values)
    assert found.cells[1] == "75,0\u00a0% (kesä\u00a026)"
    assert f"heinäkuu 2026: {why}" in found.note.replace("\u00a0", " ")
    note = trend(*values).note.replace("\u00a0", " ")
    assert f"muutos jaksosta kesäkuu 2026: +13,0 %-yks.; heinäkuu 2026: {why}" in note


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "välissä 3 jaksoa ilman vertailulukua (ei tietoa, suojattu)"),
        ("sv", "däremellan 3 perioder utan jämförelsetal (ingen uppgift, skyddad)"),
        (
            "en",
            "3 periods between without a figure to compare (no data, withheld)",
        ),
    ],
)
def test_many_between_are_counted(language: str, text: str) -> None:
    found = row(month(1, "missing"), month(2, "withheld"), month(3, "missing"), language=language)
    assert text in found.note


def test_without_any_whole_figure_before_the_period_just_before_says_what_it_is() -> None:
    gone = [month(back, "missing") for back in range(1, 24)]
    found = row(*gone)
    assert found.cells[1] == "ei tietoa"
    assert "edellinen" not in found.note
    assert "muutos" not in trend(*gone).note
    part = [month(back, "partial", part=75, reason=Reason("units", 3, 4)) for back in range(1, 24)]
    assert row(*part).cells[1] == "75,0\u00a0% (3/4 yksikköä)"


def test_a_figure_that_is_not_whole_is_not_called_a_change() -> None:
    values = month(1, part=75), month(0, "partial", part=88, reason=Reason("units", 3, 4))
    assert "muutos" not in trend(*values).note


def test_a_wave_held_without_the_unit_is_not_skipped_in_silence() -> None:
    """Another unit was asked ten months ago; Ranta in April of two years."""
    other = fixture.value("pulse", "kallio", Period(WAVE, DATA_MONTH - 10))
    found = row(other, metric="pulse")
    assert found.cells[1].endswith("(huhti\u00a025)")
    assert "lokakuu 2025: ei tietoa" in found.note
    line = trend(other, metric="pulse")
    assert line.labels == ("huhti 25", "loka 25", "huhti 26")
    assert line.lines[-1].values[1] is None


def test_a_tertial_is_compared_with_the_newest_whole_tertial() -> None:
    hidden = fixture.value("closed_pct", "alue", Period(TERTIAL, DATA_MONTH - 4), "withheld")
    own = fixture.scene(fixture.material(hidden), "alue", cadence=TERTIAL)
    found = tables.metric_row(own, "closed_pct")
    assert found.cells[1].endswith("(T3/25)")
    assert "1. tertiaali 2026: suojattu" in found.note


def test_the_commonest_keys_stand_beside_a_period_that_is_named() -> None:
    values = cell("muu_havainto", 7), cell("muu_havainto", 4, 2)
    hidden = fixture.value("calls_n", "ranta", Period(MONTH, DATA_MONTH - 1), "withheld")
    pack = build(fixture.material(*values, hidden), spec("m", "yksikko", FOCUS), "ranta", "fi")
    (table,) = pack.sections[0].blocks
    assert isinstance(table, Table)
    assert [column.label.replace("\u00a0", " ") for column in table.columns][1::2] == ["elo 26", "kesä 26"]
    assert table.note.endswith("edellinen: kesäkuu 2026; heinäkuu 2026: suojattu")
