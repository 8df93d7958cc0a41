"""Files of the archive: read-only, each written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from opti_reports import disk

READ_ONLY = 0o444


def inside(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file below a folder, by its path in it, in order."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if not path.is_dir()}
    yield from sorted(found.items())


def put(path: Path, content: bytes) -> None:
    """Write a new read-only file and sync it."""
    disk.put(path, content, READ_ONLY)


def replace(path: Path, content: bytes) -> None:
    """Put a read-only file in the place of another in one step; the old one is whole until then."""
    disk.replace(path, content, READ_ONLY)
