"""Numbers as people and programs write them: decimal comma or point, spaces between thousands."""

from __future__ import annotations

import re
from decimal import Decimal

_SPACES = str.maketrans({" ": "", "\u00a0": "", "\u202f": "", "'": "", "−": "-", "–": "-"})
_GROUPED = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+\Z")
_PLAIN = re.compile(r"-?[0-9]+([.,][0-9]+)?\Z")


def decimal_of(text: str) -> Decimal | None:
    """The number a text means, None where it means none; ``1.234,5`` and ``1 234,5`` are the same."""
    plain = text.translate(_SPACES)
    if _GROUPED.match(plain):
        plain = plain.replace(".", "")
    return Decimal(plain.replace(",", ".")) if _PLAIN.match(plain) else None
