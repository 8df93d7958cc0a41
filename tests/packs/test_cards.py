"""Cards: what is decided and what is told, since when, by how many cases, whose move it is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from opti_reports.model.card import Card, Cards, Remarks
from opti_reports.model.finding import Deviation
from opti_reports.model.value import Value
from opti_reports.packs.build import build
from opti_reports.packs.material import Material
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Duration, Period
from tests.packs import fixture
from tests.packs.world import DATA_MONTH, spec

NOW = Period(MONTH, DATA_MONTH)


def deviation(metric: str, org: str = "ranta", months: int = 1, **more: Any) -> Deviation:
    plain: dict[str, Any] = {
        "kind": "off_target",
        "metric": metric,
        "org": org,
        "period": NOW,
        "since": Period(MONTH, DATA_MONTH - months + 1),
        "lasted": Duration(MONTH, months),
        "breaches": None,
        "severity": 0.1,
        "react_level": "yksikko",
    }
    return Deviation(**(plain | more))


def access(num: int, den: int, org: str = "ranta") -> Value:
    value, low = Fraction(100 * num, den), 100 * num / den
    part = {"num": Fraction(num), "den": Fraction(den), "n": den, "interval": (low - 4, low + 4)}
    return Value(metric="access_pct", org=org, period=NOW, state="ok", value=value, **part)  # type: ignore[arg-type]


def made(*deviations: Deviation, values: tuple[Value, ...] = (), **more: Any) -> Material:
    lists = {"lists": {}} | more
    return replace(fixture.material(*values, **lists), deviations=deviations)


def shown(found: Material, org: str = "ranta", level: str = "yksikko") -> tuple[tuple[Card, ...], list[str]]:
    """The cards of an organisation, and what it is only told."""
    blocks = (
        build(found, spec("koe", level, {"kind": "cards"}, {"kind": "noted"}), org, "fi").sections[0].blocks
    )
    told = [item.text for block in blocks if isinstance(block, Remarks) for item in block.items]
    return blocks[0].items if isinstance(blocks[0], Cards) else (), told


def test_a_slide_has_room_for_which_units_and_since_when() -> None:
    low = deviation("access_pct", months=3), deviation("access_pct", "etela", months=3)
    (card,), _ = shown(made(*low, values=(access(50, 200, "etela"),)), "etela", "palveluyksikko")
    assert card.brief.endswith(" Ranta fi yksikko 82,0\u00a0%. Jatkunut kesäkuusta 2026 alkaen.")
    (card,), _ = shown(made(deviation("access_pct")))
    assert card.brief.endswith("Uusi poikkeama, elokuusta 2026 alkaen.")


@pytest.mark.parametrize(
    ("num", "gap"),
    [
        (74, "Puuttui 6 tavoitteesta 80\u00a0%."),
        (79, "Puuttui yksi tavoitteesta 80\u00a0%."),
    ],
)
def test_a_card_says_how_many_cases_more_would_have_been_enough(num: int, gap: str) -> None:
    found = made(deviation("access_pct", months=3), values=(access(num, 100),))
    (card,), _ = shown(found)
    assert card.message == f"Yhteyden sai {num},0\u00a0%"
    assert card.why.startswith(f"{gap} Tavoite on jäänyt saavuttamatta kesäkuusta 2026 alkaen.")


def test_a_card_of_a_single_month_says_that_it_is_new() -> None:
    found = made(deviation("access_pct", months=1), values=(access(60, 100),))
    assert "Uusi poikkeama, elokuusta 2026 alkaen." in shown(found)[0][0].why


def test_what_has_lasted_as_long_as_anybody_looks_back_began_then_at_the_latest() -> None:
    found = made(deviation("access_pct", months=24), values=(access(60, 100),))
    assert "saavuttamatta ainakin syyskuusta 2024 alkaen." in shown(found)[0][0].why


@pytest.mark.parametrize(("kind", "named"), [("special_cause", False), ("off_target", True)])
def test_a_card_names_the_units_below_that_miss_the_target_too(kind: str, named: bool) -> None:
    below = deviation("access_pct", "metsa", kind=kind, signals=(kind,))
    own = deviation("access_pct", "etela", months=3, react_level="palveluyksikko")
    ((card,), _) = shown(made(own, below), "etela", "palveluyksikko")
    assert ("Metsa" in card.why) is named


def test_without_an_action_the_card_asks_what_stands_in_the_way() -> None:
    (card,), _ = shown(made(deviation("access_pct", months=3), values=(access(60, 100),)))
    assert (card.action, card.agreed, card.note) == (
        "Toimenpide sopimatta",
        False,
        "Mikä estää? Esimerkiksi: aamuruuhka",
    )
    assert card.role == "Vetäjä yksikko"


def test_an_action_of_the_same_unit_and_metric_stands_on_the_card() -> None:
    rows = (
        fixture.action("ranta", "T1", "2026-09-15", metric_id="access_pct"),
        fixture.action("metsa", "T2", "2026-09-15", metric_id="access_pct"),
    )
    one = deviation("access_pct", months=3, actions=("T1",))
    (card,), _ = shown(made(one, values=(access(60, 100),), lists={"actions": rows}))
    assert (card.action, card.agreed) == ("Toimi T1 (T1)", True)
    assert card.role == "Osastonhoitaja"
    assert card.note.startswith("käynnissä, määräaika 15.9.2026")


def test_what_has_lasted_is_the_move_of_the_level_above_and_the_law_each_levels_own() -> None:
    lasting = deviation("access_pct", months=3, react_level="palveluyksikko")
    law = deviation("guarantee_pct", months=3, kind="statutory", react_level="alue", breaches=1)
    cards, _ = shown(made(lasting, law, values=(access(60, 100),)))
    assert [card.role for card in cards] == ["Vetäjä yksikko", "Vetäjä palveluyksikko"]
    assert [card.badge for card in cards] == ["Laki", ""], "the law comes first"


def test_what_may_be_chance_or_is_somebody_elses_is_told_and_not_decided() -> None:
    first = deviation("access_pct")
    cards, told = shown(made(first, deviation("budget_pct", months=5), values=(access(78, 100),)))
    assert cards == ()
    others, chance = told  # the heaviest first
    assert others.startswith("Talousarvio: ")
    assert chance.startswith(
        "Yhteydensaanti: 78,0\u00a0% (tavoite ≥ 80\u00a0%). Ero tavoitteeseen voi olla sattumaa"
    )


def test_the_best_comparable_units_stand_on_the_page_of_a_unit_below_them() -> None:
    kind = fixture.material().tree.by_id["ranta"].type
    found = made(deviation("access_pct", months=3), values=(access(60, 100),))
    better = replace(found, peers={("access_pct", kind): Fraction(86)})
    assert "Parhaat vertailuyksiköt: 86,0\u00a0% (12 kk)." in shown(better)[0][0].why
    assert "Parhaat" not in shown(replace(found, peers={("access_pct", kind): Fraction(50)}))[0][0].why


def test_a_level_above_reads_which_of_its_units_deviate() -> None:
    own = deviation("access_pct", "etela", months=3)
    units = [deviation("access_pct", org, months=3) for org in ("ranta", "metsa")]
    values = (access(60, 100, "etela"), access(50, 100), access(70, 100, "metsa"))
    (card,), _ = shown(made(own, *units, values=values), "etela", "palveluyksikko")
    assert "Poikkeavat yksiköt: Ranta 50,0\u00a0%, Metsa 70,0\u00a0%." in card.why


def test_a_card_of_a_unit_names_the_others_that_deviate_in_the_same_month() -> None:
    units = [
        deviation("access_pct", org, months=3, react_level="palveluyksikko", severity=size)
        for org, size in (("ranta", 0.3), ("metsa", 0.1), ("kallio", 0.2))
    ]
    values = (access(50, 100), access(70, 100, "metsa"), access(60, 100, "kallio"))
    (card,), _ = shown(made(*units, values=values), "etela", "palveluyksikko")
    assert card.message.startswith("Ranta fi yksikko: ")
    assert "Lisäksi poikkeavat: Metsa fi yksikko 70,0\u00a0%." in card.why, "kallio is another's"


@pytest.mark.parametrize(
    ("kept", "language", "said"),
    [
        ("aamuruuhka", "fi", "; este: aamuruuhka"),
        ("aamuruuhka", "sv", "; hinder: aamuruuhka sv"),
        ("oma syy", "sv", "; hinder: oma syy"),
        ("", "fi", ""),
    ],
)
def test_the_barrier_that_was_chosen_stands_beside_its_action(kept: str, language: str, said: str) -> None:
    row = fixture.action("ranta", "T1", "2026-10-01", metric_id="access_pct", barrier=kept)
    found = made(
        deviation("access_pct", months=3, actions=("T1",)),
        values=(access(60, 100),),
        lists={"actions": (row,)},
    )
    own = spec("koe", "yksikko", {"kind": "cards"})
    (cards,) = build(found, own, "ranta", language).sections[0].blocks
    assert isinstance(cards, Cards)
    assert cards.items[0].note.endswith(said)
    assert ("este" in cards.items[0].note or "hinder" in cards.items[0].note) == bool(said)


def test_what_fell_since_the_last_meeting_is_the_first_named_of_what_does_not_fit() -> None:
    signals = ("off_target", "special_cause")
    old = [deviation(metric, months=9, severity=0.9) for metric in ("closed_pct", "nps")]
    new = deviation("access_pct", months=1, signals=signals)
    pack = spec("koe", "yksikko", {"kind": "cards", "limit": 1})
    found = made(*old, new, values=(access(60, 100),))
    (cards,) = build(found, pack, "ranta", "fi").sections[0].blocks
    assert isinstance(cards, Cards)
    assert cards.more.startswith("Lisäksi tavoitteesta jäivät: Yhteydensaanti"), cards.more


def test_a_unit_s_target_missed_for_long_is_not_hidden_by_a_signal_of_the_total() -> None:
    total = deviation("access_pct", "etela", kind="special_cause", signals=("special_cause",), severity=0.9)
    unit = deviation("access_pct", "ranta", months=9, react_level="alue")
    cards, told = shown(made(total, unit), "etela", "palveluyksikko")
    assert [card.message.partition(":")[0] for card in cards] == ["Ranta fi yksikko"]
    assert told == []
    cards, told = shown(made(total, replace(unit, react_level="yksikko")), "etela", "palveluyksikko")
    assert (cards, len(told)) == ((), 1), "what is the unit's own matter is not the meeting's"
