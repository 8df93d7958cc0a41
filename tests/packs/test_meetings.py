"""What goes to meetings and comes back from them: the decisions table, preparations, decisions from above."""

from __future__ import annotations

from dataclasses import replace

import pytest

from opti_reports.config.source import Source
from opti_reports.model.meeting import PREPARED, read_mark
from opti_reports.model.pack import Table
from opti_reports.model.report import ListRow
from opti_reports.packs.build import build
from opti_reports.packs.material import Material
from tests.packs import fixture
from tests.packs.test_blocks import table
from tests.packs.world import SOURCES, TABLE, configs, spec

REGISTER = {"kind": "list", "list": "actions"}
OVERVIEW = {"kind": "preparations", "list": "preparations"}


def with_actions(*rows: ListRow) -> Material:
    return fixture.material(lists={**fixture.LISTS, "actions": rows})


def ids(found: Table) -> list[str]:
    return [row[0].rpartition("(")[2][:-1] for row in found.rows]


def test_a_unit_sees_what_the_levels_above_decided_for_it_and_who_decided() -> None:
    made = with_actions(
        fixture.action("ranta", "T1", "2026-10-01"),
        fixture.action("ranta", "T2", "2026-10-02", decided_by="etela"),
        fixture.action("etela", "T3", "2026-10-03"),
        fixture.action("alue", "T4", "2026-10-04"),
        fixture.action("metsa", "T5", "2026-10-05"),
        fixture.action("pohjoinen", "T6", "2026-10-06"),
    )
    found = table(made, "ranta", "yksikko", REGISTER)
    assert ids(found) == ["T1", "T2", "T3", "T4"]
    assert [column.label for column in found.columns][1] == "Päättäjä"
    assert [row[1] for row in found.rows] == ["–", "Palveluyksikko", "Palveluyksikko", "Alue"]
    above = table(made, "etela", "palveluyksikko", REGISTER)
    assert ids(above) == ["T1", "T2", "T3", "T4", "T5"]
    assert [row[2] for row in above.rows] == ["–", "Palveluyksikko", "–", "Alue", "–"]


def test_a_measure_from_above_is_told_by_the_figures_of_the_unit_itself() -> None:
    action = fixture.action("etela", "T3", "2026-10-03", metric_id="access_pct", started_at="2026-03-10")
    own = replace(action, org="ranta")
    effects = [table(with_actions(row), "ranta", "yksikko", REGISTER).rows[0][-1] for row in (action, own)]
    assert effects[0] == effects[1]
    assert effects[0].startswith("Yhteydensaanti: ")


def test_what_waits_for_an_answer_is_not_cut_and_stays_when_it_is_done() -> None:
    late = [fixture.action("ranta", f"T{n}", f"2026-08-0{n}") for n in range(1, 5)]
    asked = fixture.action("ranta", "T8", "2026-12-01", escalated_to="johtoryhma")
    done = fixture.action(
        "ranta", "T9", "2025-01-01", escalated_to="johtoryhma", done_at="2026-05-03", opened_at="2024-12-01"
    )
    above = fixture.action("etela", "T7", "2026-12-01")
    forgotten = fixture.action("etela", "T6", "2025-01-01", escalated_to="johtoryhma", done_at="2025-02-03")
    found = table(
        with_actions(*late, asked, done, above, forgotten), "ranta", "yksikko", {**REGISTER, "limit": 4}
    )
    assert ids(found) == ["T1", "T8", "T7", "T9"]
    assert found.note == "Lisäksi 3 muuta."
    assert found.rows[-1][-1] == "johtoryhmä: odottaa vastausta, 638 vrk"


@pytest.mark.parametrize(
    ("done", "listed"),
    [("2026-05-01", True), ("2026-04-30", False)],  # done in the last four months, or before them
)
def test_what_was_done_without_an_answer_is_listed_for_a_while_and_then_only_counted(
    done: str, listed: bool
) -> None:
    asked = fixture.action("ranta", "T9", "2026-01-01", escalated_to="johtoryhma", done_at=done)
    answered = fixture.action(
        "ranta", "T8", "2026-01-01", escalated_to="johtoryhma", done_at=done, answered_at="2026-02-01"
    )
    undone = fixture.action("ranta", "T7", "2025-01-01", escalated_to="johtoryhma", opened_at="2024-01-01")
    found = table(with_actions(asked, answered, undone), "ranta", "yksikko", REGISTER)
    assert ids(found) == (["T7", "T9"] if listed else ["T7"])
    counted = "Ylemmälle tasolle vietyjä, jo valmistuneita asioita, joihin ei vastattu: 1."
    assert found.note == ("" if listed else counted)


def test_a_deck_s_decisions_table_says_whose_it_is_and_asks_the_unit() -> None:
    made = fixture.material()
    entry = {"kind": "decisions", "limit": 4}
    deck = build(made, spec("kokous", "palveluyksikko", entry, format="pptx"), "etela", "fi")
    (found,) = deck.sections[0].blocks
    assert isinstance(found, Table)
    assert found.mark == "decisions:kokous/etela/2026-08"
    assert read_mark(f"{found.mark} 2") == read_mark(found.mark)  # programs number copies
    assert [column.label for column in found.columns][:2] == ["Päätös tai toimenpide", "Yksikkö"]
    paper = table(made, "ranta", "yksikko", entry)
    assert paper.mark == ""
    assert "Yksikkö" not in [column.label for column in paper.columns]


def note(org: str, metric: str, **cells: str) -> ListRow:
    empty = dict.fromkeys(PREPARED, "")
    return ListRow(org, {"month": "2026-08-01", "metric_id": metric, **empty, **cells})


def with_notes(*rows: ListRow) -> Material:
    own = SOURCES["kysely"].model_dump() | {
        "list": [{"id": "preparations", "sensitivity": "open", "where": "true", "unit": "u", "columns": {}}]
    }
    sources = {**SOURCES, "kysely": Source.model_validate(own)}
    return fixture.material(
        configs=replace(configs(), sources=sources), lists={**fixture.LISTS, "preparations": rows}
    )


def test_preparations_run_from_what_is_raised_to_what_needs_no_support() -> None:
    found = table(
        with_notes(
            note("ranta", "access_pct", cause="Kesä", escalate="false"),
            note(
                "ranta", "closed_pct", cause="Loma", support="Sijainen", due_at="2026-10-31", owner_role="oh"
            ),
            note("metsa", "access_pct", cause="Ruuhka", action="Vuoro", escalate="true"),
            note("metsa", "closed_pct", cause="Viime kuussa", month="2026-07-01"),
            note("kallio", "access_pct", cause="Muualla"),
        ),
        "etela",
        "palveluyksikko",
        OVERVIEW,
    )
    assert [column.label for column in found.columns] == [
        "Yksikkö", "Poikkeama", "Syy", "Toimenpide", "Tarvittava tuki", "JYL:lle",
    ]  # fmt: skip
    assert [(row[0].split()[0], *row[1:]) for row in found.rows] == [
        ("Metsa", "Yhteydensaanti", "Ruuhka", "Vuoro", "–", "kyllä"),
        ("Ranta", "Käsitellyt", "Loma", "oh, 31.10.2026", "Sijainen", "–"),
        ("Ranta", "Yhteydensaanti", "Kesä", "–", "–", "ei"),
        ("Ranta", "Hoitotakuu", "ei vastattu", "–", "–", "–"),
        ("Metsa", "Hoitotakuu; Käsitellyt", "ei vastattu", "–", "–", "–"),
    ]


def test_units_that_did_not_answer_are_named_with_their_deviations() -> None:
    found = table(with_notes(), "etela", "palveluyksikko", OVERVIEW)
    assert [row[1:3] for row in found.rows] == [("Hoitotakuu; Käsitellyt (+1)", "ei vastattu")] * 2


def test_units_that_did_not_answer_share_a_line_where_their_rows_would_be_too_many() -> None:
    found = table(with_notes(), "etela", "palveluyksikko", {**OVERVIEW, "limit": 1})
    assert found.rows == ()
    names = [fixture.scene(fixture.material()).name(org) for org in ("ranta", "metsa")]
    assert found.note == f"Poikkeamia ilman vastausta: {names[0]} 3; {names[1]} 3."


def test_on_slides_units_go_by_what_their_names_do_not_share() -> None:
    made = with_actions(fixture.action("ranta", "T1", "2026-10-01"))
    for form, name in (("pptx", "Ranta"), ("pdf", "Ranta fi yksikko")):
        pack = build(made, spec("kokous", "palveluyksikko", REGISTER, format=form), "etela", "fi")
        (found,) = pack.sections[0].blocks
        assert isinstance(found, Table)
        assert [row[1] for row in found.rows] == [name]


def test_what_was_written_keeps_its_language() -> None:
    actions = (
        fixture.action("ranta", "T1", "2026-10-01", expected_effect="Jono lyhenee"),
        fixture.action(
            "ranta",
            "T2",
            "2026-10-02",
            metric_id="access_pct",
            started_at="2026-03-10",
            owner_role="sovittelija",
        ),
    )
    quotes = tuple(
        ListRow("ranta", {"text": f"{code}.", "language": code, "received_at": "2026-08-04"})
        for code in ("fi", "sv", "muu", "")
    )
    made = fixture.material(lists={**fixture.LISTS, "actions": actions, "quotes": quotes})

    def languages(entry: dict[str, str], language: str) -> dict[tuple[str, int], str]:
        pack = build(made, spec("koe", "yksikko", entry), "ranta", language)
        (found,) = pack.sections[0].blocks
        assert isinstance(found, Table)
        return {(found.rows[row][0], column): spoken for row, column, spoken in found.languages}

    assert languages(REGISTER, "fi") == {}
    assert languages(REGISTER, "sv") == {
        ("Toimi T1 (T1)", 0): "fi",
        ("Toimi T1 (T1)", 3): "fi",
        ("Toimi T2 (T2)", 0): "fi",
        ("Toimi T2 (T2)", 1): "fi",
    }
    assert languages({"kind": "list", "list": "quotes"}, "fi") == {("sv.", 0): "sv"}
    assert languages({"kind": "list", "list": "quotes"}, "sv") == {("fi.", 0): "fi"}


def test_in_brief_only_sources_with_something_amiss_are_told() -> None:
    def told(found: Material) -> Table:
        own = spec("koe", "yksikko", TABLE, {"kind": "quality", "brief": True})
        blocks = build(found, own, "ranta", "fi").sections[0].blocks
        return next(block for block in blocks if isinstance(block, Table))

    made = fixture.material(late=())
    every = told(made)
    assert len(every.rows) >= 3
    sources = tuple(
        report if report.source == "puhelut" else replace(report, rejected=0, reasons={}, unknown_units={})
        for report in made.sources
    )
    found = told(replace(made, sources=sources))
    assert len(found.rows) == 1
    assert found.note.startswith(f"Lisäksi lähteitä ilman huomautettavaa: {len(every.rows) - 1}.")


def test_a_unit_prepares_each_of_its_own_deviations() -> None:
    made = fixture.material()
    asked = build(made, spec("koe", "yksikko", REGISTER, preparation=True), "ranta", "fi").preparation
    assert asked is not None
    assert asked.mark == "preparations:koe/ranta/2026-08"
    assert [row.metric for row in asked.rows] == ["guarantee_pct", "closed_pct", "access_pct"]
    assert asked.rows[2].known[0] == "Yhteydensaanti"
    assert asked.rows[2].known[3] == "kesäkuu 2026"
    assert len(asked.asked) == len(PREPARED)
    assert build(made, spec("koe", "yksikko", REGISTER), "ranta", "fi").preparation is None
