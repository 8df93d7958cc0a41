"""What stands in the way is offered on cards, in workbooks and decks until it was passed over twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from opti_reports.config.source import LIST_NEEDS, Source
from opti_reports.model.card import Cards
from opti_reports.model.pack import Table
from opti_reports.model.report import ListRow
from opti_reports.packs.build import build
from opti_reports.packs.material import Material
from tests.packs import fixture
from tests.packs.test_cards import access, deviation
from tests.packs.test_meetings import note
from tests.packs.world import SOURCES, configs, spec

BOTH = "aamuruuhka | ei palavereja"


def made(*rows: ListRow, actions: tuple[ListRow, ...] = ()) -> Material:
    """Ranta is off its target for the second month; ``rows`` are its notes of these months and before."""
    columns = dict.fromkeys(LIST_NEEDS["preparations"], "u")
    listed = {"id": "notes", "kind": "preparations", "sensitivity": "open", "where": "true", "unit": "u"}
    own = SOURCES["kysely"].model_dump() | {"list": [listed | {"columns": columns}]}
    sources = {**SOURCES, "kysely": Source.model_validate(own)}
    found = fixture.material(
        access(160, 200),
        configs=replace(configs(), sources=sources),
        lists={"notes": rows, "actions": actions},
    )
    return replace(found, deviations=(deviation("access_pct", months=2, react_level="palveluyksikko"),))


def refused(month: str, words: str = BOTH, org: str = "ranta", metric: str = "access_pct") -> ListRow:
    return note(org, metric, month=f"{month}-01", passed_over=words)


def decided(number: str, month: str) -> ListRow:
    row = fixture.action("ranta", number, "2026-06-30", metric_id="access_pct", passed_over=BOTH)
    return replace(row, cells=row.cells | {"opened_at": f"{month}-02", "done_at": "2026-06-01"})


def offered(found: Material) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """What the unit's card asks, and what its workbook offers for cause and action."""
    pack = build(found, spec("koe", "yksikko", {"kind": "cards"}, preparation=True), "ranta", "fi")
    (cards,) = (block for block in pack.sections[0].blocks if isinstance(block, Cards))
    assert pack.preparation is not None
    (row,) = pack.preparation.rows
    return cards.items[0].note, row.barriers, row.suggested


FULL = ("Mikä estää? Esimerkiksi: aamuruuhka", ("aamuruuhka",), ("ei palavereja", "seurataan, perustelu:"))
NOTHING = ("", (), ())


@pytest.mark.parametrize(
    ("rows", "actions", "left"),
    [
        ((), (), FULL),
        ((refused("2026-07"),), (), FULL),
        ((refused("2026-07"), refused("2026-07")), (), FULL),
        ((refused("2026-05"), refused("2026-07")), (), NOTHING),
        ((refused("2026-05"), refused("2026-07", org="metsa")), (), FULL),
        ((refused("2026-05"), refused("2026-07", metric="closed_pct")), (), FULL),
        ((refused("2026-05"),), (decided("K2605-1", "2026-06"),), FULL),  # the deck of the month of the note
        ((refused("2026-05"),), (decided("K2604-1", "2026-05"),), NOTHING),
        ((), (decided("T1", "2026-03"), decided("T2", "2026-05")), NOTHING),
        (
            (refused("2026-05", "ei palavereja"), refused("2026-07")),
            (),
            ("Mikä estää? Esimerkiksi: aamuruuhka", ("aamuruuhka",), ()),
        ),
    ],
    ids=[
        "never", "once", "twice in a month", "twice", "another unit", "another metric", "one meeting's",
        "note and deck", "decks", "its action",
    ],
)  # fmt: skip
def test_what_was_passed_over_in_two_months_is_not_offered_a_third_time(
    rows: tuple[ListRow, ...], actions: tuple[ListRow, ...], left: tuple[object, ...]
) -> None:
    assert offered(made(*rows, actions=actions)) == left


def decisions(found: Material) -> list[Table]:
    """The table to be filled in, after that of what is offered, where anything is."""
    entries = ({"kind": "cards"}, {"kind": "decisions", "limit": 6})
    pack = build(found, spec("kokous", "palveluyksikko", *entries, format="pptx"), "etela", "fi")
    return [block for block in pack.sections[0].blocks if isinstance(block, Table)]


def test_a_deck_s_table_begins_with_what_nothing_was_agreed_about() -> None:
    offered, table = decisions(made())
    assert [column.label for column in offered.columns] == ["Mittari", "Mikä on tiellä? Mitä on kokeiltu?"]
    assert offered.rows == (("Yhteydensaanti", "1\u00a0aamuruuhka: ei palavereja"),)
    assert table.rows == (("", "Ranta", "Vetäjä palveluyksikko", "", "Yhteydensaanti", "", "1"),)
    assert (table.columns[-1].label, table.blank_rows) == ("Ehdotus", 4)
    assert table.note.startswith("Kirjoita päätökseksi ehdotuksen numero")


def test_a_deck_does_not_offer_what_the_unit_passed_over_twice() -> None:
    (table,) = decisions(made(refused("2026-05"), refused("2026-07")))
    assert [column.label for column in table.columns][-1] == "Viedään ylemmälle tasolle"
    assert [row[1] for row in table.rows] == ["Ranta"]


def test_a_matter_with_an_action_is_not_put_before_the_meeting_again() -> None:
    under_way = fixture.action("ranta", "T9", "2026-12-01", metric_id="access_pct")
    found = made(actions=(under_way,))
    own = replace(found.deviations[0], actions=("T9",))
    (table,) = decisions(replace(found, deviations=(own,)))
    assert (table.rows, table.blank_rows, table.note) == ((), 6, "")
