"""How many cells are filled of the columns that may be empty: counted where a delivery is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from opti_reports.algebra.columns import Taken, slices
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
    first = int(months[dated].min())
    place = (months - first) * len(words) + np.where(unit.filled, unit.data, len(unit.words))
    rows = np.bincount(place[dated])
    named = may_be_empty(source)
    counts = np.zeros((len(named), len(rows)), dtype=np.int64)
    for own in slices(len(months)):
        part, inside = Taken(columns, own), dated[own]
        for at, vector in enumerate(part[name] for name in named):
            some = (vector.filled | unknown_cells(vector)) & inside
            counts[at] += np.bincount(place[own][some], minlength=len(rows))
    for at in np.flatnonzero(rows).tolist():
        month, word = divmod(at, len(words))
        yield UnitCells(words[word], first + month, int(rows[at]), tuple(counts[:, at].tolist()))
