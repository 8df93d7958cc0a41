"""Where a long Finnish word may be broken: no hyphenation dictionary of the layout engine has Finnish."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]{12,}")
_SYLLABLE = re.compile("(?=[bcdfghjklmnpqrstvwxz][aeiouyäöå])", re.IGNORECASE)
_LEAST = 4
"""Letters left on either side of a break."""


@lru_cache(maxsize=4096)
def hyphenated(text: str, language: str) -> str:
    """``text`` with soft hyphens in its long words, if it is Finnish; the same text otherwise.

    A syllable begins at a consonant before a vowel. That is the rule of the language for all but some
    compounds and loans, where a break a letter off is better than one anywhere.
    """
    if language != "fi":
        return text
    return _WORD.sub(lambda found: _broken(found[0]), text)


def _broken(word: str) -> str:
    places = [at.start() for at in _SYLLABLE.finditer(word) if _LEAST <= at.start() <= len(word) - _LEAST]
    starts = [0, *places]
    return "\u00ad".join(word[start:end] for start, end in zip(starts, [*places, len(word)], strict=True))
