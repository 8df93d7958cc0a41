"""The CSV files: plain decimals, no cell a spreadsheet takes for a formula, the columns as told."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opti_reports.algebra.exact import decimal
from opti_reports.model.delivery import Reject, UnknownCells
from opti_reports.model.spreadsheet import safe
from opti_reports.output.folder import build
from opti_reports.output.tables import DEVIATION_COLUMNS, VALUE_COLUMNS, rejects_csv
from tests.workspaces import LAST


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, ""),
        (0, "0"),
        (7, "7"),
        (100, "100"),
        (1000000, "1000000"),
        (-3, "-3"),
        (0.5, "0.5"),
        (Fraction(1, 3), "0.3333333333"),
        (Fraction(2, 3), "0.6666666667"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(-5, 2), "-2.5"),
        (Fraction(1, 10**10), "0.0000000001"),
        (Fraction(1, 10**12), "0"),
        (Fraction(-1, 10**12), "0"),
        (Fraction(10**15 + 1), "1000000000000001"),
        (Fraction(99999999999, 10**10), "9.9999999999"),
        (Fraction(-(10**11) - 1, 10**11), "-1"),
    ],
)
def test_a_number_is_written_plainly(number: Fraction | float | None, text: str) -> None:
    assert decimal(number) == text


@given(st.fractions())
def test_a_written_number_is_the_number_to_ten_decimals(number: Fraction) -> None:
    text = decimal(number)
    assert abs(Fraction(Decimal(text)) - number) <= Fraction(1, 2 * 10**10)
    assert "e" not in text.lower()
    assert text != "-0"
    assert not ("." in text and text.endswith("0"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+358 40", "'+358 40"),
        ("-2,5", "'-2,5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("-2.5", "-2.5"),
        ("+3", "+3"),
        ("", ""),
        ("Lohja", "Lohja"),
        ("a=b", "a=b"),
        (">= 80 (law)", ">= 80 (law)"),
    ],
)
def test_no_cell_becomes_a_formula(text: str, written: str) -> None:
    assert safe(text) == written


def test_rejects_have_their_columns_and_survive_odd_text() -> None:
    rejects = [
        Reject(
            file="a.csv", line=7, key="P1", reason="bad_date", column="arrived_at", value='=HYPERLINK("x")'
        ),
        Reject(
            file="ä;b.csv",
            line=12,
            key="-X",
            reason="unknown_code",
            column="kind",
            value='line\n"quoted", and more',
        ),
    ]
    cells = [
        UnknownCells(file="a.csv", line=9, column="hours", reason="bad_number", cells=4, value="-x"),
        UnknownCells(file="a.csv", line=2, column="said", reason="blank", cells=1),
    ]
    rows = list(csv.reader(io.StringIO(rejects_csv(rejects, cells).decode("utf-8"))))
    assert rows == [
        ["what", "file", "line", "key", "reason", "column", "value", "count"],
        ["row", "a.csv", "7", "P1", "bad_date", "arrived_at", '\'=HYPERLINK("x")', "1"],
        ["row", "ä;b.csv", "12", "'-X", "unknown_code", "kind", 'line\n"quoted", and more', "1"],
        ["cell", "a.csv", "9", "", "bad_number", "hours", "'-x", "4"],
        ["cell", "a.csv", "2", "", "blank", "said", "", "1"],
    ]


def test_the_figures_of_a_run_have_their_columns(lean_run: Path) -> None:
    folder = lean_run / "output" / LAST
    for name, columns in (("values.csv", VALUE_COLUMNS), ("deviations.csv", DEVIATION_COLUMNS)):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            heading, *rows = csv.reader(file)
        assert tuple(heading) == columns
        assert len(rows) > 5
        assert {len(row) for row in rows} == {len(columns)}


def test_numbers_of_a_run_stand_only_where_something_may_be_shown(lean_run: Path) -> None:
    with (lean_run / "output" / LAST / "values.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = ("value", "numerator", "denominator", "n", "ci_low", "ci_high")
    states = {row["state"] for row in rows}
    assert {"ok", "few", "withheld"} <= states
    for row in rows:
        if row["state"] in ("missing", "withheld"):
            assert [row[name] for name in numbers] == [""] * len(numbers), row
        if row["state"] == "ok":
            assert row["value"], row
        for name in numbers:
            assert not row[name] or Decimal(row[name]).is_finite(), row


def test_a_folder_keeps_only_what_it_is_told_to(tmp_path: Path) -> None:
    old = tmp_path / "old"
    before = {"packs/a.pdf": b"a", "packs/b.pdf": b"b", "values.csv": b"v", "x": b"x"}
    build(old, tmp_path / "none", before, ())
    build(tmp_path / "all", old, {"values.csv": b"V"}, ())
    build(tmp_path / "some", old, {"values.csv": b"V", "packs/b.pdf": b"B"}, ("packs/",))
    contents = {
        folder.name: {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}
        for folder in (tmp_path / "all", tmp_path / "some")
    }
    assert contents["all"] == {"values.csv": b"V"}
    assert contents["some"] == {"values.csv": b"V", "packs/a.pdf": b"a", "packs/b.pdf": b"B"}
