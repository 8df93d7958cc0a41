"""What unknown cells and rejected rows leave open in facts, by hand."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opti_reports.model.fact import UNKNOWN_KEY
from tests.algebra.rows import UNKNOWN
from tests.facts.counting import DATA_MONTH, SHAPES, SOURCE, Spoilt, counted

FEBRUARY = DATA_MONTH - 1
GOOD: Spoilt = ("v1", "A", "2026-03-02", "visit", 0.5, 5, 4, 7)


def records(frame: pd.DataFrame, *names: str) -> list[tuple[object, ...]]:
    """The rows of a table as plain tuples."""
    return [tuple(row) for row in frame[list(names)].astype(object).itertuples(index=False)]


def visit(**cells: object) -> Spoilt:
    """The good visit with other cells."""
    names = ("visit_id", "unit", "came_on", "kind", "hours", "first", "second", "client")
    return tuple(cells.get(name, value) for name, value in zip(names, GOOD, strict=True))  # type: ignore[return-value]


NAMES = (
    "unit",
    "kind",
    "n",
    "long",
    "hours",
    "hours__filled",
    "n__unknown",
    "long__unknown",
    "hours__unknown",
)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (GOOD, ("A", "visit", 1, 0, 5, 1, 0, 0, 0)),
        (visit(hours=None), ("A", "visit", 1, 0, 0, 0, 0, 0, 0)),
        # A number of which nothing is known adds nothing; whether it is long is not known either.
        (visit(hours=UNKNOWN), ("A", "visit", 1, 0, 0, 0, 0, 1, 1)),
        # A visit or a call (which is not counted): nothing is certain, and it is not long in any case.
        (visit(kind=UNKNOWN), ("A", UNKNOWN_KEY, 0, 0, 0, 0, 1, 0, 1)),
        (visit(kind=UNKNOWN, hours=2), ("A", UNKNOWN_KEY, 0, 0, 0, 0, 1, 1, 1)),
        (visit(kind=UNKNOWN, hours=None), ("A", UNKNOWN_KEY, 0, 0, 0, 0, 1, 0, 0)),
        # Whose it is not known: it may count, at no unit.
        (visit(unit=UNKNOWN), ("", "visit", 0, 0, 0, 0, 1, 0, 1)),
    ],
)  # fmt: skip
def test_what_an_unknown_cell_leaves_open_stands_beside_what_is_certain(
    row: Spoilt, expected: tuple[object, ...]
) -> None:
    assert records(counted([row]).tables["visits"].rows, *NAMES) == [expected]


def test_rows_with_one_key_are_added_those_that_lack_a_number_apart_from_the_others() -> None:
    rows = [GOOD, visit(hours=UNKNOWN), visit(hours=2.5), visit(hours=UNKNOWN)]
    assert records(counted(rows).tables["visits"].rows, *NAMES) == [
        ("A", "visit", 2, 1, 30, 2, 0, 0, 0),
        ("A", "visit", 2, 0, 0, 0, 0, 2, 2),
    ]


def test_a_rejected_row_takes_no_whole_row_of_its_key_along() -> None:
    found = counted([GOOD], lost=[visit(hours=2)]).tables["visits"].rows
    assert records(found, *NAMES) == [
        ("A", "visit", 1, 0, 5, 1, 0, 0, 0),
        ("A", "visit", 0, 0, 0, 0, 1, 1, 1),
    ]


def test_a_row_that_certainly_does_not_count_leaves_nothing_open() -> None:
    rows = [visit(kind="call", hours=UNKNOWN, unit=UNKNOWN)]
    assert len(counted(rows).tables["visits"].rows) == 0


def test_an_unknown_answer_may_be_an_answer() -> None:
    table = counted([visit(first=UNKNOWN, second=None)]).tables["answers"].rows
    assert records(table, "statement", "score", "n", "sum", "sum__filled", "n__unknown", "sum__unknown") == [
        ("first", UNKNOWN_KEY, 0, 0, 0, 1, 1)
    ]


def test_a_rejected_row_may_count_in_the_unit_and_month_it_names() -> None:
    found = counted([GOOD], lost=[visit(unit="B", came_on="2026-02-03", hours=UNKNOWN)])
    assert records(found.tables["visits"].rows, "month", *NAMES) == [
        (FEBRUARY, "B", "visit", 0, 0, 0, 0, 1, 1, 1),
        (DATA_MONTH, "A", "visit", 1, 0, 5, 1, 0, 0, 0),
    ]
    assert (found.counts.read, found.counts.used, found.counts.rejected) == (2, 1, 1)
    assert found.counts.by_month == {DATA_MONTH: 1}
    assert [unit.code for unit in found.counts.units if unit.fact == "visits"] == ["A"]


def test_a_rejected_row_that_would_not_count_leaves_nothing_open() -> None:
    assert len(counted([], lost=[visit(kind="call")]).tables["visits"].rows) == 0
    assert len(counted([], lost=[visit(came_on="2026-04-03")]).tables["visits"].rows) == 0


NOTHING: Spoilt = ("v2", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)


@pytest.mark.parametrize(
    ("earliest", "months"),
    [
        ("2026-02-10", [FEBRUARY, DATA_MONTH]),
        ("2026-03-10", [DATA_MONTH]),
        ("2025-10-10", [FEBRUARY, DATA_MONTH]),  # the window is two months
    ],
)
def test_a_rejected_row_without_a_date_may_count_in_every_month_the_delivery_holds(
    earliest: str, months: list[int]
) -> None:
    table = counted([visit(came_on=earliest)], lost=[NOTHING]).tables["answers"].rows
    open_ = table[table["n__unknown"] > 0]
    assert records(open_, "since", "month", "unit", "statement", "score", "n", "n__unknown") == [
        (month, month, "", name, UNKNOWN_KEY, 0, 1) for month in months for name in ("first", "second")
    ]


def test_in_a_fact_of_weeks_it_may_count_in_each() -> None:
    weekly = counted([visit(came_on="2026-03-10")], lost=[NOTHING]).tables["visits"].rows
    weeks = weekly[weekly["n__unknown"] > 0]["week"]
    assert len(weeks) == 6, "March 2026 has days of six weeks"
    assert weeks.is_unique


@pytest.mark.parametrize(
    ("lag", "months"), [(0, [DATA_MONTH - 2, FEBRUARY, DATA_MONTH]), (1, [DATA_MONTH - 2, FEBRUARY])]
)
def test_a_case_whose_due_date_is_unknown_may_count_from_its_own_month_on(
    lag: int, months: list[int]
) -> None:
    due = SOURCE.fact[1].model_copy(update={"at": "add_days(came_on, first)", "lag_months": lag})
    source = SOURCE.model_copy(update={"fact": (SOURCE.fact[0], due, *SOURCE.fact[2:])})
    rows = [visit(came_on="2026-01-20", first=UNKNOWN), visit(came_on="2026-01-20", first=40, client=8)]
    table = counted(rows, source=source).tables["due"].rows
    assert records(table[table["n"] == 0], "since", "month", "n__unknown") == [
        (DATA_MONTH - 2, month, 1) for month in months
    ]
    assert records(table[table["n"] > 0], "since", "month", "n__unknown") == [(DATA_MONTH - 2, DATA_MONTH, 0)]


def test_a_rejected_row_counts_in_the_month_of_its_due_date_if_that_is_known() -> None:
    table = counted([], lost=[visit(came_on="2026-02-20")]).tables["due"].rows
    assert records(table, "since", "month", "n__unknown", "client") == [(FEBRUARY, DATA_MONTH, 1, 7)]


def test_lists_show_what_may_belong_to_them_and_say_what_is_unknown() -> None:
    rows = [visit(hours=2, kind=UNKNOWN), visit(hours=UNKNOWN), visit(hours=0.5)]
    found = counted(rows, lost=[visit(hours=9)]).lists["long_ones"]
    assert records(found, "unit", "came_on", "hours", "kind", "known") == [
        ("A", "2026-03-02", "2.0", "?", "true"),
        ("A", "2026-03-02", "?", "visit", "true"),
    ]


def test_every_row_that_unknown_cells_could_make_lies_within_what_is_left_open() -> None:
    # A visit whose kind, hours and unit nobody knows, completed in every way.
    open_row = visit(kind=UNKNOWN, hours=UNKNOWN)
    said = counted([GOOD, open_row]).tables["visits"].rows
    low, high = (int(said["n"].sum()), int((said["n"] + said["n__unknown"]).sum()))
    for kind, hours in product(("visit", "call", None), (None, 0.5, 3)):
        true = counted([GOOD, visit(kind=kind, hours=hours)]).tables["visits"].rows
        assert low <= int(true["n"].sum()) <= high
        assert int(true["long"].sum()) <= int((said["long"] + said["long__unknown"]).sum())


def test_clean_rows_leave_nothing_open() -> None:
    for name, table in counted([GOOD, visit(came_on="2026-02-03", hours=None)]).tables.items():
        open_ = [f"{measure}__unknown" for measure in SHAPES[name].measures]
        assert (table.rows[open_] == 0).all().all(), name


CELLS: dict[str, st.SearchStrategy[object]] = {
    "unit": st.sampled_from(["A", "B", None]),
    "came_on": st.dates(dt.date(2026, 1, 20), dt.date(2026, 4, 3)).map(dt.date.isoformat),
    "kind": st.sampled_from(["visit", "call", None]),
    "hours": st.sampled_from([None, 0.5, 1.5]),
    "first": st.sampled_from([None, 1, 2]),
    "second": st.sampled_from([None, 2]),
    "client": st.sampled_from([11, 22]),
}
DAMAGE = st.tuples(st.sets(st.sampled_from([*CELLS]), max_size=2), st.booleans())
"""Which cells of a row nobody can read, and whether it is rejected."""


@settings(deadline=None)
@given(st.lists(st.tuples(st.fixed_dictionaries(CELLS), DAMAGE), max_size=8))
def test_the_true_count_lies_within_what_damage_leaves_open(
    rows: list[tuple[dict[str, object], tuple[set[str], bool]]],
) -> None:
    whole = [visit(**cells) for cells, _ in rows]
    spoilt = [
        (visit(**cells | dict.fromkeys(names, UNKNOWN)), rejected or "came_on" in names)
        for cells, (names, rejected) in rows
    ]
    # A row without a date of its own is always rejected; the window of the undamaged rows is what is held.
    true = counted([*whole, visit(came_on="2026-02-01", kind="call", first=None, second=None)])
    anchor = visit(came_on="2026-02-01", kind="call", first=None, second=None)
    said = counted([*(r for r, gone in spoilt if not gone), anchor], lost=[r for r, gone in spoilt if gone])
    for name, table in true.tables.items():
        for month in (FEBRUARY, DATA_MONTH):
            for measure in set(SHAPES[name].measures) - SHAPES[name].numeric:
                right = int(table.rows[table.rows["month"] == month][measure].sum())
                found = said.tables[name].rows[said.tables[name].rows["month"] == month]
                low = int(found[measure].sum())
                high = low + int(found[f"{measure}__unknown"].sum())
                assert low <= right <= high, (name, measure, month)
