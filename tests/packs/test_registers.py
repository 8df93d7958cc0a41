"""Registers of units and rows that ask for an action: by rule, in words as well as in tone."""

from __future__ import annotations

from typing import Any

import pytest

from opti_reports.model.card import Remarks
from opti_reports.model.pack import Table
from opti_reports.model.report import ListRow
from opti_reports.packs.build import build
from tests.packs import fixture
from tests.packs.world import LANGUAGES, spec

REGISTER = {"kind": "list", "list": "omavalvonta"}
TO_ACT = {"kind": "list", "list": "action_haipro", "limit": 2}


def tables(org: str, level: str, entry: dict[str, Any], language: str = "fi", **lists: Any) -> list[Table]:
    made = fixture.material(lists=fixture.LISTS | lists)
    blocks = build(made, spec("luettelo", level, entry), org, language).sections[0].blocks
    assert all(isinstance(block, Table) for block in blocks)
    return list(blocks)  # type: ignore[arg-type]


def test_a_unit_s_register_is_an_item_a_line_and_says_what_is_late() -> None:
    (own,) = tables("metsa", "yksikko", REGISTER)
    assert own.rows == (
        ("Suunnitelma päivitetty", "1.3.2026"),
        ("Suunnitelma julkaistu", "ei"),
        ("Seuraava tarkistus", "1.6.2026, myöhässä"),
    )
    assert own.tones == ((1, 1, "wrong"), (2, 1, "wrong"))


def test_units_beside_their_items_each_state_a_word() -> None:
    (matrix,) = tables("etela", "palveluyksikko", REGISTER)
    assert matrix.columns[0].label == "Yksikkö"
    assert matrix.rows == (
        ("Ranta", "3/26", "kyllä", "3/27"),
        ("Metsa", "3/26", "ei", "myöhässä"),
    )
    assert {at[:2] for at in matrix.tones if at[2] == "wrong"} == {(1, 2), (1, 3)}
    assert len(matrix.tones) == 6


@pytest.mark.parametrize(("named", "said"), [(None, 3), (2, 2), (1, 1)])
def test_above_units_only_so_many_items_are_named_as_there_is_room_for(named: int | None, said: int) -> None:
    lacking = {"plan_updated_on": "", "plan_published": "false", "next_review_on": "2026-06-01"}
    rows = ListRow("ranta", lacking), ListRow("metsa", lacking | {"plan_updated_on": "2026-03-01"})
    made = fixture.material(lists={"omavalvonta": rows})
    entry = {"kind": "pending"} | ({"named": named} if named else {})
    blocks = build(made, spec("koe", "palveluyksikko", entry, REGISTER), "etela", "fi").sections[0].blocks
    (text,) = (
        one.text
        for block in blocks
        if isinstance(block, Remarks)
        for one in block.items
        if "tekem" in one.text
    )
    assert text.count(" yksikössä") == said
    assert text.count("; ") == said - 1
    assert ("muuta" in text or "yksi muu" in text) == (said < 3)


@pytest.mark.parametrize(
    ("day", "said", "tone"),
    [
        ("2026-07-01", "7/26", "right"),  # in the month before the data month
        ("2026-06-30", "myöhässä", "wrong"),  # neither in it nor in the data month: two months without
        ("", "puuttuu", "wrong"),
    ],
)
def test_two_months_without_are_a_lack(day: str, said: str, tone: str) -> None:
    rows = (
        ListRow("ranta", {"haipro_with_staff_on": day}),
        ListRow("metsa", {"haipro_with_staff_on": "2026-08-31"}),
    )
    (matrix,) = tables("etela", "palveluyksikko", REGISTER, omavalvonta=rows)
    assert matrix.rows[0] == ("Ranta", said)
    assert matrix.tones[0] == (0, 1, tone)
    assert matrix.note.startswith("Puutteeksi lasketaan, jos 2 kuukauteen ei ole tehty: ")


def test_a_unit_that_delivered_nothing_says_so_in_every_cell() -> None:
    handled = {"haipro_with_staff_on": "2026-08-01"}
    (matrix,) = tables("etela", "palveluyksikko", REGISTER, omavalvonta=(ListRow("ranta", handled),))
    assert matrix.rows == (("Ranta", "8/26"), ("Metsa", "ei tietoa"))
    assert matrix.tones == ((0, 1, "right"), (1, 1, "info"))


def test_every_unit_below_is_in_the_matrix() -> None:
    (matrix,) = tables("alue", "alue", REGISTER)
    assert [row[0] for row in matrix.rows] == ["Ranta", "Metsa", "Kallio"]


def test_a_register_without_a_row_says_so() -> None:
    (found,) = tables("etela", "palveluyksikko", REGISTER, omavalvonta=())
    assert (found.rows, found.empty) == ((), "Ei rivejä tässä jaksossa.")


def report(org: str, number: str) -> ListRow:
    return ListRow(org, {"report_id": number, "due_at": "2026-09-01"})


def test_a_report_tells_its_action_and_how_that_stands() -> None:
    actions = (
        fixture.action("ranta", "T1", "2026-09-15", source_ref="H1"),
        fixture.action("ranta", "T2", "2026-06-30", source_ref="H2", done_at="2026-06-20"),
        fixture.action("kallio", "T3", "2026-09-15", source_ref="H3"),  # another service unit's: not told
    )
    rows = tuple(report("ranta", f"H{n}") for n in range(1, 4))
    (found,) = tables("etela", "palveluyksikko", TO_ACT, action_haipro=rows, actions=actions)
    assert [row[-1] for row in found.rows] == [
        "Toimi T1 (T1): käynnissä, määräaika 15.9.2026",
        "Toimi T2 (T2): valmis 20.6.2026",
    ]
    assert found.note == "Lisäksi yksi muu. Toimenpide on kirjattu: 2/3, niistä valmiina 1."
    (whole,) = tables("alue", "alue", {**TO_ACT, "limit": 3}, action_haipro=rows, actions=actions)
    assert whole.rows[2][-1] == "Toimi T3 (T3): käynnissä, määräaika 15.9.2026"
    assert whole.note.endswith("3/3, niistä valmiina 1.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_without_an_action_says_so_in_every_language(language: str) -> None:
    rows = (report("ranta", "H9"),)
    (found,) = tables("ranta", "yksikko", TO_ACT, language, action_haipro=rows, actions=())
    said = {"fi": "ei toimenpidettä", "sv": "ingen åtgärd", "en": "no action"}[language]
    assert found.rows[0][-1] == said
    assert found.tones == ((0, 2, "warn"),)
