"""Free text made safe before it is kept: identity codes, phone numbers and mail addresses are masked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

import pyarrow as pa
import pyarrow.compute as pc

from opti_reports.errors import ExtractError

MASK = "[poistettu]"
_DASHES = "‐‑‒–—―⁃−⸺⸻﹘﹣－"
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""The full-width forms of ASCII, as some keyboards write them."""
_PLAIN = _WIDE | str.maketrans(_DASHES + "﹢﹫․", "-" * len(_DASHES) + "+@.")
"""Signs that look like those of codes, numbers and addresses, and what they are read as."""
IDENTITY = re.compile(
    r"(?<!\d)\d{2}[\s.]?\d{2}[\s.]?\d{2}\s*[-+/_~A-FU-Ya-fu-y]\s*\d\s?\d\s?\d\s*[0-9A-Za-z](?![0-9A-Za-z])"
)
_SPACE = r"[\s\x{a0}\x{202f}]*"
_CELL = (
    r"(^|[^0-9A-Za-z])(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])[0-9]{2}"
    rf"{_SPACE}[-+＋﹢A-FU-Ya-fu-y{_DASHES}]{_SPACE}[0-9]{{3}}{_SPACE}[0-9A-Za-z]([^0-9A-Za-z]|$)"
)
"""An identity code in a cell, for Arrow's matcher; between other letters or digits it is a pseudonym."""
_EMAIL = re.compile(r"[\w.+-]+\s*(?:@|[(\[]\s*[aä]t\s*[)\]])\s*[\w-]+(?:\s?\.\s?[\w-]+)*", re.IGNORECASE)
_DAY = r"(?:\d{1,2}\.\d{1,2}\.20[2-9]\d|20[2-9]\d-\d{2}-\d{2})"
_HOURS = r"[0-2]?\d\.[0-5]\d"
_PHONE = re.compile(
    rf"(?P<time>(?<!\d)(?:(?:(?:\d{{1,2}}\.){{1,2}}\s?-\s?)?{_DAY}|{_HOURS}\s?-\s?{_HOURS})(?!\d))"
    r"|(?<!\d)(?:0\d{1,3}[/,]\s?)?(?:\+|00)?\d(?:[\s().·-]{0,2}\d){6,14}(?!\d)"
)
"""A phone number. A date of these years, a range of days, and hours of a day are none; an older date
may be a birthday and is taken for a number."""


_INITIAL = re.compile(r"[^\W\d_]\.")


def clean(text: str) -> str:
    """Composed characters, no control characters, single spaces."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(
        " " if c in "\r\n\t" else c for c in composed if c in "\r\n\t" or unicodedata.category(c)[0] != "C"
    )
    return " ".join(kept.split())


def redact(text: str) -> str:
    """The cleaned text with everything that identifies a person replaced."""
    safe = clean(text).translate(_PLAIN)
    for pattern in (_EMAIL, IDENTITY):
        safe = pattern.sub(MASK, safe)
    return _PHONE.sub(lambda found: found["time"] or MASK, safe)


def identifies(text: str) -> bool:
    """Whether the text holds something that identifies a person: a code, a phone number, a mail address."""
    return redact(text) != clean(text).translate(_PLAIN)


def like_a_name(text: str, known: Container[str]) -> bool:
    """Whether a text that should name a role looks like a person's name.

    A role is written with small letters after its first word; another word with a capital and small letters
    must be known (``known`` holds words in small letters: places, say). ``Erkki Esimerkki`` and ``ylilääkäri
    Esimerkki`` look like names; a lone word is taken for a role.
    """
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?", clean(text))
    initials = any(_INITIAL.fullmatch(word) for word in words)
    names = [word for word in words[1:] if word.istitle() and word.casefold() not in known]
    return bool(names) or (initials and len(words) > 1)


def holds_identity_code(texts: pa.Array) -> bool:
    """Whether any cell holds something shaped like a Finnish identity code with a possible birth date."""
    return bool(pc.any(pc.match_substring_regex(texts, _CELL)).as_py())


def refuse_identity_codes(file: str, shown: str, texts: pa.Array) -> None:
    """Raise ExtractError, without quoting a cell, when any of them holds an identity code."""
    if holds_identity_code(texts):
        raise identity_code_found(file, shown)


def identity_code_found(file: str, shown: str) -> ExtractError:
    """Why a file with identity codes is not read; ``shown`` says where they are."""
    return ExtractError(
        f"{shown} holds what looks like personal identity codes; the file was not read",
        file,
        "Remove the codes at the source and deliver the file again.",
    )
