"""What a reader of every figure of all metrics could work out: their sums, from the facts up.

Nothing here comes from the gate. Unknowns are the smallest amounts there are: a measure of a fact (with the
filters of its term) of one unit, month or week, and key of one breakdown. Every numerator, denominator and n
shown is a sum of those; a withheld one is told when it is a combination of shown ones. Different persons or
cases are taken to lie in one unit, month and key each, as nearly all do.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

from opti_reports.algebra.calendar import first_day, month_of, thursday, week_of
from opti_reports.algebra.term import Term, parse_term
from opti_reports.config.metric import Added, AnyMetric
from opti_reports.metrics.evaluate import Inputs, facts_of, frame_of
from opti_reports.metrics.placed import filtered, slots
from opti_reports.model.value import Value, Values
from opti_reports.periods.period import Period
from opti_reports.periods.slots import Slot

Filters = tuple[tuple[str, tuple[str, ...]], ...]
Quantity = tuple[str, str, Slot, str, Filters]
"""Fact, measure, slots (months or weeks), the metric if it aligns rows, other filters."""
Unknown = tuple[Quantity, str, int, str, str]
"""A quantity of a unit, slot, breakdown and key; a month's days of one week are a slot of their own."""
Amount = dict[int, float]
"""Unknowns by number, with their weights."""
PART = 100_000
SIDES = ("num", "den", "n")


@dataclass
class Publication:
    """What one publication shows: its facts, and its masked figures as sums of unknowns."""

    inputs: Inputs
    masked: Values
    _counts: dict[tuple[Quantity, str], dict[tuple[int, int, str], int]] = field(default_factory=dict)
    _slots: dict[tuple[str, str, Period], list[tuple[int, float]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tree = self.inputs.at.tree
        self._below = {n.id: [m.id for m in tree.nodes if n.id in tree.above(m.id)] for n in tree.nodes}
        found: dict[tuple[str, str], set[str]] = {}
        for metric in self.inputs.metrics.values():
            for term in (parse_term(text) for side in SIDES for text in texts(metric, side)):
                names = found.setdefault((term.fact, term.measure), set())
                names |= {name for name in metric.by if name in self.inputs.facts[term.fact].shape.by}
        self._by = {place: sorted(names) for place, names in found.items()}

    def parts(self, value: Value, side: str) -> Iterator[tuple[Unknown, float]]:
        """A side of a figure as unknowns with weights; nothing where the formula is no sum of cases."""
        metric = self.inputs.metrics[value.metric]
        if not isinstance(metric, Added):
            return
        for term in (parse_term(text) for text in texts(metric, side)):
            wanted = self._filters(metric, term, value)
            chosen = next((n for n in self._by[term.fact, term.measure] if n in wanted), "")
            others = tuple(sorted((n, tuple(sorted(k))) for n, k in wanted.items() if n != chosen))
            if side == "n" and value.breakdown and value.breakdown not in self._keys_of(term):
                return
            slot = Slot.WEEK if metric.by_weeks else Slot.MONTH
            quantity = (term.fact, term.measure, slot, value.metric if metric.align else "", others)
            breakdown = chosen or next(iter(self.breakdowns(quantity)), "")
            keys = sorted(wanted[chosen]) if chosen else self.keys(term.fact, breakdown)
            parted = slot is Slot.MONTH and self.inputs.facts[term.fact].shape.weekly
            for at, weight in self._weights(metric, value, term):
                parts = _parts(at, weekly=value.period.cadence.weekly) if parted else [at]
                for part, org, key in product(parts, self._below[value.org], keys):
                    yield (quantity, org, part, breakdown, key), term.sign * weight

    def _filters(self, metric: AnyMetric, term: Term, value: Value) -> dict[str, set[str]]:
        wanted = {name: set(keys) for name, keys in term.filters}
        more = {}
        if metric.headline:
            name, _, key = metric.headline.partition("=")
            more[name] = key
        if value.breakdown:
            more[value.breakdown] = value.key
        for name, key in more.items():
            if name in self._keys_of(term):
                wanted[name] = {key} & wanted.get(name, {key})
        return wanted

    def _keys_of(self, term: Term) -> Collection[str]:
        return self.inputs.facts[term.fact].shape.by

    def breakdowns(self, quantity: Quantity) -> list[str]:
        """By which keys a quantity is shown anywhere."""
        fixed = {name for name, _ in quantity[4]}
        return [name for name in self._by.get(quantity[:2], ()) if name not in fixed]

    def keys(self, fact: str, breakdown: str) -> list[str]:
        """The keys of a breakdown that occur."""
        if not breakdown:
            return [""]
        return sorted(map(str, self.inputs.facts[fact].rows[breakdown].cat.categories))

    def _weights(self, metric: AnyMetric, value: Value, term: Term) -> list[tuple[int, float]]:
        """The months or weeks of a period with their weights under the term's rule."""
        place = (value.metric, term.rule, value.period)
        if place not in self._slots:
            facts = facts_of(self.inputs, value.metric)
            frame = frame_of(metric, value.period.cadence, facts, (value.period,))
            weights = (frame.lasts if term.rule == "last" else frame.sums)[:, 0].astype(float)
            if term.rule == "mean":
                weights /= max(float(frame.sums.sum()), 1.0)
            self._slots[place] = [
                (slot, float(weight))
                for at, weight in zip(frame.span, weights, strict=True)
                if weight
                for slot in (_weeks(at) if frame.by is Slot.MONTH_OF_WEEKS else [at])
            ]
        return self._slots[place]

    def count(self, unknown: Unknown) -> int:
        """How much an unknown is."""
        (fact, measure, by, _, others), org, slot, breakdown, key = unknown
        place = (unknown[0], breakdown)
        if place not in self._counts:
            rows = filtered(self.inputs.facts[fact], dict(others))
            keys = rows[breakdown].astype(str).tolist() if breakdown else [""] * len(rows)
            counts: dict[tuple[int, int, str], int] = {}
            times = slots(rows, by)
            if by is Slot.MONTH and self.inputs.facts[fact].shape.weekly:
                times = times * PART + rows["week"].to_numpy()
            where = zip(rows["node"].tolist(), times.tolist(), keys, strict=True)
            for at, n in zip(where, rows[measure].tolist(), strict=True):
                counts[at] = counts.get(at, 0) + n
            self._counts[place] = counts
        return self._counts[place].get((self.inputs.at.index[org], slot, key), 0)


def texts(metric: AnyMetric, side: str) -> tuple[str, ...]:
    """The terms of a side."""
    return tuple(part.text for part in metric.parts() if part.name == side)


@dataclass
class Attack:
    """All publications a reader has, the newest last; a corrected unknown is another one in each."""

    publications: Sequence[Publication]
    _numbers: dict[tuple[Unknown, int], int] = field(default_factory=dict)

    def works_out(self, protected: Collection[tuple[str, str, Period, str, str]]) -> list[tuple[str, Value]]:
        """The sides of protected withheld figures of the newest publication that follow from those shown."""
        shown: list[Amount] = []
        hidden: list[tuple[str, Value, Amount]] = []
        for run, publication in enumerate(self.publications):
            for value in publication.masked:
                for side in SIDES:
                    if getattr(value, side) is not None and texts(
                        publication.inputs.metrics[value.metric], side
                    ):
                        shown.append(self._amount(run, value, side))
                    elif run == len(self.publications) - 1 and _place(value) in protected:
                        hidden.append((side, value, self._amount(run, value, side)))
        shown += [row for run in range(len(self.publications)) for row in self._same(run)]
        move = moved([row for row in shown if row], len(self._numbers))
        return [
            (side, value)
            for side, value, amount in hidden
            if amount and abs(sum(weight * move[at] for at, weight in amount.items())) < 1e-6
        ]

    def too_close(
        self,
        protected: Mapping[tuple[str, str, Period, str, str], int],
        always: Callable[[Value], bool],
        most: int,
    ) -> tuple[int, list[tuple[Value, float]]]:
        """How many counts of the newest publication were tried, at most ``most``, and those that tables of
        cases, none below nothing, leave less room than their limit: or less than the figures leave that are
        ``always`` shown.
        """
        shown: list[Amount] = []
        firm: list[Amount] = []
        hidden: list[tuple[Value, Amount]] = []
        for run, publication in enumerate(self.publications):
            for value in publication.masked:
                for side in SIDES:
                    metric = publication.inputs.metrics[value.metric]
                    row = self._amount(run, value, side)
                    newest = run == len(self.publications) - 1 and _place(value) in protected
                    if not texts(metric, side):
                        continue
                    if getattr(value, side) is not None:
                        shown.append(row)
                        firm += [row] if always(value) else []
                    elif newest and side == _counted(metric):
                        hidden.append((value, row))
        same = [row for run in range(len(self.publications)) for row in self._same(run)]
        tried = random.Random(7).sample(hidden, min(most, len(hidden)))
        found = []
        for value, amount in tried:
            limit = protected[_place(value)]
            room = self._room(amount, [*shown, *same], limit)
            if room < limit - 1e-6 and room < self._room(amount, [*firm, *same], limit) - 1e-6:
                found.append((value, room))
        return len(tried), found

    def _room(self, amount: Amount, rows: list[Amount], limit: int) -> float:
        """How far the lowest and highest of an amount lie apart that agree with the rows; what lies further
        than its limit on one side is not asked on.
        """
        size = len(self._numbers)
        matrix = _matrix([row for row in rows if row], size)
        held = np.zeros(size)
        for (unknown, run), at in self._numbers.items():
            held[at] = self.publications[run].count(unknown)
        low, high = np.where(held < 0, -1e6, -held), np.full(size, 40.0 * limit)
        bounds = [(float(a), float(b)) for a, b in zip(low, high, strict=True)]
        aim, apart = np.zeros(size), 0.0
        aim[list(amount)] = list(amount.values())
        for sign in (1, -1):
            if apart < limit:
                answer = linprog(  # type: ignore[call-overload]  # its stubs know no sparse matrices
                    sign * aim, A_eq=matrix, b_eq=np.zeros(matrix.shape[0]), bounds=bounds, method="highs"
                )
                apart += abs(answer.fun)
        return apart

    def _number(self, run: int, unknown: Unknown) -> int:
        for earlier in range(run):
            publication = self.publications[earlier]
            if publication.count(unknown) == self.publications[run].count(unknown):
                run = earlier
                break
        return self._numbers.setdefault((unknown, run), len(self._numbers))

    def _amount(self, run: int, value: Value, side: str) -> Amount:
        total: Amount = {}
        for unknown, weight in self.publications[run].parts(value, side):
            at = self._number(run, unknown)
            total[at] = total.get(at, 0.0) + weight
        return total

    def _same(self, run: int) -> Iterator[Amount]:
        """The keys of one breakdown of a quantity add to as much as those of another."""
        publication = self.publications[run]
        places = {(q, org, slot) for (q, org, slot, _, _), _ in self._numbers}
        for quantity, org, slot in sorted(places, key=repr):
            sides = [
                {
                    self._number(run, (quantity, org, slot, name, key)): 1.0
                    for key in publication.keys(quantity[0], name)
                }
                for name in publication.breakdowns(quantity)
            ]
            for other in sides[1:]:
                yield sides[0] | dict.fromkeys(other, -1.0)


def _counted(metric: AnyMetric) -> str:
    """The side that says how many a figure is about."""
    return next(side for side in ("n", "den", "num") if texts(metric, side))


def _matrix(rows: list[Amount], size: int) -> csr_array:
    at = [(number, place, weight) for number, row in enumerate(rows) for place, weight in row.items()]
    number, place, weight = np.array(at, dtype=np.float64).reshape(-1, 3).T
    cells = number.astype(np.int64), place.astype(np.int64)
    return csr_array((weight, cells), shape=(len(rows), size))


def _weeks(month: int) -> list[int]:
    """The ISO weeks whose Thursday lies in the month."""
    first, after = (int(week_of(first_day(np.array([m])))[0]) for m in (month, month + 1))
    weeks = np.arange(first - 1, after + 2)
    return [int(week) for week in weeks[month_of(thursday(weeks)) == month]]


def _parts(at: int, *, weekly: bool) -> list[int]:
    """The parts of a month, each in one week, or of a week, each in one month."""
    if weekly:
        monday = int(thursday(np.array([at]))[0]) - 3
        return sorted({int(month_of(np.array([day]))[0]) * PART + at for day in (monday, monday + 6)})
    first, after = (int(first_day(np.array([month]))[0]) for month in (at, at + 1))
    return sorted({at * PART + int(week_of(np.array([day]))[0]) for day in range(first, after)})


def _place(value: Value) -> tuple[str, str, Period, str, str]:
    return value.metric, value.org, value.period, value.breakdown, value.key


def only(inputs: Inputs, values: Values, ids: Collection[str]) -> Publication:
    """The publication of some metrics alone."""
    metrics = {id: metric for id, metric in inputs.metrics.items() if id in ids}
    return Publication(replace(inputs, metrics=metrics), Values(tuple(v for v in values if v.metric in ids)))


def moved(rows: list[Amount], size: int) -> NDArray[np.float64]:
    """A random direction in the unknowns that changes none of the rows (Björck 1996, CGLS)."""
    row = np.repeat(np.arange(len(rows)), [len(r) for r in rows])
    column = np.fromiter((at for r in rows for at in r), dtype=np.int64)
    weight = np.fromiter((w for r in rows for w in r.values()), dtype=np.float64)
    weight /= np.sqrt(np.bincount(row, weight**2, len(rows)))[row]
    left = np.random.default_rng(7).uniform(0.5, 1.5, size)
    change = np.bincount(row, weight * left[column], len(rows))
    along, length = change, float(change @ change)
    for _ in range(20_000):
        if length < 1e-18:
            return left
        step = np.bincount(column, weight * along[row], size)
        left = left - length / float(step @ step) * step
        change = np.bincount(row, weight * left[column], len(rows))
        before, length = length, float(change @ change)
        along = change + length / before * along
    raise AssertionError(f"the sums of {len(rows)} figures were not solved")
