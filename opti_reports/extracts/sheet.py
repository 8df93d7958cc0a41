"""The sheet of a workbook that holds the headings as rows of text, with their row numbers."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from python_calamine import CalamineError

from opti_reports.config.formats import WORKBOOKS
from opti_reports.errors import ExtractError, UnfitError
from opti_reports.extracts import sheetxml
from opti_reports.extracts.books import Book, opened
from opti_reports.extracts.packed import File
from opti_reports.extracts.sheetxml import Place

SUFFIXES = WORKBOOKS
"""What the names of workbooks end with that are read."""
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, KeyError)
"""What the archive's reader raises for files damaged in one way or another."""


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


def read(file: File, headed: Callable[[list[str]], bool] | None = None) -> Sheet:
    """Return the sheet that can be seen and is ``headed``; the first that can be seen where none is.

    Hidden sheets are passed over. Raises ExtractError when the workbook cannot be opened, is locked, full,
    would not fit in memory, or when another sheet that can be seen is ``headed`` as well: its rows would be
    lost. Without ``headed`` further sheets are taken for lists to choose from. An error stands as it is shown
    (``#N/A``), a formula without a value as NOT_COMPUTED.
    """
    with _whole(file), opened(file) as book:
        if not book.seen:
            raise ExtractError("sheet.hidden", file.name)
        known = [name for name in book.seen if headed and _head(book, name, headed)]
        first, *doubled = known or book.seen[:1]
        rows = book.rows(first)
        merged = _merged(book.merged(first), rows)
        later = book.later
    if doubled:
        raise ExtractError("sheet.second", file.name, second=doubled[0], first=first)
    return Sheet(rows=rows, name=first, later=later, merged=merged)


@contextmanager
def _whole(file: File) -> Iterator[None]:
    """Raise ExtractError for a workbook that turns out to be damaged."""
    try:
        yield
    except (*DAMAGED, CalamineError) as error:
        why = error.message if isinstance(error, UnfitError) else str(error)
        raise ExtractError("sheet.unreadable", file.name, why=why) from None


@dataclass(frozen=True)
class Overview:
    """What a workbook holds: the first rows of each sheet that can be seen, hidden sheets, a filter."""

    heads: dict[str, list[list[str]]]
    hidden: tuple[str, ...]
    filtered: bool
    """Whether a filter hides rows on a sheet that can be seen."""


def overview(file: File) -> Overview:
    """Return what a workbook holds. Raises ExtractError where it cannot be opened."""
    with _whole(file), opened(file) as book:
        if not book.seen:
            raise ExtractError("sheet.hidden", file.name)
        return Overview(
            {name: book.head(name) for name in book.seen},
            tuple(book.hidden),
            any(map(book.filtered, book.seen)),
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


def _head(book: Book, name: str, headed: Callable[[list[str]], bool]) -> bool:
    """Return whether one of the first rows of a sheet holds the headings, with anything below it."""
    return any(map(headed, book.head(name)[:-1]))


def _merged(
    ranges: Iterable[tuple[Place, Place]], rows: Iterable[tuple[int, list[str]]]
) -> tuple[tuple[Place, Place], ...]:
    """Return the merged ranges that hold something; formats are merged over empty cells too."""
    filled = dict(rows)

    def holds(place: Place) -> bool:
        row = filled.get(place[0] + 1, [])
        return place[1] < len(row) and bool(row[place[1]])

    return tuple((start, end) for start, end in ranges if holds(start))
