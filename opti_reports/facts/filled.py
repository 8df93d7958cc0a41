"""How many cells are filled of the columns that may be empty: counted where a delivery is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from opti_reports.algebra.calendar import month_of
from opti_reports.algebra.columns import Packed, parts
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Vector, unknown_cells
from opti_reports.config.expressions import may_be_empty
from opti_reports.config.source import Source
from opti_reports.facts.days import counted_by
from opti_reports.facts.placing import days
from opti_reports.model.delivery import UnitCells


def by_column(
    source: Source, columns: Mapping[str, Vector], own: Packed, size: int, context: Context
) -> Iterator[UnitCells]:
    """Yield what is filled of each column that may be empty, by unit code and month of the rows that are
    dated by their ``own`` date, of the first ``size`` rows. A cell that nobody can read is no empty one.
    """
    fact, named, words = counted_by(source), may_be_empty(source), tuple[str, ...]()
    found: dict[int, NDArray[np.int64]] = {}
    if fact is None:
        return
    for some, part in parts(columns, size):
        unit = evaluate(fact.unit, part, some.stop - some.start, context)
        dates = own.vector(some.start, some.stop)
        if unit.kind != "text":
            return
        if not dates.filled.any():
            continue
        words, months = (*unit.words, ""), month_of(days(dates, context))
        first, last = int(months[dates.filled].min()), int(months[dates.filled].max())
        place = (months - first) * len(words) + np.where(unit.filled, unit.data, len(unit.words))
        counts = np.zeros((len(named) + 1, (last - first + 1) * len(words)), dtype=np.int64)
        counts[-1] = np.bincount(place[dates.filled], minlength=counts.shape[1])
        for at, vector in enumerate(part[name] for name in named):
            inside = (vector.filled | unknown_cells(vector)) & dates.filled
            counts[at] = np.bincount(place[inside], minlength=counts.shape[1])
        for month, of_month in enumerate(np.split(counts, last - first + 1, axis=1), first):
            found[month] = found.get(month, 0) + of_month
    for month, counts in sorted(found.items()):
        for at in np.flatnonzero(counts[-1]).tolist():
            *filled, rows = counts[:, at].tolist()
            yield UnitCells(words[at], month, rows, tuple(filled))
