"""Files of the archive: written whole or not at all, read-only, known by their sha256."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

READ_ONLY = 0o444


def sha256(path: Path) -> str:
    """The sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def inside(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file below a folder, by its path in it, in order."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if not path.is_dir()}
    yield from sorted(found.items())


def put(path: Path, content: bytes) -> None:
    """Write a new read-only file and sync it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(READ_ONLY)


def replace(path: Path, content: bytes) -> None:
    """Put a file in the place of another in one step; the old one is whole until then."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    put(temporary, content)
    temporary.replace(path)
    sync(path.parent)


def sync(folder: Path) -> None:
    """Make the names in a folder survive lost power, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
