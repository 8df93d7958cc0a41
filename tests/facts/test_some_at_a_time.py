"""A large delivery is counted some rows at a time: the facts are those of all rows at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from opti_reports.config.load import load
from opti_reports.disk import sha256
from opti_reports.extracts import find
from opti_reports.periods.months import parse_month
from opti_reports.stages.reading import Task, read_delivery
from opti_reports.workspace import Workspace
from tests.workspaces import LAST


def kept(place: Workspace, store: Path) -> dict[str, bytes]:
    """What the store has of the last month's deliveries, by source and file."""
    configs = load(place.configs, place.demo)
    found = find.deliveries(place.data, parse_month(LAST), configs.sources, configs.calendar, sha256)
    for delivery in {one.source: one for one in found}.values():
        assert read_delivery(Task(delivery, configs, store, delivery.source, b"secret")) is None
    return {str(path.relative_to(store)): path.read_bytes() for path in sorted(store.rglob("*.*"))}


def test_rows_counted_some_at_a_time_are_the_same_facts(
    shipped_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Workspace(shipped_run)
    whole = kept(place, tmp_path / "whole")
    for module in ("algebra.columns", "algebra.expression"):
        monkeypatch.setattr(f"opti_reports.{module}.AT_A_TIME", 1 << 7)
    assert kept(place, tmp_path / "parts") == whole
    assert len(whole) > 40
