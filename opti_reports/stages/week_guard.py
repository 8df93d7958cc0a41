"""A week's own guards: exports that begin late, end early or have lost rows are refused."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from opti_reports.config.configs import Configs
from opti_reports.config.source import Source
from opti_reports.errors import ExtractError
from opti_reports.extracts.weekly import Exports, followed, of_weeks
from opti_reports.facts.days import counted_by
from opti_reports.facts.slices import much_lost
from opti_reports.messages.message import Message, few, message
from opti_reports.model.delivery import Delivery
from opti_reports.model.report import SourceReport
from opti_reports.periods.months import (
    first_date,
    last_date,
    monday_of,
    month_of_day,
    parse_week,
    sunday_of,
    week_of,
)
from opti_reports.stages.counted import Facts
from opti_reports.store.deliveries import StoredDelivery

DAYS_SHOWN = 3
Pairs = Sequence[tuple[Delivery, StoredDelivery]]


def guard(configs: Configs, facts: Facts, before: Facts, exports: Exports, week: int) -> Exports:
    """Return the exports; a source that is there without a row of the week is late.

    ``before`` are the facts of the exports that others replace. Raises ExtractError that names every export
    which is not whole.
    """
    faults: list[Message] = []
    for source in followed(configs.sources).values():
        own = [pair for pair in facts.of(source.id) if of_weeks(pair[0])]
        if own and not source.per_unit:
            faults += _days(configs, source, own, week)
            faults += _files(configs, own, week)
            faults += _lost(configs, source, own, before)
    reports = tuple(_seen(configs, facts, report, week) for report in exports.sources)
    faults += [
        message("week_guard.none", source=one.source)
        for one, said in zip(reports, exports.sources, strict=True)
        if one.late and not said.late and one.presence == "required"
    ]
    if faults:
        raise ExtractError("week_guard.all", faults=tuple(faults))
    return replace(exports, sources=reports)


def _seen(configs: Configs, facts: Facts, report: SourceReport, week: int) -> SourceReport:
    """Return the report, late where there is no row of the week."""
    fact = counted_by(configs.sources[report.source])
    if fact is None or fact.grain != "week" or report.late:
        return report
    tables = [kept.tables[fact.id].rows for _, kept in facts.of(report.source)]
    return report if any((rows["week"] == week).any() for rows in tables) else replace(report, late=True)


def _days(configs: Configs, source: Source, own: Pairs, week: int) -> Iterator[Message]:
    """Yield that working days have no row which an export should have, where days with rows have many."""
    rows = Counter[dt.date]()
    for delivery, kept in own:
        for day in _working(configs, source, delivery, week):
            rows[day] += _on(kept, delivery, day)
    some = [count for count in rows.values() if count]
    gone = sorted(day for day, count in rows.items() if not count)
    usual = median(some) if some else 0
    if gone and usual > configs.findings.week.silent_above:
        days = few([day.isoformat() for day in gone], DAYS_SHOWN)
        yield message("week_guard.days", source=source.id, days=days, usual=round(usual))


def _working(configs: Configs, source: Source, delivery: Delivery, week: int) -> Iterator[dt.date]:
    """Yield the working days of a delivery's month that its exports have, up to the end of the week."""
    weeks = _weeks(delivery)
    assert source.weekly is not None
    first, last = first_date(delivery.month), min(last_date(delivery.month), sunday_of(week))
    for one in range(week_of(first), week_of(last) + 1):
        if source.weekly.cumulative or one in weeks:
            for day, worked in configs.calendar.of_week(monday_of(one)):
                if worked and first <= day <= last:
                    yield day


def _weeks(delivery: Delivery) -> set[int]:
    """Return the weeks whose exports a delivery is made of."""
    return {parse_week(path.parent.name) for path in delivery.files}


def _on(kept: StoredDelivery, delivery: Delivery, day: dt.date, file: int | None = None) -> int:
    """Return the rows of a day, of all units; of one file by its place."""
    if month_of_day(day) != delivery.month:
        return 0
    at = (day - first_date(delivery.month)).days
    return sum(one.days[at] for one in kept.counts.days if file in (None, one.file))


def _files(configs: Configs, own: Pairs, week: int) -> Iterator[Message]:
    """Yield files without a row of the week's last working day, where its other days have many."""
    days = [day for day, worked in configs.calendar.of_week(monday_of(week)) if worked]
    for delivery, kept in own:
        mine = [day for day in days if month_of_day(day) == delivery.month]
        for number, path in enumerate(delivery.files if len(mine) > 1 else ()):
            rows = [_on(kept, delivery, day, number) for day in mine]
            if not rows[-1] and sum(rows) / (len(rows) - 1) > configs.findings.week.silent_above:
                last = max(day for day, count in zip(mine, rows, strict=True) if count)
                place, name = path.parent.name, path.name
                end = mine[-1].isoformat()
                yield message("week_guard.cut", place=place, file=name, last=last.isoformat(), end=end)


def _lost(configs: Configs, source: Source, own: Pairs, before: Facts) -> Iterator[Message]:
    """Yield units of which an export lacks rows that the one it replaces had."""
    now = {delivery.month: kept for delivery, kept in own}
    for delivery, kept in before.of(source.id):
        if delivery.month not in now:
            continue
        until = monday_of(max(_weeks(delivery)) + 1)
        old, new = (_by_unit(one, delivery, until) for one in (kept, now[delivery.month]))
        for unit in sorted(unit for unit in old if much_lost(old[unit], new[unit], configs.guards)):
            name = delivery.files[0].parent.name
            yield message(
                "week_guard.lost", source=source.id, unit=unit, before=old[unit], after=new[unit], old=name
            )


def _by_unit(kept: StoredDelivery, delivery: Delivery, until: dt.date) -> Counter[str]:
    """Return the rows of the month by unit code, before a day."""
    rows, days = Counter[str](), max((until - first_date(delivery.month)).days, 0)
    for one in kept.counts.days:
        rows[one.code] += sum(one.days[:days])
    return rows
