"""In every pack of a run a list is as long as the figure beside it says, and a table adds up to its total.

Read from the packs' contents and the tables of values, without opti_reports.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.workspaces import LAST

MORE = re.compile(r"Lisäksi (\d+|yksi) muu")
Table = dict[str, Any]


def tables(run: Path, pattern: str) -> Iterator[tuple[str, Table]]:
    """Every table of the packs, with whose pack it is in."""
    for path in sorted((run / "output" / LAST / "packs").glob(pattern)):
        pack = json.loads(path.read_text(encoding="utf-8"))
        for block in (block for section in pack["sections"] for block in section["blocks"]):
            if block["kind"] == "table":
                yield path.name.partition(".")[0], block


def figures(run: Path, name: str, metric: str) -> dict[str, str]:
    """The newest month's headlines of a metric by organisation, of those who see a table of values."""
    with (run / "output" / LAST / name).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["metric"] == metric and not row["breakdown"]]
    return {row["org"]: row["value"] for row in rows if row["period"] == LAST}


def test_a_units_list_of_open_reports_is_as_long_as_the_figure_says(shipped_run: Path) -> None:
    said = figures(shipped_run, "values.unit.csv", "haipro_open_n")
    seen = 0
    for org, table in tables(shipped_run, "unit/*.fi.json"):
        if table["caption"].startswith("Avoimet HaiPro-ilmoitukset"):
            more = MORE.search(table["note"])
            left = more[1].replace("yksi", "1") if more else "0"
            assert len(table["rows"]) + int(left) == int(said.get(org) or 0), org
            seen += len(table["rows"])
    assert seen


def test_the_keys_of_a_table_of_counts_add_up_to_its_total(shipped_run: Path) -> None:
    whole, with_gaps = 0, 0
    for org, table in tables(shipped_run, "*/*.fi.json"):
        *rows, total = table["rows"] or [[]]
        if not rows or total[0] != "Yhteensä" or MORE.search(table["note"]):
            continue
        for column in list(zip(*table["rows"], strict=True))[1:]:
            known = [
                int(cell.replace("\u00a0", "")) for cell in column if cell.replace("\u00a0", "").isdigit()
            ]
            place = f"{org}: {table['caption']}: {column}"
            if len(known) == len(column):
                assert sum(known[:-1]) == known[-1], place
                whole += 1
            elif column[-1].replace("\u00a0", "").isdigit():
                assert sum(known[:-1]) <= known[-1], place
                with_gaps += 1
    assert whole > 50
    assert with_gaps
