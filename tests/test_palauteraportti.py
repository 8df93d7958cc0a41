"""A year's feedback report by configs alone: the tables that Keski-Uusimaa published for 2019, cell by cell.

What the pages must say is typed here from the published tables, and shares nothing with the line's files.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline import ROOT
from tests.workspaces import ask, once, opti, pages

LINE = ROOT / "opti_reports" / "lines" / "keusote_palaute"
SHARED = ("brand.toml", "guards.toml", "mail.toml", "settings.toml", "languages")
MONTH = "2019-12"
EXTRACT = "palautekyselyt_2019.csv"
TOTALS = "palautesummat_2019.csv"

LONG = {
    "OWN": "Yhteinen mittaripankki mutta oma kysely",
    "BANK": "Hoitotarvikejakelu, Kuntoutus- ja apuvälinepalvelut, Suunterveydenhuolto, Vastaanottopalvelut, "
    "Aikuissosiaalityö, Päihde- ja mielenterveysavopalvelut, Sosiaalinen kuntoutus",
    "FORM": "Ikäihmisten palvelut, Vammaisten palvelut, Terveyspalvelut ja sairaanhoito, Aikuisten "
    "mielenterveys, päihde- ja sosiaalipalvelut, Lasten, nuorten ja perheiden palvelut, Tukipalvelut, "
    "Potilas- ja sosiaaliasiamiestoiminta",
}
"""Cells that stand for these in the table of channels."""
CHANNELS = """
Roidu, yhteinen mittaripankki | BANK | 8 127 | 73 | 14
OWN | Ikäihmisten ympärivuorokautiset palvelut | 258 | 47 | 4
Haastattelu, ei jatkuva kysely | – | ei ilmoitettu | ei kysytty | 2
OWN | Kotihoito ja ikääntyneiden asiakasohjaus | 11 | 100 | 12
OWN | Vammaispalvelut: sosiaalityö ja ohjaus | 21 | 28 | 11
OWN | Perhekeskuspalvelut | 271 | 37 | 10
Webropol, oma kysely | FORM | 727 | ei kysytty | 10
"""
MUNICIPALITIES = """
Roidu | Järvenpään kaupunki | 1 985 | 39
Oma kysely | Järvenpään kaupunki, perheneuvola | 2 | ei kysytty
Oma kysely | Järvenpään kaupunki, perheoikeudellinen yksikkö | 132 | ei kysytty
Oma kysely | Järvenpää, pienet lapset | 328 | ei kysytty
Oma kysely | Järvenpää, terveyskeskussairaala | 252 | ei kysytty
Oma kysely | Mäntsälä kuntoutus | 163 | 79
Oma kysely | Mäntsälän potilaskokemus | 3 034 | 77
Oma kysely | Mäntsälä vuodeosasto | 249 | 60
Oma kysely | Tuusula akuuttivuodeosasto | 26 | 60
Oma kysely | Tuusula kotihoito | 5 | 100
Oma kysely | Tuusula kotiutus ja arviointiyksikkö | 34 | ei kysytty
Oma kysely | Tuusula kuntoutus | 183 | 73
Oma kysely | Tuusulan kunta | 3 285 | 75
Oma kysely | Tuusula sosiaalipalvelujen asiakaskokemus | 63 | 29
Oma kysely | Tuusula tehostettu palveluasuminen | 6 | ei kysytty
"""
WOTT = """
Rentto | 675 | 505 | 60 | 100 | 40 | 3
Kysely 2 | 1 707 | 1 328 | 166 | 187 | 46 | 3
Kysely 3 | 1 542 | 1 331 | 78 | 94 | 67 | 3
"""
WOTT_SERVICES = {"Rentto": 16, "Kysely 2": 23, "Kysely 3": 9}
"""How many services each is about; the first two ask of the same sixteen."""
BY_SYSTEM = """
Roidu, ilmoitettu | 49 | 20 | 18 653 | ei kysytty | ei kysytty | ei kysytty | ei ilmoitettu
Roidu, rivien summa | – | – | 18 435 | – | – | – | –
WOTT, ilmoitettu | 19 | 3 | 3 924 | 3 164 | 304 | 381 | ei ilmoitettu
WOTT, rivien summa | – | – | 3 924 | 3 164 | 304 | 381 | –
Webropol, ilmoitettu | ei ilmoitettu | 7 | 727 | ei kysytty | ei kysytty | ei kysytty | ei ilmoitettu
Webropol, rivien summa | – | – | 727 | – | – | – | –
Yhteensä, ilmoitettu | ei ilmoitettu | ei ilmoitettu | 23 304 | ei kysytty | ei kysytty | ei kysytty | 55
Yhteensä, ilmoitettujen summa | – | – | 23 304 | – | – | – | –
Yhteensä, rivien summa | – | – | 23 086 | – | – | – | –
"""
ASKED = """
Saan hoidon/palvelun kun sitä tarvitsin | x - - x x x
Palvelu oli sopivien yhteyksien päässä | x - - - - x
Koin saamani hoidon/palvelun hyödylliseksi | x - - x x x
Henkilökunta kohteli minua hyvin | x - - x x x
Koin, että minua kuunneltiin | x - - x x x
Koin, että mielipiteeni huomioitiin ratkaisuja tehtäessä | x - - x x x
Koin oloni turvalliseksi hoidon/palvelun aikana | x - - x x -
Saamani tieto hoidosta/palvelusta oli ymmärrettävää | x - - x x x
Löysin helposti tiedon palvelusta | x - - x x -
Tiedän kuka käyttää tietojani ja miksi | x - - x x -
Koin että yksityisyyttäni kunnioitettiin | x - - x x x
Henkilökunnan välinen yhteistyö oli sujuvaa | x - - x - -
Asioitani hoitavat minulle tutut ammattilaiset | x - x x x -
Ajan varaaminen oli joustavaa ja nopeaa | x - - - - -
Henkilökunta kohtelee minua hyvin | - x - - - -
Koen että minua kuunneltiin | - x - - - -
Koen oloni turvalliseksi hoidon/palvelun aikana | - x - - - -
Koen, että yksityisyyttäni kunnioitetaan | - x - - - -
Saan elää omannäköistäni arkea | - - x - - -
Tilat ovat toimivat | - - - - - x
Aukioloajat ovat riittävät | - - - - - x
"""
FOCUS = ("Saatavuus", "vuorovaikutustaidot ja kohtaaminen", "jatkuvuus", "Tiedonsaanti")
DIFFER = [
    "Roidu, vastauksia: ilmoitettu 18 653, riveillä yhteensä 18 435. Erotus, 218, ei ole millään rivillä.",
    "Yhteensä, vastauksia: ilmoitettu 23 304, riveillä yhteensä 23 086. Erotus, 218, ei ole millään rivillä.",
]


def made(root: Path) -> None:
    """The line's workspace with its year, as a new workspace of it would be."""
    shutil.copytree(LINE / "configs", root / "configs")
    for name in SHARED:
        place = ROOT / "configs" / name
        (shutil.copytree if place.is_dir() else shutil.copy)(place, root / "configs" / name)
    shutil.copytree(ROOT / "templates", root / "templates")
    shutil.copytree(LINE / "demo", root / "data")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The line's workspace with the report of 2019 in three languages."""

    def make(root: Path) -> None:
        made(root)
        done = opti(root, "run", "--month", MONTH, *("--lang", "fi", "--lang", "sv", "--lang", "en"))
        assert done.returncode == 0, done.stderr
        (root / "printed.txt").write_text(done.stdout + done.stderr, encoding="utf-8")

    return once(tmp_path_factory, "palauteraportti", make)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A workspace of one's own, without a run."""
    made(tmp_path)
    return tmp_path


def plain(text: str) -> str:
    """A text with ordinary spaces."""
    return re.sub(r"\s+", " ", text).strip()


def content(workspace: Path, language: str = "fi") -> Any:
    path = workspace / "output" / MONTH / "packs" / "palauteraportti" / f"keusote.{language}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def blocks(workspace: Path, kind: str, language: str = "fi") -> list[Any]:
    sections = content(workspace, language)["sections"]
    return [block for section in sections for block in section["blocks"] if block["kind"] == kind]


def rows(workspace: Path, caption: str) -> list[list[str]]:
    """The rows of the table with a heading."""
    (found,) = (block for block in blocks(workspace, "table") if block["caption"] == caption)
    return [[plain(cell) for cell in row] for row in found["rows"]]


def typed(table: str) -> list[list[str]]:
    """A table as it was typed above."""
    lines = (line.split(" | ") for line in table.strip().splitlines())
    return [[LONG.get(cell, cell) for cell in line] for line in lines]


def test_channels_services_answers_and_nps_are_as_published(run: Path) -> None:
    found = rows(run, "Roidu ja Webropol palveluittain")
    assert [[row[0], *row[2:]] for row in found] == typed(CHANNELS)


def test_municipalities_are_as_published(run: Path) -> None:
    assert rows(run, "Roidu kunnittain") == typed(MUNICIPALITIES)


def test_wott_is_as_published_and_its_nps_is_no_reckoning(run: Path) -> None:
    found = rows(run, "WOTT")
    assert [[row[0], *row[2:]] for row in found] == typed(WOTT)
    assert {row[0]: len(row[1].split(", ")) for row in found} == WOTT_SERVICES
    assert found[1][1].startswith(f"{found[0][1]}, nuorisoasema, Paavola alahovi")
    # (satisfied - dissatisfied) / answers would be 60, 67 and 80
    assert [row[6] for row in found] == ["40", "46", "67"]


def test_totals_stand_as_delivered_and_as_their_rows_add_up(run: Path) -> None:
    assert rows(run, "Mitä järjestelmät ilmoittivat vuodesta") == typed(BY_SYSTEM)
    assert 18_653 + 3_924 + 727 == 23_304
    said = {plain(block["text"]): block["tone"] for block in blocks(run, "notice")}
    assert [text for text, tone in said.items() if tone == "warn"] == DIFFER
    assert said["Muut ilmoitetut luvut ovat samat kuin niiden rivien summat."] == "right"


def test_answers_without_a_face_are_said_by_survey_and_together(run: Path) -> None:
    notes = " ".join(plain(block["note"]) for block in blocks(run, "table"))
    faces = "tyytyväisiä, neutraaleja, tyytymättömiä yhteensä"
    for name, told, summed, lacking in (
        ("Rentto", "675", "665", 10),
        ("Kysely 2", "1 707", "1 681", 26),
        ("Kysely 3", "1 542", "1 503", 39),
        ("WOTT", "3 924", "3 849", 75),
    ):
        line = f"{name}: vastauksia {told}; {faces} {summed}. Erotus, {lacking}, ei ole missään näistä."
        assert line in notes


def test_each_survey_asks_the_statements_it_was_published_with(run: Path) -> None:
    found = rows(run, "Mittaripankin väittämät kyselyittäin")
    sign = {"kyllä": "x", "–": "-"}
    body = [[row[0], " ".join(sign[cell] for cell in row[1:])] for row in found[:-1]]
    assert body == typed(ASKED)
    assert found[-1] == ["Yhteensä", "14", "4", "2", "12", "11", "10"]
    (other,) = (b for b in blocks(run, "table") if b["caption"] == "WOTTin ja palautelomakkeen kysymykset")
    assert [column["label"] for column in other["columns"]][1:] == [
        "Rentto",
        "Kysely 2",
        "Kysely 3",
        "Palautelomake",
    ]
    assert other["rows"][-1] == ["Yhteensä", "3", "3", "3", "10"]


def test_focus_areas_themes_and_marked_words_follow(run: Path) -> None:
    focus = rows(run, "Palautteesta nostetut kehittämisen painopisteet")
    assert [row[0] for row in focus] == ["1", "2", "3", "4"]
    assert all(name in row[1] for name, row in zip(FOCUS, focus, strict=True))
    assert len(rows(run, "Palvelulupaus ja kehittämisen teemat")) == 11
    words = rows(run, "Asiakkaiden sanoin")
    assert len(words) == 2, "the third is not released"
    assert all(row[0].startswith("Esimerkki:") for row in words)


def test_the_pdf_says_the_same_figures(run: Path) -> None:
    folder = run / "output" / MONTH / "packs" / "palauteraportti"
    text = plain(" ".join(pages(folder / "keusote.fi.pdf")))
    for figure in ("18 653", "3 924", "727", "23 304", "18 435", "23 086", "8 127", "3 285", "1 542", "2019"):
        assert figure in text, figure
    assert content(run)["period"] == "2019"
    assert content(run)["period_label"] == "2019"


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (
            "sv",
            "Roidu, svar: meddelat 18 653, raderna tillsammans 18 435. "
            "Skillnaden, 218, finns inte på någon rad.",
        ),
        (
            "en",
            "Roidu, answers: 18,653 as delivered, 18,435 in the rows together. "
            "The difference, 218, is in no row.",
        ),
    ],
)
def test_other_languages_say_it_too_and_mark_what_was_written_in_finnish(
    run: Path, language: str, line: str
) -> None:
    assert line in [plain(block["text"]) for block in blocks(run, "notice", language)]
    marked = {tag for block in blocks(run, "table", language) for _, _, tag in block["languages"]}
    assert marked == {"fi"}


def test_the_terminal_and_the_record_say_what_contradicts(run: Path) -> None:
    record = json.loads((run / "output" / MONTH / "run.json").read_text(encoding="utf-8"))
    lines = [
        "summat, roidu: vastauksia 18653 as delivered, 18435 in its rows together; "
        "nothing is corrected, the page says so",
        "summat, kaikki: vastauksia 23304 as delivered, 23086 in its rows together; "
        "nothing is corrected, the page says so",
    ]
    printed = (run / "printed.txt").read_text(encoding="utf-8")
    for line in lines:
        assert line in record["warnings"]
        assert line in printed


def test_the_yearly_figure_is_the_sum_of_the_rows(run: Path) -> None:
    lines = (run / "output" / MONTH / "values.csv").read_text(encoding="utf-8-sig").splitlines()
    heads = lines[0].split(",")
    cells = [dict(zip(heads, line.split(","), strict=False)) for line in lines[1:]]
    years = {row["key"]: row["value"] for row in cells if row["period"] == "2019" and row["org"] == "keusote"}
    assert years == {"": "23086", "roidu": "18435", "wott": "3924", "webropol": "727"}


def test_a_report_of_years_is_made_when_a_year_ends(own: Path) -> None:
    (own / "data" / MONTH).rename(own / "data" / "2020-11")
    done = ask(own, "run", "--month", "2020-11", "--pack", "palauteraportti")
    assert done.exit_code == 2
    assert "'palauteraportti' is made of year months (12), not 2020-11" in done.stderr


def change(workspace: Path, name: str, old: str, new: str) -> None:
    path = workspace / "data" / MONTH / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def warned(workspace: Path) -> list[str]:
    """What the page says of totals that differ, after a run of the report."""
    done = ask(workspace, "run", "--month", MONTH, "--lang", "fi")
    assert done.exit_code == 0, done.output
    return [plain(block["text"]) for block in blocks(workspace, "notice") if block["tone"] == "warn"]


def test_rows_that_cannot_be_are_rejected_and_the_page_says_what_is_missing(own: Path) -> None:
    change(own, EXTRACT, ";163;79;", ";-163;79;")
    change(own, EXTRACT, ";3034;77;", ";3034;177;")
    change(own, EXTRACT, ";249;60;", ";24x9;60;")
    row = "Keusote;31.12.2019;roidu;Oma kysely;Tuusulan kunta;Tuusulan kunta;;3285;75;;;\n"
    change(own, EXTRACT, row, row + row)
    said = warned(own)
    rejected = (own / "output" / MONTH / "rejects" / "palautekyselyt.csv").read_text(encoding="utf-8-sig")
    assert [line.split(",", 2)[2] for line in rejected.splitlines()[1:]] == [
        "14,roidu Oma kysely Mäntsälä kuntoutus,check.maara,,,1",
        "15,roidu Oma kysely Mäntsälän potilaskokemus,check.nps,,,1",
        "21,roidu Oma kysely Tuusulan kunta,duplicate_identical,,,1",
        "16,,bad_number,vastauksia,24x9,1",
    ]
    found = {row[1]: row[2:] for row in rows(own, "Roidu kunnittain")}
    assert not {"Mäntsälä kuntoutus", "Mäntsälän potilaskokemus"} & set(found)
    assert found["Mäntsälä vuodeosasto"] == ["ei luettavissa", "60"]
    assert found["Tuusulan kunta"] == ["3 285", "75"]
    # 18 435 - 163 - 3 034 - 249 = 14 989, and 18 653 - 14 989 = 3 664
    assert said[0] == (
        "Roidu, vastauksia: ilmoitettu 18 653, riveillä yhteensä 14 989. "
        "Erotus, 3 664, ei ole millään rivillä. "
        "Summasta puuttuu lukuja, joita ei voi lukea: 1."
    )


def test_totals_smaller_than_their_rows_are_said_and_stay(own: Path) -> None:
    change(own, TOTALS, ";7;727;", ";7;700;")
    change(own, EXTRACT, ";675;40;505;", ";675;40;605;")
    said = warned(own)
    assert [text for text in said if text.startswith(("Webropol", "Yhteensä"))] == [
        "Webropol, vastauksia: ilmoitettu 700, riveillä yhteensä 727. "
        "Riveillä on 27 enemmän kuin ilmoitettu.",
        "Yhteensä, vastauksia: ilmoitettu 23 304, osien ilmoitetut luvut yhteensä 23 277. "
        "Erotus, 27, ei ole missään osassa.",
        DIFFER[1],
    ]
    assert rows(own, "Mitä järjestelmät ilmoittivat vuodesta")[4][:4] == [
        *("Webropol, ilmoitettu", "ei ilmoitettu", "7", "700")
    ]
    notes = " ".join(plain(block["note"]) for block in blocks(own, "table"))
    assert "tyytymättömiä yhteensä 765, siis 90 enemmän." in notes
