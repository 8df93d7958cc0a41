"""Files that are whole or not there at all, and known by their sha256."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

PRIVATE, SHARED = 0o077, 0o027
"""What nobody but the owner, or the owner's group, may do: masks of rights."""


def rights() -> tuple[int, int]:
    """Return the rights of files and of folders that hold personal or unreleased content, in this process."""
    mask = os.umask(PRIVATE)
    os.umask(mask)
    return (0o640, 0o750) if mask == SHARED else (0o600, 0o700)


def sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def put(path: Path, content: bytes, mode: int | None = None) -> None:
    """Write a new file, with its folders, and sync it; ``mode`` are its rights (None: the system's)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if mode is not None:
        path.chmod(mode)


def own(path: Path, content: bytes, mode: int) -> None:
    """Write a file that never has other rights than ``mode``, and sync it."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    # Windows would write a line's end as two signs otherwise, whatever the bytes mean.
    descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0), mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace(path: Path, content: bytes, mode: int | None = None) -> None:
    """Put a file in the place of another in one step: written aside, then renamed.

    The old one is whole until then. Raises OSError when the disk is full or read-only; nothing is left then.
    """
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    try:
        put(temporary, content, mode)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
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
