"""Whether the time stamps of a ledger still prove what it says they prove; no network is needed for it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from opti_reports.archive import stamps, token
from opti_reports.archive.authority import LONGEST
from opti_reports.archive.files import own_file, own_folder
from opti_reports.archive.ledger import NAME as LEDGER
from opti_reports.archive.ledger import Line
from opti_reports.disk import sha256
from opti_reports.messages.message import Message, message

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


@dataclass(frozen=True)
class Checked:
    """The time stamps that hold, in the ledger's order, and what is to be said of the others."""

    good: tuple[stamps.Stamp, ...]
    faults: tuple[Message, ...]
    notes: tuple[Message, ...]


def check(archive: Path, lines: Sequence[Line], roots: Path | None, *, wanted: bool) -> Checked:
    """Judge every time stamp: that it is there, is what the ledger has the hash of, and proves its line.

    ``roots`` is the file of the certificates they must lead to; without it, or without the library, a note
    says that they were not judged. ``wanted``: that this cannot be, or that there is none, is an error.
    """
    noted = stamps.noted(lines)
    found = list(stamps.unnoted(archive, lines))
    if wanted:
        token.need()
    hindered = _hindered(roots)
    trusted = token.roots(roots) if roots and not hindered and (noted or found or wanted) else ()
    faults = [message("stamps.none", file=LEDGER)] if wanted and not noted else []
    notes = [message("stamps.left", file=_name(path)) for path in stamps.leftovers(archive)]
    examined = [examine(archive, one, trusted) for one in noted]
    faults += [each for each in examined if isinstance(each, Message)]
    for line, path in found:
        proved = _proved(path, line, trusted) if trusted else None
        if isinstance(proved, Message):
            faults.append(proved)
        else:
            notes.append(message("stamps.unnoted", file=_name(path)))
    if noted and hindered:
        notes.append(message("stamps.unchecked", n=len(noted), why=hindered))
    good = tuple(each for each in examined if isinstance(each, stamps.Stamp))
    return Checked(good, tuple(faults), (*notes, *_beyond(lines, noted)))


def examine(
    archive: Path, one: stamps.Noted, trusted: tuple[Certificate, ...]
) -> stamps.Stamp | Message | None:
    """Return what a noted time stamp proves, or what is wrong with it.

    Without ``trusted`` certificates nothing is proved; None then, if nothing is wrong with its file.
    """
    fault = _unkept(archive, one)
    if fault or one.of is None or not trusted:
        return fault
    path = stamps.place(archive, one.of)
    proved = _proved(path, one.of, trusted)
    if isinstance(proved, stamps.Stamp) and proved.time != one.time:
        return message("stamps.time", file=_name(path), time=proved.time, ledger=one.time)
    return proved


def judge(path: Path, line: Line, trusted: tuple[Certificate, ...]) -> stamps.Stamp:
    """Return what a kept time stamp proves of a line. Raises TokenError."""
    with path.open("rb") as file:
        return stamp_of(line, token.judge(file.read(LONGEST + 1), line.hashed, trusted))


def stamp_of(line: Line, judged: token.Judged) -> stamps.Stamp:
    """Return what a time stamp that counts proves of a line."""
    return stamps.Stamp(line.no, judged.time.isoformat(), judged.authority)


def _hindered(roots: Path | None) -> Message | None:
    """Return why time stamps cannot be judged, and what to do; None if they can."""
    if roots is None:
        return message("stamps.no_roots")
    return None if token.installed() else message("stamps.no_library")


def _name(path: Path) -> str:
    return f"{stamps.FOLDER}/{path.name}"


def _unkept(archive: Path, one: stamps.Noted) -> Message | None:
    """Return what is wrong with the file of a time stamp, without a look at what it says; None if nothing."""
    if one.of is None:
        return message("stamps.no_line", file=LEDGER, line=one.by.no)
    path = stamps.place(archive, one.of)
    if not own_folder(path.parent) or not os.path.lexists(path):
        return message("stamps.missing", file=_name(path), line=one.by.no)
    if not own_file(path):
        return message("verify.no_file", file=_name(path))
    return None if sha256(path) == one.sha256 else message("verify.manifest", file=_name(path))


def _proved(path: Path, line: Line, trusted: tuple[Certificate, ...]) -> stamps.Stamp | Message:
    """Return what a kept time stamp proves of a line, or why it proves nothing."""
    try:
        return judge(path, line, trusted)
    except token.TokenError as error:
        return message("stamps.proves_not", file=_name(path), line=line.no, why=error.message)


def _beyond(lines: Sequence[Line], noted: Sequence[stamps.Noted]) -> Iterator[Message]:
    """Yield that lines have come after the newest time stamp."""
    more = stamps.uncovered(lines)
    if noted and more:
        yield message("stamps.beyond", n=len(more), first=more[0].no, last=more[-1].no)
