"""Numbers as people and programs write them: decimal comma or point, marks or spaces between thousands."""

from __future__ import annotations

import re
from decimal import Decimal

_SPACES = str.maketrans(dict.fromkeys(" \u00a0\u202f\u2007\u2009'’", "") | dict.fromkeys("−–", "-"))
_GROUPED = re.compile(
    r"[+-]?[0-9]{1,3}(?:(?:\.[0-9]{3})+,[0-9]+|(?:,[0-9]{3})+\.[0-9]+|(?:\.[0-9]{3}){2,}|(?:,[0-9]{3}){2,})\Z"
)
"""Marks between thousands, where the decimals (or a second mark) show that they are not decimal marks."""
_EITHER = re.compile(r"[+-]?[1-9][0-9]{0,2}([.,])[0-9]{3}\Z")
"""A number that is a thousand times another if its mark stands between thousands."""
_PLAIN = re.compile(r"[+-]?[0-9]*([.,]?[0-9]+)\Z")


def plain_of(text: str) -> str:
    """Return the text without spaces and apostrophes, every minus a hyphen."""
    return text.translate(_SPACES)


def either(text: str) -> str:
    """Return the mark of a number like ``1.200`` that may be read in two ways; empty for other texts."""
    found = _EITHER.match(plain_of(text))
    return found[1] if found else ""


def decimal_of(text: str) -> Decimal | None:
    """Return the number a text means, None where it means none; ``1.234,5`` and ``1 234,5`` are the same."""
    plain = plain_of(text)
    if _GROUPED.match(plain):
        decimal = plain[max(plain.rfind("."), plain.rfind(","))] if {",", "."} <= set(plain) else ""
        plain = "".join(c for c in plain if c not in ".," or c == decimal)
    return Decimal(plain.replace(",", ".")) if _PLAIN.match(plain) else None
