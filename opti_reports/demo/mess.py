"""What goes wrong with real extracts, done to the files of the demo's last month."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Literal

from opti_reports.config.base import Strict
from opti_reports.demo.data import fit, read_tables
from opti_reports.demo.layout import Layout
from opti_reports.periods.months import month_text

Fate = Literal["rejected", "unknown", "unallocated", "dropped", "replaced", "read", "missing"]


class Mess(Strict):
    """One kind of mess: rows of a source's file, or the whole file (mess.toml says what the keys mean)."""

    source: str
    what: str
    fate: Fate
    rows: int = 0
    cells: Mapping[str, str] = {}
    key: bool = False
    columns: int = 0
    blank: int = 0
    encoding: str = ""


MESS = fit(
    Mess,
    [{"source": source} | mess for source, messes in read_tables("mess.toml").items() for mess in messes],
)
MISSING = frozenset(mess.source for mess in MESS if mess.fate == "missing")
"""The sources that the last month lacks."""


def spoil(path: Path, layout: Layout, month: int) -> None:
    """Add the source's messy rows to a good file of the month; a source without mess stays as it is."""
    messes = [mess for mess in MESS if mess.source == layout.source and mess.rows]
    if not messes:
        return
    text = path.read_bytes().decode(layout.encoding)
    good = cycle(_good_rows(text, layout, month))
    out = io.StringIO()
    rows = csv.writer(out, delimiter=layout.delimiter, lineterminator=layout.line_end)
    for mess in messes:
        out.write(layout.line_end * mess.blank)
        for number, row in enumerate(islice(good, mess.rows)):
            rows.writerow(_spoiled(row, layout, mess, number))
    other = next((mess.encoding for mess in messes if mess.encoding), layout.encoding)
    path.write_bytes((text + out.getvalue()).encode(other))


def _good_rows(text: str, layout: Layout, month: int) -> Iterator[list[str]]:
    """Yield the rows of the file whose own date lies in the month, the last first."""
    position = [column.name for column in layout.columns].index(layout.dated[0])
    year, number = month_text(month).split("-")
    wanted = f".{int(number)}.{year}" if layout.dates == "finnish" else f"{year}-{number}"
    lines = (line for line in reversed(text.splitlines()) if wanted in line)
    parsed = (next(csv.reader([line], delimiter=layout.delimiter)) for line in lines)
    return (row for row in parsed if wanted in row[position])


def _spoiled(row: Sequence[str], layout: Layout, mess: Mess, number: int) -> list[str]:
    names = [column.name for column in layout.columns]
    cells = list(row)
    if not mess.key and layout.columns[0].kind == "id":
        cells[0] = f"{cells[0]}X{sum(map(ord, mess.what)) % 1000}{number}"
    for name, value in mess.cells.items():
        cells[names.index(name)] = value
    return cells[: mess.columns] if mess.columns < 0 else cells + ["?"] * mess.columns
