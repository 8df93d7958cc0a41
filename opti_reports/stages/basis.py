"""The hash in every footer: what the figures of a run rest on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from opti_reports import __version__
from opti_reports.model.delivery import Delivery
from opti_reports.workspace import Workspace

ASIDE = ("configs/recipients.toml", "configs/mail.toml", "configs/archive.toml", "templates/mail/")
"""What no pack rests on: who gets the packs, by what mail, how long they are kept."""


def basis(workspace: Workspace, found: Sequence[Delivery], week: str = "") -> str:
    """Return the hash of everything the figures rest on: extracts and what is declared of them, configs,
    templates and this program's version. Weeks that rest on the same months differ by their ``week``.
    """
    digest = hashlib.sha256(__version__.encode() + week.encode())
    for d in found:
        declared = (d.extracted_on.isoformat(), d.covers, d.confirm_shrink, d.confirm_rows)
        digest.update(json.dumps([d.source, d.month, [p.name for p in d.files], d.hashes, declared]).encode())
    for kind, folder in (("configs", workspace.configs), ("templates", workspace.templates)):
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = path.relative_to(folder).as_posix()
            if f"{kind}/{name}".startswith(ASIDE):
                continue
            digest.update(name.encode())
            digest.update(path.read_bytes())
    if workspace.demo.is_file():
        digest.update(workspace.demo.read_bytes())
    return digest.hexdigest()
