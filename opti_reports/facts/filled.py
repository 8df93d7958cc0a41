"""How many cells are filled of the columns that may be empty: counted where a delivery is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Bool, Int, Vector, unknown_cells
from opti_reports.config.expressions import may_be_empty
from opti_reports.config.source import Source
from opti_reports.facts.days import counted_by
from opti_reports.model.delivery import UnitCells


def by_column(
    source: Source, columns: Mapping[str, Vector], months: Int, dated: Bool, context: Context
) -> Iterator[UnitCells]:
    """Yield what is filled of each column that may be empty, by unit code and month of the rows that are
    ``dated``. A cell that nobody can read is no empty one.
    """
    fact = counted_by(source)
    unit = evaluate(fact.unit, columns, len(months), context) if fact else None
    if unit is None or unit.kind != "text" or not dated.any():
        return
    words = (*unit.words, "")
    code = np.where(unit.filled, unit.data, len(unit.words))[dated]
    places, place = np.unique(months[dated] * len(words) + code, return_inverse=True)
    rows = np.bincount(place).tolist()
    there = ((columns[name].filled | unknown_cells(columns[name]))[dated] for name in may_be_empty(source))
    counts = [np.bincount(place[some], minlength=len(places)).tolist() for some in there]
    filled = zip(*counts, strict=True) if counts else [()] * len(places)
    for at, every, some in zip(places.tolist(), rows, filled, strict=True):
        yield UnitCells(words[at % len(words)], at // len(words), every, tuple(some))
