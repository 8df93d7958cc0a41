"""Expressions over unknown cells: what is certain whatever they hold, and what they leave open."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.vector import Vector, concatenate, possible, truth, unknown_cells
from tests.algebra.rows import (
    UNKNOWN,
    Answer,
    Unknown,
    answers,
    boolean,
    context,
    date,
    moment,
    number,
    rule,
    text,
)

YES, NO = True, False
CELLS = (True, False, None, UNKNOWN)
PAIRS = list(product(CELLS, CELLS))
A, B = boolean(*(a for a, _ in PAIRS)), boolean(*(b for _, b in PAIRS))


def test_conditions_are_joined_by_what_is_certain_of_them() -> None:
    # In the order yes, no, empty (false), unknown of each side.
    assert answers("a and b", a=A, b=B) == [
        YES, NO, NO, UNKNOWN, NO, NO, NO, NO, NO, NO, NO, NO, UNKNOWN, NO, NO, UNKNOWN,
    ]  # fmt: skip
    assert answers("a or b", a=A, b=B) == [
        YES, YES, YES, YES, YES, NO, NO, UNKNOWN, YES, NO, NO, UNKNOWN, YES, UNKNOWN, UNKNOWN, UNKNOWN,
    ]  # fmt: skip
    assert answers("not a", a=boolean(*CELLS)) == [NO, YES, YES, UNKNOWN]


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("==", [UNKNOWN, UNKNOWN, NO]),
        ("<", [UNKNOWN, UNKNOWN, NO]),
        ("!=", [UNKNOWN, UNKNOWN, YES]),
    ],
)
def test_a_comparison_with_an_unknown_cell_is_unknown_but_not_with_an_empty_one(
    operator: str, expected: list[Answer]
) -> None:
    x, y = number(1, UNKNOWN, UNKNOWN), number(UNKNOWN, UNKNOWN, None)
    assert answers(f"x {operator} y", x=x, y=y) == expected
    assert answers(f"y {operator} x", x=x, y=y) == expected


def test_a_chain_and_a_list_are_joined_comparisons() -> None:
    assert answers("0 <= x <= y", x=number(-1, 1, UNKNOWN), y=number(UNKNOWN, UNKNOWN, 5)) == [
        NO,
        UNKNOWN,
        UNKNOWN,
    ]
    word = text("a", "c", UNKNOWN)
    assert answers("x in ['a', 'b']", x=word) == [YES, NO, UNKNOWN]
    assert answers("x not in ['a', 'b']", x=word) == [NO, YES, UNKNOWN]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("is_null(d)", [NO, YES, UNKNOWN]),
        ("not_null(d)", [YES, NO, UNKNOWN]),
        ("date(d)", ["2026-03-05", None, UNKNOWN]),
        ("month_start(d)", ["2026-03-01", None, UNKNOWN]),
        ("add_days(d, 1)", ["2026-03-06", None, UNKNOWN]),
        ("add_work_days(d, 1)", ["2026-03-06", None, UNKNOWN]),
        ("add_months(d, 1)", ["2026-04-05", None, UNKNOWN]),
        ("same_date(d, d)", [YES, NO, UNKNOWN]),
        ("within_months(d, d, 1)", [YES, NO, UNKNOWN]),
        ("days(d, d)", [0, None, UNKNOWN]),
        ("work_days(d, d)", [0, None, UNKNOWN]),
        ("hours(t, t)", [0, None, UNKNOWN]),
        ("minutes(t, t)", [0, None, UNKNOWN]),
        ("office_hours(t)", [YES, NO, UNKNOWN]),
        ("limit('x', d)", [7, None, UNKNOWN]),
        ("limit_end('x', d)", ["2026-03-12", None, UNKNOWN]),
        ("coalesce(d, e)", ["2026-03-05", "2026-03-09", UNKNOWN]),
        ("coalesce(e, d)", ["2026-03-09", "2026-03-09", "2026-03-09"]),
        ("least(d, e)", ["2026-03-05", "2026-03-09", UNKNOWN]),
        ("n + 1", [6, None, UNKNOWN]),
        ("-n", [-5, None, UNKNOWN]),
        ("n * n - n", [20, None, UNKNOWN]),
    ],
)  # fmt: skip
def test_a_function_of_an_unknown_cell_is_unknown(expression: str, expected: list[Answer]) -> None:
    columns = {
        "d": date("2026-03-05", None, UNKNOWN),
        "e": date("2026-03-09", "2026-03-09", "2026-03-09"),
        "t": moment("2026-03-05 10:00", None, UNKNOWN),
        "n": number(5, None, UNKNOWN),
    }
    assert answers(expression, context(x=(rule("days", 7),)), **columns) == expected


def test_an_empty_argument_decides_whatever_the_other_holds() -> None:
    assert answers("days(a, b)", a=date(None, UNKNOWN), b=date(UNKNOWN, "2026-03-01")) == [None, UNKNOWN]
    assert answers("a + b", a=number(None, UNKNOWN), b=number(UNKNOWN, 1)) == [None, UNKNOWN]


def test_either_side_of_an_unknown_condition_will_do_where_both_are_the_same() -> None:
    flag = boolean(UNKNOWN, UNKNOWN, UNKNOWN, True, False)
    x, y = text("a", "a", None, UNKNOWN, UNKNOWN), text("a", "b", None, "b", "b")
    assert answers("x if flag else y", flag=flag, x=x, y=y) == ["a", UNKNOWN, None, UNKNOWN, "b"]


def test_columns_without_unknown_cells_stay_plain() -> None:
    rows = {"a": boolean(True, False, None), "x": number(1, 2, None)}
    for expression in ("a and x > 1", "not a", "coalesce(x, 3)", "x if a else 0", "x + x", "is_null(x)"):
        assert evaluate(expression, rows, 3, context()).unknown is None


def test_what_is_certain_and_what_is_possible_of_a_condition() -> None:
    vector = boolean(*CELLS)
    assert truth(vector).tolist() == [True, False, False, False]
    assert possible(vector).tolist() == [True, False, False, True]
    both = concatenate([boolean(True), boolean(UNKNOWN)])
    assert unknown_cells(both).tolist() == [False, True]
    assert unknown_cells(both.take(np.array([1]))).tolist() == [True]


CONDITIONS = st.recursive(
    st.sampled_from(
        [
            "a", "b", "x > y", "x == 1", "x != y", "is_null(x)", "coalesce(x, y) > 1", "least(x, y) == 1",
            "w == 'p'", "w in ['p', 'q']",
        ]
    ),
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("(not {})".format, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
    ),
    max_leaves=6,
)  # fmt: skip
VALUES: dict[str, tuple[object, ...]] = {
    "a": (True, False, None),
    "b": (True, False, None),
    "x": (1, 2, None),
    "y": (1, 2, None),
    "w": ("p", "q", None),
}
MADE = {"a": boolean, "b": boolean, "x": number, "y": number, "w": text}


@settings(deadline=None)
@given(CONDITIONS, st.fixed_dictionaries({n: st.sampled_from([*v, UNKNOWN]) for n, v in VALUES.items()}))
def test_what_is_called_known_holds_whatever_stands_in_the_unknown_cells(
    expression: str, row: dict[str, object]
) -> None:
    (said,) = answers(expression, **{name: _made(name, cell) for name, cell in row.items()})
    if said is UNKNOWN:
        return
    open_ = [name for name, cell in row.items() if isinstance(cell, Unknown)]
    for cells in product(*(VALUES[name] for name in open_)):
        whole = row | dict(zip(open_, cells, strict=True))
        assert answers(expression, **{name: _made(name, cell) for name, cell in whole.items()}) == [said]


def _made(name: str, cell: object) -> Vector:
    make = MADE[name]
    return make(cell)  # type: ignore[operator, no-any-return]
