"""What a mail command did."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from opti_reports.messages.message import Message, Shown
from opti_reports.messages.sentences import words
from opti_reports.model.mail import Fated, Held, Outsider
from opti_reports.periods.period import Period

DONE = ("accepted", "unchanged")
"""Fates of letters that need nothing more."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a command did: each letter and its fate now, files written, who was informed of failures."""

    period: Period
    version: int
    letters: tuple[Fated, ...]
    held: tuple[Held, ...]
    unaddressed: tuple[str, ...]
    outsiders: tuple[Outsider, ...]
    files: tuple[Path, ...] = ()
    informed: str = ""
    broken: Shown = ""
    """What kept the server from taking mail."""
    notes: tuple[Message, ...] = ()
    """What was found out about the outbox, and what to do."""

    @property
    def fault(self) -> str:
        """Return what kept the server from taking mail, in words."""
        return words(self.broken)

    @property
    def undone(self) -> tuple[Fated, ...]:
        """Return letters that their recipients have not got, or not for certain."""
        drafted = {path.stem.rpartition("_")[2] for path in self.files}
        return tuple(f for f in self.letters if f.fate not in DONE and f.letter.id not in drafted)
