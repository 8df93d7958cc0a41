"""How the rows of a delivery's own month fall on its days, by file and unit code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opti_reports.algebra.calendar import first_day
from opti_reports.algebra.columns import Packed, parts
from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.functions import Context
from opti_reports.algebra.vector import Vector
from opti_reports.config.source import Fact, Source
from opti_reports.facts.placing import days
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
    file: NDArray[Any],
    own: Packed,
    context: Context,
) -> Iterable[UnitDays]:
    """Yield rows on each day of the month, for every unit code a file has rows of in any month.

    ``own`` is each row's own date; ``file`` has the rows that are used.
    """
    fact = counted_by(source)
    if fact is None or not len(file):
        return
    (first, after), files = bounds(month), int(file.max()) + 1
    span, words = after - first, tuple[str, ...]()
    rows, counts = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    for some, part in parts(columns, len(file)):
        unit = evaluate(fact.unit, part, some.stop - some.start, context)
        if unit.kind != "text":
            return
        words, dates = (*unit.words, ""), own.vector(some.start, some.stop)
        place = file[some].astype(np.int64) * len(words)
        place += np.where(unit.filled, unit.data, len(unit.words))
        day = days(dates, context)
        inside = dates.filled & (day >= first) & (day < after)
        all_, on_days = files * len(words), place[inside] * span + day[inside] - first
        rows = np.bincount(place, minlength=all_) + (rows if len(rows) else 0)
        counts = np.bincount(on_days, minlength=all_ * span) + (counts if len(counts) else 0)
    for one in np.flatnonzero(rows).tolist():
        yield UnitDays(
            one // len(words), words[one % len(words)], tuple(counts[one * span : (one + 1) * span].tolist())
        )
