"""What else must be withheld so that nobody can work out what is withheld.

A withheld amount is safe from a reader when two tables that agree with all that the reader knows lie far
enough apart in it. For one that is not, the table is looked for that moves it far enough where that costs
least if whatever may be withheld were: what moves on the way is withheld too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from opti_reports.disclosure.ledger import Ledger
from opti_reports.disclosure.publication import Place
from opti_reports.disclosure.tables import CLOSE, SEED, Floats, Tables, Work

Price = Callable[[int], float]
"""What withholding an amount costs, from 1 on."""
ANYHOW = 1e-3
"""What withholding costs that is withheld anyhow."""
LEAST = 1.0
"""Where totals that are always shown leave a count no more room than this, that is what must be left."""
MANY = 3
"""Of more amounts than this, tables are looked for first that show many of them to be safe."""
WORTH = 5
"""As long as each shows so many, another is looked for: it takes as long as about five alone."""


@dataclass(frozen=True)
class Reader:
    """What one reader knows besides what is published, and how far apart tables must lie in each amount.

    Tables found stay good when more is withheld, so that what is safe once stays so.
    """

    known: frozenset[int]
    needs: dict[int, float]
    safe: set[int] = field(default_factory=set)
    _spread: dict[int, tuple[float, float]] = field(default_factory=dict)

    def spread(self, number: int) -> tuple[float, float]:
        """Return how far below and above the truth tables lie in an amount, as far as they were found."""
        return self._spread.get(number, (0.0, 0.0))

    def note(self, steps: Mapping[int, float]) -> None:
        """Take a table into account, unless the reader knows better."""
        if not self.known.isdisjoint(steps):
            return
        for number, step in steps.items():
            if number in self.needs and step:
                low, high = self.spread(number)
                self._spread[number] = min(low, step), max(high, step)
                self.settle(number, self.needs[number])

    def settle(self, number: int, need: float) -> bool:
        """Return whether tables lie so far apart in an amount: then it is safe."""
        low, high = self.spread(number)
        if high - low >= need - CLOSE:
            self.safe.add(number)
        return number in self.safe


@dataclass(frozen=True)
class Withheld:
    """The figures to withhold, and the amounts that no more withholding protects.

    ``known_before`` follow from publications before this alone, ``exposed`` from what is always shown too.
    """

    places: frozenset[Place]
    known_before: frozenset[int]
    exposed: frozenset[int]


def withhold(
    *,
    book: Ledger,
    places: Collection[Place],
    readers: Collection[Reader],
    price: Price,
    far: float,
    work: Work,
) -> Withheld:
    """Return the figures to withhold: those of ``places``, and what protects each reader's needs.

    Raises TooLargeError where that takes more than the work allowed.
    """
    search = _Search(book=book, price=price, far=far, work=work, gone=set(places))
    for reader in readers:
        search.protect(reader)
    left = search.exposed
    least = {n: min(reader.needs[n], LEAST) for reader in readers for n in left.intersection(reader.needs)}
    before = frozenset(_known_before(book, least, far, work))
    return Withheld(frozenset(search.gone), before, frozenset(left) - before)


class Way(NamedTuple):
    """What withholding costs that lets an amount move, and the tables it moves to."""

    price: float
    tables: tuple[Mapping[int, float], ...]


@dataclass(frozen=True, kw_only=True)
class _Search:
    """The figures withheld so far, and the amounts that withholding more does not protect."""

    book: Ledger
    price: Price
    far: float
    work: Work
    gone: set[Place]
    exposed: set[int] = field(default_factory=set)
    tables: list[Mapping[int, float]] = field(default_factory=list)
    """Those found so far, by the amounts that move: they may show another reader's needs to be safe too."""

    def protect(self, reader: Reader) -> None:
        """Withhold what protects a reader's needs. What protects one reader's harms no other's."""
        for steps in self.tables:
            reader.note(steps)
        unknown = self.book.withheld(self.gone) - reader.known
        self.exposed.update(reader.needs.keys() - unknown)
        wanted = set(reader.needs) - self.exposed
        for numbers in _connected(self.book, wanted, unknown):
            tables = Tables(self.book, numbers, self.far, self.work)
            self.tables.extend(_certify(tables, sorted(wanted.intersection(numbers)), reader))
        wide = set(range(len(self.book.size))) - self.book.fixed - reader.known
        for numbers in _connected(self.book, wanted - reader.safe, wide):
            tables = Tables(self.book, numbers, self.far, self.work)
            costs = np.full(len(self.book.size), ANYHOW)
            for n in (n for n in numbers if n not in unknown):
                costs[n] = self.price(n)
            for number in sorted(wanted.intersection(numbers)):
                if number not in reader.safe:
                    fresh = set(self._path(number, tables, reader, costs))
                    unknown |= fresh
                    costs[list(fresh)] = ANYHOW

    def _path(self, number: int, tables: Tables, reader: Reader, costs: Floats) -> Iterator[int]:
        """Withhold what lies on the cheapest way to tables that lie far enough apart in an amount: above the
        truth, or below it and above.

        Yields what nobody knows then. Where what cannot be withheld leaves the amount less room than it
        needs, it must only not be known.
        """
        need, (low, _) = reader.needs[number], reader.spread(number)
        down = min(need, abs(float(self.book.size[number])))
        ways = [self._way(number, (need + low,), tables, reader, costs)]
        if down and (ways[0] is None or ways[0].price):
            most = ways[0].price if ways[0] else math.inf
            ways.append(self._way(number, (need - down, -down), tables, reader, costs, most=most))
        if not any(ways):
            rooms = [tables.furthest({number: sign}).bound for sign in (1.0, -1.0)]
            need = need if sum(rooms) >= need - CLOSE else min(need, LEAST)
            up = min(need, math.floor(rooms[0] + CLOSE) if self.book.whole[number] else rooms[0])
            ways = [self._way(number, (up, up - need), tables, reader, costs)]
        for steps in min(
            (way for way in ways if way), key=lambda way: way.price, default=Way(0.0, ())
        ).tables:
            yield from self._moved(steps, reader)
        if not reader.settle(number, min(need, LEAST)):
            self.exposed.add(number)

    def _way(
        self,
        number: int,
        steps: Iterable[float],
        tables: Tables,
        reader: Reader,
        costs: Floats,
        *,
        most: float = math.inf,
    ) -> Way | None:
        """Return the tables that move an amount by each of the steps, as far as none is known that does, and
        what they cost together; None where there is none, or none that costs less than ``most``.
        """
        low, high = reader.spread(number)
        price, found, left = 0.0, list[Mapping[int, float]](), costs
        for step in steps:
            if price >= most:
                return None
            if not low - CLOSE <= step <= high + CLOSE:
                moved = tables.nearest(number, step, left)
                if not moved:
                    return None
                new = [n for n in moved if left[n] > ANYHOW]
                price += float(costs[new].sum())
                left = left.copy()
                left[new] = ANYHOW
                found.append(moved)
        return Way(price, tuple(found))

    def _moved(self, steps: Mapping[int, float], reader: Reader) -> Iterator[int]:
        """Withhold every figure that shows an amount that moves; yield the amounts that no figure shows."""
        reader.note(steps)
        self.tables.append(steps)
        places = {place for n in steps for place in self.book.places[n]} - self.gone
        self.gone.update(places)
        fixed = self.book.fixed
        for n in {*steps, *(n for place in places for n in self.book.shown_by[place])}:
            if n not in fixed and self.gone.issuperset(self.book.places[n]):
                yield n


def _known_before(book: Ledger, least: Mapping[int, float], far: float, work: Work) -> Iterator[int]:
    """Yield the amounts that a reader could work out if nothing at all were published now.

    Only those of which that is certain: what no table was found for may be safe even so.
    """
    unknown = set(range(len(book.size))) - book.published
    for numbers in _connected(book, set(least), unknown):
        alone = Reader(frozenset(), {n: least[n] for n in numbers if n in least})
        tables = Tables(book, numbers, far, work)
        for _ in _certify(tables, sorted(alone.needs), alone):
            pass
        for number in alone.needs.keys() - alone.safe:
            room = sum(tables.furthest({number: sign}).bound for sign in (1.0, -1.0))
            if room < alone.needs[number] - CLOSE:
                yield number


def _certify(tables: Tables, wanted: list[int], reader: Reader) -> Iterator[Mapping[int, float]]:
    """Look for tables that show many amounts to be safe at once, and yield them."""
    source = np.random.default_rng(SEED)
    left, more = [n for n in wanted if n not in reader.safe], True
    while more and len(left) > MANY:
        weights = source.choice((-1.0, 1.0), len(left)) * source.uniform(0.5, 1.0, len(left))
        aim = dict(zip(left, weights.tolist(), strict=True))
        steps = tables.furthest(aim).steps or tables.whole(aim)
        reader.note(steps)
        yield steps
        still = [n for n in left if n not in reader.safe]
        left, more = still, len(left) - len(still) >= WORTH


def _connected(book: Ledger, wanted: set[int], unknown: set[int]) -> Iterator[list[int]]:
    """Yield the groups of withheld amounts that sums connect, those with a wanted one."""
    left = set(wanted)
    while left:
        start = min(left)
        found, open_, rows = {start}, [start], set[int]()
        for one in open_:
            for row in set(book.sums_of[one]) - rows:
                beside = {n for n, _ in book.sums[row] if n in unknown} - found
                found |= beside
                open_ += beside
            rows.update(book.sums_of[one])
        left -= found
        yield sorted(found)
