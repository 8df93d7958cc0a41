"""A figure is written so that it, its target and its status agree; the judge reads it as a reader does."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opti_reports.language import formats
from tests.language import test_formats

wording = cache(test_formats.wording)

Op = Literal[">=", "<=", "between"]
WORDS = {"fi": ("alle ", "yli "), "sv": ("under ", "över "), "en": ("below ", "above ")}


def turns(op: Op, levels: tuple[Fraction, ...], near: Fraction) -> list[formats.Turn]:
    """The levels of a target and those of "near it"."""
    found: list[formats.Turn] = []
    for by in (Fraction(0), near):
        found += [(">=", levels[0] - by)] if op != "<=" else []
        found += [("<=", levels[-1] + by)] if op != ">=" else []
    return found


def status(number: Fraction, op: Op, low: Fraction, high: Fraction, near: tuple[Fraction, Fraction]) -> str:
    """By hand: on target, near it or off it."""
    if (op == "<=" or number >= low) and (op == ">=" or number <= high):
        return "good"
    return "watch" if (op == "<=" or number >= near[0]) and (op == ">=" or number <= near[1]) else "off"


def half_up(number: Fraction, places: int) -> Fraction:
    """Rounded by the decimal module of the standard library, which the packs do not use for it."""
    whole = number * 10**places
    made = (Decimal(whole.numerator) / Decimal(whole.denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    return Fraction(made) / Fraction(10**places)


def read(text: str, language: str = "fi") -> tuple[str, Fraction, int]:
    """Words before a figure, the figure, and its decimals."""
    under, over = WORDS[language]
    word = next((w for w in (under, over) if text.startswith(w)), "")
    plain = text.removeprefix(word).replace("\u00a0", "").replace("%", "").replace("−", "-")
    plain = plain.replace(",", "") if language == "en" else plain.replace(",", ".")
    return word.strip(), Fraction(plain), len(plain.partition(".")[2])


@pytest.mark.parametrize(
    ("number", "decimals", "op", "levels", "near", "text"),
    [
        ("0.3996", 2, ">=", ("0.4",), "0.02", "0,3996"),
        ("0.397", 2, ">=", ("0.4",), "0.02", "0,397"),
        ("79.96", 1, ">=", ("80",), "5", "79,96"),
        ("79.9999", 1, ">=", ("80",), "5", "alle 80"),
        ("80.0001", 1, ">=", ("80",), "5", "80,0"),
        ("74.98", 1, ">=", ("80",), "5", "74,98"),  # near it begins at 75
        ("74.99999", 1, ">=", ("80",), "5", "alle 75"),
        ("14.6", 0, "<=", ("14",), "0.7", "14,6"),  # near it ends at 14.7, and "15" lies beyond
        ("15.3", 0, "<=", ("14",), "0.7", "15"),
        ("14.004", 0, "<=", ("14",), "0.7", "yli 14"),
        ("99.96", 1, ">=", ("100",), "0", "99,96"),
        ("105.0001", 1, "between", ("95", "105"), "5", "yli 105"),
        ("94.96", 1, "between", ("95", "105"), "5", "94,96"),
        ("160/3", 1, ">=", ("160/3",), "5", "53,333"),  # a share of a year's target, met; shown as 53,333
        ("53.33", 1, ">=", ("160/3",), "5", "53,3"),
        ("66.6666", 1, ">=", ("200/3",), "5", "alle 66,667"),
        ("0.26", 1, ">=", ("0.25",), "0.01", "0,3"),
        ("0.24", 1, ">=", ("0.25",), "0.01", "0,24"),
    ],
)
def test_a_figure_has_as_many_decimals_as_its_status_needs(
    number: str, decimals: int, op: Op, levels: tuple[str, ...], near: str, text: str
) -> None:
    exact = tuple(Fraction(level) for level in levels)
    shown = formats.agreeing(Fraction(number), decimals, turns(op, exact, Fraction(near)))
    assert formats.figure(shown, "", wording("fi")) == text


@pytest.mark.parametrize(
    ("language", "under", "over"),
    [
        ("fi", "alle 80\u00a0%", "yli 14\u00a0vrk"),
        ("sv", "under 80\u00a0%", "över 14\u00a0dygn"),
        ("en", "below 80%", "above 14\u00a0days"),
    ],
)
def test_where_decimals_do_not_do_words_say_it(language: str, under: str, over: str) -> None:
    few = formats.agreeing(Fraction("79.99999"), 1, [(">=", Fraction(80))])
    late = formats.agreeing(Fraction("14.00001"), 0, [("<=", Fraction(14))])
    assert formats.figure(few, "percent", wording(language)) == under
    assert formats.figure(late, "days", wording(language)) == over
    assert (few.number, late.number) == (Decimal("79.999"), Decimal("14.01"))  # for programs


def test_without_a_target_a_figure_has_its_own_decimals() -> None:
    assert formats.agreeing(Fraction("79.99999"), 1) == formats.Shown(Decimal("80.0"), 1)


def test_a_target_has_the_decimals_it_needs() -> None:
    fi = wording("fi")
    assert formats.target(">=", [Fraction(1, 4)], "", 1, fi) == "≥ 0,25"
    assert formats.target("<=", [Fraction(160, 3)], "percent", 1, fi) == "≤ 53,333\u00a0%"
    assert formats.target("between", [Fraction(95), Fraction(105)], "percent", 1, fi) == "95–105\u00a0%"
    assert formats.target("between", [Fraction(-2), Fraction("0.5")], "", 1, fi) == "−2 … 0,5"


NUMBERS = st.fractions(min_value=-200, max_value=2000, max_denominator=100_000)
TARGETS = st.one_of(
    st.decimals(min_value=0, max_value=1000, places=2).map(Fraction),
    st.tuples(st.integers(1, 120), st.integers(1, 12)).map(lambda part: Fraction(part[0] * part[1], 12)),
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Fraction, int, Op, tuple[Fraction, ...], Fraction]:
    """A number, often hardly beside a level; decimals, a target and how far is near."""
    op: Op = draw(st.sampled_from((">=", "<=", "between")))
    levels = tuple(sorted(draw(st.tuples(TARGETS, TARGETS)))) if op == "between" else (draw(TARGETS),)
    near = draw(st.sampled_from((Fraction(0), Fraction(5), levels[-1] / 20)))
    beside = draw(st.sampled_from((*levels, levels[0] - near, levels[-1] + near)))
    off_by = draw(st.sampled_from((0, 1, -1, 3, -3, 7, -7)))
    hardly = beside + Fraction(off_by, 10 ** draw(st.integers(0, 8)))
    number = draw(st.one_of(st.just(hardly), NUMBERS))
    return number, draw(st.integers(0, 4)), op, levels, near


@given(cases(), st.sampled_from(tuple(WORDS)))
def test_figure_target_and_status_always_agree(case: Any, language: str) -> None:
    number, decimals, op, levels, near = case
    low, high = levels[0], levels[-1]
    truth = status(number, op, low, high, (low - near, high + near))
    given_turns = turns(op, levels, near)
    shown = formats.agreeing(number, decimals, given_turns)
    word, figure, places = read(formats.figure(shown, "percent", wording(language)), language)
    seen = [half_up(level, decimals + 2) for level in (low, high, low - near, high + near)]

    def told(shown_as: Fraction) -> str:
        return status(shown_as, op, seen[0], seen[1], (seen[2], seen[3]))

    def sides(one: Fraction, marks: list[Fraction]) -> list[bool]:
        """On which side of each level, which tells a value over a band from one under it."""
        lower = [] if op == "<=" else [one >= marks[0], one >= marks[2]]
        return lower + ([] if op == ">=" else [one <= marks[1], one <= marks[3]])

    lies = sides(number, [low, high, low - near, high + near])
    if word:
        under = word == WORDS[language][0].strip()
        assert figure in seen
        assert any((number < level) if under else (number > level) for _, level in given_turns)
        assert abs(figure - number) < Fraction(1, 10 ** (decimals + 2))
        assert truth != "good"
        assert sides(half_up(number, decimals + 2), seen) != lies, "words only where no decimals do"
    else:
        assert told(figure) == truth
        assert decimals <= places <= decimals + 2
        assert figure == half_up(number, places), "one rounding: halves away from zero"
        assert all(sides(half_up(number, fewer), seen) != lies for fewer in range(decimals, places)), (
            "no more than needed"
        )
    assert told(Fraction(shown.number)) == truth, "what programs read agrees too"
