"""Which delivery a month is taken from, by hand and against a plain reading of the rule."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opti_reports.config.guards import Guards
from opti_reports.facts.slices import Reach, Shrunk, covered, frozen, merged, reach, shrunken, winner
from opti_reports.model.fact import FactTable
from tests.facts.counting import DATA_MONTH, SHAPES, Visit, counted

SHAPE = SHAPES["due"]


def test_a_delivery_reaches_from_its_earliest_row_or_as_declared() -> None:
    assert reach(10, 2, {7: 1, 9: 3}, None, open_cases=False) == Reach(10, 7, 2, {7: 1, 9: 3})
    assert reach(10, 2, {7: 1}, (5, 10), open_cases=False).first == 5
    assert reach(10, 2, {}, None, open_cases=False).first == 10


def test_the_newest_delivery_whose_window_holds_the_month_wins() -> None:
    reaches = [Reach(10, 5, 3, {}), Reach(11, 10, 3, {}), Reach(12, 12, 3, {})]
    assert [winner(month, reaches) for month in range(4, 14)] == [None, 0, 0, 0, 0, 0, 1, 1, 2, None]
    assert covered(reaches) == frozenset(range(5, 13))
    assert covered(reaches, snapshot=True) == {reach.month for reach in reaches}


def test_a_month_in_nobodys_window_is_taken_from_the_first_that_has_it() -> None:
    # Later deliveries that carry old months too never replace them.
    reaches = [Reach(10, 3, 2, {}), Reach(11, 3, 2, {}), Reach(12, 3, 2, {})]
    assert [winner(month, reaches) for month in (3, 8, 9, 10, 11, 12)] == [0, 0, 0, 1, 2, 2]


def test_a_short_delivery_does_not_speak_of_months_it_has_no_row_of() -> None:
    december_only = [Reach(10, 9, 3, {}), Reach(11, 11, 3, {})]
    assert [winner(month, december_only) for month in (9, 10, 11)] == [0, 0, 1]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (100, 79, True),  # 21 rows and 21 %
        (100, 80, False),  # 20 rows
        (105, 84, False),  # 21 rows but 20 %
        (21, 0, True),
        (20, 0, False),
        (100, 200, False),
        (0, 0, False),
    ],
)
def test_a_month_shrinks_too_much_by_twenty_rows_and_a_fifth(before: int, after: int, found: bool) -> None:
    reaches = [Reach(10, 9, 3, {9: before, 10: 50}), Reach(11, 9, 3, {9: after, 10: 50, 11: 1})]
    assert shrunken(reaches, Guards()) == ((Shrunk(9, before, after),) if found else ())


def test_the_configs_say_how_many_rows_a_month_may_lose() -> None:
    reaches = [Reach(10, 9, 3, {9: 100, 10: 50}), Reach(11, 9, 3, {9: 79, 10: 50, 11: 1})]
    assert shrunken(reaches, Guards(lost_share=0.21)) == ()
    assert shrunken(reaches, Guards(lost_rows=21)) == ()
    assert shrunken(reaches, Guards(lost_rows=0, lost_share=0.2)) == (Shrunk(9, 100, 79),)


def test_months_outside_the_window_and_the_new_month_never_shrink() -> None:
    reaches = [Reach(10, 5, 2, {5: 500, 10: 500}), Reach(11, 5, 2, {11: 1})]
    assert shrunken(reaches, Guards()) == (Shrunk(10, 500, 0),)
    assert shrunken(reaches[:1], Guards()) == ()


def test_the_number_compared_is_that_of_the_winning_delivery() -> None:
    reaches = [Reach(9, 9, 3, {9: 500}), Reach(10, 9, 3, {9: 100}), Reach(11, 9, 3, {9: 90})]
    assert shrunken(reaches, Guards()) == ()
    assert shrunken(reaches[:2], Guards()) == (Shrunk(9, 500, 100),)


REACHES = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 5), st.integers(1, 4)), min_size=1, max_size=5)


@given(REACHES)
def test_winners_and_cover_are_what_the_rule_says(drawn: list[tuple[int, int, int]]) -> None:
    months = sorted({month for month, _, _ in drawn})
    by_month = {month: (back, window) for month, back, window in drawn}
    window = drawn[0][2]
    reaches = [Reach(month, month - by_month[month][0], window, {}) for month in months]
    speaks = {month: set(range(month - by_month[month][0], month + 1)) for month in months}
    for month in range(-6, 10):
        inside = [m for m in months if month in speaks[m] and month > m - window]
        any_at_all = [m for m in months if month in speaks[m]]
        expected = months.index(inside[-1]) if inside else months.index(any_at_all[0]) if any_at_all else None
        assert winner(month, reaches) == expected
    assert covered(reaches) == frozenset(set().union(*speaks.values()))


def visits(month: str, count: int, unit: str | None = "A") -> list[Visit]:
    return [(f"{month}{i}", unit, f"{month}-02", "visit", 1, None, None, None) for i in range(count)]


def test_merging_takes_each_month_whole_from_its_winner() -> None:
    tables = [
        counted([*visits("2025-12", 5), *visits("2026-01", 7)], DATA_MONTH - 2).tables["due"],
        counted([*visits("2026-01", 8), *visits("2026-02", 3, "B")], DATA_MONTH - 1).tables["due"],
        counted([*visits("2025-12", 99), *visits("2026-03", 4, None)], DATA_MONTH).tables["due"],
    ]
    reaches = [
        reach(DATA_MONTH - 2, 2, {DATA_MONTH - 3: 5, DATA_MONTH - 2: 7}, None, open_cases=False),
        reach(DATA_MONTH - 1, 2, {DATA_MONTH - 2: 8, DATA_MONTH - 1: 3}, None, open_cases=False),
        reach(DATA_MONTH, 2, {DATA_MONTH - 3: 99, DATA_MONTH: 4}, None, open_cases=False),
    ]
    rows = merged(SHAPE, tables, reaches)
    # The last delivery's window begins in February, of which it has no row: February is then empty.
    found = [(int(s), u, int(n)) for s, u, n in zip(rows["since"], rows["unit"], rows["n"], strict=True)]
    assert found == [(DATA_MONTH - 3, "A", 5), (DATA_MONTH - 2, "A", 8), (DATA_MONTH, "", 4)]
    assert sorted(rows["unit"].cat.categories) == ["", "A", "B"]


def test_rows_before_a_month_are_left_out() -> None:
    tables = [
        counted([*visits("2025-12", 5), *visits("2026-01", 7)], DATA_MONTH - 2).tables["due"],
        counted([*visits("2026-02", 3, "B"), *visits("2026-03", 4)], DATA_MONTH).tables["due"],
    ]
    reaches = [
        reach(DATA_MONTH - 2, 2, {DATA_MONTH - 3: 5, DATA_MONTH - 2: 7}, None, open_cases=False),
        reach(DATA_MONTH, 2, {DATA_MONTH - 1: 3, DATA_MONTH: 4}, None, open_cases=False),
    ]
    every = merged(SHAPE, tables, reaches)
    for first in range(DATA_MONTH - 4, DATA_MONTH + 2):
        rows = merged(SHAPE, tables, reaches, first=first)
        assert rows.to_dict("list") == every[every["month"] >= first].to_dict("list")


@pytest.mark.parametrize(
    ("again", "found"),
    [
        ([*visits("2025-12", 5)], ()),
        ([*visits("2025-12", 6)], (DATA_MONTH - 3,)),
        ([*visits("2025-12", 4), *visits("2025-12", 1, "B")], (DATA_MONTH - 3,)),  # moved to another unit
        ([*visits("2026-02", 9)], ()),  # within the window: replaced, not frozen
        ([], ()),
    ],
)
def test_a_month_before_the_window_that_would_change_is_told_and_kept(
    again: list[Visit], found: tuple[int, ...]
) -> None:
    tables = [
        counted([*visits("2025-12", 5), *visits("2026-01", 7)], DATA_MONTH - 2).tables["due"],
        counted([*again, *visits("2026-03", 4)], DATA_MONTH).tables["due"],
    ]
    reaches = [Reach(DATA_MONTH - 2, DATA_MONTH - 3, 2, {}), Reach(DATA_MONTH, DATA_MONTH - 3, 2, {})]
    assert frozen("due", [{"due": table} for table in tables], reaches) == found
    assert frozen("due", [{"due": table} for table in tables[1:]], reaches[1:]) == ()
    kept = merged(SHAPE, tables, reaches)
    assert kept[kept["since"] == DATA_MONTH - 3]["n"].tolist() == [5]


def test_what_only_open_cases_say_of_old_months_is_no_change() -> None:
    tables = [
        counted(visits("2025-12", 5), DATA_MONTH - 3).tables["due"],
        counted(visits("2025-12", 1)).tables["due"],
    ]
    reaches = [
        reach(month, 2, {DATA_MONTH - 3: 1}, None, open_cases=True) for month in (DATA_MONTH - 3, DATA_MONTH)
    ]
    assert frozen("due", [{"due": table} for table in tables], reaches) == ()


def test_empty_and_full_tables_merge() -> None:
    tables = [counted([], DATA_MONTH - 1).tables["due"], counted(visits("2026-03", 2)).tables["due"]]
    reaches = [
        reach(DATA_MONTH - 1, 2, {}, None, open_cases=False),
        reach(DATA_MONTH, 2, {DATA_MONTH: 2}, None, open_cases=False),
    ]
    assert merged(SHAPE, tables, reaches)["n"].tolist() == [2]
    nothing = merged(
        SHAPE, [tables[0], tables[0]], [reaches[0], dataclasses.replace(reaches[0], month=DATA_MONTH)]
    )
    assert len(nothing) == 0
    assert isinstance(nothing["unit"].dtype, pd.CategoricalDtype)
    assert merged(SHAPE, [FactTable(SHAPE, tables[1].rows)], reaches[1:])["n"].tolist() == [2]


def test_old_open_cases_do_not_make_their_months_delivered() -> None:
    by_month = {DATA_MONTH - 13: 1, DATA_MONTH - 1: 4, DATA_MONTH: 3}
    assert reach(DATA_MONTH, 6, by_month, None, open_cases=False).first == DATA_MONTH - 13
    assert reach(DATA_MONTH, 6, by_month, None, open_cases=True).first == DATA_MONTH - 5
    assert reach(DATA_MONTH, 6, {DATA_MONTH - 2: 1}, None, open_cases=True).first == DATA_MONTH - 2
    declared = reach(DATA_MONTH, 6, by_month, (DATA_MONTH - 20, DATA_MONTH), open_cases=True)
    assert declared.first == DATA_MONTH - 20


def test_a_snapshot_of_a_month_stays_when_later_deliveries_come() -> None:
    tables = [
        counted(visits("2026-01", 3), DATA_MONTH - 2).tables["due"],
        counted([], DATA_MONTH).tables["due"],
    ]
    reaches = [reach(m, 6, {DATA_MONTH - 2: 3}, None, open_cases=False) for m in (DATA_MONTH - 2, DATA_MONTH)]
    assert merged(SHAPE, tables, reaches)["n"].tolist() == []
    assert merged(SHAPE, tables, reaches, snapshot=True)["n"].tolist() == [3]
