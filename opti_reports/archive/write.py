"""Write a run into the archive: built aside and synced, released by its line in the ledger, renamed.

Whoever is killed before the line leaves a folder aside, which the next release removes; after it, one that
the next release puts in its place. So a run without a line is never an accident.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from opti_reports.archive.files import own_folder, put
from opti_reports.archive.ledger import Line
from opti_reports.archive.manifest import MANIFEST, SUMS, Manifest
from opti_reports.disk import rights, sha256, sync

OWN_EYES = ("facts", "inputs")
"""Folders of a run that hold unmasked counts and extracts: nobody but their owner may look in."""


def aside(target: Path) -> Path:
    """Return where a run folder is built."""
    return target.with_name(f".{target.name}.new")


def build(
    target: Path, contents: Iterable[tuple[str, bytes]], manifest: Callable[[Mapping[str, str]], Manifest]
) -> str:
    """Build a run folder aside, whole and synced, and return its manifest's sha256.

    ``manifest`` is called with the hash of every file. Raises OSError when the disk is full or read-only;
    nothing is left then.
    """
    place = aside(target)
    shutil.rmtree(place, ignore_errors=True)
    files: dict[str, str] = {}
    try:
        for name, content in contents:
            put(place / name, content)
            files[name] = hashlib.sha256(content).hexdigest()
        made = manifest(dict(sorted(files.items())))
        put(place / MANIFEST, made.to_bytes())
        put(place / SUMS, made.sums)
    except OSError:
        shutil.rmtree(place, ignore_errors=True)
        raise
    for folder in (place / name for name in OWN_EYES):
        if folder.is_dir():
            folder.chmod(rights()[1])
    for folder in sorted({path.parent for path in place.rglob("*")} | {place, place.parent}):
        sync(folder)
    return hashlib.sha256(made.to_bytes()).hexdigest()


def finish(target: Path) -> None:
    """Put a run folder that was built, and that the ledger knows, in its place."""
    aside(target).rename(target)
    sync(target.parent)


def runs(archive: Path) -> Iterator[Path]:
    """Yield the run folders of an archive, by period and name."""
    for period in sorted(path for path in archive.glob("[0-9]*-[0-9W]*") if own_folder(path)):
        yield from sorted(path for path in period.iterdir() if own_folder(path) and path.name[0] != ".")


def released(lines: Iterable[Line]) -> dict[str, str]:
    """Return the manifest's hash of every run the ledger says was released, by name."""
    return {
        f"{line.payload['month']}/{line.payload['run']}": str(line.payload["manifest"])
        for line in lines
        if line.kind == "released"
    }


def unfinished(archive: Path, lines: Iterable[Line]) -> list[Path]:
    """Return released runs that are still aside: their release was interrupted before the renaming."""
    targets = [(archive / name, digest) for name, digest in released(lines).items()]
    return [target for target, digest in targets if not target.exists() and _is(aside(target), digest)]


def _is(folder: Path, manifest: str) -> bool:
    path = folder / MANIFEST
    return path.is_file() and sha256(path) == manifest


def leftovers(archive: Path, lines: Iterable[Line]) -> list[Path]:
    """Return folders built aside by releases that were interrupted before their line."""
    going = {aside(target) for target in unfinished(archive, lines)}
    return [path for path in sorted(archive.glob("*/.*.new")) if path.is_dir() and path not in going]
