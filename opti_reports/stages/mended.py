"""A run that finds damage in the store makes what it needs anew."""

from __future__ import annotations

from collections.abc import Callable

from opti_reports.errors import DamagedError
from opti_reports.messages.message import message
from opti_reports.model.report import Event
from opti_reports.stages.request import Outcome, Request
from opti_reports.store.entries import forget_damaged


def mended(request: Request, run: Callable[[Request], Outcome]) -> Outcome:
    """Return what a run made; what it finds damaged in the store is removed, all at once, and made anew."""
    try:
        return run(request)
    except DamagedError as error:
        forget_damaged(request.workspace.store)
        request.note(Event("store", message("log.damaged", what=error.place), "warning"))
        return run(request)
