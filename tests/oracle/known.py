"""What is known at the end of a data month: of every slice, the rows of the delivery that has the say."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from .dates import day_of, first_day, month_of
from .extracts import Delivery, Row, deliveries, own_month, sources
from .units import UNALLOCATED, Organisation

Base = Callable[[Row], date | None]
Placed = tuple[str, date, Row]
PER_UNIT = (
    "budget_monthly",
    "hr_monthly",
    "resourcing_weekly",
    "t3_snapshots",
    "training_monthly",
    "wellbeing_survey",
)
"""Sources that each unit delivers for itself."""


def by(column: str) -> Base:
    """Return a function giving the day of a row's date, moment, week (its Thursday) or month (its first)."""

    def base(row: Row) -> date | None:
        value = row.get(column)
        if value is None:
            return None
        return first_day(value) if isinstance(value, int) else day_of(value)

    return base


class Known:
    """The deliveries up to a data month and the organisation of that month."""

    def __init__(self, data: Path, organisation: Path, month: int) -> None:
        self.month = month
        self.organisation = Organisation(organisation, month)
        self._deliveries: dict[str, list[Delivery]] = defaultdict(list)
        for delivery in deliveries(data, month):
            self._deliveries[delivery.source.name].append(delivery)
        self._winners = {name: _winners(found) for name, found in self._deliveries.items()}

    def covered(self, *names: str) -> frozenset[int]:
        """Return the months that deliveries of every named source cover."""
        return frozenset.intersection(*(self._covered(name) for name in names))

    def _covered(self, name: str) -> frozenset[int]:
        """Return a source's months; of one that each unit delivers, those in which any has rows."""
        found = frozenset(self._winners.get(name, {}))
        if name not in PER_UNIT:
            return found
        rows = [row for delivery in self._deliveries.get(name, ()) for row in delivery.rows]
        return found & {own_month(sources()[name], row) for row in rows}

    def winning(self, source: str, base: Base) -> Iterator[tuple[Delivery, list[tuple[date, Row]]]]:
        """Yield each delivery with those of its rows, and their base day, whose slice it wins."""
        winners = self._winners.get(source, {})
        for delivery in self._deliveries.get(source, ()):
            dated = ((day, row) for row in delivery.rows if (day := base(row)) is not None)
            yield delivery, [(day, row) for day, row in dated if winners.get(month_of(day)) is delivery]

    def rows(self, source: str, base: Base) -> Iterator[tuple[date, Row]]:
        """Yield every known row of a source with its base day."""
        for _, rows in self.winning(source, base):
            yield from rows

    def as_delivered(self, source: str) -> Iterator[tuple[int, tuple[Row, ...]]]:
        """Yield the month of each delivery with all its rows, also those that a later one tells again."""
        for delivery in self._deliveries.get(source, ()):
            yield delivery.month, tuple(delivery.rows)

    def unit(self, source: str, code: str | None, day: date, empty: str = UNALLOCATED) -> str:
        """Return the unit a source's code meant in the month of a day."""
        return self.organisation.unit(sources()[source].system, code, month_of(day), empty)

    def placed(self, source: str, base: Base, column: str = "unit_code") -> Iterator[Placed]:
        """Yield (unit, base day, row) of every known row of a source."""
        for day, row in self.rows(source, base):
            yield self.unit(source, row.get(column), day), day, row


def _winners(found: list[Delivery]) -> dict[int, Delivery]:
    """Return the delivery that has the say for each covered month; ``found`` is oldest first."""
    first, last = min(d.first for d in found), max(d.month for d in found)
    winners: dict[int, Delivery] = {}
    for month in range(first, last + 1):
        covering = [d for d in found if d.first <= month <= d.month]
        inside = [d for d in covering if month > d.month - d.source.window]
        if covering:
            winners[month] = inside[-1] if inside else covering[0]
    return winners
