"""Small writers of workbooks, from what the formats' documents say: the same rows in every kind of file.

OpenDocument 1.3, [MS-XLS] with [MS-CFB], and [MS-XLSB]. They share no code with the program.
"""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter


@dataclass(frozen=True)
class Error:
    """An error cell, as it is shown."""

    shown: str
    older: bool = False
    """In OpenDocument: as the number 0, as programs wrote it before there was a word for errors."""


@dataclass(frozen=True)
class Unmade:
    """A formula that nobody has computed yet."""


Cell = str | int | float | bool | dt.date | dt.datetime | Error | Unmade | None
Row = Sequence[Cell]
EPOCH = dt.datetime(1899, 12, 30)
CODES = {
    "#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42,
}  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """A sheet to be written; ``merged`` are first row, last row, first column and last column."""

    name: str
    rows: Sequence[Row]
    hidden: bool = False
    filtered: bool = False
    merged: tuple[int, int, int, int] | None = None


def serial(cell: dt.date) -> float:
    whole = cell if isinstance(cell, dt.datetime) else dt.datetime.combine(cell, dt.time())
    return (whole - EPOCH) / dt.timedelta(days=1)


def csv(path: Path, *sheets: Sheet) -> Path:
    """The first sheet as text: dates and numbers as Finns write them."""

    def text(cell: Cell) -> str:
        if isinstance(cell, dt.datetime):
            return cell.isoformat(sep=" ")
        if isinstance(cell, float):
            return repr(cell).replace(".", ",")
        if isinstance(cell, Error):
            return cell.shown
        return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)

    lines = (";".join(map(text, row)) for row in sheets[0].rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def xlsx(path: Path, *sheets: Sheet) -> Path:
    with xlsxwriter.Workbook(path) as book:
        day, moment = book.add_format({"num_format": 14}), book.add_format({"num_format": 22})
        for sheet in sheets:
            out = book.add_worksheet(sheet.name)
            for y, row in enumerate(sheet.rows):
                for x, cell in enumerate(row):
                    if isinstance(cell, Error):
                        out.write_formula(y, x, "=1/0", None, cell.shown)
                    elif isinstance(cell, dt.datetime):
                        out.write_datetime(y, x, cell, moment)
                    elif isinstance(cell, dt.date):
                        out.write_datetime(y, x, dt.datetime.combine(cell, dt.time()), day)
                    elif isinstance(cell, str):
                        out.write_string(y, x, cell)
                    elif cell is not None and not isinstance(cell, Unmade):
                        out.write(y, x, cell)
            if sheet.hidden:
                out.hide()
    return path


def parquet(path: Path, *sheets: Sheet) -> Path:
    """The first sheet as columns of text."""
    heads, *rows = sheets[0].rows
    texts = csv(path.with_suffix(".tmp"), Sheet("", rows)).read_text(encoding="utf-8").splitlines()
    path.with_suffix(".tmp").unlink()
    columns = zip(*(line.split(";") for line in texts), strict=True)
    pq.write_table(pa.table({str(h): pa.array(c) for h, c in zip(heads, columns, strict=True)}), path)
    return path


# OpenDocument
NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def ods_cell(cell: Cell) -> str:  # noqa: PLR0911 - a kind of cell each
    def made(kind: str, value: str, shown: str) -> str:
        begins = f'<table:table-cell office:value-type="{kind}" {value}>'
        return f"{begins}<text:p>{shown}</text:p></table:table-cell>"

    if isinstance(cell, Unmade):
        return '<table:table-cell table:formula="of:=[.A1]"/>'
    if isinstance(cell, Error) and cell.older:
        value = 'table:formula="of:=1/0" office:value="0"'
        return made("float", value, escape(cell.shown))
    if isinstance(cell, Error):
        value = 'table:formula="of:=1/0" office:string-value="" calcext:value-type="error"'
        return made("string", value, escape(cell.shown))
    if isinstance(cell, bool):
        return made("boolean", f'office:boolean-value="{str(cell).lower()}"', str(cell).upper())
    if isinstance(cell, (int, float)):
        return made("float", f'office:value="{cell!r}"', str(round(cell)))
    if isinstance(cell, dt.date):
        return made("date", f'office:date-value="{cell.isoformat()}"', f"{cell.day}.{cell.month}.")
    if not cell:
        return "<table:table-cell/>"
    shown = escape(cell).replace("  ", ' <text:s text:c="1"/>').replace("\n", "</text:p><text:p>")
    return (
        f'<table:table-cell office:value-type="string"><text:p>{shown}</text:p>'
        "<office:annotation><text:p>huomautus</text:p></office:annotation></table:table-cell>"
    )


def ods(path: Path, *sheets: Sheet, rows: Callable[[Sheet], str] | None = None, prolog: str = "") -> Path:
    """An OpenDocument spreadsheet; ``rows`` writes those of a sheet otherwise."""

    def lines(sheet: Sheet) -> str:
        return "".join(
            f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in sheet.rows
        )

    def table(sheet: Sheet) -> str:
        style = "ta2" if sheet.hidden else "ta1"
        return (
            f'<table:table table:name={quoteattr(sheet.name)} table:style-name="{style}">'
            "<table:shapes><text:p>kuva</text:p></table:shapes>"
            f'<table:table-column table:number-columns-repeated="16384"/>{(rows or lines)(sheet)}'
            '<table:table-row table:number-rows-repeated="1048000">'
            '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
        )

    def style(name: str, display: str) -> str:
        begins = f'<style:style style:name="{name}" style:family="table">'
        return f'{begins}<style:table-properties table:display="{display}"/></style:style>'

    ranges = "".join(
        "<table:database-range><table:filter/></table:database-range>" for one in sheets if one.filtered
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<office:document-content {NAMES}>'
        "<office:automatic-styles>"
        f"{style('ta1', 'true')}{style('ta2', 'false')}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f"{''.join(map(table, sheets))}<table:database-ranges>{ranges}</table:database-ranges>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
    return path


# The old workbooks
def record(kind: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack("<HH", kind, len(content)) + content


def bof(kind: int) -> bytes:
    return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))


def xls_cell(y: int, x: int, cell: Cell) -> bytes:  # noqa: PLR0911 - a kind of cell each
    def head(form: int) -> bytes:
        return struct.pack("<HHH", y, x, form)

    def formula(result: bytes, flags: int) -> bytes:
        return record(6, head(0), result, struct.pack("<HIH", flags, 0, 3), b"\x1e\x01\x00")

    if isinstance(cell, Unmade):
        return formula(struct.pack("<d", 0), 2)
    if isinstance(cell, Error):
        if cell.older:
            return record(0x205, head(0), bytes([CODES[cell.shown], 1]))
        return formula(bytes([2, 0, CODES[cell.shown], 0, 0, 0, 0xFF, 0xFF]), 0)
    if isinstance(cell, bool):
        return record(0x205, head(0), bytes([cell, 0]))
    if isinstance(cell, (int, float)):
        return record(0x203, head(0), struct.pack("<d", cell))
    if isinstance(cell, dt.date):
        return record(0x203, head(2 if isinstance(cell, dt.datetime) else 1), struct.pack("<d", serial(cell)))
    if not cell:
        return b""
    return record(0x204, head(0), struct.pack("<HB", len(cell), 1), cell.encode("utf-16-le"))


def xls_sheet(sheet: Sheet) -> bytes:
    cells = (xls_cell(y, x, cell) for y, row in enumerate(sheet.rows) for x, cell in enumerate(row))
    merged = [record(0xE5, struct.pack("<HHHHH", 1, *sheet.merged))] if sheet.merged else []
    chart = bof(0x20) + record(0x205, struct.pack("<HHHBB", 0, 0, 0, 7, 1)) + record(0x0A)
    filters = [record(0x9B)] if sheet.filtered else []
    return b"".join([bof(0x10), *filters, *cells, chart, *merged, record(0x0A)])


def workbook_stream(*sheets: Sheet, from_1904: bool = False, locked: bool = False) -> bytes:
    forms = b"".join(record(0xE0, struct.pack("<HH", 0, form), bytes(16)) for form in (0, 14, 22))
    lock = record(0x2F, bytes(54)) if locked else b""
    head = bof(5) + lock + record(0x22, struct.pack("<H", from_1904)) + forms
    names = [sheet.name.encode("utf-16-le") for sheet in sheets]
    places = sum(4 + 8 + len(name) for name in names)
    at, listed = len(head) + places + 4, b""
    parts = [xls_sheet(sheet) for sheet in sheets]
    for sheet, name, part in zip(sheets, names, parts, strict=True):
        listed += record(0x85, struct.pack("<IBBBB", at, sheet.hidden, 0, len(name) // 2, 1), name)
        at += len(part)
    return head + listed + record(0x0A) + b"".join(parts)


def xls(path: Path, *sheets: Sheet, from_1904: bool = False, locked: bool = False) -> Path:
    path.write_bytes(compound(workbook_stream(*sheets, from_1904=from_1904, locked=locked)))
    return path


def compound(stream: bytes) -> bytes:
    """A compound file of one stream; a short one lies in the stream of short sectors, as the format asks."""

    def padded(content: bytes, size: int) -> bytes:
        return content + bytes(-len(content) % size)

    short = len(stream) < 4096
    minis = -(-len(stream) // 64) if short else 0
    body = padded(stream, 512)
    links = padded(
        b"".join(struct.pack("<I", n + 1) for n in range(minis - 1)) + b"\xfe\xff\xff\xff" * short, 512
    )
    links = links.replace(bytes(4), b"\xff\xff\xff\xff") if short else b""
    # Sectors: 0 the folder, then the links of short sectors, the stream, last the table of sectors.
    chains = [1, len(links) // 512, len(body) // 512]
    used = sum(chains)
    tables = -(-(used + 1) // 128)
    while tables * 128 < used + tables:
        tables += 1
    table: list[int] = []
    for count in chains:
        first = len(table)
        table += [first + n + 1 for n in range(count - 1)] + [0xFFFFFFFE] * (count > 0)
    table += [0xFFFFFFFD] * tables
    table += [0xFFFFFFFF] * (tables * 128 - len(table))
    start_links, start_body = 1, 1 + chains[1]

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = f"{name}\0".encode("utf-16-le")
        return (
            text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
            + struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child) + bytes(36) + struct.pack("<IQ", start, size)
        )  # fmt: skip

    root = entry("Root Entry", 5, 1, start_body if short else 0xFFFFFFFE, len(body) if short else 0)
    own = entry("Workbook", 2, 0xFFFFFFFF, 0 if short else start_body, len(stream))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
        + struct.pack(
            "<IIIIIIII", tables, 0, 0, 4096, start_links if short else 0xFFFFFFFE, chains[1], 0xFFFFFFFE, 0
        )
        + b"".join(struct.pack("<I", used + n if n < tables else 0xFFFFFFFF) for n in range(109))
    )  # fmt: skip
    folder = padded(root + own, 512)
    return header + folder + links + body + struct.pack(f"<{len(table)}I", *table)


# Binary workbooks
def part(kind: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(content)
    while length > 127:
        size, length = size + bytes([length & 0x7F | 0x80]), length >> 7
    return head + size + bytes([length]) + content


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb_cell(x: int, cell: Cell) -> bytes:  # noqa: PLR0911 - a kind of cell each
    def head(form: int = 0) -> bytes:
        return struct.pack("<II", x, form)

    if isinstance(cell, Unmade):
        return part(9, head(), struct.pack("<dH", 0, 2), struct.pack("<I", 3), b"\x1e\x01\x00", bytes(4))
    if isinstance(cell, Error) and cell.older:
        return part(3, head(), bytes([CODES[cell.shown]]))
    if isinstance(cell, Error):
        return part(
            11, head(), bytes([CODES[cell.shown]]), struct.pack("<HI", 0, 3), b"\x1e\x01\x00", bytes(4)
        )
    if isinstance(cell, bool):
        return part(4, head(), bytes([cell]))
    if isinstance(cell, (int, float)):
        return part(5, head(), struct.pack("<d", cell))
    if isinstance(cell, dt.date):
        form = 2 if isinstance(cell, dt.datetime) else 1
        return part(5, head(form), struct.pack("<d", serial(cell)))
    return part(6, head(), wide(cell)) if cell else b""


def xlsb_sheet(sheet: Sheet) -> bytes:
    rows = b"".join(
        part(0, struct.pack("<IIHHBI", y, 0, 300, 0, 0, 0))
        + b"".join(xlsb_cell(x, c) for x, c in enumerate(row))
        for y, row in enumerate(sheet.rows)
    )
    width = max((len(row) for row in sheet.rows), default=1)
    reach = part(148, struct.pack("<IIII", 0, max(len(sheet.rows) - 1, 0), 0, width - 1))
    filters = part(161, bytes(16)) + part(163, bytes(6)) + part(164) + part(162) if sheet.filtered else b""
    return part(129) + reach + part(145) + rows + part(146) + filters + part(130)


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsb(path: Path, *sheets: Sheet, from_1904: bool = False) -> Path:
    listed = b"".join(
        part(156, struct.pack("<II", sheet.hidden, at), wide(f"rId{at}"), wide(sheet.name))
        for at, sheet in enumerate(sheets, 1)
    )
    book = part(131) + part(153, struct.pack("<II", from_1904, 0), wide("")) + part(143) + listed + part(144)
    forms = b"".join(
        part(47, struct.pack("<HHHHHHHH", 0xFFFF, form, 0, 0, 0, 0, 0, 0)) for form in (0, 14, 22)
    )
    styles = part(278) + part(617, struct.pack("<I", 3)) + forms + part(618) + part(279)
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{at}.bin"/>'
        for at in range(1, len(sheets) + 1)
    )
    styled = f'<Relationship Id="rId99" Type="{RELATIONS}/styles" Target="styles.bin"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.bin", book + part(132))
        archive.writestr("xl/styles.bin", styles)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            '<?xml version="1.0"?>'
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f"{relations}{styled}</Relationships>",
        )
        for at, sheet in enumerate(sheets, 1):
            archive.writestr(f"xl/worksheets/sheet{at}.bin", xlsb_sheet(sheet))
    return path


def zipped(path: Path, *others: tuple[str, bytes], name: str = "") -> Path:
    """The file in an archive beside it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name or path.name, path.read_bytes())
        for other, content in others:
            archive.writestr(other, content)
    made = path.with_suffix(".zip")
    made.write_bytes(buffer.getvalue())
    return made


KINDS: dict[str, Callable[..., Path]] = {
    ".csv": csv, ".xlsx": xlsx, ".xls": xls, ".xlsb": xlsb, ".ods": ods, ".parquet": parquet,
}  # fmt: skip
