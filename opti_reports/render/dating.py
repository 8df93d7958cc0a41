"""The date a document bears: the first day after its period, so that it is the same whenever it is made."""

from __future__ import annotations

import datetime as dt
import re

from opti_reports.errors import PackError

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_TERTIAL = re.compile(r"(\d{4})-T([123])")


def dated(period: str) -> dt.date:
    """``2026-08`` and ``2026-T2`` → 1 September 2026. Raises PackError for other texts."""
    if found := _MONTH.fullmatch(period):
        year, month = int(found[1]), int(found[2])
    elif found := _TERTIAL.fullmatch(period):
        year, month = int(found[1]), 4 * int(found[2])
    else:
        raise PackError("render.period", "pack.period", period=repr(period))
    return dt.date(year + month // 12, month % 12 + 1, 1)
