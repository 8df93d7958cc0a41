"""Which amounts of a publication add up to which: what a reader could subtract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from opti_reports.disclosure.amounts import Amount, Quantity, View, split
from opti_reports.disclosure.publication import Cell, Cells, Published
from opti_reports.model.organisation import Tree
from opti_reports.periods.cadence import MONTH, ROLLING, TO_DATE, Cadence
from opti_reports.periods.months import YEAR, weeks_of
from opti_reports.periods.period import Period

Equation = tuple[tuple[Amount, int], ...]
"""Amounts with signs that add to zero."""
At = tuple[str, Period]
"""Where an amount of a quantity stands: organisation and period."""


Joined = Mapping[str, Collection[str]]
"""By metric the breakdowns of which some keys are in no figure."""


def sums(
    views: Sequence[View], published: Published, tree: Tree, joined: Joined = MappingProxyType({})
) -> Iterator[Equation]:
    """Yield every sum among the amounts that figures show; an amount that is not there counts as nothing.

    The keys of ``joined`` breakdowns are no sums.
    """
    for view in views:
        if view.additive.units:
            yield from _keys(view, published.get(view.id, {}), joined.get(view.id, ()))
    spans = _spans(views, published)
    below = {node.id: [child.id for child in tree.children(node.id)] for node in tree.nodes}
    for quantity, own in spans.items():
        yield from _equations(quantity, own.over_units(below))
    yield from _over_time(spans)
    yield from _codes(spans)


def over_time(views: Sequence[View], published: Published) -> Iterator[Equation]:
    """Yield the sums of weeks, months and longer windows alone."""
    yield from _over_time(_spans(views, published))


def _over_time(spans: dict[Quantity, _Spans]) -> Iterator[Equation]:
    for quantity, own in spans.items():
        yield from _equations(quantity, own.over_months())


def _equations(quantity: Quantity, sums: Iterable[list[tuple[At, int]]]) -> Iterator[Equation]:
    for terms in sums:
        yield tuple(((quantity, org, period), sign) for (org, period), sign in terms)


def _keys(view: View, cells: Cells, joined: Collection[str]) -> Iterator[Equation]:
    amount = view.amounts()
    found: dict[tuple[str, Period, str], list[Amount]] = {}
    for cell in cells:
        if cell[2] and cell[2] not in joined:
            found.setdefault(cell[:3], []).append(amount(cell))
    for (org, period, _), parts in found.items():
        total: Cell = (org, period, "", "")
        if total in cells:
            yield ((amount(total), -1), *((part, 1) for part in parts))


def _codes(spans: dict[Quantity, _Spans]) -> Iterator[Equation]:
    """Yield what is counted of several codes together as the sum of each code's own, in periods of which
    codes are shown; one that is not there counts as nothing.
    """
    for quantity, own in spans.items():
        for singles in split(quantity):
            if all(single in spans for single in singles):
                shown = {period for single in singles for _, period in spans[single].places}
                for at in (at for at in own.places if at[1] in shown):
                    parts = [(single, *at) for single in singles if at in spans[single].places]
                    yield (((quantity, *at), -1), *((part, 1) for part in parts))


def _spans(views: Sequence[View], published: Published) -> dict[Quantity, _Spans]:
    """Return where amounts of each quantity are published, of those that add up over anything."""
    spans = defaultdict[Quantity, _Spans](_Spans)
    for view in views:
        cells = published.get(view.id, {})
        amount, over, first = view.amounts(), view.additive, _First(cells)
        for cell in cells if over.units or over.months else ():
            quantity, org, period = amount(cell)
            own = spans[quantity]
            own.places[org, period] = None
            own.units |= over.units
            own.months |= over.months
            own.since(first, cell, view)
    return spans


class _First:
    """How far back months were published: headlines, and breakdowns, which go back less far."""

    def __init__(self, cells: Cells) -> None:
        self.month: dict[bool, int] = {}
        self.weeks: dict[bool, set[int]] = {False: set(), True: set()}
        for _, period, breakdown, _ in cells:
            if period.cadence is MONTH:
                self.month[bool(breakdown)] = min(period.end, self.month.get(bool(breakdown), period.end))
            if period.cadence.weekly:
                self.weeks[bool(breakdown)].add(period.week)


class _Spans:
    """Where amounts of a quantity are published, and since when."""

    def __init__(self) -> None:
        self.places: dict[At, None] = {}
        self.units = self.months = False
        self._first: int | None = None
        self._months: dict[Period, list[int]] = {}
        self._weeks: set[int] = set()

    def since(self, first: _First, cell: Cell, view: View) -> None:
        """Note how far back the figures of a view go that show the quantity."""
        month = first.month.get(bool(cell[2]))
        if month is not None:
            self._first = month if self._first is None else min(month, self._first)
        if cell[1].cadence.weekly:
            self._weeks |= first.weeks[bool(cell[2])]
        if cell[1] not in self._months:
            self._months[cell[1]] = view.months(cell[1])

    def over_units(self, below: dict[str, list[str]]) -> Iterator[list[tuple[At, int]]]:
        """Yield organisations as the sums of those below them."""
        for org, period in self.places if self.units else ():
            yield from self._sum((org, period), ((child, period) for child in below.get(org, ())))

    def over_months(self) -> Iterator[list[tuple[At, int]]]:
        """Yield months as sums of weeks, and longer windows as sums of months, that were all published."""
        weeks: dict[At, list[At]] = {}
        for at in self.places if self.months else ():
            org, period = at
            if period.cadence.weekly:
                weeks.setdefault((org, Period(MONTH, period.end)), []).append(at)
            elif period.cadence.length > 1 and self._whole(period):
                yield from self._sum(at, ((org, Period(MONTH, month)) for month in period.months))
            if period.cadence is TO_DATE:
                yield from self._year(org, period.end)
            elif period.cadence is ROLLING:
                yield from self._step(org, period.end)
        for (org, month), parts in weeks.items():
            if all(week in self._weeks for week in weeks_of(month.end)):
                yield from self._sum((org, month), parts)

    def _sum(self, total: At, parts: Iterable[At]) -> Iterator[list[tuple[At, int]]]:
        known = [part for part in parts if part in self.places]
        if total in self.places and known:
            yield [(total, -1), *((part, 1) for part in known)]

    def _month(self, month: int) -> bool:
        return self._first is not None and month >= self._first

    def _whole(self, period: Period) -> bool:
        """Return whether all months were published that a window adds up."""
        return all(self._month(month) for month in self._months.get(period, period.months))

    def _year(self, org: str, end: int) -> Iterator[list[tuple[At, int]]]:
        """Yield a year's running sum as that of the month before and a month."""
        month, before = (org, Period(MONTH, end)), (org, Period(TO_DATE, end - 1))
        if month in self.places and (
            end % YEAR == 0 or self._month(end - 1) or self._whole(Period(TO_DATE, end))
        ):
            yield from self._sum((org, Period(TO_DATE, end)), (before, month) if end % YEAR else (month,))

    def _step(self, org: str, end: int) -> Iterator[list[tuple[At, int]]]:
        """Yield a running sum as the month before's, and a month, less the one that falls out."""

        def at(cadence: Cadence, last: int) -> At:
            return org, Period(cadence, last)

        before, month, out = at(ROLLING, end - 1), at(MONTH, end), at(MONTH, end - YEAR)
        if month not in self.places or before not in self.places:
            return
        if self._month(end - YEAR) or self._whole(before[1]):
            signed = ((at(ROLLING, end), -1), (before, 1), (month, 1), (out, -1))
            yield [(one, sign) for one, sign in signed if one in self.places]
