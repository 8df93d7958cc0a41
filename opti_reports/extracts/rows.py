"""Rules over whole rows of a delivery: order of dates, the future, duplicates, cases that must agree."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from opti_reports.algebra.calendar import DAY
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Bool, Int, Vector, truth
from opti_reports.config.source import Source

Rejected = dict[str, NDArray[np.intp]]
"""Row numbers by reason."""
EMPTY = np.iinfo(np.int64).min
"""What an empty cell is among the integers of its column."""


def broken_rules(source: Source, rows: Mapping[str, Vector], size: int, context: Context) -> Rejected:
    """Rows that break a check of the source, by the first check they break."""
    found: Rejected = {}
    left = np.ones(size, dtype=bool)
    for name, check in source.check.items():
        broken = left & ~truth(evaluate(check.rule, rows, size, context))
        found[f"check.{name}"] = np.flatnonzero(broken)
        left &= ~broken
    return found


def future(source: Source, rows: Mapping[str, Vector], extracted: int, context: Context) -> Bool:
    """Rows with a date after the day the extract was made."""
    size = len(next(iter(rows.values())))
    late = np.zeros(size, dtype=bool)
    midnight = int(context.calendar.to_utc(np.array([(extracted + 1) * DAY]))[0])
    for name, column in source.column.items():
        if column.future or column.type not in ("date", "datetime") or name not in rows:
            continue
        vector = rows[name]
        limit = midnight if vector.kind == "datetime" else extracted + 1
        late |= vector.filled & (vector.data >= limit)
    return late


def disagreeing(source: Source, rows: Mapping[str, Vector]) -> Bool:
    """Rows of a case whose other rows say something else in columns that must agree."""
    size = len(next(iter(rows.values())))
    if source.same_within is None or not size:
        return np.zeros(size, dtype=bool)
    key = rows[source.same_within.key]
    _, case = np.unique(_plain(key), return_inverse=True)
    wrong = np.zeros(case.max() + 1, dtype=bool)
    for name in source.same_within.columns:
        values = _plain(rows[name])
        for smallest in (np.minimum, np.maximum):
            extreme = np.full(len(wrong), values.max() if smallest is np.minimum else values.min())
            smallest.at(extreme, case, values)
            wrong[case[extreme[case] != values]] = True
    apart: Bool = wrong[case] & key.filled
    return apart


def _plain(vector: Vector) -> Int:
    return np.where(vector.filled, vector.data, EMPTY)
