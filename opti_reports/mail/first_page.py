"""What a letter says of its pack: the first cards in words, as they stand in the archived content."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from opti_reports.model.card import Cards

MOST = 3
"""So many cards are said; the others are in the pack."""


def cards(content: bytes) -> tuple[Mapping[str, str], ...]:
    """Return the message, action and role of the first cards of a pack's content."""
    said: dict[str, Any] = json.loads(content)
    blocks = [block for section in said["sections"] for block in section["blocks"]]
    found = next((block["items"] for block in blocks if block["kind"] == Cards.kind), ())
    return tuple({part: card[part] for part in ("message", "action", "role")} for card in found[:MOST])
