"""Cadences: how time is cut into periods, and which period comes before which.

To add one, write its entry in ``CADENCES`` and its phrases in every language (``docs/contributing.md``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opti_reports.periods.months import YEAR, month_of_week

if TYPE_CHECKING:
    from opti_reports.periods.period import Period


@dataclass(frozen=True, eq=False, kw_only=True)
class Cadence:
    """One way to cut time. There is one object of each, in every process, so that ``is`` compares them.

    ``step`` is how many months lie between the ends of two periods (0: they are laid out otherwise),
    ``length`` how many a period covers up to its last (0: those of its year so far). ``added``: the months
    of any metric of months are added to it. With a ``letter`` a period is called by its number in the year,
    as ``2026-T2``; whole years by the year, others by their last month.
    """

    id: str
    step: int = 1
    length: int = 1
    added: bool = False
    letter: str = ""
    cycle: str = ""
    """How what is looked at once a period is said to be looked at."""
    held: bool = False
    """Periods are when surveys were held, not at every step."""
    weekly: bool = False
    """Periods are weeks; each belongs to the month of its Thursday."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        """Return how another process finds the same object."""
        return cadence, (self.id,)

    def __lt__(self, other: Cadence) -> bool:
        """Return whether this one is listed before another: by name, as in tables of values."""
        return self.id < other.id

    @property
    def whole(self) -> bool:
        """Return whether periods follow each other without overlap and end with a month: months, tertials,
        years.
        """
        return self.step == self.length and not self.held

    @property
    def longer(self) -> bool:
        """Return whether periods are whole ones of several months: tertials, years."""
        return self.whole and self.step > 1

    @property
    def by_year(self) -> bool:
        """Return whether its periods are calendar years."""
        return self.whole and self.step == YEAR

    @property
    def alone(self) -> bool:
        """Return whether it may be a metric's own cadence: not one that months are added to, nor weeks, which
        are published by months.
        """
        return not (self.longer or self.weekly)

    @property
    def running(self) -> bool:
        """Return whether periods overlap: sums of the year so far, or of the last twelve months."""
        return not (self.whole or self.held or self.weekly)

    @property
    def with_added(self) -> tuple[Cadence, ...]:
        """Return this cadence, and those that months are added to where it is the month."""
        return (self, *(one for one in CADENCES if one.added and self is MONTH))

    def ends(self, month: int) -> bool:
        """Return whether a period ends with a month."""
        return (month + 1) % self.step == 0 if self.step else True

    def number(self, end: int) -> int:
        """Return the number in its year of the period that ends with a month."""
        return end % YEAR // self.length + 1 if self.length else 1

    def months(self, end: int) -> range:
        """Return the months of the period that ends with a month."""
        return range(end - (self.length or end % YEAR + 1) + 1, end + 1)

    def last_end(self, month: int) -> int:
        """Return the newest month, not after one, with which a period ends."""
        return month - (month + 1) % self.step if self.step else month

    def before(self, period: Period) -> Period:
        """Return the period one step earlier; of a running sum, the one that ended with that step."""
        if self.weekly:
            return period._replace(end=month_of_week(period.week - 1), week=period.week - 1)
        return period._replace(end=self.last_end(period.end - 1))

    def back(self, period: Period, first: int) -> Iterator[Period]:
        """Yield a period and those before it, the newest first, as long as they end after ``first``."""
        while period.end > first:
            yield period
            period = self.before(period)

    def of(self, own: Cadence) -> Cadence:
        """Return the cadence to show a metric in: this one, to which months are added, else its ``own``."""
        return self if own is MONTH else own


CADENCES = (
    Cadence(id="iso_week", step=0, cycle="weekly", weekly=True),
    Cadence(id="month", cycle="monthly"),
    Cadence(id="tertial", step=4, length=4, added=True, letter="T", cycle="tertial"),
    Cadence(id="year", step=YEAR, length=YEAR),
    Cadence(id="rolling_12m", length=YEAR),
    Cadence(id="ytd", length=0),
    Cadence(id="wave", held=True),
)
"""Every cadence. A metric has its own, those its months are added to, and others it names."""
_BY_ID = {one.id: one for one in CADENCES}
CYCLES = {one.cycle: one for one in CADENCES if one.cycle}
"""The cadences that meetings go by, by how these are said to meet."""


def cadence(id: str) -> Cadence:
    """Return a cadence by its name. Raises KeyError for an unknown one."""
    return _BY_ID[id]


def followed(cycle: str) -> Cadence:
    """Return the cadence that a cycle of meetings follows: weekly meetings follow months."""
    return MONTH if CYCLES[cycle].weekly else CYCLES[cycle]


WEEK, MONTH, TERTIAL, WHOLE_YEAR = map(cadence, ("iso_week", "month", "tertial", "year"))
ROLLING, TO_DATE, WAVE = cadence("rolling_12m"), cadence("ytd"), cadence("wave")
