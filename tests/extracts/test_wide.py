"""Months side by side as columns: read as the same rows one below another, or refused by name."""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opti_reports.config.source import Source
from opti_reports.errors import ExtractError
from opti_reports.extracts.gathered import Extract
from opti_reports.messages.sentences import sentence
from tests.extracts.reading import column, read_files, read_text, rejects, unknown
from tests.extracts.test_workbooks import Cell, workbook
from tests.extracts.written import KINDS, Row, Sheet, zipped
from tests.seen import MONTHS

COSTS = """
id            = "costs"
name          = { fi = "Kulut" }
system        = "costs"
files         = ["costs*"]
presence      = "required"
owner_role    = { fi = "Controller" }
due           = { working_day = 3 }
date          = "month"
key           = ["unit_code", "month", "kind"]
window_months = 24
empty_words   = ["-"]
wide          = { month = "month", value = "cost" }

[column]
unit_code = { type = "code", required = true, aliases = ["yksikkö"] }
month     = { type = "month", required = true, aliases = ["kuukausi"] }
kind      = { type = "code", required = true, aliases = ["laji"] }
cost      = { type = "eur", required = true, aliases = ["kulu"] }
note      = { type = "string" }

[[fact]]
id    = "costs"
since = "month"
unit  = "unit_code"
by    = ["kind"]

[fact.measure]
cost = "cost"
"""
SOURCE = Source.model_validate(tomllib.loads(COSTS))
TWO = "A;x;1;2\nB;x;3;4\n"
"""Two rows under two months; the delivery is of 2026-03."""


def rows(extract: Extract) -> list[tuple[Any, ...]]:
    """The rows that are used, in order of unit, kind and month."""
    names = ("unit_code", "kind", "month", "cost")
    return sorted(zip(*(column(extract, name) for name in names), strict=True), key=repr)


def months(folder: Path, *headings: str, cells: str = TWO) -> list[Any]:
    """The months of the rows of a file with these headings."""
    extract = read_text(folder, f"yksikkö;laji;{';'.join(headings)}\n{cells}", source=SOURCE)
    assert not extract.rejects
    return sorted(set(column(extract, "month")))


def refusal(folder: Path, text: str, source: Source = SOURCE) -> str:
    with pytest.raises(ExtractError) as caught:
        read_text(folder, text, source=source)
    return sentence(caught.value.said)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2026-02", "2026-03"),
        ("02/2026", "03/2026"),
        ("2/2026", "3/2026"),
        ("2.2026", "3.2026"),
        ("202602", "202603"),
        ("2026M02", "2026M03"),
        ("helmikuu 2026", "maaliskuu 2026"),
        ("HELMI 2026", "Maalis  2026"),
        ("helmi-26", "maalis-26"),
        ("helmi-2026", "maalis-2026"),
        ("Feb 2026", "Mar 2026"),
        ("February 2026", "March 2026"),
        ("feb-26", "mar-26"),
        ("Feb. 2026", "mars 2026"),
        ("feb/26", "mar/26"),
        ("Feb'26", "Mar'26"),
        ("februari 2026", "mars 2026"),
        ("2026-02-01", "2026-03-01"),
        ("28.2.2026", "31.3.2026"),
        ("Helmi", "Maalis"),
        ("helmikuu", "maaliskuu"),
        ("feb.", "mars"),
        ("February", "March"),
    ],
)
def test_months_are_known_in_every_spelling(tmp_path: Path, first: str, second: str) -> None:
    assert months(tmp_path, first, second) == ["2026-02-01", "2026-03-01"]


@pytest.mark.parametrize(
    "heading", ["15.2.2026", "46054", "feb 26", "2026", "vk 13/2026", "helmi-99", "Q1", "Yhteensä"]
)
def test_what_is_no_month_is_no_row(tmp_path: Path, heading: str) -> None:
    assert months(tmp_path, "2026-02", heading) == ["2026-02-01"]


def test_cells_become_rows_and_what_is_empty_none(tmp_path: Path) -> None:
    text = "yksikkö;laji;Yhteensä;2026-01;2026-02;2026-03;note\nA;x;9;1,5;;2;n1\n\nB;x;0;-;0; ;n2\nC;y;;;;;\n"
    extract = read_text(tmp_path, text, source=SOURCE)
    january, february, march = (f"2026-0{n}-01" for n in (1, 2, 3))
    assert rows(extract) == [
        ("A", "x", january, Decimal("1.5")),
        ("A", "x", march, Decimal(2)),
        ("B", "x", february, Decimal(0)),
    ]
    assert (extract.read, extract.rejects, extract.ignored) == (3, (), ("Yhteensä",))
    (file,) = extract.files
    assert (file.months, file.span, file.rows, file.empty) == (3, "2026-01–2026-03", 3, 6)


def test_a_row_says_its_year_in_a_column(tmp_path: Path) -> None:
    text = "Vuosi;yksikkö;laji;tammi;helmi\n2025;A;x;1;2\n2026;A;x;3;4\n;B;x;5;\nx;C;x;6;\n"
    extract = read_text(tmp_path, text, source=SOURCE)
    assert [(row[2], row[3]) for row in rows(extract)] == [
        ("2025-01-01", 1),
        ("2025-02-01", 2),
        ("2026-01-01", 3),
        ("2026-02-01", 4),
    ]
    assert rejects(extract) == [(4, "bad_date", "month", "-01"), (5, "bad_date", "month", "x-01")]


def test_months_without_a_year_end_with_that_of_the_delivery(tmp_path: Path) -> None:
    cells = f"A;x;1;2;3{';' * 9}\nB;x;;;3{';' * 9}\n"
    assert months(tmp_path, *MONTHS, cells=cells) == ["2026-01-01", "2026-02-01", "2026-03-01"]
    rolling = [*MONTHS[3:], *MONTHS[:3]]
    found = months(tmp_path, *rolling, cells="A;x;1;2;3;4;5;6;7;8;9;10;11;12\n")
    assert (found[0], found[-1], len(found)) == ("2025-04-01", "2026-03-01", 12)


TWICE = "two columns are of the same month: '{}' and '{}'\n  Remove one of them."
BESIDE = (
    "months stand side by side, and the column 'cost' beside them: nobody can tell which holds the figures\n"
    "  Remove the column, or give it another heading if it is a total."
)
MIXED = "some months have a year, others like 'maalis' have none\n  Write the year in every one of them."
NO_YEAR = (
    "months without a year stand side by side, and the last with figures is not the month of the delivery\n"
    "  Write the year in the headings (01/2026), or in a column of its own ('vuosi')."
)
SEVERAL = (
    "several numbers of each month stand side by side\n"
    "  Export one number of each month, or a row for each month."
)
OTHERS = (
    "'{}' is a week or a day, so headings like it beside it may be no months\n"
    "  Export a row for each week or day, or a column for each month."
)


@pytest.mark.parametrize(
    ("heads", "cells", "said"),
    [
        ("2026-02;2/2026", TWO, TWICE.format("2026-02", "2/2026")),
        ("2026-11;2026-12;2026-13", "A;x;1;2;3\n", OTHERS.format("2026-13")),
        ("202612;202613", TWO, OTHERS.format("202613")),
        ("1.3.2026;2.3.2026", TWO, OTHERS.format("2.3.2026")),
        ("2026-02-28;2026-03-01;2026-03-02", "A;x;1;2;3\n", OTHERS.format("2026-03-02")),
        ("helmi;feb.", TWO, TWICE.format("helmi", "feb.")),
        ("1.2.2026;28.2.2026", TWO, TWICE.format("1.2.2026", "28.2.2026")),
        ("2026-02;kulu", TWO, BESIDE),
        ("helmi 2026;maalis", TWO, MIXED),
        ("tammi;helmi", TWO, NO_YEAR),
        ("maalis;huhti", TWO, NO_YEAR),
        ("tammi;maalis", TWO, NO_YEAR),
        ("2026-01;;2026-02;", "A;x;1;2;3;4\n", SEVERAL),
        ("2026-01 a;2026-01 b;02/2026 a;02/2026 b", "A;x;1;2;3;4\n", SEVERAL),
        ("2026-01;helmi 2026 a;helmi 2026 b;maalis 2026 b;2026-04", "A;x;1;2;3;4;5\n", SEVERAL),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(tmp_path: Path, heads: str, cells: str, said: str) -> None:
    assert refusal(tmp_path, f"yksikkö;laji;{heads}\n{cells}") == f"visits1.csv: {said}"


def test_other_numbers_beside_months_are_no_weeks(tmp_path: Path) -> None:
    extract = read_text(tmp_path, "yksikkö;laji;2025;41003;2026-02;2026-03\nA;x;9;9;1;2\n", source=SOURCE)
    assert (len(rows(extract)), extract.ignored) == (2, ("2025", "41003"))


def test_only_a_source_that_says_so_may_come_so(tmp_path: Path) -> None:
    plain = SOURCE.model_copy(update={"wide": None})
    assert "the required column 'month' is missing" in refusal(
        tmp_path, f"yksikkö;laji;2026-02;2026-03\n{TWO}", source=plain
    )


def test_a_file_with_a_row_for_each_month_is_read_as_ever(tmp_path: Path) -> None:
    """Also where a heading of it is a month: the column of months is there."""
    text = "yksikkö;laji;kuukausi;kulu;2025-03\nA;x;2026-03;1;7\n"
    extract = read_text(tmp_path, text, source=SOURCE)
    assert rows(extract) == [("A", "x", "2026-03-01", 1)]
    assert (extract.ignored, extract.files[0].months) == (("2025-03",), 0)


def test_rows_of_one_month_and_key_are_doubled_whatever_their_columns(tmp_path: Path) -> None:
    text = "yksikkö;laji;2026-02;2026-03\nA;x;1;2\nA;x;1;3\n"
    assert rejects(read_text(tmp_path, text, source=SOURCE)) == [
        (2, "duplicate_identical", "", ""),
        (2, "duplicate_replaced", "", "line 3 of visits1.csv"),
    ]


def test_cells_that_are_no_numbers_and_headings_once_more_are_named_by_line(tmp_path: Path) -> None:
    heads = "yksikkö;laji;2026-01;2026-02;2026-03"
    extract = read_text(tmp_path, f"{heads}\nA;x;1;?;#N/A\n{heads}\n", source=SOURCE)
    assert unknown(extract) == [(2, "bad_number", "cost", "?"), (2, "error_cell", "cost", "#N/A")]
    assert rejects(extract) == [(3, "heading_row", "", "")] * 3


def test_torn_rows_are_one_reject_each(tmp_path: Path) -> None:
    text = "yksikkö;laji;2026-01;2026-02;2026-03\nA;x;1;2\nB;x;1;2;3\n"
    extract = read_text(tmp_path, text, source=SOURCE)
    assert rejects(extract) == [(2, "column_count", "", "4")]
    assert (extract.read, extract.size) == (4, 3)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_gives_the_same_rows(tmp_path: Path, kind: str, packed: bool) -> None:
    made: list[Row] = [
        ["yksikkö", "laji", "helmi", "maalis", "Total"],
        ["A", "x", 1.5, None, 1.5],
        ["B", "x", 0, 1200, 1200],
    ]
    path = KINDS[kind](tmp_path / f"costs{kind}", Sheet("Kulut", made))
    found = rows(read_files(zipped(path) if packed else path, source=SOURCE))
    assert [row[3] for row in found] == [Decimal("1.5"), 0, 1200]


def test_headings_of_a_workbook_may_be_dates_below_a_title(tmp_path: Path) -> None:
    titled = SOURCE.model_copy(update={"titled": True})
    heads: list[Cell] = ["yksikkö", "laji", dt.date(2026, 2, 1), dt.date(2026, 3, 1)]
    path = workbook(tmp_path / "costs.xlsx", ["Kulut"], heads, ["A", "x", 1, 2], ["B", "x", 3, None])
    extract = read_files(path, source=titled)
    assert [row[2:] for row in rows(extract)] == [
        ("2026-02-01", 1),
        ("2026-03-01", 2),
        ("2026-02-01", 3),
    ]


CELL = st.one_of(st.none(), st.decimals(-9, 9, places=2))
TABLES = st.dictionaries(
    st.tuples(st.sampled_from("ABC"), st.sampled_from("xyz")),
    st.lists(CELL, min_size=4, max_size=4),
    min_size=1,
)


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(TABLES)
def test_both_layouts_of_any_table_give_the_same_rows(
    tmp_path_factory: pytest.TempPathFactory, table: dict[tuple[str, str], list[Decimal | None]]
) -> None:
    folder, names = tmp_path_factory.mktemp("both"), [f"2026-0{n}" for n in range(1, 4)]
    names.insert(2, "2025-12")

    def text(cell: Decimal | None) -> str:
        return "" if cell is None else str(cell).replace(".", ",")

    wide = [";".join(("yksikkö", *names, "laji"))]
    wide += [";".join((unit, *map(text, cells), kind)) for (unit, kind), cells in table.items()]
    long = ["yksikkö;laji;kuukausi;kulu"]
    for (unit, kind), cells in table.items():
        filled = [(n, cell) for n, cell in zip(names, cells, strict=True) if cell is not None]
        long += [f"{unit};{kind};{name};{text(cell)}" for name, cell in filled]
    found, wanted = (read_text(folder, "\n".join(one) + "\n", source=SOURCE) for one in (wide, long))
    assert rows(found) == rows(wanted)
    assert rejects(found) == rejects(wanted) == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != ".parquet"])
def test_a_file_of_headings_alone_has_no_rows(tmp_path: Path, kind: str) -> None:
    made: list[Row] = [["yksikkö", "laji", "helmi", "maalis"]]
    path = KINDS[kind](tmp_path / f"costs{kind}", Sheet("Kulut", made))
    assert read_files(path, source=SOURCE).read == 0
