"""The folder of a month: built beside the old one, swapped in whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path


def build(folder: Path, old: Path, files: Mapping[str, bytes], keep: tuple[str, ...]) -> None:
    """Write the files into a new folder; files of the old one whose path begins with ``keep`` come along.

    Raises OSError when the disk is full or read-only; the old folder is untouched then.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in sorted(old.rglob("*")) if keep and old.is_dir() else ():
        name = path.relative_to(old).as_posix()
        if path.is_file() and name.startswith(keep) and name not in files:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
    for name, content in sorted(files.items()):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
