"""Demos without stories, from extracts to signals without masking or pages, and how often they cry wolf."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from opti_reports.catalogue.graph import used
from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.config.metric import Metric
from opti_reports.demo import generate
from opti_reports.demo.deliver import DECIDED
from opti_reports.findings.signals import Series, is_judged
from opti_reports.findings.status import Targets
from opti_reports.metrics.evaluate import months_of, one_metric
from opti_reports.model.finding import Signal
from opti_reports.model.spc import Chart
from opti_reports.model.value import Values
from opti_reports.periods.months import YEAR
from tests.findings.charts import RULES, chart
from tests.pipeline import ROOT, known_inputs
from tests.workspaces import LAST

SCALE = 0.03
"""Large enough for charts of nearly every metric, and small enough for a demo in some ten seconds."""
MONTHS, BEFORE = 36, 6
"""The months judged, and those before them: what falls due in the first of them began there."""
Rates = tuple[float, float, float, float]
"""Of a demo's charts of one metric, the share of points that are signals, and of newest points; then both of
the same values in random order, a white noise of the same length."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """A demo to make and judge below a folder, which is left empty."""

    root: Path
    seed: int


def judged(metrics: Mapping[str, Metric]) -> dict[str, Metric]:
    """The metrics that the rules are for."""
    return {id: metric for id, metric in metrics.items() if is_judged(metric)}


def rates(asked: Asked) -> dict[str, Rates]:
    """The rates of every metric with a chart that has icons: means over its organisations."""
    configs, source = load(ROOT / "configs"), np.random.default_rng(asked.seed)
    found: dict[str, list[Rates]] = defaultdict(list)
    for signal in _signals(configs, asked):
        if not signal.rare and signal.chart.variation is not None:
            points = [point.value for point in signal.chart.points]
            values = points[YEAR if signal.season else 0 :]  # a year without a year before is no gap
            mixed = chart([values[at] for at in source.permutation(len(values))])
            found[signal.metric].append((*_shares(signal.chart), *_shares(mixed)))
    return {metric: _means(shares) for metric, shares in found.items()}


def _shares(made: Chart) -> tuple[float, float]:
    """Of the points that are signals, and 1 or 0 for the newest."""
    known = [point for point in made.points if point.value is not None]
    return sum(point.rule is not None for point in known) / len(known), float(known[-1].rule is not None)


def _means(shares: Sequence[Rates]) -> Rates:
    one, two, three, four = np.mean(shares, axis=0).tolist()
    return one, two, three, four


def _signals(configs: Configs, asked: Asked) -> Iterator[Signal]:
    place = asked.root / str(asked.seed)
    generate(
        place / "data",
        LAST,
        organisation_file=ROOT / "configs/organisation.toml",
        months=MONTHS + BEFORE,
        seed=asked.seed,
        scale=SCALE,
        stories=False,
        sources=_sources(configs),
        separate=0,
    )
    configs = load(ROOT / "configs", place / "data" / DECIDED)
    inputs = known_inputs(configs, place / "data", place, LAST)
    shutil.rmtree(place)
    metrics = judged(inputs.metrics)
    newest = {id: max(months_of(inputs, id), default=0) for id in metrics}
    targets = Targets(configs.metrics, configs.targets.target, configs.findings.watch, inputs.at.tree)
    headlines = Values(tuple(value for id in metrics for value in one_metric(inputs, id, split=False)))
    yield from (
        Series(
            values=headlines,
            metrics=metrics,
            targets=targets,
            tree=inputs.at.tree,
            newest=newest,
            rebases=(),
            history=MONTHS,
            charts=RULES.charts,
        )
        .signals()
        .values()
    )


def _sources(configs: Configs) -> Collection[str]:
    """The sources of the judged metrics."""
    facts = {fact for id in judged(configs.metrics) for fact, _ in used(id, configs.metrics)}
    return [id for id, source in configs.sources.items() if facts & {fact.id for fact in source.fact}]


def table(demos: Sequence[Mapping[str, Rates]]) -> dict[str, Floats]:
    """The rates of each metric: a row for every demo with charts of it."""
    names = sorted({name for demo in demos for name in demo})
    return {name: np.array([demo[name] for demo in demos if name in demo]) for name in names}
