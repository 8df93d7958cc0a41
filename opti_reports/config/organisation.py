"""``configs/organisation.toml``: levels, and every unit's versions with their dates of validity."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from opti_reports.config.base import Identifier, Strict, UnitId, Words


class Level(Strict):
    """A level of management, from the whole down to the unit."""

    id: Identifier
    name: Words


class UnitVersion(Strict):
    """A unit as it was between two dates. A rename is a new version of the same id; ``successor`` names the
    unit that carried on after a merger."""

    id: Identifier
    level: Identifier
    type: Identifier
    parent: Identifier | None = None
    name: Words
    short: Words | None = None
    """What it is called where its neighbours stand beside it."""
    valid_from: dt.date
    valid_to: dt.date | None = None
    successor: Identifier | None = None
    small_staff_group: bool = False
    codes: dict[Identifier, tuple[str, ...]] = {}


class TreeNode(Strict):
    """What stands above units in another tree: other nodes, or the ``units`` right below it."""

    id: Identifier
    level: Identifier
    parent: Identifier | None = None
    name: Words
    short: Words | None = None
    units: tuple[UnitId, ...] = ()


class TreeSpec(Strict):
    """Another tree over the same units, as a service chain across the line: its levels and its nodes.

    ``unallocated`` is the node of the units that no other one names, so that both trees add up to the same.
    """

    id: Identifier
    name: Words
    unallocated: Identifier
    level: tuple[Level, ...] = Field(min_length=1)
    node: tuple[TreeNode, ...] = Field(min_length=1)


class OrganisationFile(Strict):
    """The file as written; ``model.organisation.Organisation`` is what the stages use."""

    unallocated: Identifier
    level: tuple[Level, ...]
    unit: tuple[UnitVersion, ...]
    tree: tuple[TreeSpec, ...] = ()

    @property
    def every_level(self) -> tuple[Level, ...]:
        """Return the levels of the line, then those of other trees."""
        return (*self.level, *(level for tree in self.tree for level in tree.level))

    @property
    def level_of(self) -> dict[str, str]:
        """Return the level of each unit and node by its id."""
        nodes = ((node.id, node.level) for tree in self.tree for node in tree.node)
        return dict(nodes) | {unit.id: unit.level for unit in self.unit}
