"""What became of actions, on the first page: verdicts in a table, and by name what has none yet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from opti_reports.model.card import Cards, Remarks
from opti_reports.model.finding import Effect, Verdict
from opti_reports.model.pack import Block, Table, Text
from opti_reports.packs.build import build
from tests.packs import fixture
from tests.packs.test_cards import access, deviation
from tests.packs.test_effects import effect as became
from tests.packs.world import spec

BLOCKS = ({"kind": "outcomes", "judged": True}, {"kind": "awaited"})
LONG_AGO = {"done_at": "2026-04-20", "state": "valmis"}


def effect(verdict: Verdict, after: int) -> Effect:
    return became(verdict, n_after=after)


def action(number: str, started: str = "2026-03-10", **cells: str) -> Any:
    plain = {"metric_id": "access_pct", "started_at": started}
    return fixture.action("ranta", number, "2026-10-15", **(plain | cells))


def page(rows: list[Any], effects: dict[str, Effect], language: str = "fi") -> tuple[Block, ...]:
    found = fixture.material(lists={"actions": tuple(rows)}, effects=effects)
    sections = build(found, spec("koe", "yksikko", *BLOCKS), "ranta", language).sections
    return sections[0].blocks if sections else ()


def told(blocks: tuple[Block, ...]) -> list[str]:
    """The lines of what has no verdict yet."""
    lines = [item.text for one in blocks if isinstance(one, Remarks) for item in one.items]
    return lines + [line for one in blocks if isinstance(one, Text) for line in one.paragraphs]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("fi", "Liian varhaista arvioida: Toimi T1 (T1), osastonhoitaja, aikaisintaan syyskuussa 2026."),
        ("sv", "För tidigt att bedöma: Toimi T1 (T1), avdelningsskötare, tidigast i september 2026."),
        ("en", "Too early to tell: Toimi T1 (T1), head nurse, earliest in September 2026."),
    ],
)
def test_what_is_too_early_to_judge_says_when_it_can_be(language: str, line: str) -> None:
    assert told(page([action("T1")], {"T1": effect("too_early", 5)}, language=language)) == [line]


def test_it_has_the_heading_only_where_no_table_of_verdicts_has_it() -> None:
    rows = [action("T1"), action("T2", "2026-01-10")]
    early = {"T1": effect("too_early", 5)}
    (alone,) = page(rows[:1], early)
    assert isinstance(alone, Remarks)
    assert alone.caption == "Paraniko tulos?"
    table, below = page(rows, early | {"T2": effect("seen", 7)})
    assert isinstance(table, Table)
    assert [row[3] for row in table.rows] == ["parani"], "the table holds what is judged"
    assert isinstance(below, Text)


def test_what_was_done_long_ago_stays_until_its_verdict_was_read() -> None:
    done = [action("T1", "2026-02-10", **LONG_AGO)]
    assert "T1" in told(page(done, {"T1": effect("too_early", 5)}))[0]
    for after in (6, 7):
        (table,) = page(done, {"T1": effect("opposite", after)})
        assert isinstance(table, Table)
        assert table.rows[0][3] == "heikkeni"
    assert page(done, {"T1": effect("opposite", 8)}) == ()


def test_nobody_waits_over_a_year_for_a_verdict_of_months_that_never_come() -> None:
    old = [action("T1", "2025-07-10", done_at="2025-09-01", state="valmis")]
    assert page(old, {"T1": effect("too_early", 5)}) == ()


def test_what_has_helped_counts_in_the_title_of_the_page_that_tells_it() -> None:
    done = [action("T1", "2026-02-10", **LONG_AGO)]
    found = fixture.material(lists={"actions": tuple(done)}, effects={"T1": effect("seen", 6)})
    made = build(found, spec("koe", "yksikko", {"kind": "cards"}, *BLOCKS), "ranta", "fi")
    assert made.message.endswith("Yksi toimenpide paransi tulosta.")
    *_, helped = (
        build(found, spec("koe", "yksikko", {"kind": "staff_summary"}), "ranta", "fi").sections[0].blocks
    )
    assert isinstance(helped, Table)
    assert [row[0] for row in helped.rows] == ["Toimi T1"], "the staff reads the same"


def test_what_is_under_way_and_no_metric_judges_is_named_too() -> None:
    rows = [
        action("T1", metric_id=""),
        action("T2", "", metric_id=""),
        fixture.action("ranta", "T3", "2026-07-31", started_at="2026-05-02"),
    ]
    (line,) = told(page(rows, {}))
    assert line == "Käynnissä, vaikutusta ei arvioida mittarista: Toimi T1 (T1), osastonhoitaja.", (
        "T2 not begun, T3 late"
    )


def test_more_than_fit_into_a_line_are_counted_the_soonest_judged_first() -> None:
    rows = [action(f"T{n}") for n in range(1, 6)]
    (line,) = told(page(rows, {f"T{n}": effect("too_early", n) for n in range(1, 6)}))
    assert line.index("T5") < line.index("T4") < line.index("T3")
    assert line.endswith("ja 2 muuta.")


def test_what_a_card_names_is_not_named_again() -> None:
    found = fixture.material(
        access(60, 100), lists={"actions": (action("T1"),)}, effects={"T1": effect("too_early", 5)}
    )
    found = replace(found, deviations=(deviation("access_pct", months=3, actions=("T1",)),))
    (cards,) = (
        build(found, spec("koe", "yksikko", {"kind": "cards"}, *BLOCKS), "ranta", "fi").sections[0].blocks
    )
    assert isinstance(cards, Cards)
    assert "liian varhaista arvioida" in cards.items[0].note
