"""Which month or week a command is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from opti_reports.errors import UsageError
from opti_reports.terminal.console import today

if TYPE_CHECKING:
    from opti_reports.periods.period import Period


def one_of(month: int | None, week: int | None, of_months: Mapping[str, object] | None = None) -> Period:
    """Return the month or week asked for.

    Raises UsageError unless it is one of both, for a week that goes on, or for one with options that are
    ``of_months``.
    """
    found = either(month, week)
    if found is None:
        raise UsageError("choice.month_or_week", "--month")
    for option in (name for name, given in (of_months or {}).items() if given and week is not None):
        raise UsageError("choice.of_months", option)
    return found


def either(month: int | None, week: int | None) -> Period | None:
    """Return the month or week asked for, or None for neither. Raises UsageError as ``one_of`` does."""
    from opti_reports.periods.cadence import MONTH
    from opti_reports.periods.months import sunday_of, week_text
    from opti_reports.periods.period import Period, of_week

    if month is not None and week is not None:
        raise UsageError("choice.month_or_week", "--month")
    if week is None:
        return None if month is None else Period(MONTH, month)
    if sunday_of(week) >= today():
        raise UsageError(
            "choice.not_over", "--week", week=week_text(week), sunday=sunday_of(week).isoformat()
        )
    return of_week(week)
