"""The formulas: a list of entries' data to one cell. Numbers are exact; division happens once, at the end."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from fractions import Fraction
from math import ceil
from typing import Any

from .table import Cell, Formula, Place


def added(values: Iterable[Fraction | int | None]) -> Fraction | None:
    """Add values; empty ones add nothing, and when there are only empty ones the sum is None."""
    listed = list(values)
    filled = [value for value in listed if value is not None]
    return None if listed and not filled else Fraction(sum(filled))


def divided(
    numerator: Fraction | None, denominator: Fraction | None, scale: int = 1, n: int | None = None
) -> Cell:
    """Return the cell of a ratio; without a denominator it has no value."""
    value = None if numerator is None or not denominator else scale * numerator / denominator
    return Cell(numerator, denominator, value, n)


def counted(number: int) -> Cell:
    """Return the cell of a count."""
    return Cell(Fraction(number), None, Fraction(number), number)


def count(entries: list[Any], _place: Place) -> Cell:
    """Count entries."""
    return counted(len(entries))


def distinct(entries: list[Any], _place: Place) -> Cell:
    """Count different entries."""
    return counted(len(set(entries)))


def share(entries: list[bool], _place: Place) -> Cell:
    """Return the per cent of the entries that are true."""
    return divided(Fraction(sum(entries)), Fraction(len(entries)), 100, len(entries))


def distinct_share(entries: list[tuple[str, bool]], _place: Place) -> Cell:
    """Return the per cent of the different ids that are true in some entry; entries are (id, true or not)."""
    total = len({case for case, _ in entries})
    return divided(Fraction(len({case for case, met in entries if met})), Fraction(total), 100, total)


def mean(entries: list[int], _place: Place) -> Cell:
    """Return the mean of the entries."""
    return divided(Fraction(sum(entries)), Fraction(len(entries)), 1, len(entries))


def nps(entries: list[int], _place: Place) -> Cell:
    """Return the Net Promoter Score of answers 0-10."""
    balance = sum(answer >= 9 for answer in entries) - sum(answer <= 6 for answer in entries)
    return divided(Fraction(balance), Fraction(len(entries)), 100, len(entries))


def total(entries: list[Fraction | None], _place: Place) -> Cell:
    """Add the entries."""
    amount = added(entries)
    return Cell(amount, None, amount, None)


def quotient(scale: int) -> Formula:
    """Return the formula sum / sum over entries (numerator, denominator)."""

    def formula(entries: list[tuple[Fraction | None, Fraction | None]], _place: Place) -> Cell:
        return divided(added(a for a, _ in entries), added(b for _, b in entries), scale)

    return formula


def relative_difference(entries: list[tuple[Fraction | None, Fraction | None]], _place: Place) -> Cell:
    """Return (sum a - sum b) / sum b in per cent over entries (a, b)."""
    a, b = added(a for a, _ in entries), added(b for _, b in entries)
    return divided(None if a is None or b is None else a - b, b, 100)


def per_head(scale: int) -> Formula:
    """Return the formula sum / (monthly mean of headcounts) over entries (amount, headcount)."""

    def formula(entries: list[tuple[Fraction | None, int]], place: Place) -> Cell:
        heads = Fraction(sum(heads for _, heads in entries)) / place.months
        return divided(added(amount for amount, _ in entries), heads, scale)

    return formula


def weighted_mean(entries: list[tuple[Fraction, int, int | None]], _place: Place) -> Cell:
    """Return the weighted mean over entries (mean, answers, scale); answers on different scales give none."""
    answers = sum(weight for _, weight, _ in entries)
    if len({scale for *_, scale in entries if scale is not None}) > 1:
        return Cell(None, None, None, answers)
    return divided(Fraction(sum(m * weight for m, weight, _ in entries)), Fraction(answers), 1, answers)


def at_quantile(values: list[Fraction], q: Fraction) -> Fraction | None:
    """Return the q-quantile: at a whole n*q the mean of that value and the next, else the next one up."""
    ordered = sorted(values)
    if not ordered:
        return None
    rank = len(ordered) * q
    if rank.denominator == 1:
        return (ordered[int(rank) - 1] + ordered[int(rank)]) / 2
    return ordered[ceil(rank) - 1]


def quantile(q: Fraction) -> Formula:
    """Return the formula of the q-quantile of the entries."""

    def formula(entries: list[Fraction], _place: Place) -> Cell:
        return Cell(None, None, at_quantile(entries, q), len(entries))

    return formula


def book_median(entries: list[tuple[int, str | None]], place: Place) -> Cell:
    """Return the median of (days, book); ready medians, which have no book, count at unit level only.

    n is the number of different books; ready medians do not tell theirs.
    """
    days = [Fraction(value) for value, book in entries if book or place.is_unit]
    books = {book for _, book in entries if book}
    return Cell(None, None, at_quantile(days, Fraction(1, 2)), len(books) or None)


def continuity(entries: list[tuple[str, str]], _place: Place) -> Cell:
    """Return the mean Bice-Boxerman index of clients with 3 contacts or more; entries (client, doctor)."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for client, professional in entries:
        seen[client][professional] += 1
    indices = []
    for counts in seen.values():
        contacts = counts.total()
        if contacts >= 3:
            same = sum(n * n for n in counts.values()) - contacts
            indices.append(Fraction(same, contacts * (contacts - 1)))
    return divided(sum(indices, Fraction(0)), Fraction(len(indices)), 1, len(indices))
