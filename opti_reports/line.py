"""The service lines that ship with the program: what a new workspace can begin from.

A line is a folder of ``lines/``: ``line.toml``, and the files of ``configs/`` and ``templates/`` that are its
own. The rest of a workspace is what the program's own configs and templates hold for every line.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Literal

from opti_reports.errors import UsageError
from opti_reports.messages.spelling import suggestion

LINES = Path(__file__).resolve().parent / "lines"
SHARED = (
    "configs/languages/*",
    "configs/labels/*",
    "configs/brand.toml",
    "configs/guards.toml",
    "configs/mail.toml",
    "configs/settings.toml",
    "templates/*",
)
"""What every line takes of the program's own files, since it names no service; ``takes`` adds more."""

Demo = Literal["county", "rules", "files"]
"""Where its demo's extracts come from: the county that ``demo`` draws, demo.toml, or the files in demo/."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A service line: its names and descriptions by language, its demo, and which shared files it takes."""

    id: str
    folder: Path
    name: Mapping[str, str]
    description: Mapping[str, str]
    demo: Demo
    takes: tuple[str, ...] = ()
    default: bool = False

    def takes_file(self, path: str) -> bool:
        """Return whether the line takes this one of the program's own files."""
        return any(fnmatchcase(path, pattern) for pattern in (*SHARED, *self.takes))


@cache
def lines() -> tuple[Line, ...]:
    """Return every line, the one for who names none first."""
    found = (_read(path) for path in LINES.glob("*/line.toml"))
    return tuple(sorted(found, key=lambda line: (not line.default, line.id)))


def line_named(name: str) -> Line:
    """Return a line; the default one for an empty name. Raises UsageError for a name that no line has."""
    known = {line.id: line for line in lines()}
    if not name:
        return lines()[0]
    if name not in known:
        raise UsageError("line.unknown", name=name, near=suggestion(name, known))
    return known[name]


def _read(path: Path) -> Line:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    table["takes"] = tuple(table.get("takes", ()))
    return Line(id=path.parent.name.replace("_", "-"), folder=path.parent, **table)
