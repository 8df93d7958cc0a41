"""Tables of decks and workbooks as rows of text, each with its place."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.exc import PythonPptxError

from opti_reports.errors import ExtractError
from opti_reports.extracts import books, sheet
from opti_reports.extracts.faults import NOT_COMPUTED
from opti_reports.extracts.redact import clean
from opti_reports.messages.message import Message, Shown, message
from opti_reports.model.meeting import Mark, read_mark

SUFFIXES = (".pptx", ".xlsx")
_DAMAGED = (*sheet.DAMAGED, PythonPptxError, etree.XMLSyntaxError, KeyError, AttributeError)


@dataclass(frozen=True)
class Row:
    """The cells of a row, cleaned, and where it stands: ``slide 23, row 2``."""

    place: Shown
    cells: tuple[str, ...]


@dataclass(frozen=True)
class FoundTable:
    """A table of a file: its mark, its place, and its rows from the first on."""

    mark: Mark | None
    place: Shown
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Document:
    """What was read of a file; ``saved`` is the day a person last saved a deck, None where nothing tells."""

    file: str
    tables: tuple[FoundTable, ...]
    saved: dt.date | None = None


def read_document(path: Path) -> Document:
    """Return the tables of a deck, or the first sheet of a workbook.

    Raises ExtractError for other kinds of file and for those that cannot be opened.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ExtractError("document.kind", path.name, kind=suffix or message("document.no_suffix"))
    return _deck(path) if suffix == ".pptx" else _workbook(path)


def named(document: Document) -> Document:
    """Return the document with the file's name in every place, for when several files are read."""

    def placed(table: FoundTable) -> FoundTable:
        rows = tuple(replace(row, place=in_file(document.file, row.place)) for row in table.rows)
        return replace(table, place=in_file(document.file, table.place), rows=rows)

    return replace(document, tables=tuple(map(placed, document.tables)))


def in_file(file: str, place: Shown) -> Message:
    """Return a place with its file's name, once."""
    if isinstance(place, Message) and place.code == "at.in_file":
        return place
    return message("at.in_file", file=file, place=place)


def _workbook(path: Path) -> Document:
    book = sheet.read(path)
    rows, name = book.rows, book.name
    for at, cells in rows:
        if NOT_COMPUTED in cells:
            raise ExtractError(
                "document.formula", message("at.file_sheet_row", file=path.name, sheet=name, row=at)
            )
    found = tuple(
        Row(message("at.sheet_row", sheet=name, row=at), tuple(map(clean, cells))) for at, cells in rows
    )
    return Document(path.name, (FoundTable(None, message("at.sheet", sheet=name), found),) if found else ())


def _deck(path: Path) -> Document:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
        if size > books.MOST_BYTES:
            raise ExtractError("document.large", path.name, mb=size >> 20)
        deck = Presentation(str(path))
        found = tuple(
            table
            for at, slide in enumerate(deck.slides, 1)
            for table in _tables(message("at.slide", slide=at), slide.shapes)
        )
        return Document(path.name, found, _saved(deck))
    except _DAMAGED as error:
        raise ExtractError("document.unreadable", path.name, why=str(error)) from None


def _tables(place: Message, shapes: Iterable[Any]) -> Iterator[FoundTable]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _tables(place, shape.shapes)
        elif getattr(shape, "has_table", False):
            # A vertical tab is a line broken by hand.
            rows = (tuple(clean(c.text.replace("\v", "\n")) for c in row.cells) for row in shape.table.rows)
            # The heading is row 0, so that people count the rows they filled in.
            found = tuple(Row(message("at.row", place=place, row=at), cells) for at, cells in enumerate(rows))
            yield FoundTable(read_mark(shape.name), place, found)


def _saved(deck: Any) -> dt.date | None:
    """Return the day the deck was last saved by a program that says so; as made, both its
    dates are the same.
    """
    about = deck.core_properties
    if about.modified is None or about.modified == about.created:
        return None
    return dt.date(about.modified.year, about.modified.month, about.modified.day)
