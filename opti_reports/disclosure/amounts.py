"""Which figures show the same amount: metrics rest on the same cases, and telling one tells the other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from opti_reports.algebra.term import Term, parse_filters, parse_term
from opti_reports.config.audiences import Protection
from opti_reports.config.metric import AnyMetric, Ratio, Total
from opti_reports.disclosure.publication import Cell
from opti_reports.model.value import Value
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period

Side = Literal["num", "den", "n"]
"""The numbers that stand beside a value: each is an amount that a reader may add and subtract."""
Quantity = tuple[object, ...]
"""What is counted, whatever the metric: fact, measure, rule over time, keys; of several terms, with signs,
the quantities of each.
"""
Size = int | Fraction
"""How large an amount is; of a whole count an integer: many times quicker than a fraction."""
Amount = tuple[Quantity, str, Period]
"""A quantity of an organisation in a period."""


@dataclass(frozen=True)
class Additive:
    """Over what the parts of an amount may be added."""

    units: bool
    months: bool


@dataclass(frozen=True)
class View:
    """A metric looked at by one of the numbers that its figures show beside the value.

    ``delivered`` are the months that its figures add up; None: every month.
    """

    id: str
    metric: Total | Ratio
    side: Side
    delivered: frozenset[int] | None = None

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Return the terms that are added up."""
        if self.side == "n":
            return (self.metric.n,) if self.metric.n else ()
        return self.metric.sides.get(self.side, ())

    @cached_property
    def counts(self) -> bool:
        """Return whether it is the people or cases that a figure is about, by which it is judged small."""
        return self.side == ("n" if self.metric.n else "den" if "den" in self.metric.sides else "num")

    @property
    def signed(self) -> bool:
        """Return whether it may be below nothing: something is subtracted, or what it adds may be below."""
        low = self.metric.bounds[0] if self.side == "num" else None
        return (low is not None and low < 0) or any(parse_term(text).sign < 0 for text in self.texts)

    @property
    def additive(self) -> Additive:
        """Return over what it adds: stocks not over months, means of months as often as there are months.

        Different persons or cases are taken to add: most lie in one unit and month, and a reader may count on
        it.
        """
        units = self.metric.align != ("month",)
        adds = self._rules <= {"sum", "distinct"} or self.averages
        return Additive(units, units and adds and not self.metric.align)

    @cached_property
    def averages(self) -> bool:
        """Return whether it is a mean of months: so many times that, it is their sum."""
        return self._rules == {"mean"} and not self.metric.by_weeks

    @cached_property
    def _rules(self) -> set[str]:
        return {parse_term(text).rule for text in self.texts}

    def months(self, period: Period) -> list[int]:
        """Return the months that figures of a period add up."""
        return [month for month in period.months if self.delivered is None or month in self.delivered]

    def times(self, period: Period) -> int:
        """Return how many months an amount adds up."""
        return len(self.months(period)) if self.averages else 1

    def of(self, value: Value) -> Size | None:
        """Return the number of a figure; of a mean the sum of its months."""
        side = value.n if self.side == "n" else value.num if self.side == "num" else value.den
        if side is None:
            return None
        number = side.numerator if side.denominator == 1 else side
        return number * self.times(value.period) if self.averages else number

    def quantity(self, breakdown: str, key: str) -> Quantity:
        """Return what a figure of the breakdown's key (of the headline: empty) counts."""
        parts = self.parts(breakdown, key)
        return parts[0][1] if len(parts) == 1 else ("terms", tuple(sorted(parts, key=repr)))

    def parts(self, breakdown: str, key: str) -> tuple[tuple[int, Quantity], ...]:
        """Return what each term of a figure counts, with its sign; of a single one without."""
        terms = [parse_term(text) for text in self.texts]
        signs = [term.sign if len(terms) > 1 else 1 for term in terms]
        return tuple((sign, self._of(term, breakdown, key)) for sign, term in zip(signs, terms, strict=True))

    def _of(self, term: Term, breakdown: str, key: str) -> Quantity:
        keys = {name: set(values) for name, values in term.filters}
        more = {**dict(parse_filters(self.metric.headline)), **({breakdown: (key,)} if breakdown else {})}
        for name, values in more.items():
            keys[name] = keys.get(name, set(values)) & set(values)
        filters = tuple((name, *sorted(values)) for name, values in sorted(keys.items()))
        weekly = self.metric.by_weeks
        aligned = self.metric.align, self.metric.align_to
        of_months = self.averages or (term.rule == "last" and not any(c.weekly for c in self.metric.cadences))
        # What stands at a month's end is the month's, whatever the rule.
        rule = "sum" if of_months else term.rule
        return (term.fact, term.measure, rule, weekly, *aligned, filters)

    def amounts(self) -> Callable[[Cell], Amount]:
        """Return a function from cells to their amounts."""
        last = any(parse_term(text).rule == "last" for text in self.texts)
        known: dict[tuple[str, str], Quantity] = {}
        stands_in: dict[Period, Period] = {}

        def stands(period: Period) -> Period:
            if period.cadence.weekly:
                return period
            # The last value of a tertial is that of its last month, and of one month it is all there is.
            months = self.months(period)
            alone = len(months) == 1 and len(period.months) > 1 and self.additive.months
            return Period(MONTH, period.end if last else months[0]) if last or alone else period

        def amount(cell: Cell) -> Amount:
            org, period, *place = cell
            at = (place[0], place[1])
            if at not in known:
                known[at] = self.quantity(*at)
            if period not in stands_in:
                stands_in[period] = stands(period)
            return known[at], org, stands_in[period]

        return amount


def split(quantity: Quantity) -> Iterator[tuple[Quantity, ...]]:
    """Yield the quantities of single codes that add up to one of several codes of a key, key by key."""
    filters: tuple[tuple[str, ...], ...] = quantity[-1] if isinstance(quantity[-1], tuple) else ()
    for at, (name, *values) in enumerate(filters):
        if len(values) > 1:
            singles = ((*filters[:at], (name, value), *filters[at + 1 :]) for value in values)
            yield tuple((*quantity[:-1], one) for one in singles)


def without(whole: Quantity, part: Quantity) -> Quantity | None:
    """Return what one quantity counts of codes that another, otherwise the same, does not; None where they
    differ otherwise.
    """
    own, other = _codes(whole), _codes(part)
    apart = [name for name in own if own[name] != other.get(name)]
    if (
        whole[:-1] != part[:-1]
        or own.keys() != other.keys()
        or len(apart) != 1
        or not set(other[apart[0]]) < set(own[apart[0]])
    ):
        return None
    own[apart[0]] = [code for code in own[apart[0]] if code not in other[apart[0]]]
    return (*whole[:-1], tuple((name, *codes) for name, codes in own.items()))


def _codes(quantity: Quantity) -> dict[str, list[str]]:
    """Return the codes of each key that a quantity is counted of."""
    filters: tuple[tuple[str, ...], ...] = quantity[-1] if isinstance(quantity[-1], tuple) else ()
    return {name: codes for name, *codes in filters}


def counts_of(total: Quantity, breakdown: str, quantity: Quantity) -> bool:
    """Return whether a quantity is what a total counts of some keys of a breakdown."""
    if total[:-1] != quantity[:-1] or not isinstance(total[-1], tuple) or not isinstance(quantity[-1], tuple):
        return False
    more = set(quantity[-1]) - set(total[-1])
    return set(total[-1]) < set(quantity[-1]) and [name for name, *_ in more] == [breakdown]


def views(id: str, metric: AnyMetric, delivered: frozenset[int] | None = None) -> tuple[View, ...]:
    """Return a metric by each number that its figures show; none of what is no sum."""
    if not isinstance(metric, Total | Ratio):
        return ()
    sides: tuple[Side, ...] = ("num", "den", "n")
    return tuple(view for side in sides if (view := View(id, metric, side, delivered)).texts)


def clusters(
    metrics: Mapping[str, AnyMetric],
    protected: Collection[str],
    places: Mapping[str, Collection[tuple[str, str]]],
    delivered: Mapping[str, frozenset[int]],
) -> list[list[View]]:
    """Return views, those together that show a quantity in common: each group has one of a protected metric.

    ``places`` are the breakdowns and keys of each metric's figures, ``delivered`` the months of each.
    """
    found: list[tuple[list[View], set[Quantity]]] = []
    for id, own in places.items():
        sides = views(id, metrics[id], delivered.get(id))
        shown = {view.quantity(*place) for view in sides for place in own}
        shown |= {part for view in sides for place in own for _, part in view.parts(*place)}
        shown |= {single for one in tuple(shown) for singles in split(one) for single in singles}
        near = [one for one in found if not one[1].isdisjoint(shown)]
        together = [*(view for group, _ in near for view in group), *sides]
        found = [one for one in found if one not in near]
        found.append((together, shown.union(*(quantities for _, quantities in near))))
    return [group for group, _ in found if any(view.id in protected for view in group)]


def concerned(metrics: Mapping[str, AnyMetric], protections: Iterable[Protection]) -> set[str]:
    """Return the metrics the gate may withhold: those protected from anybody, and those that count what one
    of them counts.
    """
    eyes = tuple(protections)
    protected = {id for id, metric in metrics.items() if any(one.guards(id, metric) for one in eyes)}
    counted = {_measure(text) for id in protected for view in views(id, metrics[id]) for text in view.texts}
    return protected | {id for id, m in metrics.items() if counted & {_measure(text) for text in m.added}}


def _measure(text: str) -> tuple[str, str]:
    term = parse_term(text)
    return term.fact, term.measure
