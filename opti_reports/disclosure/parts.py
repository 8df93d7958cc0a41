"""Amounts of which figures show a part, by terms, codes or months: what is left of them is bounded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from opti_reports.disclosure.amounts import Amount, Quantity, View, counts_of, split, without
from opti_reports.disclosure.publication import Cell, Published
from opti_reports.disclosure.sums import At, Equation, Joined
from opti_reports.periods.cadence import MONTH, TO_DATE
from opti_reports.periods.months import YEAR
from opti_reports.periods.period import Period


@dataclass(frozen=True)
class Parted:
    """An amount of several terms, and those of its parts that figures show, with signs.

    ``rest`` is what is left of it, an amount that no figure shows, with its sign; None where nothing is.
    ``signed``: it is the difference of several, so that it may be below nothing; ``counted``: it is a count
    of cases as the whole is.
    """

    whole: Amount
    parts: Equation
    rest: tuple[Amount, int] | None
    signed: bool
    counted: bool = False


def told_apart(views: Sequence[View], published: Published) -> Iterator[Parted]:
    """Yield the amounts of which figures show a part: by terms, codes or months."""
    yield from parted(views, published)
    yield from nested(views, published)
    yield from months_unshown(views, published)


def parted(views: Sequence[View], published: Published) -> Iterator[Parted]:
    """Yield the amounts of several terms of which figures show a part; a part that is not there in a period
    of which others are shown counts as nothing.
    """
    if all(len(view.texts) == 1 for view in views):
        return
    cells = [
        (view, cell, amount(cell))
        for view, amount in _amounts(views)
        for cell, value in published.get(view.id, {}).items()
        if value.state == "withheld" or view.of(value) is not None
    ]
    shown = {amount for _, _, amount in cells}
    periods = {(quantity, period) for quantity, _, period in shown}
    for view, cell, whole in cells:
        parts = [(sign, (part, *whole[1:])) for sign, part in view.parts(*cell[2:])]
        known = tuple((one, sign) for sign, one in parts if one in shown)
        left = tuple((one[0], sign) for sign, one in parts if (one[0], one[2]) not in periods)
        together = ("terms", tuple(sorted(((sign, part) for part, sign in left), key=repr))), *whole[1:]
        if 1 < len(left) < len(parts) and together in shown:
            known, left = (*known, (together, 1)), ()
        if len(parts) > 1 and len(left) < len(parts):
            signs = {sign for _, sign in left}
            sign = min(signs) if len(signs) == 1 else 1
            rest: Amount = (("rest", left), *whole[1:])
            yield Parted(whole, known, (rest, sign) if left else None, len(signs) > 1)


def months_unshown(views: Sequence[View], published: Published) -> Iterator[Parted]:
    """Yield a year's running sums as that of the month before and a month that no figure shows: a year does
    not shrink.
    """
    cells = {view.id: published.get(view.id, {}) for view in views}
    if not any(cell[1].cadence is TO_DATE for own in cells.values() for cell in own):
        return
    shown = {amount(cell) for view, amount in _amounts(views) for cell in cells[view.id]}
    for view, amount in _amounts(views):
        for cell in cells[view.id] if view.additive.months else ():
            whole = quantity, org, period = amount(cell)
            before = (quantity, org, Period(TO_DATE, period.end - 1))
            month = (quantity, org, Period(MONTH, period.end))
            if period.cadence is TO_DATE and period.end % YEAR and before in shown and month not in shown:
                yield Parted(whole, ((before, 1),), (month, 1), view.signed)


def nested(views: Sequence[View], published: Published) -> Iterator[Parted]:
    """Yield what is counted of several codes together by what is counted of some of them, where not every
    code has figures of its own: their sum says more.
    """
    places: dict[Quantity, dict[At, bool]] = defaultdict(dict)
    for view, amount in _amounts(views):
        for cell in published.get(view.id, {}) if view.additive.units else ():
            quantity, org, period = amount(cell)
            places[quantity][org, period] = view.signed
    for whole in (one for one in places if any(split(one))):
        if any(places.keys() >= set(singles) for singles in split(whole)):
            continue
        for part, own in places.items():
            left = without(whole, part)
            for at in own.keys() & places[whole].keys() if left is not None else ():
                shown = left in places and at in places[left]
                rest: Amount = (left or () if shown else ("rest", left), *at)
                known = ((part, *at), 1), *([(rest, 1)] if shown else [])
                yield Parted((whole, *at), known, None if shown else (rest, 1), places[whole][at], True)


def left_of(views: Sequence[View], published: Published, joined: Joined) -> Iterator[Parted]:
    """Yield the headlines of joined breakdowns by what is known of their keys: those that are there, and what
    another figure counts of several together.
    """
    every = (amount(cell) for view, amount in _amounts(views) for cell in published.get(view.id, {}))
    shown = dict.fromkeys(every if joined else ())  # in order: a set's is another in every process
    quantities = dict.fromkeys(quantity for quantity, *_ in shown)
    for view, amount in _amounts(views) if joined else ():
        cells = published.get(view.id, {})
        for breakdown in joined.get(view.id, ()) if view.additive.units else ():
            keys: dict[tuple[str, Period], list[Amount]] = {}
            for cell in cells:
                if cell[2] == breakdown:
                    keys.setdefault(cell[:2], []).append(amount(cell))
            total = view.quantity("", "")
            others = [quantity for quantity in quantities if counts_of(total, breakdown, quantity)]
            for cell in (cell for cell in cells if not cell[2]):
                whole, own = amount(cell), keys.get(cell[:2], [])
                there = [one for quantity in others if (one := (quantity, *whole[1:])) in shown]
                for parts in filter(None, [own, *([one] for one in there if one not in own)]):
                    rest: Amount = (("rest", total, tuple(one for one, *_ in parts)), *whole[1:])
                    yield Parted(whole, tuple((part, 1) for part in parts), (rest, 1), view.signed)


def _amounts(views: Sequence[View]) -> list[tuple[View, Callable[[Cell], Amount]]]:
    return [(view, view.amounts()) for view in views]
