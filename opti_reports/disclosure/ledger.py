"""The amounts that figures show, the sums among them, and what a reader knows of both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from opti_reports.config.metric import Added
from opti_reports.disclosure.amounts import Amount, View
from opti_reports.disclosure.publication import Place, Publication, Published, figures
from opti_reports.disclosure.sums import equations
from opti_reports.model.organisation import Tree

NOW = -1
"""The publication that is being made; earlier ones have numbers from 0."""
Sum = tuple[tuple[int, int], ...]
"""Numbers of amounts with signs that add to what everybody knows."""


@dataclass(frozen=True, order=True)
class Share:
    """Two amounts of one figure whose ratio cannot lie outside bounds."""

    num: int
    den: int
    low: float
    high: float


@dataclass
class Ledger:
    """Amounts by number: how large they are, which figures show them, which sums they stand in.

    ``whole`` amounts are counts; ``signed`` ones may be below nothing. ``public`` ones were shown before and
    are the same still.
    """

    size: list[Fraction] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    signed: list[bool] = field(default_factory=list)
    places: list[list[Place]] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    sums_of: list[list[int]] = field(default_factory=list)
    shares_of: dict[int, list[Share]] = field(default_factory=dict)
    shown_by: dict[Place, list[int]] = field(default_factory=dict)
    public: set[int] = field(default_factory=set)
    _number: dict[tuple[int, Amount], int] = field(default_factory=dict)
    _sums: set[frozenset[tuple[int, int]]] = field(default_factory=set)

    def amount(self, publication: int, amount: Amount) -> int:
        """Return the number of an amount, a new one if it has none yet."""
        known = self._number.get((publication, amount))
        if known is None:
            known = self._number[publication, amount] = len(self.size)
            self.size.append(Fraction(0))
            self.whole.append(True)
            self.signed.append(False)
            self.places.append([])
            self.sums_of.append([])
        return known

    def number(self, amount: Amount) -> int:
        """Return the number of an amount of this publication. Raises KeyError for one that no figure shows."""
        return self._number[NOW, amount]

    def add_sum(self, terms: Iterable[tuple[int, int]]) -> None:
        """Note a sum, once; amounts that stand on both sides fall out."""
        signs: dict[int, int] = {}
        for number, sign in terms:
            signs[number] = signs.get(number, 0) + sign
        left = tuple((number, sign) for number, sign in signs.items() if sign)
        if left and frozenset(left) not in self._sums:
            self._sums.add(frozenset(left))
            for number, _ in left:
                self.sums_of[number].append(len(self.sums))
            self.sums.append(left)


def ledger(views: Sequence[View], now: Published, earlier: Sequence[Publication], tree: Tree) -> Ledger:
    """Return the amounts of a cluster's views: of this publication, and of earlier ones what is not the same."""
    book = Ledger()
    for view in views:
        _note(book, view, now)
    for view in views:
        amount = view.amounts()
        for equation in equations(view.metric, view.rules, now.get(view.id, {}), tree):
            book.add_sum((book.amount(NOW, amount(cell)), sign) for cell, sign in equation)
    for share in _shares(book, views, now):
        book.shares_of.setdefault(share.num, []).append(share)
        book.shares_of.setdefault(share.den, []).append(share)
    for number, publication in enumerate(earlier):
        _remember(book, views, now, publication, number, tree)
    return book


def _note(book: Ledger, view: View, now: Published) -> None:
    amount, counted = view.amounts(), []
    for cell, value in now.get(view.id, {}).items():
        number, size = book.amount(NOW, amount(cell)), view.of(value)
        if size is None:
            continue
        counted.append(number)
        book.size[number] = size
        book.signed[number] = view.signed
        book.places[number].append((view.id, cell))
        book.shown_by.setdefault((view.id, cell), []).append(number)
    whole = all(book.size[number].denominator == 1 for number in counted)
    low = any(book.size[number] < 0 for number in counted)
    for number in counted:
        book.whole[number] &= whole
        book.signed[number] |= low


def _shares(book: Ledger, views: Sequence[View], now: Published) -> list[Share]:
    """Return the figures whose value has bounds that nobody doubts, and which they keep."""
    found = []
    sides = {(view.id, view.part): view for view in views}
    for view in views:
        den, metric = sides.get((view.id, "den")), view.metric
        if view.part != "num" or den is None or not isinstance(metric, Added) or None in metric.bounds:
            continue
        low, high = metric.bounds
        above, below = view.amounts(), den.amounts()
        for cell, value in now.get(view.id, {}).items():
            if value.num is None or value.den is None or low is None or high is None:
                continue
            if low * value.den <= metric.scale * value.num <= high * value.den:
                num, whole = book.amount(NOW, above(cell)), book.amount(NOW, below(cell))
                found.append(Share(num, whole, low / metric.scale, high / metric.scale))
    return found


def _remember(
    book: Ledger, views: Sequence[View], now: Published, then: Publication, number: int, tree: Tree
) -> None:
    """Note what an earlier publication tells: amounts that are the same, and sums of what it withheld."""
    shown = figures(views, then.shown)
    hidden = {amount for amount, places in shown.items() if all(then.withheld(place) for place in places)}
    same = {amount for amount, places in shown.items() if any(then.same(place, now) for place in places)}
    present = set(figures(views, now))
    for amount in (same & present) - hidden:
        book.public.add(book.amount(NOW, amount))
    for view in views if hidden else ():
        amount_of = view.amounts()
        for equation in equations(view.metric, view.rules, then.shown.get(view.id, {}), tree):
            terms = ((amount_of(cell), sign) for cell, sign in equation)
            unknown = [(amount, sign) for amount, sign in terms if amount in hidden]
            book.add_sum(
                (book.amount(NOW if amount in same & present else number, amount), sign)
                for amount, sign in unknown
            )
