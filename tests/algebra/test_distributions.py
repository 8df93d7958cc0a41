"""Poisson and Student's t against published figures."""

from __future__ import annotations

import math

import pytest

from opti_reports.algebra.poisson import byar, poisson_interval, poisson_limits
from opti_reports.algebra.student import t_quantile, welch

# Garwood's exact 95 % limits, as tabulated in textbooks of epidemiology.
GARWOOD = {
    0: (0.0, 3.6889),
    1: (0.0253, 5.5716),
    2: (0.2422, 7.2247),
    5: (1.6235, 11.6683),
    9: (4.1154, 17.0848),
}
# The same for counts that have Byar's approximation.
GARWOOD_LARGE = {
    10: (4.7954, 18.3904),
    20: (12.2165, 30.8884),
    50: (37.1110, 65.9188),
    100: (81.3640, 121.6268),
}


@pytest.mark.parametrize(("count", "expected"), GARWOOD.items())
def test_small_counts_have_exact_intervals(count: int, expected: tuple[float, float]) -> None:
    assert poisson_interval(count) == pytest.approx(expected, abs=6e-5)


@pytest.mark.parametrize(("count", "expected"), GARWOOD_LARGE.items())
def test_larger_counts_have_byars_within_a_hundredth(count: int, expected: tuple[float, float]) -> None:
    assert poisson_interval(count) == byar(count)
    assert poisson_interval(count) == pytest.approx(expected, abs=0.01)


def test_byar_of_nothing_is_a_figure() -> None:
    low, high = byar(0)
    assert (low, round(high, 2)) == (0.0, 3.67)
    assert byar(1e-9)[0] == 0


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


def test_exact_and_approximate_limits_meet() -> None:
    assert poisson_limits(999.999, 1.96) == pytest.approx(poisson_limits(1000.001, 1.96), abs=0.01)
    assert poisson_limits(0, 1.96) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [(1, 12.7062), (2, 4.3027), (5, 2.5706), (10, 2.2281), (30, 2.0423), (120, 1.9799), (1e7, 1.96)],
)
def test_students_t_as_tabulated(degrees: float, expected: float) -> None:
    assert t_quantile(degrees) == pytest.approx(expected, abs=6e-5)


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
