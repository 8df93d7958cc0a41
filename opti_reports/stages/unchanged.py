"""A month that is still what its last run made of the same: then nothing is made again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from opti_reports.archive import released as release_file
from opti_reports.archive.standing import RECORD, names
from opti_reports.config.configs import Configs
from opti_reports.disk import sha256
from opti_reports.extracts.find import unread
from opti_reports.messages.message import Message
from opti_reports.stages.extracts import Arrived
from opti_reports.stages.output import MADE_OF
from opti_reports.stages.request import Outcome, Request
from opti_reports.stages.web_page import handbooks
from opti_reports.store import entries, program
from opti_reports.store.surroundings import fonts
from opti_reports.workspace import ARCHIVE

BESIDE = {RECORD, release_file.NAME}
"""What lies in a month's folder and is no file of the run."""


def made_of(request: Request, configs: Configs, arrived: Arrived, basis: str) -> str:
    """Return the address of a whole run's files: all that they depend on."""
    found = unread(request.workspace.data, request.month, configs.sources, configs.unlisted.sources)
    warned = [repr(one) for one in found]
    return entries.address(
        (
            basis,
            request.month,
            arrived.stage,
            warned,
            names(request.workspace.output / ARCHIVE),
            sorted(handbooks(request.workspace.output, configs.settings.languages)),
            program.code("opti_reports.run"),
            fonts(),
        )
    )


def unchanged(request: Request, arrived: Arrived, made_of: str) -> Outcome | None:
    """Return what the last run made where it was made of the same and is whole; else None."""
    if request.fresh or request.partial:
        return None
    folder = request.folder
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if record.get(MADE_OF) != made_of:
        return None
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - BESIDE
    files: Mapping[str, str] = record["files"]
    if there != files.keys() or any(sha256(folder / name) != digest for name, digest in files.items()):
        return None
    return Outcome(
        folder=folder,
        stage=arrived.stage,
        packs=tuple(record["packs"]),
        failed={},
        sources=arrived.sources,
        warnings=tuple(map(_message, record["messages"])),
        unchanged=True,
    )


def _message(noted: Mapping[str, Any]) -> Message:
    """Return a message as it was before it was written as JSON."""
    return Message(
        code=noted["code"], values={name: _shown(value) for name, value in noted["values"].items()}
    )


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return _message(value)
    return tuple(map(_shown, value)) if isinstance(value, list) else value
