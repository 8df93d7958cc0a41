"""Numbers, dates and periods as Finnish, Swedish and English readers write them."""

from __future__ import annotations

import datetime as dt
import tomllib
from fractions import Fraction
from pathlib import Path

import pytest

from opti_reports.errors import PackError
from opti_reports.language import formats
from opti_reports.language.wording import Wording, flatten
from opti_reports.periods.cadence import TERTIAL, WEEK
from opti_reports.periods.months import parse_month
from opti_reports.periods.period import Period

FOLDER = Path(__file__).parents[2] / "configs" / "languages"
AUGUST = parse_month("2026-08")


def wording(language: str) -> Wording:
    return Wording(
        language, flatten(tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8")))
    )


@pytest.mark.parametrize(
    ("language", "text"), [("fi", "−1\u00a0234,5"), ("sv", "−1\u00a0234,5"), ("en", "−1,234.5")]
)
def test_numbers_have_the_separators_of_the_language_and_a_true_minus(language: str, text: str) -> None:
    assert formats.number(Fraction(-12345, 10), 1, language) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Fraction(1, 8), 2, "0,13"),  # halves away from zero, not to the even digit
        (Fraction(-1, 8), 2, "−0,13"),
        (Fraction(-1, 1000), 1, "0,0"),  # never a negative zero
        (2.675, 2, "2,68"),  # a float means what it is written as
        (Fraction(2, 3), 0, "1"),
        (0, 0, "0"),
    ],
)
def test_rounding(value: Fraction | float, decimals: int, text: str) -> None:
    assert formats.number(value, decimals, "fi") == text


def test_targets_drop_closing_zeros() -> None:
    assert [formats.trimmed(value, 2, "fi") for value in (80.0, 4.3, 0.25, -2.0)] == [
        "80",
        "4,3",
        "0,25",
        "−2",
    ]


@pytest.mark.parametrize(
    ("unit", "fi", "en"),
    [
        ("percent", "71,3\u00a0%", "71.3%"),
        ("days", "71,3\u00a0vrk", "71.3\u00a0days"),
        ("nps", "71,3", "71.3"),
        ("eur", "71,3\u00a0€", "71.3\u00a0€"),
    ],
)
def test_values_carry_the_symbol_of_their_unit(unit: str, fi: str, en: str) -> None:
    assert formats.value_text(Fraction(713, 10), unit, 1, wording("fi")) == fi
    assert formats.value_text(Fraction(713, 10), unit, 1, wording("en")) == en


def test_differences_are_signed_and_those_of_percentages_are_points() -> None:
    fi = wording("fi")
    assert formats.difference(Fraction(-2, 10), "percent", 1, fi) == "−0,2\u00a0%-yks."
    assert formats.difference(3, "count", 0, fi) == "+3\u00a0kpl"
    assert formats.difference(Fraction(1, 100), "percent", 1, fi) == "0,0\u00a0%-yks."


@pytest.mark.parametrize(
    ("language", "month", "short", "tertial", "date"),
    [
        ("fi", "elokuu 2026", "elo 26", "2. tertiaali 2026", "31.8.2026"),
        ("sv", "augusti 2026", "aug 26", "tertial 2/2026", "31.8.2026"),
        ("en", "August 2026", "Aug 26", "tertial 2, 2026", "31\u00a0Aug\u00a02026"),
    ],
)
def test_periods(language: str, month: str, short: str, tertial: str, date: str) -> None:
    words = wording(language)
    assert formats.month(AUGUST, language) == month
    assert formats.short_month(AUGUST, language) == short
    assert formats.period(Period(TERTIAL, AUGUST), words) == tertial
    assert formats.short_period(Period(TERTIAL, AUGUST), words) == "T2/26"
    assert formats.date(dt.date(2026, 8, 31), words) == date


def test_weeks_are_iso_weeks_of_their_own_year() -> None:
    first = (dt.date(2027, 1, 1) - dt.date(1969, 12, 29)).days // 7  # a Friday, in week 53 of 2026
    assert formats.period(Period(WEEK, AUGUST, first), wording("fi")) == "vk 53/2026"


def test_a_phrase_that_asks_for_what_is_not_given_is_named() -> None:
    """A workspace's phrases may be of an earlier version than the program."""
    wording = Wording("fi", {"sentence.old": "alkaen {period}"})
    with pytest.raises(PackError) as caught:
        wording.say("sentence.old", since="elokuusta")
    assert str(caught.value) == (
        "languages/fi.toml: the phrase 'sentence.old' asks for 'period', which is not given\n"
        "  Take it out of the phrase, or give it in the template; a file of an earlier version: opti upgrade."
    )
