"""The workspace held by one command, which first completes or undoes what a killed one left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opti_reports.archive import ledger
from opti_reports.disk import sha256, sync
from opti_reports.workspace import ARCHIVE, Workspace, locked

IMPORTED = "imported"


def aside(target: Path, content: str) -> Path:
    """Return where an import of this hash waits for its line in the ledger; no source takes a name with a
    dot.
    """
    return target.with_name(f".import-{target.name}-{content[:16]}.new")


@contextmanager
def held(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace; imports whose line is in the ledger are completed, others undone."""
    with locked(workspace):
        settle(workspace)
        yield


def settle(workspace: Workspace) -> None:
    """Complete the imports that the ledger knows and whose file still waits aside; remove the others.

    Only who holds the workspace may do it. The line goes first: without it nothing was imported.
    """
    left = sorted(workspace.data.glob("*/.import-*.new")) if workspace.data.is_dir() else []
    if not left:
        return
    lines = ledger.walk(workspace.output / ARCHIVE).lines
    newest = {str(line.payload["file"]): line.payload for line in lines if line.kind == IMPORTED}
    for path in left:
        named = [
            name
            for name, said in newest.items()
            if aside(workspace.data / name, str(said["sha256"])) == path and sha256(path) == said["sha256"]
        ]
        if named:
            path.replace(workspace.data / named[0])
            sync(path.parent)
        else:
            path.unlink()
