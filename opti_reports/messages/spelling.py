"""Words that may have been meant by one that nobody knows."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from opti_reports.messages.message import Shown, message


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return what of the known a word is close to."""
    spelt = {option.casefold(): option for option in sorted(known)}
    close = difflib.get_close_matches(word.casefold(), spelt, n=1)
    return spelt[close[0]] if close else None


def suggestion(word: str, known: Iterable[str]) -> Shown:
    """Return ``, did you mean 'x'?`` when something known is close, else what is known (if not much)."""
    options = sorted(known)
    if meant := closest(word, options):
        return message("near.meant", word=meant)
    return message("near.known", words=tuple(options)) if 0 < len(options) <= 12 else ""
