"""A week's own guards: an export that ends before its week does is refused, and a silent unit is partial."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from opti_reports.config.configs import Configs
from opti_reports.errors import ExtractError
from opti_reports.extracts.weekly import followed
from opti_reports.messages.message import Message, message
from opti_reports.model.delivery import Delivery
from opti_reports.periods.months import first_date, monday_of, month_of_day, week_text
from opti_reports.stages.counted import Facts
from opti_reports.store.deliveries import StoredDelivery


def guard(configs: Configs, facts: Facts, week: int) -> None:
    """Refuse exports without a row of the week's last working day, where the days before it have many.

    Raises ExtractError that names every one of them.
    """
    days = [day for day, worked in configs.calendar.of_week(monday_of(week)) if worked]
    faults = tuple(_cut(configs, facts, week, days)) if len(days) > 1 else ()
    if faults:
        raise ExtractError("week_guard.all", faults=faults)


def _cut(configs: Configs, facts: Facts, week: int, days: list[dt.date]) -> Iterator[Message]:
    for source in followed(configs.sources).values():
        own = [pair for pair in facts.of(source.id) if _of_weeks(pair[0])]
        rows = [sum(_rows(kept, delivery, day) for delivery, kept in own) for day in days]
        usual = sum(rows[:-1]) / len(rows[:-1])
        if own and not source.per_unit and not rows[-1] and usual > configs.findings.week.silent_above:
            last = max(day for day, count in zip(days, rows, strict=True) if count)
            yield message(
                "week_guard.cut",
                source=source.id,
                week=week_text(week),
                last=last.isoformat(),
                end=days[-1].isoformat(),
            )


def _of_weeks(delivery: Delivery) -> bool:
    """Return whether a delivery is of a month's weeks, not of a finished month."""
    return any("-W" in path.parent.name for path in delivery.files)


def _rows(kept: StoredDelivery, delivery: Delivery, day: dt.date) -> int:
    """Return the rows of a day, of all units."""
    if month_of_day(day) != delivery.month:
        return 0
    at = (day - first_date(delivery.month)).days
    return sum(one.days[at] for one in kept.counts.days)
