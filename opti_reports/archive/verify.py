"""Whether an archive is unchanged: every file is hashed again, the ledger followed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from opti_reports.archive import proof, signature, stamps
from opti_reports.archive.files import inside, own_file, own_folder
from opti_reports.archive.ledger import LOCK, Line, walk
from opti_reports.archive.ledger import NAME as LEDGER
from opti_reports.archive.manifest import MANIFEST, SUMS, Manifest, read
from opti_reports.archive.write import leftovers, released, runs, unfinished
from opti_reports.disk import sha256
from opti_reports.errors import ArchiveError
from opti_reports.messages.message import Message, message


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a verification found. No ``faults``: it is whole."""

    runs: tuple[str, ...]
    files: int
    head: str
    signatures: int
    stamps: tuple[stamps.Stamp, ...]
    faults: tuple[Message, ...]
    notes: tuple[Message, ...]


def verify(
    archive: Path,
    only: str = "",
    head: str = "",
    public_key: Path | None = None,
    *,
    all_signed: bool = False,
    stamp_roots: Path | None = None,
    stamps_wanted: bool = False,
) -> Verdict:
    """Hash everything again (or the run ``only``) and follow the ledger.

    ``head`` is the ledger's head as lodged outside, ``public_key`` what signatures are checked with;
    ``all_signed``: a run without a signature is a fault, whether or not the ledger has a line that it was
    signed. ``stamp_roots`` is what time stamps must lead to, which are judged with the whole archive;
    ``stamps_wanted``: also with a run, and none at all is a fault.
    """
    found = walk(archive)
    known, gone = released(found.lines), deleted(found.lines)
    wanted = frozenset(str(line.payload["run"]) for line in found.lines if line.kind == "signed")
    names = {f"{path.parent.name}/{path.name}": path for path in runs(archive)}
    faults: list[Message] = list(found.faults)
    notes: list[Message] = []
    if head and head not in {line.hash for line in found.lines}:
        faults.append(message("verify.head_lost", file=LEDGER, head=head[:12]))
    elif head and head != found.head:
        notes.append(message("verify.head_earlier"))
    checked = signed = 0
    waiting = set(unfinished(archive, found.lines))
    for name in sorted({*names, *known} if not only else {only}):
        if name not in names:
            if archive / name in waiting:
                notes.append(message("verify.aside", run=name))
            elif "*" not in gone.get(name, {}):
                faults.append(message("verify.run_missing", run=name))
            continue
        many, wrong = _run(names[name], known.get(name), gone.get(name, {}))
        checked += many
        faults += wrong
        signs = signature.check(archive, name, public_key, wanted=all_signed or name in wanted)
        signed += signs.good
        faults += signs.faults
        notes += signs.notes
    notes += [
        message("verify.left", file=path.relative_to(archive).as_posix())
        for path in leftovers(archive, found.lines)
    ]
    good: tuple[stamps.Stamp, ...] = ()
    if (
        not only or stamps_wanted
    ):  # they are of the ledger, and a lost one must not keep a run from being sent
        stamped = proof.check(archive, found.lines, stamp_roots, wanted=stamps_wanted)
        good = stamped.good
        faults += stamped.faults
        notes += stamped.notes
    faults += [] if only else _strays(archive, set(names), found.lines)
    return Verdict(
        runs=tuple(sorted(names)),
        files=checked,
        head=found.head,
        signatures=signed,
        stamps=() if found.faults else good,  # of a chain that is broken they prove nothing as a whole
        faults=tuple(faults),
        notes=tuple(notes),
    )


def _strays(archive: Path, runs: set[str], lines: tuple[Line, ...]) -> Iterator[Message]:
    """Yield files beside the runs that do not belong to the archive; no link is followed."""
    own = {LEDGER, LOCK, *(signature.place(archive, run).relative_to(archive).as_posix() for run in runs)}
    for name, path in _beside(archive, runs):
        if name not in own or not own_file(path):
            yield message("verify.stray", file=name)
    for name in stamps.strays(archive, lines):
        yield message("verify.stray", file=name)


def _beside(archive: Path, runs: set[str]) -> Iterator[tuple[str, Path]]:
    """Yield everything of the archive but its runs and what an interrupted release left."""
    for path in sorted(archive.iterdir()) if archive.is_dir() else ():
        if own_folder(path) and path.name == stamps.FOLDER:
            continue  # has names of its own
        if own_folder(path) and path.name == signature.FOLDER:
            yield from ((f"{path.name}/{name}", each) for name, each in inside(path))
        elif own_folder(path) and _of_period(path):
            for each in sorted(path.iterdir()):
                left = own_folder(each) and each.name[0] == "." and each.name.endswith(".new")
                if f"{path.name}/{each.name}" not in runs and not left:
                    yield f"{path.name}/{each.name}", each
        elif (
            path.name != f".{LEDGER}.new"
        ):  # of a command that was ended before it put it in the ledger's place
            yield path.name, path


def _of_period(path: Path) -> bool:
    return re.fullmatch(r"[0-9]{4}-W?[0-9]{2}(\.[a-z][a-z0-9_]*)?", path.name) is not None


def deleted(lines: tuple[Line, ...]) -> dict[str, dict[str, str]]:
    """Return what the ledger says was deleted: file (``*``: the whole run) to its hash, by run."""
    found: dict[str, dict[str, str]] = {}
    for line in lines:
        if line.kind == "deleted":
            found.setdefault(str(line.payload["run"]), {}).update(line.payload["files"])
    return found


def _run(folder: Path, manifest: str | None, gone: Mapping[str, str]) -> tuple[int, list[Message]]:
    """Return how many files of a run were hashed, and what is wrong with them."""
    name = f"{folder.parent.name}/{folder.name}"
    faults: list[Message] = []
    there = dict(inside(folder))
    odd = [each for each, path in there.items() if not own_file(path)]
    if odd:
        return 0, [message("verify.no_file", file=f"{name}/{each}") for each in odd]
    if manifest is None:
        faults.append(message("verify.run_added", run=name))
    try:
        said = read(folder)
    except ArchiveError as error:
        return 0, [*faults, message("said.placed", where=error.place, what=error.message)]
    if manifest is not None and sha256(folder / MANIFEST) != manifest:
        faults.append(message("verify.manifest", file=f"{name}/{MANIFEST}"))
    faults += _files(name, said, there, gone)
    return len(there), faults


def _files(run: str, said: Manifest, there: Mapping[str, Path], gone: Mapping[str, str]) -> Iterator[Message]:
    wanted = {**said.files, MANIFEST: "", SUMS: hashlib.sha256(said.sums).hexdigest()}
    for name, digest in wanted.items():
        if name not in there:
            if gone.get(name) != digest:
                yield message("verify.missing", file=f"{run}/{name}")
        elif name != MANIFEST and sha256(there[name]) != digest:
            yield message("verify.changed", file=f"{run}/{name}")
    for name in there:
        if name not in wanted:
            yield message("verify.added", file=f"{run}/{name}")
    if run != said.name:
        yield message("verify.other_run", file=f"{run}/{MANIFEST}", run=said.name)
