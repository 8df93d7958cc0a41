"""The random draws of one source in one month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opti_reports.demo.days import at, busy_days, in_days, in_office_hours, later, midnight, next_workday
from opti_reports.demo.layout import Layout
from opti_reports.demo.rows import Bools, Ints, Times, only
from opti_reports.demo.world import World

# The share of a day's contacts by opening hour 8–16.
HOURS = np.array([0.22, 0.19, 0.14, 0.11, 0.10, 0.10, 0.08, 0.06])


@dataclass(frozen=True)
class Draw:
    """Columns of ``n`` rows of a month. Each draw takes the stream's next numbers: their order counts."""

    world: World
    month: int
    rng: np.random.Generator
    n: int = 0

    @classmethod
    def of(cls, world: World, stream: str, month: int) -> Draw:
        """Begin a stream: no other stream's draws can change what it draws."""
        return cls(world, month, world.rng(stream, month))

    def rows(self, n: int) -> Draw:
        """Go on in the same stream with so many rows."""
        return replace(self, n=n)

    def about(self, expected: float, least: int = 0) -> Draw:
        """Go on with about the expected number of rows, and ``least`` more."""
        return self.rows(int(self.rng.poisson(expected)) + least)

    def chance(self, share: float | NDArray[Any]) -> Bools:
        """Return what holds of this share of the rows."""
        return self.rng.random(self.n) < share

    def some(self, values: NDArray[Any], empty: float) -> NDArray[Any]:
        """Return the values with this share of them empty."""
        return only(values, self.rng.random(len(values)) >= empty)

    def flag(self, share: float | NDArray[Any], empty: float) -> NDArray[Any]:
        """Return yes for this share of the rows, with some empty."""
        return self.some(self.chance(share), empty)

    def pick(self, *shares: float, of: Sequence[int] | Ints = (), empty: float = 0) -> Ints:
        """Return positions by their shares, which need not sum to one, or what stands there in ``of``."""
        weights = np.array(shares)
        drawn = self.rng.choice(len(shares), self.n, p=weights / weights.sum())
        found = np.asarray(of)[drawn] if len(of) else drawn
        return self.some(found, empty) if empty else found

    def one_of(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return one of the values for each row, all as likely; there must be some if there are rows."""
        return values[self.rng.integers(0, max(len(values), 1), self.n)]

    def serials(self, digits: int) -> Ints:
        """Return the ids of a month's records: year and month, then a running number of so many digits."""
        start = (1970 + self.month // 12) % 100 * 100 + self.month % 12 + 1
        numbers: Ints = np.arange(1, self.n + 1) + start * 10**digits
        return numbers

    def days(self, weekend: float = 1.0) -> Times:
        """Return days of the month, the oftener the busier they are; ``weekend`` makes its days busier."""
        days, weights = busy_days(self.month, weekend)
        return days[self.rng.choice(len(days), self.n, p=weights / weights.sum())]

    def times(self, days: Times, outside: float, step: int = 60) -> Times:
        """Return times of these days: in opening hours, but for the share ``outside`` at any hour.

        They are whole numbers of ``step`` seconds.
        """
        hour = 8 + self.rng.choice(len(HOURS), self.n, p=HOURS)
        hour = np.where(self.chance(outside), self.rng.integers(0, 24, self.n), hour)
        seconds = hour * 3600 + self.rng.integers(0, 3600, self.n)
        return at(days, seconds // step * step)

    def office(self, times: Times, seconds: Any = 0) -> Times:
        """Return times so much later, or in the first hours of the next working day if outside 8–16."""
        times = later(times, seconds)
        evening = (times - midnight(times)).astype(np.int64) >= 16 * 3600
        morning = next_workday(midnight(times) + in_days(evening))
        opened = at(morning, 8 * 3600 + self.rng.integers(0, 5400, len(times)))
        return np.where(in_office_hours(times), times, opened)

    def units_by_size(self, power: float = 1.0, month: int | None = None) -> Ints:
        """Return units, the oftener the more people they serve, in this month or another."""
        people = self.world.org.people(self.month if month is None else month) ** power
        return self.rng.choice(len(people), self.n, p=people / people.sum())

    def grid(self, layout: Layout, column: str) -> tuple[Draw, Ints, Ints]:
        """Go on with every unit that the system has a code for in the month, times every code of a column."""
        units = self.world.org.with_code(layout.shipped.system, self.month)
        codes = len(layout.column(column).codes)
        return self.rows(len(units) * codes), np.repeat(units, codes), np.tile(np.arange(codes), len(units))
