"""A month's or week's extracts counted by name, none opened: `opti ready`."""

from __future__ import annotations

from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.extracts import find, weekly
from opti_reports.messages.message import Message
from opti_reports.model.report import SourceReport
from opti_reports.stages import extracts
from opti_reports.workspace import Workspace


def ready(workspace: Workspace, month: int) -> tuple[Configs, tuple[SourceReport, ...], tuple[Message, ...]]:
    """Return which sources of a month have arrived, which are due when and from whom, what is not read."""
    configs = load(workspace.configs, workspace.demo)
    return (
        configs,
        extracts.expected(workspace, configs, month),
        find.unread(workspace.data, month, configs.sources),
    )


def ready_week(
    workspace: Workspace, week: int
) -> tuple[Configs, tuple[SourceReport, ...], tuple[Message, ...]]:
    """Return which sources of a week have arrived, which are due when and from whom, what is not read."""
    configs = load(workspace.configs, workspace.demo)
    found = weekly.exports(workspace.data, week, configs.sources, configs.calendar, lambda path: path.name)
    return configs, found.sources, weekly.unread(workspace.data, week, configs.sources)
