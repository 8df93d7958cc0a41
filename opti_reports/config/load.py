"""Read the whole ``configs`` folder: one frozen ``Configs``, or a ConfigError with every fault."""

from __future__ import annotations

from pathlib import Path

from opti_reports.config.check import check, defined_by, shapes_of
from opti_reports.config.check_organisation import to_organisation
from opti_reports.config.check_packs import Defined
from opti_reports.config.configs import Configs, known, make_calendar
from opti_reports.config.gathered import gather
from opti_reports.config.listed import with_sources
from opti_reports.config.read import read_model
from opti_reports.config.settings import Demo, Findings, Targets
from opti_reports.errors import ConfigError, Fault


def load(folder: Path, demo: Path | None = None, *, whole: bool = False) -> Configs:
    """Return the configs of a workspace, with what the demo's organisation decided where that file is there.

    Of the sources they hold those that the organisation has, and what rests on them; all of it if ``whole``.
    Raises ConfigError with every fault of every file.
    """
    files, faults = gather(folder)
    context = known(files.limits, make_calendar(files.settings), 0)
    shapes, wrong = shapes_of(files, context)
    defined = defined_by(files, shapes)
    decided, unread = _decided(demo)
    if faults := [*faults, *wrong, *check(files, defined), *unread]:
        raise ConfigError(faults)
    targets, findings = files.targets, files.findings
    if decided:
        targets, findings = _with_demo(decided, targets, findings, defined)
    configs = Configs(
        settings=files.settings,
        audiences=files.audiences,
        areas=files.areas.area,
        themes=files.ordered,
        metrics=files.metrics,
        sources=files.sources.models,
        shapes=shapes,
        organisation=to_organisation(files.organisation),
        limits=files.limits,
        targets=targets,
        findings=findings,
        recipients=files.recipients,
        mail=files.mail,
        archive=files.archive,
        guards=files.guards,
        goals=files.goals,
        groupings=files.groupings.grouping,
        brand=files.brand,
        packs=files.packs.models,
        wordings=files.wordings,
        demo=decided is not None,
    )
    return configs if whole else with_sources(configs, files.listed)


def _decided(demo: Path | None) -> tuple[Demo | None, list[Fault]]:
    """Return what the demo's organisation has decided, where its file is there."""
    if demo is None or not demo.is_file():
        return None, []
    return read_model(demo, f"{demo.parent.name}/{demo.name}", Demo)


def _with_demo(
    demo: Demo, targets: Targets, findings: Findings, defined: Defined
) -> tuple[Targets, Findings]:
    """Add the demo's targets of metrics and units that are here, and its signature under unsigned rules."""
    metrics, units = defined.names["metric"], defined.names["unit"]
    here = [one for one in demo.targets() if one.metric in metrics and one.organisation in units]
    signed = {"agreed_by": demo.agreed_by, "agreed_at": demo.agreed_at}
    rules = tuple(r if r.agreed else r.model_copy(update=signed) for r in findings.escalation)
    return Targets(target=(*targets.target, *here)), findings.model_copy(update={"escalation": rules})
