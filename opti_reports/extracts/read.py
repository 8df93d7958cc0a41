"""One delivery read: its files to typed rows, with every cell that could not be read and its reason."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opti_reports.algebra.aside import Shelf, Texts
from opti_reports.algebra.columns import NOTHING, Columns, Packed, numbers
from opti_reports.algebra.functions import Context
from opti_reports.algebra.memory import give_back
from opti_reports.config.expressions import used_columns
from opti_reports.config.source import Column, Source
from opti_reports.extracts import totals
from opti_reports.extracts.blanks import PROBLEMS, missing
from opti_reports.extracts.cells import ColumnReader
from opti_reports.extracts.duplicates import KeyPrint
from opti_reports.extracts.gathered import TEXT_TYPES, BadCells, Extract, Gathered
from opti_reports.extracts.judge import Judge
from opti_reports.extracts.pieces import FileHead, Piece, Skipped, open_file, pieces
from opti_reports.extracts.redact import clean, identity_code_found, refuse_identity_codes
from opti_reports.extracts.usable import usable
from opti_reports.extracts.weeks import refuse_months
from opti_reports.messages.message import message
from opti_reports.model.delivery import Delivery, Reject

UNREAD = ("string", "code", *TEXT_TYPES)
"""Types whose texts need not be read where nobody uses them: nothing in them can be wrong."""
FREE_TYPES = ("string", "code")
NO_JUDGE = Judge()


def read(
    source: Source,
    delivery: Delivery,
    context: Context,
    secret: bytes,
    judge: Judge = NO_JUDGE,
    *,
    shelf: Shelf | None = None,
) -> Extract:
    """Read a delivery, its rows put on the shelf. Raises ExtractError when a file cannot be used, or its rows
    replace one another.
    """
    readers = {
        name: ColumnReader(source, column, context.calendar, secret, judge.roles)
        for name, column in source.column.items()
    }
    gathered, rows = _gathered(
        source=source,
        delivery=delivery,
        readers=readers,
        labels=judge.labels(source),
        secret=secret,
        shelf=shelf,
    )
    ignored = dict.fromkeys(name for headings in gathered.headings for name in headings.ignored)
    return usable(
        source=source,
        delivery=delivery,
        context=context,
        rows=rows,
        gathered=gathered,
        ignored=tuple(ignored),
        judge=judge,
    )


def _gathered(
    source: Source,
    delivery: Delivery,
    readers: dict[str, ColumnReader],
    labels: totals.Labels,
    secret: bytes,
    shelf: Shelf | None,
) -> tuple[Gathered, Columns]:
    """Return what reading every file of a delivery gathers, and its columns."""
    kept = used_columns(source)
    gathered = Gathered(
        parts={name: [] for name in source.column if name in kept},
        keys={name: Texts(shelf) for name in source.key},
        shelf=shelf,
    )
    for path in delivery.files:
        head = _settled(source, open_file(source, path), delivery.month)
        gathered.headings.append(head.headings)
        gathered.begins.append(gathered.size)
        gathered.rows.append(0)
        gathered.prints.append(KeyPrint(len(source.key), secret))
        _file(source=source, head=head, readers=readers, gathered=gathered, labels=labels)
    rows = Columns(shelf=shelf)
    for name in list(gathered.parts):
        rows[name] = readers[name].whole(gathered.parts.pop(name), shelf)
    readers.clear()
    give_back()
    return gathered, rows


def _settled(source: Source, head: FileHead, month: int) -> FileHead:
    """Return the head with the years of months side by side that are named without one, of a delivery."""
    wide = head.headings.wide
    if wide is None or wide.settled:
        return head
    read = (piece.columns[wide.month] for piece in pieces(source, head, Skipped()))
    filled = {text for texts in read for text in pc.unique(texts).to_pylist()}
    wide = wide.of_delivery(filled, month, head.path.name)
    return replace(head, headings=replace(head.headings, wide=wide))


def _file(
    source: Source,
    head: FileHead,
    readers: dict[str, ColumnReader],
    gathered: Gathered,
    labels: totals.Labels,
) -> None:
    skipped = Skipped()
    for piece in pieces(source, head, skipped):
        _piece(
            source=source,
            piece=_completed(source, piece, gathered),
            readers=readers,
            gathered=gathered,
            labels=labels,
        )
    if skipped.private:
        raise identity_code_found(head.path.name, message("redact.uneven_row"))
    for line, cells, text in skipped.rejected():
        begins = tuple(text.split(head.first.delimiter)) if head.first else ("",)
        reason = labels.of_line(begins[0])
        if not reason:
            gathered.torn.append(tuple(map(clean, begins)))
        value = "" if reason else str(cells)
        gathered.skipped.append(
            Reject(
                file=head.path.name,
                line=line,
                key="",
                reason=reason or "column_count",
                column="",
                value=value,
            )
        )


def _completed(source: Source, piece: Piece, gathered: Gathered) -> Piece:
    """Put a column in the place of another that the file lacks, where the source says so, and note it."""
    instead = {
        name: column.stand_in
        for name, column in source.column.items()
        if name not in piece.columns and column.stand_in in piece.columns
    }
    gathered.stand_ins.update(instead)
    return replace(piece, columns=piece.columns | {n: piece.columns[other] for n, other in instead.items()})


def _piece(
    source: Source,
    piece: Piece,
    readers: dict[str, ColumnReader],
    gathered: Gathered,
    labels: totals.Labels,
) -> None:
    size, before = len(piece.lines), gathered.size
    unread = np.zeros(size, dtype=bool)
    for texts in piece.unused:
        refuse_identity_codes(piece.file, message("redact.unused_column"), texts)
    for name, reader in readers.items():
        if name in piece.columns:
            texts = piece.columns[name]
            if reader.column.type == "iso_week":
                refuse_months(piece, name)
            wrong, cells = _column(reader, texts, name in gathered.parts, gathered.shelf)
            _refuse_codes(piece.file, reader.column, piece.headings.of(name), texts, wrong)
            unread |= wrong != 0
            for problem in np.unique(wrong[wrong != 0]).tolist():
                found = np.flatnonzero(wrong == problem)
                gathered.bad.append(
                    BadCells(name, PROBLEMS[problem], before + found, texts.take(pa.array(found)))
                )
        else:
            cells = reader.packed(np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool), gathered.shelf)
            gathered.absent.setdefault(name, []).append(range(before, before + size))
        if name in gathered.parts:
            gathered.parts[name].append(cells)
    aside = totals.aside(labels, source, piece, np.flatnonzero(unread)) if unread.any() else {}
    gathered.aside.update({before + row: reason for row, reason in aside.items()})
    data = np.ones(size, dtype=bool)
    data[list(aside)] = False
    for at, (name, kept) in enumerate(gathered.keys.items()):
        there = name in piece.columns
        texts = pc.utf8_trim_whitespace(piece.columns[name]) if there else pa.array([""] * size, pa.string())
        kept.add(texts)
        gathered.prints[-1].add(at, texts.filter(pa.array(data)) if aside else texts)
    gathered.lines.append(numbers(piece.lines, gathered.shelf))
    gathered.rows[-1] += piece.rows


def _column(
    reader: ColumnReader, texts: pa.Array, used: bool, shelf: Shelf | None
) -> tuple[NDArray[np.int8], Packed]:
    """Return a column's problems and its cells; of a text nobody uses only whether it is there."""
    if not used and reader.column.type in UNREAD and not reader.column.codes:
        return missing(reader.source, reader.column, texts), reader.packed(*NOTHING)
    data, filled, wrong = reader.read(texts)
    return wrong, reader.packed(data, filled, shelf)


def _refuse_codes(file: str, column: Column, heading: str, texts: pa.Array, wrong: NDArray[np.int8]) -> None:
    """Refuse a file with identity codes: free cells are searched, of the others those that could not be read.

    Quotes and titles are redacted instead.
    """
    if column.type in TEXT_TYPES:
        return
    free = column.type in FREE_TYPES and not (column.codes or column.pattern)
    suspects = texts if free else texts.filter(pa.array(wrong != 0))
    refuse_identity_codes(file, message("redact.column", heading=heading), suspects)
