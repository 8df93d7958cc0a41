"""What was filled in at meetings, back into the month's data: planned, proved by reading, written whole."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from opti_reports.archive import ledger
from opti_reports.archive.held import aside, held, settle
from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.config.source import ListKind, Source
from opti_reports.disk import put, rights, sha256, sync
from opti_reports.errors import ExtractError, OptiError, UsageError
from opti_reports.extracts import find, read
from opti_reports.extracts.judge import Judge
from opti_reports.meetings.decisions import Decisions, Meeting
from opti_reports.meetings.door import Door
from opti_reports.meetings.notes import Notes
from opti_reports.meetings.register import by_key, key_of, rows, workbook
from opti_reports.meetings.tables import Document, named, read_document
from opti_reports.messages.message import Message, Shown, message
from opti_reports.messages.spelling import suggestion
from opti_reports.model.delivery import Delivery, Reject
from opti_reports.model.imports import Line, Plan
from opti_reports.periods.months import first_date, last_date, month_text
from opti_reports.workspace import ARCHIVE, Workspace


@dataclass(frozen=True)
class Preview:
    """What an import would write: the plan, the file, its new bytes, and the hash of what it replaces.

    ``documents`` are the hashes of the files that were read, by name.
    """

    plan: Plan
    target: Path
    content: bytes
    before: str
    documents: dict[str, str]


def actions(
    workspace: Workspace, files: Sequence[Path], month: int, org: str = "", decided: dt.date | None = None
) -> Preview:
    """Return what decks and registers would do to a month's action register.

    Raises UsageError for an unknown organisation or a day outside the month, ExtractError for files that hold
    no decisions.
    """
    configs = load(workspace.configs, workspace.demo)
    source = _source(configs, "actions")
    known = configs.organisation.tree(month).moved
    if org and org not in known:
        raise UsageError("unknown.organisation", "--org", name=org, near=suggestion(org, known))
    if decided and not first_date(month) <= decided <= last_date(month):
        raise UsageError(
            "imported.other_month",
            "--decided",
            day=decided.isoformat(),
            month=month_text(month),
            own_month=f"{decided:%Y-%m}",
        )
    now, kept = _known(workspace, configs, source, month)
    register = by_key(source, now.files, configs.roles)
    roles = [role for cells in register.values() if (role := cells.get("owner_role"))]
    door = Door(configs, source, month, roles)
    plan = Decisions(door, Meeting(org, decided)).plan(
        _documents(files), {key[0]: cells for key, cells in register.items()}, kept
    )
    return _preview(workspace=workspace, configs=configs, source=source, now=now, plan=plan, documents=files)


def notes(workspace: Workspace, files: Sequence[Path], month: int) -> Preview:
    """Return what units' preparation workbooks would do to a month's notes.

    Raises ExtractError for other files.
    """
    configs = load(workspace.configs, workspace.demo)
    source = _source(configs, "preparations")
    now, kept = _known(workspace, configs, source, month)
    roles = [role for cells in kept if (role := cells.get("owner_role"))]
    plan = Notes(Door(configs, source, month, roles)).plan(_documents(files), kept)
    return _preview(workspace=workspace, configs=configs, source=source, now=now, plan=plan, documents=files)


def write(workspace: Workspace, preview: Preview, at: str) -> None:
    """Note in the ledger what was read, and write what was shown: both, or neither.

    The content waits aside until its line is there; a command that is killed is completed by the next.

    ``at`` is the time, ISO 8601. Raises ExtractError when the file has changed since.
    """
    with held(workspace):
        if _hash(preview.target) != preview.before:
            raise ExtractError("imported.changed", preview.target.name)
        digest = hashlib.sha256(preview.content).hexdigest()
        waiting = aside(preview.target, digest)
        said = {
            "file": preview.target.relative_to(workspace.data).as_posix(),
            "sha256": digest,
            "documents": preview.documents,
        }
        try:
            put(waiting, preview.content, rights()[0])
            sync(waiting.parent)
            ledger.record(workspace.output / ARCHIVE, "imported", said, at)
        except (OSError, OptiError):
            waiting.unlink(missing_ok=True)
            raise
        settle(workspace)


def _source(configs: Configs, kind: ListKind) -> Source:
    """Return the source whose list of the kind imports are kept beside."""
    for source in configs.sources.values():
        if source.kept and any(spec.kind == kind for spec in source.list):
            return source
    raise UsageError("imported.no_source", "configs/sources/", kind=kind)


def _documents(files: Sequence[Path]) -> list[Document]:
    found: list[Document] = []
    faults: list[Message] = []
    for path in dict.fromkeys(path.resolve() for path in files):
        try:
            found.append(read_document(path))
        except ExtractError as error:
            faults.append(error.said)
    if faults:
        raise ExtractError("lines", lines=tuple(faults))
    return [named(document) for document in found] if len(found) > 1 else found


def _known(
    workspace: Workspace, configs: Configs, source: Source, month: int
) -> tuple[Delivery, list[dict[str, str]]]:
    """Return what an import into the month builds on, as a delivery of that month, and what was imported
    before.

    Without a delivery of the month the newest before it stands in: actions go on from month to month.
    """
    every = find.deliveries(
        workspace.data,
        month,
        configs.sources,
        configs.calendar,
        lambda path: path.name,
        others=configs.unlisted.sources,
    )
    due = find.due_on(source, month, configs.calendar)
    found = [delivery for delivery in every if delivery.source == source.id]
    newest = (
        found[-1] if found else Delivery(source=source.id, month=month, files=(), hashes=(), extracted_on=due)
    )
    kept = find.newest_kept(workspace.data, month, source)
    extracts = tuple(path for path in newest.files if not find.is_kept(path, source))
    older = bool(kept) and kept[0].parent.name < month_text(newest.month)
    files = (*kept, *extracts) if older else (*extracts, *kept)
    if newest.month != month:
        newest = replace(newest, month=month, extracted_on=due, covers=None)
    return replace(newest, files=files), [
        cells for path in kept for cells in rows(source, path, configs.roles)
    ]


def _preview(
    workspace: Workspace,
    configs: Configs,
    source: Source,
    now: Delivery,
    plan: Plan,
    documents: Iterable[Path],
) -> Preview:
    name = source.kept.file if source.kept else ""
    target = workspace.data / month_text(now.month) / name
    content = workbook(source, plan.rows)
    if plan.writes:
        with held(workspace):  # what a killed import leaves there is removed by whoever holds it next
            plan = _proved(
                folder=workspace.output / ".import.new",
                configs=configs,
                source=source,
                now=now,
                plan=plan,
                content=content,
            )
    return Preview(plan, target, content, _hash(target), {path.name: sha256(path) for path in documents})


def _proved(
    folder: Path, configs: Configs, source: Source, now: Delivery, plan: Plan, content: bytes
) -> Plan:
    """Return the plan, its new rows refused that a run would reject: the file is read as a run
    will read it.
    """
    path = folder / (source.kept.file if source.kept else "")
    try:
        put(path, content, rights()[0])
        alone = replace(now, files=(path,), hashes=("",))
        extract = read.read(source, alone, configs.context(now.month), b"", Judge(roles=configs.roles))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    cells = (
        Reject(file=cells.file, line=line, key="", reason=cells.reason, column=cells.column)
        for cells, lines in extract.unknown
        if cells.reason != "blank"
        for line in lines.tolist()
    )
    if not (faults := [*extract.rejects, *cells]):
        return plan
    return replace(plan, lines=tuple(_refused(configs, source, plan, faults)))


def _refused(configs: Configs, source: Source, plan: Plan, rejects: Iterable[Reject]) -> Iterator[Line]:
    """Yield the plan's lines, those of rejected rows refused.

    Raises ExtractError for rows of earlier imports.
    """
    wording = configs.wordings.get("en") or configs.wordings[configs.settings.languages[0]]
    why: dict[tuple[str, ...], Shown] = {}
    for reject in rejects:
        check = source.broken(reject.reason)
        said = check.reason[wording.language] if check else wording.say(f"reason.{reject.reason}")
        why[key_of(source, plan.rows[reject.line - 2])] = (
            message("imported.column", column=reject.column, why=said) if reject.column else said
        )
    for key in why.keys() - {line.key for line in plan.lines}:
        raise ExtractError("imported.earlier", source.id, row=key, why=why[key])
    for line in plan.lines:
        fault = why.get(line.key) if line.kind != "refused" else None
        yield replace(line, kind="refused", why=(fault,)) if fault else line


def _hash(path: Path) -> str:
    return sha256(path) if path.exists() else ""
