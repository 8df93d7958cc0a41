"""Student's t against published figures."""

from __future__ import annotations

import math

import pytest

from opti_reports.algebra.student import welch

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
