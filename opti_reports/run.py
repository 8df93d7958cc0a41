"""The monthly story: extracts, facts, values, disclosure, findings, packs, documents, output."""

from __future__ import annotations

from opti_reports import __version__
from opti_reports.archive.held import held
from opti_reports.cluster import workers
from opti_reports.config.load import load
from opti_reports.messages.message import message
from opti_reports.model.look import Look
from opti_reports.model.report import Event
from opti_reports.parallel import no_collection
from opti_reports.stages import (
    basis,
    disclosure,
    documents,
    extracts,
    facts,
    findings,
    output,
    packs,
    released,
    unchanged,
    values,
    web_page,
)
from opti_reports.stages.mended import mended
from opti_reports.stages.request import Clock, Outcome, Request


def run(request: Request) -> Outcome:
    """Make the month's packs. Raises OptiError; whatever happens, the old output stays whole."""
    return mended(request, _run)


def _run(request: Request) -> Outcome:
    workspace, month, clock = request.workspace, request.month, Clock(request.note)
    request.note(Event("start", message("log.run", month=request.folder.name, version=__version__)))
    with (
        held(workspace),
        workers(request.jobs, request.scheduler, request.tls, workspace.store) as jobs,
    ):
        configs = load(workspace.configs, workspace.demo)
        specs = packs.specs(request.asked, configs, month)

        arrived = extracts.arrive(workspace, configs, month, request.stage)
        rests_on = basis.basis(workspace, arrived.deliveries)
        made_of = unchanged.made_of(request, configs, arrived, rests_on)
        if same := unchanged.unchanged(request, arrived, made_of):
            output.note(request, same)
            return same
        counted = facts.count(workspace, configs, arrived.deliveries, jobs, request.step("extracts"))
        clock.lap("extracts", deliveries=len(arrived.deliveries), late=sum(r.late for r in arrived.sources))
        earlier = released.releases(workspace, configs, rests_on)
        with no_collection():
            exact = values.compute(
                place=workspace.store,
                configs=configs,
                facts=counted,
                month=month,
                jobs=jobs,
                done=request.step("values"),
                kept=released.needed(earlier),
            )
            released.note(workspace.store, exact, rests_on, earlier)
            shown = disclosure.publish(
                place=workspace.store, configs=configs, exact=exact, month=month, jobs=jobs, earlier=earlier
            )
            materials = findings.by_audience(
                configs=configs, facts=counted, arrived=arrived, shown=shown, month=month, basis=rests_on
            )
        material = materials[configs.audiences.files.values]
        clock.lap("values", rows=sum(r.read for r in material.sources))
        built = packs.build(materials, request.asked, specs)
        clock.lap("packs", made=len(built.packs), failed=len(built.failed))
        look = Look(configs.brand.brand(), workspace.templates)
        drawn = documents.draw(request, built, configs.packs, look, jobs)
        clock.lap("documents", made=len(drawn.files), failed=len(drawn.failed))
        left = output.left(request.folder, rests_on, drawn.files) if request.partial else output.Left()
        rejects = output.rejects(configs, counted, month)
        there = web_page.with_handbooks(
            web_page.month_files(built.packs, drawn, left, rejects),
            workspace.output,
            configs.settings.languages,
        )
        page = web_page.draw(materials[configs.audiences.files.web_page], look, jobs, there)
        clock.lap("web page")

        outcome = output.write(
            request=request,
            materials=materials,
            facts=counted,
            built=built,
            made=output.Products(drawn=drawn, page=page, rejects=rejects, left=left),
            made_of=made_of,
            seconds=clock.seconds,
        )
    output.note(request, outcome)
    return outcome
