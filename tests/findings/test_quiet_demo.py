"""A hundred demos without stories cry no more than white noise: every source and metric that has signals.

``SEEDS=1-20 pytest tests/findings/test_quiet_demo.py -s`` takes some of them and prints the rates.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from opti_reports.parallel import Jobs
from tests.findings.quiet import Asked, Floats, judged, rates, table
from tests.findings.test_false_alarms import WHITE, WORST
from tests.pipeline import shipped

ERRORS = 4
"""Standard errors of a mean over demos (within one, levels and units go up and down together) that a rate may
lie too high: so many that two hundred comparisons of equal rates seldom have one that chance breaks."""
SELDOM = 0.2
"""A metric with charts in fewer demos than this is left out: its cases are rare, and rare ones have none."""
LEFT_OUT = {
    "feedback_reopened_n": "fewer than two a month on nearly every level: sums of twelve months, not judged",
    "haipro_occ_safety_10wd_pct": "fewer than two misses a month on every level: likewise",
    "legal_replies_on_time_pct": "fewer than two misses a month on every level: likewise",
}
POINTS, NEWEST = 0, 1
IN_RANDOM_ORDER = 2
"""How much further right the columns of the same values in random order are."""


@pytest.mark.heavy
def test_a_hundred_demos_without_stories_cry_no_more_than_white_noise(tmp_path: Path) -> None:
    """By metric, against its values in random order and against the least regular noise that is charted."""
    seeds = _seeds()
    made = _found(tmp_path, seeds)
    found = {metric: shares for metric, shares in made.items() if len(shares) >= SELDOM * len(seeds)}
    for metric, shares in found.items():
        mean = shares.mean(axis=0)
        print(f"{metric:28} points {mean[0]:.4f} ({mean[2]:.4f}) newest {mean[1]:.4f} ({mean[3]:.4f})")
    assert set(found) == set(judged(shipped().metrics)) - set(LEFT_OUT)
    assert not list(_louder(found))
    _together_as_seldom_as_normal_noise(found)


@pytest.mark.heavy
def test_one_demo_without_stories_cries_as_seldom_as_normal_noise(tmp_path: Path) -> None:
    _together_as_seldom_as_normal_noise(_found(tmp_path, [1]))


def _seeds() -> Sequence[int]:
    first, _, last = os.environ.get("SEEDS", "1-100").partition("-")
    return range(int(first), int(last or first) + 1)


def _found(root: Path, seeds: Sequence[int]) -> dict[str, Floats]:
    """The rates of every metric, a row for each demo."""
    with Jobs(2) as jobs:
        return table(jobs.each(rates, [Asked(root, seed) for seed in seeds], lambda done: None))


def _louder(found: dict[str, Floats]) -> Iterator[tuple[str, float, float]]:
    """The metrics that cry too often, and than what."""
    for metric, shares in found.items():
        for column in (POINTS, NEWEST):
            own, mixed = shares[:, column], shares[:, column + IN_RANDOM_ORDER]
            if (own - mixed).mean() > ERRORS * _error(own - mixed):
                yield metric, own.mean(), mixed.mean()
            if own.mean() > WORST[column] + ERRORS * _error(own):
                yield metric, own.mean(), WORST[column]


def _together_as_seldom_as_normal_noise(found: dict[str, Floats]) -> None:
    """All metrics, each counted once however many organisations have it."""
    means = np.array([shares.mean(axis=0) for shares in found.values()])
    for column in (POINTS, NEWEST):
        own = means[:, column]
        assert own.mean() <= WHITE[column] + ERRORS * _error(own)


def _error(shares: Floats) -> float:
    return float(shares.std() / len(shares) ** 0.5)
