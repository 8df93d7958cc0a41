"""The first stage: which deliveries a month has, what is awaited, and whether the run may go on."""

from __future__ import annotations

from dataclasses import dataclass

from opti_reports.config.configs import Configs
from opti_reports.extracts import find, ready, weekly
from opti_reports.model.delivery import Delivery
from opti_reports.model.report import SourceReport, Stage
from opti_reports.store.files import Hashes, secret
from opti_reports.workspace import Workspace


@dataclass(frozen=True)
class Arrived:
    """The deliveries of a run, the oldest first; what has arrived of each source; and the run's stage."""

    deliveries: tuple[Delivery, ...]
    sources: tuple[SourceReport, ...]
    stage: Stage


def expected(workspace: Workspace, configs: Configs, month: int) -> tuple[SourceReport, ...]:
    """Return which sources of a month have arrived and which are due when; nothing is read."""
    found = find.deliveries(workspace.data, month, configs.sources, configs.calendar, lambda path: path.name)
    return ready.readiness(found, month, configs.sources, configs.calendar)


def arrive(workspace: Workspace, configs: Configs, month: int, asked: Stage | None) -> Arrived:
    """Find the deliveries of a run. Raises ExtractError when it may not go on at the stage ``asked``."""
    secret(workspace.store)
    hashes = Hashes(workspace.store)
    found = find.deliveries(workspace.data, month, configs.sources, configs.calendar, hashes)
    hashes.save()
    reports = ready.readiness(found, month, configs.sources, configs.calendar)
    unread = find.unread(workspace.data, month, configs.sources)
    language = configs.settings.languages[0]
    stage = ready.stage_of(
        reports=reports, asked=asked, month=month, sources=configs.sources, language=language, unread=unread
    )
    return Arrived(found, reports, stage)


def expected_of_week(workspace: Workspace, configs: Configs, week: int) -> tuple[SourceReport, ...]:
    """Return which sources of a week have arrived and which are due when; nothing is read."""
    calendar = configs.calendar
    return weekly.exports(workspace.data, week, configs.sources, calendar, lambda path: path.name).sources


def arrive_week(workspace: Workspace, configs: Configs, week: int) -> weekly.Exports:
    """Find what a week rests on. Raises ExtractError where something required is missing."""
    secret(workspace.store)
    hashes = Hashes(workspace.store)
    found = weekly.exports(workspace.data, week, configs.sources, configs.calendar, hashes)
    hashes.save()
    weekly.refuse_missing(found.sources, week, configs.sources, configs.settings.languages[0])
    return found
