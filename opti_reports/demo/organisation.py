"""The organisation as the demo needs it: units, codes, who follows whom, and how many people each serves."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from pydantic import BaseModel

from opti_reports.config.organisation import UnitVersion
from opti_reports.config.read import read_model
from opti_reports.demo.data import read_tables
from opti_reports.demo.rows import Floats, Ints
from opti_reports.errors import ConfigError, UsageError

COUNTY = read_tables("county.toml")
STATION = "terveysasema"


@dataclass(frozen=True)
class Unit:
    """One unit over all its versions; months are numbers, ``ends`` is the last month it exists."""

    id: str
    kind: str
    parent: str
    starts: int
    ends: int | None
    successor: str
    names: tuple[str, ...]
    codes: dict[str, tuple[str, ...]]

    def exists(self, month: int) -> bool:
        """Return whether some version of the unit is valid in the month."""
        return self.starts <= month and (self.ends is None or self.ends >= month)


@dataclass(frozen=True)
class Organisation:
    """The units in file order, with the arrays over unit numbers that the generators use."""

    units: tuple[Unit, ...]

    def number(self, unit_id: str) -> int:
        """Return the unit's number, or -1 when the organisation has no such unit."""
        return next((i for i, unit in enumerate(self.units) if unit.id == unit_id), -1)

    def of_kind(self, *kinds: str) -> Ints:
        """Return numbers of the units of these types."""
        return np.array([i for i, unit in enumerate(self.units) if unit.kind in kinds], dtype=np.int64)

    def parents(self) -> Ints:
        """Return for each unit number that of the unit above it, -1 at the top."""
        return np.array([self.number(unit.parent) for unit in self.units], dtype=np.int64)

    def with_code(self, system: str) -> Ints:
        """Return numbers of the operating units that the system has a code for."""
        service = {unit.parent for unit in self.units}
        found = [i for i, u in enumerate(self.units) if system in u.codes and u.id not in service]
        return np.array([i for i in found if self.units[i].kind != "kohdistamaton"], dtype=np.int64)

    def at(self, month: int) -> Ints:
        """For each unit number the unit that has its work in the month: itself or its successor."""
        return np.array([self._follow(i, month) for i in range(len(self.units))], dtype=np.int64)

    def _follow(self, index: int, month: int) -> int:
        unit = self.units[index]
        gone = unit.ends is not None and unit.ends < month
        return self._follow(self.number(unit.successor), month) if gone and unit.successor else index

    def alive(self, numbers: Ints, month: int) -> Ints:
        """Return those of the units that exist in the month."""
        return np.array([i for i in numbers if self.units[i].exists(month)], dtype=np.int64)

    def settled(self, first: int) -> Organisation:
        """Return the units as if all that begins or ends later had done so before the month ``first``."""
        return Organisation(
            tuple(
                replace(
                    u, starts=min(u.starts, first), ends=None if u.ends is None else min(u.ends, first - 1)
                )
                for u in self.units
            )
        )

    def people(self, month: int) -> Floats:
        """Inhabitants in thousands per unit number in the month; a merged station's move to its successor."""
        served = np.zeros(len(self.units))
        now = self.at(month)
        for i in self.of_kind(STATION):
            served[now[i]] += COUNTY["people"].get(self.units[i].id, 6.0)
        return served

    def swedish(self) -> Floats:
        """Share of Swedish speakers per unit number."""
        return np.array([COUNTY["swedish"].get(unit.id, 0.06) for unit in self.units])

    def labels(self, system: str) -> list[str]:
        """Return what the system calls the units: first a code per unit, then a name per unit, last an
        unknown code.

        A unit without a code in the system goes by its name; a renamed unit never by a name, because an
        old name means nothing after the rename.
        """
        codes = [unit.codes.get(system, unit.names)[0] for unit in self.units]
        names = [u.names[0] if len(u.names) == 1 else code for u, code in zip(self.units, codes, strict=True)]
        return [*codes, *names, "Tuntematon 99"]


class _File(BaseModel):
    """Of organisation.toml what the demo needs."""

    unit: tuple[UnitVersion, ...] = ()


def read_organisation(path: Path) -> Organisation:
    """Read organisation.toml.

    Raises
    ------
    ConfigError
        with all that is wrong in the file.
    UsageError
        when the file holds no health station, so that there is nothing to make data for.
    """
    file, faults = read_model(path, path.name, _File)
    if file is None:
        raise ConfigError(faults)
    versions: dict[str, list[UnitVersion]] = {}
    for version in file.unit:
        versions.setdefault(version.id, []).append(version)
    found = Organisation(tuple(map(_unit, versions.values())))
    if not len(found.of_kind(STATION)):
        raise UsageError("demo.no_station", str(path), type=STATION)
    return found


def _unit(versions: list[UnitVersion]) -> Unit:
    last = versions[-1]
    return Unit(
        id=last.id,
        kind=last.type,
        parent=last.parent or "",
        starts=_month(versions[0].valid_from),
        ends=_month(last.valid_to) if last.valid_to else None,
        successor=last.successor or "",
        names=tuple(dict.fromkeys(version.name["fi"] for version in versions)),
        codes=last.codes,
    )


def _month(day: dt.date) -> int:
    return (day.year - 1970) * 12 + day.month - 1
