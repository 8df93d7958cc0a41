"""A value: one metric of one organisation in one period, with everything needed to judge it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal, NamedTuple

from opti_reports.periods.period import Period

State = Literal["ok", "few", "withheld", "missing", "partial", "pending", "mixed"]
SHOWN: tuple[State, ...] = ("ok", "partial")
"""States whose figure may be read as a value."""
Range = tuple[Fraction, Fraction]
Cause = Literal["units", "months", "unknown", "outside", "few", "withheld"]


class Reason(NamedTuple):
    """Why a value is partial, few or withheld, with the two figures that say it.

    ``units`` and ``months``: how many have delivered, of how many. ``unknown``: how many rows nobody can
    read. ``outside``: it is beyond what it can be. ``few``: n, of the n it needs. ``withheld``: of the n it
    would need.
    """

    cause: Cause
    have: int = 0
    of: int = 0


class Value(NamedTuple):
    """``value = scale · num / den`` where the formula is a ratio; exact until displayed.

    A tuple, because there are hundreds of thousands in a month, and each is read from the store.

    ``num`` and ``den`` are None where the formula has none (a median, an index) or nothing may be shown.
    ``reason`` says why it is partial, few or withheld (None: it is not). ``unknown`` counts the rows whose
    part in it is not known, and ``range`` holds the lowest and highest value they may make of it (None:
    anything); the value leaves them out.
    """

    metric: str
    org: str
    period: Period
    state: State
    value: Fraction | None = None
    num: Fraction | None = None
    den: Fraction | None = None
    n: int | None = None
    interval: tuple[float, float] | None = None
    breakdown: str = ""
    key: str = ""
    reason: Reason | None = None
    unknown: int = 0
    range: Range | None = None

    @property
    def number(self) -> float | None:
        """Return the value for drawing and statistics, None where it may not be read or could be anything."""
        return (
            float(self.value) if self.value is not None and self.state in SHOWN and not self.loose else None
        )

    @property
    def loose(self) -> bool:
        """Return whether it is partial and nobody knows by how much: units or months lack, or rows of any
        size.
        """
        return self.state == "partial" and self.range is None

    @property
    def short(self) -> bool:
        """Return whether months of the period are not there: no figure to set beside those of
        whole periods.
        """
        return self.partial_by("months")

    def partial_by(self, *causes: Cause) -> bool:
        """Return whether it is partial for one of the causes."""
        return self.state == "partial" and self.reason is not None and self.reason.cause in causes


def zero(metric: str, org: str, period: Period, breakdown: str, key: str) -> Value:
    """Return the figure of a key that does not occur."""
    none = Fraction(0)
    return Value(
        metric=metric,
        org=org,
        period=period,
        state="ok",
        value=none,
        num=none,
        den=none,
        n=0,
        breakdown=breakdown,
        key=key,
    )


Place = tuple[str, str, Period, str, str]


@dataclass(frozen=True)
class Values:
    """All values of a run, found by metric, organisation, period, breakdown and key."""

    items: tuple[Value, ...]

    @cached_property
    def _places(self) -> dict[Place, Value]:
        return {(v.metric, v.org, v.period, v.breakdown, v.key): v for v in self.items}

    @cached_property
    def _cells(self) -> dict[tuple[str, str, Period, str], tuple[Value, ...]]:
        cells: dict[tuple[str, str, Period, str], list[Value]] = {}
        for v in self.items:
            if v.breakdown:
                cells.setdefault((v.metric, v.org, v.period, v.breakdown), []).append(v)
        return {place: tuple(found) for place, found in cells.items()}

    @cached_property
    def waves(self) -> dict[str, tuple[int, ...]]:
        """Return the months in which a survey was held, by metric: those in which any organisation has
        something.
        """
        held: dict[str, set[int]] = {}
        for v in self.items:
            if v.period.cadence.held and v.state != "missing" and not v.breakdown:
                held.setdefault(v.metric, set()).add(v.period.end)
        return {metric: tuple(sorted(ends)) for metric, ends in held.items()}

    def __iter__(self) -> Iterator[Value]:
        return iter(self.items)

    def get(self, metric: str, org: str, period: Period, breakdown: str = "", key: str = "") -> Value:
        """Return the value, or one whose state is ``missing``."""
        found = self._places.get((metric, org, period, breakdown, key))
        return found or Value(
            metric=metric, org=org, period=period, state="missing", breakdown=breakdown, key=key
        )

    def cells(self, metric: str, org: str, period: Period, breakdown: str) -> tuple[Value, ...]:
        """Return the values of a breakdown, in the order of their keys."""
        return self._cells.get((metric, org, period, breakdown), ())

    def series(self, metric: str, org: str, periods: Iterable[Period]) -> tuple[Value, ...]:
        """Return the headline values of several periods, gaps as missing."""
        return tuple(self.get(metric, org, period) for period in periods)
