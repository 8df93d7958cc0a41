"""Complementary suppression: what else must be withheld so that nobody can work out what is withheld.

For each amount that a reader could work out too closely, one more of the figures that tell it is withheld,
the cheapest first, until every amount is safe from every reader.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from opti_reports.disclosure.audit import Reader, unsafe
from opti_reports.disclosure.ledger import Ledger
from opti_reports.disclosure.publication import Place

Price = Callable[[int], tuple[object, ...]]
"""What withholding an amount costs: the smallest is taken."""


@dataclass(frozen=True)
class Withheld:
    """The figures to withhold; amounts that earlier publications alone tell; those not found safe even so."""

    places: frozenset[Place]
    told: frozenset[int]
    exposed: frozenset[int]


def withhold(book: Ledger, places: Collection[Place], readers: Sequence[Reader], price: Price) -> Withheld:
    """Return the figures to withhold: those of ``places`` and what protects the readers' needs."""
    hiding, exposed = _Hiding(book, places), set[int]()
    for reader in readers:
        while _hide_more(book, hiding, reader, exposed, price):
            pass
    known = frozenset(n for reader in readers for n in _told_before(book, reader, exposed))
    return Withheld(frozenset(hiding.places), known, frozenset(exposed) - known)


def _hide_more(book: Ledger, hiding: _Hiding, reader: Reader, exposed: set[int], price: Price) -> bool:
    """Withhold one more figure for each amount that is not safe; return whether there was any to protect."""
    fresh: set[int] = set()
    found = False
    for number, rows in unsafe(book, frozenset(hiding.unknown), reader, fresh):
        told = {other for row in rows for other, _ in book.sums[row]}
        if number in exposed:
            continue
        found = True
        if told & fresh:
            continue  # what was just withheld for another may protect it too
        choice = told - hiding.unknown - book.public - reader.known
        if not choice:
            exposed.add(number)
            continue
        need = reader.needs[number]
        chosen = min(choice, key=lambda n: (abs(book.size[n]) < need, price(n), n))
        hiding.hide(chosen)
        fresh.add(chosen)
    return found


def _told_before(book: Ledger, reader: Reader, among: Collection[int]) -> Iterable[int]:
    """Return the amounts a reader could work out if nothing were shown now."""
    needs = {n: reader.needs[n] for n in among if n in reader.needs}
    unknown = set(range(len(book.size))) - book.public
    alone = replace(reader, needs=needs, safe=set(), spread={})
    return [number for number, _ in unsafe(book, unknown, alone, ())]


class _Hiding:
    """The figures withheld so far, and the amounts that none of those shown tells."""

    def __init__(self, book: Ledger, places: Iterable[Place]) -> None:
        self._book = book
        self.places: set[Place] = set()
        self.unknown = {n for n, own in enumerate(book.places) if not own}  # of earlier publications
        for place in places:
            self._withhold(place)

    def hide(self, number: int) -> None:
        """Withhold every figure that shows an amount."""
        for place in self._book.places[number]:
            self._withhold(place)

    def _withhold(self, place: Place) -> None:
        if place in self.places:
            return
        self.places.add(place)
        for number in self._book.shown_by.get(place, ()):
            if number not in self._book.public and self.places.issuperset(self._book.places[number]):
                self.unknown.add(number)
