"""Rows of typed cells in deliveries, and the files of a data folder made of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from tests.oracle.dates import month_text, week_text

Cell = str | int | bool | Decimal | date | datetime | None
Row = dict[str, Cell]
WINDOWS = {"visits": 3, "answers": 2, "staff": 2, "ledger": 12, "shifts": 2}
"""The sources of ``tiny`` and their windows in months."""


@dataclass(frozen=True)
class Delivery:
    """One source's files of a data month, each a tuple of rows; ``covers`` is a first month declared."""

    source: str
    month: int
    extracted: date
    files: tuple[tuple[Row, ...], ...]
    covers: int | None = None

    @property
    def rows(self) -> list[Row]:
        """The rows of all files in the order they are read."""
        return [row for file in self.files for row in file]


def _text(name: str, cell: Cell) -> str:
    if isinstance(cell, bool):
        return "kyllä" if cell else "ei"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        finnish = f"{cell.day}.{cell.month}.{cell.year}"
        return {"week": week_text(cell), "month": f"{cell:%Y-%m}"}.get(name, finnish)
    return "" if cell is None else str(cell).replace(".", ",") if isinstance(cell, Decimal) else str(cell)


def write(data: Path, deliveries: Iterable[Delivery], columns: dict[str, list[str]]) -> None:
    """Write the deliveries as CSV files, and what is said of them in ``delivery.toml``."""
    for delivery in deliveries:
        folder = data / month_text(delivery.month)
        folder.mkdir(parents=True, exist_ok=True)
        names = columns[delivery.source]
        for number, rows in enumerate(delivery.files):
            path = folder / f"{delivery.source}_{number}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, delimiter=";")
                writer.writerow(names)
                writer.writerows([_text(name, row.get(name)) for name in names] for row in rows)
        with (folder / "delivery.toml").open("a", encoding="utf-8") as note:
            note.write(f"[{delivery.source}]\nextracted_on = {delivery.extracted.isoformat()}\n")
            # Whether to take odd deliveries, and what to doubt of them, is another question.
            note.write('confirm_shrink = true\nconfirm_rows = ["whole"]\n')
            if delivery.covers is not None:
                months = (month_text(delivery.covers), month_text(delivery.month))
                note.write(f'covers = ["{months[0]}", "{months[1]}"]\n')
