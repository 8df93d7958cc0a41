"""Workbooks of every kind, each opened by what it is and not by its name: their sheets as rows of text."""

from __future__ import annotations

import io
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from opti_reports.errors import ExtractError
from opti_reports.extracts import biff, opendocument, sheetxml
from opti_reports.extracts.celltext import text_of
from opti_reports.extracts.disguise import kind_of
from opti_reports.extracts.packed import File, held
from opti_reports.extracts.sheetxml import Place

MOST_BYTES = 400 << 20
LOOKED_AT = 50
"""How many rows of a sheet are searched for headings."""
FULL, FULL_OLD = 1_048_576, 65_536
"""How many rows a sheet has room for."""
FROM_1904 = 1462
"""The days from the first day of the usual count of dates to that of the count from 1904."""
Rows = list[tuple[int, list[str]]]
"""Rows that are not blank, with their numbers from 1; all are equally long."""


class Book(Protocol):
    """An open workbook. An error stands in its cell as it is shown, a formula without a value as such."""

    full: int
    """How many rows a sheet of it can have."""
    later: int
    """By how many days dates are later that stand there as plain numbers."""
    seen: list[str]
    """The sheets of cells that a person sees."""
    hidden: list[str]

    def head(self, name: str) -> list[list[str]]:
        """Return the first rows of a sheet that are not blank."""

    def rows(self, name: str) -> Rows:
        """Return the rows of a sheet."""

    def merged(self, name: str) -> list[tuple[Place, Place]]:
        """Return the first and the last cell of each merged range."""

    def filtered(self, name: str) -> bool:
        """Return whether a filter of a sheet leaves out rows that stand there all the same."""


@contextmanager
def opened(file: File) -> Iterator[Book]:
    """Open a workbook. Raises ExtractError where it is something else, locked, or too large to be read."""
    kind = kind_of(file)
    if kind == "xls":
        yield _old(file)
        return
    with zipfile.ZipFile(held(file)) as archive:
        size = sum(item.file_size for item in archive.infolist())
        if size > MOST_BYTES:
            raise ExtractError("sheet.large", file.name, mb=size >> 20)
        if kind == "ods":
            yield _OpenDocument(archive, file.name)
        elif kind == "xlsb":
            yield _binary(file, archive)
        else:
            sheetxml.refuse_far_cells(archive, file.name)
            yield _Excel(file, archive)


class _Read(ABC):
    """A workbook that calamine reads; what it hides is found elsewhere, by the sheet's place."""

    later = 0

    def __init__(self, file: File) -> None:
        self._file, self.full = file, FULL
        # Its bytes, as the reader takes a path's ending for what the workbook is.
        self._book: CalamineWorkbook = load_workbook(io.BytesIO(file.read_bytes()))
        sheets = self._book.sheets_metadata
        self.seen = [
            one.name
            for one in sheets
            if one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible
        ]
        self.hidden = [one.name for one in sheets if one.name not in self.seen]

    def place(self, name: str) -> int:
        """Return the sheet's place among all sheets."""
        return [one.name for one in self._book.sheets_metadata].index(name)

    def sheet(self, name: str) -> CalamineSheet:
        """Return a sheet."""
        return self._book.get_sheet_by_name(name)

    @abstractmethod
    def marks(self, name: str) -> dict[Place, str]:
        """Return what the reader leaves empty, by place."""

    def head(self, name: str) -> list[list[str]]:
        """Return the first rows of a sheet that are not blank."""
        return [
            [text_of(cell) for cell in row] for row in self.sheet(name).to_python(nrows=LOOKED_AT) if any(row)
        ]

    def rows(self, name: str) -> Rows:
        """Return the rows of a sheet."""
        cells = self.sheet(name).to_python(skip_empty_area=False)
        if len(cells) >= self.full:
            raise ExtractError("sheet.full", self._file.name)
        texts = [[text_of(cell) for cell in row] for row in cells]
        _mark(texts, self.marks(name))
        return [(number, row) for number, row in enumerate(texts, 1) if any(row)]

    def merged(self, name: str) -> list[tuple[Place, Place]]:
        """Return the first and the last cell of each merged range."""
        return list(self.sheet(name).merged_cell_ranges or ())


class _Excel(_Read):
    """A workbook of today's kind (.xlsx, .xlsm); macros are left alone."""

    def __init__(self, file: File, archive: zipfile.ZipFile) -> None:
        super().__init__(file)
        self._archive = archive
        self.later = FROM_1904 if sheetxml.date_1904(archive) else 0

    def sheet(self, name: str) -> CalamineSheet:
        """Return a sheet, also one with errors of newer programs."""
        try:
            return super().sheet(name)
        except CalamineError as error:
            if "error value" not in str(error):
                raise
        return load_workbook(sheetxml.with_known_errors(self._archive)).get_sheet_by_name(name)

    def marks(self, name: str) -> dict[Place, str]:
        """Return errors and formulas without a value."""
        return sheetxml.marks(self._archive, self.place(name), self._file.name)

    def filtered(self, name: str) -> bool:
        """Return whether a filter of a sheet leaves out rows."""
        return sheetxml.filtered(self._archive, self.place(name), self._file.name)


class _Records(_Read):
    """A workbook of records (.xls, .xlsb), with what they say of each sheet."""

    def __init__(self, file: File, found: tuple[biff.Found, ...], *, from_1904: bool, full: int) -> None:
        super().__init__(file)
        if len(found) != len(self._book.sheets_metadata):
            raise ExtractError("sheet.no_place", file.name)
        self._found, self.full = found, full
        self.later = FROM_1904 if from_1904 else 0

    def marks(self, name: str) -> dict[Place, str]:
        """Return errors and formulas without a value."""
        return self._found[self.place(name)].texts

    def filtered(self, name: str) -> bool:
        """Return whether a filter of a sheet leaves out rows."""
        return self._found[self.place(name)].filtered


def _old(file: File) -> Book:
    found = biff.old(file.read_bytes())
    if found.locked:
        raise ExtractError("disguise.password", file.name)
    return _Records(file, found.sheets, from_1904=found.from_1904, full=FULL_OLD)


def _binary(file: File, archive: zipfile.ZipFile) -> Book:
    parts = sheetxml.parts(archive, biff.names(archive), "xl/_rels/workbook.bin.rels", file.name)
    found = tuple(biff.sheet(archive.read(part)) for part in parts)
    for one in found:
        if one.row * one.column > sheetxml.MOST_CELLS:
            column = sheetxml.letters_of(one.column - 1)
            raise ExtractError("sheet.far", file.name, column=column, row=one.row)
    return _Records(file, found, from_1904=biff.from_1904(archive), full=FULL)


class _OpenDocument:
    """An OpenDocument spreadsheet."""

    full = FULL
    later = 0

    def __init__(self, archive: zipfile.ZipFile, file: str) -> None:
        self._file = file
        self._tables = opendocument.tables(archive, file)
        self.seen = [table.name for table in self._tables if not table.hidden]
        self.hidden = [table.name for table in self._tables if table.hidden]

    def _table(self, name: str) -> opendocument.Table:
        return next(table for table in self._tables if table.name == name)

    def head(self, name: str) -> list[list[str]]:
        """Return the first rows of a sheet that are not blank."""
        return [cells for number, cells in self.rows(name) if number <= LOOKED_AT]

    def rows(self, name: str) -> Rows:
        """Return the rows of a sheet."""
        rows = self._table(name).rows
        if rows and rows[-1][0] >= self.full:
            raise ExtractError("sheet.full", self._file)
        width = max((len(cells) for _, cells in rows), default=0)
        return [(number, cells + [""] * (width - len(cells))) for number, cells in rows]

    def merged(self, name: str) -> list[tuple[Place, Place]]:
        """Return the first and the last cell of each merged range."""
        return self._table(name).merged

    def filtered(self, name: str) -> bool:
        """Return whether a filter of a sheet leaves out rows."""
        return self._table(name).filtered


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
