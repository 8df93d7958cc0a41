"""How the rows of a delivery's own month fall on its days, by file and unit code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from opti_reports.algebra.calendar import first_day
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Int, Vector
from opti_reports.config.source import Fact, Source
from opti_reports.model.delivery import UnitDays


def counted_by(source: Source) -> Fact | None:
    """Return the fact that says for which unit a row counts: the first of what happened, in its own month if
    any.
    """
    facts = sorted(source.fact, key=lambda fact: (fact.stock, bool(fact.at)))
    return next(iter(facts), None)


def bounds(month: int) -> tuple[int, int]:
    """Return a month's first day and the first day after it."""
    first, after = first_day(np.array([month, month + 1])).tolist()
    return first, after


def by_day(
    source: Source,
    month: int,
    columns: Mapping[str, Vector],
    file: NDArray[np.int32],
    own: Int,
    filled: NDArray[np.bool_],
    context: Context,
) -> Iterable[UnitDays]:
    """Yield rows on each day of the month, for every unit code a file has rows of in any month."""
    fact = counted_by(source)
    if fact is None or not len(file):
        return
    unit = evaluate(fact.unit, columns, len(file), context)
    if unit.kind != "text":
        return
    first, after = bounds(month)
    code = np.where(unit.filled, unit.data, len(unit.words))
    words = (*unit.words, "")
    place = file.astype(np.int64) * len(words) + code
    inside = filled & (own >= first) & (own < after)
    days, rows = after - first, np.bincount(place)
    counts = np.bincount(place[inside] * days + own[inside] - first, minlength=len(rows) * days)
    for one in np.flatnonzero(rows).tolist():
        on_days = counts[one * days : (one + 1) * days]
        yield UnitDays(one // len(words), words[one % len(words)], tuple(on_days.tolist()))
