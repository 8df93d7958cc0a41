"""The archive as commands see it: its runs, one found by name, one copied out."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from opti_reports.archive import ledger, signature, stamps, write
from opti_reports.archive.held import held
from opti_reports.archive.manifest import read
from opti_reports.archive.trust import public_key, stamp_roots
from opti_reports.archive.verify import Verdict, verify
from opti_reports.config.load import load
from opti_reports.errors import ArchiveError, UsageError
from opti_reports.messages.spelling import suggestion
from opti_reports.workspace import ARCHIVE, Workspace


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A run in the archive: as commands name it, and what its manifest says."""

    run: str
    version: int
    stage: str
    role: str
    at: str
    files: int
    signed: bool


def runs(workspace: Workspace) -> tuple[Listed, ...]:
    """Return every run in the archive, by period and version."""
    archive = workspace.output / ARCHIVE
    found = [read(folder) for folder in write.runs(archive)]
    return tuple(
        Listed(
            run=one.name,
            version=one.version,
            stage=one.stage,
            role=one.role,
            at=one.at,
            files=len(one.files),
            signed=signature.place(archive, one.name).exists(),
        )
        for one in sorted(found, key=lambda one: (one.month, one.version))
    )


def named(workspace: Workspace, text: str) -> str:
    """Return the run that a name, its part after the period, or a period (its newest run) means.

    Raises UsageError where it means none or several.
    """
    archive = workspace.output / ARCHIVE
    ledgered = list(write.released(ledger.walk(archive).lines))
    there = [f"{path.parent.name}/{path.name}" for path in write.runs(archive)]
    every = [*ledgered, *(name for name in there if name not in ledgered)]
    found = [name for name in every if text in (name, name.partition("/")[2])]
    found = found or [name for name in every if name.startswith(f"{text}/")][-1:]
    if len(found) != 1:
        if found:
            raise UsageError("archived.several", "RUN", text=text)
        raise UsageError("archived.none", "RUN", text=text, near=suggestion(text, every))
    return found[0]


def check(
    workspace: Workspace, run: str = "", head: str = "", key: Path | None = None, roots: Path | None = None
) -> Verdict:
    """Verify the archive, or one run of it; the configs name the key and the roots that are not given."""
    configs = load(workspace.configs, workspace.demo)
    own = public_key(workspace, configs) if configs.archive.public_key else None
    only = named(workspace, run) if run else ""
    stamp = configs.archive.stamp
    return verify(
        workspace.output / ARCHIVE,
        only,
        head,
        key or own,
        all_signed=key is not None,
        stamp_roots=roots or (stamp_roots(workspace, stamp) if stamp else None),
        stamps_wanted=roots is not None,
    )


def head(workspace: Workspace) -> tuple[str, int]:
    """Return the head of the ledger and how many lines it has. Raises ArchiveError for a broken ledger."""
    found = ledger.walk(workspace.output / ARCHIVE)
    if found.faults:
        raise ArchiveError("ledger.broken", ARCHIVE, faults=found.faults)
    return found.head, len(found.lines)


def export(workspace: Workspace, text: str, target: Path) -> tuple[str, Path]:
    """Copy a whole run, its signature and the ledger with its time stamps into a new folder.

    Raises UsageError where the folder is there, ArchiveError where the run is not whole.
    """
    archive, run = workspace.output / ARCHIVE, named(workspace, text)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError("archived.no_room", str(target))
    verdict = verify(archive, run)
    if verdict.faults:
        raise ArchiveError("archived.not_copied", f"archive/{run}", faults=verdict.faults)
    try:
        _copied(archive, run, target)
    except OSError:
        shutil.rmtree(target, ignore_errors=True)  # half a run would look like a whole one
        raise
    return run, target


def _copied(archive: Path, run: str, target: Path) -> None:
    shutil.copytree(archive / run, target / run)
    shutil.copy2(archive / ledger.NAME, target / ledger.NAME)
    for path in stamps.kept(archive, ledger.walk(archive).lines):
        (target / stamps.FOLDER).mkdir(exist_ok=True)
        shutil.copy2(path, target / stamps.FOLDER)
    signed = signature.place(archive, run)
    if signed.exists():
        (target / "signatures" / run).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(signed, target / "signatures" / f"{run}.sig")


def sign(workspace: Workspace, text: str, key: Path, password: str | None, at: str) -> str:
    """Sign a run's manifest and note it in the ledger."""
    archive, run = workspace.output / ARCHIVE, named(workspace, text)
    with held(workspace):
        verdict = verify(archive, run)
        if verdict.faults:
            raise ArchiveError("archived.not_signed", f"archive/{run}", faults=verdict.faults)
        signature.sign(archive, run, key, password)
        ledger.record(archive, "signed", {"run": run}, at)
    return run
