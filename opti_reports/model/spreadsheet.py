"""Text on its way into a spreadsheet: no cell may be taken for a formula."""

from __future__ import annotations

from functools import lru_cache

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet would compute."""


@lru_cache(maxsize=1 << 16)
def safe(text: str) -> str:
    """Return text that a spreadsheet will not take for a formula; numbers stay as they are."""
    if not text.startswith(FORMULA):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text
