"""Which published figures of a metric add up to which: what a reader could subtract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from opti_reports.algebra.term import parse_term
from opti_reports.config.metric import Added, AnyMetric
from opti_reports.model.organisation import Tree
from opti_reports.model.value import Value
from opti_reports.periods.cadence import MONTH, ROLLING, TO_DATE, Cadence
from opti_reports.periods.period import Period

Cell = tuple[str, Period, str, str]
"""Organisation, period, breakdown and key of one figure of a metric."""
Equation = tuple[tuple[Cell, int], ...]
"""Cells with signs; numerators, denominators and n of all of them add to zero."""


def cell_of(value: Value) -> Cell:
    """Return where a value stands among those of its metric."""
    return value.org, value.period, value.breakdown, value.key


@dataclass(frozen=True)
class Additive:
    """Over what the parts of a metric's figures may be added."""

    units: bool
    months: bool


def additive(metric: AnyMetric) -> Additive:
    """Medians and indices add over nothing; stocks and means not over months.

    Different persons or cases are taken to add: most lie in one unit and month, and a reader may count on it.
    """
    if not isinstance(metric, Added):
        return Additive(units=False, months=False)
    rules = {parse_term(text).rule for text in metric.added}
    units = metric.align != ("month",)
    return Additive(units, units and rules <= {"sum", "distinct"} and not metric.align)


def equations(metric: AnyMetric, cells: Mapping[Cell, Value], tree: Tree) -> Iterator[Equation]:
    """Yield every sum among the figures of a metric; a figure that is not there counts as nothing."""
    over = additive(metric)
    if over.units:
        yield from _units(cells, tree)
        yield from _keys(cells)
    if over.months:
        yield from _months(cells)


def _sum(total: Cell, parts: Iterable[Cell], cells: Mapping[Cell, Value]) -> Iterator[Equation]:
    known = [part for part in parts if part in cells]
    if total in cells and known:
        yield ((total, -1), *((part, 1) for part in known))


def _units(cells: Mapping[Cell, Value], tree: Tree) -> Iterator[Equation]:
    below = {node.id: [child.id for child in tree.children(node.id)] for node in tree.nodes}
    for cell in cells:
        org, *rest = cell
        yield from _sum(cell, ((child, *rest) for child in below[org]), cells)  # type: ignore[misc]


def _keys(cells: Mapping[Cell, Value]) -> Iterator[Equation]:
    found: dict[tuple[str, Period, str], list[Cell]] = {}
    for cell in cells:
        if cell[2]:
            found.setdefault(cell[:3], []).append(cell)
    for (org, period, _), parts in found.items():
        yield from _sum((org, period, "", ""), parts, cells)


def _months(cells: Mapping[Cell, Value]) -> Iterator[Equation]:
    """Yield weeks to months and months to longer windows, where every month of the window was published."""
    weeks: dict[Cell, list[Cell]] = {}
    published = _Published(cells)
    for cell in cells:
        period = cell[1]
        if period.cadence.weekly:
            weeks.setdefault(_at(cell, MONTH, period.end), []).append(cell)
        elif period.cadence.length > 1 and published.whole(cell):
            yield from _sum(cell, (_at(cell, MONTH, month) for month in period.months), cells)
        if period.cadence is TO_DATE:
            yield from _year(cell, cells, published)
        elif period.cadence is ROLLING:
            yield from _step(cell, cells, published)
    for month, parts in weeks.items():
        yield from _sum(month, parts, cells)


class _Published:
    """How far back months were published: headlines, and breakdowns, which go back less far."""

    def __init__(self, cells: Mapping[Cell, Value]) -> None:
        self.first: dict[bool, int] = {}
        self.had: dict[Period, int] = {}
        """How many months there were of periods that lack some: as many for every organisation and key."""
        for (_, period, breakdown, _), value in cells.items():
            if period.cadence is MONTH:
                self.first[bool(breakdown)] = min(period.end, self.first.get(bool(breakdown), period.end))
            if value.short and value.reason:
                self.had[period] = value.reason.have

    def month(self, cell: Cell, month: int) -> bool:
        """Return whether a month was published: a figure that is not there counts as nothing."""
        return month >= self.first.get(bool(cell[2]), month)

    def whole(self, cell: Cell) -> bool:
        """Return whether all months were published that a window has anything of."""
        months = cell[1].months
        had = self.had.get(cell[1], len(months))
        return sum(self.month(cell, month) for month in months) >= had


def _at(cell: Cell, cadence: Cadence, end: int) -> Cell:
    org, _, breakdown, key = cell
    return org, Period(cadence, end), breakdown, key


def _year(cell: Cell, cells: Mapping[Cell, Value], published: _Published) -> Iterator[Equation]:
    """Yield the equation of a year's running sum: it differs by a month from that of the month before."""
    end = cell[1].end
    month, before = _at(cell, MONTH, end), _at(cell, TO_DATE, end - 1)
    if month in cells and (end % 12 == 0 or published.month(cell, end - 1) or published.whole(cell)):
        yield from _sum(cell, (before, month) if end % 12 else (month,), cells)


def _step(cell: Cell, cells: Mapping[Cell, Value], published: _Published) -> Iterator[Equation]:
    """Yield the equation of a running sum: the month before's, and a month, less the one that falls out."""
    end = cell[1].end
    before, month, out = (
        _at(cell, ROLLING, end - 1),
        _at(cell, MONTH, end),
        _at(cell, MONTH, end - 12),
    )
    if month not in cells or before not in cells:
        return
    if published.month(cell, end - 12) or published.whole(before):
        yield tuple(
            (one, sign) for one, sign in ((cell, -1), (before, 1), (month, 1), (out, -1)) if one in cells
        )
