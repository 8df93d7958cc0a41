"""Totals as delivered against what their rows, or their parts, add up to. None is corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from opti_reports.config.delivered import Totals
from opti_reports.config.source import RowList
from opti_reports.model.delivered import Held, HeldTo, number
from opti_reports.model.organisation import Tree
from opti_reports.model.report import UNKNOWN_CELL, ListRow

Rows = Mapping[str, Sequence[ListRow]]


def held(specs: Iterable[RowList], rows: Rows, tree: Tree) -> tuple[Held, ...]:
    """Return every number of the lists that should be a sum, with that sum."""
    return tuple(one for spec in specs for one in _of_list(spec, rows, tree))


def _of_list(spec: RowList, rows: Rows, tree: Tree) -> Iterator[Held]:
    own = rows.get(spec.id, ())
    for at, row in enumerate(own):
        for column, to, parts, cells in _sums(spec, rows, row, tree):
            told = number(row.cells.get(column, ""))
            numbers = [found for cell in cells if (found := number(cell)) is not None]
            if told is None or not numbers:
                continue
            yield Held(
                list=spec.id,
                row=at,
                name=row.cells[next(iter(spec.columns))],
                column=column,
                to=to,
                told=told,
                summed=sum(numbers),
                parts=parts,
                unread=sum(cell == UNKNOWN_CELL for cell in cells),
            )


def _sums(
    spec: RowList, rows: Rows, row: ListRow, tree: Tree
) -> Iterator[tuple[str, HeldTo, tuple[str, ...], list[str]]]:
    """Yield the columns of a row that should be sums: of what, and the cells that make each."""
    if spec.totals:
        for to, others in _others(spec, spec.totals, rows, row):
            below = [one for one in others if row.org in tree.lineage(one.org)]
            for column in spec.totals.columns:
                yield column, to, (), [one.cells.get(column, "") for one in below]
    for column, parts in spec.parts.items():
        cells = [row.cells.get(part, "") for part in parts]
        if all(cells):
            yield column, "parts", parts, cells


def _others(
    spec: RowList, totals: Totals, rows: Rows, row: ListRow
) -> Iterator[tuple[HeldTo, list[ListRow]]]:
    """Yield the rows that a total is of: of the whole also the other totals."""
    key, of = row.cells.get(totals.by, ""), rows.get(totals.of, ())
    if key == totals.whole:
        yield "totals", [one for one in rows.get(spec.id, ()) if one is not row]
        yield "rows", list(of)
    else:
        yield "rows", [one for one in of if one.cells.get(totals.by, "") == key]
