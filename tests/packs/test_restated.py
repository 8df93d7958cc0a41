"""Published figures that changed: the table on the quality page, and the mark on the cell that shows one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from opti_reports.model.finding import Restatement
from opti_reports.model.pack import MetricTable, Table
from opti_reports.packs.build import build
from opti_reports.packs.material import Material
from opti_reports.periods.cadence import MONTH, TERTIAL, Cadence
from opti_reports.periods.months import parse_month
from opti_reports.periods.period import Period
from tests.packs import fixture
from tests.packs.world import DATA_MONTH, LANGUAGES, configs, spec


def changed(
    old: float,
    new: float,
    org: str = "ranta",
    back: int = 1,
    metric: str = "access_pct",
    cadence: Cadence = MONTH,
) -> Restatement:
    return Restatement(
        metric=metric,
        org=org,
        period=Period(cadence, DATA_MONTH - back),
        old=Fraction(str(old)),
        new=Fraction(str(new)),
        sources=("puhelut",),
    )


METRICS = {"kind": "metric_table", "metrics": ["access_pct", "closed_pct"]}


def tables(made: Material, org: str, level: str, language: str = "fi") -> list[Table]:
    own = spec("koe", level, METRICS, {"kind": "quality"})
    blocks = build(made, own, org, language).sections[0].blocks
    return [block for block in blocks if isinstance(block, Table)]


def restated(made: Material, org: str = "ranta", level: str = "yksikko") -> Table:
    (found,) = (table for table in tables(made, org, level) if table.caption == "Muuttuneet julkaistut luvut")
    return found


def test_each_change_says_what_it_was_what_it_is_and_which_extract_changed_it() -> None:
    found = restated(fixture.material(restatements=(changed(80.0, 84.4),)))
    assert [column.label for column in found.columns] == [
        "Mittari", "Jakso", "Julkaistu → nyt", "Muutoksen lähde",
    ]  # fmt: skip
    assert found.rows == (("Yhteydensaanti", "heinä 26", "80,0\u00a0% → 84,4\u00a0%", "Lähde puhelut"),)


def test_nothing_is_shown_when_nothing_changed_for_the_reader() -> None:
    same = (changed(80.01, 80.04), changed(1, 2, org="kallio"), changed(1, 2, cadence=TERTIAL))
    for restatements in ((), same, (changed(1, 2, metric="nps"),)):
        captions = [
            t.caption for t in tables(fixture.material(restatements=restatements), "ranta", "yksikko")
        ]
        assert captions == ["Tietojen laatu"]


def test_own_changes_come_first_then_the_newest_and_the_rest_is_counted() -> None:
    shown = configs().findings.restatements_shown
    many = (
        changed(1, 2, org="metsa", back=3),
        *(changed(1, 2, back=back) for back in range(2, 2 + shown)),
        changed(1, 2, org="etela", back=9),
    )
    found = restated(fixture.material(restatements=many), "etela", "palveluyksikko")
    assert len(found.rows) == shown
    assert [row[1] for row in found.rows[:2]] == ["Etela fi palveluyksikko", "Ranta fi yksikko"]
    assert found.note == "Lisäksi 2 muuta."


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_said_in_every_language(language: str) -> None:
    made = fixture.material(restatements=(changed(80.0, 84.4),))
    assert len(tables(made, "ranta", "yksikko", language)) == 2


def test_a_cell_that_shows_a_changed_figure_is_marked_and_its_note_says_what_was_published() -> None:
    made = fixture.material(restatements=(changed(80.0, 84.4), changed(5, 6, back=4)))
    found = build(made, spec("koe", "yksikko", METRICS), "ranta", "fi").sections[0].blocks[0]
    assert isinstance(found, MetricTable)
    row, other = found.rows
    assert [cell.endswith("*") for cell in row.cells] == [False, True, False, False, False]
    assert row.note == "Tavoitetut 88,0\u00a0%; * heinä 26: julkaistu 80,0\u00a0%"
    assert not any("*" in cell for cell in (*other.cells, other.note))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fi", "joita ei enää muuteta: Lähde puhelut (tammi 26)."),
        ("sv", "inte längre ändras: Lähde puhelut sv (jan 26)."),
        ("en", "changed no more: Lähde puhelut en (Jan 26)."),
    ],
)
def test_what_a_new_extract_would_change_in_frozen_months_is_told(language: str, said: str) -> None:
    reports = tuple(
        replace(report, frozen=(parse_month("2026-01"),) if report.source == "puhelut" else ())
        for report in fixture.reports()
    )
    (first,) = tables(fixture.material(sources=reports), "ranta", "yksikko", language)
    assert said in first.note
