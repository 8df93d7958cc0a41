"""What an archived run says of itself: every file by its hash, and what it was made from and with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from opti_reports.errors import ArchiveError
from opti_reports.model.report import Stage

FORMAT = 1
"""The newest layout of an archived run; every earlier one can be read too."""
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The record of an archived run.

    ``month`` is the month or the week (``2026-W35``), ``files`` are the sha256 of every other file of the run
    by its path, ``inputs`` those of the extracts by folder and name, ``software`` the versions of everything
    that made it, ``left_out`` the facts that hold pseudonyms and are therefore not archived, ``ledger`` the
    head of the ledger when it was made.
    """

    format: int
    month: str
    run: str
    version: int
    stage: Stage
    role: str
    at: str
    command: str
    basis: str
    software: Mapping[str, Any]
    inputs: Mapping[str, str]
    left_out: tuple[str, ...]
    ledger: str
    files: Mapping[str, str]

    @property
    def name(self) -> str:
        """Return the run as commands name it: ``2026-08/v1-…``."""
        return f"{self.month}/{self.run}"

    def to_bytes(self) -> bytes:
        """Return the manifest as JSON."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    @property
    def sums(self) -> bytes:
        """Return ``SHA256SUMS``: every file and the manifest, for ``sha256sum -c``."""
        every = {**self.files, MANIFEST: hashlib.sha256(self.to_bytes()).hexdigest()}
        return "".join(f"{digest}  {name}\n" for name, digest in sorted(every.items())).encode()


def read(folder: Path) -> Manifest:
    """Return the manifest of a run folder.

    Raises ArchiveError where it is missing, damaged or of a later format.
    """
    path = folder / MANIFEST
    place = f"{folder.parent.name}/{folder.name}/{MANIFEST}"
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] > FORMAT:
            raise ArchiveError("manifest.format", place, format=raw["format"], known=FORMAT)
        wanted = {field.name: raw[field.name] for field in fields(Manifest)}
        return Manifest(**{**wanted, "left_out": tuple(raw["left_out"])})
    except FileNotFoundError:
        raise ArchiveError("manifest.missing", place) from None
    except (ValueError, KeyError, TypeError):
        raise ArchiveError("manifest.unreadable", place) from None
