"""A week's folder: pages, figures and the run's record, built beside the old one, swapped in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from opti_reports.archive.standing import RECORD, kept, names
from opti_reports.extracts import weekly
from opti_reports.extracts.weekly import Exports
from opti_reports.messages.message import Message, message
from opti_reports.model.pack import to_json
from opti_reports.output import folder as week_folder
from opti_reports.output import tables
from opti_reports.packs.material import Material
from opti_reports.periods.months import month_text, week_text
from opti_reports.stages.output import Products, figures_of, hashes, inputs, record_of
from opti_reports.stages.packs import Built, documents_due
from opti_reports.stages.request import Outcome, Request
from opti_reports.workspace import ARCHIVE, swap


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
    material = next(iter(materials.values()))
    due = documents_due(materials)
    own, others = material.configs.sources, material.configs.unlisted.sources
    failed = built.failed | made.drawn.failed | made.page.failed
    done = {*made.drawn.files, *failed, *made.left.packs}
    outcome = Outcome(
        folder=request.folder,
        stage="final",
        packs=tuple(sorted(made.drawn.files)),
        failed=failed,
        sources=material.sources,
        warnings=(
            *weekly.unread(request.workspace.data, request.week, own, others),
            *_warnings(exports, request.week, quiet),
            *made.drawn.broken,
        ),
        outdated=made.left.outdated,
        unmade=tuple(sorted({*due} - done)),
        seconds=seconds,
    )
    files = (
        made.drawn.files
        | made.page.files
        | {f"packs/{pack.name}.json": to_json(pack).encode() for pack in built.packs}
    )
    files |= figures_of(materials)
    county = materials[material.configs.audiences.files.values]
    files["deviations.csv"] = tables.deviations_csv(county, county.values, county.tree)
    record = record_of(outcome, material, due, made.left) | _of_exports(exports)
    record["released"] = names(request.workspace.output / ARCHIVE)
    record["files"] = hashes(request.folder, files, partial=request.partial)
    files |= kept(request.folder, record)
    files[RECORD] = (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()
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
    for old, new in exports.twice:
        yield message("warning.twice", folder=old.parent.name, old=old.name, new=new.name)
    for source, units in quiet.items():
        yield message("warning.silent", source=source, units=tuple(units))


def _of_exports(exports: Exports) -> dict[str, Any]:
    """Return what a week's record says of the exports it rests on, and of those that later ones replaced."""
    return {
        "deliveries": [
            {"source": one.source, "month": month_text(one.month), "files": [path.name for path in one.files]}
            for one in exports.deliveries
        ],
        "replaced": [f"{path.parent.name}/{path.name}" for one in exports.replaced for path in one.files],
        "inputs": inputs(exports.deliveries),
    }
