"""The web page of a month: what it says, how it is built for those who cannot see it, and that it is safe."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from lxml import html

from opti_reports.errors import PackError
from opti_reports.model.look import Brand
from opti_reports.model.page import MonthFiles, file_of
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period
from opti_reports.render.page import render_page
from tests.packs import fixture
from tests.packs.world import DATA_MONTH, LANGUAGES
from tests.web.making import LOOK, ROOT, content, document, material, text

NOW = Period(MONTH, DATA_MONTH)


def cell(page: Any, metric: str, org: str) -> Any:
    """The figure of a metric and an organisation in the matrix that leads to its row."""
    return page.get_element_by_id(f"c-{metric}--{org}")


def figure(page: Any, metric: str, org: str) -> Any:
    """Any figure of the matrix, by the names a reader goes by."""
    heads = [abbr.get("title") for abbr in page.xpath("//table[@class='matrix']/thead//abbr")]
    (row,) = page.xpath(f"//table[@class='matrix']//th[@class='name'][starts-with(., '{metric}')]/..")
    return row.xpath("td")[heads.index(org)]


def detail(page: Any, metric: str, org: str) -> Any:
    """The row that a figure leads to."""
    return page.get_element_by_id(f"{metric}--{org}")


def test_a_figure_is_told_with_its_status_and_its_signal_in_words() -> None:
    page = document(content(material(fixture.value("access_pct", "ranta", NOW, part=50))))
    assert text(cell(page, "access_pct", "ranta")) == (
        "▲ 50,0 % ↓■, ei tavoitteessa. Tulos on selvästi heikentynyt (luku laskenut)."
    )
    assert text(cell(page, "closed_pct", "etela")) == "▲ 85,0 %, ei tavoitteessa"
    assert [text(row) for row in page.xpath("//table[@class='matrix']//tbody/tr[1]/th")] == [
        "Asiakkaat · palvelu",
        "Voimavarat · vara",
    ]
    assert [text(head) for head in page.xpath("//table[@class='matrix']//th[@scope='colgroup']")] == [
        "Alue fi alue",
        "Etela fi palveluyksikko",
        "Pohjoinen fi palveluyksikko",
    ]


def test_a_figure_leads_to_its_line_and_to_what_it_was_before() -> None:
    page = document(content())
    target = cell(page, "access_pct", "ranta").get("href")
    row = page.get_element_by_id(target.removeprefix("#"))
    assert row.tag == "tr"
    assert row.get("tabindex") == "-1", "the keyboard goes on from the row"
    assert row.find(".//svg/title").text.startswith("Yhteydensaanti, 13 arvoa: vaihteluväli")
    assert [text(td) for td in row.xpath("th|td")][1:] == [
        *(
            "82,0 %",
            text(row.find(".//svg")),
            "● tavoitteessa ↓■ . Tulos on selvästi heikentynyt (luku laskenut).",
        ),
        *("100", "84,0 %", "82,0 %"),
    ]
    assert row.xpath("th/a/@href") == ["#c-access_pct--ranta"]


def test_figures_without_a_row_are_plain_and_their_status_is_still_in_words() -> None:
    page = document(content(material(deviations=())))
    plain = figure(page, "Yhteydensaanti", "Metsa fi yksikko")
    assert text(plain) == "● 82,0 %, tavoitteessa"
    assert not plain.xpath(".//a")
    assert "access_pct--metsa" not in page.xpath("//@id")
    assert "access_pct--alue" in page.xpath("//@id"), "the whole has a row whatever its figure is"


def test_what_is_withheld_stays_withheld() -> None:
    hidden = fixture.value("access_pct", "ranta", NOW, "withheld")
    page = document(content(material(hidden, signals={})))
    assert text(cell(page, "access_pct", "ranta")) == "suojattu"
    row = [text(td) for td in detail(page, "access_pct", "ranta").xpath("td")]
    assert (row[0], row[2], row[3]) == ("suojattu", "–", "–")
    assert "viimeisin suojattu" in row[1]
    assert row[4] == "84,0 %", "the month before is published"


def test_what_a_unit_has_no_source_for_is_said_and_opens_nothing() -> None:
    page = document(content())
    assert "budget_pct--kallio" not in page.xpath("//@id")
    row = page.xpath("//th[@class='name'][contains(., 'Talousarvio')]/..")[0]
    assert text(row.xpath("td")[-2]) == "– ei seurata tällä tasolla"


def test_deviations_of_all_organisations_the_heaviest_first_and_the_rest_on_demand() -> None:
    page = document(content())
    rows = page.xpath("//table[@class='deviations']/tbody/tr")
    assert len(rows) == len(material().deviations) == 15
    assert text(rows[0]).startswith("Alue fi alue ▲ Hoitotakuu Laki")
    many = document(replace(content(), shown=4))
    later = [
        row for row in many.xpath("//table[@class='deviations']/tbody/tr") if "later" in row.get("class")
    ]
    assert len(later) == 11
    assert [text(label) for label in many.xpath("//p[@class='more']")] == ["Näytä kaikki poikkeamat (15)"]


def test_sources_say_what_came_and_what_became_of_the_rows() -> None:
    page = document(content())
    rows = [
        [text(td) for td in row.xpath("th|td")] for row in page.xpath("//table[@class='sources']//tbody/tr")
    ]
    late = next(row for row in rows if row[0] == "Lähde talous")
    assert late[1:3] == ["! puuttuu", "saapuu myöhemmin"]
    assert rows[0][1:] == [
        *("✓ saapunut", "pakollinen", "3.9.2026", "Koordinaattori", "elo 26"),
        *("1", "100", "97", "2", "1", "4", "ei ole päivämäärä tai aika 2"),
    ]


def test_documents_are_linked_and_what_failed_or_is_old_is_told() -> None:
    page = document(content())
    links = page.xpath("//dl[@class='packs']//a/@href")
    assert links == [
        "packs/katsaus/etela.fi.pptx",
        "packs/yksikko/ranta.fi.pdf",
        "packs/yksikko/metsa.sv.pdf",
    ]
    told = [text(item) for item in page.xpath("//dl[@class='packs']//li")]
    assert "Raportti (PDF, sv) ! vanhoista tiedoista" in told
    assert "‼ Raportti (PDF, fi): ei valmistunut" in told
    assert [text(one) for one in page.xpath("//p[contains(@class, 'notice')]")][-2:] == [
        "‼ Raportteja jäi valmistumatta: 1. Syyt ovat tiedostossa run.json.",
        "! Aiempien tietojen pohjalta tehtyjä raportteja: 1. Ne uusiutuvat, kun kaikki raportit ajetaan.",
    ]


def test_a_preliminary_month_says_so_at_the_top() -> None:
    final = text(document(content()).find(".//header"))
    assert "Elokuu 2026 · lopulliset luvut" in final
    assert "ENNAKKO" not in final
    page = document(content(material(stage="preliminary")))
    assert "Elokuu 2026 · ennakkoluvut ENNAKKO" in text(page.find(".//header"))
    assert text(page.xpath("//p[contains(@class, 'notice')]")[0]).startswith("! Ennakkotieto")


def test_a_month_without_metrics_or_documents_is_still_a_page() -> None:
    found = material(deviations=())
    bare = replace(found.configs, packs={"p": replace_blocks(found)})
    page = document(content(replace(found, configs=bare), made=MonthFiles((), {}, ())))
    assert text(page.get_element_by_id("matrix")) == "Tilanne yksiköittäin Ei tietoa tästä jaksosta."
    assert not page.xpath("//fieldset")


def replace_blocks(found: Any) -> Any:
    """A pack that shows no metric."""
    spec = next(iter(found.configs.packs.values()))
    part = spec.section[0].model_copy(update={"block": spec.section[0].block[:1]})
    return spec.model_copy(update={"section": (part,)})


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_whole_and_leads_to_the_others(language: str) -> None:
    page = document(content(language=language))
    assert page.get("lang") == language
    assert [(a.get("href"), a.get("hreflang")) for a in page.xpath("//nav[@class='languages']//a")] == [
        ("index.html", "fi"),
        ("index.sv.html", "sv"),
        ("index.en.html", "en"),
    ]
    assert page.xpath("//nav[@class='languages']//a[@aria-current='page']/@hreflang") == [language]
    assert file_of(language, LANGUAGES) in page.xpath("//nav[@class='languages']//a/@href")


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_has_a_name_a_heading_and_a_place(language: str) -> None:
    page = document(content(language=language))
    ids = Counter(page.xpath("//@id"))
    assert [name for name, times in ids.items() if times > 1] == []
    inner = [link.removeprefix("#") for link in page.xpath("//@href") if link.startswith("#")]
    labels = " ".join(page.xpath("//@aria-labelledby")).split()
    assert set(inner) | set(labels) <= set(ids)
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(th.get("scope") for th in page.xpath("//th"))
    assert all(table.find("caption") is not None for table in page.xpath("//table"))
    assert all(nav.get("aria-label") for nav in page.xpath("//nav"))
    assert all(text(one) for one in page.xpath("//a|//summary|//legend|//label"))
    assert all(svg.get("role") == "img" and svg.find("title").text for svg in page.xpath("//svg"))
    assert all(one.get("aria-label") for one in page.xpath("//*[@tabindex='0']"))
    assert len(page.xpath("//main|//header")) == 2


def test_marks_are_never_the_only_word() -> None:
    page = document(content())
    for one in page.xpath("//table[@class='matrix']//td[contains(@class, 'off')]"):
        spoken = "".join(one.xpath(".//text()[not(ancestor::*[@aria-hidden])]"))
        assert "ei tavoitteessa" in spoken


def test_nothing_runs_and_nothing_is_asked_for() -> None:
    made = render_page(content(), LOOK).decode()
    page = document(content())
    assert not page.xpath("//script|//link|//iframe|//form|//object|//base|//@style")
    assert not [name for element in page.iter("*") for name in element.attrib if name.startswith("on")]
    assert not re.findall(r"(?:src|href)=\"(?:https?:|//|/)", made)
    assert "url(" not in made
    assert "@import" not in made
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    style = re.search(r"<style>(.*?)</style>", made, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_the_logo_comes_along_inside_the_page(tmp_path: Any) -> None:
    brand = Brand(LOOK.brand.name, LOOK.brand.colours, LOOK.brand.fonts, "logo.svg")
    with pytest.raises(PackError, match="the logo is missing"):
        render_page(content(), replace(LOOK, brand=brand))
    (tmp_path / "html").symlink_to(LOOK.templates / "html")
    (tmp_path / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    made = render_page(content(), replace(LOOK, brand=brand, templates=tmp_path)).decode()
    page: Any = html.document_fromstring(made)
    (shown,) = page.xpath("//img")
    assert shown.get("src").startswith("data:image/svg+xml;base64,")
    assert shown.get("alt") == LOOK.brand.name


def test_a_style_that_would_end_its_element_is_refused(tmp_path: Any) -> None:
    own = tmp_path / "html"
    own.mkdir()
    for path in (LOOK.templates / "html").iterdir():
        (own / path.name).write_bytes(path.read_bytes())
    (own / "page.css.j2").write_text("a::after { content: '</style>' }", encoding="utf-8")
    with pytest.raises(PackError, match="would end the style"):
        render_page(content(), replace(LOOK, templates=tmp_path))


def test_the_same_month_makes_the_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib\n"
        "from tests.web.making import LOOK, content\n"
        "from opti_reports.render.page import render_page\n"
        "print(hashlib.sha256(render_page(content(), LOOK)).hexdigest())\n"
    )
    env = {**os.environ, "PYTHONHASHSEED": "271828", "TZ": "America/Caracas", "PYTHONPATH": str(ROOT)}
    made = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, check=True)
    assert made.stdout.decode().strip() == hashlib.sha256(render_page(content(), LOOK)).hexdigest()


@pytest.mark.parametrize("name", ["ink", "muted", "accent", "good", "watch", "concern", "neutral"])
def test_every_colour_of_text_can_be_read(name: str) -> None:
    colours = LOOK.brand.colours
    colour = getattr(colours, name)
    assert contrast(colour, colours.paper) >= 4.5
    if name in ("ink", "muted", "accent"):
        assert contrast(colour, colours.tint) >= 4.5


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of ``#rrggbb``."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
