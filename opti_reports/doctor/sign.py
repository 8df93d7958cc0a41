"""What a look at one part found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from opti_reports.messages.message import Message

Part = Literal[
    "program", "layout", "configs", "fonts", "clock", "locale", "disk", "rights", "runs", "mail", "archive"
]
Health = Literal["well", "look", "ill"]
"""``look``: works, but somebody should know. ``ill``: something does not work until it is mended."""


@dataclass(frozen=True)
class Sign:
    """One part's state in a sentence; a remedy belongs to the sentence's code."""

    part: Part
    health: Health
    what: Message
