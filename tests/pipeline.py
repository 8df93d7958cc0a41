"""The product from extracts to values, before masking and without packs."""

from __future__ import annotations

from pathlib import Path

from opti_reports.config.load import Configs, load
from opti_reports.disk import sha256
from opti_reports.extracts import find
from opti_reports.metrics.evaluate import Inputs, values
from opti_reports.model.period import parse_month
from opti_reports.model.value import Values
from opti_reports.packs.material import Material
from opti_reports.parallel import Jobs
from opti_reports.steps.assemble import assemble
from opti_reports.steps.figures import figures
from opti_reports.steps.inputs import inputs
from opti_reports.steps.take import Taken, deliveries, take
from opti_reports.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent


def known_inputs(configs: Configs, data: Path, output: Path, month: str) -> Inputs:
    """The facts of all deliveries up to a month, placed in its tree."""
    return inputs(configs, taken_until(configs, data, output, month), parse_month(month))


def taken_until(configs: Configs, data: Path, output: Path, month: str) -> Taken:
    """Every delivery up to a month, read."""
    found = find.deliveries(data, parse_month(month), configs.sources, configs.calendar, sha256)
    with Jobs(1) as jobs:
        return take(Workspace(output), configs, found, jobs, _silent)


def computed(configs: Configs, data: Path, output: Path, month: str) -> Values:
    """Every value of a data month as the formulas give it."""
    return values(known_inputs(configs, data, output, month))


def shipped() -> Configs:
    """The configs that come with the project."""
    return load(ROOT / "configs")


def concluded(place: Workspace, month: str) -> Material:
    """What a run over all deliveries finds, from which packs are made."""
    configs, data_month = load(place.configs, place.demo), parse_month(month)
    arrived, reports, stage = deliveries(place, configs, data_month, None)
    with Jobs(1) as jobs:
        taken = take(place, configs, arrived, jobs, _silent)
        told = figures(place.store, configs, taken, data_month, jobs, _silent)
    return assemble(configs, taken, reports, told, data_month, stage, "")


def _silent(done: int, total: int) -> None:
    del done, total
