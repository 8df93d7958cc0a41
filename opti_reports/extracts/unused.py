"""What of a delivery is not used, as it is reported: rejects, what they would have counted, unknown cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from opti_reports.algebra.columns import Columns, Packed
from opti_reports.algebra.vector import Bool, Int, Vector, concatenate, with_unknown
from opti_reports.config.expressions import columns_read, identifying, unit_columns
from opti_reports.config.source import DISAGREES, Column, Source, broken_check
from opti_reports.extracts.gathered import TEXT_TYPES, BadCells, Gathered
from opti_reports.extracts.pieces import DATED
from opti_reports.extracts.redact import redact_cell, redact_code
from opti_reports.extracts.rows import Why
from opti_reports.extracts.unreadable import FUTURE
from opti_reports.model.delivery import EXEMPT, Reject, UnknownCells


def mark_unplaced(
    source: Source, bad: Sequence[BadCells], own: Packed, reasons: Why
) -> dict[int, tuple[str, str]]:
    """Mark rows whose key or own date is not known; the column and the cell at fault by row."""
    causes: dict[int, tuple[str, str]] = {}
    dated, undated = columns_read(source, source.date), own.unknown_cells()
    for name, column in source.column.items():
        if name not in source.key and name not in dated:
            continue
        hidden = column.private or column.type in TEXT_TYPES
        for cells in (cells for cells in bad if cells.column == name and cells.reason != FUTURE):
            placeless = reasons.used[cells.rows]
            if name not in source.key:
                placeless &= undated[cells.rows]
            for i in np.flatnonzero(placeless).tolist():
                row = int(cells.rows[i])
                reasons.mark([row], cells.reason)
                causes[row] = name, "" if hidden else _shown(column, str(cells.texts[i]))
    return causes


def rejects(
    source: Source,
    gathered: Gathered,
    files: tuple[str, ...],
    reasons: Why,
    causes: Mapping[int, tuple[str, str]],
) -> tuple[Reject, ...]:
    """Return every row that is not used, by file and line."""
    found = [*gathered.skipped, *_rejected(source, gathered, files, reasons, causes)]
    order = {name: number for number, name in enumerate(files)}
    return tuple(sorted(found, key=lambda reject: (order[reject.file], reject.line)))


def _rejected(
    source: Source,
    gathered: Gathered,
    files: tuple[str, ...],
    reasons: Why,
    causes: Mapping[int, tuple[str, str]],
) -> Iterator[Reject]:
    gone = np.flatnonzero(~reasons.used)
    where, lines = gathered.file_of(gone).tolist(), gathered.line_of(gone).tolist()
    shown = [gathered.keys[name] for name in source.key if not source.column[name].private]
    for row, at, line, reason in zip(gone.tolist(), where, lines, reasons.of(gone), strict=True):
        key = " ".join(text for texts in shown if (text := texts[row]))
        column, value = causes.get(row, ("", ""))
        yield Reject(
            file=files[at],
            line=line,
            key=redact_code(key),
            reason=str(reason),
            column=column,
            value=value,
            heading=gathered.headings[at].of(column),
        )


def lost(source: Source, rows: Columns, reasons: Why, gathered: Gathered) -> dict[str, Vector]:
    """Return the rejected rows that would have counted.

    Unknown is what they are rejected for, but for what places them; of rows with a wrong number of cells all
    but the unit, where one of their cells names it as other rows do.
    """
    skipped, units = len(gathered.torn), unit_columns(source)
    gone = np.flatnonzero(~reasons.used)
    gone = gone[~np.isin(reasons.of(gone).astype(str), list(EXEMPT))]
    causes = reasons.of(gone).astype(str)
    if not len(gone) and not skipped:
        return {}
    place = identifying(source)
    rules = {name: columns_read(source, check.rule, linked=False) for name, check in source.check.items()}
    doubted = {broken_check(name): columns for name, columns in rules.items()}
    if source.same_within is not None:
        doubted[DISAGREES] = frozenset(source.same_within.columns)
    found = {}
    for name in rows:
        vector = rows.kept(name).chosen(gone)
        why = [reason for reason, columns in doubted.items() if name in columns - place]
        cells = with_unknown(vector, np.isin(causes, why))
        named = _named(vector, gathered.torn if name in units else [()] * skipped)
        nothing = replace(vector, data=np.maximum(named, 0), filled=named >= 0, unknown=named < 0)
        found[name] = concatenate([cells, nothing]) if skipped else cells
    return found


def reported(
    source: Source, bad: Sequence[BadCells], gathered: Gathered, files: tuple[str, ...], kept: Bool
) -> Iterator[tuple[UnknownCells, Int]]:
    """Yield the bad cells of used rows, by column, reason and file."""
    found: dict[tuple[str, str, int], tuple[str, list[Int]]] = {}
    for cells in bad:
        column = source.column[cells.column]
        hidden = column.private or column.type in TEXT_TYPES
        used = np.flatnonzero(kept[cells.rows])
        where = gathered.file_of(cells.rows[used])
        for file in np.unique(where).tolist():
            here = used[where == file]
            value = "" if hidden else _shown(column, str(cells.texts[int(here[0])]))
            found.setdefault((cells.column, cells.reason, file), (value, []))
            found[cells.column, cells.reason, file][1].append(gathered.line_of(cells.rows[here]))
    for (name, reason, file), (value, parts) in found.items():
        places = np.concatenate(parts)
        yield (
            UnknownCells(
                file=files[file],
                line=int(places[0]),
                column=name,
                reason=reason,
                cells=len(places),
                value=value,
            ),
            places,
        )


def _named(vector: Vector, torn: Sequence[tuple[str, ...]]) -> Int:
    """Return the word of a column that the cells of each torn row hold; -1 where they hold
    none, or several.
    """
    number = {word: at for at, word in enumerate(vector.words)}
    found = [{number[cell] for cell in cells if cell in number} for cells in torn]
    return np.array([next(iter(one)) if len(one) == 1 else -1 for one in found], dtype=np.int64)


def _shown(column: Column, cell: str) -> str:
    """Return a cell that could not be read, as reports show it."""
    return redact_cell(cell, dated=column.type in DATED)
