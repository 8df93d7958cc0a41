"""What people type and what configs name is text in every document: no markup, formula or address."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from pathlib import Path

import pikepdf
import pytest

from opti_reports.model.spreadsheet import FORMULA
from tests.render.deck_faults import deck_faults
from tests.render.pdf_faults import pdf_faults
from tests.workspaces import LAST, ROOT, ask, edit, pages

UNIT, ABOVE = "puhelinpalvelu", "etapalvelut"
PAYLOADS = (
    '<link rel="attachment" href="file:///etc/passwd">',
    '<img src="http://127.0.0.1:9/x.png"> {{ 7 * 7 }}',
    "=cmd|' /C calc'!A1",
    "</title></svg><svg onload='x()'>",
    "<style>* { background: url(http://127.0.0.1:9/x.png) }</style>",
    "@SUM(A1:A9) \u202eoikealta\u202c \u2066vasemmalta\u2069\u200b",
    "Rajoittamattomanpitkäsana" * 4,
    "]]>&bogus;<!DOCTYPE x> $\\frac{1}{2}$",
)
NAME = "Puhelin <b>& </b>{{ 7 * 7 }} =1+1 ]]>"
SECTIONS = {"tilanne", "asiakaskokemus", "henkilostokokous"}


def write(path: Path, rows: list[list[str]], delimiter: str = ";") -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


def attack(place: Path) -> None:
    """Payloads as titles of actions, clients' words, answers of a unit, and in the unit's name."""
    data = place / "data" / LAST
    actions = [
        ["Nro", "Yksikkö", "Toimenpide", "Lähde", "Mittari", "Avattu", "Määräaika", "Tila", "Vastuurooli"]
    ]
    actions += [
        [
            f"X{at}",
            UNIT,
            text,
            "muu",
            "callback_24h_pct",
            "2026-08-03",
            "2026-08-20",
            "sovittu",
            "osastonhoitaja",
        ]
        for at, text in enumerate(PAYLOADS)
    ]
    write(data / "toimenpiteet_x.csv", actions)
    feedback = [
        [
            "Palaute ID",
            "Kohde",
            "Jätetty",
            "Avoin palaute",
            "Nosto",
            "Palautetyyppi",
            "Aihe",
            "Kieli",
            "Status",
        ]
    ]
    feedback += [
        [
            f"X{at}",
            "Puhelinpalvelu pk",
            f"{at + 1}.8.2026 10.01",
            text,
            "kyllä",
            "moite",
            "kohtelu",
            "sv",
            "suljettu",
        ]
        for at, text in enumerate(PAYLOADS)
    ]
    write(data / "palaute_x.csv", feedback)
    answers = [["Yksikkö", "Kuukausi", "Poikkeama", "Syy", "Toimenpide", "Tuen tarve", "JYL"]]
    answers += [
        [UNIT, LAST, metric, text, text, text, "kyllä"]
        for metric, text in zip(("callback_24h_pct", "immediate_access_pct"), PAYLOADS[1:3], strict=True)
    ]
    write(data / "valmistelut_x.csv", answers)
    edit(place / "configs/organisation.toml", 'fi = "Keskitetty puhelinpalvelu"', f'fi = "{NAME}"')
    head, *sections = (ROOT / "configs/packs/unit.toml").read_text(encoding="utf-8").split("[[section]]")
    kept = [text for text in sections if text.split('"')[1] in SECTIONS]
    (place / "configs/packs/unit.toml").write_text("[[section]]".join([head, *kept]), encoding="utf-8")


@pytest.fixture(scope="module")
def packs(lean_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    lean = tmp_path_factory.mktemp("hostile") / "lean"
    shutil.copytree(lean_run, lean)
    attack(lean)
    done = ask(lean, "run", "--month", LAST, "--org", UNIT, "--org", ABOVE, "--jobs", "1")
    assert done.exit_code == 0, done.output
    return lean / "output" / LAST / "packs"


def test_payloads_stay_text_everywhere(packs: Path) -> None:
    page, deck = packs / f"unit/{UNIT}.fi.pdf", packs / f"service_unit/{ABOVE}.fi.pptx"
    assert pdf_faults(page.read_bytes()) == []
    assert deck_faults(deck.read_bytes()) == []
    said = "".join("".join(pages(page)).split())
    for text in (
        '<linkrel="attachment"',
        "=cmd|",
        "{{7*7}}",
        "</title></svg>",
        "Puhelin<b>&</b>{{7*7}}=1+1]]>",
    ):
        assert text in said
    assert "oikealta" in said
    assert not [mark for mark in "\u202e\u202c\u2066\u2069\u200b" if mark in said]
    with pikepdf.open(page) as document:
        assert [*document.attachments] == ["luvut.csv"]
        figures = document.attachments["luvut.csv"].get_file().read_bytes().decode("utf-8")
        assert not [obj for obj in document.objects if isinstance(obj, pikepdf.Dictionary) and "/URI" in obj]
    for row in csv.reader(io.StringIO(figures)):
        assert not [cell for cell in row if cell.startswith(FORMULA) and not cell[1:2].isdigit()]


def test_payloads_are_no_formulas_in_workbooks(packs: Path) -> None:
    books = [(packs / f"unit/{UNIT}.fi.xlsx").read_bytes()]
    with zipfile.ZipFile(packs / f"service_unit/{ABOVE}.fi.pptx") as deck:
        books += [deck.read(name) for name in deck.namelist() if name.endswith(".xlsx")]
    for content in books:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            sheets = [book.read(name) for name in book.namelist() if "worksheets/" in name]
        assert not [sheet for sheet in sheets if b"<f>" in sheet or b"<hyperlink" in sheet]


def test_one_quote_that_calls_out_does_not_keep_the_others_from_being_read(packs: Path) -> None:
    shown = "".join(pages(packs / f"unit/{UNIT}.fi.pdf"))
    assert sum(shown.count(text[:12]) > 0 for text in ("<style>* { b", "Rajoittamatt", "]]>&bogus;<!")) == 3
