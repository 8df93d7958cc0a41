"""What residents read: results in plain words, what was done of what was marked, registers as counts."""

from __future__ import annotations

from typing import Any

from opti_reports.model.pack import Pack, Table
from opti_reports.model.report import UNKNOWN_CELL, ListRow
from opti_reports.model.value import Reason
from opti_reports.packs.build import build
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period
from tests.packs import fixture
from tests.packs.world import DATA_MONTH, spec, words

NOW = Period(MONTH, DATA_MONTH)
ROWS = [
    {"metric": "guarantee_pct", "name": words("Hoitoon ajoissa")},
    {"metric": "access_pct", "name": words("Puhelu ajoissa")},
    {"metric": "new_pct", "name": words("Kokeilu")},
]
FIGURES = {"kind": "figures", "row": ROWS}
DONE = {"kind": "done", "list": "toimet", "sources": ["palaute"]}
IN_ORDER = {
    "kind": "in_order",
    "list": "omavalvonta",
    "item": [{"column": "plan_published", "name": words("Julkaistu")}],
}


def page(block: dict[str, Any], material: Any, org: str = "etela", language: str = "fi", **more: Any) -> Pack:
    level = {"alue": "alue", "etela": "palveluyksikko"}.get(org, "yksikko")
    return build(
        material, spec("sivu", level, block, web=True, languages=["fi", "sv"], **more), org, language
    )


def table(
    block: dict[str, Any], material: Any, org: str = "etela", language: str = "fi", **more: Any
) -> Table:
    (found,) = page(block, material, org, language, **more).sections[0].blocks
    assert isinstance(found, Table)
    return found


def test_a_row_says_the_result_what_is_asked_and_whether_it_was_kept() -> None:
    given = (
        fixture.value("guarantee_pct", "etela", NOW, part=97),
        fixture.value("access_pct", "etela", NOW, part=85),
    )
    made = table(FIGURES, fixture.material(*given))
    assert [column.label for column in made.columns][:3] == ["Mitä seurataan", "Tulos", "Laki tai tavoite"]
    law, target, proposed = made.rows
    assert law[:3] == ("Hoitoon ajoissa", "97,0\u00a0% (97/100)", "laki: kaikki, ei toteutunut kaikilla")
    assert target[:3] == ("Puhelu ajoissa", "85,0\u00a0% (85/100)", "tavoite: vähintään 80\u00a0%, toteutui")
    assert proposed[2] == "–", "what nobody has decided on asks nothing of residents"


def test_what_is_withheld_is_said_in_plain_words_with_the_reason() -> None:
    hidden = fixture.value("access_pct", "etela", NOW, "withheld", reason=Reason("withheld", of=5))
    made = table(FIGURES, fixture.material(hidden))
    assert made.rows[1][1] == "ei näytetä"
    assert made.note == "Lukua ei näytetä, kun se koskee niin harvoja, että joku voitaisiin tunnistaa."


def test_units_stand_below_each_other_and_too_few_cases_are_not_told() -> None:
    few = fixture.value("guarantee_pct", "ranta", NOW, "few", part=2, whole=3)
    made = table(FIGURES | {"of": "children"}, fixture.material(few))
    rows = {row[0]: row[1:] for row in made.rows}
    assert rows["Ranta fi yksikko"][0] == "liian vähän", "not 2/3"
    assert rows["Laki tai tavoite"] == ("kaikki", "vähintään 80\u00a0%", "–")
    assert list(rows)[-2] == "Etela fi palveluyksikko"


def action(title: str, about: str = "palaute", **more: str) -> ListRow:
    given = {"id": "T1", "title": title, "about": about, "metric_id": "", "opened_at": "2026-02-01"}
    return ListRow("ranta", given | {"started_at": "", "done_at": ""} | more)


def test_what_was_done_is_told_once_what_was_done_last_first() -> None:
    rows = (
        action("Opasteet uusitaan", done_at="2026-05-20"),
        action("Varahenkilö nimetään", started_at="2026-03-01"),
        action("opasteet uusitaan", done_at="2026-08-02"),
        action("Kauan sitten", done_at="2025-08-31"),
        action("Muusta aiheesta", about="haipro", done_at="2026-08-01"),
        action("Sovittu"),
    )
    made = table(DONE, fixture.material(lists={"toimet": rows}))
    assert made.rows == (
        ("opasteet uusitaan", "2.8.2026"),
        ("Varahenkilö nimetään", "kesken"),
        ("Sovittu", "alkaa myöhemmin"),
    )


def test_a_page_in_swedish_has_the_swedish_title_and_marks_what_has_none() -> None:
    rows = (
        action("Opasteet uusitaan", title_sv="Skyltarna förnyas", done_at="2026-08-02"),
        action("Varahenkilö nimetään"),
    )
    made = table(DONE, fixture.material(lists={"toimet": rows}), language="sv")
    assert [row[0] for row in made.rows] == ["Skyltarna förnyas", "Varahenkilö nimetään"]
    assert made.languages == ((1, 0, "fi"),)


def test_nothing_done_is_said() -> None:
    made = table(DONE, fixture.material(lists={"toimet": ()}))
    assert (made.rows, made.empty) == ((), "Tästä aiheesta ei ole vielä julkaistavia toimenpiteitä.")


def test_a_register_is_counted_and_an_unreadable_entry_is_in_no_count() -> None:
    rows = (ListRow("ranta", {"plan_published": "true"}), ListRow("metsa", {"plan_published": UNKNOWN_CELL}))
    made = table(IN_ORDER, fixture.material(lists={"omavalvonta": rows}))
    assert made.rows == (("Julkaistu", "1/2"),)
    assert made.note == "Yhtä tietoa ei voitu lukea."


def test_its_period_is_told_by_its_months_and_the_other_language_by_its_name() -> None:
    made = page(FIGURES, fixture.material(), cadence="tertial")
    assert made.period_label == "toukokuu–elokuu 2026"
    assert {key: name for key, name in made.words.items() if key.startswith("edition_")} == {
        "edition_sv": "Svenska"
    }


def test_asked_for_in_another_month_it_is_of_that_month() -> None:
    july = fixture.material(month=DATA_MONTH - 1)
    assert page(FIGURES, july, cadence="tertial", any_month=True).period == "2026-07"
    assert page(FIGURES, fixture.material(), cadence="tertial", any_month=True).period == "2026-T2"


def test_a_title_that_may_name_a_person_is_not_shown() -> None:
    rows = (
        action("Matti Meikäläinen kouluttaa henkilöstön"),
        action("Koulutuksen pitää T. Virtanen"),
        action("Soita numeroon [poistettu]"),
        action("Opasteet uusitaan Rannassa", title_sv="Fråga Matti"),
        action("Opasteet uusitaan Rantaan", done_at="2026-08-02"),
    )
    assert [row[0] for row in table(DONE, fixture.material(lists={"toimet": rows})).rows] == [
        "Opasteet uusitaan Rantaan"
    ]
