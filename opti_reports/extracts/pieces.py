"""Files read piece by piece: a bounded number of rows at a time, as text columns with their line numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from opti_reports.config.source import Source, fold
from opti_reports.errors import ExtractError
from opti_reports.extracts import dates, decode, headers, parquet, sheet
from opti_reports.extracts.blanks import without_blanks
from opti_reports.extracts.disguise import refuse_workbook_as_text
from opti_reports.extracts.paced import Paced
from opti_reports.extracts.packed import File, contents, whole
from opti_reports.extracts.redact import holds_identity_code

BLOCK = 8 << 20
SHOWN_LINE, LINES_KEPT = 200, 1000
"""How many signs are kept of a row with a wrong number of cells, and of how many rows."""
DATED = ("date", "datetime", "month", "iso_week")
LEAST_COLUMNS = 4
"""A file of fewer columns cannot be told apart from a text with delimiters in it."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Some rows of a file: text columns by canonical name, unused ones, and each row's line number."""

    file: str
    columns: dict[str, pa.Array]
    unused: tuple[pa.Array, ...]
    lines: NDArray[np.int64]
    headings: headers.Headings
    rows: int
    """How many rows of the file these are: fewer where a row is read as one a month."""


@dataclass(kw_only=True)
class Skipped:
    """Rows that have the wrong number of cells, filled while a file is read; blank lines are among them.

    ``numbers`` count rows from the top of the file, ``breaks`` are the line breaks inside each row.
    """

    numbers: list[int] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    broken: dict[int, str] = field(default_factory=dict)
    """The text of those that hold line breaks, by their place in the lists."""
    begins: dict[int, str] = field(default_factory=dict)
    """How they begin, by their place in the lists."""
    private: bool = False
    """Whether any of them holds an identity code."""

    def handle(self, row: csv.InvalidRow) -> str:
        """Note a row that cannot be laid on the columns."""
        self.private = self.private or holds_identity_code(pa.array([row.text], pa.string()))
        if "\n" in row.text:
            self.broken[len(self.numbers)] = row.text
        if len(self.begins) < LINES_KEPT:
            self.begins[len(self.numbers)] = row.text[:SHOWN_LINE]
        self.numbers.append(row.number)
        self.breaks.append(row.text.count("\n"))
        self.cells.append(row.actual_columns if row.text.strip() else 0)
        return "skip"

    def rejected(self) -> list[tuple[int, int, str]]:
        """Return the line, the number of cells and the beginning of each row that is not blank."""
        found = enumerate(zip(self.lines, self.cells, strict=True))
        return [(line, cells, self.begins.get(at, "")) for at, (line, cells) in found if cells]


@dataclass(frozen=True, kw_only=True)
class FileHead:
    """What is known of a file before its rows are read; ``rows`` and ``later`` are a workbook's."""

    path: File
    headings: headers.Headings
    encoding: str = ""
    first: decode.FirstLine | None = None
    rows: tuple[tuple[int, list[str]], ...] = ()
    later: int = 0
    """By how many days dates are later that stand there as plain numbers."""


def open_file(source: Source, path: Path) -> FileHead:
    """Read and match the heading row. Raises ExtractError when the file cannot be used."""
    file = contents(path)
    with whole(file):
        return _open(source, file)


def _open(source: Source, path: File) -> FileHead:
    if path.suffix.lower() in sheet.SUFFIXES:
        return _open_workbook(source, path)
    if path.suffix.lower() == parquet.SUFFIX:
        return _open_parquet(source, path)
    refuse_workbook_as_text(path)
    known = headers.spellings(source)
    encoding = decode.encoding_of(path)
    headed = partial(headers.complete, source) if source.titled else None
    first = decode.first_line(path, encoding, lambda cell: fold(cell) in known, headed)
    headers.refuse_rows_above(first.cells, first.above, first.lines, path.name)
    below = decode.rows_below(path, encoding, first, headers.LOOKED_BELOW)
    return FileHead(
        path=path,
        headings=headers.match(source, first.cells, path.name, below),
        encoding=encoding,
        first=first,
    )


def _open_workbook(source: Source, path: File) -> FileHead:
    book = sheet.read(path, partial(headers.complete, source))
    if not book.rows:
        raise ExtractError("piece.empty_sheet", path.name)
    first = _first_row(source, book) if source.titled else 0
    number, cells = book.rows[first]
    above = max((sum(map(bool, row)) for _, row in book.rows[:first]), default=0)
    headers.refuse_rows_above(cells, above, number, path.name)
    headings = headers.match(source, cells, path.name, book.rows[first + 1 : headers.LOOKED_BELOW])
    used = headings.read
    sheet.refuse_merged(book, number, used, lambda i: headings.shown(used[i]), path.name)
    return FileHead(path=path, headings=headings, rows=tuple(book.rows[first + 1 :]), later=book.later)


def _first_row(source: Source, book: sheet.Sheet) -> int:
    """Return which row has the headings below a title; the first where none has them all."""
    looked = enumerate(book.rows[: headers.LOOKED_BELOW])
    return next((at for at, (_, cells) in looked if headers.complete(source, cells)), 0)


def _open_parquet(source: Source, path: File) -> FileHead:
    cells = parquet.headings(path)
    return FileHead(path=path, headings=headers.match(source, cells, path.name))


def pieces(source: Source, head: FileHead, skipped: Skipped) -> Iterator[Piece]:
    """Yield the file's rows, some megabytes at a time; blank lines are passed over."""
    if head.path.suffix.lower() == parquet.SUFFIX:
        done = 0
        for arrays in parquet.batches(head.path):
            size = len(arrays[0])
            yield _piece(head, arrays, np.arange(done + 1, done + size + 1, dtype=np.int64))
            done += size
    elif head.first is None:
        lines = np.array([line for line, _ in head.rows], dtype=np.int64)
        cells = [row for _, row in head.rows]
        columns = [[row[i] for row in cells] for i in range(head.headings.count)]
        if head.later:
            for i, name in head.headings.used.items():
                if source.column[name].type in DATED:
                    columns[i] = [dates.later(text, head.later) for text in columns[i]]
        arrays = [pa.array(texts, pa.string()) for texts in columns]
        yield _piece(head, arrays, lines)
    elif not head.first.alone:
        multiline = any(column.type in ("quote", "title") for column in source.column.values())
        counter = _Lines(head.first.lines, skipped)
        for batch in _batches(head, head.first, skipped, multiline):
            arrays = [batch.column(i) for i in range(batch.num_columns)]
            breaks = _line_breaks(arrays, batch.num_rows)
            lines = counter.next(breaks)
            if breaks.any():
                _refuse_swallowed(head, head.first, arrays, lines)
            yield _piece(head, arrays, lines)
        counter.finish()
        _refuse_swallowed(
            head,
            head.first,
            [pa.array(skipped.broken.values(), pa.string())],
            np.array([skipped.lines[i] for i in skipped.broken], dtype=np.int64),
        )


def _batches(
    head: FileHead, first: decode.FirstLine, skipped: Skipped, multiline: bool
) -> Iterator[pa.RecordBatch]:
    names = [str(i) for i in range(head.headings.count)]
    encoding = "utf-8" if head.encoding == "utf-8-sig" else head.encoding
    with whole(head.path), Paced(head.path) as file:
        try:
            reader = csv.open_csv(  # held until the file is closed: it waits for what it reads ahead
                file,
                csv.ReadOptions(
                    use_threads=False,
                    block_size=BLOCK,
                    skip_rows=first.lines,
                    column_names=names,
                    encoding=encoding,
                ),
                csv.ParseOptions(
                    delimiter=first.delimiter,
                    newlines_in_values=multiline,
                    ignore_empty_lines=False,
                    invalid_row_handler=skipped.handle,
                ),
                csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
            )
            for batch in reader:
                yield batch
                file.used()
        except pa.ArrowInvalid as error:
            if "straddling" in str(error):
                raise ExtractError("piece.long_row", head.path.name, mb=BLOCK >> 20) from None
            raise ExtractError("piece.not_csv", head.path.name, why=str(error)) from None


@dataclass
class _Lines:
    """Line numbers of rows: rows that were skipped and line breaks inside cells are counted in."""

    before: int
    skipped: Skipped
    done: int = 0
    """Usable rows so far."""
    breaks: int = 0
    """Line breaks inside them."""
    passed: int = 0
    """Line breaks inside the skipped rows so far."""

    def next(self, breaks: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the line on which each of the next rows begins, given the line breaks inside them."""
        rows = self.done + np.arange(len(breaks), dtype=np.int64)
        inside = self.breaks + np.concatenate(([0], np.cumsum(breaks)))
        self._skipped(rows, inside)
        over = np.searchsorted(self._usable_before(), rows, side="right")
        broken = np.concatenate(([0], np.cumsum(np.array(self.skipped.breaks, dtype=np.int64))))
        self.done += len(rows)
        self.breaks = int(inside[-1])
        lines: NDArray[np.int64] = self.before + 1 + rows + over + broken[over] + inside[:-1]
        return lines

    def finish(self) -> None:
        """Give the rows skipped after the last usable one their lines."""
        self._skipped(np.arange(self.done, self.done + 1), np.array([self.breaks, self.breaks]))

    def _usable_before(self) -> NDArray[np.int64]:
        """Return how many usable rows stand before each skipped one."""
        numbers = np.array(self.skipped.numbers, dtype=np.int64)
        usable: NDArray[np.int64] = numbers - self.before - 1 - np.arange(len(numbers))
        return usable

    def _skipped(self, rows: NDArray[np.int64], inside: NDArray[np.int64]) -> None:
        """Give the skipped rows that stand before or among these rows their lines."""
        usable = self._usable_before()
        for i in range(len(self.skipped.lines), len(usable)):
            place = int(usable[i]) - self.done
            if place >= len(rows):
                return
            self.skipped.lines.append(self.skipped.numbers[i] + self.passed + int(inside[place]))
            self.passed += self.skipped.breaks[i]


def _line_breaks(arrays: list[pa.Array], size: int) -> NDArray[np.int64]:
    total = np.zeros(size, dtype=np.int64)
    for array in arrays:
        texts = array.buffers()[2]  # bytes first: much quicker, and nearly none has any
        if texts is not None and b"\n" in texts.to_pybytes():
            total += pc.count_substring(array, "\n").to_numpy(zero_copy_only=False)
    return total


def _refuse_swallowed(
    head: FileHead, first: decode.FirstLine, arrays: list[pa.Array], lines: NDArray[np.int64]
) -> None:
    """Refuse a file with a quotation mark that is never closed: the cell then holds the rows after it."""
    if head.headings.count < LEAST_COLUMNS:
        return
    mark = first.delimiter
    pattern = rf"\n([^{mark}\n]*[{mark}]){{{min(head.headings.count - 1, 500)}}}"
    for array in arrays:
        found = np.flatnonzero(pc.match_substring_regex(array, pattern).to_numpy(zero_copy_only=False))
        if len(found):
            raise ExtractError("piece.quote", head.path.name, line=lines[found[0]])


def _piece(head: FileHead, arrays: list[pa.Array], lines: NDArray[np.int64]) -> Piece:
    arrays, lines = without_blanks(arrays, lines)
    rows, own, read = len(lines), dict[str, pa.Array](), head.headings.read
    if (wide := head.headings.wide) is not None:
        arrays, own, lines = wide.laid(arrays, lines)
    used = {name: arrays[i] for i, name in head.headings.used.items()}
    unused = tuple(array for i, array in enumerate(arrays) if i not in read)
    return Piece(
        file=head.path.name,
        columns=used | own,
        unused=unused,
        lines=lines,
        headings=head.headings,
        rows=rows,
    )
