"""What a source's files hold already, row by row, and the workbook into which imports write."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

import xlsxwriter

from opti_reports.config.source import Source
from opti_reports.extracts.pieces import Skipped, open_file, pieces
from opti_reports.extracts.plain import PlainReader
from opti_reports.model.role import Roles

Cells = Mapping[str, str]
"""The filled cells of a row by column: codes, ISO dates, safe text."""
_WIDTHS = {"title": 48.0, "quote": 48.0}


def rows(source: Source, path: Path, roles: Roles) -> list[dict[str, str]]:
    """Return the rows of a file of the source in order; cells that cannot be read are empty.

    Raises ExtractError when the file cannot be used at all.
    """
    readers = {name: PlainReader(column, roles) for name, column in source.column.items()}
    found = []
    for piece in pieces(source, open_file(source, path), Skipped()):
        columns = {name: texts.to_pylist() for name, texts in piece.columns.items()}
        for at in range(len(piece.lines)):
            read = {name: readers[name](texts[at])[0] for name, texts in columns.items()}
            found.append({name: cell for name, cell in read.items() if cell})
    return found


def key_of(source: Source, cells: Cells) -> tuple[str, ...]:
    """Return the cells that tell a row from every other."""
    return tuple(cells.get(name, "") for name in source.key)


def by_key(source: Source, files: Iterable[Path], roles: Roles) -> dict[tuple[str, ...], dict[str, str]]:
    """Return the rows of files by key; of those with the same key the last."""
    return {key_of(source, cells): cells for path in files for cells in rows(source, path, roles)}


def workbook(source: Source, found: Iterable[Cells]) -> bytes:
    """Return the rows as a workbook of the source: the same bytes for the same rows, nothing
    in it a formula.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": dt.datetime(2020, 1, 1), "title": source.id})
    head, day = book.add_format({"bold": True}), book.add_format({"num_format": "d.m.yyyy"})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for at, (name, column) in enumerate(source.column.items()):
        sheet.write_string(0, at, column.aliases[0] if column.aliases else name, head)
        sheet.set_column(at, at, _WIDTHS.get(column.type, 18.0))
    for line, cells in enumerate(found, 1):
        for at, (name, column) in enumerate(source.column.items()):
            text = cells.get(name, "")
            if text and column.type in ("date", "month"):
                sheet.write_datetime(line, at, dt.datetime.fromisoformat(text), day)
            elif text and column.type == "boolean":
                sheet.write_boolean(line, at, text == "true")
            elif text:
                sheet.write_string(line, at, text)
    book.close()
    return buffer.getvalue()
