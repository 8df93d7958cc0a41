"""The two-valued logic of expressions: what every operator gives, above all with empty cells."""

from __future__ import annotations

from fractions import Fraction

import pytest

from opti_reports.algebra.expression import names
from opti_reports.algebra.vector import Vector
from tests.algebra.rows import answer, answers, boolean, date, moment, number, text

YES_NO_EMPTY = (True, False, None)
PAIRS = [(a, b) for a in YES_NO_EMPTY for b in YES_NO_EMPTY]
A, B = boolean(*(a for a, _ in PAIRS)), boolean(*(b for _, b in PAIRS))


def test_a_condition_is_true_or_false_and_an_empty_one_is_false() -> None:
    assert answers("a and b", a=A, b=B) == [a is True and b is True for a, b in PAIRS]
    assert answers("a or b", a=A, b=B) == [a is True or b is True for a, b in PAIRS]
    assert answers("not a", a=A, b=B) == [a is not True for a, _ in PAIRS]
    assert answers("not (a and not b)", a=A, b=B) == [not (a is True and b is not True) for a, b in PAIRS]


@pytest.mark.parametrize("operator", ["==", "<", "<=", ">", ">="])
def test_a_comparison_with_an_empty_cell_is_false(operator: str) -> None:
    x, y = number(1, 1, None, None), number(1, None, 1, None)
    assert answers(f"x {operator} y", x=x, y=y) == ["=" in operator, False, False, False]


def test_unequal_to_an_empty_cell_is_true() -> None:
    x, y = number(1, 1, 1, None, None), number(1, 2, None, 1, None)
    assert answers("x != y", x=x, y=y) == [False, True, True, True, True]
    assert answers("not (x == y)", x=x, y=y) == answers("x != y", x=x, y=y)


def test_a_boolean_column_is_compared_cell_by_cell() -> None:
    x = boolean(True, False, None)
    assert answers("x == true", x=x) == [True, False, False]
    assert answers("x == false", x=x) == [False, True, False]
    assert answers("x != true", x=x) == [False, True, True]
    assert answers("x != false", x=x) == [True, False, True]


def test_chained_comparisons_hold_where_every_link_holds() -> None:
    assert answers("0 <= x <= 10", x=number(-1, 0, 10, 11, None)) == [False, True, True, False, False]
    assert answers("0 < x != 5", x=number(0, 5, 6, None)) == [False, False, True, False]


def test_membership_is_one_comparison_with_each_member() -> None:
    x = text("a", "b", "c", None)
    assert answers("x in ['a', 'c']", x=x) == [True, False, True, False]
    assert answers("x not in ['a', 'c']", x=x) == [False, True, False, True]
    assert answers("n in [1, 2.5]", n=number(1, 2, 2.5, denominator=10)) == [True, False, True]


def test_arithmetic_is_exact_and_empty_where_a_side_is() -> None:
    x, y = number(0.1, 1, None, denominator=10), number(0.02, None, 1, denominator=100)
    assert answers("x + y", x=x, y=y) == [Fraction(12, 100), None, None]
    assert answers("x - y", x=x, y=y) == [Fraction(8, 100), None, None]
    assert answers("x * y", x=x, y=y) == [Fraction(2, 1000), None, None]
    assert answers("-x + 0.3", x=x) == [Fraction(2, 10), Fraction(-7, 10), None]
    assert answer("0.1 + 0.2 == 0.3") is True


def test_either_side_of_an_if_keeps_its_empty_cells() -> None:
    flag, x = boolean(True, False, None), number(1, 2, 3)
    assert answers("x if flag else 0.5", flag=flag, x=x) == [1, Fraction(1, 2), Fraction(1, 2)]
    assert answers("'yes' if flag else word", flag=flag, word=text("a", None, "b")) == ["yes", None, "b"]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"x": date("2023-08-31", "2023-09-01", None)}, [False, True, False]),
        ({"x": date(None, None, None)}, [False, False, False]),
    ],
)
def test_a_text_beside_a_date_is_a_date(columns: dict[str, Vector], expected: list[bool]) -> None:
    assert answers("x >= '2023-09-01'", **columns) == expected
    assert answers("'2023-09-01' <= x", **columns) == expected


def test_datetimes_are_compared_as_instants() -> None:
    # The same wall-clock hour of two days, and the hours around the change to winter time.
    before, after = (
        moment("2026-10-25 02:59", "2026-10-25 03:30"),
        moment("2026-10-25 03:00", "2026-10-25 04:00"),
    )
    assert answers("a < b", a=before, b=after) == [True, True]


def test_texts_of_different_columns_are_compared_by_what_they_say() -> None:
    assert answers("a == b", a=text("x", "y", None), b=text("y", "y", None)) == [False, True, False]
    assert answers("a != b", a=text("x", "y", None), b=text("y", "y", None)) == [True, False, True]


def test_names_are_the_columns_an_expression_reads() -> None:
    read = names("hours(arrived, reached) <= limit('x', arrived) and true or kind in ['a']")
    assert read == {"arrived", "reached", "kind"}
