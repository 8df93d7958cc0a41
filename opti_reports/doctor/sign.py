"""What a look at one part found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from opti_reports.messages.message import Message, Shown, message

Health = Literal["well", "look", "ill"]
"""``look``: works, but somebody should know. ``ill``: something does not work until it is mended."""


@dataclass(frozen=True, kw_only=True)
class Sign:
    """One part's state in a sentence; a remedy belongs to the sentence's code."""

    part: str
    health: Health
    what: Message


def sign(part: str, health: Health, code: str, /, **values: Shown) -> Sign:
    """Return what was found of a part: the sentence ``doctor.CODE``."""
    return Sign(part=part, health=health, what=message(f"doctor.{code}", **values))
