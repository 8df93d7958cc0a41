"""What has arrived of a month and what has not: due when, by whom, and whether a run may go on without it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from opti_reports.algebra.calendar import Calendar
from opti_reports.config.source import Source
from opti_reports.errors import ExtractError
from opti_reports.extracts.find import due_on
from opti_reports.messages.message import Message, message
from opti_reports.model.delivery import Delivery
from opti_reports.model.report import SourceReport, Stage
from opti_reports.periods.months import month_text

FUTURE = "future_date"


def readiness(
    deliveries: Sequence[Delivery], month: int, sources: Mapping[str, Source], calendar: Calendar
) -> tuple[SourceReport, ...]:
    """Return one report a source, before any row is read."""
    return tuple(
        _source(source, [d for d in deliveries if d.source == source.id], month, calendar)
        for source in sources.values()
    )


def _source(source: Source, own: Sequence[Delivery], month: int, calendar: Calendar) -> SourceReport:
    now = [d for d in own if d.month == month]
    return SourceReport(
        source=source.id,
        presence=source.presence,
        newest=max((d.month for d in own), default=None),
        late=not now and not (source.stays and own) and source.presence != "imported",
        due=due_on(source, month, calendar),
        files=tuple(path.name for d in now for path in d.files),
    )


def stage_of(
    reports: Iterable[SourceReport],
    asked: Stage | None,
    month: int,
    sources: Mapping[str, Source],
    language: str,
    unread: Sequence[Message] = (),
) -> Stage:
    """Return the stage of a run; ``unread`` names files nobody took for a source: perhaps they are the
    missing ones.

    Raises ExtractError when something required is missing, or "final" is too early.
    """
    late = [r for r in reports if r.late]
    missing = [r for r in late if r.presence == "required"]
    lagging = [r for r in late if r.presence == "lagging"]
    if missing:
        raise ExtractError(
            "presence.missing",
            n=len(missing),
            month=month_text(month),
            lines=(
                *owed(missing, sources, language),
                *(message("presence.unread", what=one) for one in unread),
            ),
        )
    if asked == "final" and lagging:
        raise ExtractError("presence.lagging", lines=owed(lagging, sources, language))
    return asked or ("preliminary" if lagging else "final")


def reasons(counts: Mapping[str, int], extracted_on: dt.date | None) -> tuple[Message, ...]:
    """Return why rows were rejected, with their number; of dates in the future, what day they come after."""
    return tuple(
        message("amount_later", name=reason, n=count, day=extracted_on.isoformat())
        if reason == FUTURE and extracted_on
        else message("amount", name=reason, n=count)
        for reason, count in sorted(counts.items())
    )


def owed(
    reports: Iterable[SourceReport], sources: Mapping[str, Source], language: str
) -> tuple[Message, ...]:
    """Return what is awaited of each source, until when and from whom."""
    return tuple(
        message(
            "presence.source",
            source=r.source,
            files=sources[r.source].files,
            day=r.due.isoformat(),
            owner=sources[r.source].owner_role[language],
        )
        for r in reports
    )
