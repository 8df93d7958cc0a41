"""Identity codes refuse the file wherever they stand; in quotes and titles they are blacked out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from opti_reports.errors import ExtractError
from opti_reports.extracts.redact import MASK, redact
from tests.extracts.reading import HEADER, column, read_text

CODE = "010190-123A"
CENTURIES = "-+ABCDEFYXWVU"
SHAPES = [
    *(f"010190{sign}123A" for sign in CENTURIES),
    *(f"010190{sign.lower()}1230" for sign in CENTURIES[2:]),
    *(f"010190{dash}123A" for dash in "‐‑‒–—―⁃−⸺﹘﹣－＋"),
    "010190 - 123A",
    "010190 –123 A",
    "010190-\u200b123A",
    "01\u200d0190-123A",
    "010190\u00ad-123A",
    "０１０１９０－１２３Ａ",
    "٠١٠١٩٠-١٢٣A",
    "0\u03361\u03360190-123A",
    "010190А123А",  # Cyrillic letters
    "010190\u00a0-\u202f123A",
    "311299A999Y",
    "asiakas 010190-123A soitti",
    "hetu:010190-123A",
    "(010190-123A)",
]
NOT_CODES = [
    "401390-123A",  # no such day
    "011390-123A",  # no such month
    "f3021290a1235d",  # inside a pseudonym
    "9010190-1234",
    "010190-12345",
    "2026-03-01",
    "1.2.246.10.90003.10.3",
    "AVO-03",
    "010190",
]


def refusal(folder: Path, header: str, row: str) -> str:
    with pytest.raises(ExtractError) as caught:
        read_text(folder, f"{header}\nv0;A;2026-03-01\n{row}\n")
    return str(caught.value)


def told(where: str) -> str:
    return (
        f"visits1.csv: {where} holds what looks like personal identity codes; the file was not read\n"
        "  Remove the codes at the source and deliver the file again."
    )


@pytest.mark.parametrize("text", SHAPES)
def test_every_shape_of_a_code_refuses_the_file(tmp_path: Path, text: str) -> None:
    assert refusal(tmp_path, HEADER, f"v1;{text};2026-03-01") == told("the column 'unit_code'")


@pytest.mark.parametrize("text", NOT_CODES)
def test_what_only_resembles_a_code_is_read(tmp_path: Path, text: str) -> None:
    assert column(read_text(tmp_path, f"{HEADER}\nv1;{text};2026-03-01\n"), "unit_code") == [text]


@pytest.mark.parametrize(
    "name",
    [
        "visit_id",
        "client",
        "note",
        "case_id",
        "kind",
        "persons",
        "cost",
        "urgent",
        "ended_at",
        "month",
        "week",
    ],
)
def test_a_code_in_any_used_column_refuses_the_file(tmp_path: Path, name: str) -> None:
    header, row = (
        (HEADER, f"{CODE};A;2026-03-01")
        if name == "visit_id"
        else (f"{HEADER};{name}", f"v1;A;2026-03-01;{CODE}")
    )
    with pytest.raises(ExtractError) as caught:
        read_text(tmp_path, f"{header}\n{row}\n")
    assert str(caught.value) == told(f"the column '{name}'")


def test_a_code_is_found_also_behind_another_fault_of_the_row(tmp_path: Path) -> None:
    with pytest.raises(ExtractError) as caught:
        read_text(tmp_path, f"{HEADER};persons;cost\nv1;A;not a date;x;{CODE}\n")
    assert str(caught.value) == told("the column 'cost'")


@pytest.mark.parametrize("header", [f"1;Tapiola;{CODE}", f"{HEADER};{CODE}", f"Asiakas {CODE}"])
def test_a_code_in_the_first_row_refuses_the_file_and_is_not_quoted(tmp_path: Path, header: str) -> None:
    assert refusal(tmp_path, header, "v1;A;2026-03-01") == told("the first row")


@pytest.mark.parametrize("row", [f"v1;{CODE}", f"v1;A;2026-03-01;{CODE};x", f'v1;"A\n{CODE}"'])
def test_a_code_in_a_row_of_the_wrong_width_refuses_the_file(tmp_path: Path, row: str) -> None:
    assert refusal(tmp_path, HEADER, row) == told("a row with too few or too many cells")


def test_a_code_in_a_column_nobody_uses_refuses_the_file(tmp_path: Path) -> None:
    with pytest.raises(ExtractError) as caught:
        read_text(tmp_path, f"{HEADER};huone\nv1;A;2026-03-01;{CODE}\n")
    assert str(caught.value) == told("a column that is not used")


@pytest.mark.parametrize("name", ["said", "title"])
@pytest.mark.parametrize("text", SHAPES)
def test_quotes_and_titles_are_redacted_instead(tmp_path: Path, name: str, text: str) -> None:
    extract = read_text(tmp_path, f"{HEADER};{name}\nv1;A;2026-03-01;{text}\n")
    (cell,) = column(extract, name)
    assert isinstance(cell, str)
    assert MASK in cell
    assert "0101" not in cell
    assert "3112" not in cell


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Soita 040 123 4567 tai +358 (0)9 816 21", f"Soita {MASK} tai {MASK}"),
        ("puh. 09-8162 1234.", f"puh. {MASK}."),
        ("puh.0401234567, p.040 1234567", f"puh.{MASK}, p.{MASK}"),
        ("(+358) 40-123 45 67", f"({MASK}"),
        (
            "12.3.2026 040 123 4567, 2026-03-12 numeroon 0401234567",
            f"12.3.2026 {MASK}, 2026-03-12 numeroon {MASK}",
        ),
        ("syntynyt 12.11.1950", f"syntynyt {MASK}"),
        ("s. 5.3.1948, 5.3.1948 ja 1948-03-05", f"s. {MASK}, {MASK} ja {MASK}"),
        ("synt. 5.3.48 ja född 1.2.2024", f"synt. {MASK} ja född {MASK}"),
        ("matti(a)example.fi", MASK),
        ("kohta (a) ensin, vaihe 1(a)", "kohta (a) ensin, vaihe 1(a)"),
        ("huoneet 1-12, 2 500 potilasta, 15 %", "huoneet 1-12, 2 500 potilasta, 15 %"),
        ("matti.meikalainen+x@example.fi kirjoitti", f"{MASK} kirjoitti"),
        ("maija (at) example.fi", MASK),
        ("maija[at]sub.example.com!", f"{MASK}!"),
        ("Odotin 45 min, sain ajan 12.3.2026 klo 10.30", "Odotin 45 min, sain ajan 12.3.2026 klo 10.30"),
        ("Rivi yksi\r\n  rivi\tkaksi\u200b\x07", "Rivi yksi rivi kaksi"),
        (
            "huoneet 8.00-16.00, 9.00-15.00, vko 12/2026, 24/7",
            "huoneet 8.00-16.00, 9.00-15.00, vko 12/2026, 24/7",
        ),
        ("Kokeilu 1.9.–30.11.2026, 1.–5.12.2026", "Kokeilu 1.9.-30.11.2026, 1.-5.12.2026"),
        ("", ""),
    ],
)
def test_redaction_leaves_the_rest_of_the_text(text: str, safe: str) -> None:
    assert redact(text) == safe


WRITTEN = [
    *(
        f"010190{gap}-{gap}123{gap}A"
        for gap in ("\n", "\r\n", "\t", "\u2009", "\u202f", "\u3000", "\u2028", "\u200b")
    ),
    *(f"0101{gap}90-12{gap}3A" for gap in (" ", "\u00a0")),
    "01.01.90-123A",
    "010190\u00ad-\u00ad123A",  # a word broken by a soft hyphen
    "010190\u00ad123A",
    *(f"010190{sign}123A" for sign in "/_~"),
    "０１０１９０－１２３Ａ",
    "040\n123\u20094567",
    "040–123‑4567",
    "040/123 4567",
    "040·123·4567",
    "０４０１２３４５６７",
    "٠٤٠١٢٣٤٥٦٧",
    "matti@\nesim.fi",
    "matti＠esim.fi",
    "matti ( at ) esim . fi",
    "matti[ät]esim.fi",
    "matti@esim\u200b.fi",
    "etu.suku@esim",
]


@pytest.mark.parametrize("text", WRITTEN, ids=ascii)
def test_no_sign_space_or_line_break_hides_what_identifies(text: str) -> None:
    safe = redact(f"Soita {text} heti")
    assert re.fullmatch(rf"Soita {re.escape(MASK)}[A-Z]? heti", safe), safe
