"""A week's story: exports, facts, figures, packs, documents, output; Monday's pages of unfinished months."""

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
    documents,
    extracts,
    output,
    packs,
    released,
    web_page,
    week_disclosure,
    week_facts,
    week_output,
    weeks,
)
from opti_reports.stages.mended import mended
from opti_reports.stages.request import Clock, Outcome, Request


def run_week(request: Request) -> Outcome:
    """Make a week's pages. Raises OptiError; whatever happens, the old output stays whole."""
    return mended(request, _run)


def _run(request: Request) -> Outcome:
    workspace, week, clock = request.workspace, request.week, Clock(request.note)
    request.note(Event("start", message("log.run", month=request.folder.name, version=__version__)))
    with (
        held(workspace),
        workers(request.jobs, request.scheduler, request.tls, workspace.store) as jobs,
    ):
        configs = load(workspace.configs, workspace.demo)
        specs = packs.weekly_specs(request.asked, configs, request.month)

        exports = extracts.arrive_week(workspace, configs, week)
        rests_on = basis.basis(workspace, exports.deliveries, request.period.text)
        step = request.step("extracts")
        counted, exports = week_facts.count(workspace, configs, exports, week, jobs=jobs, done=step)
        clock.lap("extracts", deliveries=len(exports.deliveries), late=sum(r.late for r in exports.sources))
        with no_collection():
            worked = weeks.work(configs, counted, week)
            earlier = released.releases(workspace, configs, rests_on)
            week_disclosure.keep(workspace.store, configs, worked, rests_on, earlier)
            shown = week_disclosure.publish(workspace.store, configs, worked, earlier)
            found = weeks.find(
                configs=configs,
                facts=counted,
                exports=exports,
                worked=worked,
                shown=shown,
                week=week,
                basis=rests_on,
            )
            clock.lap("values")
            built = packs.build(found.materials, request.asked, specs)
        clock.lap("packs", made=len(built.packs), failed=len(built.failed))
        look = Look(configs.brand.brand(), workspace.templates)
        drawn = documents.draw(request, built, configs.packs, look, jobs)
        clock.lap("documents", made=len(drawn.files), failed=len(drawn.failed))
        left = output.left(request.folder, rests_on, drawn.files) if request.partial else output.Left()
        there = web_page.month_files(built.packs, drawn, left, ())
        page = web_page.draw(found.materials[configs.audiences.files.web_page], look, jobs, there)
        clock.lap("web page")
        outcome = week_output.write(
            request,
            found.materials,
            exports,
            built=built,
            made=output.Products(drawn=drawn, page=page, rejects={}, left=left),
            quiet=found.silent,
            seconds=clock.seconds,
        )
    output.note(request, outcome)
    return outcome
