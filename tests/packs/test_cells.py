"""Every state of a value as words, never as an empty cell or a zero."""

from __future__ import annotations

import pytest

from opti_reports.model.finding import TargetInForce
from opti_reports.model.value import Reason, State
from opti_reports.packs import cells, tables
from opti_reports.periods.cadence import MONTH, WAVE
from opti_reports.periods.period import Period
from tests.packs import fixture
from tests.packs.world import DATA_MONTH

NOW = Period(MONTH, DATA_MONTH)


@pytest.mark.parametrize(
    ("metric", "state", "part", "whole", "reason", "text"),
    [
        ("access_pct", "ok", 71, 100, None, "71,0\u00a0%"),
        ("calls_n", "ok", 1234, 1, None, "1\u00a0234"),
        ("access_pct", "partial", 71, 100, Reason("units", 3, 4), "71,0\u00a0% (osin)"),
        ("access_pct", "few", 3, 4, None, "liian vähän (n\u00a0=\u00a04)"),
        ("access_pct", "few", 0, 0, None, "ei yhtään"),
        ("closed_pct", "few", 3, 4, None, "3/4 (liian vähän)"),
        ("guarantee_pct", "few", 0, 0, None, "ei yhtään"),
        ("nps", "withheld", 0, 0, Reason("withheld", of=5), "suojattu"),
        ("calls_n", "withheld", 0, 0, Reason("withheld", of=3), "suojattu"),
        ("calls_n", "missing", 0, 0, None, "ei tietoa"),
        ("access_pct", "pending", 0, 0, None, "kesken"),
        ("pulse", "mixed", 0, 0, None, "eri asteikkoja"),
    ],
)
def test_each_state_in_words(
    metric: str, state: State, part: int, whole: int, reason: Reason | None, text: str
) -> None:
    one = fixture.value(metric, "ranta", NOW, state, part, whole, reason=reason)
    assert cells.plain(fixture.scene(fixture.material()), one) == text


def test_a_count_does_not_say_its_own_number_again() -> None:
    one = fixture.value("calls_n", "ranta", NOW, "ok", 1234, 1)
    row = tables.metric_row(fixture.scene(fixture.material(one)), "calls_n")
    assert "1\u00a0234" in row.cells
    assert "1\u00a0234" not in row.note


@pytest.mark.parametrize(
    ("reason", "fi", "sv"),
    [
        (Reason("units", 3, 4), "3/4 yksikköä", "3/4 enheter"),
        (Reason("months", 7, 8), "7/8 kk", "7/8 mån."),
        (
            Reason("outside"),
            "luku ei ole mahdollinen, tarkista lähde",
            "talet är inte möjligt, kontrollera källan",
        ),
    ],
)
def test_a_partial_value_says_of_what(reason: Reason | None, fi: str, sv: str) -> None:
    one = fixture.value("access_pct", "ranta", NOW, "partial", reason=reason)
    found = fixture.material(one)
    for language, text in (("fi", fi), ("sv", sv)):
        row = tables.metric_row(fixture.scene(found, language=language), "access_pct")
        assert row.note.startswith(text)
        assert (row.tone, row.status) == ("none", {"fi": "ei arvioida", "sv": "bedöms inte"}[language])


def test_a_figure_that_only_unclear_rows_could_give_is_not_nought() -> None:
    one = fixture.value("access_pct", "ranta", NOW, "partial", 0, 0, reason=Reason("unknown", 3), unknown=3)
    assert cells.plain(fixture.scene(fixture.material()), one) == "osittainen: epäselviä rivejä 3"


@pytest.mark.parametrize(
    ("state", "reason", "text"),
    [
        ("partial", Reason("unknown", 12), "osittainen: epäselviä rivejä 12"),
        ("partial", Reason("units", 3, 4), "3/4 yksikköä; epäselviä rivejä 12"),
        ("ok", None, "epäselviä rivejä 12"),
    ],
)
def test_rows_whose_part_is_not_known_are_counted(state: State, reason: Reason | None, text: str) -> None:
    one = fixture.value("access_pct", "ranta", NOW, state, reason=reason, unknown=12)
    assert cells.wholeness(fixture.scene(fixture.material(one)), one) == text


@pytest.mark.parametrize(
    ("op", "value", "basis", "text"),
    [
        (">=", (80.0,), "agreed", "≥ 80\u00a0%"),
        ("<=", (4.5,), "agreed", "≤ 4,5\u00a0%"),
        ("between", (95.0, 105.0), "agreed", "95–105\u00a0%"),
        ("between", (-2.0, 0.5), "agreed", "−2 … 0,5\u00a0%"),
        (">=", (50.0,), "proposed", "(≥ 50\u00a0%)"),
    ],
)
def test_targets_in_cells(op: str, value: tuple[float, ...], basis: str, text: str) -> None:
    aim = TargetInForce(op, value, basis, "alue")  # type: ignore[arg-type]
    assert cells.target(fixture.scene(fixture.material()), "access_pct", aim, "percent") == text


def test_an_undecided_target_gives_no_status_and_says_so() -> None:
    row = tables.metric_row(fixture.scene(fixture.material()), "new_pct")
    assert (row.tone, row.status, row.cells[3]) == ("neutral", "seurataan", "(≥ 50\u00a0%)")
    assert row.note == "tavoite: ehdotus, ei päätetty"


def test_without_a_target_there_is_a_dash_and_without_a_figure_no_judgement() -> None:
    gone = fixture.value("access_pct", "ranta", NOW, "few", 3, 4)
    rows = {m: tables.metric_row(fixture.scene(fixture.material(gone)), m) for m in ("calls_n", "access_pct")}
    assert rows["calls_n"].cells[3] == cells.DASH
    assert (rows["access_pct"].tone, rows["access_pct"].status) == ("none", "ei arvioida")
    assert rows["access_pct"].spark.values[-1] is None


def test_a_small_unit_is_told_why_its_staff_figures_are_not_shown() -> None:
    own = fixture.scene(fixture.material(), "metsa")
    hidden = [
        fixture.value(
            "pulse", "metsa", Period(WAVE, DATA_MONTH - back), "withheld", reason=Reason("withheld", of=10)
        )
        for back in (4, 16)
    ]
    row = tables.metric_row(fixture.scene(fixture.material(*hidden), "metsa"), "pulse")
    assert row.cells[0] == "suojattu"
    assert "pieni yksikkö" in row.note
    assert "pieni yksikkö" not in tables.metric_row(own, "pulse").note


def test_companions_stand_beside_their_metric_unless_they_only_repeat_it() -> None:
    row = tables.metric_row(fixture.scene(fixture.material()), "access_pct")
    assert row.note.endswith("Tavoitetut 88,0\u00a0%")
    few = [fixture.value(metric, "ranta", NOW, "few", 3, 4) for metric in ("access_pct", "reached_pct")]
    assert "Tavoitetut" not in tables.metric_row(fixture.scene(fixture.material(*few)), "access_pct").note
