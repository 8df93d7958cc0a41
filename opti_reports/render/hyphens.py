"""Where a long Finnish word may be broken: no hyphenation dictionary of the layout engine has Finnish."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]{15,}")
_SYLLABLE = re.compile("(?=[bcdfghjklmnpqrstvwxz][aeiouyäöå])", re.IGNORECASE)
_SEAM = re.compile(
    "(?=aamu|aika|aiko|arvio|asema|asioi|aste|ennus|ilmoitu|indeks|osasto|osuu|otto|oton|yksik)",
    re.IGNORECASE,
)
"""Where the second part of a compound begins if it begins with a vowel: no syllable may run over the seam."""
_LEAST = 4
"""Letters left on either side of a break."""


@lru_cache(maxsize=4096)
def hyphenated(text: str, language: str) -> str:
    """Return ``text`` with soft hyphens in its long words, if it is Finnish; the same text otherwise.

    A syllable begins at a consonant before a vowel. That is the rule of the language for all but compounds
    whose second part begins with a vowel, of which the usual ones are known, and some loans. Shorter words
    fit the columns whole.
    """
    if language != "fi":
        return text
    return _WORD.sub(lambda found: _broken(found[0]), text)


def _broken(word: str) -> str:
    seams = {at.start() for at in _SEAM.finditer(word)}
    syllables = {at.start() for at in _SYLLABLE.finditer(word)}
    beside = {at + step for at in seams for step in (-1, 1)}
    places = [at for at in sorted(seams | syllables - beside) if _LEAST <= at <= len(word) - _LEAST]
    starts = [0, *places]
    return "\u00ad".join(word[start:end] for start, end in zip(starts, [*places, len(word)], strict=True))
