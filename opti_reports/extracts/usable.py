"""Which rows of a delivery are used: the rules over them, what is rejected, and what nobody can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from opti_reports.algebra.calendar import date_of, day_number
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Bool, Int, Vector, concatenate, truth, unknown_cells, with_unknown
from opti_reports.config.expressions import columns_read, identifying, unit_columns
from opti_reports.config.source import Column, Source
from opti_reports.extracts import rows as rules
from opti_reports.extracts import totals
from opti_reports.extracts.gathered import TEXT_TYPES, BadCells, Extract, Gathered
from opti_reports.extracts.judge import Judge
from opti_reports.extracts.keys import mark_repeated, ranks
from opti_reports.extracts.pieces import DATED
from opti_reports.extracts.redact import ids_masked, redact_cell, redact_code
from opti_reports.model.delivery import EXEMPT, TOTAL_ROW, Delivery, FileRows, Reject, UnknownCells

FUTURE = "future_date"
BLANKS = ("missing_required", "blank")


def usable(
    source: Source,
    delivery: Delivery,
    context: Context,
    rows: dict[str, Vector],
    gathered: Gathered,
    ignored: tuple[str, ...],
    judge: Judge,
) -> Extract:
    """The rows that pass every rule; the others join the rejects."""
    size = gathered.size
    names = tuple(path.name for path in delivery.files)
    file = np.concatenate([np.zeros(0, dtype=np.int32), *gathered.files])
    data = np.ones(size, dtype=bool)
    data[list(gathered.aside)] = False
    for number, keys in enumerate(gathered.prints if size else ()):
        keys.finish([vector.take(np.flatnonzero((file == number) & data)) for vector in rows.values()])
    files = tuple(FileRows(name, str(keys)) for name, keys in zip(names, gathered.prints, strict=True))
    read = size + len(gathered.skipped)
    if not size:
        lost = _lost(source, rows, np.zeros(0, dtype=object), gathered)
        none = np.zeros(0, dtype=np.int64)
        skipped = tuple(gathered.skipped)
        return Extract(
            source=source.id,
            rows=rows,
            rank=none,
            size=0,
            read=read,
            rejects=skipped,
            ignored=ignored,
            file=file,
            files=files,
            lost=lost,
            stand_ins=gathered.stand_ins,
        )
    bad = [*gathered.bad, *_absent(source, gathered)]
    bad = list(_not_in_order(source, rows, bad, size, context))
    rows = _unknown(rows, bad, size)
    own = _date(source, rows, size, context)
    last = day_number(delivery.extracted_on)
    ahead = [
        BadCells(name, FUTURE, np.flatnonzero(mask), _as_text(rows[name], mask, context))
        for name in _dated(source, rows)
        if (mask := rules.after(rows[name], last, context)).any()
    ]
    rows, bad = _unknown(rows, ahead, size), bad + ahead
    reasons = np.full(size, "", dtype=object)
    reasons[list(gathered.aside)] = list(gathered.aside.values())
    reasons[totals.labelled(judge.labels(source), source, rows, size)] = TOTAL_ROW
    told = _unplaced(source, bad, own, reasons)
    if columns_read(source, source.date) & {cells.column for cells in ahead}:
        reasons[rules.after(own, last, context) & (reasons == "")] = FUTURE
    for reason, found in rules.broken_rules(source, rows, size, context).items():
        reasons[found[reasons[found] == ""]] = reason
    _mark_sums(source, delivery, rows, reasons, judge)
    rank = ranks(source, rows, gathered)
    mark_repeated(
        source=source,
        delivery=delivery,
        context=context,
        rows=rows,
        own=own,
        gathered=gathered,
        rank=rank,
        reasons=reasons,
        guards=judge.guards,
    )
    kept = np.flatnonzero(reasons == "")
    rejects = [*gathered.skipped, *_rejects(source, gathered, names, reasons, told)]
    order = {name: number for number, name in enumerate(names)}
    used = rows if len(kept) == size else {name: vector.take(kept) for name, vector in rows.items()}
    used = ids_masked(source, used)  # once rows are told apart by them
    return Extract(
        source=source.id,
        rows=used,
        rank=rank[kept],
        size=len(kept),
        read=read,
        rejects=tuple(sorted(rejects, key=lambda reject: (order[reject.file], reject.line))),
        ignored=ignored,
        file=file[kept],
        files=files,
        lost=_lost(source, rows, reasons, gathered),
        unknown=tuple(_reported(source, bad, gathered, names, reasons == "")),
        stand_ins=gathered.stand_ins,
    )


def _mark_sums(
    source: Source,
    delivery: Delivery,
    rows: Mapping[str, Vector],
    reasons: NDArray[np.object_],
    judge: Judge,
) -> None:
    """Mark rows that are the sums of others."""
    if judge.organisation is None or totals.unit_of_key(source) is None:
        return
    valid = np.flatnonzero(reasons == "")
    taken = {name: vector.take(valid) for name, vector in rows.items()}
    summed = totals.sums_of_others(source, taken, len(valid), judge.organisation, delivery.month)
    reasons[valid[summed]] = TOTAL_ROW


def _absent(source: Source, gathered: Gathered) -> Iterator[BadCells]:
    """Cells of a column that other files of the delivery have: of columns whose blank cells tell nothing."""
    for name, parts in gathered.absent.items():
        rows = np.concatenate([np.arange(part.start, part.stop) for part in parts])
        if source.column[name].unknown_if_blank and len(rows) < gathered.size:
            yield BadCells(name, "blank", rows, pa.array([""] * len(rows), pa.string()))


def _not_in_order(
    source: Source, rows: dict[str, Vector], bad: list[BadCells], size: int, context: Context
) -> Iterator[BadCells]:
    """The bad cells but for those that may be blank in their rows."""
    told: dict[str, Vector] | None = None
    for cells in bad:
        rule = source.column[cells.column].blank_ok
        if not rule or cells.reason not in BLANKS:
            yield cells
            continue
        told = told or _unknown(rows, [c for c in bad if c.reason not in BLANKS], size)
        left = ~truth(evaluate(rule, told, size, context))[cells.rows]
        if left.any():
            yield replace(cells, rows=cells.rows[left], texts=cells.texts.filter(pa.array(left)))


def _unknown(rows: dict[str, Vector], bad: list[BadCells], size: int) -> dict[str, Vector]:
    """The columns with their bad cells unknown."""
    marked = dict(rows)
    for cells in bad:
        if cells.column in marked:
            mask = np.zeros(size, dtype=bool)
            mask[cells.rows] = True
            marked[cells.column] = with_unknown(marked[cells.column], mask)
    return marked


def _date(source: Source, rows: Mapping[str, Vector], size: int, context: Context) -> Vector:
    """Each row's own date."""
    columns = dict(rows)
    for name, text in source.derive.items():
        if columns_read(source, text) <= columns_read(source, source.date) and source.date not in columns:
            columns[name] = evaluate(text, columns, size, context)
    return evaluate(source.date, columns, size, context)


def _dated(source: Source, rows: Mapping[str, Vector]) -> list[str]:
    """The columns whose dates may not lie after the day of the extract."""
    plain = {name: column for name, column in source.column.items() if column.type in ("date", "datetime")}
    return [name for name, column in plain.items() if name in rows and not column.future]


def _as_text(vector: Vector, mask: Bool, context: Context) -> pa.Array:
    cells = vector.take(mask)
    found = context.calendar.to_day(cells.data) if cells.kind == "datetime" else cells.data
    return pa.array([date_of(day).isoformat() for day in found.tolist()], pa.string())


def _unplaced(
    source: Source, bad: list[BadCells], own: Vector, reasons: NDArray[np.object_]
) -> dict[int, tuple[str, str]]:
    """Mark rows whose key or own date is not known; the column and the cell at fault by row."""
    told: dict[int, tuple[str, str]] = {}
    dated, undated = columns_read(source, source.date), unknown_cells(own)
    for name, column in source.column.items():
        if name not in source.key and name not in dated:
            continue
        hidden = column.private or column.type in TEXT_TYPES
        for cells in (cells for cells in bad if cells.column == name and cells.reason != FUTURE):
            placeless = reasons[cells.rows] == ""
            if name not in source.key:
                placeless &= undated[cells.rows]
            for i in np.flatnonzero(placeless).tolist():
                row = int(cells.rows[i])
                reasons[row] = cells.reason
                told[row] = name, "" if hidden else _shown(column, str(cells.texts[i]))
    return told


def _rejects(
    source: Source,
    gathered: Gathered,
    files: tuple[str, ...],
    reasons: NDArray[np.object_],
    told: Mapping[int, tuple[str, str]],
) -> Iterator[Reject]:
    where, lines = np.concatenate(gathered.files), np.concatenate(gathered.lines)
    shown = [name for name in source.key if not source.column[name].private]
    keys = {name: pa.chunked_array(gathered.keys[name], pa.string()) for name in shown}
    for row in np.flatnonzero(reasons != "").tolist():
        key = " ".join(text for name in shown if (text := str(keys[name][row])))
        column, value = told.get(row, ("", ""))
        heading = gathered.headings[where[row]].of(column)
        place = files[where[row]], int(lines[row]), redact_code(key)
        yield Reject(*place, str(reasons[row]), column, value, heading)


def _shown(column: Column, cell: str) -> str:
    """A cell that could not be read, as reports show it."""
    return redact_cell(cell, dated=column.type in DATED)


def _lost(
    source: Source, rows: Mapping[str, Vector], reasons: NDArray[np.object_], gathered: Gathered
) -> dict[str, Vector]:
    """The rejected rows that would have counted.

    Unknown is what they are rejected for, but for what places them; of rows with a wrong number of cells all
    but the unit, where one of their cells names it as other rows do.
    """
    skipped, units = len(gathered.torn), unit_columns(source)
    gone = np.flatnonzero((reasons != "") & ~np.isin(reasons.astype(str), list(EXEMPT)))
    if not len(gone) and not skipped:
        return {}
    place = identifying(source)
    doubted = {f"check.{name}": columns_read(source, check.rule) for name, check in source.check.items()}
    if source.same_within is not None:
        doubted["disagrees"] = frozenset(source.same_within.columns)
    found = {}
    for name, vector in rows.items():
        why = [reason for reason, columns in doubted.items() if name in columns - place]
        cells = with_unknown(vector.take(gone), np.isin(reasons[gone].astype(str), why))
        named = _named(vector, gathered.torn if name in units else [()] * skipped)
        nothing = replace(vector, data=np.maximum(named, 0), filled=named >= 0, unknown=named < 0)
        found[name] = concatenate([cells, nothing]) if skipped else cells
    return found


def _named(vector: Vector, torn: Sequence[tuple[str, ...]]) -> Int:
    """The word of a column that the cells of each torn row hold; -1 where they hold none, or several."""
    number = {word: at for at, word in enumerate(vector.words)}
    found = [{number[cell] for cell in cells if cell in number} for cells in torn]
    return np.array([next(iter(one)) if len(one) == 1 else -1 for one in found], dtype=np.int64)


def _reported(
    source: Source, bad: list[BadCells], gathered: Gathered, files: tuple[str, ...], kept: Bool
) -> Iterator[tuple[UnknownCells, Int]]:
    """The bad cells of used rows, by column, reason and file."""
    where, lines = np.concatenate(gathered.files), np.concatenate(gathered.lines)
    found: dict[tuple[str, str, int], tuple[str, list[Int]]] = {}
    for cells in bad:
        column = source.column[cells.column]
        hidden = column.private or column.type in TEXT_TYPES
        used = np.flatnonzero(kept[cells.rows])
        for file in np.unique(where[cells.rows[used]]).tolist():
            here = used[where[cells.rows[used]] == file]
            value = "" if hidden else _shown(column, str(cells.texts[int(here[0])]))
            found.setdefault((cells.column, cells.reason, file), (value, []))
            found[cells.column, cells.reason, file][1].append(lines[cells.rows[here]])
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
