"""Ratios of two numbers of a row add both or neither, however many rows of a unit stand in one fact."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opti_reports.config.expressions import check_source
from opti_reports.config.metric import AnyMetric
from opti_reports.config.source import Source
from opti_reports.facts.build import Rows, count
from opti_reports.metrics.evaluate import Inputs
from opti_reports.metrics.placed import placed_fact, places
from opti_reports.model.organisation import Organisation, Unit
from opti_reports.model.value import Reason, Value
from tests.algebra.rows import UNKNOWN, Unknown, context, date, number, text
from tests.findings.world import AUGUST, LEVELS, UNITS, metric
from tests.metrics.small import HISTORY, SYSTEM, values

STAFF = """
id            = "staff"
name          = { fi = "Henkilöstö" }
system        = "s"
files         = ["staff*.csv"]
presence      = "required"
owner_role    = { fi = "Controller" }
due           = { working_day = 3 }
date          = "month"
key           = ["unit", "centre", "month"]
window_months = 1
per_unit      = true

[column]
unit   = { type = "code", required = true }
centre = { type = "string", required = true }
month  = { type = "month", required = true }
cost   = { type = "decimal", digits = 1, blank = "unknown" }
years  = { type = "decimal", digits = 1, blank = "unknown" }
absent = { type = "integer", blank = "unknown" }
kind   = { type = "enum", codes = ["x", "y"] }

[[fact]]                                # of a unit; its cost centres are added
id    = "staff"
since = "month"
unit  = "unit"
by    = ["kind"]

[fact.measure]
cost   = "cost"
years  = "years"
absent = "absent"
"""
SOURCE = Source.model_validate(tomllib.loads(STAFF))
CONTEXT = context("2026-08-31")
FOUND, FAULTS = check_source(SOURCE, "staff.toml", CONTEXT)
SHAPE = FOUND[0]

OLD = Unit(
    id="old",
    level="unit",
    type="station",
    parent="south",
    names={"fi": "old"},
    first=0,
    last=AUGUST - 1,
    successor="a",
    small_staff_group=False,
    codes={SYSTEM: ("old",)},
)
OWN = {"a": ("a",), "b": ("b",)}
ORGANISATION = Organisation(
    LEVELS,
    {level: {"fi": level} for level in LEVELS},
    (
        *(
            Unit(
                id=u.id,
                level=u.level,
                type=u.type,
                parent=u.parent,
                names=u.names,
                first=0,
                last=None,
                successor=None,
                small_staff_group=False,
                codes={SYSTEM: OWN.get(u.id, ())},
            )
            for u in UNITS
        ),
        OLD,
    ),
    "other",
)
AT = places(ORGANISATION.tree(AUGUST))

Cell = float | Unknown


class Centre(NamedTuple):
    """A row of the extract: a cost centre's numbers of August."""

    unit: str
    cost: Cell
    years: Cell
    absent: Cell = 1
    kind: str | Unknown = "x"


def figures(rows: list[Centre], one: AnyMetric) -> dict[str, Value]:
    """The metric's values of August by organisation."""
    columns = {
        "unit": text(*(row.unit for row in rows)),
        "centre": text(*(str(place) for place in range(len(rows)))),
        "month": date(*("2026-08-01" for _ in rows)),
        "cost": number(*(row.cost for row in rows), denominator=10),
        "years": number(*(row.years for row in rows), denominator=10),
        "absent": number(*(row.absent for row in rows)),
        "kind": text(*(row.kind for row in rows), codes=("x", "y")),
    }
    delivered = Rows(
        columns=columns, rank=np.arange(len(rows)), size=len(rows), read=len(rows), rejects=(), ignored=()
    )
    made = count(SOURCE, AUGUST, {SHAPE.id: SHAPE}, delivered, CONTEXT)
    fact = placed_fact(
        SHAPE, made.tables[SHAPE.id].rows, frozenset({AUGUST}), SOURCE, ORGANISATION, AT, AUGUST
    )
    found = values(
        Inputs(
            metrics={"m": one},
            facts={SHAPE.id: fact},
            organisation=ORGANISATION,
            at=AT,
            month=AUGUST,
            **HISTORY,
        )
    )
    return {org: value for (org, _), value in found.items()}


def ratio(above: str, below: str, of: str = "") -> AnyMetric:
    """One number by another."""
    return metric("eur", num=f"staff.{above}{of}", den=f"staff.{below}{of}", decimals=1)


def seen(value: Value) -> tuple[object, ...]:
    return value.state, value.reason, value.unknown, value.value, value.num, value.den


def test_the_source_has_no_fault() -> None:
    assert FAULTS == []


@pytest.mark.parametrize("second", ["a", "old"], ids=["two cost centres", "a merged unit"])
def test_a_cost_centre_that_lacks_a_number_takes_no_other_along(second: str) -> None:
    """The first has 120.5 and 2.5: 48.2 each. The second has 3 person-years, and nobody knows their cost."""
    rows = [Centre("a", 120.5, 2.5, 7), Centre(second, UNKNOWN, 3, 8), Centre("b", 10, 1)]
    left = Fraction("120.5"), Fraction("2.5")
    assert seen(figures(rows, ratio("cost", "years"))["a"]) == (
        "partial", Reason("unknown", 1), 1, Fraction("48.2"), *left,
    )  # fmt: skip
    # With b: 130.5 by 3.5.
    assert figures(rows, ratio("cost", "years"))["all"].value == Fraction(1305, 35)
    # Another ratio of the same row has both its numbers: 15 by 5.5.
    assert seen(figures(rows, ratio("absent", "years"))["a"]) == (
        "ok", None, 0, Fraction(30, 11), Fraction(15), Fraction("5.5"),
    )  # fmt: skip


def test_a_total_adds_each_number_that_is_known() -> None:
    rows = [Centre("a", 120.5, UNKNOWN), Centre("a", UNKNOWN, 3), Centre("a", 1, 1), Centre("b", 10, 1)]
    of_cost, of_years, each = (
        figures(rows, one)["a"]
        for one in (
            metric("eur", kind="total", num="staff.cost", decimals=1),
            metric("eur", kind="total", num="staff.years", decimals=1),
            ratio("cost", "years"),
        )
    )
    assert (of_cost.state, of_cost.unknown, of_cost.value) == ("partial", 1, Fraction("121.5"))
    assert (of_years.state, of_years.unknown, of_years.value) == ("partial", 1, Fraction(4))
    assert seen(each) == ("partial", Reason("unknown", 2), 2, Fraction(1), Fraction(1), Fraction(1))


def test_a_row_in_doubt_for_its_key_and_for_a_number_is_one_row_in_doubt() -> None:
    rows = [
        Centre("a", 6, 2),
        Centre("a", 9, 2, kind="y"),
        Centre("a", 1, 1, kind=UNKNOWN),
        Centre("a", UNKNOWN, 1, kind=UNKNOWN),
    ]
    assert seen(figures(rows, ratio("cost", "years", "[kind=x]"))["a"]) == (
        "partial", Reason("unknown", 2), 2, Fraction(3), Fraction(6), Fraction(2),
    )  # fmt: skip


cell = st.one_of(st.just(UNKNOWN), st.integers(0, 9))
centre = st.builds(Centre, st.sampled_from(["a", "b", "old"]), cell, cell, cell)


@given(st.lists(centre, max_size=8), st.permutations(["cost", "years", "absent"]))
def test_each_ratio_is_that_of_the_rows_that_have_both_its_numbers(
    rows: list[Centre], names: list[str]
) -> None:
    above, below, _ = names
    found = figures(rows, ratio(above, below))
    for org, units in (("all", ("a", "b", "old")), ("a", ("a", "old")), ("b", ("b",))):
        own = [(getattr(row, above), getattr(row, below)) for row in rows if row.unit in units]
        pairs = [pair for pair in own if UNKNOWN not in pair]
        num, den = (sum(side) for side in zip(*pairs, strict=True)) if pairs else (0, 0)
        assert found[org].unknown == len(own) - len(pairs)
        assert found[org].value == (Fraction(num, den) if den else None)
