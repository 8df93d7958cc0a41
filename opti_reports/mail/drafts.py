"""Drafts: files that a mail program opens ready to be sent, each written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from opti_reports.disk import replace


def put(path: Path, content: bytes) -> None:
    """Write a draft; an earlier one of the same name is replaced in one step."""
    replace(path, content)


def clear(folder: Path, pattern: str = "*.eml") -> None:
    """Remove drafts that are of no more use; each holds a whole pack."""
    for old in folder.glob(pattern):
        old.unlink()
