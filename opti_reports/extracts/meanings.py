"""What texts of exports mean: numbers as people and accounts write them, words and dates for no value."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from opti_reports.config.expressions import KINDS, denominator
from opti_reports.config.source import Column, Source, fold
from opti_reports.extracts import dates
from opti_reports.extracts.numerals import decimal_of, either, plain_of

LARGEST = 10**12
COMPUTED_DECIMALS = 6
"""A number with so many decimals was computed; nobody counts or types that."""
NOISE = Decimal("1e-6")
"""How far a computed number may be from the whole number it means, of itself."""
_CURRENCY = re.compile(r"^(?:€|eur)|(?:€|eur|euroa)$", re.IGNORECASE)
_AFTER = re.compile(r"([0-9.,]*[0-9])-\Z")
"""A minus behind the amount, as ledgers write it; in "12,-" the stroke stands for the cents."""
_BRACKETED = re.compile(r"\(([0-9.,]*[0-9](?:€|eur)?|(?:€|eur)[0-9.,]*[0-9])\)\Z", re.IGNORECASE)
"""Brackets around an amount below 0, as accounts write it."""
_LEADING = re.compile(r"(-?[0-9]{1,4})(?:\s*\+|[.,]?[^\d.,]*[^\W\d_]\D*)\Z")
"""A number that words follow, or a plus: ``85+``, ``10 – very likely``, ``5. Quite so``."""
Cell = tuple[int, str]
"""What a text means: its integer and the name of a problem, or an empty name."""


def number(text: str, column: Column) -> Cell:
    """Return a number over the column's denominator; decimal comma or point, spaces between thousands.

    "1.200" is none where nobody expects three decimals: it may be a thousand times what it looks like.
    Decimals that programs leave behind are rounded to what the column keeps.
    """
    if column.type == "eur":
        text = _CURRENCY.sub("", plain_of(text))
        text = _AFTER.sub(r"-\1", _BRACKETED.sub(lambda found: f"-{_CURRENCY.sub('', found[1])}", text))
    meant = decimal_of(text)
    if meant is None:
        return 0, "bad_number"
    scaled = meant * denominator(column)
    whole = scaled.to_integral_value(ROUND_HALF_UP)
    doubtful = bool(either(text)) and denominator(column) < 1000
    if abs(scaled) > LARGEST:
        return 0, "bad_number"
    if doubtful or not (scaled == whole or _means_no_more(meant, scaled - whole, column)):
        return 0, "bad_number" if column.type == "integer" else "too_many_digits"
    value = int(whole)
    if column.most is not None and abs(meant) > column.most:
        return 0, "too_large"
    return (0, "negative") if value < 0 and not (column.signed or column.type == "eur") else (value, "")


def _means_no_more(meant: Decimal, over: Decimal, column: Column) -> bool:
    """Return whether the decimals that a column does not keep are the work of a program: 37.99999997,
    3.6333333.
    """
    exponent = meant.as_tuple().exponent
    computed = isinstance(exponent, int) and -exponent >= COMPUTED_DECIMALS
    if column.type == "integer":
        return computed and abs(over) <= NOISE * max(Decimal(1), abs(meant))
    return computed or column.rounded


def number_reader(column: Column) -> Callable[[str], Cell]:
    """Return a reader of numbers; where the column says so, of numbers that words follow."""

    def read(text: str) -> Cell:
        cell = number(text, column)
        found = _LEADING.match(text) if cell[1] and column.leading_number else None
        return number(found[1], column) if found else cell

    return read


def compared(text: str) -> str:
    """Return a text as compared with the words for an empty cell: signs count only where there are no
    letters.

    What begins with ``#`` is a spreadsheet's error, whatever letters follow.
    """
    worded = any(c.isalpha() for c in text) and not text.startswith("#")
    return fold(text) if worded else "".join(text.split())


class Empties:
    """The texts and dates that mean an empty cell in a column."""

    def __init__(self, source: Source, column: Column) -> None:
        words = (*source.empty_words, *column.empty_words)
        self._words = frozenset(compared(word) for word in words)
        self.longest = 2 * max(map(len, words), default=0)
        dated = KINDS[column.type] in ("date", "datetime")
        written = (dates.written(day) for day in (*source.empty_dates, *column.empty_dates))
        self.days = frozenset[str]().union(*written) if dated else frozenset[str]()

    def __contains__(self, text: str) -> bool:
        """Return whether the text means an empty cell, or a day that does with any time."""
        if self.days:
            day, _, time = text.replace("T", " ").partition(" ")
            if day in self.days and dates.second(time) is not None:
                return True
        return len(text) <= self.longest and compared(text) in self._words
