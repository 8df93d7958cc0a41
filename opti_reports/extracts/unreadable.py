"""Cells that nobody can read: where they are unknown, and where they may be blank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from opti_reports.algebra.calendar import date_of
from opti_reports.algebra.columns import Columns
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Bool, Vector, truth, with_unknown
from opti_reports.config.source import Source
from opti_reports.extracts import rows as rules
from opti_reports.extracts.gathered import BadCells, Gathered

FUTURE = "future_date"
BLANKS = ("missing_required", "blank")


def unreadable(
    source: Source, gathered: Gathered, rows: Mapping[str, Vector], context: Context
) -> tuple[BadCells, ...]:
    """Return the cells that cannot be read, but for those that may be blank in their rows."""
    bad = [*gathered.bad, *_absent(source, gathered)]
    return tuple(_not_in_order(source, rows, bad, gathered.size, context))


def ahead(source: Source, rows: Mapping[str, Vector], last: int, context: Context) -> tuple[BadCells, ...]:
    """Return the cells whose date lies after the day of the extract, ``last``."""
    return tuple(
        BadCells(name, FUTURE, np.flatnonzero(mask), _as_text(rows[name], mask, context))
        for name in _dated(source, rows)
        if (mask := rules.after(rows[name], last, context)).any()
    )


def _absent(source: Source, gathered: Gathered) -> Iterator[BadCells]:
    """Yield cells of a column that other files of the delivery have: of columns whose blank cells tell
    nothing.
    """
    for name, parts in gathered.absent.items():
        rows = np.concatenate([np.arange(part.start, part.stop) for part in parts])
        if source.column[name].unknown_if_blank and len(rows) < gathered.size:
            yield BadCells(name, "blank", rows, pa.array([""] * len(rows), pa.string()))


def _not_in_order(
    source: Source, rows: Mapping[str, Vector], bad: Sequence[BadCells], size: int, context: Context
) -> Iterator[BadCells]:
    """Yield the bad cells but for those that may be blank in their rows."""
    known: Mapping[str, Vector] | None = None
    for cells in bad:
        rule = source.column[cells.column].blank_ok
        if not rule or cells.reason not in BLANKS:
            yield cells
            continue
        known = known or marked(rows, [c for c in bad if c.reason not in BLANKS], size)
        left = ~truth(evaluate(rule, known, size, context))[cells.rows]
        if left.any():
            yield replace(cells, rows=cells.rows[left], texts=cells.texts.filter(pa.array(left)))


def marked(rows: Mapping[str, Vector], bad: Iterable[BadCells], size: int) -> Mapping[str, Vector]:
    """Return the columns with their bad cells unknown."""
    found = Columns(rows)
    for cells in bad:
        if cells.column in found:
            mask = np.zeros(size, dtype=bool)
            mask[cells.rows] = True
            found[cells.column] = with_unknown(found[cells.column], mask)
    return found


def _dated(source: Source, rows: Mapping[str, Vector]) -> list[str]:
    """Return the columns whose dates may not lie after the day of the extract."""
    plain = {name: column for name, column in source.column.items() if column.type in ("date", "datetime")}
    return [name for name, column in plain.items() if name in rows and not column.future]


def _as_text(vector: Vector, mask: Bool, context: Context) -> pa.Array:
    cells = vector.take(mask)
    found = context.calendar.to_day(cells.data) if cells.kind == "datetime" else cells.data
    return pa.array([date_of(day).isoformat() for day in found.tolist()], pa.string())
