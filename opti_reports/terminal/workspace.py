"""An upgrade of a workspace, as text for a person at a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from opti_reports.terminal.tables import table

if TYPE_CHECKING:
    from opti_reports.starter import Change


def upgrade_text(changes: Sequence[Change], aside: Path | None, *, done: bool) -> str:
    """What an upgrade did, or would do, file by file."""
    if not changes:
        return "Nothing to change: the configs and templates are those of this version."
    lines = [table(("file", "upgrade"), [(change.path, change.what) for change in changes])]
    kinds = {change.what for change in changes}
    if "unclear" in kinds:
        lines.append(
            "unclear: no note says what this file was made from, so nobody can tell whether you edited"
        )
        lines.append("it or it is of an earlier version. It stays as it is.")
    if "differs" in kinds:
        lines.append("differs: edited by you, and changed in this version. It stays as it is.")
    if aside is not None:
        lines.append(f"This version's texts of them are in {aside}.")
        lines.append("Take from them what you need, delete the folder, then: opti check")
    elif not done:
        lines.append("Nothing was changed. To do it: opti upgrade")
    return "\n".join(lines)
