"""Extracts copied aside while they are hashed, so that what is read is what was hashed."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from opti_reports.errors import ExtractError
from opti_reports.model.delivery import Delivery

BLOCK = 1 << 20


@contextmanager
def spooled(store: Path, delivery: Delivery) -> Iterator[Delivery]:
    """Yield the delivery with its files copied into the store, each from one open file; they go afterwards.

    Raises ExtractError for a file that is no longer the one that was hashed.
    """
    folder = store / f".spool.{delivery.source}.{delivery.month}.{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        files = []
        for number, (path, digest) in enumerate(zip(delivery.files, delivery.hashes, strict=True)):
            target = folder / str(number) / path.name
            target.parent.mkdir(parents=True)
            if _copied(path, target) != digest:
                raise ExtractError("store.changing", path.name)
            files.append(target)
        yield replace(delivery, files=tuple(files))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copied(path: Path, target: Path) -> str:
    """Copy a file with its time, which tells two versions apart; return the sha256 of what was copied."""
    digest = hashlib.sha256()
    with path.open("rb") as source, target.open("wb") as copy:
        while block := source.read(BLOCK):
            digest.update(block)
            copy.write(block)
    os.utime(target, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    return digest.hexdigest()
