"""What another machine answered, as text fit for a terminal, a log and the ledger."""

from __future__ import annotations

import re
import unicodedata

SHOWN = 300
"""Signs of a server's answer that are kept."""
_ADDRESS = re.compile(
    r"(?:\"[^\"]*\"|[^\s<>\"'()\[\],;:@]+)\s?(?:@|\(a\)|\(at\)|\[at\])\s?[^\s<>\"'()\[\],;:@]+"
)
_KEY = re.compile(r"[A-Za-z0-9+/_=-]{40,}")
HIDDEN = "…"


def clean(text: str) -> str:
    """Return text from outside on one line: no control or format characters, no address, no key, not long."""
    cut = unicodedata.normalize("NFKC", text[: 4 * SHOWN])
    plain = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in cut)
    hidden = _KEY.sub(HIDDEN, _ADDRESS.sub(HIDDEN, " ".join(plain.split())))
    return hidden[:SHOWN]
