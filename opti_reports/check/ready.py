"""A month's or week's extracts counted by name, none opened: `opti ready`."""

from __future__ import annotations

from dataclasses import dataclass

from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.extracts import find, weekly
from opti_reports.messages.message import Message
from opti_reports.model.report import SourceReport
from opti_reports.periods.months import month_text, week_text
from opti_reports.stages import extracts
from opti_reports.workspace import Workspace


@dataclass(frozen=True)
class Arrivals:
    """Which sources of a month or week have arrived, which are due when and from whom, what is not read."""

    period: str
    configs: Configs
    reports: tuple[SourceReport, ...]
    unread: tuple[Message, ...]


def ready(workspace: Workspace, month: int) -> Arrivals:
    """Return what has come of a month."""
    configs = load(workspace.configs, workspace.demo)
    reports = extracts.expected(workspace, configs, month)
    return Arrivals(month_text(month), configs, reports, find.unread(workspace.data, month, configs.sources))


def ready_week(workspace: Workspace, week: int) -> Arrivals:
    """Return what has come of a week."""
    configs = load(workspace.configs, workspace.demo)
    reports = extracts.expected_of_week(workspace, configs, week)
    return Arrivals(week_text(week), configs, reports, weekly.unread(workspace.data, week, configs.sources))
