"""One delivery read: its files to typed rows, and every row that could not be used with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opti_reports.algebra.calendar import day_number
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Bool, Int, Vector
from opti_reports.config.expressions import used_columns
from opti_reports.config.source import Column, Source
from opti_reports.extracts import rows as rules
from opti_reports.extracts import totals
from opti_reports.extracts.cells import PROBLEMS, ColumnReader, missing
from opti_reports.extracts.duplicates import Delivered, KeyPrint, duplicates, refuse
from opti_reports.extracts.judge import Judge
from opti_reports.extracts.pieces import FileHead, Piece, Skipped, open_file, pieces
from opti_reports.extracts.redact import identity_code_found, refuse_identity_codes
from opti_reports.model.delivery import TOTAL_ROW, Delivery, FileRows, Reject

TEXT_TYPES = ("quote", "title")
UNREAD = ("string", "code", *TEXT_TYPES)
"""Types whose texts need not be read where nobody uses them: nothing in them can be wrong."""
FREE_TYPES = ("string", "code")
NO_JUDGE = Judge()


@dataclass(frozen=True)
class Extract:
    """A delivery's usable rows by column, ``rank`` (their order by key), ``file`` (the place of each one's
    file) and what was rejected.
    """

    source: str
    rows: dict[str, Vector]
    rank: Int
    size: int
    read: int
    rejects: tuple[Reject, ...]
    ignored: tuple[str, ...]
    file: NDArray[np.int32]
    files: tuple[FileRows, ...]


@dataclass
class _Gathered:
    """What has been read so far: per column the parsed pieces, and where each row stands."""

    parts: dict[str, list[tuple[Int, Bool]]]
    keys: dict[str, list[pa.Array]]
    files: list[NDArray[np.int32]] = field(default_factory=list)
    lines: list[Int] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    read: int = 0
    prints: list[KeyPrint] = field(default_factory=list)


def read(
    source: Source, delivery: Delivery, context: Context, secret: bytes, judge: Judge = NO_JUDGE
) -> Extract:
    """Read a delivery. Raises ExtractError when a file cannot be used, or its rows replace one another."""
    kept = used_columns(source)
    readers = {
        name: ColumnReader(column, context.calendar, secret, source.empty_words)
        for name, column in source.column.items()
    }
    gathered = _Gathered(
        {name: [] for name in source.column if name in kept}, {name: [] for name in source.key}
    )
    ignored: dict[str, None] = {}
    labels = judge.labels(source)
    for number, path in enumerate(delivery.files):
        head = open_file(source, path)
        ignored |= dict.fromkeys(head.headings.ignored)
        gathered.prints.append(KeyPrint(len(source.key), secret))
        _file(source, number, head, readers, gathered, labels)
    rows = {name: readers[name].vector(gathered.parts.pop(name)) for name in list(gathered.parts)}
    return _usable(source, delivery, context, rows, gathered, tuple(ignored), judge)


def _file(
    source: Source,
    number: int,
    head: FileHead,
    readers: dict[str, ColumnReader],
    gathered: _Gathered,
    labels: totals.Labels,
) -> None:
    skipped = Skipped()
    for piece in pieces(source, head, skipped):
        _piece(source, number, piece, readers, gathered, labels)
    if skipped.private:
        raise identity_code_found(head.path.name, "a row with too few or too many cells")
    rejected = skipped.rejected()
    gathered.read += len(rejected)
    for line, cells, text in rejected:
        reason = labels.of_line(text.split(head.first.delimiter)[0]) if head.first else ""
        value = "" if reason else str(cells)
        gathered.rejects.append(Reject(head.path.name, line, "", reason or "column_count", "", value))


def _piece(
    source: Source,
    number: int,
    piece: Piece,
    readers: dict[str, ColumnReader],
    gathered: _Gathered,
    labels: totals.Labels,
) -> None:
    size = len(piece.lines)
    gathered.read += size
    for texts in piece.unused:
        refuse_identity_codes(piece.file, "a column that is not used", texts)
    problem = np.zeros(size, dtype=np.int8)
    column = np.full(size, -1, dtype=np.int16)
    parsed: dict[str, tuple[Int, Bool]] = {}
    for i, (name, reader) in enumerate(readers.items()):
        if name in piece.columns:
            wrong, cells = _column(reader, piece.columns[name], name in gathered.parts)
            _refuse_codes(piece.file, reader.column, name, piece.columns[name], wrong)
            column[(problem == 0) & (wrong != 0)] = i
            problem = np.where(problem == 0, wrong, problem)
        else:
            cells = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
        parsed[name] = cells
    good = problem == 0
    if not good.all():
        aside = totals.aside(labels, source, piece, np.flatnonzero(~good))
        gathered.rejects += [
            Reject(piece.file, int(piece.lines[row]), _key(source, piece, row), reason)
            for row, reason in aside.items()
        ]
        problem[list(aside)] = 0
        gathered.rejects += _cell_rejects(source, piece, problem, column)
        parsed = {
            name: (data[good], filled[good])
            for name, (data, filled) in parsed.items()
            if name in gathered.parts
        }
    for name, parts in gathered.parts.items():
        parts.append(parsed[name])
    mask = pa.array(good)
    for at, (name, kept) in enumerate(gathered.keys.items()):
        if name in piece.columns:
            kept.append(pc.utf8_trim_whitespace(piece.columns[name].filter(mask)))
        else:
            kept.append(pa.array([""] * int(good.sum()), pa.string()))
        gathered.prints[-1].add(at, kept[-1])
    gathered.files.append(np.full(int(good.sum()), number, dtype=np.int32))
    gathered.lines.append(piece.lines[good])


def _column(reader: ColumnReader, texts: pa.Array, used: bool) -> tuple[NDArray[np.int8], tuple[Int, Bool]]:
    """A column's problems and its cells; of a text nobody uses only whether it is there."""
    if not used and reader.column.type in UNREAD and not reader.column.codes:
        return missing(reader.column, texts), (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool))
    data, filled, wrong = reader.read(texts)
    return wrong, (data, filled)


def _cell_rejects(
    source: Source, piece: Piece, problem: NDArray[np.int8], column: NDArray[np.int16]
) -> Iterable[Reject]:
    names = list(source.column)
    for row in np.flatnonzero(problem):
        name = names[column[row]]
        spec = source.column[name]
        hidden = spec.private or spec.type in TEXT_TYPES
        value = "" if hidden else str(piece.columns[name][row])[:80]
        yield Reject(
            piece.file,
            int(piece.lines[row]),
            _key(source, piece, int(row)),
            PROBLEMS[problem[row]],
            name,
            value,
        )


def _key(source: Source, piece: Piece, row: int) -> str:
    shown = [n for n in source.key if n in piece.columns and not source.column[n].private]
    return " ".join(str(piece.columns[name][row]).strip() for name in shown)


def _refuse_codes(file: str, column: Column, name: str, texts: pa.Array, wrong: NDArray[np.int8]) -> None:
    """Refuse a file with identity codes: free cells are searched, of the others those that could not be read.

    Quotes and titles are redacted instead.
    """
    if column.type in TEXT_TYPES:
        return
    free = column.type in FREE_TYPES and not column.codes
    refuse_identity_codes(file, f"the column '{name}'", texts if free else texts.filter(pa.array(wrong != 0)))


def _ranks(source: Source, rows: Mapping[str, Vector], gathered: _Gathered) -> Int:
    """Equal keys get equal numbers, in the order of the keys.

    Keys are compared as they were read, so that two spellings of a code or a month are one.
    """
    rank, count = _places(rows.get(source.key[0]), gathered.keys[source.key[0]])
    for name in source.key[1:]:
        place, count = _places(rows.get(name), gathered.keys[name])
        _, rank = np.unique(rank * count + place, return_inverse=True)
    return rank


def _places(vector: Vector | None, texts: list[pa.Array]) -> tuple[Int, int]:
    """Each cell's place among the distinct cells of a key column, and how many there are.

    Pseudonyms go by their text (their hashes are in another order in every workspace), and so do ids that
    nothing else reads.
    """
    if vector is None or vector.kind == "private":
        encoded = pa.chunked_array(texts, pa.string()).combine_chunks().dictionary_encode()
        words, codes = encoded.dictionary, encoded.indices.to_numpy()
    elif vector.kind == "text":
        words, codes = pa.array(["", *vector.words]), np.where(vector.filled, vector.data + 1, 0)
    else:
        distinct, found = np.unique(np.where(vector.filled, vector.data, rules.EMPTY), return_inverse=True)
        return found.astype(np.int64), len(distinct)
    place = pc.rank(words, sort_keys="ascending").to_numpy().astype(np.int64) - 1
    return place[codes], len(place)


def _usable(
    source: Source,
    delivery: Delivery,
    context: Context,
    rows: dict[str, Vector],
    gathered: _Gathered,
    ignored: tuple[str, ...],
    judge: Judge,
) -> Extract:
    """The rows that pass every rule; the others join the rejects."""
    size = len(next(iter(rows.values())))
    file = np.concatenate([np.zeros(0, dtype=np.int32), *gathered.files])
    names = tuple(path.name for path in delivery.files)
    prints = gathered.prints
    for number, one in enumerate(prints if size else ()):
        one.finish([vector.take(np.flatnonzero(file == number)) for vector in rows.values()])
    files = tuple(FileRows(name, str(one)) for name, one in zip(names, prints, strict=True))
    rank = _ranks(source, rows, gathered) if size else np.zeros(0, dtype=np.int64)
    reasons = np.full(size, "", dtype=object)
    if size:
        _reasons(source, delivery, context, rows, gathered, rank, reasons, judge)
    kept = np.flatnonzero(reasons == "")
    rejects = [*gathered.rejects, *_row_rejects(source, gathered, names, reasons)]
    used = rows if len(kept) == size else {name: vector.take(kept) for name, vector in rows.items()}
    return Extract(
        source.id, used, rank[kept], len(kept), gathered.read, tuple(rejects), ignored, file[kept], files
    )


def _reasons(
    source: Source,
    delivery: Delivery,
    context: Context,
    rows: dict[str, Vector],
    gathered: _Gathered,
    rank: Int,
    reasons: NDArray[np.object_],
    judge: Judge,
) -> None:
    """Fill in why rows are not used; the first reason stands."""
    size = len(reasons)
    reasons[totals.labelled(judge.labels(source), source, rows, size)] = TOTAL_ROW
    for reason, found in rules.broken_rules(source, rows, size, context).items():
        reasons[found[reasons[found] == ""]] = reason
    late = rules.future(source, rows, day_number(delivery.extracted_on), context)
    reasons[late & (reasons == "")] = "future_date"
    if judge.organisation is not None:
        valid = np.flatnonzero(reasons == "")
        taken = {name: v.take(valid) for name, v in rows.items()} if totals.unit_of_key(source) else {}
        if taken:
            summed = totals.sums_of_others(source, taken, len(valid), judge.organisation, delivery.month)
            reasons[valid[summed]] = TOTAL_ROW
    valid = np.flatnonzero(reasons == "")
    cells = {name: v.take(valid) for name, v in rows.items()}
    twice = duplicates(rank[valid], cells)
    if len(twice.replaced) or (len(delivery.files) > 1 and len(twice.identical)):
        refuse(twice, _delivered(source, delivery, context, cells, gathered, rank, valid), judge.guards)
    reasons[valid[twice.identical]] = "duplicate_identical"
    reasons[valid[twice.replaced]] = "duplicate_replaced"
    valid = np.flatnonzero(reasons == "")
    apart = rules.disagreeing(source, {name: v.take(valid) for name, v in rows.items()})
    reasons[valid[apart]] = "disagrees"


def _delivered(
    source: Source,
    delivery: Delivery,
    context: Context,
    cells: dict[str, Vector],
    gathered: _Gathered,
    rank: Int,
    valid: NDArray[np.intp],
) -> Delivered:
    """The rows beside one another, for finding out why they share keys."""
    own = evaluate(source.date, cells, len(valid), context)
    day = context.calendar.to_day(own.data) if own.kind == "datetime" else own.data
    shown = [name for name in source.key if not source.column[name].private]
    keys = {name: pa.chunked_array(gathered.keys[name], pa.string()) for name in shown}
    return Delivered(
        source,
        delivery.files,
        np.concatenate(gathered.files)[valid],
        np.concatenate(gathered.lines)[valid],
        rank[valid],
        lambda row: " ".join(str(keys[name][int(valid[row])]) for name in shown),
        own,
        day,
        cells,
    )


def _row_rejects(
    source: Source, gathered: _Gathered, files: tuple[str, ...], reasons: NDArray[np.object_]
) -> Iterable[Reject]:
    if not len(reasons):
        return
    where, lines = np.concatenate(gathered.files), np.concatenate(gathered.lines)
    shown = [name for name in source.key if not source.column[name].private]
    keys = {name: pa.chunked_array(gathered.keys[name], pa.string()) for name in shown}
    for row in np.flatnonzero(reasons != ""):
        key = " ".join(str(keys[name][int(row)]) for name in shown)
        yield Reject(files[where[row]], int(lines[row]), key, str(reasons[row]))
