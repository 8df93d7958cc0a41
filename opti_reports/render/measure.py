"""How wide and high text will be, estimated by classes of letters: enough to wrap, split and shorten.

Each class is as wide as the wider of the families in use (Inter, Arial): what is judged to fit does fit.
"""

from __future__ import annotations

from functools import lru_cache

_GROUPS = (
    (0.28, "ijlI.,:;'|!· \u00a0\u202f"),
    (0.38, "frt()[]/"),
    (0.47, "-‑"),
    (0.56, "aäåckvsxyzJL–1"),
    (0.68, "ABKPRSTVXYÄ−<>=≥≤±"),
    (0.77, "CDGHNOQUÖ"),
    (0.86, "w%m"),
    (0.90, "M"),
    (1.03, "W…—✓▲●◆○■□→"),
)
_WIDTHS = {letter: width for width, letters in _GROUPS for letter in letters}
_PLAIN = 0.62
_NEAR = 1e-6
"""By so much may a line be too wide: widths are added up and taken apart again."""


@lru_cache(maxsize=16384)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of ``text`` on one line, in the unit of ``size`` (points)."""
    return sum(_WIDTHS.get(letter, _PLAIN) for letter in text) * size * (1.05 if bold else 1.0)


def shorten(text: str, width: float, size: float, bold: bool = False) -> str:
    """Return ``text`` cut to ``width`` with an ellipsis where it does not fit, between words if possible."""
    if text_width(text, size, bold) <= width + _NEAR:
        return text
    kept = text
    while kept and text_width(kept + "…", size, bold) > width:
        kept = kept[:-1]
    words = kept.rsplit(" ", 1)
    if len(words) == 2 and len(words[0]) > 0.6 * len(kept):
        kept = words[0]
    return kept.rstrip(" ,;:–-") + "…"


def _pieces(word: str, width: float, size: float, bold: bool) -> list[str]:
    """Return a word cut into parts that each fit ``width`` (a compound longer than its column)."""
    parts: list[str] = []
    while text_width(word, size, bold) > width and len(word) > 1:
        end = len(word) - 1
        while end > 1 and text_width(word[:end] + "-", size, bold) > width:
            end -= 1
        parts.append(word[:end] + "-")
        word = word[end:]
    return [*parts, word]


@lru_cache(maxsize=16384)
def wrapped(text: str, width: float, size: float, bold: bool = False) -> tuple[str, ...]:
    """Return ``text`` broken into lines no wider than ``width``; at least one line, which may be empty."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        for piece in _pieces(word, width, size, bold):
            longer = f"{line} {piece}" if line else piece
            if line and text_width(longer, size, bold) > width + _NEAR:
                lines.append(line)
                line = piece
            else:
                line = longer
    return (*lines, line)


def fitted(text: str, width: float, size: float, lines: int, bold: bool = False) -> str:
    """Return ``text`` if it wraps into ``lines`` lines of ``width``, else its beginning and an ellipsis."""
    if len(wrapped(text, width, size, bold)) <= lines:
        return text
    fits, cut = 0, len(text)
    while cut - fits > 1:
        middle = (fits + cut) // 2
        if len(wrapped(text[:middle].rstrip() + "…", width, size, bold)) <= lines:
            fits = middle
        else:
            cut = middle
    return text[:fits].rstrip(" ,;:–-") + "…"


def clamped(text: str, width: float, size: float, lines: int, bold: bool = False) -> tuple[str, ...]:
    """Return ``text`` in at most ``lines`` lines of ``width``, an ellipsis after the last if text was left
    over.
    """
    made = wrapped(text, width, size, bold)
    if len(made) <= lines:
        return made
    rest = " ".join(made[lines - 1 :])
    return (*made[: lines - 1], shorten(rest, width, size, bold))
