"""Rare counts become sums over twelve months."""

from __future__ import annotations

import pytest

from opti_reports.findings.rare import is_rare, rolling


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
