"""The amounts that figures show, how large they are, and the sums a reader knows of them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from opti_reports.disclosure.amounts import Amount, Size, View
from opti_reports.disclosure.parts import Parted, left_of, told_apart
from opti_reports.disclosure.publication import WRITTEN, Cell, Cells, Earlier, Place, Published, same
from opti_reports.disclosure.sums import Joined, over_time, sums
from opti_reports.model.organisation import Tree
from opti_reports.model.value import Value

Terms = tuple[tuple[int, int], ...]
"""Numbers of amounts with signs that add to zero."""


class Ledger:
    """Amounts by number: how large they are, which figures show them, which sums they stand in.

    ``signed`` amounts may be below nothing; ``whole`` ones are counts; means of months stand there so many
    ``times``, as the sums of their months. Nobody can withhold those that the
    audience is ``always`` shown, and those ``published`` to it before that are the same still. No key that is
    joined with others can exceed what is ``left`` of their headline; ``rests`` are what is counted of codes
    that no figure counts alone, but two do by their difference; ``tangled``: several figures tell of the
    joined keys of one, and what those tell together is not known here.
    """

    def __init__(self) -> None:
        self.amounts: list[Amount] = []
        self.size: list[Size] = []
        self.signed: list[bool] = []
        self.whole: list[bool] = []
        self.counts: list[bool] = []
        self.times: list[int] = []
        self.places: list[list[Place]] = []
        self.shown_by: dict[Place, list[int]] = defaultdict(list)
        self.always: set[int] = set()
        self.published: set[int] = set()
        self.left: dict[Amount, int] = {}
        self.rests: set[int] = set()
        self.tangled = False
        self.sums: list[Terms] = []
        self.sums_of: list[list[int]] = []
        self._number: dict[Amount, int] = {}
        self._gone: dict[tuple[Amount, Size], int] = {}
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

    def shown(self, amount: Amount) -> int | None:
        """Return the number of an amount; None where no figure shows it."""
        return self._number.get(amount)

    def size_of(self, amount: Amount) -> Size:
        """Return how large an amount is; nothing where no figure shows it."""
        return self.size[self._number[amount]] if amount in self else 0

    def show(self, amount: Amount, size: Size, view: View, whole: bool, place: Place) -> int:
        """Note that a figure shows an amount of a size, of a ``whole`` view all of whose sizes are.

        Returns the amount's number.
        """
        number = self._number.setdefault(amount, len(self.size))
        if number == len(self.size):
            self._new(amount, size, signed=view.signed)
        self.counts[number] |= view.counts
        self.whole[number] &= whole
        self.places[number].append(place)
        self.shown_by[place].append(number)
        return number

    def gone(self, amount: Amount, size: Size, *, signed: bool) -> int:
        """Return the number of an amount that no figure shows: that earlier publications withheld, and that
        has changed since, or that is left of several terms.
        """
        number = self._gone.setdefault((amount, size), len(self.size))
        if number == len(self.size):
            self._new(amount, size, signed=signed)
            self.whole[number] = amount in self and self.whole[self._number[amount]]
        return number

    def _new(self, amount: Amount, size: Size, *, signed: bool) -> None:
        self.amounts.append(amount)
        self.size.append(size)
        self.signed.append(signed or size < 0)
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

    def part(
        self, one: Parted, size: Callable[[Amount], Size], number: Callable[[Amount], int | None]
    ) -> int | None:
        """Note the sum of an amount's terms by their numbers, of those a reader does not know; what is left
        of it is as large as makes it come out. Returns the number of that.
        """
        at_rest = None
        terms = [(one.whole, -1), *one.parts]
        equation = [(at, sign) for amount, sign in terms if (at := number(amount)) is not None]
        if one.rest is not None:
            rest, sign = one.rest
            left = -sign * sum((s * size(amount) for amount, s in terms), 0)
            at_rest = self.gone(rest, left, signed=one.signed)
            equation.append((at_rest, sign))
        self.add(equation)
        return at_rest

    def room(self, number: int) -> Size | float:
        """Return how far apart tables can lie in an amount at most, when all is withheld that can be.

        A sum that is always shown bounds its parts, and gives the one whose others are all shown too. One
        whose others were all published before says nothing here: what is known from then is asked later.
        """
        rooms: list[Size | float] = [math.inf]
        for row in self.sums_of[number] if not self.signed[number] else ():
            signs = dict(self.sums[row])
            free = [n for n in signs if n != number and n not in self.always]
            if all(signs[n] == signs[number] and not self.signed[n] for n in free):
                if free:
                    rooms.append(sum((self.size[n] for n in free), self.size[number]))
                elif len(signs) > 1:
                    rooms.append(0)
        return min(rooms)

    def withheld(self, places: Iterable[Place]) -> set[int]:
        """Return the amounts that no figure shows when those of ``places`` are withheld."""
        gone = set(places)
        found = {number for place in gone for number in self.shown_by.get(place, ())}
        hidden = {n for n in found if n not in self.published and gone.issuperset(self.places[n])}
        return hidden - self.always | self.before

    @property
    def before(self) -> set[int]:
        """Return the amounts that no figure of this publication shows."""
        return set(self._gone.values())


def ledger(
    views: Sequence[View],
    now: Published,
    earlier: Sequence[Earlier],
    tree: Tree,
    *,
    always: Callable[[Place], bool],
    joined: Joined,
) -> Ledger:
    """Return the amounts of views in a publication, and what earlier ones as they were shown tell of them.

    Of ``joined`` breakdowns only the keys are there that are shown in any case.
    """
    book = Ledger()
    for view in views:
        amount, given = view.amounts(), now.get(view.id, {})
        sizes = {cell: size for cell, value in given.items() if (size := view.of(value)) is not None}
        whole = all(size.denominator == 1 for size in sizes.values())
        for cell, size in sizes.items():
            shown = amount(cell)
            if shown in book and book.size_of(shown) != size:  # of other months: a source of it lacks some
                shown = ((view.id, *shown[0]), *shown[1:])
            number = book.show(shown, size, view, whole, (view.id, cell))
            book.times[number] = view.times(cell[1])
            if always((view.id, cell)):
                book.always.add(number)
    for equation in sums(views, now, tree, joined):
        # What has no size (of a unit whose rows nobody can read) is in no total either.
        book.add((book.number(amount), sign) for amount, sign in equation if amount in book)
    for one in (one for one in told_apart(views, now) if one.whole in book):
        rest = book.part(one, book.size_of, book.shown)
        if one.counted and rest is not None:
            book.rests.add(rest)
    for one in left_of(views, now, joined):
        if one.whole in book and (rest := book.part(one, book.size_of, book.shown)) is not None:
            book.tangled |= one.whole in book.left
            book.left[one.whole] = rest
    for then in earlier:
        _remember(book, views, now, then, tree)
    _join(book, views, now, earlier)
    return book


def _remember(book: Ledger, views: Sequence[View], now: Published, then: Earlier, tree: Tree) -> None:
    """Note what a publication before showed that is still the same, and its sums of what it withheld.

    Where nobody knows any more what was withheld, it is taken to be the same still: that ties it to more sums
    than a reader has, never to fewer.
    """
    known, changed = set[Amount](), dict[Amount, tuple[Size, bool]]()
    shown = {view.id: then.shown.get(view.id, {}) for view in views}
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
                changed[amount(cell)] = view.of(old) or 0, view.signed

    def size(amount: Amount) -> Size:
        return changed[amount][0] if amount in changed else book.size_of(amount)

    def number(amount: Amount) -> int | None:
        if amount in known:
            return None
        if amount in changed:
            return book.gone(amount, size(amount), signed=changed[amount][1])
        return book.shown(amount)  # None: of no size, as of a unit whose rows nobody can read

    for equation in sums(views, shown, then.tree or tree):
        book.add((at, sign) for amount, sign in equation if (at := number(amount)) is not None)
    for one in told_apart(views, shown):
        book.part(one, size, number)


def _join(book: Ledger, views: Sequence[View], now: Published, earlier: Sequence[Earlier]) -> None:
    """Note the sums of what is published now with periods that are no more: what a year added up to a month
    ago, the month that has fallen out of a window.

    Only those that come out: a figure corrected since adds up to nothing of now.
    """
    gone = {view.id: _gone(now.get(view.id, {}), view.id, earlier) for view in views}
    sizes, known, signed = dict[Amount, Size | None](), set[Amount](), set[Amount]()
    for view in views:
        amount = view.amounts()
        for cell, (shown, exact) in gone[view.id].items():
            if (one := amount(cell)) not in book:
                sizes[one] = view.of(exact)
                known |= {one} if shown else set()
                signed |= {one} if view.signed else set()
    exact_then = {id: {cell: exact for cell, (_, exact) in own.items()} for id, own in gone.items()}
    joined = {id: {**own, **now.get(id, {})} for id, own in exact_then.items()}

    def number(one: Amount) -> int | None:
        if one in book or one in known:
            return book.number(one) if one in book else None
        size = sizes.get(one)
        return None if size is None else book.gone(one, size, signed=one in signed)

    for equation in over_time(views, joined) if sizes else ():
        found = [sizes[one] if one in sizes else book.size_of(one) for one, _ in equation]
        if any(one in sizes for one, _ in equation) and _adds_up(found, [sign for _, sign in equation]):
            book.add((at, sign) for one, sign in equation if (at := number(one)) is not None)


def _adds_up(sizes: Sequence[Size | None], signs: Sequence[int]) -> bool:
    """Return whether all sizes are known and add to nothing, as far as the digits of values.csv say."""
    parts = [Fraction(sign * size) for size, sign in zip(sizes, signs, strict=True) if size is not None]
    total, most = sum(parts, Fraction(0)), max([Fraction(1), *map(abs, parts)])
    return len(parts) == len(sizes) and abs(total) <= WRITTEN * most


def _gone(now: Cells, id: str, earlier: Sequence[Earlier]) -> dict[Cell, tuple[bool, Value]]:
    """Return the figures of periods that are published no more: whether they were shown, and what they were,
    as far as that is known.
    """
    published, found = {cell[1:3] for cell in now}, dict[Cell, tuple[bool, Value]]()
    for then in earlier:
        exact = (then.exact or {}).get(id, {})
        for cell, value in then.shown.get(id, {}).items():
            if cell[1:3] not in published:
                shown, was = value.state != "withheld", found.get(cell)
                once_shown = (
                    was is not None and was[0] and (then.exact is None or same(was[1], exact.get(cell)))
                )
                if shown or not once_shown:
                    found[cell] = shown, value if shown else exact.get(cell, value)
    return found
