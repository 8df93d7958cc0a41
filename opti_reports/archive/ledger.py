"""The ledger: one JSON line an event, each carrying the hash of the one before.

A line begins with its own hash: the sha256 of the line without it, so that a shell can check it too
(``docs/auditor.md``). The last line's hash is the head; lodged outside, it also shows a ledger cut short.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from filelock import FileLock, Timeout

from opti_reports.archive.files import replace
from opti_reports.errors import ArchiveError, LockError
from opti_reports.messages.message import Message, message

NAME, LOCK = "ledger.jsonl", ".ledger.lock"
Kind = Literal[
    "released",
    "handed",
    "sent",
    "refused",
    "uncertain_resolved",
    "recipients_changed",
    "targets_changed",
    "imported",
    "signed",
    "stamped",
    "deleted",
]
PATIENCE = 60
"""Seconds to wait for another process that writes a line."""
START = "0" * 64
"""What the first line carries as the hash of the one before."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """An event: its number from 1, when it was (ISO 8601), its kind and what it says."""

    no: int
    at: str
    kind: Kind
    payload: Mapping[str, Any]
    before: str
    hash: str

    @property
    def hashed(self) -> bytes:
        """Return the bytes that are hashed: the line without its hash."""
        return _text(
            {"no": self.no, "at": self.at, "kind": self.kind, "payload": self.payload}, self.before
        ).encode()


@dataclass(frozen=True)
class Walk:
    """The lines of a ledger that can be read, and what is wrong with it."""

    lines: tuple[Line, ...]
    faults: tuple[Message, ...]

    @property
    def head(self) -> str:
        """Return the hash of the last line; zeros where there is none."""
        return self.lines[-1].hash if self.lines else START


def record(folder: Path, kind: Kind, payload: Mapping[str, Any], at: str) -> str:
    """Add a line to the ledger of an archive folder and return its hash, the new head.

    ``at`` is the time of the event, ISO 8601, from the edge. Raises OSError as ``record_all``.
    """
    return record_all(folder, [(kind, payload)], at)


def record_all(folder: Path, events: Sequence[tuple[Kind, Mapping[str, Any]]], at: str) -> str:
    """Add lines to the ledger of an archive folder, all or none, and return the new head.

    The file is replaced in one step: a process that is killed leaves the old ledger or the new one. Raises
    OSError when the disk is full or read-only, LockError while another process keeps writing, ArchiveError
    for a ledger that is not whole: nothing is added to a broken chain.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = folder / LOCK
    try:
        with FileLock(lock, timeout=PATIENCE):
            return _added(folder / NAME, events, at)
    except Timeout:
        raise LockError("ledger.locked", str(lock)) from None


def _added(path: Path, events: Sequence[tuple[Kind, Mapping[str, Any]]], at: str) -> str:
    found = walk(path.parent)
    if found.faults:
        raise ArchiveError("ledger.not_written", f"{path.parent.name}/{NAME}", faults=found.faults)
    old = path.read_bytes() if found.lines else b""
    no, head = len(found.lines), found.head
    for number, (kind, payload) in enumerate(events, no + 1):
        text = _text({"no": number, "at": at, "kind": kind, "payload": payload}, head)
        head = hashlib.sha256(text.encode()).hexdigest()
        old += f'{{"hash":"{head}",{text[1:]}\n'.encode()
    replace(path, old)
    return head


def _text(parts: Mapping[str, Any], before: str) -> str:
    """Return a line without its own hash."""
    return json.dumps({"before": before, **parts}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def walk(folder: Path) -> Walk:
    """Read the ledger of an archive folder and follow its chain from the first line to the last."""
    path = folder / NAME
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return Walk((), (message("ledger.no_file", file=NAME),))
    lines: list[Line] = []
    faults: list[Message] = []
    before = Line(no=0, at="", kind="released", payload={}, before="", hash=START)
    *whole, rest = path.read_bytes().split(b"\n") if path.exists() else [b""]
    if rest:
        faults.append(message("ledger.no_end", file=NAME, line=len(whole) + 1))
    for place, raw in enumerate(whole, 1):
        line = _read(raw)
        if line is None:
            faults.append(message("ledger.changed", file=NAME, line=place))
            before = Line(no=place, at="", kind="released", payload={}, before="", hash="")
            continue
        faults += _breaks(place, before, line)
        lines.append(line)
        before = line
    return Walk(tuple(lines), tuple(faults))


def _read(raw: bytes) -> Line | None:
    """Return the line, or None where it is not what its hash says."""
    try:
        found = json.loads(raw)
        own = found.pop("hash")
        line = Line(
            no=int(found["no"]),
            at=found["at"],
            kind=found["kind"],
            payload=dict(found["payload"]),
            before=found["before"],
            hash=own,
        )
        text = _text({k: v for k, v in found.items() if k != "before"}, line.before)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    same = raw == f'{{"hash":"{own}",{text[1:]}'.encode()
    return line if same and hashlib.sha256(text.encode()).hexdigest() == own else None


def _breaks(place: int, before: Line, line: Line) -> Iterator[Message]:
    """Yield what is wrong between a line and the one before it; one that was changed is named already."""
    if line.kind not in get_args(Kind):
        yield message("ledger.kind", file=NAME, line=place, kind=line.kind)
    if not before.hash:
        return
    if line.no != before.no + 1:
        yield message("ledger.number", file=NAME, line=place, number=line.no, before=before.no)
    elif line.before != before.hash:
        yield message("ledger.follows", file=NAME, line=place)
