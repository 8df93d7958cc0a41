"""How wide text will be, by the widths of the letters in the font: to wrap, split and shorten it.

The decks' font, which is not on this machine, is no wider than that of the pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from matplotlib.font_manager import FontProperties, findfont, findSystemFonts, fontManager

_FAMILY, _ALWAYS = "Inter", "DejaVu Sans"
"""The pages' family, and a wider one that the drawing library brings along."""
_UNKNOWN = 1.0
"""The width of a letter that the font lacks, in sizes of text."""
_NEAR = 1e-6
"""By so much may a line be too wide: widths are added up and taken apart again."""


@lru_cache(maxsize=16)
def installed(*families: str) -> tuple[str, ...]:
    """Return those families that the drawing library can find; one always."""
    known = {font.name for font in fontManager.ttflist}
    if not known.issuperset(
        families
    ):  # The library only knows of fonts that were there when it first looked.
        for path in sorted({*findSystemFonts()} - {font.fname for font in fontManager.ttflist}):
            with suppress(RuntimeError):  # a picture font, which it cannot draw
                fontManager.addfont(path)
        known = {font.name for font in fontManager.ttflist}
    return tuple(dict.fromkeys((*(name for name in families if name in known), _ALWAYS)))


@lru_cache(maxsize=2)
def _widths(bold: bool) -> dict[str, float]:
    """Return the widths of a font's letters in sizes of text, of figures as they stand in columns."""
    family = FontProperties(family=installed(_FAMILY)[:1], weight=700 if bold else 400)
    with TTFont(findfont(family), lazy=True) as font:
        wide, unit, tabular = font["hmtx"], font["head"].unitsPerEm, dict(_tabular(font))
        return {
            chr(code): wide[tabular.get(name, name)][0] / unit for code, name in font.getBestCmap().items()
        }


def _tabular(font: TTFont) -> Iterator[tuple[str, str]]:
    """Yield what stands for each figure where all are equally wide."""
    if "GSUB" not in font:
        return
    table = font["GSUB"].table
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for part in table.LookupList.Lookup[index].SubTable:
                    yield from getattr(part, "ExtSubTable", part).mapping.items()


@lru_cache(maxsize=16384)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of ``text`` on one line, in the unit of ``size`` (points)."""
    widths = _widths(bold)
    return sum(widths.get(letter, _UNKNOWN) for letter in text) * size


def widest(texts: Iterable[str], size: float, bold: bool = False) -> float:
    """Return the width of the widest of some texts; nothing without any."""
    return max((text_width(text, size, bold) for text in texts), default=0.0)


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
