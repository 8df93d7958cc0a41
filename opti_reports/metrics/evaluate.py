"""Every metric of every node in every period: formulas to values with their states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import product

import numpy as np

from opti_reports.algebra.term import parse_compared, parse_filters, parse_term
from opti_reports.algebra.vector import Int
from opti_reports.catalogue.graph import Used, used
from opti_reports.config.audiences import WHOLE_YEARS
from opti_reports.config.metric import AnyMetric, Compare, Metric, Ratio
from opti_reports.metrics.amounts import Filters, amounts, rows_of
from opti_reports.metrics.cells import NOTHING, Cells
from opti_reports.metrics.compare import compared
from opti_reports.metrics.formulas import formula, headline
from opti_reports.metrics.placed import PlacedFact, Places
from opti_reports.metrics.stated import stated
from opti_reports.metrics.states import Doubted, Wholeness, wholeness
from opti_reports.metrics.windows import Frame, frame, periods, slot_of
from opti_reports.model.fact import UNKNOWN_KEY
from opti_reports.model.organisation import Organisation
from opti_reports.model.value import Reason, Value, Values
from opti_reports.periods.cadence import MONTH, ROLLING, WEEK, Cadence
from opti_reports.periods.months import YEAR
from opti_reports.periods.period import Period
from opti_reports.periods.slots import Slot


@dataclass(frozen=True, eq=False, kw_only=True)
class Inputs:
    """What metrics are computed from: facts placed in the tree of ``month``, and how far back values go.

    ``more`` months than are published can be had, to compare with those published before. ``doubted`` names,
    by fact, the units that have not reported a month whole; ``steady`` says whether a value stands the same
    against its targets wherever in its range it is. ``yearly`` metrics of months have figures of whole years
    too: the twelve months up to the newest, and those before. ``behind`` metrics of twelve months have
    figures of months too, which nobody is shown.
    """

    metrics: Mapping[str, AnyMetric]
    facts: Mapping[str, PlacedFact]
    organisation: Organisation
    at: Places
    month: int
    history: int
    breakdown_months: int
    breakdown_week_months: int
    more: int = 0
    doubted: Doubted = field(default_factory=dict)
    steady: Callable[[Value], bool] = lambda _: True
    yearly: frozenset[str] = frozenset()
    behind: frozenset[str] = frozenset()
    _whole: dict[tuple[Used, Slot, tuple[Period, ...]], Wholeness] = field(default_factory=dict)
    _expected: dict[tuple[str, int], list[int]] = field(default_factory=dict)

    def whole(self, id: str, facts: Mapping[str, PlacedFact], over: Frame) -> Wholeness:
        """Return how whole a formula's values are; worked out once for all that add the same measures."""
        place = (used(id, self.metrics), over.by, over.periods)
        if place not in self._whole:
            numeric = [(facts[fact], _numbers(facts[fact], measures)) for fact, measures in place[0]]
            self._whole[place] = wholeness(numeric, over, self.at, self.expected, self.doubted)
        return self._whole[place]

    def expected(self, system: str, month: int) -> list[int]:
        """Return the nodes that a system should speak of in a month."""
        if (system, month) not in self._expected:
            units = {self.at.tree.moved[unit] for unit in self.organisation.expected(system, month)}
            known = units - {self.organisation.unallocated}
            self._expected[system, month] = [self.at.index[unit] for unit in known]
        return self._expected[system, month]

    def of_last(self, months: int, more: int) -> Inputs:
        """Return inputs for the values of the last ``months`` and ``more`` before them."""
        return replace(self, history=months, more=more)

    def of_month(self, month: int) -> Inputs:
        """Return inputs as of another month."""
        return replace(self, month=month)

    def broken_down(self, cadence: Cadence) -> int:
        """Return how many months back breakdowns go."""
        return self.breakdown_week_months if cadence.weekly else self.breakdown_months

    def publishes(self, value: Value) -> bool:
        """Return whether a value is of a period that is published."""
        back = self.broken_down(value.period.cadence) if value.breakdown else self.history
        if value.metric in self.behind and value.period.cadence is MONTH:
            back += YEAR
        return value.period.end > self.month - min(back, self.history) and self.of_years(value)

    def of_years(self, value: Value) -> bool:
        """Return whether a value is not of a year that ended with another month."""
        whole = value.metric in self.yearly and value.period.cadence is ROLLING
        return not whole or value.period.end in self.years(0)

    def years(self, more: int) -> frozenset[int]:
        """Return the months that whole years end with, and ``more`` before each."""
        return frozenset(self.month - YEAR * n - m for n in range(WHOLE_YEARS) for m in range(more + 1))

    @cached_property
    def first(self) -> int:
        """Return the first month with values."""
        delivered = [min(f.covered) for f in self.facts.values() if f.covered]
        return max(self.month - self.history - self.more + 1, min(delivered, default=self.month))


def values(inputs: Inputs) -> Values:
    """Return all values of a run, in the order of metrics, kinds of period, nodes and periods."""
    own = replace(inputs, behind=frozenset())
    return Values(tuple(value for id in inputs.metrics for value in one_metric(own, id)))


def one_metric(inputs: Inputs, id: str, split: bool = True) -> Iterator[Value]:
    """Yield the values of one metric: its headline figures and, if wanted, its breakdowns."""
    metric = inputs.metrics[id]
    facts = facts_of(inputs, id)
    for cadence in metric.cadences:
        wanted = _periods(inputs, cadence, facts)
        yield from _headlines(inputs, id, facts, wanted) if wanted else ()
        back = inputs.broken_down(cadence) + inputs.more
        recent = tuple(p for p in wanted if p.end > inputs.month - back)
        if recent and split:
            yield from _breakdowns(inputs, id, facts, recent)
    if id in inputs.behind:
        months = _periods(inputs, MONTH, facts)
        yield from _headlines(inputs, id, facts, months)
        back = inputs.broken_down(MONTH) + YEAR + inputs.more
        recent = tuple(p for p in months if p.end > inputs.month - back)
        yield from _breakdowns(inputs, id, facts, recent) if split and recent else ()
    if id in inputs.yearly:
        ends = inputs.years(inputs.more)
        years = tuple(p for p in _periods(inputs, ROLLING, facts) if p.end in ends)
        yield from _headlines(inputs, id, facts, years)
        yield from _breakdowns(inputs, id, facts, years) if split else ()


def of_weeks(inputs: Inputs, id: str, weeks: range, split: range) -> Iterator[Value]:
    """Yield a metric's figures of weeks: the headline's, and by keys of those to ``split``."""
    facts = facts_of(inputs, id)
    wanted = tuple(p for p in _periods(inputs, WEEK, facts) if p.week in weeks)
    yield from _headlines(inputs, id, facts, wanted) if wanted else ()
    recent = tuple(period for period in wanted if period.week in split)
    yield from _breakdowns(inputs, id, facts, recent) if recent else ()


def _headlines(
    inputs: Inputs, id: str, facts: dict[str, PlacedFact], wanted: tuple[Period, ...]
) -> Iterator[Value]:
    more = headline(inputs.metrics[id])
    yield from _figures(inputs=inputs, id=id, facts=facts, wanted=wanted, more=more, breakdown="", key="")


def _breakdowns(
    inputs: Inputs, id: str, facts: dict[str, PlacedFact], wanted: tuple[Period, ...]
) -> Iterator[Value]:
    metric = inputs.metrics[id]
    for name in metric.by:
        below = isinstance(metric, Ratio) and metric.align_to == "den"  # the side that is counted whole
        main = parse_term(metric.sides["den"][0]) if below else next(metric.parts()).term
        for key in sorted(set(facts[main.fact].rows[name].cat.categories) - {UNKNOWN_KEY}):
            more = {**{k: v for k, v in headline(metric).items() if k != name}, name: (key,)}
            yield from _figures(
                inputs=inputs, id=id, facts=facts, wanted=wanted, more=more, breakdown=name, key=key
            )


def _numbers(fact: PlacedFact, measures: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in measures if name in fact.shape.numeric)


def facts_of(inputs: Inputs, id: str) -> dict[str, PlacedFact]:
    """Return the facts of a metric by name; of one kept by weeks, those weeks that all of them have whole:
    one side of a ratio must not have days that the other lacks.
    """
    facts = {name: inputs.facts[name] for name, _ in used(id, inputs.metrics)}
    if not inputs.metrics[id].by_weeks:
        return facts
    found = [fact.rows["week"].unique() for fact in facts.values() if fact.shape.weekly]
    weeks = _whole(facts, np.unique(np.concatenate(found)))
    return {name: fact.only(weeks) for name, fact in facts.items()}


def _periods(inputs: Inputs, cadence: Cadence, facts: Mapping[str, PlacedFact]) -> tuple[Period, ...]:
    found = periods(cadence, inputs.first, inputs.month)
    if cadence.held:
        waves = {int(m) for f in facts.values() for m in f.rows["month"].unique()}
        return tuple(p for p in found if p.end in waves)
    return found


def frame_of(
    metric: Metric, cadence: Cadence, facts: Mapping[str, PlacedFact], wanted: tuple[Period, ...]
) -> Frame:
    """Return slots against periods for a metric: weeks where it is kept by week."""
    by, settled = slot_of(metric, cadence), max(fact.settled for fact in facts.values())
    had = _covered(facts)
    if by is Slot.WEEK:
        had = _whole(facts, np.array([period.week for period in wanted], dtype=np.int64))
    return _frame(by, wanted, had, settled)


_frame = lru_cache(maxsize=256)(frame)


def _figures(
    inputs: Inputs,
    id: str,
    facts: dict[str, PlacedFact],
    wanted: tuple[Period, ...],
    more: Filters,
    breakdown: str,
    key: str,
) -> Iterator[Value]:
    metric = inputs.metrics[id]
    over = frame_of(metric, wanted[0].cadence, facts, wanted)
    cells = _cells(inputs, metric, facts, over, more, sparse=bool(breakdown))
    mixed = (
        set()
        if isinstance(metric, Compare)
        else formula(metric, facts=facts, frame=over, at=inputs.at, more=more).scales()
    )
    states = inputs.whole(id, facts, over).states
    waiting = _waiting(inputs, metric, over) if not breakdown else None
    every = sorted(cells) if breakdown else product(range(len(inputs.at.ids)), range(len(wanted)))
    for place in every:
        node, number = place
        cell = cells.get(place, NOTHING)
        state, reason, cell = stated(metric, states[node][number], cell, place in mixed)
        what = (id, inputs.at.ids[node], wanted[number], state)
        value = Value._make(what + cell[:5] + (breakdown, key, reason) + cell[5:7])
        if value.range is not None and state == "ok" and not inputs.steady(value):
            value = value._replace(state="partial", reason=Reason("unknown", value.unknown))
        if waiting is not None and state == "few" and not value.n and waiting[place] > 0:
            value = value._replace(state="pending", reason=None)
        if state != "missing" or (not breakdown and value.period.end == inputs.month):
            yield value


def _waiting(inputs: Inputs, metric: AnyMetric, over: Frame) -> Int | None:
    """Return cases not yet due at the end of each period, for a metric that counts them when they are."""
    if not (isinstance(metric, Ratio) and metric.waiting):
        return None
    term = parse_term(metric.waiting)
    fact = inputs.facts[term.fact]
    return amounts(
        term=term,
        fact=fact,
        rows=rows_of(fact, term, headline(metric)),
        frame=over,
        at=inputs.at,
        key=metric.key,
    ).data


def _cells(
    inputs: Inputs,
    metric: AnyMetric,
    facts: dict[str, PlacedFact],
    over: Frame,
    more: Filters,
    *,
    sparse: bool = False,
) -> Cells:
    if not isinstance(metric, Compare):
        return formula(metric, facts=facts, frame=over, at=inputs.at, more=more, sparse=sparse).cells()

    def figures(text: str) -> Cells:
        id, filters = parse_compared(text)
        narrowed = {**more, **dict(parse_filters(filters))}
        return _cells(inputs, inputs.metrics[id], facts_of(inputs, id), over, narrowed)

    return compared(metric, figures, inputs.at)


def computable(id: str, metrics: Mapping[str, AnyMetric], facts: Mapping[str, PlacedFact]) -> bool:
    """Return whether every fact a metric's formula uses has ever been delivered."""
    return all(name in facts and facts[name].covered for name, _ in used(id, metrics))


def months_of(inputs: Inputs, id: str) -> tuple[int, ...]:
    """Return the months that every source of a metric has delivered, the newest last."""
    return tuple(sorted(_covered(facts_of(inputs, id))))


def _whole(facts: Mapping[str, PlacedFact], weeks: Int) -> frozenset[int]:
    """Return the weeks of which every fact has all days."""
    had = np.logical_and.reduce([fact.whole(weeks) for fact in facts.values()])
    return frozenset(weeks[had].tolist())


def _covered(facts: Mapping[str, PlacedFact]) -> frozenset[int]:
    return frozenset.intersection(*(fact.covered for fact in facts.values()))
