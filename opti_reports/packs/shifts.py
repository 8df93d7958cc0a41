"""The shifts of the weeks ahead: how many are missing, and which units of the service unit could help."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from opti_reports.config import block as kinds
from opti_reports.language import formats
from opti_reports.model.pack import Column, Table
from opti_reports.model.report import UNKNOWN_CELL
from opti_reports.packs.scene import Scene
from opti_reports.periods.months import week_of
from opti_reports.periods.period import of_week

DECIMALS = 1
"""Person-days are written in tenths."""
DARK = 2
"""The shade of a cell in which shifts are missing; its figure says how many."""


class Place(NamedTuple):
    """Whose shifts, of which week, profession and hours of the day."""

    unit: str
    week: int
    profession: str
    hours: str


Spare = Mapping[Place, Fraction | None]
"""How many person-days more are filled than needed; None where a cell of them could not be read."""


@dataclass(frozen=True)
class Line:
    """A line of the table: what it is called, and the shifts that it adds, in one or several parts."""

    name: str
    parts: tuple[Spare, ...]


def shifts(scene: Scene, block: kinds.Shifts) -> Iterator[Table]:
    """Yield the shifts of a unit by profession, of a service unit by unit; nothing where none are known.

    Nor where a unit beside has few staff: its shifts would follow from the others' and the month's sum.
    """
    team = _team(scene)
    spare = _spare(scene, block, team)
    weeks = sorted({place.week for place in spare})[: block.weeks]
    if not weeks or any(scene.material.tree.by_id[org].small_staff_group for org in team):
        return
    lines = _by_profession(scene, spare) if scene.is_leaf else _by_unit(scene, spare)
    if lines:
        yield Table(
            caption=scene.titled(block, scene.say("shifts.title")),
            columns=(
                Column(""),
                *(Column(formats.short_period(of_week(week), scene.wording), True) for week in weeks),
            ),
            rows=tuple((line.name, *(_cells(scene, line, week) for week in weeks)) for line in lines),
            empty="",
            note=_help(scene, spare, weeks),
            shades=tuple(_short(lines, weeks)),
        )


def _team(scene: Scene) -> tuple[str, ...]:
    """Return the units of the service unit: those that could help each other."""
    above = scene.org if not scene.is_leaf else scene.parent or scene.org
    return tuple(unit.id for unit in scene.material.tree.below(above))


def _spare(scene: Scene, block: kinds.Shifts, team: Sequence[str]) -> Spare:
    """Return the shifts of the team in the weeks after the page's."""
    found: dict[Place, Fraction | None] = {}
    for row in scene.material.lists.get(block.list, ()):
        day = row.day("week")
        if day is None or row.org not in team or week_of(day) <= scene.material.week.week:
            continue
        filled, needed = row.cells["filled"], row.cells["needed"]
        known = UNKNOWN_CELL not in (filled, needed)
        more = Fraction(filled) - Fraction(needed) if known else None
        place = Place(row.org, week_of(day), row.cells["profession_class"], row.cells["hour_band"])
        before = found.get(place, Fraction(0))
        found[place] = None if before is None or more is None else before + more
    return found


def _by_profession(scene: Scene, spare: Spare) -> list[Line]:
    """Return a unit's own shifts by profession; where it tells hours of the day, one part of a cell each."""
    own = [place for place in spare if place.unit == scene.org]
    lines = []
    for profession in dict.fromkeys(place.profession for place in own):
        hours = sorted({place.hours for place in own if place.profession == profession}, key=_clock)
        label = scene.wording.label("profession_class", profession)
        named = ", ".join(part for part in (label, " / ".join(filter(None, hours))) if part)
        places = [place for place in own if place.profession == profession]
        parts = tuple({place: spare[place] for place in places if place.hours == one} for one in hours)
        lines.append(Line(named[:1].upper() + named[1:], parts))
    return lines


def _clock(hours: str) -> tuple[int, str]:
    """Return the order of bands of hours: by their first number."""
    digits = "".join(itertools.takewhile(str.isdigit, hours.strip()))
    return int(digits or 0), hours


def _by_unit(scene: Scene, spare: Spare) -> list[Line]:
    """Return the shifts of a service unit by unit."""
    units = [unit for unit in _team(scene) if any(place.unit == unit for place in spare)]
    return [
        Line(name, ({place: more for place, more in spare.items() if place.unit == unit},))
        for unit, name in zip(units, scene.short_names(units), strict=True)
    ]


def _sum(spare: Spare, week: int) -> Fraction | None:
    """Return the person-days of a week; None where they are not known."""
    found = [more for place, more in spare.items() if place.week == week]
    known = [more for more in found if more is not None]
    return sum(known, Fraction(0)) if found and len(known) == len(found) else None


def _cell(scene: Scene, more: Fraction | None) -> str:
    if more is None:
        return scene.say("state.missing")
    return formats.difference(more, "", DECIMALS, scene.wording)


def _cells(scene: Scene, line: Line, week: int) -> str:
    return " / ".join(_cell(scene, _sum(part, week)) for part in line.parts)


def _short(lines: Iterable[Line], weeks: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Yield the cells in which shifts are missing, with how dark they are."""
    for row, line in enumerate(lines):
        for column, week in enumerate(weeks, 1):
            sums = [_sum(part, week) for part in line.parts]
            if any(more is not None and more < 0 for more in sums):
                yield row, column, DARK


def _help(scene: Scene, spare: Spare, weeks: Sequence[int]) -> str:
    """Return which units have more than they need where others, or the unit itself, have less."""
    lacking = any(_lacking(scene, spare, week) for week in weeks)
    found = [text for week in weeks if (text := _help_in(scene, spare, week))]
    if not lacking:
        return ""
    return scene.say("shifts.help", units="; ".join(found)) if found else scene.say("shifts.no_help")


def _lacking(scene: Scene, spare: Spare, week: int) -> list[str]:
    """Return the professions in which the unit, or any of the service unit, has less than it needs."""
    units = (scene.org,) if scene.is_leaf else _team(scene)
    professions = dict.fromkeys(place.profession for place in spare)
    found = ((_sum(_part(spare, unit, one), week), one) for one in professions for unit in units)
    return list(dict.fromkeys(one for more, one in found if more is not None and more < 0))


def _help_in(scene: Scene, spare: Spare, week: int) -> str:
    """Return the units that have shifts to give in a week, each with the professions that lack them."""
    lacking, least = _lacking(scene, spare, week), Fraction(str(scene.configs.findings.week.help_from))
    given: dict[str, list[str]] = {}
    for profession in lacking:
        label = scene.wording.label("profession_class", profession)
        for unit in _team(scene):
            more = _sum(_part(spare, unit, profession), week)
            if more is not None and more >= least:
                given.setdefault(unit, []).append(f"{label} {_cell(scene, more)}")
    names = zip(scene.short_names(list(given)), given.values(), strict=True)
    units = ", ".join(f"{name} ({', '.join(some)})" for name, some in names)
    period = formats.short_period(of_week(week), scene.wording)
    return scene.say("shifts.of", period=period, units=units) if given else ""


def _part(spare: Spare, unit: str, profession: str) -> Spare:
    return {
        place: more for place, more in spare.items() if (place.unit, place.profession) == (unit, profession)
    }
