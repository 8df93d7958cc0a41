"""The amounts that figures show, how large they are, and the sums a reader knows of them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from opti_reports.disclosure.amounts import Amount, View
from opti_reports.disclosure.publication import Cells, Earlier, Place, Published, same
from opti_reports.disclosure.sums import sums
from opti_reports.model.organisation import Tree

Terms = tuple[tuple[int, int], ...]
"""Numbers of amounts with signs that add to zero."""


class Ledger:
    """Amounts by number: how large they are, which figures show them, which sums they stand in.

    ``signed`` amounts may be below nothing; ``whole`` ones are counts; means of months stand there so many
    ``times``, as the sums of their months. Nobody can withhold those that the
    audience is ``always`` shown, and those ``published`` to it before that are the same still.
    """

    def __init__(self) -> None:
        self.amounts: list[Amount] = []
        self.size: list[Fraction] = []
        self.signed: list[bool] = []
        self.whole: list[bool] = []
        self.counts: list[bool] = []
        self.times: list[int] = []
        self.places: list[list[Place]] = []
        self.shown_by: dict[Place, list[int]] = defaultdict(list)
        self.always: set[int] = set()
        self.published: set[int] = set()
        self.sums: list[Terms] = []
        self.sums_of: list[list[int]] = []
        self._number: dict[Amount, int] = {}
        self._gone: dict[tuple[Amount, Fraction], int] = {}
        self._known: set[frozenset[tuple[int, int]]] = set()

    def __contains__(self, amount: Amount) -> bool:
        """Return whether any figure of the publication shows an amount."""
        return amount in self._number

    @property
    def fixed(self) -> set[int]:
        """Return the amounts that cannot be withheld."""
        return self.always | self.published

    def number(self, amount: Amount) -> int:
        """Return the number of an amount that a figure shows."""
        return self._number[amount]

    def show(self, amount: Amount, size: Fraction, view: View, whole: bool, place: Place) -> int:
        """Note that a figure shows an amount of a size, of a ``whole`` view all of whose sizes are.

        Returns the amount's number.
        """
        number = self._number.setdefault(amount, len(self.size))
        if number == len(self.size):
            self._new(amount, size, view)
        self.counts[number] |= view.counts
        self.whole[number] &= whole
        self.places[number].append(place)
        self.shown_by[place].append(number)
        return number

    def gone(self, amount: Amount, size: Fraction, view: View) -> int:
        """Return the number of an amount that earlier publications withheld, and that has changed since."""
        number = self._gone.setdefault((amount, size), len(self.size))
        if number == len(self.size):
            self._new(amount, size, view)
            self.whole[number] = amount in self and self.whole[self._number[amount]]
        return number

    def _new(self, amount: Amount, size: Fraction, view: View) -> None:
        self.amounts.append(amount)
        self.size.append(size)
        self.signed.append(view.signed or size < 0)
        self.whole.append(True)
        self.counts.append(False)
        self.times.append(1)
        self.places.append([])
        self.sums_of.append([])

    def add(self, equation: Iterable[tuple[int, int]]) -> None:
        """Note a sum, once; amounts that stand on both sides fall out."""
        signs: dict[int, int] = {}
        for number, sign in equation:
            signs[number] = signs.get(number, 0) + sign
        left = tuple((number, sign) for number, sign in signs.items() if sign)
        if left and frozenset(left) not in self._known:
            self._known.add(frozenset(left))
            for number, _ in left:
                self.sums_of[number].append(len(self.sums))
            self.sums.append(left)

    def room(self, number: int) -> Fraction | float:
        """Return how far apart tables can lie in an amount at most, when all is withheld that can be.

        A sum that is always shown bounds its parts, and tells the one whose others are all shown too.
        """
        rooms: list[Fraction | float] = [math.inf]
        for row in self.sums_of[number] if not self.signed[number] else ():
            signs = dict(self.sums[row])
            free = [n for n in signs if n != number and n not in self.always]
            if all(signs[n] == signs[number] and not self.signed[n] for n in free):
                rooms.append(sum((self.size[n] for n in free), self.size[number]) if free else 0)
        return min(rooms)

    def withheld(self, places: Iterable[Place]) -> set[int]:
        """Return the amounts that no figure shows when those of ``places`` are withheld."""
        gone = set(places)
        found = {number for place in gone for number in self.shown_by.get(place, ())}
        hidden = {n for n in found if n not in self.published and gone.issuperset(self.places[n])}
        return hidden - self.always | self.before

    @property
    def before(self) -> set[int]:
        """Return the amounts that only earlier publications withheld."""
        return set(self._gone.values())


def ledger(
    views: Sequence[View],
    now: Published,
    earlier: Sequence[Earlier],
    tree: Tree,
    always: Callable[[Place], bool],
) -> Ledger:
    """Return the amounts of views in a publication, and what earlier ones as they were shown tell of them."""
    book = Ledger()
    for view in views:
        amount, given = view.amounts(), now.get(view.id, {})
        sizes = {cell: size for cell, value in given.items() if (size := view.of(value)) is not None}
        whole = all(size.denominator == 1 for size in sizes.values())
        for cell, size in sizes.items():
            number = book.show(amount(cell), size, view, whole, (view.id, cell))
            book.times[number] = view.times(cell[1])
            if always((view.id, cell)):
                book.always.add(number)
    for equation in sums(views, now, tree):
        # What has no size (of a unit whose rows nobody can read) is in no total either.
        book.add((book.number(amount), sign) for amount, sign in equation if amount in book)
    for then in earlier:
        _remember(book, views, now, then, tree)
    return book


def _remember(book: Ledger, views: Sequence[View], now: Published, then: Earlier, tree: Tree) -> None:
    """Note what a publication before showed that is still the same, and its sums of what it withheld.

    Where nobody knows any more what was withheld, it is taken to be the same still: that ties it to more sums
    than a reader has, never to fewer.
    """
    known, changed = set[Amount](), dict[Amount, tuple[Fraction, View]]()
    shown = {view.id: _alike(now.get(view.id, {}), then.shown.get(view.id, {})) for view in views}
    for view in views:
        amount, cells = view.amounts(), now.get(view.id, {})
        exact = then.exact.get(view.id, {}) if then.exact is not None else {}
        for cell, value in shown[view.id].items():
            old, shown_then = exact.get(cell, value), value.state != "withheld"
            unknown = then.exact is None and not shown_then
            still = cell in cells and (unknown or same(old, cells[cell]))
            if shown_then:
                known.add(amount(cell))
                if still and amount(cell) in book:
                    book.published.add(book.number(amount(cell)))
            if not still:
                changed[amount(cell)] = view.of(old) or Fraction(0), view
    for equation in sums(views, shown, tree):
        book.add(
            (
                book.number(amount)
                if amount in book and amount not in changed
                else book.gone(amount, *changed[amount]),
                sign,
            )
            for amount, sign in equation
            if amount not in known
        )


def _alike(now: Cells, then: Cells) -> Cells:
    """Return the figures published before of periods that are published now: others tell nothing of them."""
    periods = {cell[1] for cell in now}
    return {cell: value for cell, value in then.items() if cell[1] in periods}
