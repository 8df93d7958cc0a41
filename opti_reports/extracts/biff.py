"""What the reader of workbooks hides of binary ones (.xls, .xlsb), read from their records: errors above all.

The layouts are those of [MS-XLS], [MS-CFB] and [MS-XLSB].
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from opti_reports.errors import UnfitError
from opti_reports.extracts.faults import NOT_COMPUTED

Place = tuple[int, int]
"""A cell's row and column, from 0."""
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
    0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip
UNKNOWN_ERROR = "#N/A"
_FREE = 0xFFFFFFFA
"""From here on a number of a sector is none."""


@dataclass(kw_only=True)
class Found:
    """What stands on a sheet: errors and formulas without a value by place, a filter, how far it reaches."""

    texts: dict[Place, str] = field(default_factory=dict)
    filtered: bool = False
    row: int = 0
    column: int = 0
    computed: int = 0
    zeros: list[Place] = field(default_factory=list)
    """Formulas of the value 0 that are to be computed by whoever opens the workbook."""

    def reach(self, place: Place) -> None:
        """Note how far the sheet reaches."""
        self.row, self.column = max(self.row, place[0] + 1), max(self.column, place[1] + 1)

    def number(self, place: Place, value: float, *, to_compute: bool) -> None:
        """Note what a formula came to."""
        if value:
            self.computed += 1
        elif to_compute:
            self.zeros.append(place)

    def done(self) -> Found:
        """Return this; where formulas were left to whoever opens the workbook, they have no value."""
        if not self.computed:
            self.texts |= dict.fromkeys(self.zeros, NOT_COMPUTED)
        return self


@dataclass(frozen=True)
class Old:
    """An old workbook: under a password or not, from when it counts days, and its sheets in order."""

    locked: bool
    from_1904: bool
    sheets: tuple[Found, ...]


def old(content: bytes) -> Old:
    """Return what an old workbook (.xls) holds. Raises UnfitError where it is none, or damaged."""
    book = _stream(content, ("workbook", "book"))
    places, from_1904 = [], False
    for kind, at, size in _records(book, 0):
        if kind == 0x2F:  # FILEPASS: what follows is a cipher
            return Old(locked=True, from_1904=False, sheets=())
        if kind == 0x22:  # DATEMODE
            from_1904 = book[at : at + size][:1] == b"\1"
        if kind == 0x85:  # BOUNDSHEET
            places.append(struct.unpack_from("<L", book, at)[0])
    return Old(locked=False, from_1904=from_1904, sheets=tuple(_old_sheet(book, place) for place in places))


def _old_sheet(book: bytes, place: int) -> Found:
    found = Found()
    for kind, at, size in _records(book, place):
        if kind == 0x9B:  # FILTERMODE
            found.filtered = True
        elif kind == 0x205 and size >= 8:  # BOOLERR
            row, column, _, code, is_error = struct.unpack_from("<HHHBB", book, at)
            if is_error:
                found.texts[row, column] = ERRORS.get(code, UNKNOWN_ERROR)
        elif kind in (0x06, 0x206, 0x406) and size >= 16:  # FORMULA
            row, column, _, result, flags = struct.unpack_from("<HHH8sH", book, at)
            if result[6:] != b"\xff\xff":
                (value,) = struct.unpack("<d", result)
                found.number((row, column), value, to_compute=bool(flags & 3))
            elif result[0] == 2:
                found.texts[row, column] = ERRORS.get(result[2], UNKNOWN_ERROR)
            else:
                found.computed += 1
    return found.done()


def _records(book: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, place and length of the records of a part of the stream; those of charts in it are none."""
    depth = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        at += 4
        if at + size > len(book):
            raise UnfitError("damaged.record")
        depth += kind in (0x809, 0x409, 0x209, 0x09)  # BOF
        if depth == 1:
            yield kind, at, size
        at += size
        if kind == 0x0A:  # EOF
            depth -= 1
            if depth == 0:
                return
    raise UnfitError("damaged.end")


def _stream(content: bytes, names: tuple[str, ...]) -> bytes:
    """Return a stream of a compound file by its name."""
    try:
        sector, short = (1 << power for power in struct.unpack_from("<HH", content, 30))
        many, start, _, cutoff, shorts = struct.unpack_from("<5L", content, 44)
        if sector not in (512, 4096) or short > sector:
            raise UnfitError("damaged.size")
        table = _table(content, sector, many)
        folder = _chain(content, table, sector, start)
        entries = [folder[at : at + 128] for at in range(0, len(folder) - 127, 128)]
        found = {
            _name(entry): struct.unpack_from("<LQ", entry, 116) for entry in entries if entry[66] in (2, 5)
        }
        at, size = next(found[name] for name in names if name in found)
        size &= 0xFFFFFFFF
        if size >= cutoff:
            return _chain(content, table, sector, at)[:size]
        root = next(struct.unpack_from("<L", entry, 116)[0] for entry in entries if entry[66] == 5)
        inner = _chain(content, table, sector, root)
        links = _chain(content, table, sector, shorts)
        return _chain(inner, _numbers(links), short, at, before=0)[:size]
    except (struct.error, IndexError, StopIteration):
        raise UnfitError("damaged.none") from None


def _name(entry: bytes) -> str:
    (size,) = struct.unpack_from("<H", entry, 64)
    return entry[: max(0, min(size, 64) - 2)].decode("utf-16-le", "replace").casefold()


def _numbers(links: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(links) // 4}L", links[: len(links) // 4 * 4])


def _table(content: bytes, sector: int, many: int) -> tuple[int, ...]:
    """Return for each sector the next one of its chain."""
    at, left = struct.unpack_from("<2L", content, 68)
    where = list(struct.unpack_from("<109L", content, 76))
    for _ in range(min(left, len(content) // sector)):
        *more, at = struct.unpack_from(f"<{sector // 4}L", content, (at + 1) * sector)
        where += more
    parts = (content[(one + 1) * sector : (one + 2) * sector] for one in where[:many] if one < _FREE)
    return _numbers(b"".join(parts))


def _chain(content: bytes, table: tuple[int, ...], sector: int, at: int, before: int = 1) -> bytes:
    """Return the sectors of a chain, one after another; ``before`` stand before the first of the file."""
    parts = list[bytes]()
    while at < _FREE:
        if len(parts) > len(table):
            raise UnfitError("damaged.circle")
        parts.append(content[(at + before) * sector : (at + before + 1) * sector])
        at = table[at]
    return b"".join(parts)


def from_1904(archive: zipfile.ZipFile) -> bool:
    """Return whether a binary workbook (.xlsb) counts days from 1904."""
    content = archive.read("xl/workbook.bin")
    return any(kind == 153 and content[at] & 1 for kind, at, _ in _parts(content) if at < len(content))


def names(archive: zipfile.ZipFile) -> tuple[str, ...]:
    """Return for each sheet of a binary workbook, in order, by which name its part is known."""
    content = archive.read("xl/workbook.bin")
    return tuple(_text(content, at + 8) for kind, at, _ in _parts(content) if kind == 156)


def _text(content: bytes, at: int) -> str:
    (size,) = struct.unpack_from("<L", content, at)
    return content[at + 4 : at + 4 + 2 * size].decode("utf-16-le", "replace")


def sheet(content: bytes) -> Found:
    """Return what stands on a sheet of a binary workbook. Raises UnfitError where it is damaged."""
    found, row = Found(), 0
    try:
        for kind, at, size in _parts(content):
            if kind == 0:  # BrtRowHdr
                (row,) = struct.unpack_from("<L", content, at)
            elif kind == 163:  # BrtBeginFilterColumn
                found.filtered = True
            elif 1 <= kind <= 11 and size >= 8:  # cells, and formulas of each kind
                _cell(content, at, kind, row, found)
    except struct.error:
        raise UnfitError("damaged.short") from None
    return found.done()


def _cell(content: bytes, at: int, kind: int, row: int, found: Found) -> None:
    (column,) = struct.unpack_from("<L", content, at)
    found.reach((row, column))
    if kind in (3, 11):  # BrtCellError, BrtFmlaError
        found.texts[row, column] = ERRORS.get(content[at + 8], UNKNOWN_ERROR)
    elif kind == 9:  # BrtFmlaNum
        value, flags = struct.unpack_from("<dH", content, at + 8)
        found.number((row, column), value, to_compute=bool(flags & 2))
    elif kind in (8, 10):
        found.computed += 1


def _parts(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield kind, place and length of the records of a part of a binary workbook."""
    at = 0
    while at < len(content):
        kind, at = _varied(content, at, 2)
        size, at = _varied(content, at, 4)
        if at + size > len(content):
            raise UnfitError("damaged.record")
        yield kind, at, size
        at += size


def _varied(content: bytes, at: int, most: int) -> tuple[int, int]:
    """Return a number of at most so many bytes, seven bits each, and the place after it."""
    number = 0
    for step in range(most):
        if at >= len(content):
            raise UnfitError("damaged.head")
        byte, at = content[at], at + 1
        number |= (byte & 0x7F) << (7 * step)
        if not byte & 0x80:
            break
    return number, at
