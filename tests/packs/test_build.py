"""Whole packs: what they say, who gets them, and what they must never say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from opti_reports.config.pack import PackSpec
from opti_reports.errors import UsageError
from opti_reports.model.card import Cards, Law, LawItem
from opti_reports.model.pack import Notice, Tiles, to_json
from opti_reports.model.value import Reason, Values
from opti_reports.packs.build import build, due, organisations
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.months import parse_month
from opti_reports.periods.period import Period
from tests.packs import fixture
from tests.packs.outline import outline
from tests.packs.world import DATA_MONTH, LANGUAGES, METRICS, ORGANISATION, SPECS, UNITS, configs, spec

UNIT, DECK, REVIEW = SPECS
MADE = fixture.material()


@pytest.mark.parametrize(
    ("own", "org", "language"), [(UNIT, "ranta", "fi"), (DECK, "etela", "sv"), (REVIEW, "alue", "en")]
)
def test_a_pack_says(own: PackSpec, org: str, language: str, snapshot: SnapshotAssertion) -> None:
    assert outline(build(MADE, own, org, language)) == snapshot


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("own", SPECS, ids=lambda own: own.id)
def test_every_language_has_every_phrase(own: PackSpec, language: str) -> None:
    for org in organisations(MADE, own):
        pack = build(MADE, own, org, language)
        assert pack.language == language
        assert "None" not in outline(pack).replace("band None–None", "")


def test_the_same_material_makes_the_same_pack() -> None:
    assert to_json(build(MADE, UNIT, "ranta", "fi")) == to_json(
        build(fixture.material(), UNIT, "ranta", "fi")
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("org", UNITS)
def test_a_unit_names_no_other_unit(org: str, language: str) -> None:
    text = to_json(build(MADE, UNIT, org, language))
    own = {org} | {change.other for change in ORGANISATION.mergers(org)}
    others = [unit for unit in ORGANISATION.units if unit.level == "yksikko" and unit.id not in own]
    assert not [unit.id for unit in others if unit.names[language] in text or f'"{unit.id}"' in text]


def test_a_service_unit_names_only_its_own_units() -> None:
    text = to_json(build(MADE, DECK, "etela", "fi"))
    assert "Ranta" in text
    assert "Kallio" not in text


def test_who_gets_a_pack() -> None:
    assert organisations(MADE, UNIT) == ("ranta", "metsa", "kallio")  # not the rows nobody could place
    assert organisations(MADE, DECK) == ("etela", "pohjoinen")
    assert organisations(MADE, UNIT.model_copy(update={"unit_types": ("muu",)})) == ()


def test_a_unit_without_figures_of_the_month_gets_no_pack() -> None:
    gone = Values(tuple(v for v in MADE.values if not (v.org == "kallio" and v.period.end == DATA_MONTH)))
    quiet = replace(MADE, values=gone)
    assert organisations(quiet, UNIT) == ("ranta", "metsa")


@pytest.mark.parametrize(("month", "expected"), [("2026-08", True), ("2026-09", False), ("2026-12", True)])
def test_the_review_is_made_where_a_tertial_ends(month: str, expected: bool) -> None:
    assert due(REVIEW, parse_month(month)) is expected
    assert due(UNIT, parse_month(month))


@pytest.mark.parametrize(
    ("org", "language", "words"),
    [("suo", "fi", "no unit 'suo' in 2026-08"), ("ranta", "de", "no language 'de'")],
)
def test_what_is_not_there_is_named(org: str, language: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        build(MADE, UNIT, org, language)


def test_preliminary_packs_say_so_on_every_page() -> None:
    pack = build(fixture.material(stage="preliminary"), UNIT, "ranta", "fi")
    assert pack.watermark == "ENNAKKO"
    first = pack.sections[0].blocks[0]
    assert isinstance(first, Notice)
    assert first.text.startswith("Ennakkotieto")


@pytest.mark.parametrize(
    ("late", "tone", "words"),
    [
        (("puhelut",), "wrong", "Pakollisia tietoja puuttuu: Lähde puhelut (uusin heinäkuu 2026)"),
        (("kysely",), "warn", "Ei toimitettu: Lähde kysely (uusin heinäkuu 2026)"),
        (("talous",), "info", "näytetään uusin kuukausi: Lähde talous (uusin heinäkuu 2026)"),
        ((), "right", "Kaikki tiedot on saatu."),
    ],
)
def test_the_first_page_tells_what_is_missing(late: tuple[str, ...], tone: str, words: str) -> None:
    first = build(fixture.material(late=late), UNIT, "ranta", "fi").sections[0].blocks[0]
    assert isinstance(first, Notice)
    assert first.tone == tone
    assert words in first.text


def test_partial_figures_are_counted_on_the_first_page() -> None:
    part = fixture.value(
        "access_pct", "ranta", Period(MONTH, DATA_MONTH), "partial", reason=Reason("units", 3, 4)
    )
    blocks = build(fixture.material(part, late=()), UNIT, "ranta", "fi").sections[0].blocks
    assert isinstance(blocks[0], Notice)
    assert blocks[0].text.startswith("Tietoja puuttuu yhdestä luvusta:")


def test_tiles_count_the_metrics_of_an_area_by_status() -> None:
    tiles = build(MADE, UNIT, "ranta", "fi").sections[0].blocks[1]
    assert isinstance(tiles, Tiles)
    assert [(tile.tone, tile.headline) for tile in tiles.items] == [
        ("off", "2 ei tavoitteessa"), ("off", "1 ei tavoitteessa")
    ]  # fmt: skip


@pytest.mark.parametrize(("shown_to", "said"), [("yksikko", ["1 ei tavoitteessa"]), ("muu", [])])
def test_an_area_has_a_tile_where_the_type_of_unit_is_shown_metrics_of_it(
    shown_to: str, said: list[str]
) -> None:
    table = {"kind": "metric_table", "metrics": ["closed_pct"], "unit_types": [shown_to]}
    sections = build(MADE, spec("koe", "yksikko", {"kind": "tiles"}, table), "ranta", "fi").sections
    blocks = [block for section in sections for block in section.blocks]
    assert [tile.headline for one in blocks if isinstance(one, Tiles) for tile in one.items] == said


def test_no_more_deviations_are_listed_than_fit_and_the_rest_is_counted() -> None:
    blocks = build(MADE, UNIT, "ranta", "fi").sections[0].blocks
    found = next(block for block in blocks if isinstance(block, Cards))
    assert len(found.items) == configs().findings.deviations_shown == 2
    assert found.more == "Lisäksi tavoitteesta jäivät: Yhteydensaanti."


def test_the_line_of_the_law_stands_also_when_it_is_kept() -> None:
    kept = fixture.value("guarantee_pct", "ranta", Period(MONTH, DATA_MONTH), part=100)
    blocks = build(fixture.material(kept, deviations=()), UNIT, "ranta", "fi").sections[0].blocks
    line = next(block for block in blocks if isinstance(block, Law))
    assert line == Law(
        "Lakisääteiset", (LawItem("Hoitotakuu", "100/100", "good", "guarantee_pct,ranta,month,2026-08"),)
    )


@pytest.mark.parametrize(("months", "said"), [(1, ["ei yhtään"]), (7, ["ei yhtään"]), (8, []), (13, [])])
def test_a_limit_is_said_to_have_no_case_only_where_most_months_have(months: int, said: list[str]) -> None:
    periods = [Period(MONTH, DATA_MONTH - back) for back in range(months)]
    none = [fixture.value("guarantee_pct", "ranta", one, "few", part=0, whole=0) for one in periods]
    blocks = build(fixture.material(*none, deviations=()), UNIT, "ranta", "fi").sections[0].blocks
    assert [item.cases for block in blocks if isinstance(block, Law) for item in block.items] == said


def test_sections_and_blocks_of_tertials_come_when_one_ends() -> None:
    table = {"kind": "metric_table", "metrics": ["closed_pct"], "cadence": "tertial"}
    own = spec("koe", "yksikko", table, {"kind": "text", "text": dict.fromkeys(LANGUAGES, "Huomaa.")})
    assert [b.kind for b in build(MADE, own, "ranta", "fi").sections[0].blocks] == ["metric_table", "text"]
    july = fixture.material(month=DATA_MONTH - 1, newest=dict.fromkeys(METRICS, DATA_MONTH - 1))
    assert [b.kind for b in build(july, own, "ranta", "fi").sections[0].blocks] == ["text"]
