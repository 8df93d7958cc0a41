"""How often the charts cry wolf: as often as white noise must, in made-up series and in a quiet demo."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from opti_reports.config.load import Configs, load
from opti_reports.demo import generate
from opti_reports.findings.signals import Series
from opti_reports.findings.spc import chart
from opti_reports.findings.status import Targets
from opti_reports.metrics.evaluate import newest_complete, one_metric
from opti_reports.model.finding import Signal
from opti_reports.model.spc import Chart
from opti_reports.model.value import Values
from tests.findings.numpy_spc import flagged
from tests.pipeline import ROOT, known_inputs
from tests.workspaces import LAST

Noise = Callable[[np.random.Generator, tuple[int, int]], NDArray[np.float64]]
SEEDS, EACH, POINTS = 100, 40, 36
NORMAL: Noise = lambda source, shape: source.normal(50, 5, shape)  # noqa: E731
WORST = 0.0826, 0.0366
"""The same of the least regular series that is charted: a count of two a month."""
WHITE = 0.0470, 0.0177
"""The share of points, and of newest points, that are signals in 200 000 normal series of 36 points."""
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


@pytest.mark.parametrize("steps", [0, 12, 400])
def test_the_table_is_made_by_the_same_rules(steps: int) -> None:
    """The vectorised rules agree with the chart point by point, with many ties, some and none."""
    source = np.random.default_rng(steps)
    series = (
        source.normal(50, 5, (600, POINTS)) if not steps else source.integers(0, steps, (600, POINTS)) / 8
    )
    assert (_judged(series) == flagged(series)).all()


SOURCES = ("phone_contacts", "survey_responses", "client_feedback", "haipro_reports")


def _signals(configs: Configs, root: Path, seed: int) -> Iterator[Signal]:
    generate(
        root / "data",
        LAST,
        organisation_file=ROOT / "configs/organisation.toml",
        seed=seed,
        scale=0.01,
        stories=False,
        sources=SOURCES,
    )
    inputs = known_inputs(configs, root / "data", root, LAST)
    newest = {id: newest_complete(inputs, id) for id in inputs.metrics}
    targets = Targets(configs.metrics, configs.targets.target, configs.findings.watch, inputs.at.tree)
    headlines = Values(tuple(v for id in inputs.metrics for v in one_metric(inputs, id, split=False)))
    found = Series(headlines, inputs.metrics, targets, inputs.at.tree, newest, (), POINTS)
    for signal in found.signals().values():
        if not signal.rare and signal.chart.variation is not None:
            yield signal


@pytest.mark.heavy
def test_a_hundred_demos_without_stories_cry_no_more_than_white_noise(tmp_path: Path) -> None:
    """Against the same values shuffled, a noise that no rule may notice, and against the worst of the table.

    The bands are those of the shares of whole demos, whose levels and units go up and down together.
    """
    configs, source = load(ROOT / "configs"), np.random.default_rng(1)
    rates: dict[str, list[list[float]]] = defaultdict(list)
    for seed in range(1, SEEDS + 1):
        own: dict[str, list[tuple[float, float, bool, bool]]] = defaultdict(list)
        for signal in _signals(configs, tmp_path / str(seed), seed):
            numbers = [p.value for p in signal.chart.points]
            mixed = chart([numbers[at] for at in source.permutation(len(numbers))])
            own[signal.metric].append(
                (
                    _share(signal.chart),
                    _share(mixed),
                    signal.chart.variation != "common_cause",
                    mixed.variation != "common_cause",
                )
            )
        shutil.rmtree(tmp_path / str(seed))
        for metric, shares in own.items():
            rates[metric].append(np.mean(shares, axis=0).tolist())
    for metric, seeds in sorted(rates.items()):
        table = np.array(seeds)
        mean, error = table.mean(axis=0), table.std(axis=0) / len(table) ** 0.5
        print(f"{metric:28} points {mean[0]:.4f} ({mean[1]:.4f}) newest {mean[2]:.4f} ({mean[3]:.4f})")
        for own_rate, shuffled, worst in ((0, 1, WORST[0]), (2, 3, WORST[1])):
            band = 3 * (error[own_rate] ** 2 + error[shuffled] ** 2) ** 0.5
            assert mean[own_rate] <= mean[shuffled] + band + 0.005, metric
            assert mean[own_rate] <= worst + 3 * error[own_rate], metric


def _share(made: Chart) -> float:
    """The share of the points that are signals."""
    known = [point for point in made.points if point.value is not None]
    return sum(point.rule is not None for point in known) / len(known)
