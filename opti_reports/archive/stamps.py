"""Time stamps of the ledger: where they lie, and what the ledger says of them.

``stamps/<number>-<hash>.tsr`` is of the line with that number and hash, and so of every line before it. The
file goes first, its line in the ledger after it: what a stamp killed between them left is noted by the next.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opti_reports.archive.files import inside, own_file, own_folder
from opti_reports.archive.ledger import Kind, Line

FOLDER = "stamps"
KIND: Kind = "stamped"
_LEFT = re.compile(r"\.[0-9]+-[0-9a-f]{64}\.tsr\.new")
"""The name of a time stamp while it is written."""


@dataclass(frozen=True)
class Stamp:
    """The ledger's lines up to a number were there at a time (ISO 8601, UTC), as an authority says."""

    lines: int
    time: str
    authority: str


@dataclass(frozen=True)
class Noted:
    """A line of the ledger that notes a time stamp, and the line it is of; None where that is not in it."""

    by: Line
    of: Line | None

    @property
    def sha256(self) -> str:
        """Return the hash of the file, as the ledger has it."""
        return str(self.by.payload.get("sha256", ""))

    @property
    def time(self) -> str:
        """Return its time, as the ledger has it."""
        return str(self.by.payload.get("time", ""))


def place(archive: Path, line: Line) -> Path:
    """Return where the time stamp of a line lies."""
    return archive / FOLDER / f"{line.no}-{line.hash}.tsr"


def payload(line: Line, content: bytes, stamp: Stamp) -> dict[str, Any]:
    """Return what the ledger is to say of a time stamp of a line."""
    digest = hashlib.sha256(content).hexdigest()
    return {
        "line": line.no,
        "head": line.hash,
        "sha256": digest,
        "time": stamp.time,
        "authority": stamp.authority,
    }


def noted(lines: Sequence[Line]) -> tuple[Noted, ...]:
    """Return every time stamp that the ledger notes, in its order."""
    known = {(str(line.no), line.hash): line for line in lines}
    found = []
    for line in lines:
        if line.kind == KIND:
            of = known.get((str(line.payload.get("line")), str(line.payload.get("head"))))
            found.append(Noted(line, of if of is not None and of.no < line.no else None))
    return tuple(found)


def kept(archive: Path, lines: Sequence[Line]) -> tuple[Path, ...]:
    """Return the files of the time stamps that the ledger notes, as far as they are there."""
    found = (place(archive, one.of) for one in noted(lines) if one.of)
    return tuple(path for path in found if _there(path))


def uncovered(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines after the newest time stamp, without those that only note one."""
    until = max((one.of.no for one in noted(lines) if one.of), default=0)
    return tuple(line for line in lines if line.no > until and line.kind != KIND)


def unnoted(archive: Path, lines: Sequence[Line]) -> Iterator[tuple[Line, Path]]:
    """Yield files with the name of a line's time stamp that the ledger does not note, with the line."""
    known = {one.of.no for one in noted(lines) if one.of}
    for line in lines:
        path = place(archive, line)
        if line.no not in known and _there(path):
            yield line, path


def leftovers(archive: Path) -> list[Path]:
    """Return half-written files of interrupted stamps."""
    folder = archive / FOLDER
    found = sorted(folder.iterdir()) if own_folder(folder) else []
    return [path for path in found if _LEFT.fullmatch(path.name) and own_file(path)]


def strays(archive: Path, lines: Sequence[Line]) -> Iterator[str]:
    """Yield files among the time stamps that are none, by their path in the archive; no link is followed."""
    own = {place(archive, one.of) for one in noted(lines) if one.of}
    own |= {path for _, path in unnoted(archive, lines)} | set(leftovers(archive))
    if own_folder(archive / FOLDER):
        yield from (f"{FOLDER}/{name}" for name, path in inside(archive / FOLDER) if path not in own)


def _there(path: Path) -> bool:
    return own_folder(path.parent) and os.path.lexists(path) and own_file(path)
