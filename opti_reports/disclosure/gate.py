"""The gate: figures about too few people are withheld, and with them whatever would tell them.

It stands between values and everything that is concluded from them, once for each audience: a withheld
figure is a gap in every statistic, sentence and chart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from opti_reports.config.audiences import Protection
from opti_reports.config.metric import AnyMetric
from opti_reports.disclosure.amounts import Quantity, View, clusters
from opti_reports.disclosure.ledger import Ledger, ledger
from opti_reports.disclosure.price import Prices
from opti_reports.disclosure.publication import (
    Cell,
    Earlier,
    Place,
    Published,
    by_metric,
    cell_of,
    is_withheld,
    with_zeros,
)
from opti_reports.disclosure.suppression import Reader, Withheld, withhold
from opti_reports.model.organisation import Tree
from opti_reports.model.value import Reason, Value, Values, zero

FAR = 6
"""How many times the largest need an amount may move in the tables that are looked for."""
PART, LEAST_PART = Fraction(1, 5), Fraction(1, 1000)
"""By how much of itself an amount that is no whole count (days, hours) must be uncertain, and by at least how
much.
"""


@dataclass(frozen=True)
class Trusted:
    """What the next more trusted audience is shown, and the organisations of which it has packs.

    What is withheld there is withheld here; and one of those packs may be known, with all that it shows of
    its organisation and below. Of ``open`` metrics it shows everything.
    """

    shown: Published = field(default_factory=dict)
    orgs: tuple[str, ...] = ()
    open: frozenset[str] = frozenset()

    def knows(self, place: Place) -> bool:
        """Return whether a pack of the figure's organisation shows it, or all that it adds up."""
        id, cell = place
        value = self.shown.get(id, {}).get(cell)
        return id in self.open or (value is not None and value.state != "withheld")


NOBODY = Trusted()
NO_VALUES = Values(())


@dataclass(frozen=True)
class Masked:
    """Values as an audience sees them, and the figures that it could work out even so.

    ``known_before`` follow from what it was shown before; ``exposed`` from this too.
    """

    values: Values
    known_before: tuple[Place, ...] = ()
    exposed: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Gate:
    """The rules of what an audience may see: the limits of sensitivity, and the units with few staff."""

    metrics: Mapping[str, AnyMetric]
    tree: Tree
    protection: Protection

    def mask(
        self,
        values: Values,
        earlier: Sequence[Earlier] = (),
        trusted: Trusted = NOBODY,
        behind: Values = NO_VALUES,
    ) -> Masked:
        """Return the same values with every protected figure removed, and what would tell it.

        ``earlier`` publications are as this audience was shown them: a figure shown there that is still the
        same is known and protects nothing. ``behind`` are figures nobody is shown, that add up to these.
        """
        now = by_metric(values)
        limits, before, exposed = self._limits(now, earlier, trusted, by_metric(behind))
        masked = [_masked(v, limits.get(v.metric, {}).pop(cell_of(v), None)) for v in values]
        zeros = [
            _masked(zero(id, *cell), least) for id, left in limits.items() for cell, least in left.items()
        ]
        return Masked(Values((*masked, *zeros)), before, exposed)

    def _limits(
        self, now: Published, earlier: Sequence[Earlier], trusted: Trusted, behind: Published
    ) -> tuple[dict[str, dict[Cell, int]], tuple[Place, ...], tuple[Place, ...]]:
        """Return the withheld cells of every metric in order, with the limit that is named in their place,
        and the values that follow even so: from before, or now.
        """
        small = {
            id: {cell: limit for cell, value in cells.items() if (limit := self.least(value))}
            for id, cells in now.items()
        }
        held = {id: [c for c in cells if is_withheld(trusted.shown, (id, c))] for id, cells in now.items()}
        found: dict[str, dict[Cell, int]] = {}
        for id, cells in small.items():
            found[id] = dict.fromkeys(held[id], self.protection.cells(self.metrics[id])) | cells
        before: list[Place] = []
        exposed: list[Place] = []
        keys = {id: list(dict.fromkeys(cell[2:] for cell in cells)) for id, cells in now.items()}
        for views in clusters(self.metrics, [id for id, cells in found.items() if cells], keys):
            ids = list(dict.fromkeys(view.id for view in views))
            own = with_zeros({id: now[id] for id in ids}, {id: found[id] for id in ids})
            never = {(id, cell) for id in ids for cell in behind.get(id, ())}
            own = {id: {**cells, **behind.get(id, {})} for id, cells in own.items()}
            book = ledger(views, own, earlier, self.tree, self._always)
            counted = self._counted_elsewhere(views, keys, book)
            least = {place: limit for place, limit in counted.items() if place not in never}
            least |= {(id, cell): limit for id in ids for cell, limit in small[id].items()}
            gone = {id: [*found[id], *behind.get(id, ())] for id in ids}
            made = self._protect(book, own, least, gone, earlier, trusted)
            before += (place for n in sorted(made.known_before) for place in book.places[n])
            exposed += (place for n in sorted(made.exposed) for place in book.places[n])
            limit = max(self.protection.cells(self.metrics[id]) for id in ids)
            for id, cell in made.places - never:
                found[id].setdefault(cell, least.get((id, cell), limit))
        limits = {id: dict(sorted(found[id].items())) for id in now if found[id]}
        return limits, tuple(before), tuple(exposed)

    def _protect(
        self,
        book: Ledger,
        now: Published,
        least: Mapping[Place, int],
        gone: Mapping[str, Iterable[Cell]],
        earlier: Sequence[Earlier],
        trusted: Trusted,
    ) -> Withheld:
        """Return the figures to withhold of amounts that belong together, and what follows even so."""
        needs = _needs(book, least)
        own = {(id, cell) for id in now for cell in gone[id]} | least.keys()
        places = own | {place for n in needs for place in book.places[n]}
        readers = [Reader(frozenset(), needs), *self._insiders(book, needs, trusted)]
        prices = Prices(now, earlier)

        def price(number: int) -> tuple[object, ...]:
            return max(prices.of(place) for place in book.places[number])

        far = FAR * float(max(needs.values(), default=1))
        return withhold(book, places, readers, price, far)

    def _insiders(self, book: Ledger, needs: Mapping[int, float], trusted: Trusted) -> Iterator[Reader]:
        """Yield the readers who have a pack of the more trusted audience too."""
        for org in trusted.orgs:
            inside = {node.id for node in self.tree.nodes if org in self.tree.lineage(node.id)}
            known = frozenset(
                number
                for place, numbers in book.shown_by.items()
                if place[1][0] in inside and trusted.knows(place)
                for number in numbers
            )
            if known:
                yield Reader(known, {n: need for n, need in needs.items() if n not in known})

    def _counted_elsewhere(
        self, views: Sequence[View], keys: Mapping[str, Iterable[tuple[str, str]]], book: Ledger
    ) -> dict[Place, int]:
        """Return the figures of any metric that count what is protected, below the same limit.

        They may go further back than the protected ones, or show other windows.
        """
        limits, fixed = dict[Quantity, int](), book.fixed
        for view in views:
            for place in keys[view.id] if view.counts else ():
                quantity = view.quantity(*place)
                limits[quantity] = max(limits.get(quantity, 0), self.protection.limit(view.metric, *place))
        return {
            place: limits[quantity]
            for number, (quantity, _, _) in enumerate(book.amounts)
            if number not in fixed and 0 < book.size[number] < limits.get(quantity, 0)
            for place in book.places[number]
        }

    def _always(self, place: Place) -> bool:
        """Return whether a figure of a metric with a limit is shown whatever it counts."""
        id, (_, _, breakdown, key) = place
        metric = self.metrics[id]
        return self.protection.cells(metric) > 1 and not self.protection.limit(metric, breakdown, key)

    def least(self, value: Value) -> int:
        """Return the limit the value itself falls below, or 0 when it may be shown."""
        metric = self.metrics[value.metric]
        if value.state == "missing" or value.n == 0:
            return 0
        if self.tree.by_id[value.org].small_staff_group and self.protection.small_staff(metric):
            return self.protection.small_staff(metric)
        limit = self.protection.limit(metric, value.breakdown, value.key)
        return limit if value.n is not None and value.n < limit else 0


def _needs(book: Ledger, least: Mapping[Place, int]) -> dict[int, float]:
    """Return how far apart tables must lie in the amounts of figures below a limit: those counted by the
    limit, as far as what is always shown lets them; what stands beside by as much as makes it uncertain.
    """
    found, fixed = dict[int, float](), book.fixed
    for place, limit in least.items():
        for number in book.shown_by.get(place, ()):
            if number in fixed:
                continue
            count = limit if book.counts[number] else 1
            wanted = count if book.whole[number] else max(PART * abs(book.size[number]), LEAST_PART)
            need = min(wanted, book.room(number))
            if need > 0:
                found[number] = max(found.get(number, 0.0), float(need))
    return found


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
