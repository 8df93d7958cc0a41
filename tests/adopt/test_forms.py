"""Workbooks with macros, several sheets, filters; Parquet: the same rows as from text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

from opti_reports.errors import ExtractError
from tests.adopt.test_files import HEADS, ROWS, fresh, plan_of
from tests.extracts.reading import HEADER, column, read_files, unknown

__all__ = ["fresh"]


def test_parquet_is_read_as_its_cells_are_meant(tmp_path: Path) -> None:
    path = tmp_path / "visits.parquet"
    moments = [dt.datetime(2026, 3, 5, 12, 30), dt.datetime(2026, 3, 6, 8, 5, 7)]
    table = pa.table(
        {
            "Visit No.": pa.array([1, 2]),
            "unit": pa.array(["A", "B"]).dictionary_encode(),
            "Saapunut": pa.array(moments, pa.timestamp("ns")),
            "due_on": pa.array([dt.date(2026, 3, 9), None]),
            "persons": pa.array([3.0, float("nan")]),
            "hours": pa.array([7.5, 1.25]),
            "cost": pa.array([Decimal("1234.50"), Decimal("0.30")]),
            "urgent": pa.array([True, False]),
        }
    )
    parquet.write_table(table, path)
    extract = read_files(path)
    assert column(extract, "visit_id") == ["1", "2"]
    assert column(extract, "unit_code") == ["A", "B"]
    assert column(extract, "arrived_at") == ["2026-03-05 12:30", "2026-03-06 08:05"]
    assert column(extract, "due_on") == ["2026-03-09", None]
    assert column(extract, "persons") == [3, None]
    assert [str(cost) for cost in column(extract, "cost")] == ["2469/2", "3/10"]
    assert column(extract, "urgent") == [True, False]
    assert unknown(extract) == [(2, "too_many_digits", "hours", "1.25")]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Helsinki", "America/New_York"])
def test_a_moment_with_its_zone_is_the_time_it_is_here(tmp_path: Path, zone: str) -> None:
    path = tmp_path / "visits.parquet"
    moment = dt.datetime(2026, 3, 4, 22, 30, tzinfo=dt.UTC)
    cells = {"visit_id": ["v1"], "unit": ["A"], "saapunut": pa.array([moment], pa.timestamp("us", zone))}
    parquet.write_table(pa.table(cells), path)
    assert column(read_files(path), "arrived_at") == ["2026-03-05 00:30"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"visit_id;unit\n", "visits.parquet: the Parquet file cannot be read: "),
        (None, "visits.parquet: the column 'more' holds lists or bytes, not single values"),
    ],
)
def test_parquet_that_cannot_be_rows_is_refused(tmp_path: Path, content: bytes | None, why: str) -> None:
    path = tmp_path / "visits.parquet"
    if content is None:
        parquet.write_table(pa.table({"visit_id": ["v1"], "more": [[1, 2]]}), path)
    else:
        path.write_bytes(content)
    with pytest.raises(ExtractError) as caught:
        read_files(path)
    assert str(caught.value).startswith(why)


def book(path: Path, sheets: dict[str, list[str]], *, hidden: str = "", filtered: str = "") -> Path:
    with xlsxwriter.Workbook(path) as made:
        for name, lines in sheets.items():
            one = made.add_worksheet(name)
            for at, line in enumerate(lines):
                one.write_row(at, 0, line.split(";"))
            if name == hidden:
                one.hide()
            elif name == filtered:
                one.autofilter(0, 0, len(lines) - 1, 2)
                one.filter_column(0, "x == v1")
                one.set_row(2, None, None, {"hidden": True})
        made.get_worksheet_by_name(next(name for name in sheets if name != hidden)).activate()
    return path


@pytest.mark.parametrize("suffix", ["xlsx", "xlsm"])
def test_the_sheet_with_the_headings_is_read_wherever_it_stands(tmp_path: Path, suffix: str) -> None:
    rows = [HEADER, "v1;A;2026-03-01", "v2;B;2026-03-02"]
    path = book(tmp_path / f"visits.{suffix}", {"Ohje": ["Näin luet", "tätä;taulukkoa"], "Rivit": rows})
    assert column(read_files(path), "unit_code") == ["A", "B"]


def test_sheets_that_are_hidden_and_rows_that_are_filtered_out_are_told(fresh: Path, tmp_path: Path) -> None:
    lines = [HEADS, *ROWS.splitlines()]
    sheets = {"Vanha": lines, "Kansi": ["Vaaratapahtumat"], "Tiedot": ["Elokuu", *lines]}
    path = book(tmp_path / "haipro_8.xlsx", sheets, hidden="Vanha", filtered="Tiedot")
    (one,) = plan_of(fresh, str(path))["files"]
    assert (one["source"], one["rows"]) == ("haipro_reports", 20)
    assert one["form"] == "sheet 'Tiedot', headings on row 2"
    assert one["notes"] == [
        "hidden sheets are not read: Vanha",
        "a filter hides rows of haipro_8.xlsx: they are read too",
    ]


def test_parquet_is_looked_at_like_text(fresh: Path, tmp_path: Path) -> None:
    lines = [line.split(";") for line in ROWS.splitlines()]
    table = pa.table({head: [line[at] for line in lines] for at, head in enumerate(HEADS.split(";"))})
    parquet.write_table(table, tmp_path / "vaarat.parquet")
    plan = plan_of(fresh, str(tmp_path / "vaarat.parquet"))
    assert [(one["source"], one["rows"], one["form"]) for one in plan["files"]] == [
        ("haipro_reports", 20, "Parquet")
    ]
    assert [one["value"] for one in plan["additions"]] == ["vaarat*.parquet"]
