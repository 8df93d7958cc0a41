"""One series from a CSV file: every shape it comes in, and what a file that cannot be used is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from opti_reports.errors import ExtractError, UsageError
from opti_reports.extracts.series import Series, read_each, read_series
from opti_reports.messages.sentences import sentence


def write(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "s.csv"
    path.write_bytes(text.encode(encoding))
    return path


def read(tmp_path: Path, text: str, column: str | None = None, encoding: str = "utf-8") -> Series:
    return read_series(write(tmp_path, text, encoding), column)


EXPECTED = Series("määrä", ("2026-01", "2026-02", "2026-03"), (5.5, None, 1234.25), 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize(
    "text",
    [
        "kk;määrä\n2026-01;5,5\n2026-02;\n2026-03;1 234,25\n",
        'kk,määrä\r\n2026-01,5.5\r\n2026-02,\r\n2026-03,"1.234,25"',
        "kk\tmäärä\n2026-01\t5,5\n\n2026-02\tNA\n2026-03\t1234,25\n\t\n",
        "sep=;\nkk;määrä\n2026-01;5,5\n2026-02;\n2026-03;1234,25\n",
        "\nkk;määrä;\n2026-01;5,5;\n2026-02;;\n2026-03;1\u00a0234,25;\n",
    ],
)
def test_the_same_series_in_many_shapes(tmp_path: Path, text: str, encoding: str) -> None:
    assert read(tmp_path, text, "määrä", encoding) == EXPECTED


def test_a_file_without_headings(tmp_path: Path) -> None:
    found = read(tmp_path, "2026-01;\n2026-02;3\n")
    assert found == Series("column 2", ("2026-01", "2026-02"), (None, 3.0), 0)


def test_a_file_of_values_only_has_row_numbers_for_labels(tmp_path: Path) -> None:
    assert read(tmp_path, "arvo\n3,5\n-4\n") == Series("arvo", ("1", "2"), (3.5, -4.0), 1)
    assert read(tmp_path, "3\n4\n").values == (3.0, 4.0)


def test_percent_signs_true_minuses_and_powers_of_ten(tmp_path: Path) -> None:
    assert read(tmp_path, "a;b\n1;71,3 %\n2;−5\n3;1e+05\n4;1.5E-3\n").values == (
        71.3,
        -5.0,
        100_000.0,
        0.0015,
    )


def test_three_decimals_are_decimals_where_no_other_row_says_otherwise(tmp_path: Path) -> None:
    assert read(tmp_path, "a;b\n1;1.200\n2;2.5\n3;7\n").values == (1.2, 2.5, 7.0)
    assert read(tmp_path, "a;b\n1;1,200\n2;0,5\n").values == (1.2, 0.5)


def test_which_of_many_columns(tmp_path: Path) -> None:
    text = "kk;yksikkö;calls;answered\n2026-01;A;5;4\n"
    for column in ("answered", "ANSWERED", "4"):
        assert read(tmp_path, text, column).values == (4.0,)
    assert read(tmp_path, "kk;yksikkö;calls\n2026-01;A;5\n").values == (5.0,), "the only one of numbers"
    assert read(tmp_path, "kk;n;Arvo\n2026-01;9;5\n").values == (5.0,)
    assert read(tmp_path, "calls;kk\n5;2026-01\n", "calls").labels == ("2026-01",)
    with pytest.raises(UsageError, match="4 columns: kk, yksikkö, calls, answered"):
        read(tmp_path, text)
    with pytest.raises(UsageError, match="no single column 'answerd', did you mean 'answered'"):
        read(tmp_path, text, "answerd")
    with pytest.raises(UsageError, match="no single column '5'"):
        read(tmp_path, text, "5")


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", "s.csv", "empty"),
        (";\n;\n", "s.csv", "no rows"),
        ("a;b\n", "s.csv: line 1", "no rows"),
        ("a;b\n1;2\n\n2;x\n3;y\n", "s.csv: line 4", "'x' is not a number (and 1 more like it)"),
        ("a;b\n1;1e301\n", "s.csv: line 2", "'1e301' is too large"),
        ("a;b\n1;inf\n", "s.csv: line 2", "'inf' is not a number"),
        ("a,b\n1,2\n2,3,5\n", "s.csv: line 3", "3 cell(s), where line 1 has 2"),
        ("a;b\n1;2\n2\n", "s.csv: line 3", "1 cell(s), where line 1 has 2"),
        ('a;b\n1;2\n"2;3\n4;5\n', "s.csv: line 3", "cannot be read as CSV"),
        ('a;"b\nc"\n1;2\n2;x\n', "s.csv: line 4", "'x' is not a number"),
        ("a;b\n1;\0\n", "s.csv", "NUL"),
        ("a;b\n1;1.234,5\n2;1.200\n", "s.csv: line 3", "'1.200' may be 1200, as other rows have"),
        ("a;b\n1;1.234.567\n2;1.200\n", "s.csv: line 3", "'1.200' may be 1200, as other rows have"),
        ("a;b\n1;950\n2;1.200\n", "s.csv: line 3", "'1.200' beside '950' may mean 1200 or 1.2"),
        ("a;b\n1;1,250\n2;1,200\n", "s.csv: line 2", "'1,250' may mean 1250 or 1.25"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_where(tmp_path: Path, text: str, where: str, what: str) -> None:
    with pytest.raises(ExtractError) as caught:
        read(tmp_path, text)
    assert caught.value.where == where
    assert what in caught.value.what
    assert caught.value.fix


def test_a_label_names_one_row(tmp_path: Path) -> None:
    found = read(tmp_path, "a;b\nx;1\ny;2\ny;3\n")
    assert found.place("x") == 0
    with pytest.raises(UsageError, match="2 rows are labelled 'y'"):
        found.place("y")
    with pytest.raises(UsageError, match="no row is labelled 'z'; known: x, y"):
        found.place("z")


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (("2026-01", "2026-02"), ""),
        (("2026-01-31", "2026-02-28"), ""),
        (("2025-11", "2026-02"), "2 month(s) have no row"),
        (("2026-02", "2026-01"), "backwards"),
        (("2/2026", "1/2026"), "backwards"),
        (("1.1.2026", "1.4.2026"), "2 month(s) have no row"),
        (("2026-01-05", "2026-01-12", "2026-04-06"), ""),
        (("2026-01", "2026-01", "2026-04"), "'2026-01' stands on more than one row"),
        (
            ("2026-01", "after", "2026-04"),
            "'after' is no date, as the other labels are 2 month(s) have no row",
        ),
        (("2026-W05", "2026-W06", "2026-W15"), "1 month(s) have no row"),
        (("x", "y", "y"), "'y' stands on more than one row"),
    ],
)
def test_labels_of_months_out_of_order_or_left_out_are_told(months: tuple[str, ...], said: str) -> None:
    found = " ".join(map(sentence, Series("x", months, (1.0,) * len(months), 0).cautions()))
    assert (said in found) if said else not found


def test_the_rounding_of_floats_is_no_decimal(tmp_path: Path) -> None:
    assert read(tmp_path, "a;b\nx;64.30000000000001\ny;79.5\n").decimals == 1
    assert read(tmp_path, "a;b\nx;0.125\ny;1e-3\n").decimals == 3


MONTHS = [f"2026-{month:02}" for month in range(1, 9)]


@pytest.mark.parametrize(
    "label",
    [
        "Yhteensä",
        "Summa:",
        "TOTALT",
        "Sum",
        "Grand total",
        "Kaikki yhteensä",
        "2026 yht.",
        "Keskiarvo",
        "Koko vuosi",
        "Ka.",
        "Hela året",
        "Kaikki",
        "2025",
    ],
)
def test_a_row_of_totals_is_refused_by_name(tmp_path: Path, label: str) -> None:
    rows = "".join(f"{month};5\n" for month in MONTHS)
    with pytest.raises(ExtractError) as caught:
        read(tmp_path, f"kk;n\n{rows}{label};40\n")
    assert str(caught.value) == (
        f"s.csv: line 10: '{label}' is a total or a mean of other rows, no point of the series\n"
        "  Delete the row, then run again."
    )


def test_a_last_row_that_is_the_sum_of_the_others_is_refused(tmp_path: Path) -> None:
    rows = "".join(f"{month};{5 + at}\n" for at, month in enumerate(MONTHS))
    for label in ("", "loppu", "2026-09"):
        with pytest.raises(ExtractError, match=r"line 10: the last row is the sum of the others \(68\)"):
            read(tmp_path, f"kk;n\n{rows}{label};68\n")
    assert read(tmp_path, f"kk;n\n{rows}2026-09;67\n").values[-1] == 67
    rare = [0, 0, 1, 0, 0, 0, 0, 1]
    rows = "".join(f"{month};{n}\n" for month, n in zip(MONTHS, rare, strict=True))
    assert read(tmp_path, f"kk;n\n{rows}").values == tuple(map(float, rare))


TWO = "yksikkö;kk;n\n" + "".join(
    f"{unit};{month};{n}\n" for month in MONTHS for unit, n in (("A", 1), ("B", 7))
)


def test_two_organisations_are_not_one_series(tmp_path: Path) -> None:
    with pytest.raises(ExtractError) as caught:
        read(tmp_path, TWO)
    assert str(caught.value) == (
        "s.csv: the column 'yksikkö' holds 2 kinds of rows (A, B): that is not one series\n"
        "  Say --by yksikkö for a series of each, or keep the rows of one."
    )
    one, other = read_each(write(tmp_path, TWO), None, "yksikkö")
    assert (one.name, one.labels, one.values) == ("n, A", tuple(MONTHS), (1.0,) * 8)
    assert (other.name, other.labels, other.values) == ("n, B", tuple(MONTHS), (7.0,) * 8)


def test_numbers_that_name_organisations_are_not_one_series_either(tmp_path: Path) -> None:
    text = TWO.replace("A;", "41001;").replace("B;", "41002;")
    with pytest.raises(ExtractError, match="the column 'yksikkö' holds 2 kinds of rows"):
        read(tmp_path, text, "n")


def test_the_column_of_dates_gives_the_labels_wherever_it_stands(tmp_path: Path) -> None:
    for text in ("n;kk\n5;2026-01\n6;2026-02\n", "huom;n;kk\n;5;2026-01\nx;6;2026-02\n"):
        found = read(tmp_path, text, "n")
        assert (found.labels, found.values) == (("2026-01", "2026-02"), (5.0, 6.0))
    assert read(tmp_path, "n;viikko\n5;2026-W01\n6;2026-W02\n").values == (5.0, 6.0)
