"""Which figures show the same amount: metrics rest on the same cases, and telling one tells the other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from opti_reports.algebra.term import parse_filters, parse_term
from opti_reports.config.audiences import Audiences, Protection
from opti_reports.config.metric import Added, AnyMetric
from opti_reports.disclosure.sums import Cell
from opti_reports.model.value import Value
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period

Part = Literal["num", "den", "n"]
"""The numbers that stand beside a value: each is an amount that a reader may add and subtract."""
Quantity = tuple[object, ...]
"""What is counted, whatever the metric: fact, measure, rule over time, keys. Its own for other formulas."""
Amount = tuple[Quantity, str, Period]
"""A quantity of an organisation in a period."""


@dataclass(frozen=True)
class View:
    """A metric looked at by one of the numbers that its figures show beside the value."""

    id: str
    metric: AnyMetric
    part: Part

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the terms that are added up."""
        if self.part == "n":
            return (self.metric.n,) if isinstance(self.metric, Added) and self.metric.n else ()
        return self.metric.sides.get(self.part, ())

    @property
    def rules(self) -> set[str]:
        """Return how the terms are added over time."""
        return {parse_term(text).rule for text in self.texts}

    @property
    def signed(self) -> bool:
        """Return whether something is subtracted, so that it may be below nothing."""
        return any(parse_term(text).sign < 0 for text in self.texts)

    def of(self, value: Value) -> Fraction | None:
        """Return the number of a figure."""
        if self.part == "n":
            return None if value.n is None else Fraction(value.n)
        return value.num if self.part == "num" else value.den

    def quantity(self, breakdown: str, key: str) -> Quantity:
        """Return what a figure of the breakdown's key (of the headline: empty) counts."""
        metric = self.metric
        if not isinstance(metric, Added) or len(self.texts) != 1:
            return (self.id, self.part, breakdown, key)
        term = parse_term(self.texts[0])
        keys = {name: set(values) for name, values in term.filters}
        more = {**dict(parse_filters(metric.headline)), **({breakdown: (key,)} if breakdown else {})}
        for name, values in more.items():
            keys[name] = keys.get(name, set(values)) & set(values)
        filters = tuple((name, *sorted(values)) for name, values in sorted(keys.items()))
        weekly = metric.window == "weeks"
        return (term.fact, term.measure, term.rule, weekly, metric.align, metric.align_to, filters)

    def amounts(self) -> Callable[[Cell], Amount]:
        """Return a function from cells to their amounts."""
        last, known = "last" in self.rules, dict[tuple[str, str], Quantity]()

        def amount(cell: Cell) -> Amount:
            org, period, *place = cell
            at = (place[0], place[1])
            if at not in known:
                known[at] = self.quantity(*at)
            # The last value of a tertial is that of its last month.
            month = last and not period.cadence.weekly
            return known[at], org, Period(MONTH, period.end) if month else period

        return amount


def views(id: str, metric: AnyMetric) -> tuple[View, ...]:
    """Return a metric by each number that its figures show; none of what is no sum."""
    found = (View(id, metric, "num"), View(id, metric, "den"), View(id, metric, "n"))
    return tuple(view for view in found if view.texts)


def clusters(
    metrics: Mapping[str, AnyMetric],
    protected: Collection[str],
    places: Mapping[str, Iterable[tuple[str, str]]],
) -> list[list[View]]:
    """Return views of metrics, those together that show a quantity in common: each group has a protected one.

    ``places`` are the breakdowns and keys of each metric's figures.
    """
    found: list[tuple[list[View], set[Quantity]]] = []
    for id, own in places.items():
        sides = views(id, metrics[id])
        shown = {view.quantity(*place) for view in sides for place in own}
        near = [one for one in found if not one[1].isdisjoint(shown)]
        together = [*(view for group, _ in near for view in group), *sides]
        found = [one for one in found if one not in near]
        found.append((together, shown.union(*(quantities for _, quantities in near))))
    return [group for group, _ in found if any(view.id in protected for view in group)]


def concerned(metrics: Mapping[str, AnyMetric], audiences: Audiences, readers: Iterable[str]) -> set[str]:
    """Return the metrics the gate may withhold from any of the ``readers``: protected ones, and those that
    count what one of them counts.
    """
    eyes = [Protection(audiences, id) for id in readers]
    protected = {id for id, metric in metrics.items() if any(one.guards(metric) for one in eyes)}
    counted = {_measure(text) for id in protected for view in views(id, metrics[id]) for text in view.texts}
    return protected | {id for id, m in metrics.items() if counted & {_measure(text) for text in m.added}}


def _measure(text: str) -> tuple[str, str]:
    term = parse_term(text)
    return term.fact, term.measure
