"""An attacker with every published figure of two runs works no withheld one out by sums and differences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from opti_reports.disclosure.gate import Gate
from opti_reports.disclosure.publication import Earlier
from opti_reports.model.organisation import Organisation, Tree, Unit
from opti_reports.model.value import Reason, Value, Values
from opti_reports.periods.cadence import MONTH, TERTIAL
from opti_reports.periods.period import Period
from tests.findings.world import PROTECTION, metric

UNITS = {
    "whole": None,
    "north": "whole",
    "south": "whole",
    "n1": "north",
    "n2": "north",
    "n3": "north",
    "s1": "south",
}
LEAVES = ("n1", "n2", "n3", "s1")
MONTHS = range(672, 680)  # two tertials
KEYS = ("x", "y")
LIMIT = 5
Row = NDArray[np.float64]


def _tree() -> Tree:
    units = tuple(
        Unit(
            id=id,
            level="unit",
            type="station",
            parent=parent,
            names={"en": id},
            first=0,
            last=None,
            successor=None,
            small_staff_group=False,
            codes={},
        )
        for id, parent in UNITS.items()
    )
    return Organisation(("unit",), {"unit": {"en": "unit"}}, units, "whole").tree(680)


TREE = _tree()
METRICS = {"m": metric("count", num=["f.n"], kind="total", sensitivity="five", by=["k"])}


class Atom(NamedTuple):
    """What cannot be taken apart: the cases of a unit, month and key."""

    unit: str
    month: int
    key: str


Counts = dict[Atom, int]


def parts(org: str, period: Period, key: str) -> list[Atom]:
    """The atoms a figure adds."""
    units = [leaf for leaf in LEAVES if org in TREE.lineage(leaf)]
    return [Atom(u, m, k) for u in units for m in period.months for k in KEYS if key in ("", k)]


def periods(until: int) -> Iterator[Period]:
    for month in range(MONTHS.start, until + 1):
        yield Period(MONTH, month)
        if month % 4 == 3:
            yield Period(TERTIAL, month)


def published(counts: Counts, until: int) -> Values:
    found = []
    for period in periods(until):
        for org in UNITS:
            for key in ("", *KEYS):
                n = sum(counts[atom] for atom in parts(org, period, key))
                exact = Fraction(n)
                found.append(
                    Value(
                        metric="m",
                        org=org,
                        period=period,
                        state="ok",
                        value=exact,
                        num=exact,
                        den=None,
                        n=n,
                        interval=None,
                        breakdown="k" * bool(key),
                        key=key,
                    )
                )
    return Values(tuple(found))


def row_of(value: Value, run: int, changed: frozenset[Atom], columns: dict[tuple[Atom, int], int]) -> Row:
    """A figure as a sum of unknowns; an atom that was corrected between the runs is another one in each."""
    row = np.zeros(len(columns))
    for atom in parts(value.org, value.period, value.key):
        row[columns[atom, run if atom in changed else 0]] += 1
    return row


def works_out(runs: list[Values], changed: frozenset[Atom]) -> list[Value]:
    """The withheld figures that are sums and differences of figures shown: they lie in the span of those."""
    every = [Atom(u, m, k) for u in LEAVES for m in MONTHS for k in KEYS]
    columns = {place: i for i, place in enumerate((atom, run) for run in (0, 1) for atom in every)}
    told = [(v, row_of(v, i, changed, columns)) for i, run in enumerate(runs) for v in run]
    _, sizes, directions = np.linalg.svd(np.array([row for v, row in told if v.state == "ok"]))
    span = directions[: int((sizes > 1e-9).sum())]
    return [
        v for v, row in told if v.state == "withheld" and np.linalg.norm(row - span.T @ (span @ row)) < 1e-6
    ]


def least_and_most(runs: list[Values], changed: frozenset[Atom], target: Value, run: int) -> tuple[int, int]:
    """The lowest and highest count of a figure in tables of whole cases, none below nothing, that agree with
    every figure shown in all runs.
    """
    every = [Atom(u, m, k) for u in LEAVES for m in MONTHS for k in KEYS]
    columns = {place: i for i, place in enumerate((atom, number) for number in (0, 1) for atom in every)}
    told = [(v, row_of(v, i, changed, columns)) for i, one in enumerate(runs) for v in one]
    shown = [(row, v.n or 0) for v, row in told if v.state == "ok"]
    agrees = LinearConstraint(
        np.array([row for row, _ in shown]), [n for _, n in shown], [n for _, n in shown]
    )
    aim = row_of(target, run, changed, columns)
    found = []
    for sign in (1, -1):
        answer = milp(
            sign * aim,
            constraints=agrees,
            integrality=np.ones(len(aim), dtype=np.int64),
            bounds=Bounds(0, 500),
        )
        assert answer.success
        found.append(round(float(aim @ answer.x)))
    return found[0], found[1]


def small(values: Values) -> set[tuple[str, Period, str]]:
    return {(v.org, v.period, v.key) for v in values if v.n is not None and 0 < v.n < LIMIT}


counts_strategy = st.fixed_dictionaries(
    {Atom(u, m, k): st.sampled_from((0, 1, 3, 4, 5, 9, 30)) for u in LEAVES for m in MONTHS for k in KEYS}
)


@settings(max_examples=12, deadline=None)
@given(counts_strategy)
def test_no_protected_figure_follows_from_those_shown(counts: Counts) -> None:
    plain = published(counts, MONTHS[-1])
    masked = Gate(METRICS, TREE, PROTECTION).publish(plain).values
    withheld = {(v.org, v.period, v.key) for v in masked if v.state == "withheld"}
    assert small(plain) <= withheld
    protected = [v for v in works_out([masked], frozenset()) if (v.org, v.period, v.key) in small(plain)]
    assert not protected


@settings(max_examples=6, deadline=None)
@given(counts_strategy)
def test_nor_is_it_told_within_its_limit_by_whole_cases_not_below_nothing(counts: Counts) -> None:
    until = MONTHS.start + 3
    plain = published(counts, until)
    masked = Gate(METRICS, TREE, PROTECTION).publish(plain).values
    for value in masked:
        if (value.org, value.period, value.key) in small(plain):
            low, high = least_and_most([masked], frozenset(), value, 0)
            assert high - low >= LIMIT


def test_the_attack_by_bounds_is_able_to_tell() -> None:
    """Two of two, where both others of the sum are nought: sums alone leave them open, counts do not."""
    counts = {Atom(u, m, k): 2 if u == "n1" and k == "x" else 0 for u in LEAVES for m in MONTHS for k in KEYS}
    hidden = [
        v._replace(state="withheld", n=None) if v.org in LEAVES and v.key else v
        for v in published(counts, MONTHS.start)
    ]
    target = next(v for v in hidden if (v.org, v.key) == ("n2", "x"))
    assert least_and_most([Values(tuple(hidden))], frozenset(), target, 0) == (0, 0)


@settings(max_examples=8, deadline=None)
@given(
    counts_strategy,
    st.dictionaries(
        st.sampled_from([Atom(u, m, "x") for u in LEAVES for m in MONTHS[:6]]), st.integers(0, 9), max_size=3
    ),
)
def test_nor_from_two_publications_together(counts: Counts, corrections: Counts) -> None:
    gate = Gate(METRICS, TREE, PROTECTION)
    told = published(counts, MONTHS[-2])
    first = gate.publish(told).values
    changed = frozenset(atom for atom, n in corrections.items() if counts[atom] != n)
    now = published(counts | corrections, MONTHS[-1])
    second = gate.publish(now, [Earlier.of(first, told)]).values
    shown_before = {(v.org, v.period, v.key) for v in first if v.state == "ok"}
    protected = small(now) - shown_before
    found = [
        v
        for v in works_out([first, second], changed)
        if v in set(second) and (v.org, v.period, v.key) in protected
    ]
    assert not found


def test_the_smallest_other_unit_is_withheld_too() -> None:
    counts = {
        Atom(u, m, k): {"n1": 3, "n2": 40, "n3": 20, "s1": 50}[u]
        for u in LEAVES
        for m in MONTHS
        for k in KEYS
    }
    month = Period(MONTH, MONTHS[0])
    masked = Gate(METRICS, TREE, PROTECTION).publish(published(counts, MONTHS[0])).values
    withheld = {(v.org, v.key) for v in masked if v.period == month and v.state == "withheld"}
    assert withheld == {("n1", "x"), ("n1", "y"), ("n3", "x"), ("n3", "y")}
    assert {v.reason for v in masked if v.state == "withheld"} == {Reason("withheld", of=LIMIT)}


def test_what_nobody_can_subtract_leaves_the_others_alone() -> None:
    counts = {Atom(u, m, k): {"n1": 3, "n2": 4}.get(u, 20) for u in LEAVES for m in MONTHS for k in KEYS}
    masked = Gate(METRICS, TREE, PROTECTION).publish(published(counts, MONTHS[0])).values
    assert {v.org for v in masked if v.state == "withheld" and v.key} == {"n1", "n2"}


def test_a_key_alone_among_noughts_does_not_cost_the_headline() -> None:
    month = Period(MONTH, MONTHS[0])
    exact = {"n1": 3, "n2": 30}
    values = [
        Value(
            metric="m", org=org, period=month, state="ok", value=Fraction(n), num=Fraction(n), den=None, n=n
        )
        for org, n in exact.items()
    ]
    values += [values[0]._replace(breakdown="k", key="x"), values[1]._replace(breakdown="k", key="y")]
    gate = Gate({"m": METRICS["m"].model_copy(update={"sensitivity": "cells"})}, TREE, PROTECTION)
    found = {(v.org, v.key): v.state for v in gate.publish(Values(tuple(values))).values}
    assert found == {
        ("n1", ""): "ok",
        ("n2", ""): "ok",
        ("n1", "x"): "withheld",
        ("n1", "y"): "withheld",  # there is none: it is named so that nobody knows
        ("n2", "y"): "ok",
    }


@pytest.mark.parametrize("history", [MONTHS.start, MONTHS.start + 2])
def test_a_small_staff_costs_one_other_unit_and_the_same_one_every_time(history: int) -> None:
    """Where the table begins in mid-tertial, the months before it are not taken for nought."""
    staff = {"n1": 8, "n2": 15, "n3": 40, "s1": 60}
    counts = {
        Atom(u, m, k): staff[u] + (m == MONTHS[1]) * (u == "n2") * 50
        for u in LEAVES
        for m in MONTHS
        for k in KEYS
    }
    rules = METRICS["m"].model_copy(update={"sensitivity": "staff"})
    small = tuple(replace(unit, small_staff_group=unit.id == "n1") for unit in TREE.nodes)
    gate = Gate(
        {"m": rules}, Organisation(("unit",), {"unit": {"en": "unit"}}, small, "whole").tree(680), PROTECTION
    )
    told, now = (
        Values(tuple(v for v in published(counts, until) if v.period.end >= history))
        for until in (MONTHS[-2], MONTHS[-1])
    )
    masked = gate.publish(now, [Earlier.of(gate.publish(told).values, told)]).values
    assert {v.org for v in masked if v.state == "withheld"} == {"n1", "n2"}
