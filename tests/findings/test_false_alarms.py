"""How often the charts cry wolf over nothing but chance, in made-up series."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.findings.charts import chart
from tests.findings.numpy_spc import flagged

Noise = Callable[[np.random.Generator, tuple[int, int]], NDArray[np.float64]]
SEEDS, EACH, POINTS = 100, 40, 36
NORMAL: Noise = lambda source, shape: source.normal(50, 5, shape)  # noqa: E731
WORST = 0.0826, 0.0366
"""The same of the least regular series that is charted: a count of two a month."""
WHITE = 0.0470, 0.0177
"""The share of points, and of newest points, that are signals in 200 000 normal series of 36 points."""
SEASONAL = 0.048, 0.020
"""The same of their differences from a year ago, 24 points each."""
CLUSTERED = 0.096
"""The spread of a series' own share of signals: seven points make one shift."""


def _varying(
    source: np.random.Generator, shape: tuple[int, int], cases: float, misses: float
) -> NDArray[np.float64]:
    """Shares of a number of cases that varies by chance, with so many misses a month on average."""
    n = np.maximum(source.poisson(cases, shape), 1)
    return source.binomial(n, 1 - misses / cases) / n


def _judged(series: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.array([[p.rule is not None for p in chart(row.tolist()).points] for row in series])


def test_a_hundred_seeds_of_white_noise_give_the_rate_of_the_table() -> None:
    found = np.stack([_judged(NORMAL(np.random.default_rng(seed), (EACH, POINTS))) for seed in range(SEEDS)])
    series = SEEDS * EACH
    assert found.mean() == pytest.approx(WHITE[0], abs=3 * CLUSTERED / series**0.5)
    assert found[:, :, -1].mean() == pytest.approx(WHITE[1], abs=3 * (WHITE[1] / series) ** 0.5)
    by_seed = found.mean(axis=(1, 2))
    assert (abs(by_seed - WHITE[0]) < 3 * CLUSTERED / EACH**0.5).mean() >= 0.98


@pytest.mark.parametrize(
    ("noise", "points", "newest"),
    [
        (NORMAL, *WHITE),
        (lambda source, shape: source.poisson(2, shape) * 1.0, *WORST),
        (lambda source, shape: source.poisson(10, shape) * 1.0, 0.051, 0.020),
        (lambda source, shape: source.binomial(100, 0.95, shape) / 100, 0.059, 0.023),
        (lambda source, shape: _varying(source, shape, 10, 2), 0.054, 0.021),
        (lambda source, shape: _varying(source, shape, 200, 2), 0.062, 0.026),
        (lambda source, shape: _varying(source, shape, 20, 0.5), 0.133, 0.074),
        (lambda source, shape: source.binomial(20, 0.98, shape) / 20, 0.215, 0.125),
    ],
    ids=[
        "normal",
        "two a month",
        "ten a month",
        "95 % of 100",
        "two misses of some ten",
        "two misses of some 200",
        "a miss in two months",
        "98 % of 20",
    ],
)
def test_counts_and_shares_near_their_ends_cry_more_often(noise: Noise, points: float, newest: float) -> None:
    """The table of rates: from two cases a month on nearly as seldom as normal series, below it too often.

    With two misses in five months it is no rarity that a chart is wrong: such shares have none.
    """
    found = flagged(noise(np.random.default_rng(3), (40_000, POINTS)))
    assert found.mean() == pytest.approx(points, abs=0.003)
    assert found[:, -1].mean() == pytest.approx(newest, abs=0.003)


def test_differences_from_a_year_ago_cry_as_often_as_what_they_are_made_of() -> None:
    """Two years of differences of three: as seldom as three years of the months themselves."""
    months = NORMAL(np.random.default_rng(3), (40_000, POINTS))
    found = flagged(months[:, 12:] - months[:, :-12])
    assert found.mean() == pytest.approx(SEASONAL[0], abs=0.003)
    assert found[:, -1].mean() == pytest.approx(SEASONAL[1], abs=0.003)


@pytest.mark.parametrize("steps", [0, 12, 400])
def test_the_table_is_made_by_the_same_rules(steps: int) -> None:
    """The vectorised rules agree with the chart point by point, with many ties, some and none."""
    source = np.random.default_rng(steps)
    series = (
        source.normal(50, 5, (600, POINTS)) if not steps else source.integers(0, steps, (600, POINTS)) / 8
    )
    assert (_judged(series) == flagged(series)).all()
