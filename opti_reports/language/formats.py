"""Numbers, dates and periods as the readers of a language write them (Babel)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from opti_reports.language.wording import Wording
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.months import YEAR, first_date, week_of_year, year_of
from opti_reports.periods.period import Period

MINUS, NBSP = "\u2212", "\u00a0"
"""A true minus sign, and the space that keeps a figure and its unit on one line."""

MORE = 2
"""Decimals beyond a metric's own that a figure or a target may be written with."""

Exact = Fraction | Decimal | float | int
"""What can be written: values are fractions, chart levels floats."""
Turn = tuple[Literal[">=", "<="], Fraction]
"""A level, and on which side of it a value lies well with it."""


class Shown(NamedTuple):
    """A figure as it is written: its number and decimals, or the level it is ``under`` or ``over``.

    ``number`` is for programs also where the reader gets words.
    """

    number: Decimal
    decimals: int
    beside: Literal["", "under", "over"] = ""
    level: Exact = 0


def rounded(value: Exact, decimals: int) -> Decimal:
    """Return the value at so many decimals, halves away from zero, never a negative zero."""
    exact = abs(_exact(value))
    units = math.floor(exact * 10**decimals + Fraction(1, 2))
    return Decimal(-units if value < 0 else units).scaleb(-decimals) if units else Decimal(0)


def agreeing(value: Exact, decimals: int, turns: Sequence[Turn] = ()) -> Shown:
    """Return the value with as few decimals as leave it where it lies: on its side of every turn.

    At least ``decimals``, at most ``MORE`` beyond; where those are too few, the level that it is under or
    over, in place of a figure that would say it is met. The levels are those shown: rounded like a target.
    """
    for places in range(decimals, decimals + MORE + 1):
        small = rounded(value, places)
        lost = [
            level for op, level in turns if _met(value, op, level) != _met(small, op, _level(level, decimals))
        ]
        if not lost:
            return Shown(small, places)
    under = _exact(value) < lost[0]
    step = Decimal(1).scaleb(-decimals - MORE)
    return Shown(
        small - step if under else small + step, decimals + MORE, "under" if under else "over", lost[0]
    )


def _met(value: Exact, op: str, level: Exact) -> bool:
    """Return whether a value lies well with a level."""
    return _exact(value) >= _exact(level) if op == ">=" else _exact(value) <= _exact(level)


def _level(value: Exact, decimals: int) -> Decimal:
    """Return a target of a metric of so many decimals as it is written."""
    return rounded(value, decimals + MORE)


def _exact(value: Exact) -> Fraction:
    """Return a float as what it is written as."""
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def figure(shown: Shown, unit: str, wording: Wording) -> str:
    """Return the text of a figure: ``79,96 %``, ``alle 80 %``; without a unit only the number."""
    if shown.beside:
        text = trimmed(shown.level, shown.decimals, wording.language)
        return wording.say(f"target.{shown.beside}", value=with_unit(text, unit, wording))
    return with_unit(number(shown.number, shown.decimals, wording.language), unit, wording)


def target(op: str, levels: Sequence[Exact], unit: str, decimals: int, wording: Wording) -> str:
    """Return a target of a metric of so many decimals: ``≥ 80 %``, ``95–105 %``; with more if it has them."""
    low, high = (trimmed(level, decimals + MORE, wording.language) for level in (levels[0], levels[-1]))
    if op == "between":
        phrase = "target.between" if levels[0] >= 0 else "target.between_signed"
        return with_unit(wording.say(phrase, low=low, high=high), unit, wording)
    return wording.say(
        "target.at_least" if op == ">=" else "target.at_most", value=with_unit(low, unit, wording)
    )


def number(value: Exact, decimals: int, language: str) -> str:
    """Return ``1 234,5``: always so many decimals, with the language's separators and a true minus."""
    return _written(rounded(value, decimals), "0" * decimals, language)


def for_programs(level: Exact, decimals: int) -> str:
    """Return a target of a metric of so many decimals, as it is written but with a decimal point."""
    return f"{_level(level, decimals).normalize():f}"


def trimmed(value: Exact, decimals: int, language: str) -> str:
    """Return a number without closing zeros: ``80``, ``4,3``."""
    return _written(rounded(value, decimals), "#" * decimals, language)


def percent(value: Exact, language: str) -> str:
    """Return ``71 %``: the value is in per cents already."""
    return number(value, 0, language) + _percent_sign(language)


def value_text(value: Exact, unit: str, decimals: int, wording: Wording) -> str:
    """Return a figure with the symbol of its unit (a key of ``[unit]``): ``71,3 %``, ``14 vrk``, ``4,12``."""
    return with_unit(number(value, decimals, wording.language), unit, wording)


def small(text: str) -> str:
    """Return a heading as it stands within a sentence; an abbreviation stays."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def capital(text: str) -> str:
    """Return a text as it begins a line or a cell: with a capital."""
    return text[:1].upper() + text[1:]


def with_unit(figure: str, unit: str, wording: Wording) -> str:
    """Return a written figure followed by the symbol of its unit, if it is asked for and has one."""
    if not unit:
        return figure
    if unit == "percent":
        return figure + _percent_sign(wording.language)
    symbol = wording.say(f"unit.{unit}.symbol")
    return f"{figure}{NBSP}{symbol}" if symbol else figure


def difference(value: Exact, unit: str, decimals: int, wording: Wording) -> str:
    """Return a change with its sign: ``−0,2 %-yks.``, ``+3 kpl``; of percentages in percentage points."""
    small = rounded(value, decimals)
    sign = "+" if small > 0 else ""
    return sign + value_text(small, "percentage_points" if unit == "percent" else unit, decimals, wording)


def growth(now: Fraction, before: Fraction, language: str) -> str:
    """Return how much more a total is than one before: ``+4 %``, ``−12 %``."""
    share = rounded(100 * (now / before - 1), 0)
    return ("+" if share > 0 else "") + percent(share, language)


def month(months: int, language: str) -> str:
    """Return months since 1970-01 as ``elokuu 2026``."""
    return format_date(first_date(months), "LLLL y", locale=language)


@lru_cache(maxsize=1024)
def short_month(months: int, language: str) -> str:
    """Return a month on a chart's axis: ``elo 26``."""
    return format_date(first_date(months), "LLL yy", locale=language).replace(".", "")


def period(one: Period, wording: Wording) -> str:
    """Return a period in a sentence: ``elokuu 2026``, ``2. tertiaali 2026``, ``vk 35/2026``."""
    if one.cadence is MONTH:
        return month(one.end, wording.language)
    year, week = week_of_year(one.week) if one.cadence.weekly else (year_of(one.end), 0)
    values = {"n": one.cadence.number(one.end), "year": year, "week": week}
    return wording.say(f"period.{one.cadence.id}", **values, month=month(one.end, wording.language))


def spelled(one: Period, wording: Wording) -> str:
    """Return a period by its months, for who knows no name of it: ``toukokuu–elokuu 2026``."""
    first, last = one.months[0], one.months[-1]
    if first == last:
        return period(one, wording)
    begins = format_date(first_date(first), "LLLL", locale=wording.language)
    same = year_of(first) == year_of(last)
    return f"{begins if same else month(first, wording.language)}–{month(last, wording.language)}"


def numbered(one: Period) -> str:
    """Return a period by the numbers of its months: ``5–8/2026``, ``9/2025–8/2026``."""
    (from_year, first), (year, last) = ((year_of(m), m % YEAR + 1) for m in (one.months[0], one.months[-1]))
    begins = f"{first}" if from_year == year else f"{first}/{from_year}"
    return f"{last}/{year}" if (from_year, first) == (year, last) else f"{begins}–{last}/{year}"


def since(one: Period, wording: Wording) -> str:
    """Return since when, of a whole period: ``tammikuusta 2026 alkaen``."""
    year, week = week_of_year(one.week) if one.cadence.weekly else (year_of(one.end), 0)
    name = format_date(first_date(one.end), "LLLL", locale=wording.language)
    values = {"n": one.cadence.number(one.end), "year": year, "week": week, "month": name}
    return wording.say(f"since.{one.cadence.id}", **values)


def in_month(months: int, wording: Wording) -> str:
    """Return when something happens: ``lokakuussa 2026``."""
    name = format_date(first_date(months), "LLLL", locale=wording.language)
    return wording.say("period.in_month", month=name, year=year_of(months))


def short_period(one: Period, wording: Wording) -> str:
    """Return a period on a chart's axis: ``elo 26``, ``T2/26``, ``2026``."""
    if one.cadence.weekly:
        return wording.say(f"period.{one.cadence.id}_short", week=week_of_year(one.week)[1])
    if one.cadence.by_year:
        return str(year_of(one.end))
    if not one.cadence.letter:
        return short_month(one.end, wording.language)
    year = f"{year_of(one.end) % 100:02d}"
    return wording.say(f"period.{one.cadence.id}_short", n=one.cadence.number(one.end), year=year)


def date(value: dt.date, wording: Wording) -> str:
    """Return ``31.8.2026``, by the language's own pattern."""
    return format_date(value, wording.say("period.date"), locale=wording.language)


@lru_cache(maxsize=65536)
def _written(value: Decimal, decimals: str, language: str) -> str:
    pattern = "#,##0" + ("." + decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale=language)).replace("-", MINUS)


def _percent_sign(language: str) -> str:
    return str(Locale.parse(language).percent_formats[None].suffix[0])
