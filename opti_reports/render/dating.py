"""The date a document bears: the first day after its period, so that it is the same whenever it is made."""

from __future__ import annotations

import datetime as dt

from opti_reports.errors import PackError
from opti_reports.periods.period import day_after


def dated(period: str) -> dt.date:
    """Return the day a period's documents bear: ``2026-08`` and ``2026-T2`` → 1 September 2026, ``2026-W35``
    → 31 August 2026.

    Raises PackError for other texts.
    """
    try:
        return day_after(period)
    except ValueError:
        raise PackError("render.period", "pack.period", period=repr(period)) from None
