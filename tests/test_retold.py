"""What a run says has changed is what an earlier run could have told."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import pytest

from opti_reports.catalogue.graph import facts_of
from opti_reports.config.load import load
from opti_reports.disclosure.amounts import concerned
from opti_reports.metrics.evaluate import values
from opti_reports.model.value import Value
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.months import parse_month
from opti_reports.stages.inputs import inputs, now_and_before
from tests.pipeline import taken_until
from tests.workspaces import LAST


def test_only_figures_of_periods_that_were_over_before_are_revised(shipped_run: Path) -> None:
    """In July nobody was told the tertial or the year to August, not even a part of it."""
    with (shipped_run / "output" / LAST / "values.csv").open(encoding="utf-8", newline="") as file:
        revised = {(row["period_kind"], row["period"]) for row in csv.DictReader(file) if row["revised"]}
    assert any(kind == "month" for kind, _ in revised)
    assert revised.isdisjoint({("tertial", "2026-T2"), ("ytd", LAST), ("rolling_12m", LAST), ("month", LAST)})


@pytest.mark.parametrize("month", [LAST, "2026-05"])
def test_the_month_before_is_retold_as_it_was(shipped_run: Path, store: Path, month: str) -> None:
    """Only what the month's deliveries replaced is computed again; nobody can tell the difference."""
    configs, data = load(shipped_run / "configs"), shipped_run / "data"
    guarded = concerned(configs.metrics, configs.protections)
    facts, at = facts_of(configs, guarded), parse_month(month)
    taken = taken_until(configs, data, store, month)
    earlier = inputs(configs, taken.until(at - 1), at - 1, facts)
    now = inputs(configs, taken, at, facts)
    _, retold = now_and_before(configs, taken, now, [id for id in guarded if id in now.metrics], guarded)

    def figures(found: Iterable[Value]) -> set[object]:
        return {
            (v.metric, v.org, v.period, v.breakdown, v.key, v.state, v.value, v.num, v.den, v.n)
            for v in found
            if v.metric in guarded and v.state != "missing"
            if v.metric not in configs.behind or v.period.cadence is not MONTH  # which nobody is shown
        }

    assert figures(retold) == figures(values(earlier))
