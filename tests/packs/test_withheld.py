"""Where most of a table is withheld a line stands; breakdowns of whole years say that they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from opti_reports.config.configs import Configs
from opti_reports.errors import PackError
from opti_reports.model.charts import Bars
from opti_reports.model.pack import Block, MetricTable, Table
from opti_reports.model.value import Value, Values
from opti_reports.packs.build import build
from opti_reports.packs.material import Material
from opti_reports.periods.cadence import MONTH, ROLLING
from opti_reports.periods.period import Period
from tests.packs import fixture
from tests.packs.world import DATA_MONTH, spec

NOW, YEAR = Period(MONTH, DATA_MONTH), Period(ROLLING, DATA_MONTH)
BEFORE = Period(ROLLING, DATA_MONTH - 12)
BY_NATURE = {"kind": "counts", "metric": "calls_n", "keys": ["nature"]}


def blocks(made: Material, entry: dict[str, Any]) -> Sequence[Block]:
    return build(made, spec("koe", "yksikko", entry), "ranta", "fi").sections[0].blocks


def with_cells(*cells: Value) -> Material:
    plain = (value for value in fixture.material().values if not value.breakdown)
    return replace(fixture.material(), values=Values((*plain, *cells)))


def by_nature(period: Period, **counts: int | None) -> list[Value]:
    """Counts of calls by nature; None is withheld."""
    return [
        fixture.value(
            "calls_n", "ranta", period, "ok" if n else "withheld", part=n or 0, breakdown="nature", key=key
        )
        for key, n in counts.items()
    ]


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ({"a": 9, "b": None}, False),
        (
            {"a": 9, "b": None, "c": None},
            "Jaottelua ei näytetä: useimmat sen luvut ovat niin pieniä, että ne on suojattava.",
        ),
    ],
)
def test_a_line_stands_where_more_than_half_is_withheld(counts: dict[str, int | None], line: str) -> None:
    made = with_cells(*by_nature(NOW, **counts))
    (table,) = blocks(made, BY_NATURE)
    assert isinstance(table, Table)
    assert (table.rows, table.empty) == ((), line) if line else len(table.rows) == 3
    (bars,) = blocks(made, {"kind": "breakdown", "metric": "calls_n", "by": "nature"})
    assert isinstance(bars, Bars)
    assert (bars.bars, bars.note) == ((), line) if line else len(bars.bars) == 2


def test_metrics_that_are_mostly_withheld_are_named_in_one_line() -> None:
    gone = [fixture.value(metric, "ranta", NOW, "withheld") for metric in ("access_pct", "closed_pct")]
    entry = {"kind": "metric_table", "metrics": ["access_pct", "closed_pct", "calls_n"]}
    rows, line = blocks(fixture.material(*gone), entry)
    assert isinstance(rows, MetricTable)
    assert len(rows.rows) == 1
    assert isinstance(line, Table)
    assert line.empty.startswith("Suojattu pienten lukujen vuoksi: ")
    assert blocks(fixture.material(*gone), {"kind": "trends", "metrics": ["calls_n"]})


def yearly(made: Material) -> Material:
    """The same for readers who see breakdowns of calls of whole years."""
    configs: Configs = made.configs
    audiences = configs.audiences
    cases = audiences.sensitivity["cases"].model_copy(update={"whole_years": (made.audience,)})
    seen = audiences.model_copy(update={"sensitivity": {**audiences.sensitivity, "cases": cases}})
    return replace(made, configs=replace(configs, audiences=seen))


@pytest.mark.parametrize("before", [True, False])
def test_who_sees_whole_years_reads_them_named_and_beside_the_year_before(before: bool) -> None:
    totals = [fixture.value("calls_n", "ranta", period, part=90) for period in (YEAR, BEFORE)][: 1 + before]
    cells = [*by_nature(YEAR, a=50, b=40), *(by_nature(BEFORE, a=30) if before else [])]
    made = yearly(with_cells(*by_nature(NOW, a=3), *totals, *cells))
    (table,) = blocks(made, BY_NATURE)
    assert isinstance(table, Table)
    heads = ["12\u00a0kk, elo\u00a025", "12\u00a0kk, elo\u00a026"][1 - before :]
    assert [column.label for column in table.columns][1:] == heads
    assert [row[-1] for row in table.rows] == ["50", "40", "90"]


def test_what_would_tell_withheld_figures_is_not_made() -> None:
    made = replace(fixture.material(), audience="county", exposed=(("calls_n", "ranta"),))
    with pytest.raises(PackError) as error:
        made.check()
    assert (
        error.value.what == "what county is always shown would reveal withheld figures of calls_n (yksikko)"
    )
    assert error.value.exit_code == 5
    fixture.material().check()
