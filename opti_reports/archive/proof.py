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

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

NAME_ROOTS = (
    "name the authority's root certificate (--stamp-roots, or roots in [stamp] of configs/archive.toml)"
)


@dataclass(frozen=True)
class Checked:
    """The time stamps that hold, in the ledger's order, and what is to be said of the others."""

    good: tuple[stamps.Stamp, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]


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
    faults = [f"{LEDGER}: has no time stamp"] if wanted and not noted else []
    half = "was left by an interrupted stamp; the next removes it"
    notes = [_note(path, half) for path in stamps.leftovers(archive)]
    examined = [examine(archive, one, trusted) for one in noted]
    faults += [each for each in examined if isinstance(each, str) and each]
    for line, path in found:
        proved = _proved(path, line, trusted) if trusted else ""
        if isinstance(proved, str) and proved:
            faults.append(proved)
        else:
            notes.append(_note(path, "was left by an interrupted stamp; the next notes it in the ledger"))
    if noted and hindered:
        notes.append(f"{len(noted)} time stamp(s) were NOT checked: {hindered}")
    good = tuple(each for each in examined if isinstance(each, stamps.Stamp))
    return Checked(good, tuple(faults), (*notes, *_beyond(lines, noted)))


def examine(archive: Path, one: stamps.Noted, trusted: tuple[Certificate, ...]) -> stamps.Stamp | str:
    """What a noted time stamp proves, or what is wrong with it.

    Without ``trusted`` certificates nothing is proved; empty then, if nothing is wrong with its file.
    """
    fault = _unkept(archive, one)
    if fault or one.of is None or not trusted:
        return fault
    path = stamps.place(archive, one.of)
    proved = _proved(path, one.of, trusted)
    if isinstance(proved, stamps.Stamp) and proved.time != one.time:
        return _note(path, f"says {proved.time}, the ledger says {one.time}")
    return proved


def judge(path: Path, line: Line, trusted: tuple[Certificate, ...]) -> stamps.Stamp:
    """What a kept time stamp proves of a line. Raises TokenError."""
    with path.open("rb") as file:
        return stamp_of(line, token.judge(file.read(LONGEST + 1), line.hashed, trusted))


def stamp_of(line: Line, judged: token.Judged) -> stamps.Stamp:
    """What a time stamp that counts proves of a line."""
    return stamps.Stamp(line.no, judged.time.isoformat(), judged.authority)


def _hindered(roots: Path | None) -> str:
    """Why time stamps cannot be judged, and what to do; empty if they can."""
    if roots is None:
        return NAME_ROOTS
    return "" if token.installed() else f"the library rfc3161-client is not installed; {token.INSTALL}"


def _note(path: Path, text: str) -> str:
    return f"{stamps.FOLDER}/{path.name}: {text}"


def _unkept(archive: Path, one: stamps.Noted) -> str:
    """What is wrong with the file of a time stamp, without a look at what it says; empty if nothing."""
    if one.of is None:
        return f"{LEDGER}: line {one.by.no} notes a time stamp of a line that is not in it"
    path = stamps.place(archive, one.of)
    if not own_folder(path.parent) or not os.path.lexists(path):
        return _note(path, f"the time stamp is missing; line {one.by.no} of the ledger notes it")
    if not own_file(path):
        return _note(path, "is no file of its own: a link, a pipe or a device")
    return "" if sha256(path) == one.sha256 else _note(path, "was changed: the ledger has another hash of it")


def _proved(path: Path, line: Line, trusted: tuple[Certificate, ...]) -> stamps.Stamp | str:
    """What a kept time stamp proves of a line, or why it proves nothing."""
    try:
        return judge(path, line, trusted)
    except token.TokenError as error:
        return _note(path, f"does not prove line {line.no} of the ledger: {error}")


def _beyond(lines: Sequence[Line], noted: Sequence[stamps.Noted]) -> Iterator[str]:
    """That lines have come after the newest time stamp."""
    more = stamps.uncovered(lines)
    if noted and more:
        one = more[0].no == more[-1].no
        which = (
            f"line {more[0].no} of the ledger" if one else f"lines {more[0].no}–{more[-1].no} of the ledger"
        )
        yield f"{which} came after the newest time stamp: nobody has stamped {'it' if one else 'them'} yet"
