"""A month's or week's extracts counted by name, none opened: `opti ready`."""

from __future__ import annotations

from dataclasses import dataclass

from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.extracts import find, weekly
from opti_reports.messages.message import Message
from opti_reports.model.report import SourceReport
from opti_reports.periods.period import Period
from opti_reports.stages import extracts
from opti_reports.workspace import Workspace


@dataclass(frozen=True)
class Arrivals:
    """Which sources of a month or week have arrived, which are due when and from whom, what is not read."""

    period: Period
    configs: Configs
    reports: tuple[SourceReport, ...]
    unread: tuple[Message, ...]


def ready(workspace: Workspace, period: Period) -> Arrivals:
    """Return what has come of a month or week."""
    configs = load(workspace.configs, workspace.demo)
    reports = extracts.expected(workspace, configs, period)
    own, others = configs.sources, configs.unlisted.sources
    if period.cadence.weekly:
        unread = weekly.unread(workspace.data, period.week, own, others)
    else:
        unread = find.unread(workspace.data, period.end, own, others)
    return Arrivals(period, configs, reports, unread)
