"""Exact numbers as text that is the same on every machine."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache


@lru_cache(maxsize=1 << 16)
def decimal(number: Fraction | float | None) -> str:
    """Return a number with up to ten decimals, the same text on every machine; nothing for None."""
    if number is None:
        return ""
    scaled = Fraction(number) * 10**10
    text = f"{round(scaled):+012d}"
    whole = f"{text[1:-10]}.{text[-10:]}".rstrip("0").rstrip(".")
    return f"-{whole}" if text[0] == "-" and whole != "0" else whole
