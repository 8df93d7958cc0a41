"""Files of the archive: read-only, each written whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from opti_reports import disk

READ_ONLY = 0o444


def inside(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield everything below a folder but real folders, by its path in it, in order; no link is followed."""
    found: dict[str, Path] = {}
    for here, folders, files in os.walk(folder):
        linked = [name for name in folders if (Path(here) / name).is_symlink()]
        for name in (*files, *linked):
            path = Path(here) / name
            found[path.relative_to(folder).as_posix()] = path
    yield from sorted(found.items())


def own_file(path: Path) -> bool:
    """Return whether it is a file of its own: no link, pipe or device, which could lead elsewhere or never
    end.
    """
    return stat.S_ISREG(path.lstat().st_mode)


def own_folder(path: Path) -> bool:
    """Return whether it is a folder of its own, not a link to one."""
    return path.is_dir() and not path.is_symlink()


def put(path: Path, content: bytes) -> None:
    """Write a new read-only file and sync it."""
    disk.put(path, content, READ_ONLY)


def replace(path: Path, content: bytes) -> None:
    """Put a read-only file in the place of another in one step; the old one is whole until then."""
    disk.replace(path, content, READ_ONLY)
