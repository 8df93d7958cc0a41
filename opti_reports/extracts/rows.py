"""Rules over whole rows of a delivery: order of dates, the future, duplicates, cases that must agree."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from opti_reports.algebra.calendar import DAY
from opti_reports.algebra.columns import Columns, Packed, parts, slices
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Bool, Int, Vector, possible, unknown_cells
from opti_reports.algebra.whole import OWN, evaluated
from opti_reports.config.expressions import columns_read
from opti_reports.config.source import Check, Source, broken_check

Rejected = dict[str, NDArray[np.intp]]
"""Row numbers by reason."""
EMPTY = np.iinfo(np.int64).min
UNKNOWN = EMPTY + 1
"""What an empty and an unknown cell are among the integers of their column."""


class Why:
    """Why each row is rejected, a byte a row; the name is empty where it is used."""

    def __init__(self, size: int) -> None:
        self._codes, self._names = np.zeros(size, dtype=np.uint8), [""]

    def __len__(self) -> int:
        return len(self._codes)

    @property
    def used(self) -> Bool:
        """Return which rows are used."""
        found: Bool = self._codes == 0
        return found

    def mark(self, rows: NDArray[np.intp] | Bool | list[int], reason: str) -> None:
        """Reject rows for a reason, whatever they were rejected for."""
        if reason not in self._names:
            self._names.append(reason)
        self._codes[rows] = self._names.index(reason)

    def mark_used(self, rows: NDArray[np.intp], reason: str) -> None:
        """Reject those of the rows that are used so far."""
        self.mark(rows[self._codes[rows] == 0], reason)

    def of(self, rows: NDArray[np.intp]) -> NDArray[np.object_]:
        """Return the reasons of rows."""
        return np.array(self._names, dtype=object)[self._codes[rows]]


def own_dates(source: Source, rows: Columns, size: int, context: Context) -> Packed:
    """Return each row's own date."""
    read, derived = columns_read(source, source.date), dict[str, str]()
    for name, text in source.derive.items():
        if source.date not in rows and source.date not in derived and columns_read(source, text) <= read:
            derived[name] = text
    return evaluated(derived | {OWN: source.date}, rows, size, context, rows.shelf).kept(OWN)


def broken_rules(
    checks: Mapping[str, Check], rows: Mapping[str, Vector], size: int, context: Context
) -> Rejected:
    """Return rows that break a check, by the first one they break; unknown cells break none."""
    found: dict[str, list[NDArray[np.intp]]] = {broken_check(name): [] for name in checks}
    for own, part in parts(rows, size):
        left = np.ones(own.stop - own.start, dtype=bool)
        for name, check in checks.items():
            broken = left & ~possible(evaluate(check.rule, part, len(left), context))
            found[broken_check(name)].append(own.start + np.flatnonzero(broken))
            left &= ~broken
    return {reason: np.concatenate(rows) for reason, rows in found.items()}


def after(column: Packed, extracted: int, context: Context) -> NDArray[np.intp]:
    """Return the rows whose date or time lies after the day the extract was made."""
    midnight = int(context.calendar.to_utc(np.array([(extracted + 1) * DAY]))[0])
    first = midnight if column.like.kind == "datetime" else extracted + 1
    if not len(column) or column.bounds()[1] < first:
        return np.zeros(0, dtype=np.intp)
    late = []
    for own in slices(len(column)):
        cells = column.vector(own.start, own.stop)
        late.append(own.start + np.flatnonzero(cells.filled & (cells.data >= first)))
    return np.concatenate(late)


def disagreeing(source: Source, rows: Mapping[str, Vector], months: Int) -> Bool:
    """Return rows of a case whose other rows (of the same of ``months``, where it is by months) say something
    else in columns that must agree.
    """
    size = len(next(iter(rows.values())))
    if source.same_within is None or not size:
        return np.zeros(size, dtype=bool)
    key = rows[source.same_within.key]
    _, case = np.unique(plain(key), return_inverse=True)
    if source.same_within.monthly:
        span = int(months.max() - months.min()) + 1
        _, case = np.unique(case * span + months - months.min(), return_inverse=True)
    wrong = np.zeros(case.max() + 1, dtype=bool)
    for name in source.same_within.columns:
        known = np.flatnonzero(~unknown_cells(rows[name]))
        values, of = plain(rows[name])[known], case[known]
        for smallest in (np.minimum, np.maximum) if len(known) else ():
            extreme = np.full(len(wrong), values.max() if smallest is np.minimum else values.min())
            smallest.at(extreme, of, values)
            wrong[of[extreme[of] != values]] = True
    apart: Bool = wrong[case] & key.filled
    return apart


def plain(vector: Vector) -> Int:
    """Return a column's cells as numbers that can be compared, the empty and the unknown ones too."""
    cells = np.where(vector.filled, vector.data, EMPTY)
    return cells if vector.unknown is None else np.where(vector.unknown, UNKNOWN, cells)
