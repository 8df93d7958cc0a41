"""Metrics that show the same amounts: what is withheld of them together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from opti_reports.config.audiences import Protection
from opti_reports.config.metric import AnyMetric
from opti_reports.disclosure.amounts import Quantity, View
from opti_reports.disclosure.coarse import Detail
from opti_reports.disclosure.ledger import Ledger, ledger
from opti_reports.disclosure.price import Prices
from opti_reports.disclosure.publication import Cell, Earlier, Place, Published, Trusted, with_zeros
from opti_reports.disclosure.suppression import Reader, Withheld, withhold
from opti_reports.disclosure.tables import TooLargeError, Work
from opti_reports.model.organisation import Tree

FAR = 6
"""How many times the largest need an amount may move in the tables that are looked for."""
PART, LEAST_PART = Fraction(1, 5), Fraction(1, 1000)
"""By how much of itself an amount that is no whole count (days, hours) must be uncertain, and by at least how
much.
"""
MILLION = 1_000_000
Limits = Mapping[Cell, int]
"""The limit of each figure that is withheld."""


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month's figures, those below a limit, what is withheld whatever the rest, and what readers know.

    ``behind`` are figures nobody is shown, that add up to those of the month.
    """

    now: Published
    behind: Published
    small: Mapping[str, Limits]
    withheld: Mapping[str, Limits]
    earlier: Sequence[Earlier]
    trusted: Trusted


@dataclass(frozen=True)
class Safe:
    """What is withheld of metrics, with the limit that is named in its place, and what follows even so:
    from before, or now.
    """

    limits: Mapping[str, Limits]
    kept: Detail
    known_before: tuple[Place, ...]
    exposed: tuple[Place, ...]


@dataclass(frozen=True)
class Solved:
    """What was withheld of metrics, and from what: rules and figures, compared as they are."""

    given: object
    safe: Safe


@dataclass(frozen=True)
class Cluster:
    """Metrics that show amounts in common, by their views, as one audience sees them.

    ``keys`` are the breakdowns and keys of each metric.
    """

    metrics: Mapping[str, AnyMetric]
    tree: Tree
    protection: Protection
    views: Sequence[View]
    keys: Mapping[str, Sequence[tuple[str, str]]]

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the metrics."""
        return tuple(dict.fromkeys(view.id for view in self.views))

    def solved(self, month: Month, before: Mapping[tuple[str, ...], Solved]) -> Solved:
        """Return what is withheld; as ``before`` for a more trusted audience, where rules and figures are
        the same.

        Such an audience sees exactly as much of the metrics, so that who is of both learns no more.
        """
        given = [
            self.protection.rules((id, self.metrics[id]) for id in self.ids),
            *(_of(self.ids, figures) for figures in (month.now, month.behind)),
            *((_of(self.ids, then.shown), _of(self.ids, then.exact)) for then in month.earlier),
        ]
        found = before.get(self.ids)
        return found if found and found.given == given else Solved(given, self.safe(month))

    def safe(self, month: Month) -> Safe:
        """Return what is withheld: figure by figure, else all breakdowns, else everything.

        Less is shown where more takes too much work to protect, or cannot be protected.
        """
        for kept in (Detail.ALL, Detail.HEADLINES):
            try:
                found = self._showing(kept, month)
            except TooLargeError:
                continue
            if not found.exposed:
                return found
        return self._showing(Detail.NOTHING, month)

    def _showing(self, kept: Detail, month: Month) -> Safe:
        """Return what is withheld where no more than ``kept`` may be shown.

        Raises TooLargeError where that takes too much work to find.
        """
        limits = self._limits(kept, month)
        whole = with_zeros({id: month.now[id] for id in self.ids}, limits)
        left = kept.of(whole, self._always)
        for id, cells in whole.items():
            limits[id] |= dict.fromkeys(cells.keys() - left[id].keys() - limits[id].keys(), self._limit)
        behind = kept.of({id: month.behind.get(id, {}) for id in self.ids}, lambda _: False)
        shown = {id: {**cells, **behind[id]} for id, cells in left.items()}
        earlier = [kept.before(then) for then in month.earlier]
        gone = {
            id: {cell[2] for cell in cells.keys() - left[id].keys() if cell[2]} for id, cells in whole.items()
        }
        joined = {id: sorted(names) for id, names in gone.items() if names}
        book = ledger(self.views, shown, earlier, self.tree, always=self._always, joined=joined)
        if book.tangled and kept is Detail.HEADLINES:
            raise TooLargeError
        never = {(id, cell) for id in self.ids for cell in behind[id]}
        least = {place: limit for place, limit in self._counted_elsewhere(book).items() if place not in never}
        small = ((id, cell, limit) for id in self.ids for cell, limit in month.small[id].items())
        least |= {(id, cell): limit for id, cell, limit in small if cell in left[id]}
        withheld = {(id, cell) for id in self.ids for cell in limits[id] if cell in left[id]}
        made = self._protect(
            book,
            least,
            withheld | never,
            Prices(shown, earlier, self.protection.audiences.price),
            month.trusted,
        )
        for id, cell in made.places - never:
            limits[id].setdefault(cell, least.get((id, cell), self._limit))
        return Safe(limits, kept, _places(book, made.known_before), _places(book, made.exposed))

    @property
    def _limit(self) -> int:
        """Return the limit named where a figure is withheld for the sake of others."""
        return max(self.protection.cells(self.metrics[id]) for id in self.ids)

    def _limits(self, kept: Detail, month: Month) -> dict[str, dict[Cell, int]]:
        """Return the figures withheld whatever the rest, and those that may not be shown."""
        found = {}
        for id in self.ids:
            left = kept.of({id: month.now[id]}, self._always)[id]
            found[id] = dict.fromkeys((cell for cell in month.now[id] if cell not in left), self._limit)
            found[id] |= month.withheld[id]
        return found

    def _protect(
        self, book: Ledger, least: Mapping[Place, int], gone: set[Place], prices: Prices, trusted: Trusted
    ) -> Withheld:
        """Return the figures to withhold, and what follows even so."""
        needs = _needs(book, least)
        needs |= {
            n: float(self._limit)
            for n in (*book.left.values(), *book.rests)
            if 0 < book.size[n] < self._limit
        }
        places = gone | least.keys() | {place for n in needs for place in book.places[n]}

        def price(number: int) -> float:
            return max(prices.of(place) for place in book.places[number])

        return withhold(
            book=book,
            places=places,
            readers=[Reader(frozenset(), dict(needs)), *self._insiders(book, needs, trusted)],
            price=price,
            far=FAR * float(max(needs.values(), default=1)),
            work=Work(self.protection.audiences.most_work * MILLION),
        )

    def _insiders(self, book: Ledger, needs: Mapping[int, float], trusted: Trusted) -> Iterator[Reader]:
        """Yield the readers who have a pack of the more trusted audience too."""
        for org in trusted.orgs:
            inside = {node.id for node in self.tree.nodes if org in self.tree.above(node.id)}
            known = frozenset(
                number
                for place, numbers in book.shown_by.items()
                if place[1][0] in inside and trusted.knows(place)
                for number in numbers
            )
            if known:
                yield Reader(known, {n: need for n, need in needs.items() if n not in known})

    def _counted_elsewhere(self, book: Ledger) -> dict[Place, int]:
        """Return the figures of any metric that count what is protected, below the same limit.

        They may go further back than the protected ones, or show other windows.
        """
        limits, fixed = dict[Quantity, int](), book.fixed
        for view in self.views:
            for place in self.keys[view.id] if view.counts else ():
                quantity = view.quantity(*place)
                limits[quantity] = max(limits.get(quantity, 0), self.protection.limit(view.metric, *place))
        return {
            place: limits[quantity]
            for number, (quantity, _, _) in enumerate(book.amounts)
            if number not in fixed and 0 < book.size[number] < limits.get(quantity, 0) * book.times[number]
            for place in book.places[number]
        }

    def _always(self, place: Place) -> bool:
        """Return whether a figure of a metric with a limit is shown whatever it counts."""
        id, (_, _, breakdown, key) = place
        metric = self.metrics[id]
        return self.protection.cells(metric) > 1 and not self.protection.limit(metric, breakdown, key)


def _of(ids: Sequence[str], published: Published | None) -> object:
    """Return the figures of metrics; of none where nobody knows them."""
    return published and [published.get(id) for id in ids]


def _places(book: Ledger, numbers: frozenset[int]) -> tuple[Place, ...]:
    return tuple(place for number in sorted(numbers) for place in book.places[number])


def _needs(book: Ledger, least: Mapping[Place, int]) -> dict[int, float]:
    """Return how far apart tables must lie in the amounts of figures below a limit: those counted by the
    limit, as far as what is always shown lets them; what stands beside by as much as makes it uncertain.
    """
    found, fixed = dict[int, float](), book.fixed
    for place, limit in least.items():
        for number in book.shown_by.get(place, ()):
            if number in fixed:
                continue
            count = (limit if book.counts[number] else 1) * book.times[number]
            wanted = count if book.whole[number] else max(abs(PART * book.size[number]), LEAST_PART)
            need = min(wanted, book.room(number))
            if need > 0:
                found[number] = max(found.get(number, 0.0), float(need))
    return found
