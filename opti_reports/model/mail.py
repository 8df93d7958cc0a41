"""Mail of released packs: letters, what became of them, and those that are held back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal, NamedTuple

from opti_reports.model.release import ReleasedPack
from opti_reports.periods.period import Period

State = Literal["queued", "sending", "accepted", "refused", "uncertain"]
"""``sending``: handed to the server, no answer yet. ``uncertain``: perhaps delivered, a person must say."""
STATES: tuple[State, ...] = ("queued", "sending", "accepted", "refused", "uncertain")
Way = Literal["", "smtp", "draft"]
"""How a letter left, if it did: a draft is sent, or not, by whoever opens it."""
HeldBecause = Literal["revoked", "not_yet", "language", "failed", "outdated", "none"]
"""Why a recipient gets nothing: its time is over or has not begun, the pack was not made in its language, was
held back from the release, or there is none this time."""
Fate = Literal["send", "queued", "sending", "accepted", "refused", "uncertain", "unchanged", "awaits"]
"""What would become of a letter: its state where it has one; ``unchanged``: its recipient has the same of an
earlier version; ``awaits``: whether it has is uncertain."""


class Key(NamedTuple):
    """What makes a letter one of its own.

    ``recipient`` is the mailbox's own address in small letters, deputy or not; ``content`` the hash of what
    was released. A version whose archive was lost and one released later under its number are two letters.
    """

    period: Period
    pack: str
    org: str
    lang: str
    version: int
    recipient: str
    content: str

    @property
    def id(self) -> str:
        """Return twelve hexadecimal digits that are always the same for the same letter."""
        return _digits(self.period.text, *self[1:])

    @property
    def earlier_id(self) -> str:
        """Return the id in outboxes and ledgers written before letters had a content."""
        return _digits(self.period.text, *self[1:-1])

    @property
    def place(self) -> tuple[Period, str, str, str, str]:
        """Return what the letter is of and for, whichever version: period, pack, organisation, language,
        mailbox.
        """
        return (*self[:4], self.recipient)


def _digits(*parts: object) -> str:
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()[:12]


def content_of(pack: ReleasedPack) -> str:
    """Return the hash of all that goes with a pack: the pack's own, or one over those of all its files."""
    if not pack.attached:
        return pack.sha256
    digests = "\n".join((pack.sha256, *(one.sha256 for one in pack.attached)))
    return hashlib.sha256(digests.encode()).hexdigest()


@dataclass(frozen=True)
class Letter:
    """A released pack for one mailbox; ``role`` and ``address`` are those reached today (a deputy's)."""

    key: Key
    role: str
    address: str
    released: ReleasedPack

    @property
    def id(self) -> str:
        """Return the id of its key."""
        return self.key.id


@dataclass(frozen=True, kw_only=True)
class Held:
    """Something a recipient does not get, and why."""

    recipient: str
    role: str
    pack: str
    org: str
    lang: str
    reason: HeldBecause


@dataclass(frozen=True)
class Outsider:
    """A letter that is refused: the role it would reach today is not of the pack's audience."""

    letter: Letter
    audience: str


@dataclass(frozen=True)
class MailPlan:
    """Who gets what of a release; ``unaddressed`` are released packs that nobody gets.

    ``outsiders`` are letters that are refused.
    """

    letters: tuple[Letter, ...]
    held: tuple[Held, ...]
    unaddressed: tuple[ReleasedPack, ...]
    outsiders: tuple[Outsider, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Row:
    """A letter in the outbox. Times are ISO 8601; ``reply`` is the server's last word or what happened."""

    id: str
    key: Key
    role: str
    address: str
    sha256: str
    corrected: bool
    queued_at: str
    changed_at: str
    state: State = "queued"
    way: Way = ""
    attempts: int = 0
    reply: str = ""
    recorded: bool = False
    """Whether the ledger of the archive holds how it ended."""


class Replaced(NamedTuple):
    """What a recipient has of a pack already: its version, and when it left (ISO 8601)."""

    version: int
    at: str


@dataclass(frozen=True)
class Fated:
    """A letter and what would become of it; ``corrected`` and ``replaces`` as its letter says."""

    letter: Letter
    fate: Fate
    corrected: bool
    why: str = ""
    replaces: Replaced | None = None
