"""The month's folder: packs, figures, rejects and the run's record, built beside the old one, swapped in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from opti_reports import __version__
from opti_reports.archive.standing import APART, RECORD, kept, names
from opti_reports.config.configs import Configs
from opti_reports.disk import sha256
from opti_reports.errors import PackError
from opti_reports.findings.changes import changes
from opti_reports.messages.message import message
from opti_reports.messages.sentences import recorded
from opti_reports.model.delivery import Delivery
from opti_reports.model.pack import to_json
from opti_reports.model.report import Doubt, Event, SourceReport
from opti_reports.model.value import Values
from opti_reports.output import folder as month_folder
from opti_reports.output import tables
from opti_reports.packs import references
from opti_reports.packs.material import Material
from opti_reports.periods.months import month_text
from opti_reports.render.workbook import render_workbook
from opti_reports.stages import doubts, outcomes
from opti_reports.stages.counted import Facts
from opti_reports.stages.documents import Drawn
from opti_reports.stages.packs import Built, documents_due
from opti_reports.stages.reports import warnings
from opti_reports.stages.request import Outcome, Request
from opti_reports.stages.star import star
from opti_reports.workspace import ARCHIVE, swap

DECLARED = "delivery.toml"
DOCUMENTS = (".pdf", ".pptx", ".xlsx", ".html")
PACKS = (".pdf", ".pptx")
"""What packs are; the other documents go with one of them."""
MADE_OF = "made_of"
"""Where a run's record says what all its files depend on; empty where some are missing or from before."""


@dataclass(frozen=True)
class Left:
    """What a partial run leaves in the month's folder: its documents, the packs among them, and those of them
    that rest on other extracts or configs.
    """

    documents: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()

    @property
    def packs(self) -> tuple[str, ...]:
        """Return the packs among the documents."""
        return tuple(file for file in self.documents if file.endswith(PACKS))


def left(folder: Path, basis: str, made: Iterable[str]) -> Left:
    """Return what lies in a month's folder, where the packs ``made`` will replace their own."""
    found = (path for path in (folder / "packs").rglob("*.*") if path.suffix in DOCUMENTS)
    documents = tuple(sorted(path.relative_to(folder).as_posix() for path in found))
    try:
        before = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return Left(documents)
    others = set(before["packs"]) - set(made)
    old = others if before["basis"] != basis else others & set(before.get("outdated", ()))
    return Left(documents, tuple(sorted(old)))


def rejects(configs: Configs, facts: Facts, month: int) -> dict[str, bytes]:
    """Return the month's rejected rows and the unknown cells of the others, a file a source that has any."""
    files = {}
    for source in configs.sources:
        kept = [kept for delivery, kept in facts.of(source) if delivery.month == month]
        found = [reject for one in kept for reject in one.rejects]
        cells = [unknown for one in kept for unknown in one.counts.unknown_cells]
        if found or cells:
            files[f"rejects/{source}.csv"] = tables.rejects_csv(found, cells)
    return files


@dataclass(frozen=True, kw_only=True)
class Products:
    """The files of a month beside its figures: documents, the web page, rejected rows; and what was left."""

    drawn: Drawn
    page: Drawn
    rejects: Mapping[str, bytes]
    left: Left


def write(
    request: Request,
    materials: Mapping[str, Material],
    facts: Facts,
    built: Built,
    made: Products,
    made_of: str,
    seconds: dict[str, float],
) -> Outcome:
    """Write the month's folder, and return what a run made; a partial run keeps the packs it did not make.

    ``made_of`` is the address of all that a whole run's files depend on.
    The old folder is whole until the new one is. The sign-off stays where all is as it was released; else the
    archive alone keeps it, and the month waits for another.
    """
    whose = next(iter(materials.values())).configs.audiences.files
    material = materials[whose.values]
    due = documents_due(materials)
    folder = request.folder
    outcome = _outcome(
        request=request,
        folder=folder,
        materials=materials,
        due=due,
        built=built,
        made=made,
        seconds=seconds,
    )
    files = dict(made.drawn.files) | made.page.files | dict(made.rejects)
    files |= {f"packs/{pack.name}.json": to_json(pack).encode() for pack in built.packs}
    brand = material.configs.brand.brand()
    files |= {f"packs/{p.name}.xlsx": render_workbook(p, brand) for p in built.packs if p.preparation}
    files |= figures_of(materials) | _compared(material)
    record = record_of(outcome, material, due, made.left) | {
        "released": names(request.workspace.output / ARCHIVE),
        APART: sorted(spec.id for spec in material.configs.packs.values() if spec.apart),
        "inputs": inputs(facts.deliveries),
        "files": hashes(folder, files, partial=request.partial),
        MADE_OF: "" if outcome.failed or outcome.unmade or outcome.outdated or request.partial else made_of,
    }
    files |= kept(folder, record)
    files[RECORD] = (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()
    new = folder.with_name(f".{folder.name}.new")
    month_folder.build(new, folder, files, ("packs/",) if request.partial else ())
    swap(new, folder)
    return outcome


def _outcome(
    request: Request,
    folder: Path,
    materials: Mapping[str, Material],
    due: Collection[str],
    built: Built,
    made: Products,
    seconds: dict[str, float],
) -> Outcome:
    material = next(iter(materials.values()))
    failed = built.failed | made.drawn.failed | made.page.failed
    done = {*made.drawn.files, *failed, *made.left.packs}
    return Outcome(
        folder=folder,
        stage=material.stage,
        packs=tuple(sorted(file for file in made.drawn.files if file.endswith(PACKS))),
        failed=failed,
        sources=material.sources,
        warnings=(
            *warnings(request.workspace, material.configs, material.month, material.sources),
            *outcomes.impossible(material),
            *references.beyond(material),
            *outcomes.no_metrics(material),
            *outcomes.contradicted(material),
            *outcomes.unpublished(material),
            *outcomes.known_before(materials),
            *outcomes.coarse(materials),
            *outcomes.boxed(built.packs),
            *outcomes.large(made.page.files, material.configs.findings.shown.web_page_kb),
            *made.drawn.broken,
        ),
        outdated=made.left.outdated,
        unmade=tuple(sorted({*due} - done)),
        apart=tuple(sorted({pack.id for pack in built.packs if material.configs.packs[pack.id].apart})),
        seconds=seconds,
    )


def _compared(material: Material) -> dict[str, bytes]:
    """Return the tables of the month's deviations and changes."""
    return {
        "deviations.csv": tables.deviations_csv(material, material.values, material.tree),
        "changes.csv": tables.changes_csv(changes(material)),
    }


def _values(material: Material) -> bytes:
    """Return the table of the figures that an audience sees, without metrics that would reveal too much."""
    exposed = {metric for metric, _ in material.exposed}
    shown = Values(tuple(value for value in material.values if value.metric not in exposed))
    return tables.values_csv(shown, material.configs.metrics, material.tree, material)


def table_of(configs: Configs, audience: str) -> str:
    """Return the file with the figures that an audience is shown."""
    sight = configs.sights[audience]
    return "values.csv" if sight == configs.sights[configs.audiences.files.values] else f"values.{sight}.csv"


def figures_of(materials: Mapping[str, Material]) -> dict[str, bytes]:
    """Return the table of figures, those of audiences that see other figures than it has, and the tables for
    analysts.
    """
    configs = next(iter(materials.values())).configs
    files, weekly = configs.audiences.files, next(iter(materials.values())).cadence.weekly
    # Who is shown only what packs name is shown nothing of a week.
    unseen = {one.id for one in configs.audiences.audience if one.only_packs and weekly}
    sights = (id for id in dict.fromkeys(configs.sights.values()) if id not in unseen)
    audience = {table_of(configs, id): id for id in sights} | {"values.csv": files.values}
    found = {name: _values(materials[id]) for name, id in audience.items()}
    if files.bi is None:
        return found
    same = files.bi == files.values
    return found | star(materials[files.bi], found["values.csv"] if same else _values(materials[files.bi]))


def record_of(outcome: Outcome, material: Material, due: list[str], left: Left) -> dict[str, Any]:
    """Return what ``run.json`` says of a run of a month or week, without its files."""
    return {
        "month": material.period.text,
        "stage": outcome.stage,
        "version": __version__,
        "basis": material.basis,
        "due": due,
        "packs": sorted({*outcome.packs, *left.packs}),
        "outdated": outcome.outdated,
        "failed": {name: recorded(why) for name, why in outcome.failed.items()},
        "failed_messages": {name: asdict(why) for name, why in outcome.failed.items()},
        "warnings": [recorded(one) for one in outcome.warnings],
        "messages": [asdict(one) for one in outcome.warnings],
        "sources": [_plain(report) for report in material.sources],
        "seconds": outcome.seconds,
        "exit_code": PackError.exit_code if outcome.failed else 0,
    }


def note(request: Request, outcome: Outcome) -> None:
    """Write into the log what a person should look at, and the end."""
    for one in outcome.warnings:
        request.note(Event("sources", one, "warning"))
    for name, why in sorted(outcome.failed.items()):
        request.note(Event("documents", message("log.failed", name=name, why=why), "error"))
    counts = {
        "packs": len(outcome.packs),
        "failed": len(outcome.failed),
        "exit_code": PackError.exit_code if outcome.failed else 0,
    }
    seconds = round(sum(outcome.seconds.values()), 3)
    end = message("log.made", stage=outcome.stage, folder=outcome.folder.name)
    request.note(Event("end", end, seconds=seconds, counts=counts))


def inputs(deliveries: Iterable[Delivery]) -> dict[str, str]:
    """Return the hash of every file of data/ a run rests on, by folder and name: extracts, and what is
    declared.
    """
    found = {path: digest for d in deliveries for path, digest in zip(d.files, d.hashes, strict=True)}
    declared = {path.parent / DECLARED for path in found}
    found |= {path: sha256(path) for path in declared if path.is_file()}
    return {f"{path.parent.name}/{path.name}": digest for path, digest in sorted(found.items())}


def hashes(folder: Path, files: Mapping[str, bytes], *, partial: bool) -> dict[str, str]:
    """Return the hash of every file beside the record; of packs kept from an earlier run as that one said."""
    found = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    before = _files_before(folder) if partial else {}
    kept = {name: digest for name, digest in before.items() if name.startswith("packs/")}
    return dict(sorted((kept | found).items()))


def _files_before(folder: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads((folder / RECORD).read_text(encoding="utf-8"))["files"]
    except (FileNotFoundError, ValueError, KeyError):
        return {}
    return found


def _plain(report: SourceReport) -> dict[str, Any]:
    newest = month_text(report.newest) if report.newest else None
    extracted = report.extracted_on.isoformat() if report.extracted_on else None
    dates = {"due": report.due.isoformat(), "newest": newest, "extracted_on": extracted}
    doubted = [asdict(doubt) | _doubt_dates(doubt) for doubt in report.doubts]
    frozen = [month_text(month) for month in report.frozen]
    return asdict(report) | dates | {"frozen": frozen, "doubts": doubted}


def _doubt_dates(doubt: Doubt) -> dict[str, Any]:
    first, last = (day.isoformat() if day else None for day in (doubt.first, doubt.last))
    why = recorded(doubts.why(doubt))
    return {"month": month_text(doubt.month), "first": first, "last": last, "why": why}
