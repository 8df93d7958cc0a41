"""The configs and templates that come along with the program, and bringing a workspace up to new ones.

A workspace remembers in ``.opti.json`` what it was made from: the line, and each file. A file is the user's
own once it differs from that: an upgrade never writes over it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from opti_reports import __version__
from opti_reports.disk import replace, sha256
from opti_reports.errors import UsageError
from opti_reports.line import Line, line_named, lines

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


@dataclass(frozen=True)
class _Note:
    """What a workspace was made from: its line, and the hash of each file by its path."""

    line: Line
    files: Mapping[str, str]


def copy(target: Path, line: str = "") -> None:
    """Put a line's configs and templates into a new workspace; the default line's if none is named."""
    chosen = line_named(line)
    for path, origin in _origins(chosen).items():
        replace(target / path, origin.read_bytes())
    _remember(target, chosen)


def line_of(root: Path) -> Line:
    """Return the line a workspace was made from. Raises UsageError if its note cannot be read."""
    return _note(root).line


def plan(root: Path) -> tuple[Change, ...]:
    """Return what an upgrade would change in a workspace, by path. Raises UsageError in the program's own."""
    if root.resolve() == STARTER:
        raise UsageError("workspace.own", str(root))
    note = _note(root)
    return tuple(_changes(root, note.files, _shipped(note.line)))


def upgrade(root: Path, changes: tuple[Change, ...]) -> Path | None:
    """Carry out a plan; where new versions of edited files were put, if there are any.

    Interrupted anywhere it can be run again: what is done already is then no change.
    """
    aside, line = root / f"upgrade-{__version__}", line_of(root)
    origins = _origins(line)
    for change in changes:
        target = root / change.path
        if change.what in ("added", "renewed"):
            replace(target, origins[change.path].read_bytes())
        elif change.what in ASIDE:
            replace(aside / change.path, origins[change.path].read_bytes())
        elif change.what == "dropped":
            target.unlink(missing_ok=True)
    _remember(root, line)
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


def _remember(root: Path, line: Line) -> None:
    """Note in a workspace what it was made from."""
    note = {"version": __version__, "line": line.id, "files": _shipped(line)}
    replace(root / RECORD, json.dumps(note, indent=1, sort_keys=True).encode())


def _note(root: Path) -> _Note:
    """Return what a workspace was made from; before there were several lines it was the default one.

    Without a note nobody can say whose a difference is, and the line is the one whose files it has.
    """
    path = root / RECORD
    if not path.is_file():
        return _Note(min(lines(), key=lambda line: len(_held(root) ^ _origins(line).keys())), {})
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
        files = {str(name): str(digest) for name, digest in note["files"].items()}
        name = str(note.get("line", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UsageError("workspace.note", str(path)) from None
    return _Note(line_named(name), files)


def _shipped(line: Line) -> dict[str, str]:
    return {path: sha256(origin) for path, origin in _origins(line).items()}


def _origins(line: Line) -> dict[str, Path]:
    """Return where the files of a line's workspaces lie, by their paths there: its own before the shared."""
    shared = {path: STARTER / path for path in sorted(_held(STARTER)) if line.takes_file(path)}
    return shared | {path: line.folder / path for path in sorted(_held(line.folder))}


def _held(root: Path) -> set[str]:
    """Return the paths of the configs and templates that lie in a folder."""
    return {
        path.relative_to(root).as_posix()
        for folder in FOLDERS
        for path in (root / folder).rglob("*")
        if path.is_file()
    }
