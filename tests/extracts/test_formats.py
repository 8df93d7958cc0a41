"""Every kind of file: the same figures as from CSV, nothing hidden, and refusals that say what to do."""

from __future__ import annotations

import csv
import datetime as dt
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opti_reports.config.formats import fits, stem
from opti_reports.config.load import load
from opti_reports.demo import generate
from opti_reports.errors import ExtractError
from opti_reports.extracts import biff, packed, sheet
from opti_reports.workspace import Workspace, init
from tests.extracts import written
from tests.extracts.reading import column, read_files, unknown
from tests.extracts.written import KINDS, Cell, Error, Row, Sheet, Unmade, zipped
from tests.pipeline import taken_until
from tests.workspaces import ask

BOOKS = {kind: make for kind, make in KINDS.items() if kind not in (".csv", ".parquet")}
HEADS = ["Visit No.", "unit", "Saapunut", "due_on", "hours", "persons", "urgent", "said", "cost"]
AT, DAY = dt.datetime(2026, 3, 5, 12, 30), dt.date(2026, 3, 9)
COLUMNS = ("visit_id", "unit_code", "arrived_at", "due_on", "hours", "persons", "urgent", "said", "cost")
ROWS: list[Row] = [
    HEADS,
    ["v1", "A", AT, DAY, 7.5, 3, True, "hyvä", 0.1],
    ["v2", "B", AT, None, 0.1, 0, False, None, -1234.5],
    ["v3", "C", AT, DAY, None, None, None, "ÄÖ & <b>", None],
]


def book(kind: str, folder: Path, *rows: Row, name: str = "visits") -> Path:
    return KINDS[kind](folder / f"{name}{kind}", Sheet("Tiedot", rows or ROWS))


def refusal(path: Path) -> str:
    with pytest.raises(ExtractError) as caught:
        read_files(path)
    return str(caught.value)


@pytest.mark.parametrize("packed_up", [False, True], ids=["alone", "zipped"])
@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_the_same_in_every_kind_of_file(kind: str, packed_up: bool, tmp_path: Path) -> None:
    text = read_files(book(".csv", tmp_path, name="visits_1"))
    path = book(kind, tmp_path)
    found = read_files(zipped(path) if packed_up else path)
    for name in COLUMNS:
        assert column(found, name) == column(text, name), name
    assert unknown(found) == unknown(text)


@pytest.mark.parametrize("kind", KINDS)
def test_facts_of_a_demo_file_are_the_same_in_every_kind_of_file(kind: str, tmp_path: Path) -> None:
    def facts(place: Workspace) -> list[object]:
        configs = load(place.configs)
        own = taken_until(configs, place.data, place.output, "2026-08").of("haipro_reports")
        tables = [one.tables[name].rows.to_dict("list") for _, one in own for name in sorted(one.tables)]
        lists = [one.lists[name].to_dict("list") for _, one in own for name in sorted(one.lists)]
        return [*tables, *lists]

    place = init(tmp_path / "place")
    generate(
        place.data, "2026-08", organisation_file=place.configs / "organisation.toml", months=2, scale=0.02,
        sources=("haipro_reports",),
    )  # fmt: skip
    was = facts(place)
    assert any(table for table in was)
    for path in place.data.glob("*/haipro*.csv"):
        with path.open(encoding="cp1252", newline="") as file:
            rows = list(csv.reader(file, delimiter=";"))
        made = KINDS[kind](path.with_name(f"haipro_saatu{kind}"), Sheet("Tiedot", rows))
        path.unlink()
        zipped(made)
        made.unlink()
    assert facts(place) == was


@pytest.mark.parametrize("older", [False, True])
@pytest.mark.parametrize("kind", [".xls", ".xlsb", ".ods"])
def test_an_error_is_never_a_figure(kind: str, older: bool, tmp_path: Path) -> None:
    errors = ("#DIV/0!", "#N/A", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!")
    rows = [[f"v{at}", "A", AT, None, None, Error(shown, older)] for at, shown in enumerate(errors)]
    found = read_files(book(kind, tmp_path, HEADS[:6], *rows))
    assert [(line, why, name) for line, why, name, _ in unknown(found)] == [
        (line, "error_cell", "persons") for line in range(2, 2 + len(errors))
    ]


@pytest.mark.parametrize("kind", [".xls", ".xlsb", ".ods"])
def test_a_formula_that_nobody_computed_is_no_zero(kind: str, tmp_path: Path) -> None:
    found = read_files(book(kind, tmp_path, HEADS[:6], ["v1", "A", AT, None, None, Unmade()]))
    assert [why for _, why, *_ in unknown(found)] == ["not_computed"]


def test_libreoffice_shows_its_own_errors_and_an_accountant_a_dash_for_nothing(tmp_path: Path) -> None:
    def cell(formula: str, shown: str, said: str = 'office:value-type="float" office:value="0"') -> str:
        begins = f'<table:table-cell table:formula="of:={formula}" {said}>'
        return f"{begins}<text:p>{shown}</text:p></table:table-cell>"

    def line(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    error = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
    last = (
        cell("X()", "Err:508"),
        cell("X()", "Virhe:502", error),
        cell("X()", "#JOTAIN"),
        cell("A1-A1", "-"),
    )

    def rows(_: Sheet) -> str:
        before: list[list[Cell]] = [[f"v{at}", "A", AT, None, None] for at in range(len(last))]
        lines = (line(*map(written.ods_cell, own), end) for own, end in zip(before, last, strict=True))
        return line(*map(written.ods_cell, HEADS[:6])) + "".join(lines)

    found = read_files(written.ods(tmp_path / "visits.ods", Sheet("Tiedot", ROWS), rows=rows))
    assert column(found, "persons")[3] == 0
    ((cells, lines),) = found.unknown
    assert (cells.reason, lines.tolist()) == ("error_cell", [2, 3, 4])


@pytest.mark.parametrize("kind", BOOKS)
def test_the_sheet_is_chosen_by_its_headings_and_hidden_ones_are_told(kind: str, tmp_path: Path) -> None:
    path = KINDS[kind](
        tmp_path / f"visits{kind}",
        Sheet("Ohje", [["lue tämä ensin"]]),
        Sheet("Vanha", ROWS[:2], hidden=True),
        Sheet("Tiedot", ROWS, filtered=True),
    )
    assert column(read_files(path), "visit_id") == ["v1", "v2", "v3"]
    told = sheet.overview(path)
    assert (tuple(told.heads), told.hidden) == (("Ohje", "Tiedot"), ("Vanha",))
    assert told.filtered == (kind != ".xlsx"), "the writer of .xlsx here filters nothing"
    twice = KINDS[kind](tmp_path / f"visits_2{kind}", Sheet("Yksi", ROWS), Sheet("Kaksi", ROWS))
    assert "the sheet 'Kaksi' has the same headings as the first sheet 'Yksi'" in refusal(twice)
    alone = KINDS[kind](tmp_path / f"visits_3{kind}", Sheet("Yksi", ROWS), Sheet("Piilo", ROWS, hidden=True))
    assert len(column(read_files(alone), "visit_id")) == 3


@pytest.mark.parametrize("kind", [".xls", ".xlsb"])
def test_days_counted_from_1904_are_moved(kind: str, tmp_path: Path) -> None:
    make: Callable[..., Path] = KINDS[kind]
    early = dt.timedelta(days=1462)
    rows: list[Row] = [HEADS[:4], ["v1", "A", AT - early, 46090 - 1462]]
    path = make(tmp_path / f"visits{kind}", Sheet("Tiedot", rows), from_1904=True)
    found = read_files(path)
    assert column(found, "arrived_at") == ["2026-03-05 12:30"]
    assert column(found, "due_on") == ["2026-03-09"]


def test_a_workbook_is_what_it_holds_whatever_its_name_says(tmp_path: Path) -> None:
    for kind in (".xls", ".xlsb", ".ods"):
        path = book(kind, tmp_path)
        named = path.rename(tmp_path / f"visits_{kind[1:]}.xlsx")
        assert column(read_files(named), "visit_id") == ["v1", "v2", "v3"]


def test_locked_and_broken_workbooks_say_so(tmp_path: Path) -> None:
    path = tmp_path / "visits.xls"
    written.xls(path, Sheet("Tiedot", ROWS), locked=True)
    assert "the workbook is protected with a password" in refusal(path)
    written.xls(path, Sheet("Tiedot", ROWS * 40))
    path.write_bytes(path.read_bytes()[:3000])
    assert refusal(path).startswith("visits.xls: the workbook cannot be opened: ")
    path.write_text("<html><table><tr><td>visit_id</td></tr></table></html>", encoding="utf-8")
    assert "this is a web page or XML, not a workbook" in refusal(path)
    other = tmp_path / "visits.ods"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    assert "this is an OpenDocument file, but no spreadsheet" in refusal(other)
    book(".ods", tmp_path)
    with zipfile.ZipFile(other, "a") as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    assert "the workbook is protected with a password" in refusal(other)


def test_a_document_that_declares_entities_is_not_read(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    path = written.ods(tmp_path / "visits.ods", Sheet("Tiedot", ROWS), prolog=bomb)
    assert "the workbook cannot be opened: it declares a type of document" in refusal(path)


@pytest.mark.parametrize(
    "row",
    [
        '<table:table-row table:number-rows-repeated="1048576">{}</table:table-row>',
        "<table:table-row>{}</table:table-row>",
    ],
)
def test_cells_repeated_without_end_are_refused(row: str, tmp_path: Path) -> None:
    cell = '<table:table-cell table:number-columns-repeated="{}" office:value-type="float" office:value="1"/>'
    many = row.format(cell.format(16_384 if "rows-repeated" in row else 10**9))
    heads = "".join(map(written.ods_cell, HEADS))
    path = written.ods(
        tmp_path / "visits.ods", Sheet("Tiedot", ROWS),
        rows=lambda _: f"<table:table-row>{heads}</table:table-row>{many}",
    )  # fmt: skip
    assert refusal(path) == (
        "visits.ods: the cells up to row 2 say that they are repeated more often than can be read\n"
        "  Delete what stands outside the table, or deliver it as CSV."
        if "rows-repeated" not in row
        else refusal(path)
    )
    assert "repeated more often than can be read" in refusal(path)


def test_an_archive_holds_one_file_of_data(tmp_path: Path) -> None:
    text = book(".csv", tmp_path)
    content = text.read_bytes()
    beside = (("__MACOSX/._visits.csv", b"x"), ("~$visits.xlsx", b"x"), (".DS_Store", b"x"), ("tyhja/", b""))
    assert column(read_files(zipped(text, *beside)), "visit_id") == ["v1", "v2", "v3"]
    assert refusal(zipped(text, ("toinen.csv", content), ("lue.txt", b"x"))) == (
        "visits.zip: the archive holds 3 files (visits.csv, toinen.csv, lue.txt)\n"
        "  Pack each file of data into an archive of its own, or deliver them as they are."
    )
    with zipfile.ZipFile(tmp_path / "visits.zip", "w") as archive:
        archive.writestr("kuva.png", b"x")
    assert "the archive holds no file of data: kuva.png" in refusal(tmp_path / "visits.zip")
    with zipfile.ZipFile(tmp_path / "visits.zip", "w"):
        pass
    assert "the archive is empty" in refusal(tmp_path / "visits.zip")
    (tmp_path / "visits.zip").write_bytes(b"PK\x03\x04 broken")
    assert refusal(tmp_path / "visits.zip").startswith("visits.zip: the archive cannot be opened: ")


def test_a_name_that_leads_out_of_an_archive_leads_nowhere(tmp_path: Path) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    path = zipped(book(".csv", inside), name="../../\x1b[31mvisits.csv")
    (inside / "visits.csv").unlink()
    before = sorted(tmp_path.rglob("*"))
    assert column(read_files(path), "visit_id") == ["v1", "v2", "v3"]
    assert sorted(tmp_path.rglob("*")) == before, "nothing is unpacked to the disk"
    zipped_twice = zipped(path, ("../x.csv", b""), name="../../\x1b[31mvisits.csv")
    assert "\x1b" not in refusal(zipped_twice)


def test_an_archive_that_unpacks_to_too_much_is_refused_unopened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(book(".ods", tmp_path))
    monkeypatch.setattr(packed, "MOST_HELD", 100)
    assert "the file in the archive unpacks to 0 MB" in refusal(path)


def test_an_archive_that_lies_about_its_size_or_is_damaged_gives_no_rows(tmp_path: Path) -> None:
    path = zipped(book(".csv", tmp_path, HEADS, *ROWS[1:] * 200))
    content = path.read_bytes()
    size = struct.pack("<I", zipfile.ZipFile(path).infolist()[0].file_size)
    path.write_bytes(content.replace(size, struct.pack("<I", 300)))
    assert refusal(path).startswith("visits.zip: the archive cannot be opened: ")
    path.write_bytes(content[:60] + bytes(20) + content[80:])
    assert refusal(path).startswith("visits.zip: the archive cannot be opened: ")


def test_a_locked_archive_says_so(tmp_path: Path) -> None:
    path = zipped(book(".csv", tmp_path))
    content = bytearray(path.read_bytes())
    central = content.index(b"PK\x01\x02")
    content[6] |= 1
    content[central + 8] |= 1
    path.write_bytes(content)
    assert refusal(path) == (
        "visits.zip: the archive is protected with a password\n  Pack it again without one."
    )


def test_a_pattern_names_files_of_every_kind(tmp_path: Path) -> None:
    patterns = ("puhelut*.csv", "soitot*.xlsx", "raaka*.dat")
    for name in (
        "puhelut_8.ods",
        "PUHELUT.XLS",
        "soitot.parquet",
        "puhelut.csv.zip",
        "soitot.zip",
        "raaka1.dat",
    ):
        assert fits(name, patterns), name
    for name in ("puhelut.pdf", "muut.csv", "raaka1.csv", "raaka1.dat.zip", "puhelut.zip.exe"):
        assert not fits(name, patterns), name
    assert stem("Puhelut 2026-08.XLSX.zip") == "puhelut 2026-08"
    place = init(tmp_path / "place")
    edited = place.configs / "sources/phone_contacts.toml"
    text = edited.read_text(encoding="utf-8")
    edited.write_text(text.replace('"puhelut*.xlsx"', '"haipro*.parquet"'), encoding="utf-8")
    assert "can fit the same file" in ask(place.root, "check").output


@given(st.binary(max_size=600), st.integers(0, 200))
def test_records_that_make_no_sense_are_refused_and_never_run_on(junk: bytes, at: int) -> None:
    stream = written.workbook_stream(Sheet("Tiedot", ROWS))
    whole = written.compound(stream)
    for content in (junk, whole[:at] + junk + whole[at + len(junk) :], written.compound(stream[:at] + junk)):
        try:
            biff.old(content)
        except ValueError:
            continue
    try:
        biff.sheet(written.xlsb_sheet(Sheet("Tiedot", ROWS))[:at] + junk)
    except (ValueError, IndexError):
        return
