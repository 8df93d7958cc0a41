"""A week released by its own run, where the settings say so: nobody has looked at it before."""

from __future__ import annotations

import datetime as dt

from opti_reports.config.load import load
from opti_reports.model.release import Release
from opti_reports.periods.period import Period
from opti_reports.release.preview import prepare
from opti_reports.release.sign import sign
from opti_reports.workspace import Workspace


def release_alone(workspace: Workspace, week: Period, now: dt.datetime) -> Release | None:
    """Sign off a week's whole run in the name of the settings' role; None where they leave it to people."""
    rules = load(workspace.configs, workspace.demo).settings.weeks
    if not rules.auto_release:
        return None
    shown = prepare(workspace, week, now)
    return sign(workspace, shown, rules.released_by, now.isoformat(timespec="seconds"))
