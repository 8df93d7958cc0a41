"""Headings: aliases in any language and spelling, doubled, missing and forbidden ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from opti_reports.errors import ExtractError
from tests.extracts.reading import HEADER, column, read_text, rejects

ROW = "v1;Tapiola;2026-03-01"


@pytest.mark.parametrize(
    "header",
    [
        "visit_id;unit_code;arrived_at",
        "Käynti ID;YKSIKKÖ;Saapunut",
        "kaynti-id; yksikko ;saapunut",
        "BESÖKS ID;Enhet;Ankomst-tid",
        "visit no;UNIT;arrived",
        '"Visit No.";"Unit";"Arrived"',
        # ö as o and a combining diaeresis, as some systems write it
        "besöks-id;yksikkö;saapunut",
    ],
)
def test_headings_are_known_in_three_languages_and_any_spelling(tmp_path: Path, header: str) -> None:
    extract = read_text(tmp_path, f"{header}\n{ROW}\n")
    assert column(extract, "visit_id") == ["v1"]
    assert column(extract, "unit_code") == ["Tapiola"]
    assert column(extract, "arrived_at") == ["2026-03-01 00:00"]


def test_columns_may_come_in_any_order_and_unknown_ones_are_named(tmp_path: Path) -> None:
    extract = read_text(tmp_path, "huone;arrived;x;unit;visit no\n12;2026-03-01;;Tapiola;v1\n")
    assert column(extract, "visit_id") == ["v1"]
    assert extract.ignored == ("huone", "x")


def test_a_column_that_is_not_there_is_empty(tmp_path: Path) -> None:
    extract = read_text(tmp_path, f"{HEADER}\n{ROW}\n")
    assert column(extract, "ended_at") == column(extract, "kind") == column(extract, "cost") == [None]


def refusal(folder: Path, header: str, row: str = ROW) -> str:
    with pytest.raises(ExtractError) as caught:
        read_text(folder, f"{header}\n{row}\n")
    return str(caught.value)


def test_two_columns_of_one_meaning_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, f"{HEADER};Yksikkö", f"{ROW};x") == (
        "visits1.csv: two columns both mean 'unit_code' (the second is 'Yksikkö')\n  Remove one of them."
    )


def test_a_missing_required_column_is_named_with_what_is_there(tmp_path: Path) -> None:
    assert refusal(tmp_path, "visit_id;unit;aloitus") == (
        "visits1.csv: the required column 'arrived_at' is missing "
        "(headings like: saapunut, ankomsttid, arrived)\n"
        "  The file's headings are: visit_id, unit, aloitus"
    )
    assert refusal(tmp_path, "visit_id;unit;arrived on").endswith(
        "The file's headings are: visit_id, unit, arrived on; did you mean 'arrived on'?"
    )


@pytest.mark.parametrize(
    "heading",
    ["Hetu", "HENKILÖTUNNUS", "syntymä-aika", "Nimi", "Sukunimi", "Puhelinnumero", "sähköposti",
     "vapaa teksti", "Personbeteckning", "Förnamn", "e-post", "SSN", "last name", "Phone number"],
)  # fmt: skip
def test_columns_of_personal_data_are_refused_unread(tmp_path: Path, heading: str) -> None:
    assert refusal(tmp_path, f"{HEADER};{heading}", f"{ROW};x") == (
        f"visits1.csv: the column '{heading}' may hold personal data or free text; the file was not read\n"
        "  Export it again without that column."
    )


def test_a_first_row_without_any_heading_is_not_quoted(tmp_path: Path) -> None:
    """It may be a row of clients."""
    assert refusal(tmp_path, "4711;Ankka Aku;ei tietoa") == (
        "visits1.csv: the first row holds no heading of this source\n"
        "  Its first row must hold headings like: käynti_id, yksikkö, saapunut"
    )


def test_headings_below_a_title_are_pointed_at(tmp_path: Path) -> None:
    assert refusal(tmp_path, f"Käynnit 3/2026;;\n\n{HEADER}") == (
        "visits1.csv: the headings stand on row 3\n  Delete the rows above them: they come first."
    )


@pytest.mark.parametrize("note", ["sep=;", '"sep=;"', "SEP=,"])
def test_a_spreadsheet_s_note_of_the_delimiter_is_passed_over(tmp_path: Path, note: str) -> None:
    extract = read_text(tmp_path, f"{note}\n{HEADER}\n{ROW}\nv2;A;x\n")
    assert column(extract, "unit_code") == ["Tapiola"]
    assert [line for line, *_ in rejects(extract)] == [4]
