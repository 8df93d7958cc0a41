"""The organisation as the demo needs it: units, codes, who follows whom, and how many people each serves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from pydantic import BaseModel

from opti_reports.config.organisation import UnitVersion
from opti_reports.demo.data import COUNTY, read_config
from opti_reports.demo.days import month_of
from opti_reports.demo.rows import Floats, Ints
from opti_reports.errors import UsageError

STATION = "terveysasema"
NEVER = 9999 * 12


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One unit over all its versions; months are numbers, ``ends`` is its last or ``NEVER``."""

    id: str
    kind: str
    parent: str
    starts: int
    ends: int
    successor: str
    names: tuple[str, ...]
    codes: dict[str, tuple[str, ...]]

    def settled(self, first: int) -> Unit:
        """Return the unit as if it had begun, and ended if it ever ends, before the month ``first``."""
        ends = NEVER if self.ends == NEVER else min(self.ends, first - 1)
        return replace(self, starts=min(self.starts, first), ends=ends)


@dataclass(frozen=True)
class Organisation:
    """The units in file order, with the arrays over unit numbers that the generators use."""

    units: tuple[Unit, ...]

    def number(self, unit_id: str) -> int:
        """Return the unit's number, or -1 when the organisation has no such unit."""
        return next((i for i, unit in enumerate(self.units) if unit.id == unit_id), -1)

    def of_kind(self, kind: str) -> Ints:
        """Return numbers of the units of this type."""
        return np.array([i for i, unit in enumerate(self.units) if unit.kind == kind], dtype=np.int64)

    def parents(self) -> Ints:
        """Return for each unit number that of the unit above it, -1 at the top."""
        return np.array([self.number(unit.parent) for unit in self.units], dtype=np.int64)

    def with_code(self, system: str, month: int | None = None) -> Ints:
        """Return numbers of the operating units that the system has a code for, in the month or ever."""
        above = {unit.parent for unit in self.units}
        found = [
            i
            for i, unit in enumerate(self.units)
            if system in unit.codes and unit.id not in above and unit.kind != "kohdistamaton"
            if month is None or unit.starts <= month <= unit.ends
        ]
        return np.array(found, dtype=np.int64)

    def at(self, month: int) -> Ints:
        """Return for each unit number the unit that has its work in the month: itself or its successor."""
        return np.array([self._follow(i, month) for i in range(len(self.units))], dtype=np.int64)

    def _follow(self, index: int, month: int) -> int:
        unit = self.units[index]
        gone = unit.ends < month and unit.successor
        return self._follow(self.number(unit.successor), month) if gone else index

    def people(self, month: int) -> Floats:
        """Return each unit's inhabitants in thousands; a merged station's have moved to its successor."""
        served, now = np.zeros(len(self.units)), self.at(month)
        for i in self.of_kind(STATION):
            served[now[i]] += COUNTY["people"].get(self.units[i].id, 6.0)
        return served

    def swedish(self) -> Floats:
        """Return each unit's share of Swedish speakers."""
        return np.array([COUNTY["swedish"].get(unit.id, 0.06) for unit in self.units])

    def areas(self, elsewhere: str) -> list[str]:
        """Return each unit's service unit, or ``elsewhere`` if that is given and it is no station."""
        return [elsewhere if elsewhere and u.kind != STATION else u.parent or u.id for u in self.units]

    def labels(self, system: str) -> list[str]:
        """Return what the system calls the units: a code per unit, a name per unit, last an unknown code.

        A unit without a code goes by its name; a renamed unit never does: its old name means nothing now.
        """
        codes = [unit.codes.get(system, unit.names)[0] for unit in self.units]
        names = [u.names[0] if len(u.names) == 1 else code for u, code in zip(self.units, codes, strict=True)]
        return [*codes, *names, "Tuntematon 99"]


class _File(BaseModel):
    """Of organisation.toml what the demo needs."""

    unit: tuple[UnitVersion, ...] = ()


def read_organisation(path: Path) -> Organisation:
    """Read organisation.toml; raises ConfigError with all that is wrong in it.

    Raises UsageError when it holds no health station, so that there is nothing to make data for.
    """
    found = read_units(path)
    if not len(found.of_kind(STATION)):
        raise UsageError("demo.no_station", str(path), type=STATION)
    return found


def read_units(path: Path) -> Organisation:
    """Read organisation.toml, whatever units it holds; raises ConfigError with all that is wrong in it."""
    versions: dict[str, list[UnitVersion]] = {}
    for version in read_config(path, path.name, _File).unit:
        versions.setdefault(version.id, []).append(version)
    return Organisation(tuple(map(_unit, versions.values())))


def _unit(versions: list[UnitVersion]) -> Unit:
    last = versions[-1]
    return Unit(
        id=last.id,
        kind=last.type,
        parent=last.parent or "",
        starts=int(month_of(np.datetime64(versions[0].valid_from))),
        ends=int(month_of(np.datetime64(last.valid_to))) if last.valid_to else NEVER,
        successor=last.successor or "",
        names=tuple(dict.fromkeys(version.name["fi"] for version in versions)),
        codes=last.codes,
    )
