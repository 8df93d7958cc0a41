"""``configs/organisation.toml``: levels, and every unit's versions with their dates of validity."""

from __future__ import annotations

import datetime as dt

from opti_reports.config.base import Identifier, Strict, Words


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


class OrganisationFile(Strict):
    """The file as written; ``model.organisation.Organisation`` is what the stages use."""

    unallocated: Identifier
    level: tuple[Level, ...]
    unit: tuple[UnitVersion, ...]
