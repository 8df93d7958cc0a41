"""What a run says has changed is what an earlier run could have told."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.workspaces import LAST


def test_only_figures_of_periods_that_were_over_before_are_revised(shipped_run: Path) -> None:
    """In July nobody was told the tertial or the year to August, not even a part of it."""
    with (shipped_run / "output" / LAST / "values.csv").open(encoding="utf-8", newline="") as file:
        revised = {(row["period_kind"], row["period"]) for row in csv.DictReader(file) if row["revised"]}
    assert any(kind == "month" for kind, _ in revised)
    assert revised.isdisjoint({("tertial", "2026-T2"), ("ytd", LAST), ("rolling_12m", LAST), ("month", LAST)})
