"""Drafts: files that a mail program opens ready to be sent, each written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def put(path: Path, content: bytes) -> None:
    """Write a draft; an earlier one of the same name is replaced in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def clear(folder: Path, pattern: str = "*.eml") -> None:
    """Remove drafts that are of no more use; each holds a whole pack."""
    for old in folder.glob(pattern):
        old.unlink()
