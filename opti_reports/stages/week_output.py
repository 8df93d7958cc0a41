"""A week's folder: pages, figures and the run's record, built beside the old one, swapped in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from opti_reports import __version__
from opti_reports.archive.standing import RECORD
from opti_reports.errors import PackError
from opti_reports.extracts import weekly
from opti_reports.extracts.weekly import Exports
from opti_reports.messages.message import Message, message
from opti_reports.messages.sentences import sentence
from opti_reports.model.pack import to_json
from opti_reports.output import folder as week_folder
from opti_reports.output import tables
from opti_reports.packs.material import Material
from opti_reports.periods.months import month_text, week_text
from opti_reports.stages.output import Left, Products, inputs
from opti_reports.stages.packs import Built
from opti_reports.stages.request import Outcome, Request
from opti_reports.workspace import swap


def write(
    request: Request,
    materials: Mapping[str, Material],
    exports: Exports,
    *,
    built: Built,
    made: Products,
    quiet: Mapping[str, Sequence[str]],
    seconds: dict[str, float],
) -> Outcome:
    """Write the week's folder, and return what a run made; a partial run keeps the pages it did not make."""
    one = next(iter(materials.values()))
    material = materials[one.configs.audiences.files.values]
    outcome = Outcome(
        folder=request.folder,
        stage="final",
        packs=tuple(sorted(made.drawn.files)),
        failed=built.failed | made.drawn.failed | made.page.failed,
        sources=material.sources,
        warnings=(
            *weekly.unread(request.workspace.data, request.week, material.configs.sources),
            *_warnings(exports, request.week, quiet),
            *made.drawn.broken,
        ),
        outdated=made.left.outdated,
        seconds=seconds,
    )
    files = (
        made.drawn.files
        | made.page.files
        | {f"packs/{pack.name}.json": to_json(pack).encode() for pack in built.packs}
    )
    files["values.csv"] = tables.values_csv(
        material.values, material.configs.metrics, material.tree, material
    )
    files[RECORD] = (
        json.dumps(_record(outcome, material, exports, files, made.left), ensure_ascii=False, indent=1) + "\n"
    ).encode()
    new = request.folder.with_name(f".{request.folder.name}.new")
    week_folder.build(new, request.folder, files, ("packs/",) if request.partial else ())
    swap(new, request.folder)
    return outcome


def _warnings(exports: Exports, week: int, quiet: Mapping[str, Sequence[str]]) -> Iterator[Message]:
    """Yield what a coordinator should look at: sources and weeks that have not come, units not heard of."""
    for report in exports.sources:
        if report.late:
            due = report.due.isoformat()
            yield message("warning.late", source=report.source, month=week_text(week), due=due)
    for source, weeks in exports.lacking.items():
        if earlier := tuple(week_text(one) for one in weeks if one != week):
            yield message("warning.gap", source=source, weeks=earlier)
    for source, units in quiet.items():
        yield message("warning.silent", source=source, units=tuple(units))


def _record(
    outcome: Outcome, material: Material, exports: Exports, files: Mapping[str, bytes], left: Left
) -> dict[str, object]:
    return {
        "week": material.week.text,
        "version": __version__,
        "basis": material.basis,
        "packs": sorted({*outcome.packs, *left.packs}),
        "outdated": outcome.outdated,
        "failed": {name: sentence(why) for name, why in outcome.failed.items()},
        "warnings": [sentence(one) for one in outcome.warnings],
        "messages": [asdict(one) for one in outcome.warnings],
        "deliveries": [
            {"source": one.source, "month": month_text(one.month), "files": [path.name for path in one.files]}
            for one in exports.deliveries
        ],
        "replaced": [f"{path.parent.name}/{path.name}" for one in exports.replaced for path in one.files],
        "inputs": inputs(exports.deliveries),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        "seconds": outcome.seconds,
        "exit_code": PackError.exit_code if outcome.failed else 0,
    }
