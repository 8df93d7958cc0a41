"""The organisation as a tree over time: what a source's code meant in a month, and who belongs to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One version of a unit, valid from month ``first`` to month ``last`` (both included; None = open)."""

    id: str
    level: str
    type: str
    parent: str | None
    names: dict[str, str]
    first: int
    last: int | None
    successor: str | None
    small_staff_group: bool
    codes: dict[str, tuple[str, ...]]
    short: dict[str, str] = field(default_factory=dict)
    """What it is called beside its neighbours, by language; nothing where nobody said."""

    def valid(self, month: int) -> bool:
        """Return whether this version is in force in the month."""
        return self.first <= month and (self.last is None or month <= self.last)


@dataclass(frozen=True)
class Change:
    """Something a trend must show: ``unit`` absorbed ``other`` from ``month`` on."""

    unit: str
    other: str
    month: int


@dataclass(frozen=True)
class Tree:
    """The organisation in one month, from the root down, in the order of the config."""

    nodes: tuple[Unit, ...]
    moved: dict[str, str]
    """Every unit id ever known to the node of this tree that now stands for it."""
    others: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The nodes right above a unit in other trees."""

    @cached_property
    def by_id(self) -> dict[str, Unit]:
        """Return nodes by id."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def root(self) -> Unit:
        """Return the whole of the line: it comes before the nodes of other trees."""
        return next(node for node in self.nodes if node.parent is None)

    def children(self, unit: str) -> tuple[Unit, ...]:
        """Return the nodes directly below."""
        return tuple(n for n in self.nodes if n.parent == unit or unit in self.others.get(n.id, ()))

    def lineage(self, unit: str) -> tuple[str, ...]:
        """Return the unit and every node above it in its line, up to the root."""
        ids: list[str] = []
        current: str | None = unit
        while current is not None:
            ids.append(current)
            current = self.by_id[current].parent
        return tuple(ids)

    def in_line(self, unit: str) -> bool:
        """Return whether a node is of the line, and not of another tree over its units."""
        return self.lineage(unit)[-1] == self.root.id

    def above(self, unit: str) -> tuple[str, ...]:
        """Return the unit and every node above it in every tree."""
        others = (self.lineage(node) for node in self.others.get(unit, ()))
        return (*self.lineage(unit), *(id for lineage in others for id in lineage))

    @cached_property
    def parents(self) -> frozenset[str]:
        """Return the nodes that stand above others."""
        other = (id for ids in self.others.values() for id in ids)
        return frozenset((*(node.parent for node in self.nodes if node.parent), *other))

    def below(self, unit: str) -> tuple[Unit, ...]:
        """Return every leaf under the unit (the unit itself if it is one)."""
        return tuple(n for n in self.nodes if n.id not in self.parents and unit in self.above(n.id))


@dataclass(frozen=True, kw_only=True)
class OtherTree:
    """Another tree over the units: its nodes, the whole first, and the node of each unit that one names."""

    names: dict[str, str]
    levels: tuple[str, ...]
    nodes: tuple[Unit, ...]
    of_unit: dict[str, str]
    unallocated: str


@dataclass(frozen=True)
class Organisation:
    """All versions of all units. ``levels`` run from the whole to the unit."""

    levels: tuple[str, ...]
    level_names: dict[str, dict[str, str]]
    units: tuple[Unit, ...]
    unallocated: str
    others: tuple[OtherTree, ...] = ()

    def levels_of(self, level: str) -> tuple[str, ...]:
        """Return the levels of the tree that has a level, from the whole down."""
        return next((one.levels for one in self.others if level in one.levels), self.levels)

    def last(self, unit: str) -> Unit:
        """Return a unit as it was last, or a node of another tree."""
        nodes = (node for one in self.others for node in one.nodes)
        return next(one for one in (*reversed(self.units), *nodes) if one.id == unit)

    def tree(self, month: int) -> Tree:
        """Return the tree in force in a month, and the others over its units; merged units point to the
        unit that carried on.
        """
        valid = {unit.id: unit for unit in self.units if unit.valid(month)}
        successor = {u.id: u.successor for u in self.units if u.successor}
        moved = {unit.id: self._carried_on(unit.id, valid, successor) for unit in self.units}
        order = {unit.id: i for i, unit in enumerate(self.units)}
        line = Tree(tuple(sorted(valid.values(), key=lambda u: order[u.id])), moved)
        if not self.others:
            return line
        leaves = [unit.id for unit in line.nodes if unit.id not in line.parents]
        above = {id: tuple(one.of_unit.get(id, one.unallocated) for one in self.others) for id in leaves}
        return replace(
            line, nodes=(*line.nodes, *(n for one in self.others for n in one.nodes)), others=above
        )

    def _carried_on(self, unit: str, valid: dict[str, Unit], successor: dict[str, str]) -> str:
        seen: set[str] = set()
        while unit not in valid and unit not in seen:
            seen.add(unit)
            unit = successor.get(unit) or self.unallocated
        return unit

    @cached_property
    def _codes(self) -> dict[tuple[str, str], tuple[Unit, ...]]:
        found: dict[tuple[str, str], tuple[Unit, ...]] = {}
        for unit in self.units:
            for system, code in _spellings(unit):
                found[system, code] = (*found.get((system, code), ()), unit)
        return found

    def resolve(self, system: str, code: str, month: int) -> str | None:
        """Return the unit a source's code (or a unit's name) meant in a month; None when nobody knows it.

        A code that only earlier versions have means who carried on: the successor, or the unit itself.
        """
        wanted = fold(code)
        versions = self._codes.get((system, wanted)) or self._codes.get(("", wanted)) or ()
        for unit in versions:
            if unit.valid(month):
                return unit.id
        ended = [unit for unit in versions if unit.last is not None and unit.last < month]
        if not ended:
            return None
        goes_on = any(unit.id == ended[-1].id and unit.valid(month) for unit in self.units)
        return ended[-1].successor or (ended[-1].id if goes_on else None)

    def mergers(self, unit: str) -> tuple[Change, ...]:
        """Return the units that this one absorbed, and from which month."""
        return tuple(
            Change(unit, old.id, old.last + 1)
            for old in self.units
            if old.successor == unit and old.last is not None
        )

    def renamings(self, unit: str) -> tuple[Unit, ...]:
        """Return the versions of a unit that carried on under another name, each with its last month."""
        versions = sorted((own for own in self.units if own.id == unit), key=lambda own: own.first)
        return tuple(
            old
            for old, new in pairwise(versions)
            if old.names != new.names and old.last is not None and new.first == old.last + 1
        )

    def expected(self, system: str, month: int) -> frozenset[str]:
        """Return the units that a source of the system should have rows of in a month."""
        return frozenset(
            u.id for u in self.units if u.valid(month) and u.codes.get(system) and u.id != self.unallocated
        )


def fold(text: str) -> str:
    """Return a code or name as it is compared: without regard to case and outer spaces."""
    return text.strip().casefold()


def _spellings(unit: Unit) -> Iterator[tuple[str, str]]:
    for system, codes in unit.codes.items():
        yield from ((system, fold(code)) for code in codes)
    yield from (("", fold(name)) for name in (*unit.names.values(), *unit.short.values()))
