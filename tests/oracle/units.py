"""The organisation file: which unit a source's code meant in a month, and the tree of the data month."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .dates import month_of

UNALLOCATED = "kohdistamaton"
ADMINISTRATION = "hallinto"


@dataclass(frozen=True)
class Version:
    """One version of a unit: valid from the first day of a month to the end of one (None: open)."""

    unit: str
    level: str
    kind: str
    parent: str | None
    names: frozenset[str]
    codes: dict[str, list[str]]
    first: int
    last: int | None
    successor: str | None

    def valid(self, month: int) -> bool:
        """Tell whether the version is valid in a month."""
        return self.first <= month and (self.last is None or month <= self.last)

    def called(self, system: str, code: str) -> bool:
        """Tell whether a source system calls the unit so."""
        return code in self.codes.get(system, ())

    def named(self, code: str) -> bool:
        """Tell whether a text is one of the unit's names."""
        return code.strip().casefold() in self.names


def _version(table: dict[str, Any]) -> Version:
    until = table.get("valid_to")
    return Version(
        unit=table["id"],
        level=table["level"],
        kind=table["type"],
        parent=table.get("parent"),
        names=frozenset(name.strip().casefold() for name in table["name"].values()),
        codes=table.get("codes", {}),
        first=month_of(table["valid_from"]),
        last=None if until is None else month_of(until),
        successor=table.get("successor"),
    )


class Organisation:
    """The units as a run of one data month sees them.

    ``lowest`` is the level of the units that have no units below them.
    """

    def __init__(self, path: Path, month: int) -> None:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        self._versions = [_version(table) for table in raw["unit"]]
        self._resolved: dict[tuple[str, str, int], str] = {}
        self.lowest: str = raw["level"][-1]["id"]
        self.tree = {version.unit: version for version in self._versions if version.valid(month)}

    def _current(self, unit: str) -> str:
        """Follow successors to a unit of the tree; a unit that ended without one is unallocated."""
        while unit not in self.tree:
            heir = next((v.successor for v in self._versions if v.unit == unit and v.successor), None)
            if heir is None:
                return UNALLOCATED
            unit = heir
        return unit

    def unit(self, system: str, code: str | None, month: int, empty: str = UNALLOCATED) -> str:
        """Return the unit of the tree that a source's code meant in a month."""
        if not code:
            return empty
        asked = (system, code, month)
        if asked not in self._resolved:
            self._resolved[asked] = self._resolve(system, code, month)
        return self._resolved[asked]

    def _resolve(self, system: str, code: str, month: int) -> str:
        # A system's own code goes before a name: "digitiimi" may be a queue and the name of a unit.
        meant = [v for v in self._versions if v.called(system, code)]
        meant += [v for v in self._versions if v.named(code)]
        if valid := [v for v in meant if v.valid(month)]:
            return self._current(valid[0].unit)
        # Only an earlier version has the code: the unit goes on under another name, or in its successor.
        if ended := [v for v in meant if v.last is not None and v.last < month]:
            return self._current(ended[-1].successor or ended[-1].unit)
        return UNALLOCATED

    def upwards(self, unit: str) -> list[str]:
        """Return a unit and everything above it up to the root."""
        path = [unit]
        while parent := self.tree[path[-1]].parent:
            path.append(parent)
        return path

    def below(self, org: str, kind: str) -> list[str]:
        """Return the units of a kind that lie under an organisation."""
        return [u for u, v in self.tree.items() if v.kind == kind and org in self.upwards(u)[1:]]
