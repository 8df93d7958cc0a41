"""Random rows in random deliveries: the pipeline gives what a direct computation gives."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.model.value import SHOWN, Value, Values
from tests.oracle.dates import last_day, month_text
from tests.pipeline import ROOT, computed
from tests.property.deliveries import Delivery, Row, write
from tests.property.entries import usable
from tests.property.grid import HALF, grid
from tests.property.naive import METRICS, Naive, Place
from tests.property.strategies import FIRST, LAST, Case, cases, histories, monthly, split

FEBRUARY = 2021 * 12 + 1
TINY = ROOT / "tests" / "workspaces" / "tiny" / "configs"
SOME = settings(max_examples=10, suppress_health_check=list(HealthCheck))
FEW = settings(max_examples=8, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=1000, suppress_health_check=list(HealthCheck))
ADDED = frozenset(
    {
        "visits_n",
        "quick_pct",
        "office_weeks_pct",
        "minutes_mean",
        "wait_median",
        "wait_q90",
        "clients_n",
        "coc",
    }
    | {"clients_done_pct", "due_pct", "answered_pct", "kind_gap", "kind_ratio", "nps", "nps_wave"}
    | {"statements_mean", "total_mean"}
)
"""Metrics that add rows. The others ask for more: for a row's neighbours, or for what stood in each month."""


@cache
def tiny() -> Configs:
    return load(TINY)


def product(data: Path, output: Path, month: int) -> Values:
    return computed(tiny(), data, output, month_text(month))


def written(data: Path, deliveries: Sequence[Delivery]) -> Path:
    write(data, deliveries, {source.id: list(source.column) for source in tiny().sources.values()})
    return data


def shown(values: Values) -> dict[Place, Value]:
    """The values that may be read, by place."""
    found = {
        Place(v.metric, v.org, v.period.cadence.id, v.period.text, v.breakdown, v.key): v for v in values
    }
    return {place: value for place, value in found.items() if value.state in SHOWN}


def differences(values: Values, naive: Naive) -> list[str]:
    """Where the product and the direct computation do not say the same."""
    found, told = shown(values), naive.told()
    lines = [
        f"{place}: only the direct computation has {told[place]}" for place in told.keys() - found.keys()
    ]
    for place, value in found.items():
        wanted = told.get(place)
        got = (value.state, value.value, value.num, value.den, value.n)
        if wanted is not None and got != (wanted.state, *wanted.figure):
            lines.append(f"{place}: the product has {got}, the direct computation {wanted}")
        if wanted is None:
            lines.append(f"{place}: only the product has {got}")
    return sorted(lines)


def agree(values: Values, deliveries: Sequence[Delivery], month: int) -> None:
    lines = differences(values, Naive(deliveries, TINY / "organisation.toml", month))
    assert not lines, f"{len(lines)} differences in {month_text(month)}:\n" + "\n".join(lines[:10])


def everything_holds(deliveries: Sequence[Delivery], month: int) -> None:
    """The data month alone, again from the store, and once more when later deliveries have come."""
    with tempfile.TemporaryDirectory() as folder:
        data, output = Path(folder) / "data", Path(folder)
        written(data, [d for d in deliveries if d.month <= month])
        values = product(data, output, month)
        agree(values, deliveries, month)
        assert product(data, output, month) == values
        later = [d for d in deliveries if d.month > month]
        if later:
            written(data, later)
            last = max(d.month for d in later)
            agree(product(data, output, last), deliveries, last)
            assert product(data, output, month) == values


@SOME
@given(histories(most=24), st.data())
def test_pipeline_is_the_direct_computation(deliveries: list[Delivery], data: st.DataObject) -> None:
    everything_holds(deliveries, data.draw(st.sampled_from(sorted({d.month for d in deliveries}))))


def test_every_edge_is_computed_alike() -> None:
    everything_holds(grid(), HALF)


def test_a_unit_has_reported_when_each_of_its_numbers_is_filled() -> None:
    """People of both months, hours of one: hours per person are not whole."""
    cells: Row = {"unit_code": "H6", "people": Decimal(3), "posts": 4}
    rows = tuple({**cells, "month": date(2021, m, 1), "hours": hours} for m, hours in ((1, None), (2, 7)))
    everything_holds([Delivery("staff", FEBRUARY, date(2021, 2, 28), (rows,), None)], FEBRUARY)


@pytest.mark.heavy
@MANY
@given(histories(most=40), st.data())
def test_pipeline_is_the_direct_computation_at_length(
    deliveries: list[Delivery], data: st.DataObject
) -> None:
    everything_holds(deliveries, data.draw(st.sampled_from(sorted({d.month for d in deliveries}))))


@FEW
@given(st.data())
def test_any_split_into_units_months_and_files_merges_to_the_same_root(data: st.DataObject) -> None:
    first = data.draw(st.integers(FIRST, LAST))
    until = data.draw(st.integers(first, LAST))
    apart: list[Delivery] = []
    together: list[Delivery] = []
    for source in ("visits", "answers"):
        found: list[Case] = data.draw(cases(source, first, until, 15))
        rows = usable(Delivery(source, until, last_day(until + 12), (tuple(case.cells for case in found),)))
        apart += monthly(source, rows, until)
        together.append(data.draw(split(source, rows, until)))
    with tempfile.TemporaryDirectory() as folder:
        roots = []
        for number, deliveries in enumerate((apart, together)):
            values = product(written(Path(folder) / str(number), deliveries), Path(folder), until)
            roots.append([v for v in values if v.org == "whole" and v.metric in ADDED])
    assert roots[0] == roots[1]
    assert {v.metric for v in roots[0]} >= ADDED - {"nps_wave"}  # there may be no wave


def test_every_metric_is_computed_directly() -> None:
    assert METRICS.keys() == tiny().metrics.keys()
    for name, metric in METRICS.items():
        assert metric.kinds == tuple(one.id for one in tiny().metrics[name].cadences)
