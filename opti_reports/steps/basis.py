"""The hash in every footer: what the figures of a run rest on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from opti_reports import __version__
from opti_reports.model.delivery import Delivery
from opti_reports.workspace import Workspace

ASIDE = {"recipients.toml", "archive.toml"}
"""Configs that no figure rests on: who gets the packs, how long they are kept."""


def basis(workspace: Workspace, found: Sequence[Delivery]) -> str:
    """The hash of everything the figures rest on: extracts and what is declared of them, configs, templates
    and this program's version.
    """
    digest = hashlib.sha256(__version__.encode())
    for d in found:
        declared = (d.extracted_on.isoformat(), d.covers, d.confirm_shrink)
        digest.update(json.dumps([d.source, d.month, [p.name for p in d.files], d.hashes, declared]).encode())
    for folder in (workspace.configs, workspace.templates):
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = path.relative_to(folder).as_posix()
            if folder == workspace.configs and name in ASIDE:
                continue
            digest.update(name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
