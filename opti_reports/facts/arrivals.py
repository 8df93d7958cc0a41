"""What is known of deliveries when one is held against those before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from opti_reports.algebra.calendar import Calendar
from opti_reports.algebra.vector import Int
from opti_reports.config.guards import Guards
from opti_reports.config.source import Source
from opti_reports.model.delivery import RowCounts
from opti_reports.model.organisation import Organisation


@dataclass(frozen=True)
class Arrived:
    """What is known of one delivery: its month, its counts and the organisations confirmed to be silent."""

    month: int
    counts: RowCounts
    confirmed: tuple[str, ...] = ()


@dataclass(frozen=True)
class World:
    """What the deliveries of all sources are judged in."""

    organisation: Organisation
    calendar: Calendar
    guards: Guards
    _open: dict[int, frozenset[str]] = field(default_factory=dict, compare=False)

    def units_in(self, month: int) -> frozenset[str]:
        """Return the units there are in a month."""
        if month not in self._open:
            self._open[month] = frozenset(u.id for u in self.organisation.units if u.valid(month))
        return self._open[month]


@dataclass(frozen=True, eq=False)
class Newest:
    """A delivery's own month: each unit's rows on each working day (with those of the free days after it).

    ``months`` are the rows that the counting fact has of each unit in every month.
    """

    arrived: Arrived
    units: Mapping[str, Int]
    by_file: Mapping[int, Mapping[str, Int]]
    months: Mapping[int, Mapping[str, int]]

    @cached_property
    def length(self) -> int:
        """Return the working days of the month."""
        return len(next(iter(self.units.values()), ()))


def expected(source: Source, month: int, world: World) -> tuple[str, ...]:
    """Return the units that a source should tell of in a month."""
    return tuple(sorted(world.organisation.expected(source.system, month)))
