"""What workbooks hide: errors, formulas without a value, dates counted from 1904, merged cells, far cells."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter

from opti_reports.errors import ExtractError
from tests.algebra.rows import UNKNOWN
from tests.extracts.reading import HEADER, column, one_column, read_files, read_text, rejects, unknown
from tests.extracts.test_workbooks import refusal, workbook

HEAD = HEADER.split(";")
SHEET = "xl/worksheets/sheet1.xml"


def rewrite(path: Path, part: str, old: str, new: str) -> Path:
    """Change the XML of a part of a workbook; ``old`` is a pattern."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    changed, count = re.subn(old, new, parts[part].decode())
    assert count, "nothing was changed"
    parts[part] = changed.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def with_cell(tmp_path: Path, cell: str) -> Path:
    """A workbook whose cell D2, of the column "persons", is written as given."""
    path = workbook(tmp_path / "visits.xlsx", [*HEAD, "Henkilöt"], ["v1", "A", "2026-03-01", 7777])
    return rewrite(path, SHEET, r'<c r="D2"><v>7777</v></c>', cell)


@pytest.mark.parametrize(
    ("cell", "reason", "value"),
    [
        ('<c r="D2" t="e"><v>#N/A</v></c>', "error_cell", "#N/A"),
        ('<c r="D2" s="0" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "error_cell", "#DIV/0!"),
        ("<c t='e' r='D2'><f ca='1'>VLOOKUP(A2,X!A:B,2,0)</f><v>#REF!</v></c>", "error_cell", "#REF!"),
        ('<c r="D2" t="e"><v>#GETTING_DATA</v></c>', "error_cell", "#GETTING_DATA"),
        ('<c r="D2" t="e"><v>#SPILL!</v></c>', "error_cell", "#SPILL!"),
        ('<c r="D2" t="inlineStr"><is><t>#PUUTTUU!</t></is></c>', "error_cell", "#PUUTTUU!"),
        ('<c r="D2" t="e"><f>X()</f><v>#CALC!</v></c>', "error_cell", "#CALC!"),
        ('<c r="D2"><f>E2*12</f><v></v></c>', "not_computed", ""),
        ('<c r="D2"><f>E2*12</f></c>', "not_computed", ""),
        ('<c r="D2"><f t="shared" si="0"/><v/></c>', "not_computed", ""),
        ('<c r="D2" t="str"><f>E2</f></c>', "not_computed", ""),
        ('<c r="D2"><f>E2*12</f><v>0</v></c>', "not_computed", ""),
    ],
)
def test_a_cell_that_lacks_its_value_is_never_empty(
    tmp_path: Path, cell: str, reason: str, value: str
) -> None:
    extract = read_files(with_cell(tmp_path, cell))
    assert rejects(extract) == []
    assert column(extract, "persons") == [UNKNOWN]
    assert unknown(extract) == [(2, reason, "persons", value)]


def test_computed_formulas_and_texts_that_are_empty_on_purpose_are_read(tmp_path: Path) -> None:
    empty = with_cell(tmp_path, '<c r="D2" t="str"><f>IF(1,"","x")</f><v></v></c>')
    assert column(read_files(empty), "persons") == [None]
    path = with_cell(tmp_path, '<c r="D2"><f>E2*12</f><v>0</v></c><c r="E2"><f>1+2</f><v>3</v></c>')
    assert column(read_files(path), "persons") == [0], "another formula shows that they were computed"
    path = with_cell(tmp_path, '<c r="D2"><f>E2*12</f><v>0</v></c>')
    rewrite(path, "xl/workbook.xml", ' fullCalcOnLoad="1"', "")
    assert column(read_files(path), "persons") == [0]


def test_cells_of_another_namespace_and_the_last_column_alone(tmp_path: Path) -> None:
    path = with_cell(tmp_path, '<c r="D2" t="e"><v>#N/A</v></c>')
    rewrite(path, SHEET, r"<(/?)(worksheet|sheetData|row|c|v|is|t|f)(?=[ >/])", r"<\1x:\2")
    rewrite(path, SHEET, 'xmlns="', 'xmlns:x="')
    extract = read_files(path)
    assert (rejects(extract), unknown(extract)) == ([], [(2, "error_cell", "persons", "#N/A")])


ERRORS = (
    "#N/A #n/a #REF! #VALUE! #NAME? #NUM! #NULL! ######## Err:502 #VIITTAUS! #JAKO/0! #ARVO! "
    "#NIMI? #LUKU! #TYHJÄ! #SAKNAS! #REFERENS! #DIVISION/0! #VÄRDEFEL! #NAMN? #OGILTIGT! #SKÄRNING! Virhe:522"
)


@pytest.mark.parametrize("text", ERRORS.split())
def test_errors_in_text_exported_from_a_spreadsheet(tmp_path: Path, text: str) -> None:
    for name in ("persons", "ended_at", "case_id", "kind", "month"):
        cells, found = one_column(tmp_path, name, "", text)
        assert (cells, found) == ([None, UNKNOWN], [(3, "error_cell", name, text)])
    for name in ("client", "said"):
        assert one_column(tmp_path, name, text)[1] == [(2, "error_cell", name, "")]
    extract = read_text(tmp_path, f"{HEADER}\n{text};A;2026-03-01\n{text};B;2026-03-01\n")
    assert [line for line, *_ in rejects(extract)] == [2, 3], "two errors are not the same key"


@pytest.mark.parametrize("text", ["#1", "nro #4", "# aihe"])
def test_a_number_sign_alone_is_no_error(tmp_path: Path, text: str) -> None:
    assert one_column(tmp_path, "case_id", text) == ([text], [])


def test_dates_are_counted_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    path = tmp_path / "visits.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        rows = book.add_worksheet()
        day = book.add_format({"num_format": "d.m.yyyy"})
        rows.write_row(0, 0, [*HEAD, "due_on", "persons"])
        rows.write_row(1, 0, ["v1", "A", 46082.5 - 1462, 46090 - 1462, 44620])
        rows.write_row(2, 0, ["v2", "A", "1.3.2026 12.00"])
        rows.write_datetime(2, 3, dt.datetime(2026, 3, 9), day)
    extract = read_files(path)
    assert column(extract, "arrived_at") == ["2026-03-01 12:00"] * 2
    assert column(extract, "due_on") == ["2026-03-09"] * 2
    assert column(extract, "persons") == [44620, None], "a number that is no date stays"


def merged(tmp_path: Path, *ranges: tuple[int, int, int, int]) -> Path:
    path = tmp_path / "visits.xlsx"
    with xlsxwriter.Workbook(path) as book:
        rows = book.add_worksheet()
        rows.write_row(0, 0, [*HEAD, "muuta"])
        for at in (1, 2, 3):
            rows.write_row(at, 0, [f"v{at}", "A", "2026-03-01"])
        for top, left, bottom, right in ranges:
            rows.merge_range(top, left, bottom, right, "A" if top < 4 else "Lähde: puhelinjärjestelmä")
    return path


def test_merged_cells_over_rows_are_refused_with_their_range(tmp_path: Path) -> None:
    assert refusal(merged(tmp_path, (1, 1, 3, 1))) == (
        "visits.xlsx: the cells B2:B4 are merged in column unit_code: all but the first are empty\n"
        "  Unmerge the cells and fill each of them, then deliver the file again."
    )
    assert "the cells A2:B2 are merged" in refusal(merged(tmp_path, (1, 0, 1, 1)))


def test_merged_cells_that_hide_nothing_are_read(tmp_path: Path) -> None:
    path = merged(tmp_path, (1, 3, 3, 3), (5, 0, 5, 2))
    assert column(read_files(path), "unit_code") == ["A"] * 3


@pytest.mark.parametrize("cell", ["XFD1048576", "AAA40001"])
def test_a_far_cell_is_found_where_the_sheet_does_not_say_its_size(tmp_path: Path, cell: str) -> None:
    row = re.sub("[A-Z]", "", cell)
    path = workbook(tmp_path / "visits.xlsx", HEAD, ["v1", "A", "2026-03-01"])
    far = f'<row r="{row}"><c r="{cell}"><v>1</v></c></row></sheetData>'
    rewrite(path, SHEET, "</sheetData>", far)
    said = (
        f"visits.xlsx: a sheet reaches as far as the cell {cell}\n"
        "  Delete what stands outside the table, or deliver it as CSV."
    )
    for size in ("", '<dimension ref="A1:C2"/>'):
        rewrite(path, SHEET, "<dimension[^>]*>" if size == "" else "(?=<sheetViews)", size)
        assert refusal(path) == said
    rewrite(path, SHEET, f'<row r="{row}">', '<row r="2">')
    assert refusal(path) == said, "the cell names another row than the one it stands in"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
LOCKED = (
    "the workbook is protected with a password\n"
    "  Remove the password (File, Info, Protect Workbook) and deliver it again."
)
XLSX = "Open it in Excel, save it as .xlsx and deliver it again."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), LOCKED),
        (
            OLE + "Workbook".encode("utf-16-le"),
            "the workbook cannot be opened: its sectors have no known size\n  Save it again as .xlsx.",
        ),
        (b"visit_id;unit\n", "this is text, not a workbook\n  Name it .csv, or save it as .xlsx."),
        (b"\xef\xbb\xbf<html><table>", f"this is a web page or XML, not a workbook\n  {XLSX}"),
    ],
)
def test_a_workbook_that_is_something_else_is_called_that(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "visits.xlsx"
    path.write_bytes(content)
    assert refusal(path) == f"visits.xlsx: {said}"


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (
            {"mimetype": "application/vnd.oasis.opendocument.presentation"},
            "this is an OpenDocument file, but no spreadsheet\n"
            "  Deliver the rows as a spreadsheet (.ods, .xlsx) or as CSV.",
        ),
        (
            {
                "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                "META-INF/manifest.xml": "<manifest:encryption-data/>",
            },
            LOCKED,
        ),
        (
            {"xl/workbook.bin": ""},
            "the workbook cannot be opened: "
            "\"There is no item named 'xl/_rels/workbook.bin.rels' in the archive\"\n"
            "  Save it again as .xlsx.",
        ),
    ],
)
def test_an_archive_of_another_kind_is_called_that(tmp_path: Path, parts: dict[str, str], said: str) -> None:
    path = tmp_path / "visits.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert refusal(path) == f"visits.xlsx: {said}"


def test_a_workbook_named_as_text_is_called_that(tmp_path: Path) -> None:
    path = workbook(tmp_path / "visits.xlsx", HEAD)
    with pytest.raises(ExtractError) as caught:
        read_text(tmp_path, path.read_bytes())
    assert str(caught.value) == (
        "visits1.csv: this is a workbook under the name of a text file\n"
        "  Name it .xlsx, or save it as CSV UTF-8."
    )


def test_weeks_that_became_months_are_refused(tmp_path: Path) -> None:
    days = [dt.date(2026, month, 1) for month in (10, 11, 12)]
    path = workbook(
        tmp_path / "visits.xlsx",
        [*HEAD, "Viikko"],
        *(("v1", "A", "2026-03-01", day) for day in days),
        ["v9", "A", "2026-03-01", "13/2026"],
    )
    assert refusal(path) == (
        "visits.xlsx: line 2: 3 row(s) hold the first day of a month instead of a week in column "
        "Viikko (week), e.g. '2026-10-01': a spreadsheet took the week 10/2026 for a month\n"
        "  Format the column as text, write weeks like 2026-W10, and deliver it again."
    )
    with pytest.raises(ExtractError, match=r"line 3: 1 row\(s\) hold the first day of a month"):
        one_column(tmp_path, "week", "2026-W08", "1.8.2026")


def test_days_a_week_apart_are_weeks_even_where_one_begins_a_month(tmp_path: Path) -> None:
    cells, refused = one_column(tmp_path, "week", "25.5.2026", "1.6.2026", "2026-06-08")
    assert (len(cells), refused) == (3, [])


def test_decimals_that_programs_leave_behind_are_rounded(tmp_path: Path) -> None:
    assert one_column(tmp_path, "persons", "37,99999997", "38.0000001", "-0,0000001") == ([38, 38, 0], [])
    cells, found = one_column(tmp_path, "persons", "37,6333333", "37,9999")
    assert cells == [UNKNOWN, UNKNOWN]
    assert found == [
        (2, "bad_number", "persons", "37,6333333"),
        (3, "bad_number", "persons", "37,6333333"),  # one example for each reason of a column
    ]
    cells, found = one_column(tmp_path, "hours", "3,6333333", "3.66666667", "3,25")
    assert cells == [Fraction(18, 5), Fraction(37, 10), UNKNOWN]
    assert found == [(4, "too_many_digits", "hours", "3,25")]


def test_a_float_of_three_decimals_is_no_thousand(tmp_path: Path) -> None:
    path = workbook(tmp_path / "visits.xlsx", [*HEAD, "hours"], ["v1", "A", "2026-03-01", 3.625])
    extract = read_files(path)
    assert (column(extract, "hours"), rejects(extract)) == ([UNKNOWN], [])
    assert unknown(extract) == [(2, "too_many_digits", "hours", "3.6250")]


def test_times_with_their_zone_are_read_as_local_times(tmp_path: Path) -> None:
    cells, refused = one_column(
        tmp_path,
        "ended_at",
        "2026-03-05T12:30:00Z",
        "2026-03-05T14:30+02:00",
        "2026-03-05 07:30:00.000-0500",
        "2026-03-05T12:30:00+00",
    )
    assert (cells, refused) == (["2026-03-05 14:30"] * 4, [])
    assert one_column(tmp_path, "seen_on", "2026-03-04T22:00:00Z") == (["2026-03-05"], [])


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_two_encodings_in_one_file_are_refused_with_both_lines(tmp_path: Path, start: bytes) -> None:
    lines = [
        HEADER.encode(),
        "v1;Äijälä;2026-03-01".encode(),
        b"v2;A;2026-03-01",
        "v3;Ääsmäe;x".encode("cp1252"),
    ]
    with pytest.raises(ExtractError) as caught:
        read_text(tmp_path, start + b"\n".join(lines))
    assert str(caught.value) == (
        "visits1.csv: line 2 is UTF-8 and line 4 is not: the file mixes two encodings\n"
        "  Export all of it again as CSV UTF-8; do not paste files together."
    )


def test_capitals_before_curly_quotes_are_no_second_encoding(tmp_path: Path) -> None:
    text = f"{HEADER}\nv1;”TYÖ”;2026-03-01\nv2;IKINÄ…;2026-03-01\n"
    assert column(read_text(tmp_path, text.encode("cp1252")), "unit_code") == ["”TYÖ”", "IKINÄ…"]
