"""Rows of a delivery: what is used, what is rejected and on which line, and that nothing is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from opti_reports.errors import ExtractError
from opti_reports.extracts import pieces
from opti_reports.extracts.gathered import Extract
from tests.algebra.rows import UNKNOWN, Answer, shown
from tests.extracts.reading import HEADER, SOURCE, column, read_text, rejects, unknown

LONG = f"{HEADER};said;title"


def test_blank_lines_are_passed_over_and_summary_rows_rejected(tmp_path: Path) -> None:
    text = f"\n{HEADER};persons\n\nv1;A;2026-03-01;2\n;;;\n  \nYhteensä;;;2\n\n;;;4\nSumma\n\n"
    extract = read_text(tmp_path, text)
    assert column(extract, "visit_id") == ["v1"]
    assert rejects(extract) == [
        (7, "missing_required", "arrived_at", ""),
        (9, "missing_required", "visit_id", ""),
        (10, "column_count", "", "1"),
    ]
    assert extract.read == 4


def test_a_row_with_too_few_or_too_many_cells_is_rejected_without_its_text(tmp_path: Path) -> None:
    extract = read_text(tmp_path, f"{HEADER}\nv1;A;2026-03-01\nv2;A\nv3;A;2026-03-01;x;y\nv4;A;2026-03-01\n")
    assert column(extract, "visit_id") == ["v1", "v4"]
    assert rejects(extract) == [(3, "column_count", "", "2"), (4, "column_count", "", "5")]


@pytest.mark.parametrize("block", [8 << 20, 120, 64])
def test_lines_are_counted_over_line_breaks_in_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(pieces, "BLOCK", block)
    text = (
        f"{LONG}\n"
        'v1;A;2026-03-01;"one\ntwo\nthree";t\n'  # lines 2–4
        "v2;A;x;;t\n"  # 5
        "\n"  # 6
        'v3;A;2026-03-01;"four\r\nfive"\n'  # 7–8: a cell is missing
        "v4;A;x;;t\n"  # 9
        'v5;A;2026-03-01;"say ""six""\n";"seven;\n"\n'  # 10–12
        "v6;A;x;;t\n"  # 13
        "v7;A\n"  # 14
        "v8;A;2026-03-01;;t\n"  # 15
        "v9\n"  # 16
    )
    extract = read_text(tmp_path, text)
    assert rejects(extract) == [
        (5, "bad_date", "arrived_at", "x"),
        (7, "column_count", "", "4"),
        (9, "bad_date", "arrived_at", "x"),
        (13, "bad_date", "arrived_at", "x"),
        (14, "column_count", "", "2"),
        (16, "column_count", "", "1"),
    ]
    assert column(extract, "visit_id") == ["v1", "v5", "v8"]
    assert column(extract, "said") == ["one two three", 'say "six"', None]


@pytest.mark.parametrize("block", [8 << 20, 200])
def test_many_pieces_give_the_rows_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(pieces, "BLOCK", block)
    bad = set(range(5, 200, 7))
    lines = [f"v{i};unit {i % 3};{'x' if i in bad else '2026-03-01'}" for i in range(200)]
    extract = read_text(tmp_path, "\n".join([HEADER, *lines]) + "\n")
    assert column(extract, "visit_id") == [f"v{i}" for i in range(200) if i not in bad]
    assert column(extract, "unit_code") == [f"unit {i % 3}" for i in range(200) if i not in bad]
    assert [line for line, *_ in rejects(extract)] == [i + 2 for i in sorted(bad)]


@pytest.mark.parametrize("row", ['v2;A;2026-03-01;"never closed;', 'v2;A;2026-03-01;;"never closed'])
@pytest.mark.parametrize("closed", ["", 'v6;A;2026-03-01;"closed here";\n'])
def test_a_quotation_mark_that_is_never_closed_refuses_the_file(
    tmp_path: Path, row: str, closed: str
) -> None:
    rows = "".join(f"v{i};A;2026-03-01;;\n" for i in range(3, 6))
    with pytest.raises(ExtractError) as caught:
        read_text(tmp_path, f"{LONG}\nv1;A;2026-03-01;;\n{row}\n{rows}{closed}")
    assert str(caught.value) == (
        "visits1.csv: a quotation mark on line 3 is not closed: it takes in the rows after it\n"
        "  Close it or remove it, and deliver the file again."
    )


def test_the_same_row_twice_is_used_once(tmp_path: Path) -> None:
    row = "v1;A;2026-03-01 10:00;5"
    extract = read_text(
        tmp_path, f"{HEADER};persons\n{row}\nv2;A;2026-03-01;1\n{row}\n", f"{HEADER};persons\n{row}\n"
    )
    assert column(extract, "visit_id") == ["v2", "v1"]
    assert [(r.file, r.line, r.key, r.reason) for r in extract.rejects] == [
        ("visits1.csv", 2, "v1", "duplicate_identical"),
        ("visits1.csv", 4, "v1", "duplicate_identical"),
    ]


def test_of_differing_rows_the_last_file_wins(tmp_path: Path) -> None:
    header = f"{HEADER};persons"
    first = f"{header}\nv1;A;2026-03-01;1\nv2;A;2026-03-01;1\nv1;A;2026-03-01;2\n"
    extract = read_text(tmp_path, first, f"{header}\nv1;A;2026-03-01;3\n", f"{header}\nv1;A;2026-03-01;3\n")
    assert dict(zip(column(extract, "visit_id"), column(extract, "persons"), strict=True)) == {
        "v2": 1,
        "v1": 3,
    }
    assert [(r.file, r.line, r.reason) for r in extract.rejects] == [
        ("visits1.csv", 2, "duplicate_replaced"),
        ("visits1.csv", 4, "duplicate_replaced"),
        ("visits2.csv", 2, "duplicate_identical"),
    ]


def test_a_rejected_row_replaces_nothing(tmp_path: Path) -> None:
    extract = read_text(tmp_path, f"{HEADER};persons\nv1;A;2026-03-01;1\nv1;A;x;3\nv1;A;2026-04-01;2\n")
    assert column(extract, "persons") == [1]
    assert [line for line, *_ in rejects(extract)] == [3, 4]


def test_an_unknown_cell_is_neither_an_empty_one_nor_what_stood_there_before(tmp_path: Path) -> None:
    for cells in (("1", "x"), ("", "x")):
        rows = "".join(f"v1;A;2026-03-01;{cell}\n" for cell in cells)
        extract = read_text(tmp_path, f"{HEADER};persons\n{rows}")
        assert column(extract, "persons") == [UNKNOWN]
        assert rejects(extract) == [(2, "duplicate_replaced", "", "line 3 of visits1.csv")]


def test_an_unknown_cell_breaks_no_rule_and_contradicts_nobody(tmp_path: Path) -> None:
    text = (
        f"{HEADER};ended_at;case_id;kind\nv1;A;2026-03-02;x;c1;call\nv2;A;2026-03-02;2026-03-01;c2;call\n"
        "v3;A;2026-03-02;;c1;calx\nv4;A;2026-03-02;;c1;call\n"
    )
    extract = read_text(tmp_path, text)
    assert column(extract, "ended_at") == [UNKNOWN, None, None]
    assert column(extract, "kind") == ["call", UNKNOWN, "call"]
    assert rejects(extract) == [(3, "check.ended_after_arrival", "", "")]


def lost(extract: Extract) -> list[tuple[Answer, ...]]:
    """What is believed of the rejected rows that would have counted: unit, arrival, end and kind."""
    if not extract.lost:
        return []
    cells = (shown(extract.lost[name]) for name in ("unit_code", "arrived_at", "ended_at", "kind"))
    return list(zip(*cells, strict=True))


def test_of_a_rejected_row_what_it_is_rejected_for_is_not_believed(tmp_path: Path) -> None:
    lines = (
        "v1;A;2026-03-02;2026-03-01;call",  # ended before it came
        ";B;2026-03-02;2026-03-03;calx",
        "v3;C;x;;call",
        "v4;A",
        "v5;A;2026-03-02;;call",
        "v5;A;2026-03-02;;call",
        "v6;A;2026-05-02;;call",  # later than the extract
        "v7;A;2026-03-02;;call",
        "v7;B;2026-03-02;;call",
    )
    extract = read_text(tmp_path, "\n".join([f"{HEADER};ended_at;kind", *lines]) + "\n")
    assert lost(extract) == [
        ("A", "2026-03-02 00:00", UNKNOWN, "call"),
        ("B", "2026-03-02 00:00", "2026-03-03 00:00", UNKNOWN),
        ("C", UNKNOWN, None, "call"),
        ("A", UNKNOWN, UNKNOWN, UNKNOWN),  # a cell too few: one that is there names the unit
    ]
    assert len(extract.rejects) == 7
    assert extract.size == 2


def test_a_file_of_nothing_but_broken_lines_loses_them(tmp_path: Path) -> None:
    extract = read_text(tmp_path, f"{HEADER};kind\nv4;A\nv5;A\n")
    assert (extract.size, extract.read) == (0, 2)
    assert lost(read_text(tmp_path, f"{HEADER};ended_at;kind\nv4;A\nv5;A\n")) == [(UNKNOWN,) * 4] * 2


def test_a_column_that_one_file_lacks_is_unknown_there_if_its_blank_cells_are(tmp_path: Path) -> None:
    costly = SOURCE.column["cost"].model_copy(update={"blank": "unknown"})
    source = SOURCE.model_copy(update={"column": {**SOURCE.column, "cost": costly}})
    both = f"{HEADER};cost\nv1;A;2026-03-01;5\nv2;A;2026-03-01;\n"
    extract = read_text(tmp_path, both, f"{HEADER}\nv3;A;2026-03-01\n", source=source)
    assert column(extract, "cost") == [5, UNKNOWN, UNKNOWN]
    assert unknown(extract) == [(2, "blank", "cost", ""), (3, "blank", "cost", "")]
    alone = read_text(tmp_path, f"{HEADER}\nv3;A;2026-03-01\n", source=source)
    assert column(alone, "cost") == [None], "nobody delivers it"
    assert column(read_text(tmp_path, both), "cost") == [5, None], "nothing is declared"


def test_a_blank_cell_is_in_order_where_the_column_says_so(tmp_path: Path) -> None:
    spec = SOURCE.column["cost"].model_copy(update={"blank": "unknown", "blank_ok": "kind == 'call'"})
    source = SOURCE.model_copy(update={"column": {**SOURCE.column, "cost": spec}})
    lines = (
        "v1;A;2026-03-01;;call",
        "v2;A;2026-03-01;;visit",
        "v3;A;2026-03-01;x;call",
        "v4;A;2026-03-01;;z",
    )
    extract = read_text(tmp_path, "\n".join([f"{HEADER};cost;kind", *lines]) + "\n", source=source)
    assert column(extract, "cost") == [None, UNKNOWN, UNKNOWN, UNKNOWN]


def test_dates_after_the_day_of_the_extract_are_future_but_not_due_dates(tmp_path: Path) -> None:
    text = (
        f"{HEADER};ended_at;seen_on;due_on\n"
        "v1;A;2026-04-05 23:59;;2026-04-05;2027-01-01\n"
        "v2;A;2026-04-06 00:00;;;\n"
        "v3;A;2026-04-01;2026-04-06 00:01;;\n"
        "v4;A;2026-04-01;;2026-04-06;\n"
    )
    extract = read_text(tmp_path, text, extracted="2026-04-05")
    assert column(extract, "visit_id") == ["v1", "v3", "v4"]
    assert rejects(extract) == [(3, "future_date", "", "")]
    assert unknown(extract) == [
        (4, "future_date", "ended_at", "2026-04-06"),
        (5, "future_date", "seen_on", "2026-04-06"),
    ]
    assert column(extract, "ended_at") == [None, UNKNOWN, None]


def test_a_row_that_breaks_a_rule_is_rejected_with_the_rule(tmp_path: Path) -> None:
    text = f"{HEADER};ended_at\nv1;A;2026-03-02;2026-03-01\nv2;A;2026-03-02;2026-03-02\nv3;A;2026-03-02;\n"
    extract = read_text(tmp_path, text)
    assert column(extract, "visit_id") == ["v2", "v3"]
    assert rejects(extract) == [(2, "check.ended_after_arrival", "", "")]


def test_rows_of_a_case_must_agree_and_rows_without_a_case_need_not(tmp_path: Path) -> None:
    text = (
        f"{HEADER};case_id;kind;due_on\n"
        "v1;A;2026-03-01;c1;call;2026-03-05\n"
        "v2;A;2026-03-01;c1;samtal;5.3.2026\n"
        "v3;A;2026-03-01;c2;call;2026-03-05\n"
        "v4;A;2026-03-01;c2;visit;2026-03-05\n"
        "v5;A;2026-03-01;c3;call;\n"
        "v6;A;2026-03-01;c3;call;2026-03-05\n"
        "v7;A;2026-03-01;;call;2026-03-05\n"
        "v8;A;2026-03-01;;visit;\n"
    )
    extract = read_text(tmp_path, text)
    assert column(extract, "visit_id") == ["v1", "v2", "v7", "v8"]
    assert rejects(extract) == [(line, "disagrees", "", "") for line in (4, 5, 6, 7)]


def test_the_rank_orders_rows_by_their_key(tmp_path: Path) -> None:
    extract = read_text(tmp_path, f"{HEADER}\nv2;A;2026-03-01\nv10;A;2026-03-01\nv1;A;2026-03-01\n")
    order = np.argsort(extract.rank[np.arange(3)])
    assert [column(extract, "visit_id")[row] for row in order] == ["v1", "v10", "v2"]


def test_a_file_that_cannot_be_used_refuses_the_delivery(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match=r"^visits2.csv: the required column 'unit_code' is missing"):
        read_text(tmp_path, f"{HEADER}\nv1;A;2026-03-01\n", "visit_id;arrived_at\nv2;2026-03-01\n")


def test_a_delivery_may_be_of_several_files_with_their_own_headings(tmp_path: Path) -> None:
    extract = read_text(
        tmp_path, f"{HEADER};x\nv1;A;2026-03-01;\n", "Saapunut,enhet,käynti id,y\n2026-03-02,B,v2,\n"
    )
    assert column(extract, "visit_id") == ["v1", "v2"]
    assert column(extract, "unit_code") == ["A", "B"]
    assert extract.ignored == ("x", "y")
