"""Cells that nobody can read: where they are unknown, and where they may be blank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from opti_reports.algebra.calendar import date_of
from opti_reports.algebra.columns import Columns, Taken
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Vector, truth
from opti_reports.config.source import Source
from opti_reports.extracts import rows as rules
from opti_reports.extracts.gathered import BadCells, Gathered

FUTURE = "future_date"
BLANKS = ("missing_required", "blank")


def unreadable(source: Source, gathered: Gathered, rows: Columns, context: Context) -> tuple[BadCells, ...]:
    """Return the cells that cannot be read, but for those that may be blank in their rows."""
    bad = [*gathered.bad, *_absent(source, gathered)]
    return tuple(_not_in_order(source, rows, bad, gathered.size, context))


def ahead(source: Source, rows: Columns, last: int, context: Context) -> tuple[BadCells, ...]:
    """Return the cells whose date lies after the day of the extract, ``last``."""
    return tuple(
        BadCells(name, FUTURE, late, _as_text(rows.kept(name).chosen(late), context))
        for name in _dated(source, rows)
        if len(late := rules.after(rows.kept(name), last, context))
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
    source: Source, rows: Columns, bad: Sequence[BadCells], size: int, context: Context
) -> Iterator[BadCells]:
    """Yield the bad cells but for those that may be blank in their rows."""
    known: Columns | None = None
    for cells in bad:
        rule = source.column[cells.column].blank_ok
        if not rule or cells.reason not in BLANKS:
            yield cells
            continue
        known = known or marked(rows, [c for c in bad if c.reason not in BLANKS], size)
        asked = Taken(known, cells.rows)
        left = ~truth(evaluate(rule, asked, len(cells.rows), context))
        if left.any():
            yield replace(cells, rows=cells.rows[left], texts=cells.texts.filter(pa.array(left)))


def marked(rows: Columns, bad: Iterable[BadCells], size: int) -> Columns:
    """Return the columns with their bad cells unknown."""
    found = Columns(rows)
    for cells in bad:
        if cells.column in found:
            mask = np.zeros(size, dtype=bool)
            mask[cells.rows] = True
            found[cells.column] = found.kept(cells.column).with_unknown(mask)
    return found


def _dated(source: Source, rows: Mapping[str, Vector]) -> list[str]:
    """Return the columns whose dates may not lie after the day of the extract."""
    plain = {name: column for name, column in source.column.items() if column.type in ("date", "datetime")}
    return [name for name, column in plain.items() if name in rows and not column.future]


def _as_text(cells: Vector, context: Context) -> pa.Array:
    found = context.calendar.to_day(cells.data) if cells.kind == "datetime" else cells.data
    return pa.array([date_of(day).isoformat() for day in found.tolist()], pa.string())
