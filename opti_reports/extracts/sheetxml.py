"""What the reader of workbooks hides, read from the sheets' XML: errors, formulas without values, far cells.

Searches the bytes as they come out of the archive, some megabytes at a time; nothing is parsed as XML.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from opti_reports.errors import ExtractError
from opti_reports.extracts.faults import NOT_COMPUTED

BLOCK = 4 << 20
MOST_CELLS = 25_000_000
"""A sheet is laid out whole from its first cell to its last, some 60 bytes a cell, however few are filled."""
Place = tuple[int, int]
"""A cell's row and column, from 0."""

_P = rb"<(?:[\w.-]+:)?"
_END = rb"</(?:[\w.-]+:)?"
# Patterns that begin with letters are found many times faster.
_ROW = re.compile(rb"row [^>]{0,400}?\br=[\"']([0-9]+)")
_WIDE, _ANY = (re.compile(rb"r=[\"']([A-Z]{%d,3})[0-9]" % fewest) for fewest in (2, 1))
_CELL_REF = re.compile(rb"\sr=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_ERROR = re.compile(_P + rb"c\b(?=[^>]*\bt=[\"']e[\"'])([^>]*)>(.*?)" + _END + rb"c>", re.DOTALL)
_FORMULA = re.compile(_P + rb"c\b([^>]*)>\s*(?=" + _P + rb"f\b)(.*?)" + _END + rb"c>", re.DOTALL)
_VALUE = re.compile(_P + rb"v\b[^>]*>([^<]*)" + _END + rb"v>")
_TEXT = re.compile(rb"\bt=[\"']str[\"']")
_HAS_VALUE = re.compile(_P + rb"v\b")
_SHEET = re.compile(_P + rb"sheet\s([^>]*)>")
_ID = re.compile(rb"\b[\w.-]+:id=[\"']([^\"']+)")
_RELATION = re.compile(_P + rb"Relationship\s([^>]*)>")
_DATE_1904 = re.compile(_P + rb"workbookPr\b[^>]*\bdate1904=[\"'](?:1|true|on)[\"']")
_FILTER = re.compile(_P + rb"filterColumn\b")
_RECALCULATE = re.compile(_P + rb"calcPr\b[^>]*\bfullCalcOnLoad=[\"'](?:1|true|on)[\"']")


@dataclass
class Marks:
    """The texts of cells that the reader leaves empty, and what formulas there are."""

    texts: dict[Place, str] = field(default_factory=dict)
    computed: int = 0
    """Formulas with a value other than 0."""
    zeros: list[Place] = field(default_factory=list)
    """Formulas with the value 0, which programs write that compute nothing."""


def date_1904(archive: zipfile.ZipFile) -> bool:
    """Return whether the workbook counts days from 1904, as those begun on a Mac do."""
    return bool(_DATE_1904.search(archive.read("xl/workbook.xml")))


def marks(archive: zipfile.ZipFile, index: int, file: str) -> dict[Place, str]:
    """Return the errors and the formulas without a value on a sheet, by place: what stands there, in words.

    ``index`` is the sheet's place in the workbook. Where the program that wrote the workbook left computing
    to the next one, formulas that are all 0 have no value either.
    """
    found = Marks()
    for block in _blocks(archive, _part(archive, index, file)):
        _errors(block, found, file)
        _formulas(block, found, file)
    if found.zeros and not found.computed and _RECALCULATE.search(archive.read("xl/workbook.xml")):
        found.texts |= dict.fromkeys(found.zeros, NOT_COMPUTED)
    return found.texts


def filtered(archive: zipfile.ZipFile, index: int, file: str) -> bool:
    """Return whether a filter of a sheet leaves out rows that stand there all the same."""
    return any(_FILTER.search(block) for block in _blocks(archive, _part(archive, index, file)))


def with_known_errors(archive: zipfile.ZipFile) -> io.BytesIO:
    """Return the same workbook with every error cell a #N/A: the reader refuses those of newer Excels
    (#SPILL!).
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as copy:
        for item in archive.infolist():
            content = archive.read(item)
            if item.filename.startswith("xl/worksheets/"):
                content = _ERROR.sub(_as_not_available, content)
            copy.writestr(item.filename, content)
    made.seek(0)
    return made


def _as_not_available(cell: re.Match[bytes]) -> bytes:
    return _VALUE.sub(lambda value: value[0].replace(b">" + value[1] + b"<", b">#N/A<"), cell[0])


def refuse_far_cells(archive: zipfile.ZipFile, file: str) -> None:
    """Refuse a workbook with a stray cell so far away that all between would not fit in memory."""
    for name in archive.namelist():
        if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
            continue
        row, column = 0, b"A"
        for block in _blocks(archive, name):
            row, column = _furthest(block, row, column)
            if row * number_of(column) > MOST_CELLS:
                raise ExtractError("sheet.far", file, column=column.decode(), row=row)


def number_of(letters: bytes) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def range_of(start: Place, end: Place) -> str:
    """Return a range as spreadsheets name it: ``A2:A5``."""
    return ":".join(f"{letters_of(column)}{row + 1}" for row, column in (start, end))


def letters_of(column: int) -> str:
    """Return what a column is called, given its number from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def _furthest(block: bytes, row: int, column: bytes) -> tuple[int, bytes]:
    """Return the last row and column, of those so far and those of a block; the first 26 only where it
    matters.
    """
    row = max([row, *map(int, _ROW.findall(block))])
    wide = set((_ANY if row * 26 > MOST_CELLS else _WIDE).findall(block))
    # A cell may name another row than the one it stands in: looked for only where a longer number stands.
    longer = re.compile(rb"r=[\"'][A-Z]{1,3}[0-9]{%d}" % (len(str(row)) + 1))
    if longer.search(block):
        references = _CELL_REF.findall(block)
        row = max(row, *(int(number) for _, number in references))
        wide |= {letters for letters, _ in references}
    return row, max([column, *wide], key=number_of)


def _blocks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield a sheet's XML in blocks that end between two rows."""
    rest = b""
    with archive.open(name) as sheet:
        while read := sheet.read(BLOCK):
            rest += read
            cut = max(rest.rfind(b"</row>"), rest.rfind(b":row>"))
            if cut >= 0:
                yield rest[:cut]
                rest = rest[cut:]
    yield rest


def _part(archive: zipfile.ZipFile, index: int, file: str) -> str:
    """Return the name of the archive's part that holds a sheet."""
    sheets = _SHEET.findall(archive.read("xl/workbook.xml"))
    wanted = _ID.search(sheets[index]) if index < len(sheets) else None
    ids = [wanted[1].decode()] if wanted else [""]
    return parts(archive, ids, "xl/_rels/workbook.xml.rels", file)[0]


def parts(archive: zipfile.ZipFile, ids: Iterable[str], relations: str, file: str) -> list[str]:
    """Return the names of the archive's parts that a workbook knows by these ids."""
    there, targets = set(archive.namelist()), dict[str, str]()
    for relation in _RELATION.findall(archive.read(relations)):
        target = html.unescape(_attribute(relation, b"Target"))
        name = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if name in there:
            targets.setdefault(_attribute(relation, b"Id"), name)
    found = [targets.get(id, "") for id in ids]
    if not all(found):
        raise ExtractError("sheet.no_place", file)
    return found


def _attribute(text: bytes, name: bytes) -> str:
    found = re.search(rb"(?:^|\s)" + name + rb"=[\"']([^\"']*)", text)
    return found[1].decode() if found else ""


def _errors(block: bytes, found: Marks, file: str) -> None:
    if b't="e"' not in block and b"t='e'" not in block:
        return
    for cell in _ERROR.finditer(block):
        value = _VALUE.search(cell[2])
        found.texts[_place(cell[1], file)] = html.unescape(value[1].decode()) if value else "#N/A"


def _formulas(block: bytes, found: Marks, file: str) -> None:
    if b"<f" not in block and b":f" not in block:
        return
    for cell in _FORMULA.finditer(block):
        value = _VALUE.search(cell[2])
        if value is None or not value[1].strip():
            # A formula may well give an empty text: then it says so, and has a value.
            if not (_TEXT.search(cell[1]) and _HAS_VALUE.search(cell[2])):
                found.texts.setdefault(_place(cell[1], file), NOT_COMPUTED)
        elif value[1].strip() in (b"0", b"0.0") and b"t=" not in cell[1]:
            found.zeros.append(_place(cell[1], file))
        else:
            found.computed += 1


def _place(attributes: bytes, file: str) -> Place:
    found = _CELL_REF.search(attributes)
    if found is None:
        raise ExtractError("sheet.no_address", file)
    return int(found[2]) - 1, number_of(found[1]) - 1
