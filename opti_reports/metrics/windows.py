"""The periods a metric has values for, and which slots (months or weeks) each takes in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from opti_reports.algebra.calendar import first_day, month_of, thursday, week_of
from opti_reports.algebra.vector import Bool, Int
from opti_reports.config.metric import Metric
from opti_reports.periods.cadence import Cadence
from opti_reports.periods.period import Period
from opti_reports.periods.slots import Slot


def _last_day(month: int) -> int:
    return int(first_day(np.array([month + 1]))[0]) - 1


def periods(cadence: Cadence, first: int, last: int) -> tuple[Period, ...]:
    """Return all periods of a cadence that end in ``first`` … ``last`` and are over."""
    if cadence.weekly:
        start = int(week_of(first_day(np.array([first])))[0])
        weeks = np.arange(start, int(week_of(np.array([_last_day(last)]))[0]) + 1)
        ends = month_of(thursday(weeks))
        over = (ends >= first) & (ends <= last) & (weeks * 7 + 3 <= _last_day(last))
        return tuple(Period(cadence, int(e), int(w)) for w, e in zip(weeks[over], ends[over], strict=True))
    return tuple(Period(cadence, m) for m in range(first, last + 1) if cadence.ends(m))


def slot_of(metric: Metric, cadence: Cadence) -> Slot:
    """Return what a metric's rows are laid out by, before periods of a cadence add them."""
    return Slot.WEEK if cadence.weekly else Slot.MONTH_OF_WEEKS if metric.by_weeks else Slot.MONTH


@dataclass(frozen=True, eq=False, kw_only=True)
class Frame:
    """Slots against periods.

    ``span`` are the slots (months or weeks); ``inside[slot, period]`` says which
    a period takes in, ``given[slot, period]`` which of those have been delivered, ``settled`` which of those
    are of a month whose cohort is whole.
    """

    by: Slot
    span: range
    periods: tuple[Period, ...]
    inside: Bool
    given: Bool
    settled: Bool

    @cached_property
    def sums(self) -> Int:
        """Return weights that add the delivered slots of each period."""
        return self.given.astype(np.int64)

    @cached_property
    def lasts(self) -> Int:
        """Return weights that pick the last delivered slot of each period."""
        weights = np.zeros(self.given.shape, dtype=np.int64)
        for column, given in enumerate(self.given.T):
            slots = np.flatnonzero(given)
            if len(slots):
                weights[slots[-1], column] = 1
        return weights

    def holds(self, slot: Int) -> Bool:
        """Return which slots (numbers from the first) are within a period and delivered."""
        some = np.append(self.given.any(axis=1), False)
        held: Bool = some[np.where((slot >= 0) & (slot < len(self.span)), slot, -1)]
        return held

    @cached_property
    def reach(self) -> tuple[Int, Int]:
        """Return the first period of each delivered slot, and the one after its last.

        They follow each other: periods of one kind neither begin nor end earlier than those before them.
        """
        given = self.given
        return given.argmax(axis=1), len(self.periods) - given[:, ::-1].argmax(axis=1)

    def pairs(self) -> tuple[Int, Int]:
        """Return slot and period numbers of every delivered slot of every period."""
        slot, period = np.nonzero(self.given)
        return slot.astype(np.int64), period.astype(np.int64)


def frame(by: Slot, wanted: Sequence[Period], covered: frozenset[int], settled: int) -> Frame:
    """Lay periods over slots, of which those ``covered`` are delivered; cohorts are whole from a month on."""
    weekly = by is Slot.WEEK
    needed = [[p.week] if weekly else list(p.months) for p in wanted]
    span = range(min(min(n) for n in needed), max(max(n) for n in needed) + 1)
    months = month_of(thursday(np.array(span))) if weekly else np.array(span)
    inside = np.zeros((len(span), len(wanted)), dtype=bool)
    for column, some in enumerate(needed):
        inside[[slot - span.start for slot in some], column] = True
    given = inside & np.isin(np.array(span), list(covered))[:, None]
    return Frame(
        by=by,
        span=span,
        periods=tuple(wanted),
        inside=inside,
        given=given,
        settled=given & (months >= settled)[:, None],
    )
