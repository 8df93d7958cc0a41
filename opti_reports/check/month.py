"""Configs, templates and a month's extracts looked at, nothing rendered: `opti check` and `opti status`."""

from __future__ import annotations

from opti_reports.archive.held import held
from opti_reports.config.configs import Configs
from opti_reports.config.files import secret_faults
from opti_reports.config.load import load
from opti_reports.errors import ConfigError
from opti_reports.messages.message import Message
from opti_reports.model.report import SourceReport
from opti_reports.parallel import Jobs
from opti_reports.stages import extracts, facts
from opti_reports.stages.reports import reported, warnings
from opti_reports.stages.request import Request
from opti_reports.workspace import Workspace


def check(request: Request) -> tuple[tuple[SourceReport, ...], tuple[Message, ...]]:
    """Read the configs and the month's extracts, render nothing: what became of the rows, what to look at.

    Raises OptiError with every fault.
    """
    workspace, month = request.workspace, request.month
    configs = check_configs(workspace)
    with held(workspace), Jobs(request.jobs) as jobs:
        arrived = extracts.arrive(workspace, configs, month, request.stage)
        counted = facts.count(workspace, configs, arrived.deliveries, jobs, request.step("extracts"))
        sources = reported(configs, counted, arrived.sources, month)
        return sources, warnings(workspace, configs, month, sources)


def check_configs(workspace: Workspace) -> Configs:
    """Return the workspace's configs.

    Raises ConfigError with every fault, those of the templates among them.
    """
    # The renderers take a second to load, and only templates need them.
    from opti_reports.check import packs, templates  # noqa: PLC0415
    from opti_reports.render.templates import template_faults  # noqa: PLC0415

    faults = [
        *template_faults(workspace.templates),
        *secret_faults(workspace.configs, "configs"),
        *secret_faults(workspace.templates, "templates"),
    ]
    try:
        configs = load(workspace.configs, workspace.demo)
    except ConfigError as error:
        raise ConfigError([*error.faults, *faults]) from None
    for of in (templates, packs):
        faults += () if faults else list(of.faults(configs, workspace.templates))
    if faults:
        raise ConfigError(faults)
    return configs
