"""The product from extracts to values, before masking and without packs."""

from __future__ import annotations

import shutil
from pathlib import Path

from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.disk import sha256
from opti_reports.extracts import find
from opti_reports.metrics.evaluate import Inputs, values
from opti_reports.model.value import Values
from opti_reports.packs.material import Material
from opti_reports.parallel import Jobs
from opti_reports.periods.months import parse_month
from opti_reports.stages import disclosure, extracts, facts
from opti_reports.stages.counted import Facts
from opti_reports.stages.findings import find as material_of
from opti_reports.stages.inputs import inputs
from opti_reports.stages.values import compute
from opti_reports.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent


def known_inputs(configs: Configs, data: Path, output: Path, month: str) -> Inputs:
    """The facts of all deliveries up to a month, placed in its tree."""
    return inputs(configs, taken_until(configs, data, output, month), parse_month(month))


def taken_until(configs: Configs, data: Path, output: Path, month: str) -> Facts:
    """Every delivery up to a month, read."""
    found = find.deliveries(data, parse_month(month), configs.sources, configs.calendar, sha256)
    with Jobs(1) as jobs:
        return facts.count(Workspace(output), configs, found, jobs, _silent)


def computed(configs: Configs, data: Path, output: Path, month: str) -> Values:
    """Every value of a data month as the formulas give it."""
    return values(known_inputs(configs, data, output, month))


def shipped() -> Configs:
    """The configs that come with the project."""
    return load(ROOT / "configs")


def approved(place: Path) -> Configs:
    """Those configs with all that ships switched off approved, written beside a test's other files."""
    folder = place / "approved"
    shutil.copytree(ROOT / "configs", folder)
    switch_on(folder)
    return load(folder)


def switch_on(configs: Path, role: str = "Johtava ylilääkäri") -> None:
    """Approve in a folder of configs what ships switched off."""
    settings = configs / "settings.toml"
    text = settings.read_text(encoding="utf-8")
    given = f'enabled = true\npurpose = "Listojen seuranta"\napprover = "{role}"\ndate = 2026-08-01\n'
    assert text.count("enabled = false\n") == 1
    settings.write_text(text.replace("enabled = false\n", given), encoding="utf-8")


def concluded(place: Workspace, month: str) -> Material:
    """What a run over all deliveries finds, from which packs are made."""
    configs, data_month = load(place.configs, place.demo), parse_month(month)
    arrived = extracts.arrive(place, configs, data_month, None)
    with Jobs(1) as jobs:
        counted = facts.count(place, configs, arrived.deliveries, jobs, _silent)
        exact = compute(place.store, configs, counted, data_month, jobs, _silent)
        shown = disclosure.publish(place.store, configs, exact, data_month, jobs)
    whose = configs.audiences.files.values
    return material_of(
        configs=configs,
        facts=counted,
        arrived=arrived,
        published=shown[whose],
        audience=whose,
        month=data_month,
        basis="",
    )


def _silent(done: int, total: int) -> None:
    del done, total
