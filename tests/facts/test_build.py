"""Rows counted to facts, lists and row counts."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opti_reports.model.delivery import RowCounts
from opti_reports.periods.months import parse_month
from tests.facts.counting import DATA_MONTH, FAULTS, SHAPES, Visit, counted

FEBRUARY = DATA_MONTH - 1
PLAIN: Visit = ("v1", "A", "2026-03-02", "visit", 0.5, None, None, 7)


def records(frame: pd.DataFrame, *names: str) -> list[tuple[object, ...]]:
    """The rows of a table as plain tuples."""
    return [tuple(row) for row in frame[list(names)].astype(object).itertuples(index=False)]


def test_the_source_has_no_fault() -> None:
    assert FAULTS == []
    assert SHAPES["visits"].by == {"kind": 1}
    assert SHAPES["visits"].measures == {"n": 1, "long": 1, "hours": 10}
    assert SHAPES["visits"].numeric == {"hours"}
    assert SHAPES["answers"].codes["statement"] == ("first", "second")


def test_measures_are_added_over_equal_keys_and_their_filled_cells_counted() -> None:
    rows: list[Visit] = [
        PLAIN,
        ("v2", "A", "2026-03-03", "visit", 1.5, None, None, None),
        ("v3", "A", "2026-03-03", "visit", None, None, None, None),
        ("v4", "A", "2026-03-03", None, 2, None, None, None),
        ("v5", None, "2026-03-03", "visit", 1, None, None, None),
        ("v6", "A", "2026-03-03", "call", 9, None, None, None),
    ]
    table = counted(rows).tables["visits"].rows
    assert list(table.columns) == [
        "since",
        "month",
        "week",
        "unit",
        "kind",
        "n",
        "long",
        "hours",
        "hours__filled",
        "n__unknown",
        "long__unknown",
        "hours__unknown",
    ]
    assert records(table, "unit", "kind", "n", "long", "hours", "hours__filled") == [
        ("", "visit", 1, 0, 10, 1),
        ("A", "", 1, 1, 20, 1),
        ("A", "visit", 3, 1, 20, 2),
    ]
    assert set(table["month"]) == {DATA_MONTH}


def test_a_week_is_kept_beside_the_month_and_a_month_end_splits_it() -> None:
    rows: list[Visit] = [
        ("v1", "A", "2026-02-28", "visit", 1, None, None, None),  # Saturday of week 9
        ("v2", "A", "2026-03-01", "visit", 1, None, None, None),  # its Sunday
        ("v3", "A", "2026-03-02", "visit", 1, None, None, None),
    ]
    table = counted(rows).tables["visits"].rows
    first = table["week"].min()
    assert records(table, "month", "week") == [
        (FEBRUARY, first),
        (DATA_MONTH, first),
        (DATA_MONTH, first + 1),
    ]


def test_a_cohort_counts_in_the_month_of_its_deadline_and_keeps_its_own_month() -> None:
    rows: list[Visit] = [
        ("v1", "A", "2026-03-17", "visit", 1, None, None, 5),
        ("v2", "A", "2026-03-18", "visit", 1, None, None, 5),
        ("v3", "A", "2026-03-19", "visit", 1, None, None, None),
    ]
    table = counted(rows).tables["due"].rows
    assert records(table, "since", "month", "n") == [
        (DATA_MONTH, DATA_MONTH, 1),
        (DATA_MONTH, DATA_MONTH + 1, 1),
        (DATA_MONTH, DATA_MONTH + 1, 1),
    ]


def test_unpivoted_columns_become_rows_with_their_name_and_value() -> None:
    rows: list[Visit] = [
        ("v1", "A", "2026-03-02", "visit", 1, 5, 4, None),
        ("v2", "A", "2026-03-03", "visit", 1, 5, None, None),
        ("v3", "A", "2026-03-03", "visit", 1, 3, None, None),
    ]
    table = counted(rows).tables["answers"].rows
    assert records(table, "statement", "score", "n", "sum", "sum__filled") == [
        ("first", "3", 1, 3, 1),
        ("first", "5", 2, 10, 2),
        ("second", "4", 1, 4, 1),
    ]


def test_an_empty_delivery_gives_empty_tables_of_the_same_types() -> None:
    full, bare = counted([PLAIN, ("v2", "A", "2026-03-30", "visit", 2, 1, 1, 8)]), counted([])
    assert bare.counts == RowCounts(
        read=0,
        used=0,
        rejected=0,
        outside=0,
        older=0,
        by_month={},
        reasons={},
        empty_cells={},
        ignored_columns=(),
    )
    for name, shape in SHAPES.items():
        one, none = full.tables[name].rows, bare.tables[name].rows
        assert list(none.columns) == [*shape.keys, *shape.sums] == list(one.columns)
        assert len(none) == 0
        for key in one.columns:
            if isinstance(one[key].dtype, pd.CategoricalDtype):
                assert isinstance(none[key].dtype, pd.CategoricalDtype)
            else:
                assert none[key].dtype == one[key].dtype == np.int64
    assert list(bare.lists["long_ones"].columns) == ["unit", "came_on", "hours", "kind", "known"]


def test_a_list_shows_its_rows_as_text_in_its_order() -> None:
    rows: list[Visit] = [
        ("v1", "A", "2026-03-05", "visit", 2, None, None, None),
        ("v2", None, "2026-03-04", None, 10.5, None, None, 3),
        ("v3", "B", "2026-03-02", "call", 2, None, None, None),
        ("v4", "B", "2026-03-01", "call", 1, None, None, None),
    ]
    assert records(counted(rows).lists["long_ones"], "unit", "came_on", "hours", "kind", "known") == [
        ("", "2026-03-04", "10.5", "", "true"),
        ("B", "2026-03-02", "2.0", "call", "false"),
        ("A", "2026-03-05", "2.0", "visit", "false"),
    ]


def test_rows_after_the_month_are_outside_unless_something_holds_them() -> None:
    rows: list[Visit] = [
        PLAIN,
        ("v2", "A", "2026-04-01", "visit", 1, None, None, None),  # in no fact or list of March
        ("v5", "A", "2026-04-01", "visit", 2, None, None, None),  # a list shows it
        ("v3", "A", "2025-12-01", "visit", 1, None, None, None),
        ("v4", "A", "2026-02-01", "visit", 1, None, None, None),
    ]
    found = counted(rows).counts
    assert (found.read, found.used, found.outside, found.older) == (5, 4, 1, 1)
    assert found.by_month == {DATA_MONTH - 3: 1, FEBRUARY: 1, DATA_MONTH: 1}
    later = counted([("v1", "A", "2027-04-01", "visit", 1, None, None, None)], DATA_MONTH + 30).counts
    assert (later.used, later.older) == (1, 1)


def test_counts_that_lose_a_row_cannot_be_made() -> None:
    with pytest.raises(ValueError, match=r"^rows are lost: read 5 is not 2 \+ 1 \+ 1$"):
        RowCounts(
            read=5,
            used=2,
            rejected=1,
            outside=1,
            older=0,
            by_month={},
            reasons={},
            empty_cells={},
            ignored_columns=(),
        )


def test_rows_are_counted_by_the_unit_code_they_came_with() -> None:
    rows: list[Visit] = [
        ("v1", "A", "2026-03-05", "visit", 1, 5, 4, None),
        ("v2", "A", "2026-03-05", "visit", 1, 5, 4, None),
        ("v3", None, "2026-03-05", "visit", 1, 5, None, None),
        ("v4", "A", "2026-02-05", "call", 1, 5, None, None),
    ]
    units = counted(rows).counts.units
    assert sorted(u[1:] for u in units if u.fact == "visits") == [("", DATA_MONTH, 1), ("A", DATA_MONTH, 2)]
    answers = sorted(u[1:] for u in units if u.fact == "answers")  # two answers of a row are one row
    assert answers == [("", DATA_MONTH, 1), ("A", FEBRUARY, 1), ("A", DATA_MONTH, 2)]


def test_empty_cells_of_numbers_are_counted() -> None:
    rows: list[Visit] = [PLAIN, ("v2", "A", "2026-03-05", "visit", None, 1, None, None)]
    assert counted(rows).counts.empty_cells == {"hours": 1, "first": 1, "second": 2}


VISITS = st.lists(
    st.tuples(
        st.just("v"),
        st.sampled_from(["B", "A", "Ä", None]),
        st.dates(dt.date(2026, 1, 20), dt.date(2026, 4, 10)).map(dt.date.isoformat),
        st.sampled_from(["visit", "call", None]),
        st.sampled_from([None, 0, 0.5, 1.5]),
        st.sampled_from([None, 1, 2]),
        st.sampled_from([None, 2, 3]),
        st.sampled_from([None, 11, 22]),
    ),
    max_size=30,
)


Plain = tuple[str, str | None, str, str | None, float | None, int | None, int | None, int | None]


@given(VISITS)
def test_facts_are_what_a_plain_count_gives(visits: list[Plain]) -> None:
    tables = counted([*visits]).tables
    plain: Counter[tuple[object, ...]] = Counter()
    answers: Counter[tuple[object, ...]] = Counter()
    for _, unit, day, kind, hours, first, second, _ in visits:
        month = parse_month(day[:7])
        if month > DATA_MONTH:
            continue
        if kind != "call":
            week = dt.date.fromisoformat(day).isocalendar()[:2]
            plain[month, week, unit or "", kind or ""] += int((hours or 0) * 10)
        for name, score in (("first", first), ("second", second)):
            if score is not None:
                answers[month, unit or "", name, str(score)] += 1
    table = tables["visits"].rows
    found = {
        (m, _iso(w), u, k): h for m, w, u, k, h in records(table, "month", "week", "unit", "kind", "hours")
    }
    assert found == dict(plain)
    assert {
        row[:4]: row[4] for row in records(tables["answers"].rows, "month", "unit", "statement", "score", "n")
    } == (dict(answers))
    assert records(table, *SHAPES["visits"].keys) == sorted(records(table, *SHAPES["visits"].keys))


def _iso(week: object) -> tuple[int, int]:
    assert isinstance(week, int)
    return (dt.date(1970, 1, 1) + dt.timedelta(days=week * 7)).isocalendar()[:2]


@given(VISITS)
def test_every_row_is_used_or_outside(visits: list[Plain]) -> None:
    found = counted([*visits]).counts
    months = [parse_month(v[2][:7]) for v in visits]
    shown = [(v[4] or 0) > 1 for v in visits]
    assert found.outside == sum(
        month > DATA_MONTH and not there for month, there in zip(months, shown, strict=True)
    )
    assert found.read == len(visits) == found.used + found.outside
    assert found.by_month == dict(sorted(Counter(m for m in months if m <= DATA_MONTH).items()))
