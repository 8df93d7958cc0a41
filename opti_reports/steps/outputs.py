"""The month's folder: packs, figures, rejects and the run's record, built beside the old one, swapped in."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from opti_reports.config.load import Configs
from opti_reports.deliver import month as month_folder
from opti_reports.deliver import tables
from opti_reports.disk import sha256
from opti_reports.extracts.find import unread
from opti_reports.extracts.ready import reasons
from opti_reports.model.delivery import NO_DATA, Delivery
from opti_reports.model.pack import Pack, to_json
from opti_reports.model.period import month_text
from opti_reports.model.report import Doubt, SourceReport
from opti_reports.model.value import Value
from opti_reports.packs.material import Material
from opti_reports.render.clean import BOX, strange
from opti_reports.render.workbook import render_workbook
from opti_reports.steps import doubts
from opti_reports.steps.changes import changes
from opti_reports.steps.standing import RECORD, kept
from opti_reports.steps.take import Taken
from opti_reports.workspace import Workspace, swap

DECLARED = "delivery.toml"
SET_ASIDE = {
    "total_row": "totals or averages",
    "note_row": "notes under the table",
    "heading_row": "headings once more",
}


def warnings(
    workspace: Workspace, configs: Configs, month: int, reports: Iterable[SourceReport]
) -> tuple[str, ...]:
    """What a coordinator should look at, one line each."""
    lines = list(unread(workspace.data, month, configs.sources))
    for report in reports:
        lines += _of_source(report, month_text(month))
    return tuple(lines)


def _of_source(report: SourceReport, month: str) -> Iterable[str]:
    if report.late and report.presence != "required":
        yield f"{report.source}: not delivered for {month}, due {report.due.isoformat()}"
    wrong = {reason: n for reason, n in report.reasons.items() if reason not in NO_DATA}
    if wrong:
        why = reasons(wrong, report.extracted_on)
        yield f"{report.source}: {sum(wrong.values())} of {report.read} rows rejected ({why})"
    for column, counts in report.unreadable.items():
        why = reasons(counts, report.extracted_on)
        first = next(one for one in report.unknown_cells if one.column == column)
        said = f" ('{first.value}')" if first.value else ""
        place = f"the first on line {first.line} of {first.file}{said}"
        yield f"{report.source}: unknown cells of {column} in used rows: {why}; {place}"
    yield from doubts.lines(report)
    for aside in report.no_data:
        place = f"the first on line {aside.line} of {aside.file}"
        yield f"{report.source}: {aside.rows} rows are {SET_ASIDE[aside.reason]}, not counted; {place}"
    for files in report.same_files:
        yield f"{report.source}: {' and '.join(files)} have the same rows, counted once; remove all but one"
    if report.files and not report.read:
        yield f"{report.source}: delivered without rows, so its counts of {month} are zero"
    for name, other in report.stand_ins.items():
        yield f"{report.source}: no column {name}: {other} is read instead"
    if report.unknown_units:
        yield f"{report.source}: unknown unit codes {report.unknown_codes}"
    if report.frozen:
        months = ", ".join(month_text(month) for month in report.frozen)
        yield f"{report.source}: counts {months} otherwise now; older than its window, they stay as they were"


def impossible(material: Material) -> tuple[str, ...]:
    """Newest figures beyond what they can be, a line each metric."""
    found: dict[str, dict[str, Value]] = {}
    for value in material.values:
        newest = value.period.end == material.newest.get(value.metric)
        if newest and value.reason == "outside" and not value.breakdown:
            found.setdefault(value.metric, {}).setdefault(value.org, value)
    return tuple(
        f"{metric}: beyond what it can be, so partial: "
        + ", ".join(f"{org} {v.period.text} {float(v.value or 0):.1f}" for org, v in values.items())
        for metric, values in found.items()
    )


def boxed(packs: Iterable[Pack]) -> tuple[str, ...]:
    """What packs hold that no font of theirs draws, in one line if there is any."""
    found: dict[str, list[str]] = {}
    for pack in packs:
        for sign in sorted(strange(to_json(pack))):
            found.setdefault(sign, []).append(pack.name)
    if not found:
        return ()
    signs = (
        f"U+{ord(sign):04X} {unicodedata.name(sign, 'unnamed').lower()} in {names[0]}"
        + (f" and {len(names) - 1} more" if len(names) > 1 else "")
        for sign, names in sorted(found.items())
    )
    return (f"signs that the fonts lack are shown as {BOX}: {'; '.join(signs)}",)


def outdated(folder: Path, basis: str, made: Iterable[str]) -> tuple[str, ...]:
    """Packs that a partial run leaves as they are although they rest on other extracts or configs."""
    try:
        before = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return ()
    left = set(before["packs"]) - set(made)
    return tuple(sorted(left if before["basis"] != basis else left & set(before.get("outdated", ()))))


def rejects(configs: Configs, taken: Taken, month: int) -> dict[str, bytes]:
    """The month's rejected rows and the unknown cells of the others, a file a source that has any."""
    files = {}
    for source in configs.sources:
        kept = [kept for delivery, kept in taken.of(source) if delivery.month == month]
        found = [reject for one in kept for reject in one.rejects]
        cells = [unknown for one in kept for unknown in one.counts.unknown_cells]
        if found or cells:
            files[f"rejects/{source}.csv"] = tables.rejects_csv(found, cells)
    return files


def write(
    folder: Path,
    record: Mapping[str, Any],
    material: Material,
    deliveries: Iterable[Delivery],
    packs: Sequence[Pack],
    made: Mapping[str, bytes],
    *,
    partial: bool,
) -> None:
    """Write the month's folder: the files ``made``, and here those of figures; a partial run keeps the packs
    it did not make.

    The old folder is whole until the new one is. The sign-off stays where all is as it was released; else the
    archive alone keeps it, and the month waits for another.
    """
    configs = material.configs
    files = dict(made)
    files |= {f"packs/{pack.name}.json": to_json(pack).encode() for pack in packs}
    brand = configs.brand.brand()
    files |= {f"packs/{p.name}.xlsx": render_workbook(p, brand) for p in packs if p.preparation}
    judged = tables.Judged(material.statuses, material.signals, material.restatements)
    files["values.csv"] = tables.values_csv(material.values, configs.metrics, material.tree, judged)
    files["deviations.csv"] = tables.deviations_csv(
        material.deviations, material.values, material.tree, material.statuses
    )
    files["changes.csv"] = tables.changes_csv(changes(material))
    whole = dict(record) | {
        "sources": [_plain(report) for report in material.sources],
        "inputs": inputs(deliveries),
        "files": _hashes(folder, files, partial=partial),
    }
    files |= kept(folder, whole)
    files[RECORD] = (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()
    new = folder.with_name(f".{folder.name}.new")
    month_folder.build(new, folder, files, ("packs/",) if partial else ())
    swap(new, folder)


def inputs(deliveries: Iterable[Delivery]) -> dict[str, str]:
    """The hash of every file of data/ a run rests on, by folder and name: extracts, and what is declared."""
    found = {path: digest for d in deliveries for path, digest in zip(d.files, d.hashes, strict=True)}
    declared = {path.parent / DECLARED for path in found}
    found |= {path: sha256(path) for path in declared if path.is_file()}
    return {f"{path.parent.name}/{path.name}": digest for path, digest in sorted(found.items())}


def _hashes(folder: Path, files: Mapping[str, bytes], *, partial: bool) -> dict[str, str]:
    """The hash of every file beside the record; of packs kept from an earlier run as that one said."""
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
    return {"month": month_text(doubt.month), "first": first, "last": last, "why": doubts.why(doubt)}
