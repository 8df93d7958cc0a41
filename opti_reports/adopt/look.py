"""A file as it is found: what it is, where its headings stand, and how often each of its texts occurs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from pathlib import Path

import pyarrow.compute as pc

from opti_reports.config.due import Due
from opti_reports.config.source import Column, Source
from opti_reports.errors import ExtractError
from opti_reports.extracts import dates, decode, parquet, sheet
from opti_reports.extracts.disguise import refuse_workbook_as_text
from opti_reports.extracts.headers import LOOKED_BELOW, Headings
from opti_reports.extracts.numerals import decimal_of
from opti_reports.extracts.packed import File, contents, whole
from opti_reports.extracts.pieces import FileHead, Skipped, pieces
from opti_reports.extracts.redact import identifies
from opti_reports.extracts.wide import LEAST, refuse_several
from opti_reports.messages.message import Message, Shown, message
from opti_reports.messages.sentences import remedy

MOST_DISTINCT = 20_000
"""How many texts of a column are told apart; a column of more is no list of anything."""
LOCKS = ("~$", ".~lock.")
"""With what the names begin of files by which office programs lock another."""
ALIKE = 3
"""How many letters the names of files share at least that are looked at together."""
_TAIL = re.compile(r"[\W_]*(?:\d[\d\W_]*|v?\d+)*$")
"""With what a file's name ends that is of its month alone: figures and signs."""
ANY = Source(
    id="any",
    name={},
    system="any",
    files=(),
    presence="optional",
    owner_role={},
    due=Due(day=1),
    date="",
    key=(),
    window_months=1,
    column={},
)
"""A source of which nothing is known."""
Known = Callable[[str], bool]
Row = tuple[int, list[str]]


@dataclass(frozen=True, eq=False)
class Sight:
    """A column of a file: its heading, and how often each text occurs in it (empty cells left out)."""

    heading: str
    counts: Counter[str]
    rows: int
    filled: int
    many: bool = False
    """There are more different texts than are told apart."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a file looks like, or several of the same headings. ``above`` are the rows before these."""

    paths: tuple[Path, ...]
    form: Message
    above: int
    rows: int
    torn: int
    """Rows with another number of cells than there are headings."""
    columns: tuple[Sight, ...]

    @property
    def name(self) -> str:
        """Return the name of the first file, by which answers know it."""
        return self.paths[0].name

    @property
    def stem(self) -> str:
        """Return how the names of all files begin, without what is of a month alone."""
        stems = [path.stem for path in self.paths]
        ends = (at for at, signs in enumerate(zip(*stems, strict=False)) if len(set(signs)) > 1)
        common = stems[0][: next(ends, min(map(len, stems)))]
        return _TAIL.sub("", common) or common or stems[0]

    @property
    def headings(self) -> list[str]:
        """Return the headings from left to right."""
        return [column.heading for column in self.columns]


def together(looks: Iterable[Look]) -> tuple[Look, ...]:
    """Return the looks with those of the same headings put together, as long as their names begin alike."""
    found: dict[tuple[str, ...], list[Look]] = {}
    for one in looks:
        stem, suffix = one.paths[0].stem[:ALIKE], one.paths[0].suffix
        found.setdefault((stem, suffix, *one.headings), []).append(one)
    return tuple(reduce(_both, group) for group in found.values())


def _sum(one: Sight, other: Sight) -> Sight:
    many, filled = one.many or other.many, one.filled + other.filled
    return Sight(one.heading, one.counts + other.counts, one.rows + other.rows, filled, many)


def _both(one: Look, other: Look) -> Look:
    columns = zip(one.columns, other.columns, strict=True)
    return Look(
        paths=(*one.paths, *other.paths),
        form=one.form,
        above=max(one.above, other.above),
        rows=one.rows + other.rows,
        torn=one.torn + other.torn,
        columns=tuple(_sum(a, b) for a, b in columns),
    )


@dataclass(frozen=True)
class Left:
    """A file that is left alone, and why."""

    file: str
    why: Shown


def look(path: Path, known: Known) -> Look | Left:
    """Look at a file; ``known`` says whether a heading is one of any source."""
    if path.name.startswith(LOCKS):
        return Left(path.name, message("adopt.lock"))
    try:
        file = contents(path)
        with whole(file):
            head, form, above = _open(file, known)
            found = _columns(path, head, form, above)
    except ExtractError as error:
        fix = remedy(error.message)
        return Left(path.name, message("adopt.fixed", what=error.message, fix=fix) if fix else error.message)
    if found.torn >= found.rows or len(found.columns) < 2:
        return Left(path.name, message("adopt.no_table"))
    months = [heading for heading in found.headings if dates.heading(heading)]
    others = [one for one in found.headings if len(months) < LEAST or one not in months]
    if _known_in(found.headings, known) < 2 and any(map(_like_data, others)):
        return Left(path.name, message("adopt.headless"))
    return found


def _like_data(heading: str) -> bool:
    """Return whether a heading is none: a row of clients is never quoted."""
    number = decimal_of(heading) is not None and dates.month(heading) is None
    return number or dates.day(heading) is not None or identifies(heading)


def _open(path: File, known: Known) -> tuple[FileHead, Message, int]:
    """Return the head of a file with all its headings used, what it is, and the rows above the headings."""
    with path.open("rb") as file:
        if file.read(5).startswith(b"%PDF"):
            raise ExtractError("adopt.no_table", path.name)
    if path.suffix.lower() == parquet.SUFFIX:
        head = FileHead(path=path, headings=_all_used(parquet.headings(path)))
        return head, message("adopt.parquet"), 0
    if path.suffix.lower() in sheet.SUFFIXES:
        book = sheet.read(path, _best_sheet(path, known))
        if not book.rows:
            raise ExtractError("piece.empty_sheet", path.name)
        at = _heading_row(book.rows[: LOOKED_BELOW + 1], known)
        cells = book.rows[at][1]
        refuse_several(cells, [row for _, row in book.rows[:at]], path.name)
        head = FileHead(
            path=path, headings=_all_used(cells), rows=tuple(book.rows[at + 1 :]), later=book.later
        )
        return head, message("adopt.workbook", row=book.rows[at][0], sheet=book.name), at
    refuse_workbook_as_text(path)
    encoding = decode.encoding_of(path)
    lines = list(islice(decode.filled(path, encoding), LOOKED_BELOW + 1))
    if not lines:
        raise ExtractError("decode.empty", path.name)
    delimiter, rows = _best_split(lines, known)
    at = _heading_row(rows, known)
    number, cells = rows[at]
    refuse_several(cells, [row for _, row in rows[:at]], path.name)
    first = decode.FirstLine(cells, delimiter, number, not lines[at][1].endswith(("\n", "\r")))
    head = FileHead(path=path, headings=_all_used(cells), encoding=encoding, first=first)
    sign = message("adopt.tab") if delimiter == "\t" else delimiter
    quoted = lines[at][1].lstrip().startswith('"')
    quotes: Shown = message("adopt.quoted") if quoted else ""
    form = message("adopt.text", encoding=_called(encoding), delimiter=sign, row=number, quotes=quotes)
    return head, form, at


def _best_sheet(path: File, known: Known) -> Callable[[list[str]], bool]:
    """Return what tells the row of headings on the sheet that has most known ones."""
    rows = [row for head in sheet.overview(path).heads.values() for row in head]
    best = max(rows, key=lambda row: _known_in(row, known), default=[])
    wanted = {cell for cell in best if cell}
    return lambda cells: _known_in(best, known) > 1 and wanted == {cell for cell in cells if cell}


def _called(encoding: str) -> str:
    return {"cp1252": "Windows-1252", "utf-16": "UTF-16"}.get(encoding, "UTF-8")


def _best_split(lines: list[tuple[int, str]], known: Known) -> tuple[str, list[Row]]:
    """Return the delimiter with which a row has most known headings, then most rows equally many cells."""
    found: dict[str, list[Row]] = {delimiter: [] for delimiter in decode.DELIMITERS}
    for number, line in lines:
        cells = decode.split(line)
        for delimiter, rows in found.items():
            rows.append((number, cells.get(delimiter, [line.strip()])))

    def fits(delimiter: str) -> tuple[int, int, int]:
        rows = found[delimiter]
        width, count = Counter(len(cells) for _, cells in rows).most_common(1)[0]
        return max(_known_in(cells, known) for _, cells in rows), count * (width > 1), width

    best = max(decode.DELIMITERS, key=fits)
    return best, found[best]


def _known_in(cells: list[str], known: Known) -> int:
    return sum(map(known, cells))


def _heading_row(rows: list[Row], known: Known) -> int:
    """Return which of the first rows has the headings: most known ones, else the first full row of words."""
    most = max(range(len(rows)), key=lambda at: (_known_in(rows[at][1], known), -at))
    if _known_in(rows[most][1], known) > 1:
        return most
    filled = [sum(map(bool, cells)) for _, cells in rows]
    width = Counter(filled).most_common(1)[0][0]
    for at, (_, cells) in enumerate(rows):
        named = [cell for cell in cells if cell]
        worded = bool(named) and decimal_of(named[0]) is None
        if filled[at] >= max(2, 0.8 * width) and worded and len(set(named)) == len(named):
            return at
    return 0


def _all_used(cells: list[str]) -> Headings:
    return Headings({at: str(at) for at in range(len(cells))}, (), len(cells), tuple(cells))


def _columns(path: Path, head: FileHead, form: Message, above: int) -> Look:
    """Count the texts of each column; columns without heading and content are none."""
    size = head.headings.count
    # Every column may hold line breaks inside its cells, as nobody knows yet which are texts.
    any_text = ANY.model_copy(update={"column": {str(at): Column(type="quote") for at in range(size)}})
    counts, filled = [Counter[str]() for _ in range(size)], [0] * size
    many, rows, skipped = set[int](), 0, Skipped()
    for piece in pieces(any_text, head, skipped):
        rows += len(piece.lines)
        for at, texts in _texts(piece.columns):
            counts[at].update(texts)
            filled[at] += sum(texts.values())
            if len(counts[at]) > MOST_DISTINCT:
                many.add(at)
                counts[at] = Counter(dict(counts[at].most_common(MOST_DISTINCT)))
    columns = tuple(
        Sight(heading, counts[at], rows, filled[at], at in many)
        for at, heading in enumerate(head.headings.cells)
        if heading or counts[at]
    )
    return Look(
        paths=(path,),
        form=form,
        above=above,
        rows=rows,
        torn=len(skipped.rejected()) if skipped.lines else 0,
        columns=columns,
    )


def _texts(columns: dict[str, object]) -> Iterator[tuple[int, dict[str, int]]]:
    for name, array in columns.items():
        found = pc.value_counts(pc.utf8_trim_whitespace(array)).to_pylist()
        yield int(name), {one["values"]: one["counts"] for one in found if one["values"]}
