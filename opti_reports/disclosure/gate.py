"""The gate: figures about too few people are withheld, and with them whatever would tell them.

It stands between values and everything that is concluded from them, once for each audience: a withheld figure is
a gap in every statistic, sentence and chart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from opti_reports.algebra.term import parse_term
from opti_reports.config.audiences import Protection
from opti_reports.config.metric import AnyMetric
from opti_reports.disclosure.amounts import View, clusters
from opti_reports.disclosure.audit import Reader
from opti_reports.disclosure.ledger import Ledger, ledger
from opti_reports.disclosure.price import Prices
from opti_reports.disclosure.publication import Place, Publication, Published, by_metric
from opti_reports.disclosure.sums import Cell, cell_of
from opti_reports.disclosure.suppression import withhold
from opti_reports.model.organisation import Tree
from opti_reports.model.value import Reason, Value, Values
from opti_reports.periods.period import Period


@dataclass(frozen=True)
class Trusted:
    """What the next more trusted audience is shown, and the organisations of which it has packs.

    A reader of this audience may have one of those packs, with all that it shows of its organisation and
    below; and what is withheld there is withheld here.
    """

    shown: Published
    orgs: tuple[str, ...]


NOBODY = Trusted({}, ())


@dataclass(frozen=True)
class Masked:
    """Values as an audience sees them, and the figures that it can work out even so."""

    values: Values
    exposed: frozenset[Place]


@dataclass(frozen=True)
class Gate:
    """The rules of what an audience may see: the limits of sensitivity, and the units with few staff."""

    metrics: Mapping[str, AnyMetric]
    tree: Tree
    protection: Protection

    def mask(self, values: Values, earlier: Sequence[Publication] = (), trusted: Trusted = NOBODY) -> Masked:
        """Return the same values with every protected figure removed, and what would tell it.

        A figure shown in an ``earlier`` publication that is still the same is known and protects nothing.
        """
        now = by_metric(values)
        limits, exposed = self._limits(now, earlier, trusted)
        masked = []
        for value in values:
            least = limits.get(value.metric, {}).get(cell_of(value))
            masked.append(value if least is None else hidden(value, least))
        return Masked(Values(tuple(masked)), frozenset(exposed))

    def _limits(
        self, now: Published, earlier: Sequence[Publication], trusted: Trusted
    ) -> tuple[dict[str, dict[Cell, int]], set[Place]]:
        """Return the withheld cells of every metric with the limit that is named in their place."""
        small = self._small(now)
        held = {
            id: [c for c, v in cells.items() if v.state == "withheld"] for id, cells in trusted.shown.items()
        }
        found: dict[str, dict[Cell, int]] = {id: dict(cells) for id, cells in small.items() if cells}
        exposed: set[Place] = set()
        keys = {id: list(dict.fromkeys(cell[2:] for cell in cells)) for id, cells in now.items()}
        for views in clusters(self.metrics, {id for id in now if small[id] or held.get(id)}, keys):
            ids = list(dict.fromkeys(view.id for view in views))
            own = {id: now[id] for id in ids}
            limit = max(self.protection.cells(self.metrics[id]) for id in ids)
            book = ledger(views, own, earlier, self.tree)
            places = {(id, cell) for id in ids for cell in (*small[id], *held.get(id, ())) if cell in own[id]}
            told = self._hide(book, views, own, small, places, trusted, Prices(own, earlier))
            exposed |= told.exposed
            for id, cell in told.places:
                found.setdefault(id, {})[cell] = small[id].get(cell, limit)
        return found, exposed

    def _small(self, now: Published) -> dict[str, dict[Cell, int]]:
        """Return the figures that are withheld for their own sake, with the limit below which they are."""
        return {
            id: {cell: least for cell, value in cells.items() if (least := self.least(value))}
            for id, cells in now.items()
        }

    def _hide(
        self,
        book: Ledger,
        views: Sequence[View],
        now: Published,
        small: Mapping[str, Mapping[Cell, int]],
        places: set[Place],
        trusted: Trusted,
        prices: Prices,
    ) -> _Told:
        counts, beside = _needs(book, views, now, small)
        hidden = places | {place for number in counts for place in book.places[number]}
        needs = {n: need for n, need in (beside | counts).items() if n not in book.public}
        soft = frozenset(beside.keys() - counts.keys())
        readers = [Reader(frozenset(), needs, soft)]
        for org in trusted.orgs:
            inside = self._below(org)
            known = _known(book, trusted.shown, inside)
            if known:
                others = {n: k for n, k in needs.items() if not _within(book.places[n], inside)}
                readers.append(Reader(known, {n: k for n, k in others.items() if n not in known}, soft))

        def price(number: int) -> tuple[object, ...]:
            return max(prices.of(place) for place in book.places[number])

        made = withhold(book, hidden, readers, price)
        return _Told(made.places, frozenset(p for n in made.exposed for p in book.places[n]))

    def _below(self, org: str) -> frozenset[str]:
        return frozenset(node.id for node in self.tree.nodes if org in self.tree.lineage(node.id))

    def least(self, value: Value) -> int:
        """Return the limit the value itself falls below, or 0 when it may be shown."""
        metric = self.metrics[value.metric]
        if value.state == "missing" or value.n == 0:
            return 0
        if self.tree.by_id[value.org].small_staff_group and self.protection.small_staff(metric):
            return self.protection.small_staff(metric)
        limit = self.protection.limit(metric, value.breakdown, value.key)
        return limit if value.n is not None and value.n < limit else 0


@dataclass(frozen=True)
class _Told:
    places: frozenset[Place]
    exposed: frozenset[Place]


def _needs(
    book: Ledger, views: Sequence[View], now: Published, small: Mapping[str, Mapping[Cell, int]]
) -> tuple[dict[int, int], dict[int, int]]:
    """Return how far amounts must lie apart: the counts of small figures by their limit, what stands beside
    by one.
    """
    counts: dict[int, int] = {}
    beside: dict[int, int] = {}
    for view in views:
        amount = view.amounts()
        counted = view.part != "num" or "den" not in view.metric.sides
        into = counts if counted else beside
        for cell, limit in small[view.id].items():
            if view.of(now[view.id][cell]) is not None:
                number = book.number(amount(cell))
                into[number] = max(into.get(number, 0), limit if counted else 1)
    return counts, beside


def _known(book: Ledger, shown: Published, inside: Collection[str]) -> frozenset[int]:
    """Return the amounts that figures of some organisations show."""
    found: set[int] = set()
    for place, numbers in book.shown_by.items():
        id, cell = place
        other = shown.get(id, {}).get(cell)
        if cell[0] in inside and other is not None and other.state != "withheld":
            found.update(numbers)
    return frozenset(found)


def _within(places: Iterable[Place], inside: Collection[str]) -> bool:
    return all(cell[0] in inside for _, cell in places)


def hidden(value: Value, least: int = 0) -> Value:
    """Return a figure withheld, with the limit that is named in its place."""
    return Value(
        value.metric,
        value.org,
        value.period,
        "withheld",
        breakdown=value.breakdown,
        key=value.key,
        reason=Reason("withheld", of=least),
    )


def answers_masked(n: int, protect: int) -> bool:
    """Return whether the answers of a distribution are too few to be shown."""
    return 0 < n < protect


def hidden_answers(
    masked: Values, metrics: Mapping[str, AnyMetric], fact: str, rows: str, period: Period
) -> set[tuple[str, str]]:
    """Return the organisations and ``rows`` of a fact that some metric withholds: so are their
    distributions.
    """
    own = {id for id, metric in metrics.items() if rows in metric.by and counts(metric, fact)}
    return {
        (value.org, value.key)
        for value in masked
        if value.metric in own
        and value.period == period
        and value.breakdown == rows
        and value.state == "withheld"
    }


def counts(metric: AnyMetric, fact: str) -> bool:
    """Return whether a metric counts cases of a fact."""
    return any(parse_term(text).fact == fact for text in metric.sides.get("den", ()))
