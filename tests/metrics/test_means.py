"""Means of numbers that may be below nothing, with their 95 % intervals by Student's t."""

from __future__ import annotations

import math
import statistics
import tomllib
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from opti_reports.algebra.student import of_mean
from opti_reports.config.expressions import check_source
from opti_reports.config.metric import AnyMetric
from opti_reports.config.source import Source
from opti_reports.facts.build import Rows, count
from opti_reports.metrics.evaluate import Inputs
from opti_reports.metrics.placed import placed_fact
from opti_reports.model.value import Value
from tests.algebra.rows import UNKNOWN, Unknown, context, date, number, text
from tests.findings.world import AUGUST, metric
from tests.metrics.small import AT, HISTORY, ORGANISATION, SYSTEM, values

ANSWERS = f"""
id            = "answers"
name          = {{ fi = "Vastaukset" }}
system        = "{SYSTEM}"
files         = ["answers*.csv"]
presence      = "required"
owner_role    = {{ fi = "Pääkäyttäjä" }}
due           = {{ working_day = 3 }}
date          = "day"
key           = ["id"]
window_months = 1

[column]
id    = {{ type = "string", required = true }}
unit  = {{ type = "code", required = true }}
day   = {{ type = "date", required = true }}
first = {{ type = "decimal", digits = 1, blank = "not_asked" }}
later = {{ type = "decimal", digits = 1, blank = "not_asked" }}

[[fact]]
id     = "answers"
since  = "day"
unit   = "unit"
partly = ["change", "square"]

[fact.measure]
change = "later - first"
n      = "not_null(first) and not_null(later)"
square = "change * change"
"""
SOURCE = Source.model_validate(tomllib.loads(ANSWERS))
CONTEXT = context("2026-08-31")
(SHAPE,), FAULTS = check_source(SOURCE, "answers.toml", CONTEXT)
CHANGE: AnyMetric = metric(
    "points",
    num="answers.change",
    den="answers.n",
    squares="answers.square",
    bounds=(-10, 10),
    decimals=1,
)
Cell = float | Unknown | None
Answer = tuple[str, Cell, Cell]
"""A unit, and what was answered first and later."""


def figures(rows: Sequence[Answer]) -> dict[str, Value]:
    """The mean change of August by organisation."""
    columns = {
        "id": text(*(str(place) for place in range(len(rows)))),
        "unit": text(*(row[0] for row in rows)),
        "day": date(*("2026-08-01" for _ in rows)),
        "first": number(*(row[1] for row in rows), denominator=10),
        "later": number(*(row[2] for row in rows), denominator=10),
    }
    delivered = Rows(
        columns=columns, rank=np.arange(len(rows)), size=len(rows), read=len(rows), rejects=(), ignored=()
    )
    made = count(SOURCE, AUGUST, {SHAPE.id: SHAPE}, delivered, CONTEXT)
    fact = placed_fact(
        SHAPE, made.tables[SHAPE.id].rows, frozenset({AUGUST}), SOURCE, ORGANISATION, AT, AUGUST
    )
    given = Inputs(
        metrics={"m": CHANGE},
        facts={SHAPE.id: fact},
        organisation=ORGANISATION,
        at=AT,
        month=AUGUST,
        **HISTORY,
    )
    return {org: value for (org, _), value in values(given).items()}


def test_the_source_has_no_fault() -> None:
    assert FAULTS == []


def test_a_mean_worked_out_by_hand() -> None:
    """a: −4, −2, 0, 1 and −5: −10 / 5 = −2; Σx² = 46, s² = (46 − 20) / 4 = 6.5, √(6.5 / 5) = 1.140175,
    t(0.975; 4) = 2.776445: ± 3.165634. b: −1 alone. Together −11 / 6. Without a first answer none counts.
    """
    rows: list[Answer] = [
        *(("a", first, later) for first, later in ((8, 4), (6, 4), (5, 5), (3, 4), (9.5, 4.5))),
        ("a", None, 2),
        ("b", 7, 6),
    ]
    found = figures(rows)
    assert (found["a"].state, found["a"].value, found["a"].num, found["a"].n) == (
        "ok",
        Fraction(-2),
        Fraction(-10),
        5,
    )
    assert found["a"].interval == pytest.approx((-5.165634, 1.165634), abs=1e-6)
    assert (found["b"].value, found["b"].n, found["b"].interval) == (Fraction(-1), 1, None)
    assert (found["all"].value, found["all"].n) == (Fraction(-11, 6), 6)
    # Σx² = 47, s² = (47 − 121 / 6) / 5 = 5.366667, √(s² / 6) = 0.945751, t(0.975; 5) = 2.570582.
    assert found["all"].interval == pytest.approx((-4.264463, 0.597796), abs=1e-5)


def test_nothing_changes_for_anybody_and_nobody_answers() -> None:
    same = figures([("a", 3, 3), ("a", 4, 4), ("b", 4, None)])
    assert (same["a"].value, same["a"].interval) == (Fraction(0), (0.0, 0.0))
    assert (same["b"].state, same["b"].value, same["b"].interval) == ("missing", None, None)


def test_an_answer_nobody_can_read_is_in_neither_and_leaves_the_mean_a_range() -> None:
    found = figures([("a", 8, 4), ("a", 6, 4), ("a", 5, UNKNOWN)])["a"]
    assert (found.state, found.unknown, found.value, found.n) == ("partial", 1, Fraction(-3), 2)
    assert found.range == (Fraction(-16, 3), Fraction(4, 3))  # −10 and +10 of the third
    assert found.interval is not None
    assert found.interval == pytest.approx((-3 - 12.7062, -3 + 12.7062), abs=1e-3)


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=60))
def test_intervals_agree_with_those_of_the_numbers_themselves(tenths: list[int]) -> None:
    numbers = [tenth / 10 for tenth in tenths]
    exact = [Fraction(tenth, 10) for tenth in tenths]
    found = of_mean(sum(exact, Fraction(0)), sum((x * x for x in exact), Fraction(0)), Fraction(len(exact)))
    mean, error = statistics.fmean(numbers), statistics.stdev(numbers) / math.sqrt(len(numbers))
    half = float(stats.t.ppf(0.975, len(numbers) - 1)) * error
    assert found == pytest.approx((mean - half, mean + half), abs=1e-9)


def test_sums_that_are_none_of_squares_give_no_interval() -> None:
    assert of_mean(Fraction(10), Fraction(1), Fraction(5)) is None
    assert of_mean(Fraction(10), Fraction(100), Fraction(1)) is None
