"""The configs and templates that come along with the program, and bringing a workspace up to new ones.

A workspace remembers in ``.opti.json`` what it was made from. A file is the user's own once it differs from
that: an upgrade never writes over it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from opti_reports import __version__
from opti_reports.disk import replace, sha256
from opti_reports.errors import UsageError

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "starter"
STARTER = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
"""Where they lie: inside an installed package, beside it in a checkout."""
FOLDERS = ("configs", "templates")
RECORD = ".opti.json"

What = Literal["added", "renewed", "dropped", "yours", "not_shipped", "differs", "unclear", "deleted"]
"""What becomes of a file. ``differs``: edited by the user and changed in the new version. ``unclear``:
it differs, and no note says what it was made from: edited by the user, or of an earlier version. Of both the
new one is put aside to compare with, and the workspace's own stays."""
ASIDE = ("differs", "unclear")


@dataclass(frozen=True)
class Change:
    """One file of a workspace and what an upgrade does to it."""

    path: str
    what: What


def copy(target: Path) -> None:
    """Put the configs and templates into a new workspace."""
    for name in FOLDERS:
        shutil.copytree(STARTER / name, target / name)
    remember(target)


def remember(root: Path) -> None:
    """Note in a workspace what it was made from."""
    text = json.dumps({"version": __version__, "files": _shipped()}, indent=1, sort_keys=True)
    replace(root / RECORD, text.encode())


def plan(root: Path) -> tuple[Change, ...]:
    """Return what an upgrade would change in a workspace, by path. Raises UsageError in the program's own."""
    if root.resolve() == STARTER:
        raise UsageError("workspace.own", str(root))
    was = _remembered(root)
    return tuple(_changes(root, was, _shipped()))


def upgrade(root: Path, changes: tuple[Change, ...]) -> Path | None:
    """Carry out a plan; where new versions of edited files were put, if there are any.

    Interrupted anywhere it can be run again: what is done already is then no change.
    """
    aside = root / f"upgrade-{__version__}"
    for change in changes:
        target = root / change.path
        if change.what in ("added", "renewed"):
            replace(target, (STARTER / change.path).read_bytes())
        elif change.what in ASIDE:
            replace(aside / change.path, (STARTER / change.path).read_bytes())
        elif change.what == "dropped":
            target.unlink(missing_ok=True)
    remember(root)
    return aside if any(change.what in ASIDE for change in changes) else None


def _changes(root: Path, was: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for path in sorted({*was, *new}):
        target = root / path
        mine = sha256(target) if target.is_file() else None
        what = _what(mine, was.get(path), new.get(path))
        if what:
            yield Change(path, what)


def _what(mine: str | None, was: str | None, new: str | None) -> What | None:
    """Return what to do with the user's file, given what it was made from and what comes now; None for
    nothing.
    """
    if mine == new:
        return None
    if mine is None:
        return "deleted" if was else "added"
    if new is None:
        return "dropped" if mine == was else "not_shipped"
    if was is None:
        return "unclear"
    if mine == was:
        return "renewed"
    return "yours" if was == new else "differs"


def _remembered(root: Path) -> dict[str, str]:
    """Return what a workspace was made from; nothing if not known: nobody can say whose a difference is."""
    path = root / RECORD
    if not path.is_file():
        return {}
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
        return {str(name): str(digest) for name, digest in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UsageError("workspace.note", str(path)) from None


def _shipped() -> dict[str, str]:
    return {
        path.relative_to(STARTER).as_posix(): sha256(path)
        for folder in FOLDERS
        for path in sorted((STARTER / folder).rglob("*"))
        if path.is_file()
    }
