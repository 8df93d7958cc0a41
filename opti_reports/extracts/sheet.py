"""The first visible sheet of a workbook as rows of text, with their row numbers."""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from opti_reports.errors import ExtractError
from opti_reports.extracts import sheetxml
from opti_reports.extracts.disguise import refuse_false_workbook
from opti_reports.extracts.sheetxml import Place

FULL = 1_048_576
MOST_BYTES = 400 << 20
LOOKED_AT = 50
"""How many rows of a further sheet are searched for headings."""
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, KeyError)
"""What the archive's reader raises for files damaged in one way or another."""
FROM_1904 = 1462
"""The days from the first day of the usual count of dates to that of the count from 1904."""


@dataclass(frozen=True)
class Sheet:
    """The rows that are not blank, with their numbers from 1; all rows are equally long.

    ``later`` is by how many days the dates are later that stand there as plain numbers, ``merged`` the first
    and the last cell of each merged range that holds something.
    """

    rows: list[tuple[int, list[str]]]
    later: int = 0
    merged: tuple[tuple[Place, Place], ...] = ()


def read(path: Path, headed: Callable[[list[str]], bool] | None = None) -> Sheet:
    """Return the first sheet that can be seen.

    Hidden sheets are passed over. Raises ExtractError when the workbook cannot be opened, is locked, full,
    would not fit in memory, or when another sheet that can be seen is ``headed`` as well: its rows would be
    lost. Without ``headed`` further sheets are taken for lists to choose from. An error stands as it is shown
    (``#N/A``), a formula without a value as NOT_COMPUTED.
    """
    try:
        refuse_false_workbook(path)
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
            if size > MOST_BYTES:
                raise ExtractError("sheet.large", path.name, mb=size >> 20)
            sheetxml.refuse_far_cells(archive, path.name)
            book = load_workbook(path)
            first, *others = _seen(book, path.name)
            chosen = _chosen(book, first, archive)
            cells = chosen.to_python(skip_empty_area=False)
            place = [sheet.name for sheet in book.sheets_metadata].index(first)
            marks = sheetxml.marks(archive, place, path.name)
            later = FROM_1904 if sheetxml.date_1904(archive) else 0
            doubled = [name for name in others if headed and _head(_chosen(book, name, archive), headed)]
    except (*DAMAGED, CalamineError) as error:
        raise ExtractError("sheet.unreadable", path.name, why=str(error)) from None
    if len(cells) >= FULL:
        raise ExtractError("sheet.full", path.name)
    if doubled:
        raise ExtractError("sheet.second", path.name, second=doubled[0], first=first)
    texts = [[_text(cell) for cell in row] for row in cells]
    _mark(texts, marks)
    return Sheet(
        [(number, row) for number, row in enumerate(texts, 1) if any(row)], later, _merged(chosen, texts)
    )


def refuse_merged(
    sheet: Sheet, heading: int, used: Iterable[int], shown: Callable[[int], str], file: str
) -> None:
    """Refuse a sheet with merged cells that leave cells of used columns empty, in rows below the heading.

    Cells merged over one row alone may be a title or a note that stands there by itself.
    """
    columns, rows = set(used), dict(sheet.rows)
    for (top, left), (bottom, right) in sheet.merged:
        lost = [
            (row, column)
            for row in range(max(top, heading), bottom + 1)
            for column in range(left, right + 1)
            if column in columns and (row, column) != (top, left)
        ]
        alone = top == bottom and not any(
            cell for at, cell in enumerate(rows.get(top + 1, [])) if not left <= at <= right
        )
        if lost and not alone:
            raise ExtractError(
                "sheet.merged",
                file,
                cells=sheetxml.range_of((top, left), (bottom, right)),
                column=shown(lost[0][1]),
            )


def _chosen(book: CalamineWorkbook, name: str, archive: zipfile.ZipFile) -> CalamineSheet:
    try:
        return book.get_sheet_by_name(name)
    except CalamineError as error:
        if "error value" not in str(error):
            raise
    return load_workbook(sheetxml.with_known_errors(archive)).get_sheet_by_name(name)


def first_name(path: Path) -> str:
    """Return the name of the sheet that is read."""
    return _seen(load_workbook(path), path.name)[0]


def _seen(book: CalamineWorkbook, file: str) -> list[str]:
    """Return the names of the sheets of cells that a person sees. Raises ExtractError when there is none."""
    seen = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    if not seen:
        raise ExtractError("sheet.hidden", file)
    return seen


def _head(sheet: CalamineSheet, headed: Callable[[list[str]], bool]) -> bool:
    """Return whether the first filled row of a sheet holds the headings, with anything below it."""
    filled = [row for row in sheet.to_python(nrows=LOOKED_AT) if any(row)]
    return len(filled) > 1 and headed([_text(cell) for cell in filled[0]])


def _mark(texts: list[list[str]], marks: dict[Place, str]) -> None:
    """Write what the reader left empty into its cells; the last columns or rows may hold nothing else."""
    if not marks:
        return
    height = max(row for row, _ in marks) + 1
    width = max(max(column for _, column in marks) + 1, len(texts[0]) if texts else 0)
    for row in texts:
        row.extend([""] * (width - len(row)))
    texts += [[""] * width for _ in range(height - len(texts))]
    for (at, column), text in marks.items():
        texts[at][column] = text


def _merged(sheet: CalamineSheet, texts: Sequence[Sequence[str]]) -> tuple[tuple[Place, Place], ...]:
    """Return the merged ranges that hold something; formats are merged over empty cells too."""
    return tuple(
        (start, end)
        for start, end in sheet.merged_cell_ranges or ()
        if start[0] < len(texts) and start[1] < len(texts[start[0]]) and texts[start[0]][start[1]]
    )


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else _decimal(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, dt.datetime):
        # Days as floats: 46204.3499999 is 8.24, not a second before.
        whole = cell + dt.timedelta(milliseconds=500) if cell.microsecond else cell
        return whole.isoformat(sep=" ", timespec="seconds")
    return "" if cell is None else str(cell).strip()


def _decimal(number: float) -> str:
    """Return a float in plain digits; it never looks like the thousands of "1.200"."""
    text = f"{number:.9f}".rstrip("0").rstrip(".")
    return f"{text}0" if text[-4:-3] == "." else text
