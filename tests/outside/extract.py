"""An extract as cells that a test changes and writes back, as text or as a workbook."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from opti_reports.demo.layout import LAYOUTS, Layout
from tests.workspaces import LAST

Cell = Any
Change = Callable[[str], Cell]
Chosen = Callable[[list[Cell]], bool]


@dataclass(frozen=True)
class Formula:
    """A formula and what it came to; nothing where nobody has computed it, as when a program wrote it."""

    text: str
    value: str = ""


@dataclass
class Extract:
    """A file's headings and rows; ``at`` finds a column by its canonical name."""

    path: Path
    layout: Layout
    head: list[str]
    rows: list[list[Cell]] = field(default_factory=list)

    def at(self, column: str) -> int:
        """Where a column stands."""
        return self.head.index(self.layout.column(column).header)

    def set(self, column: str, change: Change, where: Chosen | None = None, most: int = 10**9) -> int:
        """Change the cells of a column in the chosen rows, at most so many; returns how many were changed."""
        at, done = self.at(column), 0
        for row in self.rows:
            if done < most and (where is None or where(row)) and (new := change(row[at])) != row[at]:
                row[at], done = new, done + 1
        assert done, f"nothing to change in {column}"
        return done

    def of_month(self, column: str, month: str = LAST) -> Chosen:
        """Whether a row's date lies in a month, however it is written."""
        at = self.at(column)
        year, number = month.split("-")
        forms = (month, f".{int(number)}.{year}", f"{number}/{year}")
        return lambda row: any(form in str(row[at]) for form in forms)

    def save(
        self,
        *,
        encoding: str = "",
        delimiter: str = "",
        quoted: bool = False,
        before: str = "",
        after: str = "",
    ) -> None:
        """Write it back as text, in its own encoding and with its own delimiter unless others are given."""
        target = io.StringIO()
        end = self.layout.line_end
        delimiter = delimiter or self.layout.delimiter
        if quoted:
            writer = csv.writer(target, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator=end)
        else:
            writer = csv.writer(target, delimiter=delimiter, lineterminator=end)
        writer.writerows([self.head, *self.rows])
        text = before + target.getvalue() + after
        self.path.write_bytes(text.encode(encoding or self.layout.encoding))

    def workbook(self, *, date_1904: bool = False, dates: str = "d.m.yyyy", cover: bool = False) -> None:
        """Write it as a workbook in place of its text; ``dates`` is their format, empty for General."""
        self.path.unlink()
        self.path = self.path.with_suffix(".xlsx")
        options = {"date_1904": True} if date_1904 else {}
        with xlsxwriter.Workbook(self.path, options) as book:
            if cover:
                book.add_worksheet("Kansi").write(0, 0, "Raportti")
            sheet = book.add_worksheet("Tiedot")
            form = book.add_format({"num_format": dates} if dates else {})
            sheet.write_row(0, 0, self.head)
            for y, row in enumerate(self.rows, 1):
                for x, cell in enumerate(row):
                    _write(sheet, y, x, cell, form)


def _write(sheet: Any, y: int, x: int, cell: Cell, form: Any) -> None:
    if isinstance(cell, Formula):
        sheet.write_formula(y, x, cell.text, None, cell.value)
    elif isinstance(cell, dt.datetime | dt.date):
        sheet.write_datetime(y, x, cell, form)
    elif isinstance(cell, str):
        sheet.write_string(y, x, cell) if cell else None
    elif cell is not None:
        sheet.write(y, x, cell)


def files(root: Path, source: str, part: str = "", month: str = LAST) -> list[Path]:
    """The files of a source in a month, those whose names hold a part."""
    stem = LAYOUTS[source].stem
    found = [path for path in sorted((root / "data" / month).glob(f"{stem}*")) if part in path.name]
    assert found, f"no {stem}*{part}* in {month}"
    return found


def opened(path: Path, source: str) -> Extract:
    """A file of a source, its cells as they stand."""
    layout = LAYOUTS[source]
    if path.suffix == ".xlsx":
        head, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        return Extract(path, layout, [str(cell) for cell in head], [list(row) for row in rows])
    with path.open(encoding=layout.encoding, newline="") as file:
        lines = list(csv.reader(file, delimiter=layout.delimiter))
    return Extract(path, layout, lines[0], lines[1:])


def edited(root: Path, source: str, part: str, *changes: Callable[[Extract], object]) -> Sequence[Extract]:
    """Open files, change each, write them back as text."""
    found = [opened(path, source) for path in files(root, source, part)]
    for extract in found:
        for change in changes:
            change(extract)
    return found
