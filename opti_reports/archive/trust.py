"""Where a workspace keeps what its archive is judged by: the public key and the roots of time stamps."""

from __future__ import annotations

from pathlib import Path

from opti_reports.config.configs import Configs
from opti_reports.config.stamp import Stamp
from opti_reports.workspace import Workspace


def public_key(workspace: Workspace, configs: Configs) -> Path:
    """Return the file of the public key that the configs name."""
    return workspace.configs / configs.archive.public_key


def stamp_roots(workspace: Workspace, stamp: Stamp) -> Path:
    """Return the file of the certificates that time stamps must lead to."""
    return workspace.configs / stamp.roots
