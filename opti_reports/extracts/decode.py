"""Which encoding and delimiter a text file has, decided strictly: a file that fits none is refused."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from opti_reports.errors import ExtractError
from opti_reports.extracts.packed import File

BLOCK = 1 << 20
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
UNMARKED = ("utf-8", "cp1252")
DELIMITERS = (";", "\t", ",")
LOOKED_AT = 20
"""How many lines are searched for headings that stand below a title."""
_UTF8 = re.compile(rb"\xc3[\x80-\xbf]|\xe2\x80[\x80-\xbf]")
"""Letters and dashes in UTF-8; read as Windows-1252 they are "Ã¤" and "â€“", which nobody writes."""
_SEPARATOR_NOTE = re.compile(r"\s*\"?sep=.\"?\s*\Z", re.IGNORECASE)
"""The line that tells a spreadsheet which delimiter to use; the headings themselves tell it better."""


def encoding_of(path: File) -> str:
    """Return the file's encoding: byte-order mark, else UTF-8 if all of it is valid, else Windows-1252.

    Raises ExtractError for a file with NUL characters, bytes that fit none of them, or lines in both of the
    last two.
    """
    with path.open("rb") as file:
        start = file.read(4)
    marked = [name for bom, name in BOMS if start.startswith(bom)]
    for name in marked or UNMARKED:
        if _decodes(path, name):
            return name
        if name.startswith("utf-8"):
            _refuse_mixed(path)
    raise ExtractError("decode.encoding", path.name)


def _refuse_mixed(path: File) -> None:
    """Refuse a file with a line in UTF-8 and another that is not: parts of two exports, put together."""
    with path.open("rb") as file:
        if not any(_UTF8.search(block) for block in iter(lambda: file.read(BLOCK), b"")):
            return
        file.seek(0)
        lines: dict[bool, int] = {}
        for number, line in enumerate(file, 1):
            if not line.isascii():
                valid = _is_utf8(line)
                if not valid or _UTF8.search(line):
                    lines.setdefault(valid, number)
    if len(lines) == 2:
        raise ExtractError("decode.two_encodings", path.name, utf8=lines[True], other=lines[False])


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decodes(path: File, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            try:
                text = decoder.decode(block)
            except UnicodeDecodeError:
                return False
            if "\0" in text:
                raise ExtractError("decode.nul", path.name)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True)
class FirstLine:
    """The heading cells, the delimiter, the lines up to and with the heading, and whether none follows."""

    cells: list[str]
    delimiter: str
    lines: int
    alone: bool
    above: int = 0
    """The most filled cells of a line above it."""


def first_line(
    path: File,
    encoding: str,
    known: Callable[[str], bool],
    headed: Callable[[list[str]], bool] | None = None,
) -> FirstLine:
    """Return the heading row: the first line that is not blank (nor ``sep=;``), below a title the first that
    is ``headed``.

    Raises ExtractError without one.

    The delimiter is the one with which most headings are known columns (then: the most cells).
    """
    found = next(filled(path, encoding), None)
    if found is None:
        raise ExtractError("decode.empty", path.name)
    lines = list(islice(filled(path, encoding), LOOKED_AT)) if headed else []
    if headed:
        found = next((one for one in lines if any(map(headed, split(one[1]).values()))), found)
    number, line = found
    try:
        cells = {delimiter: cells_of(line, delimiter) for delimiter in DELIMITERS}
    except csv.Error as error:
        raise ExtractError("decode.heading", path.name, why=str(error)) from None
    best = max(DELIMITERS, key=lambda d: (sum(known(cell) for cell in cells[d]), len(cells[d])))
    above = (split(text).get(best, ()) for at, text in lines if at < number)
    most = max((sum(map(bool, one)) for one in above), default=0)
    return FirstLine(cells[best], best, number, not line.endswith(("\n", "\r")), most)


def split(line: str) -> dict[str, list[str]]:
    """Return a line's cells as each delimiter parts them; of a line that one cannot part, none of that."""
    found = {}
    for delimiter in DELIMITERS:
        with suppress(csv.Error):
            found[delimiter] = cells_of(line, delimiter)
    return found


def rows_below(path: File, encoding: str, first: FirstLine, most: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the next filled lines below the first, with their numbers, each split as it splits best."""
    for count, (number, line) in enumerate(filled(path, encoding)):
        if count > most:
            return
        if number > first.lines and (cells := split(line)):
            yield number, max(cells.values(), key=len)


def filled(path: File, encoding: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their numbers; a note of the delimiter is none of them."""
    with path.open(encoding=encoding, newline="") as file:
        for number, line in enumerate(file, 1):
            if line.strip() and not _SEPARATOR_NOTE.match(line):
                yield number, line


def cells_of(line: str, delimiter: str) -> list[str]:
    """Return a line's cells, trimmed."""
    return [cell.strip() for cell in next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter))]
