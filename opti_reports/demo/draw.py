"""The random draws of one source in one month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opti_reports.demo import days as calendar
from opti_reports.demo.data import COUNTY
from opti_reports.demo.days import DAY, HOUR, SUNDAY, THURSDAY
from opti_reports.demo.layout import Layout
from opti_reports.demo.rows import Bools, Floats, Ints, Rows, Times, only, rows_of, take
from opti_reports.demo.world import BY_ID, World
from opti_reports.periods.months import first_date

# How busy a working day is by weekday.
WEEKDAYS = np.array([1.18, 1.06, 1.0, 0.95, 0.88, 0.035, 0.03])
# The share of a day's contacts by opening hour 8–16.
OPENING = np.array([0.22, 0.19, 0.14, 0.11, 0.10, 0.10, 0.08, 0.06])


@dataclass(frozen=True, kw_only=True)
class Draw:
    """Columns of ``n`` rows of a month. Each draw takes the stream's next numbers: their order counts.

    ``grid`` are the date, the unit and the code of a source with one row for each unit that its system has a
    code for in the month, and each code of a column.
    """

    world: World
    layout: Layout
    month: int
    rng: np.random.Generator
    n: int = 0
    grid: Rows = field(default_factory=dict)

    @classmethod
    def of(cls, world: World, layout: Layout, month: int, stream: str = "") -> Draw:
        """Begin a source's stream, or a named one: no other stream's draws can change what it draws."""
        draw = cls(world=world, layout=layout, month=month, rng=world.rng(stream or layout.source, month))
        if not layout.grid:
            return draw
        (date, *_), thursdays = layout.dated, calendar.days_on(month, THURSDAY)
        dates = thursdays if layout.column(date).kind == "week" else np.array([month])
        units = world.org.with_code(layout.shipped.system, month)
        codes = np.arange(len(layout.column(layout.grid).codes))
        day, unit, code = (axis.ravel() for axis in np.meshgrid(dates, units, codes, indexing="ij"))
        return replace(draw, n=len(code), grid={date: day, "unit_code": unit, layout.grid: code})

    def of_year(self, name: str, per: int = 1) -> float:
        """Return what the county's numbers by month say of this one; without stories their mean."""
        year = np.array(COUNTY["by_month"][name]) / per
        return float(year[self.month % 12] if self.world.stories else year.mean())

    @property
    def season(self) -> float:
        """Return how busy the time of the year is against an average one."""
        return self.of_year("season")

    @property
    def demand(self) -> float:
        """Return how busy the month is against an average month: season times working days."""
        return self.season * calendar.workdays_in(self.month) / 21

    @property
    def grown(self) -> int:
        """Return for how many months what grows has grown: since the first; without stories never."""
        return self.month - self.world.first if self.world.stories else 0

    def story_month(self, story: str) -> int:
        """Return how many months the story has gone on in the month: 1 in its first, 0 or less before it."""
        world = self.world
        return self.month - world.last - BY_ID[story].from_month + 1 if world.stories else 0

    def touched(self, story: str) -> Bools:
        """Return of each unit whether the story touches it in the month."""
        unit = self.world.story_unit(story) if self.story_month(story) > 0 else -1
        found: Bools = np.arange(len(self.world.org.units)) == unit
        return found

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

    def weighted(self, weights: Floats) -> Ints:
        """Return positions by their weights, which need not sum to one."""
        return self.rng.choice(len(weights), self.n, p=weights / weights.sum())

    def pick(self, *shares: float, of: Sequence[int] | Ints = (), empty: float = 0) -> Ints:
        """Return positions by their shares, or what stands there in ``of``, some empty."""
        drawn = self.weighted(np.array(shares))
        found = np.asarray(of)[drawn] if len(of) else drawn
        return self.some(found, empty) if empty else found

    def code(self, column: str, *, empty: float = 0, **shares: float) -> Ints:
        """Return codes of a column by their shares, some empty."""
        return self.pick(*shares.values(), of=self.layout.positions(column, *shares), empty=empty)

    def one_of(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return one of the values for each row, all as likely; there must be some if there are rows."""
        return values[self.rng.integers(0, max(len(values), 1), self.n)]

    def units_by_size(self, power: float = 1.0, month: int | None = None) -> Ints:
        """Return units, the oftener the more people they serve, in this month or another."""
        return self.weighted(self.world.org.people(self.month if month is None else month) ** power)

    def waits(self, unit: Ints, median: Floats, *, spread: float, summer: float) -> Ints:
        """Return how many days people wait: longer in slow units, and by ``summer`` when it is quiet."""
        pace = self.world.paces("wait", 0.22)[unit] * (1 + summer - summer * self.season)
        days: Floats = np.exp(np.log(median * pace) + self.rng.normal(0, spread, self.n))
        return days.astype(np.int64)

    def serials(self) -> Ints:
        """Return the ids of a month's records: year and month, then a running number to the form's end."""
        _, zeros, _ = self.layout.columns[0].number
        start = int(f"{first_date(self.month):%y%m}") * 10 ** (len(zeros) - 4)
        return np.arange(start + 1, start + 1 + self.n)

    def newer(self, months: int) -> Times:
        """Return when the deliveries begin that are so many months newer than the month of the rows."""
        return np.full(self.n, calendar.first_day(self.month + 1 + months))

    def days(self, weekend: float = 1.0) -> Times:
        """Return days, the oftener the busier they are: holidays as Sundays, ``weekend`` times as usual."""
        days = calendar.days_of(self.month)
        usual, quiet = WEEKDAYS[calendar.weekday(days)], WEEKDAYS[SUNDAY] * weekend
        return days[self.weighted(np.where(calendar.is_workday(days), usual, quiet))]

    def times(self, days: Times, outside: float, step: int = 60) -> Times:
        """Return times of these days, in whole ``step`` seconds: at any hour, but mostly in opening hours."""
        hour = 8 + self.weighted(OPENING)
        hour = np.where(self.chance(outside), self.rng.integers(0, 24, self.n), hour)
        seconds = hour * 3600 + self.rng.integers(0, 3600, self.n)
        return calendar.later(days, seconds // step * step)

    def office(self, times: Times, seconds: Any = 0) -> Times:
        """Return times so much later, or in the first hours of the next working day if outside 8–16."""
        times = calendar.later(times, seconds)
        evening = times - calendar.midnight(times) >= 16 * HOUR
        morning = calendar.next_workday(calendar.midnight(times) + evening * DAY) + 8 * HOUR
        opened = calendar.later(morning, self.rng.integers(0, 5400, len(times)))
        return np.where(calendar.in_office_hours(times), times, opened)


Make = Callable[[Draw], Rows]


def records(make: Make, draw: Draw) -> Rows:
    """Return a month's records, numbered unless they have ids; of some sources not every month has any."""
    rows, first = draw.grid | make(draw), draw.layout.columns[0]
    if (draw.month + 1) % draw.layout.every:
        return take(rows, slice(0))
    return {first.name: draw.rows(rows_of(rows)).serials()} | rows if first.kind == "id" else rows
