"""Workbooks: the same rows as from text, and refusals of what would not fit in memory."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from opti_reports.errors import ExtractError
from opti_reports.extracts import books
from tests.extracts.reading import HEADER, column, read_files, rejects, unknown

Cell = str | int | float | bool | dt.date | dt.datetime | None


def workbook(path: Path, *rows: Sequence[Cell], start: int = 0) -> Path:
    """A workbook with the rows on its first sheet and something else on its second."""
    with xlsxwriter.Workbook(path) as book:
        first, second = book.add_worksheet("rows"), book.add_worksheet("notes")
        second.write(0, 0, "nothing here")
        day, moment = (
            book.add_format({"num_format": "d.m.yyyy"}),
            book.add_format({"num_format": "d.m.yyyy h:mm"}),
        )
        for y, row in enumerate(rows, start):
            for x, cell in enumerate(row):
                if isinstance(cell, dt.datetime):
                    first.write_datetime(y, x, cell, moment)
                elif isinstance(cell, dt.date):
                    first.write_datetime(y, x, dt.datetime.combine(cell, dt.time()), day)
                elif cell is not None:
                    first.write(y, x, cell)
    return path


HEADINGS: list[Cell] = [
    "Visit No.",
    "unit",
    "Saapunut",
    "due_on",
    "month",
    "persons",
    "hours",
    "cost",
    "urgent",
    "said",
]


def test_typed_cells_are_read_as_they_are_meant(tmp_path: Path) -> None:
    moment, day = dt.datetime(2026, 3, 5, 12, 30), dt.date(2026, 3, 9)
    path = workbook(
        tmp_path / "visits.xlsx",
        HEADINGS,
        [1, "A", moment, day, dt.date(2026, 3, 1), 3.0, 7.5, 0.1 + 0.2, True, "said"],
        ["v2", "A", "5.3.2026 12.30", "9.3.2026", "3/2026", "3", "7,5", "0,3", "kyllä", ""],
        [None] * 10,
        ["v3", "A", 46086.520833333, 46090, 46082, 4, 1e-05, 0, False, None],
        ["v4", "A", 46086.520833333, 46090, 46082, 4, 8, 1234.5, False, None],
    )
    extract = read_files(path)
    assert column(extract, "visit_id") == ["1", "v2", "v3", "v4"]
    assert column(extract, "arrived_at") == ["2026-03-05 12:30"] * 4
    assert column(extract, "due_on") == ["2026-03-09"] * 4
    assert column(extract, "month") == ["2026-03-01"] * 4
    assert [str(cost) for cost in column(extract, "cost")] == ["3/10", "3/10", "0", "2469/2"]
    assert column(extract, "urgent") == [True, True, False, False]
    assert unknown(extract) == [(5, "too_many_digits", "hours", "0.00001")]


def test_lines_are_the_rows_of_the_sheet(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "visits.xlsx", HEADER.split(";"), ["v1", "A", "x"], ["", "", ""], ["v2", "A", "y"], start=3
    )
    assert [line for line, *_ in rejects(read_files(path))] == [5, 7]


def test_text_and_workbooks_make_one_delivery(tmp_path: Path) -> None:
    text = tmp_path / "visits.csv"
    text.write_text(f"{HEADER}\nv1;A;2026-03-01\nv2;A;2026-03-01\n", encoding="utf-8")
    path = workbook(tmp_path / "visits.XLSX", HEADER.split(";"), ["v2", "B", dt.date(2026, 3, 1)])
    assert column(read_files(text, path), "unit_code") == ["A", "B"]


def refusal(path: Path) -> str:
    with pytest.raises(ExtractError) as caught:
        read_files(path)
    return str(caught.value)


def test_a_workbook_that_unpacks_to_too_much_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "visits.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as entry,
    ):
        for _ in range(401):
            entry.write(b"\0" * (1 << 20))
    assert path.stat().st_size < 1 << 20
    assert refusal(path) == "visits.xlsx: the workbook unpacks to 401 MB\n  Deliver it as CSV."


@pytest.mark.parametrize(
    ("row", "column", "cell"), [(1_048_575, 16_383, "XFD1048576"), (40_000, 702, "AAA40001")]
)
def test_a_stray_cell_far_away_is_refused_before_all_between_is_laid_out(
    tmp_path: Path, row: int, column: int, cell: str
) -> None:
    path = tmp_path / "visits.xlsx"
    with xlsxwriter.Workbook(path) as book:
        rows = book.add_worksheet()
        rows.write_row(0, 0, HEADER.split(";"))
        rows.write(row, column, "x")
    assert refusal(path) == (
        f"visits.xlsx: a sheet reaches as far as the cell {cell}\n"
        "  Delete what stands outside the table, or deliver it as CSV."
    )


def test_a_full_sheet_is_refused_because_rows_may_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "FULL", 3)
    path = workbook(
        tmp_path / "visits.xlsx", HEADER.split(";"), ["v1", "A", "2026-03-01"], ["v2", "A", "2026-03-01"]
    )
    assert refusal(path) == "visits.xlsx: the sheet is full, so rows may be missing\n  Deliver it as CSV."


def test_a_hidden_sheet_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "visits.xlsx"
    with xlsxwriter.Workbook(path) as book:
        old, shown = book.add_worksheet("old"), book.add_worksheet("shown")
        for sheet_of, unit in ((old, "B"), (shown, "A")):
            sheet_of.write_row(0, 0, HEADER.split(";"))
            sheet_of.write_row(1, 0, ["v1", unit, "2026-03-01"])
        shown.activate()
        shown.set_first_sheet()
        old.very_hidden()
    assert column(read_files(path), "unit_code") == ["A"]


def test_rows_on_a_second_sheet_are_not_lost_unsaid(tmp_path: Path) -> None:
    path = tmp_path / "visits.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("Etelä", "Länsi"):
            sheet_of = book.add_worksheet(name)
            sheet_of.write_row(0, 0, HEADER.split(";"))
            sheet_of.write_row(1, 0, [f"v{name}", "A", "2026-03-01"])
    assert refusal(path) == (
        "visits.xlsx: the sheet 'Länsi' has the same headings as the first sheet 'Etelä'\n"
        "  Put all rows on one sheet, or delete or hide the sheet that does not count."
    )


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "visits.xlsx"
    path.write_text("visit_id;unit_code\n", encoding="utf-8")
    assert refusal(path) == (
        "visits.xlsx: this is text, not a workbook\n  Name it .csv, or save it as .xlsx."
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert refusal(path).startswith("visits.xlsx: the workbook cannot be opened: ")


def test_an_empty_first_sheet_is_refused(tmp_path: Path) -> None:
    assert refusal(workbook(tmp_path / "visits.xlsx")) == (
        "visits.xlsx: the first sheet is empty\n  Put the rows on the first sheet."
    )


def test_headings_alone_are_a_delivery_without_rows(tmp_path: Path) -> None:
    extract = read_files(workbook(tmp_path / "visits.xlsx", HEADER.split(";")))
    assert (extract.read, extract.size) == (0, 0)
