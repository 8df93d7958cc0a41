"""The sheet of a workbook that holds the headings as rows of text, with their row numbers."""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
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

SUFFIXES = (".xlsx", ".xlsm")
"""What the names of workbooks end with that are read; macros are left alone."""
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
    name: str = ""
    later: int = 0
    merged: tuple[tuple[Place, Place], ...] = ()


def read(path: Path, headed: Callable[[list[str]], bool] | None = None) -> Sheet:
    """Return the sheet that can be seen and is ``headed``; the first that can be seen where none is.

    Hidden sheets are passed over. Raises ExtractError when the workbook cannot be opened, is locked, full,
    would not fit in memory, or when another sheet that can be seen is ``headed`` as well: its rows would be
    lost. Without ``headed`` further sheets are taken for lists to choose from. An error stands as it is shown
    (``#N/A``), a formula without a value as NOT_COMPUTED.
    """
    try:
        with _opened(path) as archive:
            book = load_workbook(path)
            seen = _seen(book, path.name)
            known = [name for name in seen if headed and _head(_chosen(book, name, archive), headed)]
            first, *doubled = known or seen[:1]
            chosen = _chosen(book, first, archive)
            cells = chosen.to_python(skip_empty_area=False)
            place = [sheet.name for sheet in book.sheets_metadata].index(first)
            marks = sheetxml.marks(archive, place, path.name)
            later = FROM_1904 if sheetxml.date_1904(archive) else 0
    except (*DAMAGED, CalamineError) as error:
        raise ExtractError("sheet.unreadable", path.name, why=str(error)) from None
    if len(cells) >= FULL:
        raise ExtractError("sheet.full", path.name)
    if doubled:
        raise ExtractError("sheet.second", path.name, second=doubled[0], first=first)
    texts = [[text_of(cell) for cell in row] for row in cells]
    _mark(texts, marks)
    return Sheet(
        rows=[(number, row) for number, row in enumerate(texts, 1) if any(row)],
        name=first,
        later=later,
        merged=_merged(chosen, texts),
    )


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a workbook's archive. Raises ExtractError where it is something else, or too large to be read."""
    refuse_false_workbook(path)
    with zipfile.ZipFile(path) as archive:
        size = sum(item.file_size for item in archive.infolist())
        if size > MOST_BYTES:
            raise ExtractError("sheet.large", path.name, mb=size >> 20)
        sheetxml.refuse_far_cells(archive, path.name)
        yield archive


@dataclass(frozen=True)
class Overview:
    """What a workbook holds: the first rows of each sheet that can be seen, hidden sheets, a filter."""

    heads: dict[str, list[list[str]]]
    hidden: tuple[str, ...]
    filtered: bool
    """Whether a filter hides rows on a sheet that can be seen."""


def overview(path: Path) -> Overview:
    """Return what a workbook holds. Raises ExtractError where it cannot be opened."""
    try:
        with _opened(path) as archive:
            book = load_workbook(path)
            names = _seen(book, path.name)
            heads = {name: _first_rows(_chosen(book, name, archive)) for name in names}
            places = [at for at, one in enumerate(book.sheets_metadata) if one.name in names]
            filtered = any(sheetxml.filtered(archive, at, path.name) for at in places)
    except (*DAMAGED, CalamineError) as error:
        raise ExtractError("sheet.unreadable", path.name, why=str(error)) from None
    hidden = (one.name for one in book.sheets_metadata if one.name not in names)
    return Overview(heads, tuple(hidden), filtered)


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
    """Return whether one of the first rows of a sheet holds the headings, with anything below it."""
    return any(map(headed, _first_rows(sheet)[:-1]))


def _first_rows(sheet: CalamineSheet) -> list[list[str]]:
    return [[text_of(cell) for cell in row] for row in sheet.to_python(nrows=LOOKED_AT) if any(row)]


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


def text_of(cell: object) -> str:
    """Return a cell as text: numbers in plain digits, dates in ISO form."""
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
    return unlike_thousands(f"{number:.9f}".rstrip("0").rstrip("."))


def unlike_thousands(text: str) -> str:
    """Return a number in plain digits so that it never looks like the thousands of "1.200"."""
    return f"{text}0" if text[-4:-3] == "." else text
