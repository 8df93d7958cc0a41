"""Whether an archive still is what it was: every file hashed again, the ledger walked."""

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


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a verification found. ``faults`` and ``notes`` are a sentence each; no faults: it is whole."""

    runs: tuple[str, ...]
    files: int
    head: str
    signatures: int
    stamps: tuple[stamps.Stamp, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]


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
    faults, notes = list(found.faults), []
    if head and head not in {line.hash for line in found.lines}:
        faults.append(f"{LEDGER}: the head {head[:12]}… lodged outside is not in it: it was cut or rewritten")
    elif head and head != found.head:
        notes.append("the head lodged outside is an earlier line of the ledger: it has grown since")
    checked = signed = 0
    waiting = set(unfinished(archive, found.lines))
    for name in sorted({*names, *known} if not only else {only}):
        if name not in names:
            if archive / name in waiting:
                notes.append(f"{name}: an interrupted release left it aside; the next puts it in its place")
            elif "*" not in gone.get(name, {}):
                faults.append(f"{name}: the run is missing, and the ledger has no line that it was deleted")
            continue
        many, wrong = _run(names[name], known.get(name), gone.get(name, {}))
        checked += many
        faults += wrong
        signs = signature.check(archive, name, public_key, wanted=all_signed or name in wanted)
        signed += signs.good
        faults += signs.faults
        notes += signs.notes
    notes += [
        f"{path.relative_to(archive).as_posix()}: was left by an interrupted release; the next removes it"
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


def _strays(archive: Path, runs: set[str], lines: tuple[Line, ...]) -> Iterator[str]:
    """What lies beside the runs and is none of the archive's own; no link is followed."""
    own = {LEDGER, LOCK, *(signature.place(archive, run).relative_to(archive).as_posix() for run in runs)}
    for name, path in _beside(archive, runs):
        if name not in own or not own_file(path):
            yield f"{name}: was added: it is nothing of the archive's"
    for name in stamps.strays(archive, lines):
        yield f"{name}: was added: it is nothing of the archive's"


def _beside(archive: Path, runs: set[str]) -> Iterator[tuple[str, Path]]:
    """Everything of the archive but its runs and what an interrupted release left."""
    for path in sorted(archive.iterdir()) if archive.is_dir() else ():
        if own_folder(path) and path.name == stamps.FOLDER:
            continue  # has names of its own
        if own_folder(path) and path.name == signature.FOLDER:
            yield from ((f"{path.name}/{name}", each) for name, each in inside(path))
        elif own_folder(path) and _of_month(path):
            for each in sorted(path.iterdir()):
                left = own_folder(each) and each.name[0] == "." and each.name.endswith(".new")
                if f"{path.name}/{each.name}" not in runs and not left:
                    yield f"{path.name}/{each.name}", each
        elif (
            path.name != f".{LEDGER}.new"
        ):  # of a command that was ended before it put it in the ledger's place
            yield path.name, path


def _of_month(path: Path) -> bool:
    return re.fullmatch(r"[0-9]{4}-[0-9]{2}", path.name) is not None


def deleted(lines: tuple[Line, ...]) -> dict[str, dict[str, str]]:
    """What the ledger says was deleted: file (``*``: the whole run) to its hash, by run."""
    found: dict[str, dict[str, str]] = {}
    for line in lines:
        if line.kind == "deleted":
            found.setdefault(str(line.payload["run"]), {}).update(line.payload["files"])
    return found


def _run(folder: Path, manifest: str | None, gone: Mapping[str, str]) -> tuple[int, list[str]]:
    """How many files of a run were hashed, and what is wrong with them."""
    name = f"{folder.parent.name}/{folder.name}"
    faults: list[str] = []
    there = dict(inside(folder))
    odd = [each for each, path in there.items() if not own_file(path)]
    if odd:
        return 0, [f"{name}/{each}: is no file of its own: a link, a pipe or a device" for each in odd]
    if manifest is None:
        faults.append(f"{name}: the ledger knows no such run: it was added")
    try:
        said = read(folder)
    except ArchiveError as error:
        return 0, [*faults, f"{error.where}: {error.what}"]
    if manifest is not None and sha256(folder / MANIFEST) != manifest:
        faults.append(f"{name}/{MANIFEST}: was changed: the ledger has another hash of it")
    faults += [f"{name}/{fault}" for fault in _files(folder, said, there, gone)]
    return len(there), faults


def _files(folder: Path, said: Manifest, there: Mapping[str, Path], gone: Mapping[str, str]) -> Iterator[str]:
    wanted = {**said.files, MANIFEST: "", SUMS: hashlib.sha256(said.sums).hexdigest()}
    for name, digest in wanted.items():
        if name not in there:
            if gone.get(name) != digest:
                yield f"{name}: is missing"
        elif name != MANIFEST and sha256(there[name]) != digest:
            yield f"{name}: was changed"
    for name in there:
        if name not in wanted:
            yield f"{name}: was added"
    if f"{folder.parent.name}/{folder.name}" != said.name:
        yield f"{MANIFEST}: is that of another run, {said.name}"
