"""OpenDocument spreadsheets (.ods), read from their XML as it unpacks: what stands in each cell, errors too.

A cell that cannot be computed has the value 0 in older files, and only its text says that it is an error.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from xml.parsers import expat

from opti_reports.errors import ExtractError, UnfitError
from opti_reports.extracts.celltext import text_of
from opti_reports.extracts.faults import NOT_COMPUTED, fault

CONTENT = "content.xml"
MOST_CELLS = 25_000_000
"""Cells that stand there, with all that are said to be repeated."""
Place = tuple[int, int]
"""A cell's row and column, from 0."""
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_TYPES = (
    f"{_OFFICE}value-type",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type",
)
_ASIDE = frozenset(
    {
        f"{_OFFICE}annotation",
        f"{_OFFICE}forms",
        f"{_TABLE}shapes",
        f"{_TABLE}tracked-changes",
        f"{_TABLE}dde-links",
    }
)
"""What holds cells or texts that are no part of a sheet: notes, drawings, what was changed."""
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_ROW, _SHEET = f"{_TABLE}table-row", f"{_TABLE}table"
_BREAKS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
OTHER = "#N/A"
"""What stands for an error that has no name known here."""
_SPAN = re.compile(r"PT(\d+)H(\d+)M(\d+)")


@dataclass
class Table:
    """A sheet as it is read: its rows that hold something, with their numbers from 1."""

    name: str
    hidden: bool
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    filtered: bool = False


def tables(archive: zipfile.ZipFile, file: str) -> list[Table]:
    """Return the sheets in their order. Raises ExtractError for cells without end, UnfitError for bad XML."""
    reading = _Reading(file)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reading.start, reading.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reading.text, _refuse_types
    try:
        with archive.open(CONTENT) as content:
            parser.ParseFile(content)
    except expat.ExpatError as error:
        raise UnfitError("damaged.xml", why=str(error)) from None
    return reading.tables


def _refuse_types(*_: object) -> None:
    """Refuse a declaration of a document's type: with one a small file could mean a large text."""
    raise UnfitError("damaged.types")


@dataclass
class _Cell:
    """A cell while it is read: what its attributes say, and the paragraphs shown in it."""

    said: Mapping[str, str]
    shown: list[str] = field(default_factory=list)

    def number(self, name: str) -> int:
        """Return how often, or over how many cells, something counts."""
        return max(1, int(self.said.get(f"{_TABLE}{name}", 1)))

    def content(self) -> str:
        """Return what stands in the cell, as other workbooks say it."""
        formula, shown = f"{_TABLE}formula" in self.said, "\n".join(self.shown).strip()
        kinds = [self.said[name] for name in _TYPES if name in self.said]
        if "error" in kinds or (formula and (fault(shown) or shown.startswith("#"))):
            return shown if fault(shown) else OTHER
        if not kinds:
            return NOT_COMPUTED if formula and not shown else shown
        value = self._value(kinds[0])
        return shown if value is None else value

    def _value(self, kind: str) -> str | None:
        said = {
            name: self.said.get(f"{_OFFICE}{name}")
            for name in ("value", "date-value", "time-value", "boolean-value", "string-value")
        }
        if kind in ("float", "percentage", "currency") and said["value"]:
            return text_of(float(said["value"]))
        if kind == "date" and said["date-value"]:
            return _date(said["date-value"])
        if kind == "time" and said["time-value"]:
            return _time(said["time-value"])
        return said["boolean-value"] if kind == "boolean" else said["string-value"]


def _date(text: str) -> str:
    with suppress(ValueError):
        return text_of(dt.datetime.fromisoformat(text)) if "T" in text else text
    return text


def _time(text: str) -> str:
    found = _SPAN.match(text)
    return ":".join(f"{int(part):02}" for part in found.groups()) if found else text


class _Reading:
    """Takes in the elements of a document one after another."""

    def __init__(self, file: str) -> None:
        self.tables: list[Table] = []
        self._file, self._hidden, self._style = file, set[str](), ""
        self._depth = self._aside = self._inside = self._row = self._cells = 0
        self._cell: _Cell | None = None
        self._paragraph = False
        self._columns: list[str] = []
        self._filled = 0

    def start(self, name: str, said: dict[str, str]) -> None:
        """Take in where an element begins."""
        self._depth += 1
        if self._aside:
            return
        if name in _ASIDE:
            self._aside = self._depth
        elif name == f"{_STYLE}style":
            self._style = said.get(f"{_STYLE}name", "")
        elif name == f"{_STYLE}table-properties":
            if said.get(f"{_TABLE}display") == "false":
                self._hidden.add(self._style)
        elif name == f"{_TABLE}filter":
            for table in self.tables:
                table.filtered = True
        else:
            self._of_sheet(name, said)

    def _of_sheet(self, name: str, said: dict[str, str]) -> None:
        if name == _SHEET:
            self._inside += 1
            if self._inside == 1:
                hidden = said.get(f"{_TABLE}style-name", "") in self._hidden
                self.tables.append(Table(said.get(f"{_TABLE}name", ""), hidden))
                self._row = 0
        elif self._inside != 1:
            return
        elif name == _ROW:
            self._columns, self._filled = [], 0
            self._cell = None
            self._repeated = max(1, int(said.get(f"{_TABLE}number-rows-repeated", 1)))
            if said.get(f"{_TABLE}visibility") == "filter":
                self.tables[-1].filtered = True
        elif name in _CELLS:
            self._cell = _Cell(said)
        elif self._cell is not None:
            self._of_cell(name, said)

    def _of_cell(self, name: str, said: dict[str, str]) -> None:
        if self._cell is None:
            return
        if name == f"{_TEXT}p":
            self._cell.shown.append("")
            self._paragraph = True
        elif name == f"{_TEXT}s":
            self.text(" " * min(int(said.get(f"{_TEXT}c", 1)), 1000))
        elif name in _BREAKS:
            self.text(_BREAKS[name])

    def text(self, text: str) -> None:
        """Take in characters: those of a cell's paragraphs."""
        if self._paragraph and not self._aside and self._cell is not None:
            self._cell.shown[-1] += text

    def end(self, name: str) -> None:
        """Take in where an element ends."""
        if self._aside:
            if self._aside == self._depth:
                self._aside = 0
        elif name == _SHEET:
            self._inside -= 1
        elif self._inside == 1 and name in _CELLS and self._cell is not None:
            self._end_cell(self._cell)
        elif self._inside == 1 and name == _ROW:
            self._end_row()
        elif name == f"{_TEXT}p":
            self._paragraph = False
        self._depth -= 1

    def _end_cell(self, cell: _Cell) -> None:
        text, times = cell.content(), cell.number("number-columns-repeated")
        across, down = cell.number("number-columns-spanned"), cell.number("number-rows-spanned")
        place = (self._row, self._filled)
        if text:
            self._refuse_too_many(self._filled + times)
            self._columns += [""] * (self._filled - len(self._columns)) + [text] * times
            if across * down > 1:
                self.tables[-1].merged.append((place, (place[0] + down - 1, place[1] + across - 1)))
        self._filled += times
        self._cell = None

    def _end_row(self) -> None:
        first, self._row = self._row, self._row + self._repeated
        table = self.tables[-1]
        if not self._columns or table.hidden:
            return
        self._cells += len(self._columns) * self._repeated
        self._refuse_too_many(self._cells)
        table.rows += [(first + at + 1, list(self._columns)) for at in range(self._repeated)]

    def _refuse_too_many(self, cells: int) -> None:
        if cells > MOST_CELLS:
            raise ExtractError("sheet.many", self._file, row=self._row + 1)
