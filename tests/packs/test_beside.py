"""A metric's figures by profession stand beside its own, where there are any to show."""

from __future__ import annotations

import pytest

from opti_reports.model.value import State, Value
from opti_reports.packs import charts, tables
from opti_reports.packs.scene import Scene
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period
from tests.packs import fixture
from tests.packs.world import DATA_MONTH, METRICS


@pytest.fixture(autouse=True)
def split(monkeypatch: pytest.MonkeyPatch) -> None:
    """Access is split by profession, which stands beside it."""
    more = {"by": ("profession_class",), "beside": "profession_class"}
    monkeypatch.setitem(METRICS, "access_pct", METRICS["access_pct"].model_copy(update=more))


def of(key: str, part: int, state: State = "ok") -> Value:
    now = Period(MONTH, DATA_MONTH)
    return fixture.value("access_pct", "ranta", now, state, part, breakdown="profession_class", key=key)


def scene(*values: Value) -> Scene:
    return fixture.scene(fixture.material(*values))


def notes(*values: Value) -> list[str]:
    """The small print of the row and of the chart."""
    own = scene(*values)
    found = tables.metric_row(own, "access_pct").note, charts.trend(own, "access_pct").note
    return [note.replace("\u00a0", " ") for note in found]


def test_both_professions_are_said_in_small_print() -> None:
    for note in notes(of("LK", 40), of("SH", 90)):
        assert "lääkäri 40,0 %, sairaanhoitaja 90,0 %" in note


def test_they_stand_in_the_order_in_which_the_labels_name_them() -> None:
    for note in notes(of("LK", 40), of("MUU", 60), of("SH", 90)):
        assert "lääkäri 40,0 %, sairaanhoitaja 90,0 %, muu ammattiryhmä 60,0 %" in note


def test_what_is_withheld_too_few_or_not_recorded_is_left_out() -> None:
    for note in notes(of("LK", 40), of("SH", 90), of("MUU", 3, "few"), of("", 50)):
        assert "90,0 %" in note
        assert "muu ammattiryhmä" not in note
        assert "50,0 %" not in note
    for note in notes(of("LK", 40), of("SH", 90, "withheld")):
        assert "40,0 %" not in note


def test_one_profession_alone_says_nothing_that_the_figure_does_not() -> None:
    assert not [note for note in notes(of("LK", 40)) if "40,0 %" in note]
