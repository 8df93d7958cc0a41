"""The first stage: which deliveries a month has, what is awaited, and whether the run may go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from opti_reports.config.configs import Configs
from opti_reports.extracts import find, ready, weekly
from opti_reports.model.delivery import Delivery
from opti_reports.model.report import SourceReport, Stage
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period
from opti_reports.store.files import Hashes, secret
from opti_reports.workspace import Workspace


@dataclass(frozen=True)
class Arrived:
    """The deliveries of a run, the oldest first; what has arrived of each source; and the run's stage."""

    deliveries: tuple[Delivery, ...]
    sources: tuple[SourceReport, ...]
    stage: Stage


def arrivals(
    workspace: Workspace, configs: Configs, period: Period, digest: Callable[[Path], str]
) -> tuple[tuple[Delivery, ...], tuple[SourceReport, ...]]:
    """Return the deliveries that a run of a month or week would rest on, and what has come of each source."""
    sources, calendar, data = configs.sources, configs.calendar, workspace.data
    others = configs.unlisted.sources
    if period.cadence.weekly:
        exports = weekly.exports(data, period.week, sources, calendar, digest, others=others)
        return exports.deliveries, exports.sources
    found = find.deliveries(data, period.end, sources, calendar, digest, others=others)
    return found, ready.readiness(found, period.end, sources, calendar)


def expected(workspace: Workspace, configs: Configs, period: Period) -> tuple[SourceReport, ...]:
    """Return which sources of a month or week have arrived and which are due when; nothing is read."""
    return arrivals(workspace, configs, period, lambda path: path.name)[1]


def arrive(workspace: Workspace, configs: Configs, month: int, asked: Stage | None) -> Arrived:
    """Find the deliveries of a run. Raises ExtractError when it may not go on at the stage ``asked``."""
    secret(workspace.store)
    hashes = Hashes(workspace.store)
    found, reports = arrivals(workspace, configs, Period(MONTH, month), hashes)
    hashes.save()
    unread = find.unread(workspace.data, month, configs.sources, configs.unlisted.sources)
    language = configs.settings.languages[0]
    stage = ready.stage_of(
        reports=reports, asked=asked, month=month, sources=configs.sources, language=language, unread=unread
    )
    return Arrived(found, reports, stage)


def arrive_week(workspace: Workspace, configs: Configs, week: int) -> weekly.Exports:
    """Find what a week rests on. Raises ExtractError where something required is missing."""
    secret(workspace.store)
    hashes = Hashes(workspace.store)
    others = configs.unlisted.sources
    found = weekly.exports(workspace.data, week, configs.sources, configs.calendar, hashes, others=others)
    hashes.save()
    weekly.refuse_missing(found.sources, week, configs.sources, configs.settings.languages[0])
    return found


def arrived(workspace: Workspace, configs: Configs, period: Period, asked: Stage) -> tuple[Delivery, ...]:
    """Return the deliveries that a run of a month or week rests on. Raises ExtractError as it does."""
    if period.cadence.weekly:
        return arrive_week(workspace, configs, period.week).deliveries
    return arrive(workspace, configs, period.end, asked).deliveries
