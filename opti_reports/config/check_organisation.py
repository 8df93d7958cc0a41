"""The organisation file: one tree in every month, no gaps in what parents and successors point at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from opti_reports.config.base import Names
from opti_reports.config.check_trees import check_trees
from opti_reports.config.circles import circles
from opti_reports.config.organisation import OrganisationFile, TreeSpec, UnitVersion
from opti_reports.errors import Fault
from opti_reports.messages.sentences import words
from opti_reports.messages.spelling import suggestion
from opti_reports.model.organisation import Organisation, OtherTree, Unit, fold
from opti_reports.periods.months import month_of_day, month_text

FILE = "organisation.toml"


def to_organisation(file: OrganisationFile) -> Organisation:
    """Return the file as the stages use it."""
    units = tuple(
        Unit(
            id=u.id,
            level=u.level,
            type=u.type,
            parent=u.parent,
            names=u.name,
            first=month_of_day(u.valid_from),
            last=month_of_day(u.valid_to) if u.valid_to else None,
            successor=u.successor,
            small_staff_group=u.small_staff_group,
            codes=u.codes,
            short=u.short or {},
        )
        for u in file.unit
    )
    return Organisation(
        levels=tuple(level.id for level in file.level),
        level_names={level.id: level.name for level in file.every_level},
        units=units,
        unallocated=file.unallocated,
        others=tuple(_other(tree, min(u.first for u in units)) for tree in file.tree),
    )


def _other(tree: TreeSpec, first: int) -> OtherTree:
    nodes = tuple(
        Unit(
            id=node.id,
            level=node.level,
            type=node.level,
            parent=node.parent,
            names=node.name,
            first=first,
            last=None,
            successor=None,
            small_staff_group=False,
            codes={},
            short=node.short or {},
        )
        for node in tree.node
    )
    return OtherTree(
        names=tree.name,
        levels=tuple(level.id for level in tree.level),
        nodes=nodes,
        of_unit={unit: node.id for node in tree.node for unit in node.units},
        unallocated=tree.unallocated,
    )


def check_organisation(file: OrganisationFile) -> list[Fault]:
    """Return everything wrong in the organisation file."""
    ids = {u.id for u in file.unit}
    faults = [fault for unit in file.unit for fault in _unit(unit, file)]
    if file.unallocated not in ids:
        near = suggestion(file.unallocated, ids)
        faults.append(Fault(FILE, "unallocated", "unknown.unit", name=file.unallocated, near=near))
    faults = faults or [*_overlaps(file), *_circles(file), *check_trees(file)]
    return faults or [*_trees(file), *_ambiguous(file)]


def check_systems(file: OrganisationFile, systems: Names) -> list[Fault]:
    """Return codes of units in systems that no source is of: nothing would ever be found by them."""
    return [
        Fault(
            FILE, f"unit.{unit.id}.codes.{name}", "unknown.system", name=name, near=suggestion(name, systems)
        )
        for unit in file.unit
        for name in unit.codes
        if systems.lack(name)
    ]


def _unit(unit: UnitVersion, file: OrganisationFile) -> Iterator[Fault]:
    key, ids = f"unit.{unit.id}", {u.id for u in file.unit}
    levels = {level.id for level in file.level}
    if unit.level not in levels:
        yield Fault(
            FILE, f"{key}.level", "unknown.level", name=unit.level, near=suggestion(unit.level, levels)
        )
    if unit.valid_from.day != 1:
        yield Fault(FILE, f"{key}.valid_from", "organisation.first_day", day=str(unit.valid_from))
    if unit.valid_to and (unit.valid_to + dt.timedelta(days=1)).day != 1:
        yield Fault(FILE, f"{key}.valid_to", "organisation.last_day", day=str(unit.valid_to))
    if unit.valid_to and unit.valid_to < unit.valid_from:
        yield Fault(
            FILE, f"{key}.valid_to", "dates.order", last=str(unit.valid_to), first=str(unit.valid_from)
        )
    for name in ("parent", "successor"):
        other = getattr(unit, name)
        if other is not None and other not in ids:
            yield Fault(FILE, f"{key}.{name}", "unknown.unit", name=other, near=suggestion(other, ids))
    if unit.successor and not unit.valid_to:
        yield Fault(FILE, f"{key}.valid_to", "organisation.no_end")


def _overlaps(file: OrganisationFile) -> Iterator[Fault]:
    for name in dict.fromkeys(u.id for u in file.unit):
        versions = sorted((u for u in file.unit if u.id == name), key=lambda u: u.valid_from)
        for before, after in pairwise(versions):
            if before.valid_to is None or before.valid_to >= after.valid_from:
                yield Fault(FILE, f"unit.{name}", "organisation.two_versions", day=str(after.valid_from))


def _circles(file: OrganisationFile) -> Iterator[Fault]:
    """Yield units that come back to themselves by their parents or successors."""
    for kind in ("parent", "successor"):
        links = {u.id: getattr(u, kind) for u in file.unit if getattr(u, kind)}
        for path in circles(links):
            yield Fault(FILE, f"unit.{path[0]}.{kind}", "organisation.circle", units=path)


def _trees(file: OrganisationFile) -> Iterable[Fault]:
    """Return what is wrong in the tree whenever anything changes; each thing is named for its first month."""
    organisation = replace(to_organisation(file), others=())
    ends = {u.last + 1 for u in organisation.units if u.last is not None}
    found: dict[str, Fault] = {}
    for month in sorted(ends | {u.first for u in organisation.units}):
        for fault in _tree(organisation, month):
            found.setdefault(words(fault.key), fault)
    return found.values()


def _tree(organisation: Organisation, month: int) -> Iterator[Fault]:
    nodes = organisation.tree(month).nodes
    valid, when = {node.id for node in nodes}, month_text(month)
    roots = [node.id for node in nodes if node.parent is None]
    if len(roots) != 1:
        yield Fault(FILE, "unit", "organisation.roots", n=len(roots), month=when, units=tuple(roots))
    for node in nodes:
        if node.parent is not None and node.parent not in valid:
            key = f"unit.{node.id}.parent"
            yield Fault(FILE, key, "organisation.parent", unit=node.parent, month=when)
    if organisation.unallocated not in valid:
        unit = organisation.unallocated
        yield Fault(FILE, "unallocated", "organisation.unallocated", unit=unit, month=when)


def _ambiguous(file: OrganisationFile) -> Iterator[Fault]:
    seen: dict[tuple[str, str], list[Unit]] = {}
    for unit in to_organisation(file).units:
        for system, codes in unit.codes.items():
            for code in codes:
                others = seen.setdefault((system, fold(code)), [])
                for other in others:
                    if other.id != unit.id and _together(unit, other):
                        yield Fault(
                            FILE,
                            f"unit.{unit.id}.codes.{system}",
                            "organisation.code",
                            code=code,
                            unit=other.id,
                        )
                others.append(unit)


def _together(unit: Unit, other: Unit) -> bool:
    start = max(unit.first, other.first)
    return unit.valid(start) and other.valid(start)
