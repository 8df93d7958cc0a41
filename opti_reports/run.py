"""The monthly story: extracts, facts, values, masking, findings, packs, documents, output."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from opti_reports import __version__
from opti_reports.config.files import secret_faults
from opti_reports.config.load import Configs, load
from opti_reports.config.pack import PackSpec
from opti_reports.errors import ConfigError, DamagedError, PackError
from opti_reports.extracts import find
from opti_reports.model.look import Look
from opti_reports.model.pack import Pack
from opti_reports.model.period import month_text
from opti_reports.model.report import Event, SourceReport, Stage
from opti_reports.packs.build import build
from opti_reports.packs.material import Material
from opti_reports.parallel import Jobs, no_collection
from opti_reports.steps import asked, outputs, pages
from opti_reports.steps.asked import Asked
from opti_reports.steps.assemble import assemble
from opti_reports.steps.basis import basis
from opti_reports.steps.documents import documents as rendered
from opti_reports.steps.figures import figures
from opti_reports.steps.held import held
from opti_reports.steps.take import counted, deliveries, expected, take
from opti_reports.store.entries import forget_damaged
from opti_reports.store.figures import FOLDER
from opti_reports.workspace import Workspace

Progress = Callable[[str, int, int], None]
"""Called with a step's name, how much is done and how much there is."""
Note = Callable[[Event], None]
"""Called with each thing worth writing down."""


def silent(step: str, done: int, total: int) -> None:
    """Say nothing of progress."""
    del step, done, total


def unnoted(event: Event) -> None:
    """Write no log."""
    del event


@dataclass(frozen=True)
class Request:
    """What a run is asked to do; empty ``packs``, ``orgs`` or ``languages`` mean all that are due."""

    workspace: Workspace
    month: int
    packs: tuple[str, ...] = ()
    orgs: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    stage: Stage | None = None
    jobs: int = 0
    progress: Progress = silent
    note: Note = unnoted

    @property
    def asked(self) -> Asked:
        """The packs that are named."""
        return Asked(self.packs, self.orgs, self.languages)

    @property
    def partial(self) -> bool:
        """Whether only some packs are asked for; the others of the folder are kept."""
        return bool(self.asked)


@dataclass(frozen=True)
class Outcome:
    """What a run made: where, which packs, which failed and why, the sources, and how long each step took.

    ``outdated`` are packs of earlier extracts or configs that a partial run left in the folder, ``unmade``
    those that are due and that it neither made nor found there.
    """

    folder: Path
    stage: Stage
    packs: tuple[str, ...]
    failed: dict[str, str]
    sources: tuple[SourceReport, ...]
    warnings: tuple[str, ...]
    outdated: tuple[str, ...] = ()
    unmade: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)


class Clock:
    """Times the steps of a run; its figures go to ``run.json``, never into content."""

    def __init__(self, note: Note = unnoted) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()
        self._note = note

    def lap(self, step: str, **counts: int) -> None:
        """Note how long the step that just ended took, and what it counted."""
        now = time.perf_counter()
        self.seconds[step] = round(now - self._since, 3)
        self._since = now
        self._note(Event(step, seconds=self.seconds[step], counts=counts))


def run(request: Request) -> Outcome:
    """Make the month's packs. Raises OptiError; whatever happens, the old output stays whole.

    What is found damaged in the store is removed, all at once, and made anew.
    """
    try:
        return _run(request)
    except DamagedError as error:
        store = request.workspace.store
        forget_damaged(store)
        forget_damaged(store / FOLDER)
        request.note(Event("store", f"damaged entries are made anew: {error.what}", "warning"))
        return _run(request)


def _run(request: Request) -> Outcome:
    clock = Clock(request.note)
    workspace, month = request.workspace, request.month
    request.note(Event("start", f"run of {month_text(month)}, opti {__version__}"))
    with held(workspace), Jobs(request.jobs) as jobs:
        configs = load(workspace.configs, workspace.demo)
        specs = asked.specs(request.asked, configs, month)
        found, reports, stage = deliveries(workspace, configs, month, request.stage)
        taken = take(
            workspace, configs, found, jobs, lambda done, total: request.progress("extracts", done, total)
        )
        clock.lap("extracts", deliveries=len(found), late=sum(r.late for r in reports))
        with no_collection():
            told = figures(
                workspace.store,
                configs,
                taken,
                month,
                jobs,
                lambda done, total: request.progress("values", done, total),
            )
            material = assemble(configs, taken, reports, told, month, stage, basis(workspace, found))
        clock.lap("values", rows=sum(r.read for r in material.sources))
        packs, failed = _built(request, material, specs)
        clock.lap("packs", made=len(packs), failed=len(failed))
        look = Look(configs.brand.brand(), workspace.templates)
        documents, unrendered = rendered(
            packs, configs.packs, look, jobs, lambda done, total: request.progress("packs", done, total)
        )
        failed |= unrendered
        clock.lap("documents", made=len(documents), failed=len(failed))
        folder = workspace.output / month_text(month)
        old = outputs.outdated(folder, material.basis, documents) if request.partial else ()
        there = pages.kept(folder) if request.partial else ()
        kept = tuple(file for file in there if file.endswith((".pdf", ".pptx")))
        rejects = outputs.rejects(configs, taken, month)
        made = pages.made(there, packs, documents, failed, old, rejects)
        web, unmade = pages.pages(material, look, jobs, made)
        failed |= unmade
        clock.lap("web page")
        outcome = Outcome(
            folder,
            stage,
            tuple(sorted(documents)),
            failed,
            material.sources,
            (
                *outputs.warnings(workspace, configs, month, material.sources),
                *outputs.impossible(material),
                *outputs.boxed(packs),
            ),
            old,
            tuple(sorted({*asked.whole(material)} - {*documents, *failed, *kept})),
            clock.seconds,
        )
        record = _record(request, outcome, material, kept)
        files = documents | web | rejects
        outputs.write(folder, record, material, taken.deliveries, packs, files, partial=request.partial)
    _told(request.note, outcome)
    return outcome


def _told(note: Note, outcome: Outcome) -> None:
    """Write down what a person should look at, and the end."""
    for line in outcome.warnings:
        note(Event("sources", line, "warning"))
    for name, why in sorted(outcome.failed.items()):
        note(Event("documents", f"{name}: {why}", "error"))
    counts = {
        "packs": len(outcome.packs),
        "failed": len(outcome.failed),
        "exit_code": PackError.exit_code if outcome.failed else 0,
    }
    seconds = round(sum(outcome.seconds.values()), 3)
    note(Event("end", f"{outcome.stage}, in {outcome.folder.name}", seconds=seconds, counts=counts))


def check(request: Request) -> tuple[tuple[SourceReport, ...], tuple[str, ...]]:
    """Read the configs and the month's extracts, render nothing: what became of the rows, what to look at.

    Raises OptiError with every fault.
    """
    workspace, month = request.workspace, request.month
    configs = check_configs(workspace)
    with held(workspace), Jobs(request.jobs) as jobs:
        found, reports, _ = deliveries(workspace, configs, month, request.stage)
        taken = take(
            workspace, configs, found, jobs, lambda done, total: request.progress("extracts", done, total)
        )
        told = counted(configs, taken, reports, month)
        return told, outputs.warnings(workspace, configs, month, told)


def check_configs(workspace: Workspace) -> Configs:
    """The workspace's configs. Raises ConfigError with every fault, those of the templates among them."""
    # The renderers are needed here and by workers that render only.
    from opti_reports.render.templates import template_faults  # noqa: PLC0415
    from opti_reports.steps import templates  # noqa: PLC0415

    faults = [
        *template_faults(workspace.templates),
        *secret_faults(workspace.configs, "configs"),
        *secret_faults(workspace.templates, "templates"),
    ]
    try:
        configs = load(workspace.configs, workspace.demo)
    except ConfigError as error:
        raise ConfigError([*error.faults, *faults]) from None
    faults += () if faults else list(templates.faults(configs, workspace.templates))
    if faults:
        raise ConfigError(faults)
    return configs


def ready(workspace: Workspace, month: int) -> tuple[Configs, tuple[SourceReport, ...], tuple[str, ...]]:
    """Which sources of a month have arrived, which are due when and from whom, and what is not read."""
    configs = load(workspace.configs, workspace.demo)
    return (
        configs,
        expected(workspace, configs, month),
        find.unread(workspace.data, month, configs.sources),
    )


def _built(
    request: Request, material: Material, specs: Sequence[PackSpec]
) -> tuple[list[Pack], dict[str, str]]:
    """The packs, and what went wrong with those that could not be built."""
    packs: list[Pack] = []
    failed: dict[str, str] = {}
    for spec, org, language in asked.packs(request.asked, material, specs):
        try:
            packs.append(build(material, spec, org, language))
        except PackError as error:
            failed[f"packs/{spec.id}/{org}.{language}.{spec.format}"] = str(error)
    return packs, failed


def _record(request: Request, outcome: Outcome, material: Material, kept: Sequence[str]) -> dict[str, object]:
    """What ``run.json`` says of a run; ``kept`` are packs of earlier ones."""
    return {
        "month": month_text(request.month),
        "stage": outcome.stage,
        "version": __version__,
        "basis": material.basis,
        "due": asked.whole(material),
        "packs": sorted({*outcome.packs, *kept}),
        "outdated": outcome.outdated,
        "failed": outcome.failed,
        "warnings": outcome.warnings,
        "seconds": outcome.seconds,
        "exit_code": PackError.exit_code if outcome.failed else 0,
    }
