"""What a week rests on: finished months as their own runs read them, of an unfinished one its weeks' exports.

The exports of a week lie in ``data/2026-W35``. A month's own run never looks there.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from opti_reports.algebra.calendar import Calendar, date_of, day_number
from opti_reports.config.due import Weekly
from opti_reports.config.source import Source
from opti_reports.errors import ExtractError
from opti_reports.extracts import find
from opti_reports.extracts.ready import owed
from opti_reports.messages.message import Message, message
from opti_reports.model.delivery import Delivery
from opti_reports.model.report import SourceReport
from opti_reports.periods.months import first_date, months_with, parse_week, sunday_of, week_of, week_text

_COPY = re.compile(r"[\s_.-]*(?:\(\d+\)|v\d+|kopio|korjattu|kopia|rättad|copy|corrected)$", re.IGNORECASE)
"""With what the name of a file ends that was sent again."""


@dataclass(frozen=True)
class Exports:
    """The deliveries behind a week, and what has come of each source.

    ``replaced`` are the newest exports that are not read, because a later one should have their rows.
    ``lacking`` are weeks of which a source that sends each alone has sent nothing. ``twice`` are files of
    which there is a newer one of the same name, each with that one.
    """

    deliveries: tuple[Delivery, ...]
    sources: tuple[SourceReport, ...]
    replaced: tuple[Delivery, ...] = ()
    lacking: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    twice: tuple[tuple[Path, Path], ...] = ()


def followed(sources: Mapping[str, Source]) -> dict[str, Source]:
    """Return the sources that come by the week."""
    return {id: source for id, source in sources.items() if source.weekly is not None}


def of_weeks(delivery: Delivery) -> bool:
    """Return whether a delivery is of a month's weeks, not of a finished month."""
    return any("-W" in path.parent.name for path in delivery.files)


def weeks(data: Path, until: int) -> tuple[int, ...]:
    """Return the weeks that have a folder, up to and including ``until``."""
    found = []
    for path in data.iterdir() if data.is_dir() else ():
        with suppress(ValueError):
            week = parse_week(path.name)
            if path.is_dir() and week <= until and path.name == week_text(week):
                found.append(week)
    return tuple(sorted(found))


def due_on(weekly: Weekly, week: int, calendar: Calendar) -> dt.date:
    """Return the day by which a week's export should be there: in the week after it."""
    sunday = calendar.days[:1] * 0 + day_number(sunday_of(week))
    return date_of(int(calendar.add_work_days(sunday, weekly.due)[0]))


def exports(
    data: Path,
    week: int,
    sources: Mapping[str, Source],
    calendar: Calendar,
    digest: Callable[[Path], str],
    *,
    others: Collection[str] = (),
) -> Exports:
    """Return what a week rests on: the sources that come by the week, and the newest registers of actions."""
    own, last = followed(sources), months_with(week)[-1]
    beside = {id: one for id, one in sources.items() if any(spec.kind == "actions" for spec in one.list)}
    every = find.deliveries(data, last, sources, calendar, digest, others=others)
    finished = [delivery for delivery in every if delivery.source in own.keys() | beside.keys()]
    made, reports = list(finished), list[SourceReport]()
    replaced, lacking = list[Delivery](), dict[str, tuple[int, ...]]()
    twice = list[tuple[Path, Path]]()
    for source in own.values():
        found = _Source(data, source, week, calendar, digest)
        whole = {delivery.month for delivery in finished if delivery.source == source.id}
        made += found.deliveries(whole)
        own_months = (one for one in finished if one.source == source.id and one.month in months_with(week))
        reports.append(found.report(whole, [path for one in own_months for path in one.files]))
        replaced += found.replaced(whole)
        twice += found.twice
        if weeks_lacking := found.lacking(whole):
            lacking[source.id] = weeks_lacking
    order = {id: number for number, id in enumerate(sources)}
    made.sort(key=lambda delivery: (delivery.month, order[delivery.source]))
    return Exports(tuple(made), tuple(reports), tuple(replaced), lacking, tuple(twice))


def sent_again(files: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    """Yield files of which there is a newer one whose name differs by a mark of its version alone."""
    alike: dict[str, list[Path]] = {}
    for path in files:
        alike.setdefault(_COPY.sub("", path.stem).casefold(), []).append(path)
    for group in alike.values():
        newest = max(group, key=lambda path: (path.stat().st_mtime_ns, path.name))
        yield from ((path, newest) for path in group if path != newest)


class _Source:
    """The exports of one source up to a week."""

    def __init__(
        self, data: Path, source: Source, week: int, calendar: Calendar, digest: Callable[[Path], str]
    ) -> None:
        assert source.weekly is not None
        self._source, self._weekly, self._week = source, source.weekly, week
        self._calendar, self._digest = calendar, digest
        files = {one: find.files_of(data / week_text(one), source) for one in weeks(data, week)}
        self.twice = [pair for found in files.values() for pair in sent_again(found)]
        old = {path for path, _ in self.twice}
        kept = {one: tuple(path for path in found if path not in old) for one, found in files.items()}
        self._files = {one: found for one, found in kept.items() if found}

    def deliveries(self, whole: set[int]) -> Iterator[Delivery]:
        """Yield a delivery of each month that is not finished and that exports have days of."""
        touched = {month for week in self._files for month in months_with(week)}
        for month in sorted(touched - whole):
            yield self._delivery(month, self._used(month))

    def _delivery(self, month: int, used: Sequence[int]) -> Delivery:
        files = tuple(path for week in used for path in self._files[week])
        return Delivery(
            source=self._source.id,
            month=month,
            files=files,
            hashes=tuple(map(self._digest, files)),
            extracted_on=due_on(self._weekly, used[-1], self._calendar),
            covers=(month, month),
        )

    def _touching(self, month: int) -> list[int]:
        return [week for week in self._files if month in months_with(week)]

    def _used(self, month: int) -> list[int]:
        """Return the weeks whose exports make a month: of exports that hold all before them the newest."""
        touching = self._touching(month)
        return touching[-1:] if self._weekly.cumulative else touching

    def replaced(self, whole: set[int]) -> Iterator[Delivery]:
        """Yield, of months that are not finished, the newest export before the one that is read."""
        for month in months_with(self._week):
            touching = self._touching(month)
            if self._weekly.cumulative and month not in whole and len(touching) > 1:
                yield self._delivery(month, touching[-2:-1])

    def lacking(self, whole: set[int]) -> tuple[int, ...]:
        """Return the weeks since the newest finished month of which there is no export; none of a source that
        tells how things stand now.
        """
        if self._source.may_repeat:
            return ()
        first = max(whole, default=months_with(self._week)[-1] - 1) + 1
        span = range(week_of(first_date(first)), self._week + 1)
        missing = tuple(week for week in span if week not in self._files)
        touched = any(first in months_with(week) for week in self._files)
        return () if self._weekly.cumulative and touched else missing

    def report(self, whole: set[int], finished: Sequence[Path]) -> SourceReport:
        """Return whether the week has come: its own export, or ``finished`` files of all months that it has
        days of.
        """
        came = self._week in self._files or whole.issuperset(months_with(self._week))
        newest = [*whole, *(months_with(week)[-1] for week in self._files)]
        return SourceReport(
            source=self._source.id,
            presence=self._source.presence,
            newest=max(newest, default=None),
            late=not came,
            due=due_on(self._weekly, self._week, self._calendar),
            files=tuple(path.name for path in self._files.get(self._week, finished)),
        )


def unread(
    data: Path, week: int, sources: Mapping[str, Source], others: Mapping[str, Source]
) -> tuple[Message, ...]:
    """Return what lies in a week's folder and is of no source that comes by the week, and folders that look
    like one's, a message each.
    """
    name = week_text(week)
    found = [message("unread.folder", name=one) for one in find.misnamed(data)]
    found += find.of_nobody(name, find.strangers(data / name, followed(sources)), followed(others))
    return (*found, *([message("unread.note", week=name)] if (data / name / find.NOTE).is_file() else []))


def refuse_missing(
    reports: Sequence[SourceReport], week: int, sources: Mapping[str, Source], language: str
) -> None:
    """Raise ExtractError where a source is missing that a week cannot do without."""
    missing = [report for report in reports if report.late and report.presence == "required"]
    if missing:
        lines = owed(missing, sources, language)
        raise ExtractError("presence.missing_week", n=len(missing), week=week_text(week), lines=lines)
