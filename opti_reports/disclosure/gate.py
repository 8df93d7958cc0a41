"""The gate: figures about too few people are withheld, and with them whatever would tell them.

It stands between values and everything that is concluded from them, once for each audience: a withheld
figure is a gap in every statistic, sentence and chart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from opti_reports.config.audiences import Protection
from opti_reports.config.metric import AnyMetric
from opti_reports.disclosure.amounts import Amount, Quantity, View, clusters, split
from opti_reports.disclosure.price import Prices
from opti_reports.disclosure.publication import (
    Earlier,
    Place,
    Publication,
    Published,
    by_metric,
    figures,
    with_noughts,
)
from opti_reports.disclosure.sums import Cell, cell_of, equations
from opti_reports.disclosure.suppression import complement
from opti_reports.model.organisation import Tree
from opti_reports.model.value import Reason, Value, Values, zero

Unknown = tuple[str, Amount]
"""An amount of this publication, or of the one before where it was another one."""
NOW, BEFORE = "now", "before"


@dataclass(frozen=True)
class Trusted:
    """What the next more trusted audience is shown, and the organisations of which it has packs.

    What is withheld there is withheld here; and one of those packs may be known, with all that it shows of
    its organisation and below.
    """

    shown: Published
    orgs: tuple[str, ...]


NOBODY = Trusted({}, ())


@dataclass(frozen=True)
class Gate:
    """The rules of what an audience may see: the limits of sensitivity, and the units with few staff."""

    metrics: Mapping[str, AnyMetric]
    tree: Tree
    protection: Protection

    def mask(self, values: Values, before: Publication | None = None, trusted: Trusted = NOBODY) -> Values:
        """Return the same values with every protected figure removed, and what would tell it by subtraction.

        A figure shown in the publication ``before`` that is still the same is known and protects nothing;
        one withheld there that is still the same stays withheld.
        """
        now = by_metric(values)
        limits = self._limits(now, Earlier.of(before), trusted)
        masked = [_masked(v, limits.get(v.metric, {}).pop(cell_of(v), None)) for v in values]
        zeros = [
            _masked(zero(id, *cell), least) for id, left in limits.items() for cell, least in left.items()
        ]
        return Values((*masked, *zeros))

    def _limits(self, now: Published, then: Earlier, trusted: Trusted) -> dict[str, dict[Cell, int]]:
        """Return the withheld cells of every metric in order, with the limit that is named in their place."""
        primary: dict[str, dict[Cell, int]] = {}
        for id, cells in now.items():
            small = {cell: least for cell, value in cells.items() if (least := self.least(value))}
            small |= self._held(id, cells, trusted.shown.get(id, {}), small)
            if small:
                primary[id] = small
        found: dict[str, dict[Cell, int]] = {}
        keys = {id: list(dict.fromkeys(cell[2:] for cell in cells)) for id, cells in now.items()}
        for views in clusters(self.metrics, list(primary), keys):
            own = {view.id: primary[view.id] for view in views if view.id in primary}
            own |= self._told_elsewhere(views, own, keys, now)
            least = max(limit for cells in own.values() for limit in cells.values())
            for id, cell in self._withheld(views, own, now, then, trusted):
                found.setdefault(id, {})[cell] = own.get(id, {}).get(cell, least)
        return {id: dict(sorted(found[id].items())) for id in now if id in found}

    def _held(
        self, id: str, cells: Collection[Cell], shown: Mapping[Cell, Value], small: Collection[Cell]
    ) -> dict[Cell, int]:
        """Return the other figures that more trusted readers do not see either."""
        limit = self.protection.cells(self.metrics[id])
        held = (cell for cell in cells if cell in shown and shown[cell].state == "withheld")
        return {cell: limit for cell in held if cell not in small}

    def _told_elsewhere(
        self,
        views: Sequence[View],
        own: Collection[str],
        keys: Mapping[str, Iterable[tuple[str, str]]],
        now: Published,
    ) -> dict[str, dict[Cell, int]]:
        """Return the figures of other metrics that count what is protected, below the same limit.

        They may go further back than the protected ones, or show other windows.
        """
        least: dict[Quantity, int] = {}
        for view in views:
            for breakdown, key in keys[view.id] if view.id in own else ():
                least[view.quantity(breakdown, key)] = self.protection.limit(view.metric, breakdown, key)
        found: dict[str, dict[Cell, int]] = {}
        for view in views:
            for cell, value in now[view.id].items() if view.id not in own else ():
                counted, limit = getattr(value, view.side), least.get(view.quantity(*cell[2:]), 0)
                if counted and counted < limit:
                    found.setdefault(view.id, {})[cell] = limit
        return found

    def _withheld(
        self,
        views: Sequence[View],
        small: Mapping[str, Iterable[Cell]],
        now: Published,
        then: Earlier,
        trusted: Trusted,
    ) -> set[Place]:
        """Return the cells to withhold of metrics that count the same: figures of one amount all or none."""
        cells = with_noughts({view.id: now[view.id] for view in views}, small)
        number, price = _Numbers(), Prices(cells, then)
        shown, past = figures(views, cells), figures(views, then.exact)
        same = {amount for amount, places in past.items() if any(then.same(place, cells) for place in places)}
        gone = {amount for amount, places in past.items() if all(then.withheld(place) for place in places)}

        def unknown(amount: Amount) -> int:
            return number[(NOW if amount in same else BEFORE, amount)]

        sums = [
            tuple((number[NOW, amount], sign) for amount, sign in equation)
            for equation in self._sums(views, cells)
        ]
        sums += [
            tuple((unknown(amount), sign) for amount, sign in equation)
            for equation in (self._sums(views, then.exact) if gone else ())
            if any(amount in gone for amount, _ in equation)
        ]
        weight = {
            number[NOW, amount]: max(map(price.of, places))
            for amount, places in shown.items()
            if amount not in same or amount in gone
        }
        primary = {
            number[NOW, amount]
            for amount, places in shown.items()
            if any(cell in small.get(id, ()) for id, cell in places)
        }
        gone_too = {unknown(amount) for amount in gone}
        withheld = complement(primary, sums, weight, gone_too)
        for inside in map(self._below, trusted.orgs):
            known = {number[NOW, amount] for amount in _told_inside(shown, trusted, inside)}
            others = {n: price for n, price in weight.items() if n not in known}
            withheld |= complement(primary - known, sums, others, (withheld | gone_too) - known)
        return {
            place for amount, places in shown.items() if number[NOW, amount] in withheld for place in places
        }

    def _below(self, org: str) -> frozenset[str]:
        return frozenset(node.id for node in self.tree.nodes if org in self.tree.lineage(node.id))

    def _sums(self, views: Sequence[View], published: Published) -> Iterator[tuple[tuple[Amount, int], ...]]:
        """Yield every sum among the amounts that the views' figures show, once."""
        found: set[frozenset[tuple[Amount, int]]] = set()
        for view in views:
            amount = view.amounts()
            for equation in equations(view.metric, published.get(view.id, {}), self.tree):
                signed = tuple((amount(cell), sign) for cell, sign in equation)
                if frozenset(signed) not in found:
                    found.add(frozenset(signed))
                    yield signed
        yield from _codes(figures(views, published))

    def least(self, value: Value) -> int:
        """Return the limit the value itself falls below, or 0 when it may be shown."""
        metric = self.metrics[value.metric]
        if value.state == "missing" or value.n == 0:
            return 0
        if self.tree.by_id[value.org].small_staff_group and self.protection.small_staff(metric):
            return self.protection.small_staff(metric)
        limit = self.protection.limit(metric, value.breakdown, value.key)
        return limit if value.n is not None and value.n < limit else 0


def _codes(shown: Collection[Amount]) -> Iterator[tuple[tuple[Amount, int], ...]]:
    """Yield what is counted of several codes together as the sum of each code's own."""
    quantities = {quantity for quantity, _, _ in shown}
    for quantity, org, period in shown:
        for singles in split(quantity):
            if quantities.issuperset(singles):
                own = ((single, org, period) for single in singles)
                whole = ((quantity, org, period), -1)
                yield (whole, *((amount, 1) for amount in own if amount in shown))


def _told_inside(
    shown: Mapping[Amount, Sequence[Place]], trusted: Trusted, inside: Collection[str]
) -> Iterator[Amount]:
    """Yield the amounts that packs of some organisations show to more trusted readers."""
    for amount, places in shown.items():
        if any(cell[0] in inside and _is_shown(trusted.shown, id, cell) for id, cell in places):
            yield amount


def _is_shown(shown: Published, id: str, cell: Cell) -> bool:
    value = shown.get(id, {}).get(cell)
    return value is not None and value.state != "withheld"


class _Numbers(dict[Unknown, int]):
    """Running numbers for amounts, given when first asked for: quicker to hash than the amounts."""

    def __missing__(self, amount: Unknown) -> int:
        self[amount] = len(self)
        return self[amount]


def _masked(value: Value, least: int | None) -> Value:
    if least is None:
        return value
    return Value(
        value.metric,
        value.org,
        value.period,
        "withheld",
        breakdown=value.breakdown,
        key=value.key,
        reason=Reason("withheld", of=least),
    )
