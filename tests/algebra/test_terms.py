"""Terms of formulas and the intervals of shares."""

from __future__ import annotations

from math import sqrt

import pytest

from opti_reports.algebra.intervals import net_promoter, wilson
from opti_reports.algebra.term import Term, parse_term


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("calls.n", Term("calls", "n")),
        (" -calls.n ", Term("calls", "n", -1)),
        ("mean(staff.permanent)", Term("staff", "permanent", 1, "mean")),
        ("-last(staff.vacant)", Term("staff", "vacant", -1, "last")),
        ("distinct(visits.client)", Term("visits", "client", 1, "distinct")),
        ("nps.n[nps_0_10=9|10]", Term("nps", "n", filters=(("nps_0_10", ("9", "10")),))),
        (
            "sum(calls.n[kind=a|b, language=sv])",
            Term("calls", "n", filters=(("kind", ("a", "b")), ("language", ("sv",)))),
        ),
        ("calls.n[]", Term("calls", "n")),
    ],
)
def test_terms_are_read(text: str, term: Term) -> None:
    assert parse_term(text) == term


SHAPE = "write [-][rule(]fact.measure[key=a|b][)], e.g. calls.n or -last(staff.vacant)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("calls", f"'calls' is not a term; {SHAPE}"),
        ("mean(staff.permanent", f"'mean(staff.permanent' is not a term; {SHAPE}"),
        ("staff.permanent)", f"'staff.permanent)' is not a term; {SHAPE}"),
        ("a.b + c.d", f"'a.b + c.d' is not a term; {SHAPE}"),
        ("", f"'' is not a term; {SHAPE}"),
        ("median(a.b)", "unknown rule 'median' in 'median(a.b)'; rules are sum, last, mean, distinct"),
        ("a.b[key]", "'key' should be key=value or key=a|b"),
        ("a.b[key=]", "'key=' should be key=value or key=a|b"),
        ("a.b[=x]", "'=x' should be key=value or key=a|b"),
    ],
)
def test_what_is_no_term_is_refused_with_its_shape(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse_term(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        # Published with the method's description: Wilson (1927) at 95 %.
        (65, 100, 0.552544, 0.736358),
        (1, 100, 0.001767, 0.054486),
    ],
)
def test_the_interval_of_a_share(hits: int, n: int, low: float, high: float) -> None:
    assert wilson(hits, n) == pytest.approx((low, high), abs=5e-7)


def test_the_interval_of_none_and_of_all_stays_within_the_possible() -> None:
    low, high = wilson(0, 20)
    assert low == 0.0
    assert high == pytest.approx(0.161125, abs=5e-7)
    assert wilson(20, 20) == pytest.approx((1 - high, 1.0))


def test_the_interval_of_a_net_promoter_score() -> None:
    # 50 promoters and 20 detractors of 100: 30 with standard error 100·sqrt(0.7 − 0.09)/10.
    half = 1.959963984540054 * 10 * sqrt(0.61)
    assert net_promoter(50, 20, 100) == pytest.approx((30 - half, 30 + half))
    assert net_promoter(10, 0, 10) == (100.0, 100.0)
    low, high = net_promoter(3, 0, 4)
    assert high == 100.0
    assert low < 75
