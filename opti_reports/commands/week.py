"""The commands around a week's run: which of month and week is meant, and what has come of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from opti_reports.errors import UsageError
from opti_reports.terminal.console import today

if TYPE_CHECKING:
    from opti_reports.workspace import Workspace


def one_of(month: int | None, week: int | None, of_months: Mapping[str, object]) -> None:
    """Raise UsageError unless either a month or a week that is over is asked for, a week without what is
    ``of_months``.
    """
    from opti_reports.periods.months import sunday_of, week_text

    if (month is None) == (week is None):
        raise UsageError("choice.month_or_week", "--month")
    if week is not None and sunday_of(week) >= today():
        raise UsageError(
            "choice.not_over", "--week", week=week_text(week), sunday=sunday_of(week).isoformat()
        )
    for option in (name for name, given in of_months.items() if given and week is not None):
        raise UsageError("choice.of_months", option)


def ready_of_week(place: Workspace, week: int, *, as_json: bool) -> None:
    """List what has come of a week; end with 4 where something required is missing."""
    from opti_reports.check.ready import ready_week
    from opti_reports.terminal.month import answer_ready

    found = ready_week(place, week)
    answer_ready(found, as_json=as_json)
    sys.exit(4 if any(report.late and report.presence == "required" for report in found.reports) else 0)
