"""A release: the packs of a month or week that somebody signed off, and those that were held back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from opti_reports.model.report import Stage
from opti_reports.periods.period import Period, month_or_week

Reason = Literal["failed", "outdated"]
"""Why a pack is held back: it could not be made, or a partial run left it on other extracts or configs."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a pack (a unit's preparation workbook); ``file`` as in ``ReleasedPack``."""

    file: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ReleasedPack:
    """A pack as it was archived.

    ``file`` is relative to the archived run folder. ``corrected``: an earlier version was released with
    another content.
    """

    pack: str
    org: str
    lang: str
    file: str
    sha256: str
    kind: Literal["pdf", "pptx"]
    corrected: bool = False
    attached: tuple[Attachment, ...] = ()


def place_of(period: Period, pack: str = "") -> str:
    """Return the folder of the archive that has the releases of a period; of a pack apart its own."""
    return f"{period.text}.{pack}" if pack else period.text


def period_of(place: str) -> Period:
    """Return the month or week of such a folder. Raises ValueError where it is none."""
    return month_or_week(place.partition(".")[0])


class Blocked(NamedTuple):
    """A pack that was not released, and why."""

    pack: str
    org: str
    lang: str
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Release:
    """A sign-off of a month or a week. ``version`` counts its releases from 1.

    ``run_id`` names the archived run folder ``archive/<place>/<run_id>``; ``signed_at`` is ISO 8601 and
    comes from the edge. ``pack`` is the one that is released apart; empty: it is of all the others.
    """

    period: Period
    version: int
    run_id: str
    stage: Stage
    signed_by_role: str
    signed_at: str
    packs: tuple[ReleasedPack, ...]
    blocked: tuple[Blocked, ...] = ()
    pack: str = ""

    @property
    def place(self) -> str:
        """Return the folder of the archive that has its versions."""
        return place_of(self.period, self.pack)

    @property
    def asked(self) -> str:
        """Return what names it to a command: ``--month 2026-08``, with the pack that is released apart."""
        return f"{self.period.asked} --pack {self.pack}" if self.pack else self.period.asked
