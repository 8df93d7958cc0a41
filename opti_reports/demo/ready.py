"""The demo of a line that brings its extracts along as files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def lay(origin: Path, target: Path, last_month: str) -> list[Path]:
    """Copy a line's files into target/<YYYY-MM>/; return the written ones in order.

    Those in a folder of a month go into that month's, the others into the last month's.
    """
    written: list[Path] = []
    for path in _files(origin):
        inside = path.relative_to(origin)
        place = target / inside if inside.parent.parts else target / last_month / inside
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())
        written.append(place)
    return written


def _files(origin: Path) -> Iterator[Path]:
    return (path for path in sorted(origin.rglob("*")) if path.is_file())
