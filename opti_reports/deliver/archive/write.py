"""A run into the archive: built aside, synced, renamed; its line in the ledger comes last."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from opti_reports.deliver.archive.files import put, sync
from opti_reports.deliver.archive.ledger import Line
from opti_reports.deliver.archive.manifest import MANIFEST, SUMS, Manifest


def write(
    target: Path, contents: Iterable[tuple[str, bytes]], manifest: Callable[[Mapping[str, str]], Manifest]
) -> str:
    """Write a run folder whole and return its manifest's sha256.

    ``manifest`` is called with the hash of every file. Raises OSError when the disk is full or read-only; no
    folder of the name is there then.
    """
    aside = target.with_name(f".{target.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    files: dict[str, str] = {}
    try:
        for name, content in contents:
            put(aside / name, content)
            files[name] = hashlib.sha256(content).hexdigest()
        made = manifest(dict(sorted(files.items())))
        put(aside / MANIFEST, made.to_bytes())
        put(aside / SUMS, made.sums)
    except OSError:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    for folder in sorted({path.parent for path in aside.rglob("*")} | {aside}):
        sync(folder)
    aside.rename(target)
    sync(target.parent)
    return hashlib.sha256(made.to_bytes()).hexdigest()


def runs(archive: Path) -> Iterator[Path]:
    """The run folders of an archive, by month and name."""
    for month in sorted(path for path in archive.glob("[0-9]*-[0-9]*") if path.is_dir()):
        yield from sorted(path for path in month.iterdir() if path.is_dir() and path.name[0] != ".")


def released(lines: Iterable[Line]) -> dict[str, str]:
    """The manifest's hash of every run the ledger says was released, by name."""
    return {
        f"{line.payload['month']}/{line.payload['run']}": str(line.payload["manifest"])
        for line in lines
        if line.kind == "released"
    }


def leftovers(archive: Path, lines: Iterable[Line]) -> list[Path]:
    """What an interrupted release left behind: folders built aside, or whole ones the ledger never knew."""
    known = released(lines)
    aside = sorted(path for path in archive.glob("*/.*.new") if path.is_dir())
    return aside + [path for path in runs(archive) if f"{path.parent.name}/{path.name}" not in known]
