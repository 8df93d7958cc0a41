"""The handbook: a card for every metric that says what the configs say, on screen and on paper."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from lxml import html

from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.handbook import files
from opti_reports.model.handbook import Card, Handbook
from opti_reports.packs.handbook import handbook
from opti_reports.render.handbook import render_handbook_html, render_handbook_pdf
from opti_reports.workspace import init
from tests.render.pdf_faults import pdf_faults
from tests.web.making import LOOK, ROOT, text
from tests.workspaces import ask

LANGUAGES = ("fi", "sv", "en")


@pytest.fixture(scope="module")
def shipped() -> Configs:
    return load(ROOT / "configs")


@pytest.fixture(scope="module")
def finnish(shipped: Configs) -> Handbook:
    return handbook(shipped, "fi")


def told(book: Handbook, metric: str) -> dict[str, tuple[str, ...]]:
    """A card's lines by label."""
    return {fact.label: fact.texts for fact in card(book, metric).facts}


def card(book: Handbook, metric: str) -> Card:
    """A metric's card."""
    return next(card for card in book.cards if card.id == metric)


def told_in(row: html.HtmlElement, tag: str) -> list[str]:
    """The cells of a row as they are read, without what only says where words may be parted."""
    return [text(cell).replace("\xad", "") for cell in row.iter(tag)]


def few(book: Handbook) -> Handbook:
    """The same with one area: enough for a look at a document."""
    return replace(book, areas=book.areas[1:2], groupings=())


def test_every_area_theme_and_metric_has_its_place(shipped: Configs, finnish: Handbook) -> None:
    assert finnish.subtitle == "Mallin mittaussuunnitelma: 4 osa-aluetta, 15 teemaa, 109 mittaria"
    assert [theme.id for area in finnish.areas for theme in area.themes] == [t.id for t in shipped.themes]
    assert {card.id for card in finnish.cards} == set(shipped.metrics)
    assert len(finnish.cards) == len(shipped.metrics) == 109


def test_the_lists_of_others_stand_behind_the_cards_and_lead_to_them(finnish: Handbook) -> None:
    page = html.fromstring(render_handbook_html(finnish, LOOK))
    (asked,) = (one for one in page.iter("section") if one.get("id") == "groupings")
    assert [text(head) for head in asked.iter("h3")] == ["Nelimaali", "Palvelun vaiheet"]
    rows = {
        heads[0]: cells[0]
        for row in asked.iter("tr")
        if (cells := told_in(row, "td")) and (heads := told_in(row, "th"))
    }
    assert rows["Asiakkaan halukkuus suositella"] == "Suositteluindeksi (NPS)"
    assert rows["Sairastavuus ja kuolleisuus"].startswith("ei mittaria")
    links = {str(link.get("href")).removeprefix("#") for link in asked.iter("a")}
    assert links <= {card.get("id") for card in page.iter("article")}
    assert {"nps", "enps", "coc_index"} <= links


def test_a_card_says_what_the_configs_say(finnish: Handbook) -> None:
    assert told(finnish, "immediate_access_pct") == {
        "Laskukaava": (
            "Osoittajan summa jaettuna nimittäjän summalla, kerroin 100.",
            "calls.immediate ÷ calls.open",
            "Ylemmällä tasolla: suhde summista, ei osuuksien keskiarvo.",
        ),
        "Yksikkö ja suunta": ("prosentti · suurempi on parempi",),
        "Tietolähteet": ("Puhepalvelun yhteydenotot – Puhepalvelun pääkäyttäjä",),
        "Tavoite": ("≥ 80\xa0%, luettelon tavoite: ehdotus, ei päätetty",),
        "Tavoitteen alkuperä": ("esimerkki ilman lähdettä",),
        "Seurantarytmi": (
            "Toimintayksikkö: viikoittain; Palveluyksikkö: kuukausittain; Avosairaanhoito: tertiaaleittain",
        ),
        "Vastuurooli": ("Osastonhoitaja",),
        "Kuka reagoi ja milloin": (
            "Toimintayksikkö: heti; Palveluyksikkö: 2. peräkkäisestä kuukaudesta; Avosairaanhoito: "
            "3. peräkkäisestä kuukaudesta, tai kun vähintään 50\xa0% yksiköistä poikkeaa",
        ),
        "Milloin lukua ei näytetä": ("Liian vähän tapauksia, jos n on alle 30.",),
        "Määritelmän varmuus": ("oletus, vahvistettava",),
        "Huomattavaa": (
            "30 minuuttia on oletus, joka vahvistetaan. Laki edellyttää 1.9.2023 alkaen yhteyttä saman "
            "arkipäivän aikana. Luopuneet ja poistetut pyynnöt ovat nimittäjässä.",
        ),
    }


def test_laws_protection_and_other_kinds_of_formula_are_told(finnish: Handbook) -> None:
    law = told(finnish, "care_guarantee_u23_pct")
    assert law["Säädösperusta"] == ("Terveydenhuoltolaki 51 a §, voimaan 1.1.2025 (HE 134/2024)",)
    assert law["Kuka reagoi ja milloin"] == ("kaikki tasot heti: lakisääteinen raja",)
    nps = told(finnish, "nps")
    assert nps["Tavoitteen alkuperä"] == ("Esimerkki; muiden alueiden taso 55–79",)
    assert nps["Laskukaava"][1].startswith("(nps.n[nps_0_10=9|10] − nps.n[")
    assert "Suojattu, jos n on alle 5." in nps["Milloin lukua ei näytetä"]
    assert "pienissä yksiköissä" in told(finnish, "sick_leave_pct")["Milloin lukua ei näytetä"][-1]
    assert told(finnish, "t3_days")["Laskukaava"][0] == "Jakauman arvo, jota pienempiä on 50 % tapauksista."
    gap = told(finnish, "access_gap_between_units")
    assert gap["Laskukaava"][0].endswith("Kiireetön lääkärikäynti 7 vrk:ssa")
    assert gap["Tietolähteet"][0].startswith("Avosairaanhoidon palvelutapahtumat")
    assert told(finnish, "calls_n")["Tavoite"] == ("Ei tavoitetta: seurataan.",)


def test_what_must_be_known_is_told_in_each_language(shipped: Configs) -> None:
    swedish = told(handbook(shipped, "sv"), "care_need_same_day_pct")
    assert swedish["Författningsgrund"] == (
        "51 § i hälso- och sjukvårdslagen, i kraft 1.9.2023 (RP 74/2022)",
    )
    english = told(handbook(shipped, "en"), "doctor_wait_7d_pct")
    assert english["Caveats"] == (
        "Completed visits only. The coverage of the care-need assessment is always shown; "
        "with a coverage below 30% the value is indicative.",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_and_can_be_heard(shipped: Configs, language: str) -> None:
    made = render_handbook_html(handbook(shipped, language), LOOK).decode()
    page: Any = html.document_fromstring(made)
    ids = Counter(page.xpath("//@id"))
    assert [name for name, times in ids.items() if times > 1] == []
    links = page.xpath("//@href")
    assert links
    assert {link.removeprefix("#") for link in links} <= set(ids)
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(th.get("scope") for th in page.xpath("//th"))
    assert len(page.xpath("//article")) == len(shipped.metrics)
    assert not page.xpath("//script|//link|//img|//@style")
    assert page.xpath("//meta[@http-equiv='Content-Security-Policy']")
    assert "  \n" not in text(page.find(".//title"))


def test_the_paper_has_bookmarks_page_numbers_and_tags(finnish: Handbook) -> None:
    made = render_handbook_pdf(few(finnish), LOOK)
    with pikepdf.open(io.BytesIO(made)) as document:
        assert document.Root.Lang == "fi"
        assert document.Root.MarkInfo.Marked
        with document.open_outline() as outline:
            titles = [str(item.title) for part in outline.root for item in (part, *part.children)]
    assert {"Osa-alueet ja teemat", "Yhteydensaanti", "Hakemisto tunnuksen mukaan"} <= set(titles)
    paper = pypdfium2.PdfDocument(made)
    pages = [page.get_textpage().get_text_range() for page in paper]
    place = next(n for n, page in enumerate(pages, 1) if "callback_24h_pct\r\nOsuus" in page)
    contents = next(page for page in pages if "Sisällys" in page)
    assert f"Takaisinsoitto 24 tunnin sisällä\u00a0{place}\r" in contents
    paper.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_is_archival_and_accessible(shipped: Configs, language: str) -> None:
    assert pdf_faults(render_handbook_pdf(few(handbook(shipped, language)), LOOK)) == []


@pytest.mark.heavy
def test_the_same_configs_make_the_same_bytes_in_another_process(shipped: Configs) -> None:
    code = (
        "import hashlib\n"
        "from tests.web.test_handbook import LOOK, ROOT, few, handbook, load\n"
        "from opti_reports.render.handbook import render_handbook_html, render_handbook_pdf\n"
        "book = few(handbook(load(ROOT / 'configs'), 'sv'))\n"
        "for render in (render_handbook_html, render_handbook_pdf):\n"
        "    print(hashlib.sha256(render(book, LOOK)).hexdigest())\n"
    )
    env = {**os.environ, "PYTHONHASHSEED": "271828", "TZ": "America/Caracas", "PYTHONPATH": str(ROOT)}
    made = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, check=True)
    book = few(handbook(shipped, "sv"))
    here = [
        hashlib.sha256(render(book, LOOK)).hexdigest()
        for render in (render_handbook_html, render_handbook_pdf)
    ]
    assert made.stdout.decode().split() == here


@pytest.mark.heavy
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_paper_is_archival_and_accessible(shipped: Configs, language: str) -> None:
    assert pdf_faults(render_handbook_pdf(handbook(shipped, language), LOOK)) == []


WISH = "Aineisto ei kerro asiakkaan omaa toivetta: hänen toivomansa myöhempi aika voi näkyä ylityksenä."


@pytest.mark.parametrize(("lacking", "said"), [(set(), False), ({"avohilmo_events.own_wish"}, True)])
def test_what_an_extract_cannot_tell_is_a_caveat_only_then(
    shipped: Configs, lacking: set[str], said: bool
) -> None:
    always, *more = told(handbook(shipped, "fi", frozenset(lacking)), "care_guarantee_u23_pct")["Huomattavaa"]
    assert always.startswith("Rajan määrää arviointipäivän laki.")
    assert more == [WISH] * said


def test_the_newest_extract_decides_what_is_a_caveat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    books: list[Handbook] = []

    def drawn(book: Handbook, _: object) -> bytes:
        books.append(book)
        return b""

    monkeypatch.setattr(files, "render_handbook_html", drawn)
    monkeypatch.setattr(files, "render_handbook_pdf", lambda *_: b"")
    place = init(tmp_path / "place")
    for month, more in (("2026-07", ";oma_toive"), ("2026-08", "")):
        (place.data / month).mkdir()
        head = "avohilmo_id;yksikko_oid;shnro;ika;palvelumuoto;ammattiluokka"
        (place.data / month / "avohilmo.csv").write_text(f"{head}{more}\n", encoding="utf-8")
    files.write(place, ["fi"], tmp_path / "x")
    (place.data / "2026-08/avohilmo.csv").unlink()
    files.write(place, ["fi"], tmp_path / "x")
    assert [WISH in told(book, "care_guarantee_u23_pct")["Huomattavaa"] for book in books] == [True, False]


def test_the_command_writes_both_and_refuses_an_unknown_language(tmp_path: Path) -> None:
    place = tmp_path / "place"
    shutil.copytree(ROOT / "tests/workspaces/nhs/configs", place / "configs")
    refused = ask(place, "handbook", "--lang", "eng", "--out", str(tmp_path / "x"))
    assert refused.exit_code == 2
    assert "unknown language 'eng'" in refused.stderr
    assert not (tmp_path / "x").exists()
    done = ask(place, "handbook", "--out", str(tmp_path / "x"))
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (tmp_path / "x").iterdir()) == ["handbook.en.html", "handbook.en.pdf"]
    assert done.stdout.split() == [
        str(tmp_path / "x" / name) for name in ("handbook.en.html", "handbook.en.pdf")
    ]
