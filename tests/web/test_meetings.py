"""The matters of the month on its web page: cards of the whole, a line a matter of its parts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period
from tests.packs import fixture
from tests.packs.world import DATA_MONTH
from tests.web.making import MADE, content, document, material, text

NOW = Period(MONTH, DATA_MONTH)


def meeting(page: Any, org: str) -> Any:
    """What an organisation's meeting decides on."""
    return page.get_element_by_id(f"d-{org}").getparent()


def test_the_whole_decides_on_cards_and_its_parts_on_a_line_each() -> None:
    page = document(content())
    whole, part = meeting(page, "alue"), meeting(page, "etela")
    assert [one.get("id") for one in page.xpath("//section[@id='decide']//h3")] == [
        *("d-alue", "d-etela", "d-pohjoinen")
    ]
    first = whole.xpath(".//ul[@class='cards']/li")[0]
    assert text(first).startswith("▲ Hoitotakuu ylittyi")
    assert "Laki" in text(first)
    assert "Toimenpide sopimatta" in text(first)
    assert "Vetäjä alue" in text(first)
    assert first.xpath(".//svg/title"), "a card has its line"
    assert text(part.xpath("p")[0]).startswith("Kokous, elokuu 2026 · Raportti (PowerPoint, fi)")
    assert part.xpath("p/a/@href") == ["packs/katsaus/etela.fi.pptx"]
    lines = [text(one) for one in part.xpath(".//ul[@class='brief']/li")]
    assert lines[0].startswith("▲ Hoitotakuu ylittyi")
    assert not part.xpath(".//svg")
    assert "ranta" not in "".join(page.xpath("//section[@id='decide']//h3/@id")), "units have their reports"


def test_a_meeting_with_nothing_to_decide_says_so() -> None:
    page = document(content(material(deviations=())))
    assert text(meeting(page, "etela").xpath("p[@class='message']")[0]) == "Ei päätettävää tässä kokouksessa."
    assert not page.xpath("//ul[@class='cards' or @class='brief']")


def test_a_matter_tells_no_more_than_the_gate_gives() -> None:
    hidden = [fixture.value("guarantee_pct", org, NOW, "withheld") for org in ("alue", "etela")]
    page = document(content(material(*hidden)))
    card = page.xpath("//ul[@class='cards']/li[contains(., 'Hoitotakuu')]")[0]
    line = meeting(page, "etela").xpath(".//ul[@class='brief']/li[contains(., 'Hoitotakuu')]")[0]
    assert text(card).startswith("– Hoitotakuu: suojattu")
    assert "Hoitotakuu: suojattu" in text(line)
    assert "käynnissä" not in text(card) + text(line), "no cases where the figure is withheld"


def test_the_handbook_is_linked_where_it_has_been_made() -> None:
    assert not document(content()).xpath("//a[contains(@href, 'handbook')]")
    made = replace(MADE, handbooks={"fi": "../handbook/handbook.fi.html"})
    (link,) = document(content(made=made, language="sv")).xpath("//a[contains(@href, 'handbook')]")
    assert link.get("href") == "../handbook/handbook.fi.html", "in another language rather than not at all"


def test_texts_of_people_stay_text() -> None:
    evil = "</style><script>alert(1)</script><img src=x onerror=alert(1)>"
    row = fixture.action("alue", "T9", "2026-09-15", metric_id="guarantee_pct", started_at="2026-03-10")
    lists = fixture.LISTS | {"actions": (replace(row, cells=row.cells | {"title": evil}),)}
    found = material(lists=lists)
    acted = tuple(replace(one, actions=("T9",)) if one.org == "alue" else one for one in found.deviations)
    page = document(content(replace(found, deviations=acted)))
    assert not page.xpath("//script|//img")
    assert "</style><script>" in text(meeting(page, "alue"))
