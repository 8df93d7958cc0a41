"""Calls by weekday and hour on a unit's page, counted a second time from the rows of the phone system."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from tests.workspaces import LAST

DAYS = ("Maanantai", "Tiistai", "Keskiviikko", "Torstai", "Perjantai", "Lauantai", "Sunnuntai")
TWICE = ("tuplapyyntö", "kaksoispyyntö", "yhdistetty", "dubblett")


def arrivals(workspace: Path, column: str, unit: str) -> list[datetime]:
    """When each contact of a queue, or of who answers it, arrived in the month, as the system wrote it."""
    found: dict[str, datetime] = {}
    for path in sorted((workspace / "data" / LAST).glob("puhelut*.csv")):
        text = path.read_bytes().decode("cp1252").splitlines()
        for row in csv.DictReader(text, delimiter=";"):
            if row[column] == unit and row["Lopputulos"] not in TWICE:
                found[row["Puhelu ID"]] = datetime.strptime(row["Saapunut"], "%d.%m.%Y %H.%M")
    return [moment for moment in found.values() if f"{moment:%Y-%m}" == LAST]


@pytest.mark.parametrize(
    ("id", "column", "unit"),
    [
        ("kirkkonummi", "Jono", "TA Kirkkonummi"),
        ("puhelinpalvelu", "Vastannut yksikkö", "Keskitetty puhelinpalvelu"),
    ],
)
def test_the_page_counts_the_calls_as_the_rows_do(shipped_run: Path, id: str, column: str, unit: str) -> None:
    """A station's own calls; those that the phone service handled, whosever they are."""
    pack = json.loads(
        (shipped_run / "output" / LAST / "packs" / "unit" / f"{id}.fi.json").read_text(encoding="utf-8")
    )
    (table,) = (
        block
        for section in pack["sections"]
        for block in section["blocks"]
        if block["kind"] == "table" and block["shades"]
    )
    hours = [column["label"] for column in table["columns"]]
    counted = Counter(
        (DAYS[moment.weekday()], str(moment.hour)) for moment in arrivals(shipped_run, column, unit)
    )
    cells = {
        (row[0], hour): int(cell)
        for row in table["rows"]
        for hour, cell in zip(hours[1:], row[1:], strict=True)
        if row[0] in DAYS and hour.isdigit()
    }
    assert len(cells) > 20
    assert cells == {place: counted[place] for place in cells}
    assert sum(int(row[-1]) for row in table["rows"]) == counted.total()
