"""What else must be withheld so that nobody can work out what is withheld.

A withheld amount is safe from a reader when two tables that agree with all that the reader knows lie far
enough apart in it. For each amount that is not, one more figure of the sums that bind it is withheld, the
cheapest first, until every amount is safe or nothing is left to withhold.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from opti_reports.disclosure.ledger import Ledger
from opti_reports.disclosure.publication import Place
from opti_reports.disclosure.tables import CLOSE, Tables

Price = Callable[[int], tuple[object, ...]]
"""What withholding an amount costs: the smallest is taken."""
LEAST = 1.0
"""Where totals that are always shown leave a count no more room than this, that is what must be left."""
STILL = 1e-3
"""An amount of which no two tables lie so far apart has one value."""
SEED = 20_260_101
"""Of random weights: the same amounts give the same tables on every machine."""
MANY = 3
"""Of more amounts than this, tables are looked for first that show many of them to be safe."""
WORTH = 0.05
"""As long as each shows such a share of those left, another is looked for."""


@dataclass
class Reader:
    """What one reader knows besides what is published, and how far apart tables must lie in each amount.

    Tables found stay good when more is withheld, so that what is safe once stays so.
    """

    known: frozenset[int]
    needs: Mapping[int, float]
    safe: set[int] = field(default_factory=set)
    _spread: dict[int, tuple[float, float]] = field(default_factory=dict)

    def spread(self, number: int) -> float:
        """Return how far apart tables lie in an amount, as far as they were found."""
        low, high = self._spread.get(number, (0.0, 0.0))
        return high - low

    def note(self, steps: Mapping[int, float]) -> None:
        """Take a table into account."""
        for number, step in steps.items():
            need = self.needs.get(number)
            if need is not None and step:
                low, high = self._spread.get(number, (0.0, 0.0))
                low, high = self._spread[number] = min(low, step), max(high, step)
                if high - low >= need - CLOSE:
                    self.safe.add(number)


@dataclass(frozen=True)
class Withheld:
    """The figures to withhold, and the amounts that no more withholding protects.

    ``known_before`` follow from publications before this alone, ``exposed`` from what is always shown too.
    """

    places: frozenset[Place]
    known_before: frozenset[int]
    exposed: frozenset[int]


def withhold(
    book: Ledger, places: Collection[Place], readers: Collection[Reader], price: Price, far: float
) -> Withheld:
    """Return the figures to withhold: those of ``places``, and what protects each reader's needs."""
    search, again = _Search(book, price, far, set(places)), True
    while again:
        again = False
        for reader in readers:
            while more := search.more(reader):
                search.withhold(more)
                again = len(readers) > 1
    search.show_again(frozenset(places))
    left = search.exposed
    least = {n: min(reader.needs[n], LEAST) for reader in readers for n in left.intersection(reader.needs)}
    before = frozenset(_known_before(book, least, far))
    return Withheld(frozenset(search.gone), before, frozenset(left) - before)


@dataclass
class _Search:
    """The figures withheld so far, and the amounts that withholding more does not protect."""

    book: Ledger
    price: Price
    far: float
    gone: set[Place]
    exposed: set[int] = field(default_factory=set)

    def withhold(self, numbers: Iterable[int]) -> None:
        """Withhold every figure that shows one of the amounts."""
        self.gone.update(place for number in numbers for place in self.book.places[number])

    def show_again(self, kept: Collection[Place]) -> None:
        """Show again the figures, not those to be ``kept``, that withholding leaves one value: they protect
        nothing.
        """
        unknown = self.book.withheld(self.gone)
        beside = {place for place in self.gone if place not in kept}
        wanted = {n for place in beside for n in self.book.shown_by.get(place, ()) if n in unknown}
        fixed = wanted - set(self._open(wanted, unknown))
        for place in beside:
            if fixed.issuperset(unknown.intersection(self.book.shown_by.get(place, ()))):
                self.gone.remove(place)

    def _open(self, wanted: set[int], unknown: set[int]) -> Iterator[int]:
        """Yield the amounts that differ in any two tables."""
        for numbers in _connected(self.book, wanted, unknown):
            anyone = Reader(frozenset(), dict.fromkeys(wanted.intersection(numbers), STILL))
            list(_unsafe(Tables(self.book, numbers, self.far), sorted(anyone.needs), anyone))
            yield from anyone.safe

    def more(self, reader: Reader) -> set[int]:
        """Return an amount to withhold for each that is not safe, unless one beside it has just been."""
        unknown = self.book.withheld(self.gone) - reader.known
        kept = unknown | self.book.fixed | reader.known
        open_ = {n for n in reader.needs if n not in reader.safe and n not in self.exposed}
        self.exposed |= open_ - unknown
        found = set[int]()
        for numbers in _connected(self.book, open_ & unknown, unknown):
            fresh = set[int]()
            tables = Tables(self.book, numbers, self.far)
            for number, rows in _unsafe(tables, sorted(open_.intersection(numbers)), reader):
                if self._beside(number, fresh):
                    continue  # what was just withheld for another may protect it too
                chosen = self._cheapest(
                    (rows, *_rings(self.book, number, unknown)), kept, reader.needs[number]
                )
                if chosen is not None:
                    fresh |= {chosen, *self._alike(number, chosen, open_ - reader.safe)} - kept
                elif reader.spread(number) >= min(reader.needs[number], LEAST) - CLOSE:
                    reader.safe.add(number)  # as safe as what cannot be withheld leaves it
                else:
                    self.exposed.add(number)
            found |= fresh
        return found

    def _beside(self, number: int, fresh: Collection[int]) -> bool:
        rows = (self.book.sums[row] for row in self.book.sums_of[number])
        return any(other in fresh for row in rows for other, _ in row)

    def _cheapest(self, rings: Iterable[Collection[int]], kept: set[int], need: float) -> int | None:
        """Return the cheapest amount that may be withheld of the first rings of sums that have any."""
        for ring in rings:
            shown = {n for row in ring for n, _ in self.book.sums[row]} - kept
            if shown:
                return min(shown, key=lambda n: (abs(self.book.size[n]) < need, self.price(n), n))
        return None

    def _alike(self, number: int, chosen: int, left: Collection[int]) -> Iterator[int]:
        """Yield the amounts that are to others left of the same series what one chosen is to another: of the
        same unit or key beside it, whatever the period. Different ones would tell each other by longer
        windows.
        """
        amounts = self.book.amounts
        (quantity, org, period), (other, beside, at) = amounts[number], amounts[chosen]
        for own, unit, then in (amounts[n] for n in left if at == period):
            same = (own, unit, then.cadence) == (quantity, org, period.cadence)
            if same and (other, beside, then) in self.book:
                yield self.book.number((other, beside, then))


def _known_before(book: Ledger, least: Mapping[int, float], far: float) -> Iterator[int]:
    """Yield the amounts that a reader could work out if nothing at all were published now."""
    unknown = set(range(len(book.size))) - book.published
    for numbers in _connected(book, set(least), unknown):
        alone = Reader(frozenset(), {n: least[n] for n in numbers if n in least})
        yield from (n for n, _ in _unsafe(Tables(book, numbers, far), sorted(alone.needs), alone))


def _unsafe(tables: Tables, wanted: list[int], reader: Reader) -> Iterator[tuple[int, list[int]]]:
    """Yield the amounts that no tables show to be safe, with the sums that bind them."""
    source = np.random.default_rng(SEED)
    left, more = wanted, True
    while more and len(left) > MANY:
        weights = source.choice((-1.0, 1.0), len(left)) * source.uniform(0.5, 1.0, len(left))
        reader.note(tables.furthest(dict(zip(left, weights.tolist(), strict=True))).steps)
        still = [n for n in left if n not in reader.safe]
        left, more = still, len(left) - len(still) > WORTH * len(left)
    for number in wanted:
        binding: dict[int, None] = {}
        for sign in (1.0, -1.0):
            if number not in reader.safe:
                found = tables.furthest({number: sign})
                reader.note(found.steps)
                binding |= dict.fromkeys(found.binding)
        if number not in reader.safe:
            yield number, list(binding)


def _rings(book: Ledger, number: int, unknown: set[int]) -> Iterator[list[int]]:
    """Yield the sums an amount stands in, then those of the withheld amounts beside it, and so on."""
    seen, edge = {number}, {number}
    while edge:
        rows = sorted({row for n in edge for row in book.sums_of[n]})
        yield rows
        edge = {n for row in rows for n, _ in book.sums[row] if n in unknown} - seen
        seen |= edge


def _connected(book: Ledger, wanted: set[int], unknown: set[int]) -> Iterator[list[int]]:
    """Yield the groups of withheld amounts that sums connect, those with a wanted one."""
    left = set(wanted)
    while left:
        start = min(left)
        found, open_ = {start}, [start]
        for one in open_:
            for row in book.sums_of[one]:
                beside = {n for n, _ in book.sums[row] if n in unknown} - found
                found |= beside
                open_ += sorted(beside)
        left -= found
        yield sorted(found)
