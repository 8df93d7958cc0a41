"""Reads the demo's files back as plain text cells, without the generator's own writer."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineWorkbook

from opti_reports.demo.layout import LAYOUTS, Layout

Row = dict[str, str]
ORGANISATION = Path("configs/organisation.toml")
FIRST, LAST = "2026-02", "2026-08"


def files_of(target: Path, source: str, month: str) -> list[Path]:
    return sorted((target / month).glob(f"{LAYOUTS[source].stem}*"))


def rows_of(target: Path, source: str, month: str = LAST) -> list[Row]:
    """All rows of a source's delivery, keyed by canonical column names."""
    return [row for path in files_of(target, source, month) for row in read(path, LAYOUTS[source])]


def read(path: Path, layout: Layout) -> Iterator[Row]:
    names = [column.name for column in layout.columns]
    lines = _workbook(path) if layout.xlsx else _text(path, layout)
    header = next(lines)
    assert header == [column.header for column in layout.columns]
    for cells in lines:
        assert len(cells) == len(names), f"{path.name}: {cells}"
        yield dict(zip(names, cells, strict=True))


def _text(path: Path, layout: Layout) -> Iterator[list[str]]:
    with path.open(encoding=layout.encoding, newline="") as file:
        yield from csv.reader(file, delimiter=layout.delimiter)


def _workbook(path: Path) -> Iterator[list[str]]:
    for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python():
        yield [_cell(value) for value in row]


def _cell(value: object) -> str:
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else str(value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def moment(text: str) -> dt.datetime:
    """A date or time in any of the forms the demo writes."""
    for form in (
        "%d.%m.%Y %H.%M",
        "%d.%m.%Y",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d",
        "%m/%Y",
        "%Y-%m",
    ):
        try:
            return dt.datetime.strptime(text, form)
        except ValueError:
            continue
    raise ValueError(f"no date: {text!r}")


def month_of(text: str) -> str:
    return f"{moment(text):%Y-%m}"


def share(hits: list[bool]) -> float:
    return sum(hits) / len(hits)
