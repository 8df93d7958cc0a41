"""``configs/archive.toml``: what is archived, how long it is kept, and what may not be deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from opti_reports.config.base import Identifier, MonthText, Names, Strict
from opti_reports.config.files import leaves
from opti_reports.config.stamp import Stamp
from opti_reports.errors import Fault
from opti_reports.messages.spelling import suggestion

FILE = "archive.toml"
EVERY = "*"


class Retention(Strict):
    """How long the packs of a kind are kept, in whole years after their month."""

    pack: Identifier
    years: int = Field(ge=1, le=100)


class Hold(Strict):
    """What may not be deleted, whatever its retention, until the hold is taken out of the file.

    ``pack``: its kind, or ``*`` for whole runs. Without ``first`` or ``last`` the hold is open to that side.
    """

    pack: Identifier | Literal["*"] = EVERY
    organisation: Identifier | None = None
    first: MonthText = "1970-01"
    last: MonthText = "2999-12"
    reason: str = Field(min_length=1)
    by_role: str = Field(min_length=1)

    def covers(self, month: str, pack: str, org: str) -> bool:
        """Return whether a pack of a month is held, or its whole run (``*``), which any hold in it keeps."""
        kind = self.pack in (EVERY, pack) or pack == EVERY
        whose = self.organisation in (None, org) or pack == EVERY
        return kind and whose and self.first <= month <= self.last


class Archive(Strict):
    """The file; a workspace without one keeps everything for ten years."""

    keep_inputs: bool = False
    """Whether copies of the extracts go into the archive (with all they hold), or only their hashes."""
    run_years: int = Field(default=10, ge=1, le=100)
    """How long the rest of a run is kept: figures, facts, configs, and packs without a retention."""
    public_key: str = ""
    """The file, in configs/, of the public key that signatures are checked with."""
    stamp: Stamp | None = None
    """Who gives time stamps of the ledger."""
    retention: tuple[Retention, ...] = ()
    hold: tuple[Hold, ...] = ()

    def years(self, pack: str) -> int:
        """Return how long the packs of a kind are kept."""
        return next((one.years for one in self.retention if one.pack == pack), self.run_years)


def check_archive(archive: Archive, packs: Names, units: Names) -> Iterator[Fault]:
    """Yield packs and units that nobody knows, and retentions that contradict each other."""
    if leaves(archive.public_key):
        yield Fault(FILE, "public_key", "retention.key_outside", path=archive.public_key)
    seen: set[str] = set()
    for i, one in enumerate(archive.retention, 1):
        key = f"retention.{i}"
        if packs.lack(one.pack):
            yield Fault(FILE, f"{key}.pack", "unknown.pack", name=one.pack, near=suggestion(one.pack, packs))
        if one.pack in seen:
            yield Fault(FILE, f"{key}.pack", "retention.twice", pack=one.pack)
        if one.years > archive.run_years:
            yield Fault(
                FILE, f"{key}.years", "retention.outlives", years=one.years, run_years=archive.run_years
            )
        seen.add(one.pack)
    for i, hold in enumerate(archive.hold, 1):
        key = f"hold.{i}"
        if hold.pack != EVERY and packs.lack(hold.pack):
            yield Fault(
                FILE, f"{key}.pack", "unknown.pack", name=hold.pack, near=suggestion(hold.pack, packs)
            )
        if hold.organisation and units.lack(hold.organisation):
            near = suggestion(hold.organisation, units)
            yield Fault(FILE, f"{key}.organisation", "unknown.unit", name=hold.organisation, near=near)
        if hold.first > hold.last:
            yield Fault(FILE, f"{key}.last", "retention.order", last=hold.last, first=hold.first)
