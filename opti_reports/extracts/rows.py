"""Rules over whole rows of a delivery: order of dates, the future, duplicates, cases that must agree."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from opti_reports.algebra.calendar import DAY
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Bool, Int, Vector, possible, unknown_cells
from opti_reports.config.source import Source, broken_check

Rejected = dict[str, NDArray[np.intp]]
"""Row numbers by reason."""
Why = NDArray[np.object_]
"""Why each row is rejected; empty where it is used."""
EMPTY = np.iinfo(np.int64).min
UNKNOWN = EMPTY + 1
"""What an empty and an unknown cell are among the integers of their column."""


def broken_rules(source: Source, rows: Mapping[str, Vector], size: int, context: Context) -> Rejected:
    """Return rows that break a check of the source, by the first check they break; unknown
    cells break none.
    """
    found: Rejected = {}
    left = np.ones(size, dtype=bool)
    for name, check in source.check.items():
        broken = left & ~possible(evaluate(check.rule, rows, size, context))
        found[broken_check(name)] = np.flatnonzero(broken)
        left &= ~broken
    return found


def after(vector: Vector, extracted: int, context: Context) -> Bool:
    """Dates and times after the day the extract was made."""
    midnight = int(context.calendar.to_utc(np.array([(extracted + 1) * DAY]))[0])
    late: Bool = vector.filled & (vector.data >= (midnight if vector.kind == "datetime" else extracted + 1))
    return late


def disagreeing(source: Source, rows: Mapping[str, Vector]) -> Bool:
    """Return rows of a case whose other rows say something else in columns that must agree."""
    size = len(next(iter(rows.values())))
    if source.same_within is None or not size:
        return np.zeros(size, dtype=bool)
    key = rows[source.same_within.key]
    _, case = np.unique(plain(key), return_inverse=True)
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
