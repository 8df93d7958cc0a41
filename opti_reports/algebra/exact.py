"""Exact numbers as text that is the same on every machine."""

from __future__ import annotations

from fractions import Fraction

_TEN_DECIMALS = 10**10


def decimal(number: Fraction | float | None) -> str:
    """Return a number to ten decimals, half to even: the same text on every machine; nothing for None."""
    if number is None:
        return ""
    above, below = number.as_integer_ratio()
    scaled, rest = divmod(above * _TEN_DECIMALS, below)
    scaled += (2 * rest, scaled % 2) > (below, 0)
    text = f"{scaled:+012d}"
    whole = f"{text[1:-10]}.{text[-10:]}".rstrip("0").rstrip(".")
    return f"-{whole}" if text[0] == "-" and whole != "0" else whole
