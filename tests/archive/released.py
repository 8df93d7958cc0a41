"""Where things are in a released workspace, and how to spoil them."""

from __future__ import annotations

from pathlib import Path

from tests.workspaces import LAST

ROLE = "Laatupäällikkö"


def archive_of(workspace: Path) -> Path:
    """The archive's folder."""
    return workspace / "output/archive"


def run_of(workspace: Path, version: int = 1) -> Path:
    """The folder of the month's release of a version."""
    (found,) = (archive_of(workspace) / LAST).glob(f"v{version}-*")
    return found


def ledger_of(workspace: Path) -> Path:
    """The ledger's file."""
    return archive_of(workspace) / "ledger.jsonl"


def spoil(path: Path, content: bytes) -> None:
    """Write into a read-only file, as somebody would who means to."""
    path.chmod(0o644)
    path.write_bytes(content)
    path.chmod(0o444)


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    spoil(path, bytes(content))
