"""Rare counts become sums over twelve months, shares that few cases move shares of twelve."""

from __future__ import annotations

import pytest

from opti_reports.findings.rare import Cases, rolling, rolling_share
from tests.findings.charts import is_rare, is_rare_share


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([0, 1, 3, 2], True),
        ([2, 2, 2], False),
        ([1, None, 3], False),
        ([1, None, 2], True),
        ([0, 0], True),
        ([], False),
        ([None], False),
    ],
)
def test_a_mean_below_two_is_rare(counts: list[float | None], expected: bool) -> None:
    assert is_rare(counts) is expected


def test_sums_begin_with_the_twelfth_month_and_a_gap_hides_twelve() -> None:
    counts: list[float | None] = [float(n) for n in range(1, 16)]
    assert rolling(counts) == (*[None] * 11, 78.0, 90.0, 102.0, 114.0)
    counts[2] = None
    assert rolling(counts) == (*[None] * 14, 114.0)
    assert rolling([1.0] * 11) == (None,) * 11
    assert rolling([]) == ()


@pytest.mark.parametrize(
    ("hits", "cases", "expected"),
    [
        ([19, 20, 20], [20, 20, 20], True),  # one miss in three months
        ([18, 18, 18], [20, 20, 20], False),
        ([1, 2, 1], [20, 20, 20], True),  # the hits are the rare kind
        ([20, None, 14], [20, None, 20], False),
        ([0, 0], [0, 0], True),
        ([None], [None], False),
        ([], [], False),
    ],
)
def test_a_share_is_rare_where_its_hits_or_its_misses_are(
    hits: list[float | None], cases: list[float | None], expected: bool
) -> None:
    months = [None if h is None or n is None else Cases(h, n) for h, n in zip(hits, cases, strict=True)]
    assert is_rare_share(months) is expected


def test_a_share_of_twelve_months_is_of_all_their_cases_if_they_are_enough() -> None:
    months: list[Cases | None] = [Cases(1, 2), *[Cases(0, 0)] * 10, Cases(3, 3), Cases(2, 2)]
    assert rolling_share(months, 5) == (*[None] * 11, 0.8, 1.0)
    assert rolling_share(months, 6) == (None,) * 13
    assert rolling_share([Cases(0, 0)] * 12, 0) == (None,) * 12
    assert rolling_share([*months[:5], None, *months[6:]], 0) == (None,) * 13
