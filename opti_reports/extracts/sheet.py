"""The first visible sheet of a workbook as rows of text, with their row numbers."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum, load_workbook

from opti_reports.errors import ExtractError

FULL = 1_048_576
MOST_BYTES = 400 << 20
MOST_CELLS = 25_000_000
"""A sheet is laid out whole from its first cell to its last, some 60 bytes a cell, however few are filled."""
LOOKED_AT = 50
"""How many rows of a further sheet are searched for headings."""
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
"""What the archive's reader raises for files damaged in one way or another."""
_CORNER = re.compile(rb'<dimension ref="[A-Z]+[0-9]+:([A-Z]+)([0-9]+)"')


def rows(path: Path, headed: Callable[[list[str]], bool] | None = None) -> list[tuple[int, list[str]]]:
    """Every row that is not blank, with its number from 1; all rows are equally long.

    Hidden sheets are passed over. Raises ExtractError when the workbook cannot be opened, is full, would not
    fit in memory, or when another sheet that can be seen is ``headed`` as well: its rows would be lost.
    Without ``headed`` further sheets are taken for lists to choose from.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
            if size > MOST_BYTES:
                raise ExtractError(
                    f"the workbook unpacks to {size >> 20} MB", path.name, "Deliver it as CSV."
                )
            _refuse_far_cells(archive, path.name)
        book = load_workbook(path)
        first, *others = _seen(book, path.name)
        cells = book.get_sheet_by_name(first).to_python(skip_empty_area=False)
        doubled = [name for name in others if headed and _head(book, name, headed)]
    except (*DAMAGED, CalamineError) as error:
        raise ExtractError(
            f"the workbook cannot be opened: {error}", path.name, "Save it again as .xlsx."
        ) from None
    if len(cells) >= FULL:
        raise ExtractError("the sheet is full, so rows may be missing", path.name, "Deliver it as CSV.")
    if doubled:
        raise ExtractError(
            f"the sheet '{doubled[0]}' has the same headings as the first sheet '{first}'",
            path.name,
            "Put all rows on one sheet, or delete or hide the sheet that does not count.",
        )
    texts = ([_text(cell) for cell in row] for row in cells)
    return [(number, row) for number, row in enumerate(texts, 1) if any(row)]


def first_name(path: Path) -> str:
    """The name of the sheet that is read."""
    return _seen(load_workbook(path), path.name)[0]


def _seen(book: CalamineWorkbook, file: str) -> list[str]:
    """The names of the sheets of cells that a person sees. Raises ExtractError when there is none."""
    seen = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    if not seen:
        raise ExtractError("the workbook has no visible sheet", file, "Put the rows on the first sheet.")
    return seen


def _head(book: CalamineWorkbook, name: str, headed: Callable[[list[str]], bool]) -> bool:
    """Whether the first filled row of a sheet holds the headings, with anything below it."""
    filled = [row for row in book.get_sheet_by_name(name).to_python(nrows=LOOKED_AT) if any(row)]
    return len(filled) > 1 and headed([_text(cell) for cell in filled[0]])


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
