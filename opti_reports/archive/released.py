"""``release.json``: a release as other programs read it, in the month's folder and in the archive."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from opti_reports.archive.files import replace
from opti_reports.model.release import Attachment, Blocked, Release, ReleasedPack
from opti_reports.periods.months import month_text, parse_month

NAME = "release.json"


def to_bytes(release: Release) -> bytes:
    """Return the release as JSON, the same bytes for the same release."""
    plain = asdict(release) | {
        "month": month_text(release.month),
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
    return Release(**{**raw, "month": parse_month(raw["month"]), "packs": packs, "blocked": blocked})


def write(folder: Path, release: Release) -> None:
    """Write ``release.json`` into a month's folder in one step."""
    replace(folder / NAME, to_bytes(release))


def read(folder: Path) -> Release | None:
    """Return the release of a month's folder or of an archived run, None where there is none."""
    path = folder / NAME
    return from_bytes(path.read_bytes()) if path.exists() else None


def run_folder(output: Path, release: Release) -> Path:
    """Return where a release's archived packs lie."""
    return output / "archive" / month_text(release.month) / release.run_id
