"""Looks at one source's extracts as a run does, up to its figures: what is refused, said and published.

Nothing is rendered, other sources are left out, and the facts of undamaged months come from a prepared store.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from opti_reports.catalogue.graph import facts_of, sources_of
from opti_reports.config.configs import Configs
from opti_reports.demo import generate
from opti_reports.demo.layout import LAYOUTS
from opti_reports.errors import ExtractError
from opti_reports.messages.sentences import sentence
from opti_reports.metrics.evaluate import one_metric
from opti_reports.model.value import Value
from opti_reports.parallel import Jobs
from opti_reports.periods.months import parse_month
from opti_reports.stages import extracts, facts
from opti_reports.stages.counted import Facts
from opti_reports.stages.inputs import inputs
from opti_reports.stages.reports import reported
from opti_reports.stages.reports import warnings as warnings_of
from opti_reports.workspace import Workspace
from tests.demo.reading import ORGANISATION
from tests.pipeline import shipped
from tests.workspaces import LAST, once

MONTH = parse_month(LAST)
MONTHS = 13
"""So many that what is expected of a month can be known; the demo delivers the last six by themselves."""
SCALE = 0.01
RECENT = 4
"""How many months' figures are compared; those of twelve months and of the year go further back."""
Place = tuple[str, ...]
"""Metric, organisation, kind of period, period, breakdown and key; of a list its name and a row's number."""


@dataclass(frozen=True)
class Seen:
    """What became of a source: why it is refused (or nothing), what is said of it, its figures and lists."""

    refusal: str
    warnings: tuple[str, ...]
    figures: dict[Place, Value]
    lists: Mapping[Place, tuple[str, ...]]


@cache
def only(source: str) -> Configs:
    """The shipped configs with one source."""
    configs = shipped()
    return replace(configs, sources={source: configs.sources[source]})


@cache
def metrics_of(source: str) -> tuple[str, ...]:
    """The metrics that rest on the source alone."""
    configs = shipped()
    return tuple(id for id in configs.metrics if sources_of(configs, [id]) == (source,))


def prepared(factory: pytest.TempPathFactory, source: str) -> Path:
    """A workspace with a year of a source's extracts, their facts in the store; tests only read it."""
    whole = once(factory, "outside", _generate)

    def make(root: Path) -> None:
        for path in sorted(whole.glob(f"*/{LAYOUTS[source].stem}*")):
            (root / "data" / path.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copy(path, root / "data" / path.parent.name)
        clean = look(root, source)
        assert clean.refusal == "", clean.refusal

    return once(factory, f"outside_{source}", make)


def clean_of(factory: pytest.TempPathFactory, source: str) -> Seen:
    """What is seen of the undamaged extracts."""
    place = prepared(factory, source)
    if source not in CLEAN:
        with tempfile.TemporaryDirectory() as folder:  # another process may copy the place just now
            shutil.copytree(place, Path(folder) / "clean")
            CLEAN[source] = look(Path(folder) / "clean", source)
    return CLEAN[source]


CLEAN: dict[str, Seen] = {}
"""What this process has seen of undamaged extracts, by source."""


def _generate(root: Path) -> None:
    generate(root, LAST, organisation_file=ORGANISATION, months=MONTHS, scale=SCALE)


def look(root: Path, source: str) -> Seen:
    """Take the extracts as a run of the last month does."""
    place, configs = Workspace(root), only(source)
    try:
        arrived = extracts.arrive(place, configs, MONTH, None)
        with Jobs(1) as jobs:
            taken = facts.count(place, configs, arrived.deliveries, jobs, lambda done, total: None)
    except ExtractError as error:
        return Seen(str(error), (), {}, {})
    told = reported(configs, taken, arrived.sources, MONTH)
    warnings = tuple(map(sentence, warnings_of(place, configs, MONTH, told)))
    return Seen("", warnings, _figures(configs, taken, source), _lists(taken, source))


def _figures(configs: Configs, taken: Facts, source: str) -> dict[Place, Value]:
    ids = metrics_of(source)
    given = inputs(configs, taken, MONTH, facts_of(configs, ids)).of_last(RECENT, 0)
    return {
        (v.metric, v.org, v.period.cadence.id, v.period.text, v.breakdown, v.key): v
        for id in ids
        if id in given.metrics
        for v in one_metric(given, id)
    }


def _lists(taken: Facts, source: str) -> dict[Place, tuple[str, ...]]:
    """The rows of the source's lists; ids and dates as they are shown."""
    newest = taken.of(source)[-1][1]
    return {
        (name, str(number)): tuple(str(cell) for cell in row)
        for name, frame in newest.lists.items()
        for number, row in enumerate(frame.itertuples(index=False))
    }
