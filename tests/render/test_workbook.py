"""The workbook of a preparation: barriers and what was tried are offered; own words are taken too."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

from lxml import etree
from python_calamine import load_workbook

from opti_reports.model.meeting import PREPARED, Preparation, PreparedRow
from opti_reports.render.workbook import render_workbook
from tests.render import fixture

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LONG = tuple(
    f"este {number}, josta kerrotaan niin pitkästi kuin se kokouksessa sanotaan" for number in range(9)
)


def made(*rows: PreparedRow) -> bytes:
    asked = Preparation(
        mark="preparations:unit/tapiola/2026-08",
        title="Valmistelu",
        instructions=("Ohje", "Toinen ohje"),
        heads=("Mittari", "Arvo", "Tavoite", "Alkaen"),
        asked=PREPARED,
        offered="Ehdotuksia",
        choices=("kyllä", "ei"),
        due_hint="Kirjoita päivä.",
        rows=rows,
        empty="" if rows else "Ei poikkeamia.",
    )
    return render_workbook(replace(fixture.a_pack(()), preparation=asked), fixture.look().brand)


def lists(book: bytes) -> dict[str, etree._Element]:
    """The lists that cells offer, by cell."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet = etree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
    found = sheet.iter(f"{SHEET}dataValidation")
    return {one.get("sqref", ""): one for one in found if one.get("type") == "list"}


def test_a_cell_offers_what_belongs_to_its_metric_and_takes_other_words_too() -> None:
    book = made(
        PreparedRow(
            "a_pct", ("A", "1", "2", "elokuu 2026"), ("ruuhka", "poissaolo"), ("ei palavereja", "seurataan:")
        ),
        PreparedRow("b_pct", ("B", "1", "2", "elokuu 2026")),
        PreparedRow("c_pct", ("C", "1", "2", "elokuu 2026"), LONG, ("teko",)),
    )
    found = lists(book)
    sources = {cell: one.findtext(f"{SHEET}formula1") for cell, one in found.items()}
    assert sources == {
        "F6": "'Ehdotuksia'!$A$1:$A$2",
        "G6": "'Ehdotuksia'!$B$1:$B$2",
        "F8": "'Ehdotuksia'!$C$1:$C$9",
        "G8": "'Ehdotuksia'!$D$1:$D$1",
        "K6:K8": '"kyllä,ei"',
    }
    assert [found[cell].get("showErrorMessage") for cell in ("F6", "G6")] == [None, None], (
        "own words are taken"
    )
    assert len(",".join(LONG)) > 255
    offers = load_workbook(io.BytesIO(book)).get_sheet_by_index(1).to_python()
    assert [row[0] for row in offers[:2]] == ["ruuhka", "poissaolo"]
    assert [row[2] for row in offers] == [*LONG]


def test_what_is_offered_is_out_of_sight() -> None:
    book = load_workbook(io.BytesIO(made(PreparedRow("a_pct", ("A", "1", "2", "3"), ("ruuhka",), ("teko",)))))
    assert [str(sheet.visible) for sheet in book.sheets_metadata] == [
        "SheetVisibleEnum.Visible",
        "SheetVisibleEnum.Hidden",
    ]
