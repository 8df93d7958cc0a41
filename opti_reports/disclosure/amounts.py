"""Which figures show the same amount: metrics rest on the same cases, and telling one tells the other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from opti_reports.algebra.term import parse_filters, parse_term
from opti_reports.config.audiences import Protection
from opti_reports.config.metric import Added, AnyMetric, Side
from opti_reports.disclosure.sums import Cell
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period

Quantity = tuple[object, ...]
"""What is counted, whatever the metric: fact, measure, rule over time, keys. Its own for other formulas."""
Amount = tuple[Quantity, str, Period]
"""A quantity of an organisation in a period."""


@dataclass(frozen=True)
class View:
    """A metric looked at by one side of its formula: the cases that its figures show beside the value."""

    id: str
    metric: AnyMetric
    side: Side

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the terms of the side."""
        return self.metric.sides.get(self.side, ())

    def quantity(self, breakdown: str, key: str) -> Quantity:
        """Return what a figure of the breakdown's key (of the headline: empty) counts."""
        metric = self.metric
        if not isinstance(metric, Added) or len(self.texts) != 1:
            return (self.id, breakdown, key)
        term = parse_term(self.texts[0])
        keys = {name: set(values) for name, values in term.filters}
        more = {**dict(parse_filters(metric.headline)), **({breakdown: (key,)} if breakdown else {})}
        for name, values in more.items():
            keys[name] = keys.get(name, set(values)) & set(values)
        filters = tuple((name, *sorted(values)) for name, values in sorted(keys.items()))
        return (
            term.fact,
            term.measure,
            term.rule,
            metric.window == "weeks",
            metric.align,
            metric.align_to,
            filters,
        )

    def amounts(self) -> Callable[[Cell], Amount]:
        """Return a function from cells to their amounts."""
        last = any(parse_term(text).rule == "last" for text in self.texts)
        known: dict[tuple[str, str], Quantity] = {}

        def amount(cell: Cell) -> Amount:
            org, period, *place = cell
            at = (place[0], place[1])
            if at not in known:
                known[at] = self.quantity(*at)
            # The last value of a tertial is that of its last month.
            return (
                known[at],
                org,
                Period(MONTH, period.end) if last and not period.cadence.weekly else period,
            )

        return amount


def split(quantity: Quantity) -> Iterator[tuple[Quantity, ...]]:
    """Yield the quantities of single codes that add up to one of several codes of a key, key by key."""
    filters: tuple[tuple[str, ...], ...] = quantity[-1] if isinstance(quantity[-1], tuple) else ()
    for at, (name, *values) in enumerate(filters):
        if len(values) > 1:
            singles = ((*filters[:at], (name, value), *filters[at + 1 :]) for value in values)
            yield tuple((*quantity[:-1], one) for one in singles)


def main_view(id: str, metric: AnyMetric) -> View:
    """Return a metric by the cases it is about: its denominator, or what it counts."""
    return View(id, metric, "den" if "den" in metric.sides else "num")


def clusters(
    metrics: Mapping[str, AnyMetric],
    protected: Collection[str],
    places: Mapping[str, Iterable[tuple[str, str]]],
) -> list[list[View]]:
    """Return the protected metrics, those that count the same together, each with the views that tell its
    amounts.

    ``places`` are the breakdowns and keys of each metric's figures.
    """
    found: list[tuple[list[View], set[Quantity]]] = []
    for id in protected:
        view = main_view(id, metrics[id])
        shown = {view.quantity(*place) for place in places[id]}
        shown |= {single for one in tuple(shown) for singles in split(one) for single in singles}
        near = [one for one in found if not one[1].isdisjoint(shown)]
        views = [view, *(other for group, _ in near for other in group)]
        found = [one for one in found if one not in near]
        found.append((views, shown.union(*(quantities for _, quantities in near))))
    return [[*views, *_telling(metrics, protected, places, quantities)] for views, quantities in found]


def _telling(
    metrics: Mapping[str, AnyMetric],
    protected: Collection[str],
    places: Mapping[str, Iterable[tuple[str, str]]],
    quantities: Collection[Quantity],
) -> Iterator[View]:
    """Views of other metrics that show any of the quantities."""
    for id, own in places.items():
        for view in _views(id, metrics[id]) if id not in protected else ():
            if any(view.quantity(*place) in quantities for place in own):
                yield view


def _views(id: str, metric: AnyMetric) -> list[View]:
    return [View(id, metric, side) for side in metric.sides]


def concerned(metrics: Mapping[str, AnyMetric], protections: Iterable[Protection]) -> set[str]:
    """Return the metrics the gate may withhold: those protected from anybody, and those that count what one
    of them counts.
    """
    eyes = tuple(protections)
    protected = {id for id, metric in metrics.items() if any(one.guards(metric) for one in eyes)}
    counted = {_measure(t) for id in protected for t in main_view(id, metrics[id]).texts}
    return protected | {id for id, m in metrics.items() if counted & {_measure(text) for text in m.added}}


def _measure(text: str) -> tuple[str, str]:
    term = parse_term(text)
    return term.fact, term.measure
