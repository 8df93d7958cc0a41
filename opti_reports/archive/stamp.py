"""A time stamp of the ledger's head: asked for, judged, kept, and noted in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from opti_reports.archive import authority, ledger, proof, stamps, token
from opti_reports.archive.files import own_folder, replace
from opti_reports.archive.held import held
from opti_reports.archive.trust import stamp_roots
from opti_reports.config.load import load
from opti_reports.config.stamp import Stamp as Settings
from opti_reports.errors import ArchiveError, StampError, UsageError
from opti_reports.workspace import ARCHIVE, Workspace

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


@dataclass(frozen=True)
class Stamping:
    """A time stamp, its file in the archive, and whether it was there before (``known``)."""

    stamp: stamps.Stamp
    file: str
    known: bool


def stamp(workspace: Workspace, at: str) -> Stamping:
    """Have the ledger's head time-stamped, unless it is already.

    First records what an interrupted stamp left. Raises UsageError without an authority, the
    library or a line to stamp, StampError where the authority gives nothing that counts, ArchiveError for a
    ledger that is not whole.
    """
    settings = load(workspace.configs, workspace.demo).archive.stamp
    if settings is None:
        raise UsageError("stamp.no_authority", "configs/archive.toml")
    token.need()
    trusted = token.roots(stamp_roots(workspace, settings))
    archive = workspace.output / ARCHIVE
    with held(workspace):
        _settle(archive, trusted, at)
        lines = _whole(archive)
        if not lines:
            raise UsageError("stamp.no_line", ARCHIVE)
        known = [one for one in stamps.noted(lines) if one.of]
        if known and not stamps.uncovered(lines):
            found = proof.examine(archive, known[-1], trusted)
            if not isinstance(found, stamps.Stamp):
                raise ArchiveError("stamp.unkept", ARCHIVE, what=found or "")
            return Stamping(found, _name(lines[found.lines - 1]), known=True)
        return _new(archive, lines[-1], settings, trusted, at)


def _whole(archive: Path) -> tuple[ledger.Line, ...]:
    found = ledger.walk(archive)
    if found.faults:
        raise ArchiveError("stamp.ledger", f"{ARCHIVE}/{ledger.NAME}", faults=found.faults)
    return found.lines


def _settle(archive: Path, trusted: tuple[Certificate, ...], at: str) -> None:
    """Remove half files, and note time stamps that the ledger does not know yet."""
    folder = archive / stamps.FOLDER
    if not own_folder(folder) and (folder.is_symlink() or folder.exists()):
        raise ArchiveError("stamp.no_folder", f"{ARCHIVE}/{stamps.FOLDER}")
    for path in stamps.leftovers(archive):
        path.unlink()
    for line, path in stamps.unnoted(archive, _whole(archive)):
        try:
            _note(archive, line, path, proof.judge(path, line, trusted), at)
        except token.TokenError as error:
            raise ArchiveError(
                "stamp.added", f"{ARCHIVE}/{_name(line)}", line=line.no, why=error.message
            ) from None


def _new(
    archive: Path, line: ledger.Line, settings: Settings, trusted: tuple[Certificate, ...], at: str
) -> Stamping:
    query = token.query(line.hashed)
    answer = authority.ask(settings.url, query.content, seconds=settings.timeout_seconds)
    try:
        judged = token.judge(answer, line.hashed, trusted, nonce=query.nonce)
    except token.TokenError as error:
        raise StampError("stamp.answer", settings.url, why=error.message) from None
    path = stamps.place(archive, line)
    replace(path, answer)
    made = proof.stamp_of(line, judged)
    _note(archive, line, path, made, at)
    return Stamping(made, _name(line), known=False)


def _note(archive: Path, line: ledger.Line, path: Path, made: stamps.Stamp, at: str) -> None:
    ledger.record(archive, stamps.KIND, stamps.payload(line, path.read_bytes(), made), at)


def _name(line: ledger.Line) -> str:
    return stamps.place(Path(), line).as_posix()
