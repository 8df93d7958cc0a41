"""Seasonal metrics: what is judged is how far each month lies from the same month a year before."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction

from opti_reports.periods.months import YEAR

Exact = Fraction | None


def from_a_year_ago(months: Sequence[Exact], starts: Sequence[int] = ()) -> tuple[float | None, ...]:
    """Return each month less the same month a year before; None without either of them.

    ``starts``: indices at which the process was approved to begin anew. A month is never set against one of
    the process before it.
    """
    first = sorted({0, *starts})
    return tuple(_difference(months, at, first[bisect_right(first, at) - 1]) for at in range(len(months)))


def _difference(months: Sequence[Exact], at: int, since: int) -> float | None:
    before = months[at - YEAR] if at - YEAR >= since else None
    now = months[at]
    # Exact until here: of floats that are equal but for rounding, chance would make a signal.
    return None if now is None or before is None else float(now - before)
