"""When a column is doubted in which suddenly nothing stands: by table, on made-up counts of three units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from opti_reports.facts.arrivals import Arrived
from opti_reports.model.delivery import UnitCells
from opti_reports.model.report import Doubt
from tests.algebra.rows import UNKNOWN
from tests.facts.counting import counted
from tests.facts.test_silences import NOW, doubts, month

ROWS = {"A": 100, "B": 60, "C": 8}
USUAL = {"A": (90, 50), "B": (40, 30), "C": (4, 4)}
"""Of each unit's rows, how many have a client and a kind."""
Filled = Mapping[str, tuple[int, int]]


def filled(at: int, now: Filled, before: Filled = USUAL) -> Arrived:
    """A delivery of a month that tells the month before it once more."""
    cells = [UnitCells(code, at, ROWS[code], some) for code, some in now.items()]
    cells += [UnitCells(code, at - 1, ROWS[code], some) for code, some in before.items()]
    whole = month(at)
    return replace(whole, counts=replace(whole.counts, cells=tuple(cells)))


def said(found: Sequence[Doubt]) -> list[tuple[str, str, str, int, int]]:
    """Each doubt as its kind, column, units, filled cells and how many were to be expected."""
    return [(d.kind, d.column, " ".join(d.units), d.rows, d.expected) for d in found]


def after(now: Filled, months: int = 6, before: Filled = USUAL) -> list[tuple[str, str, str, int, int]]:
    """What is doubted after so many usual months."""
    past = [filled(at, USUAL) for at in range(NOW - months, NOW)]
    return said(doubts(filled(NOW, now, before), past))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (USUAL, []),
        ({code: (some, 0) for code, (some, _) in USUAL.items()}, [("emptied", "kind", "a b c", 0, 84)]),
        (USUAL | {"B": (40, 0)}, [("emptied", "kind", "b", 0, 30)]),
        (USUAL | {"C": (0, 4)}, []),  # four of eight may be none by chance
        (USUAL | {"B": (40, 0), "C": (4, 0)}, [("emptied", "kind", "b c", 0, 34)]),  # but not beside others
        ({"A": (90, 10), "B": (40, 0), "C": (4, 4)},
         [("emptied", "kind", "b", 0, 30), ("thinned", "kind", "a c", 14, 54)]),
        ({code: (some, 10) for code, (some, _) in USUAL.items() if code != "C"},
         [("thinned", "kind", "a b", 20, 80)]),
        (USUAL | {"A": (90, 20)}, [("thinned", "kind", "a", 20, 50)]),
        (USUAL | {"A": (90, 26)}, []),
        (USUAL | {"A": (100, 100)}, []),  # more than ever is nothing that was lost
    ],
)  # fmt: skip
def test_a_column_with_nothing_in_it_is_doubted_where_it_is_no_chance(
    now: Filled, expected: list[tuple[str, str, str, int, int]]
) -> None:
    assert after(now) == expected


def test_an_older_month_that_is_empty_now_is_doubted() -> None:
    gone = {code: (0, some) for code, (_, some) in USUAL.items()}
    past = [filled(at, USUAL) for at in range(NOW - 6, NOW)]
    (found,) = doubts(filled(NOW, USUAL, gone), past)
    assert said([found]) == [("emptied", "client", "a b c", 0, 134)]
    assert found.of_month == NOW - 1
    fewer = {code: (some // 3, other) for code, (some, other) in USUAL.items()}
    assert doubts(filled(NOW, USUAL, fewer), past) == []


def test_without_history_nothing_is_doubted() -> None:
    nothing = dict.fromkeys(USUAL, (0, 0))
    assert after(nothing, months=2) == []
    assert [one[:3] for one in after(nothing, months=3)] == [
        ("emptied", "client", "a b c"),
        ("emptied", "kind", "a b c"),
    ]


def test_who_says_that_it_is_so_is_believed() -> None:
    nothing = filled(NOW, {code: (0, some) for code, (_, some) in USUAL.items()})
    past = [filled(at, USUAL) for at in range(NOW - 6, NOW)]
    assert doubts(replace(nothing, confirmed=("whole",)), past) == []
    assert said(doubts(replace(nothing, confirmed=("a",)), past)) == [("emptied", "client", "b c", 0, 134)]


def test_cells_are_counted_by_unit_and_month_and_what_nobody_can_read_is_no_empty_one() -> None:
    found = counted(
        [
            ("v1", "A", "2026-03-02", "visit", 0.5, None, 3, 7),
            ("v2", "A", "2026-03-03", UNKNOWN, None, None, 4, None),
            ("v3", "A", "2026-02-03", None, None, 1, None, None),
            ("v4", None, "2026-03-03", None, 1, None, None, 8),
        ]
    ).counts.cells
    march, february = NOW, NOW - 1
    # of kind, hours, first, second and client
    assert sorted(found) == [
        UnitCells("", march, 1, (0, 1, 0, 0, 1)),
        UnitCells("A", february, 1, (0, 0, 1, 0, 0)),
        UnitCells("A", march, 2, (2, 1, 0, 2, 1)),
    ]
