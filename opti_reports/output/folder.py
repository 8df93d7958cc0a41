"""The folder of a month: built beside the old one, swapped in whole."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from opti_reports.disk import put


def build(folder: Path, old: Path, files: Mapping[str, bytes], keep: tuple[str, ...]) -> None:
    """Write the files into a new folder; files of the old one whose path begins with ``keep`` come along.

    Raises OSError when the disk is full or read-only; the old folder is untouched then, and nothing is left.
    """
    shutil.rmtree(folder, ignore_errors=True)
    try:
        _filled(folder, old, files, keep)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)  # it would keep a full disk full
        raise


def _filled(folder: Path, old: Path, files: Mapping[str, bytes], keep: tuple[str, ...]) -> None:
    folder.mkdir(parents=True)
    for path in sorted(old.rglob("*")) if keep and old.is_dir() else ():
        name = path.relative_to(old).as_posix()
        if path.is_file() and name.startswith(keep) and name not in files:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
    for name, content in sorted(files.items()):
        put(folder / name, content)
