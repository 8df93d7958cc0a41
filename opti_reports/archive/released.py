"""``release.json``: a release as other programs read it, in its run's folder and in the archive."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from opti_reports.archive.files import replace
from opti_reports.model.release import Attachment, Blocked, Release, ReleasedPack
from opti_reports.periods.period import month_or_week

NAME = "release.json"


def to_bytes(release: Release) -> bytes:
    """Return the release as JSON, the same bytes for the same release."""
    left = {"period"} if release.pack else {"period", "pack"}
    plain = {name: part for name, part in asdict(release).items() if name not in left} | {
        "month": release.period.text,
        "blocked": [one._asdict() for one in release.blocked],
    }
    return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode()


def from_bytes(content: bytes) -> Release:
    """Return the release that JSON describes. Raises ValueError, KeyError or TypeError for other content."""
    raw: dict[str, Any] = json.loads(content)
    packs = tuple(
        ReleasedPack(**{**one, "attached": tuple(Attachment(**a) for a in one["attached"])})
        for one in raw["packs"]
    )
    blocked = tuple(Blocked(**one) for one in raw["blocked"])
    period = month_or_week(raw.pop("month"))
    return Release(**raw | {"period": period, "packs": packs, "blocked": blocked})


def write(folder: Path, release: Release) -> None:
    """Write ``release.json`` into a run's folder in one step."""
    replace(folder / NAME, to_bytes(release))


def read(folder: Path) -> Release | None:
    """Return the release of a run's folder or of an archived run, None where there is none."""
    path = folder / NAME
    return from_bytes(path.read_bytes()) if path.exists() else None


def run_folder(output: Path, release: Release) -> Path:
    """Return where a release's archived packs lie."""
    return output / "archive" / release.place / release.run_id
