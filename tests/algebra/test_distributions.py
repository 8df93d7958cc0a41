"""Poisson and Student's t against published figures."""

from __future__ import annotations

import math

import pytest

from opti_reports.algebra.poisson import poisson_interval, poisson_limits
from opti_reports.algebra.student import welch

# Garwood's exact 95 % limits, as tabulated in textbooks of epidemiology.
GARWOOD = {
    0: (0.0, 3.6889),
    1: (0.0253, 5.5716),
    2: (0.2422, 7.2247),
    5: (1.6235, 11.6683),
    9: (4.1154, 17.0848),
    10: (4.7954, 18.3904),
    20: (12.2165, 30.8884),
    50: (37.1110, 65.9188),
    100: (81.3640, 121.6268),
}


@pytest.mark.parametrize(("count", "expected"), GARWOOD.items())
def test_intervals_of_counts_are_exact(count: int, expected: tuple[float, float]) -> None:
    assert poisson_interval(count) == pytest.approx(expected, abs=6e-5)


def cumulated(count: int, mean: float) -> float:
    return math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1))


@pytest.mark.parametrize("mean", [0.5, 3.0, 12.5, 400.0])
@pytest.mark.parametrize("z", [1.95996, 3.09023])
def test_limits_of_a_count_cut_off_the_tails(mean: float, z: float) -> None:
    tail = {1.95996: 0.025, 3.09023: 0.001}[z]
    low, high = poisson_limits(mean, z)
    assert cumulated(math.floor(high), mean) <= 1 - tail + 1e-6
    assert cumulated(math.ceil(high), mean) >= 1 - tail - 1e-6
    assert cumulated(math.ceil(low), mean) >= tail - 1e-6
    if low:
        assert cumulated(math.floor(low), mean) <= tail + 1e-6


def test_limits_between_two_counts_by_hand() -> None:
    """Of an expectation of 3: P(X ≤ 6) = 0.966491, P(X = 7) = 0.021604, in every table of Poisson's."""
    assert poisson_limits(3, 1.959964)[1] == pytest.approx(6 + (0.975 - 0.966491) / 0.021604, abs=1e-4)
    assert poisson_limits(0, 1.96) == (0.0, 0.0)
    assert poisson_limits(1e-9, 3.09023) == (0.0, 0.0)
    assert poisson_limits(1e9, 1.96) == pytest.approx((1e9 - 61_980, 1e9 + 61_980), abs=2)


# The 97.5 % points of Student's t, as printed in tables of it.
TABLE = {1: 12.7062, 2: 4.3027, 5: 2.5706, 10: 2.2281, 30: 2.0423, 120: 1.9799}


@pytest.mark.parametrize(("degrees", "expected"), TABLE.items())
def test_the_interval_of_a_difference_reaches_as_far_as_students_t(degrees: int, expected: float) -> None:
    """After is twice the same as before's mean, so the degrees are those of before and the error is s/√n."""
    before = [1.0, *([0.0] * degrees)]
    difference, low, high = welch(before, [5.0, 5.0]) or (0.0, 0.0, 0.0)
    error = 1 / (degrees + 1)  # s² = 1/n for one 1 among n, and s/√n = 1/n
    assert (high - difference) / error == pytest.approx(expected, abs=6e-5)
    assert (difference - low) / error == pytest.approx(expected, abs=6e-5)


def test_welch_of_the_sleep_data() -> None:
    """Student 1908: hours of sleep gained with two drugs, as every statistics program reports them."""
    one = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    two = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    assert welch(one, two) == pytest.approx((1.58, -0.2054832, 3.3654832), abs=1e-6)


def test_welch_at_its_edges() -> None:
    assert welch([1.0], [1.0, 2.0]) is None
    assert welch([1.0, 1.0], [3.0, 3.0, 3.0]) == (2.0, 2.0, 2.0)
    found = welch([1.0, 1.0], [1.0, 2.0])
    assert found is not None
    assert found[2] == pytest.approx(0.5 + 12.7062 * 0.5, abs=1e-4)
    huge = welch([1e200, 2e200, 3e200], [4e200, 5e200, 7e200])
    assert huge is not None
    assert all(math.isfinite(figure) for figure in huge)
