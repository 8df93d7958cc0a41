"""The first sheet of a workbook as rows of text, with their row numbers."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from pathlib import Path

from python_calamine import CalamineError, load_workbook

from opti_reports.errors import ExtractError

FULL = 1_048_576
MOST_BYTES = 400 << 20
MOST_CELLS = 25_000_000
"""A sheet is laid out whole from its first cell to its last, some 60 bytes a cell, however few are filled."""
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
"""What the archive's reader raises for files damaged in one way or another."""
_CORNER = re.compile(rb'<dimension ref="[A-Z]+[0-9]+:([A-Z]+)([0-9]+)"')


def rows(path: Path) -> list[tuple[int, list[str]]]:
    """Every row that is not blank, with its number from 1; all rows are equally long.

    Raises ExtractError when the workbook cannot be opened, is full, or would not fit in memory.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
            if size > MOST_BYTES:
                raise ExtractError(
                    f"the workbook unpacks to {size >> 20} MB", path.name, "Deliver it as CSV."
                )
            _refuse_far_cells(archive, path.name)
        cells = load_workbook(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (*DAMAGED, CalamineError) as error:
        raise ExtractError(
            f"the workbook cannot be opened: {error}", path.name, "Save it again as .xlsx."
        ) from None
    if len(cells) >= FULL:
        raise ExtractError("the sheet is full, so rows may be missing", path.name, "Deliver it as CSV.")
    texts = ([_text(cell) for cell in row] for row in cells)
    return [(number, row) for number, row in enumerate(texts, 1) if any(row)]


def _refuse_far_cells(archive: zipfile.ZipFile, file: str) -> None:
    """Refuse a workbook with a stray cell so far away that all between would not fit in memory."""
    for name in archive.namelist():
        if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
            continue
        with archive.open(name) as sheet:
            corner = _CORNER.search(sheet.read(4096))
        if corner and _column(corner[1]) * int(corner[2]) > MOST_CELLS:
            raise ExtractError(
                f"a sheet reaches as far as the cell {(corner[1] + corner[2]).decode()}",
                file,
                "Delete what stands outside the table, or deliver it as CSV.",
            )


def _column(letters: bytes) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.9f}".rstrip("0")
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return "" if cell is None else str(cell).strip()
