"""Whether a run should start now: what is awaited, what is overdue, whether anything has come."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from opti_reports.archive.held import held
from opti_reports.archive.standing import RECORD
from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.model.report import SourceReport
from opti_reports.periods.period import Period
from opti_reports.stages.basis import basis
from opti_reports.stages.extracts import arrivals
from opti_reports.store.files import Hashes
from opti_reports.workspace import Workspace

Verdict = Literal["go", "wait", "late", "nothing"]
"""``go``: run. ``wait``: something required is to come, and not late. ``late``: it is overdue. ``nothing``:
all that has come is in the packs already."""


@dataclass(frozen=True)
class Due:
    """What a scheduled run should do, and what is awaited: ``late`` is past its day, ``coming`` is not."""

    verdict: Verdict
    late: tuple[SourceReport, ...] = ()
    coming: tuple[SourceReport, ...] = ()


def decide(workspace: Workspace, period: Period, now: dt.datetime) -> tuple[Configs, Due]:
    """Return whether to run: everything required is there, and something has come since the last whole run.

    A source is late from the day after its due day. Raises LockError while a run is at work.
    """
    with held(workspace):
        configs = load(workspace.configs, workspace.demo)
        found, reports = arrivals(workspace, configs, period, Hashes(workspace.store))
        today = now.astimezone(ZoneInfo(configs.settings.time_zone)).date()
        missing = [r for r in reports if r.late and r.presence != "optional"]
        late = tuple(r for r in missing if r.due < today)
        coming = tuple(r for r in missing if r.due >= today)
        if _required(late):
            return configs, Due("late", late, coming)
        if _required(coming):
            return configs, Due("wait", late, coming)
        made = _whole_run(workspace, period)
        week = period.text if period.cadence.weekly else ""
        same = made and made == basis(workspace, found, week)
        return configs, Due("nothing" if same else "go", late, coming)


def _required(reports: Iterable[SourceReport]) -> bool:
    return any(r.presence == "required" for r in reports)


def _whole_run(workspace: Workspace, period: Period) -> str:
    """Return the basis of the last run if every pack of it was made, else nothing."""
    try:
        path = workspace.output / period.text / RECORD
        note = json.loads(path.read_text(encoding="utf-8"))
        whole = not (note["failed"] or note["outdated"] or set(note["due"]) - set(note["packs"]))
        return str(note["basis"]) if whole else ""
    except (OSError, ValueError, KeyError):
        return ""
