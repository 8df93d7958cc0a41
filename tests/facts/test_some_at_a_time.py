"""A large delivery is read and counted some rows at a time: the store holds what all rows at once give."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from opti_reports.config.load import load
from opti_reports.disk import sha256
from opti_reports.extracts import find
from opti_reports.model.delivery import Delivery
from opti_reports.periods.months import parse_month
from opti_reports.stages.reading import Task, read_delivery
from opti_reports.workspace import Workspace
from tests.workspaces import LAST

CELLS = ("", "NULL", "x", "31.2.2026", "#N/A", "-5", "5.8.2026 9:30", "To 5.3.2026 klo 9", "Yhteensä", "R51 ")
"""What is put in the place of cells: blanks, what nobody can read, and what is only written otherwise."""
SIZES = {
    "algebra.columns.AT_A_TIME": 1 << 7,
    "algebra.links.SHARE": 1 << 8,
    "facts.merging.MERGED_AT_ONCE": 1 << 6,
    "extracts.order.SHARE": 1 << 8,
    "store.shelf.IN_MEMORY": 0,
}


def deliveries(place: Workspace) -> list[Delivery]:
    """The last month's delivery of each source."""
    configs = load(place.configs, place.demo)
    found = find.deliveries(place.data, parse_month(LAST), configs.sources, configs.calendar, sha256)
    return list({one.source: one for one in found}.values())


def spoilt(delivery: Delivery, folder: Path) -> Delivery:
    """The delivery with cells, rows and keys spoilt, as exports come."""
    chosen = random.Random(5)
    heading, *rows = delivery.files[0].read_text(encoding="utf-8-sig").splitlines()
    lines = [heading]
    for row in rows:
        cells = row.split(";")
        if chosen.random() < 0.04:
            cells[chosen.randrange(len(cells))] = chosen.choice(CELLS)
        lines.append(";".join(cells))
        if chosen.random() < 0.004:
            lines.append(
                chosen.choice((row, ";".join(cells[:-3]), ";".join([*cells[:4], "7", *cells[5:]]), ""))
            )
    path = folder / delivery.files[0].name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return replace(delivery, files=(path,), hashes=(sha256(path),))


def kept(place: Workspace, found: list[Delivery], store: Path) -> dict[str, bytes]:
    """What the store has of deliveries, by source and file."""
    configs = load(place.configs, place.demo)
    for delivery in found:
        assert read_delivery(Task(delivery, configs, store, delivery.source, b"secret")) is None
    return {str(path.relative_to(store)): path.read_bytes() for path in sorted(store.rglob("*.*"))}


def some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at few rows at a time, and keep none of them in memory."""
    for name, size in SIZES.items():
        monkeypatch.setattr(f"opti_reports.{name}", size)


@pytest.mark.heavy
def test_rows_counted_some_at_a_time_are_the_same_facts(
    shipped_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Workspace(shipped_run)
    whole = kept(place, deliveries(place), tmp_path / "whole")
    some_at_a_time(monkeypatch)
    assert kept(place, deliveries(place), tmp_path / "parts") == whole
    assert len(whole) > 40


@pytest.mark.heavy
def test_spoilt_rows_are_told_and_counted_the_same_some_at_a_time(
    shipped_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Workspace(shipped_run)
    visits = next(one for one in deliveries(place) if one.source == "avohilmo_events")
    found = [spoilt(visits, tmp_path)]
    whole = kept(place, found, tmp_path / "whole")
    some_at_a_time(monkeypatch)
    assert kept(place, found, tmp_path / "parts") == whole
    note = whole["avohilmo_events/note.json"].decode()
    for reason in ("column_count", "duplicate_identical", "duplicate_replaced", "bad_date", "unknown_code"):
        assert reason in note
