"""Text made safe before it is kept: what identifies a person is found in the folded text, and masked."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opti_reports.algebra.columns import Columns
from opti_reports.config.expressions import unit_columns
from opti_reports.config.source import Source
from opti_reports.errors import ExtractError
from opti_reports.extracts.faults import NOT_COMPUTED
from opti_reports.messages.message import Shown
from opti_reports.model import report
from opti_reports.model.role import Roles

MASK = report.MASK
CUT = "[lyhennetty]"
"""What stands at the end of a text that was longer than ``LONGEST``."""
LONGEST = 4000
"""The longest free text that is kept, characters: a page and a half."""
_MARGIN = 100
"""How far beyond the cut is still searched: what identifies may not be cut in two and remain."""
_DASHES = "‐‑‒–—―⁃−⸺⸻﹘﹣－"
_PLAIN = str.maketrans(_DASHES + "․", "-" * len(_DASHES) + ".")
"""Signs that look like those of codes and addresses and that NFKC leaves as they are."""
_ON_DIGITS = re.compile(r"(?<=[0-9])[\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f]+")
"""Strokes, rings and the like laid over digits."""
_LIKE_LATIN = "\u0370-\u03ff\u0400-\u04ff"
"""Greek and Cyrillic: many of their letters look like Latin ones."""
IDENTITY = re.compile(
    r"(?<!\d)\d{2}[\s.]?\d{2}[\s.]?\d{2}\s{0,3}"
    rf"[-+/_~A-FU-Ya-fu-y{_LIKE_LATIN}]"
    rf"\s{{0,3}}\d\s?\d\s?\d\s{{0,3}}[0-9A-Za-z{_LIKE_LATIN}](?![0-9A-Za-z])"
)
_CELL = (
    r"(^|[^0-9A-Za-z])(0[1-9]|[12][0-9]|3[01])[ .]?(0[1-9]|1[0-2])[ .]?[0-9]{2}"
    r"[\s\x{a0}\x{202f}]*"
    rf"[-+＋﹢A-FU-Ya-fu-y\x{{370}}-\x{{4ff}}{_DASHES}]"
    r"[\s\x{a0}\x{202f}]*[0-9]{3}[\s\x{a0}\x{202f}]*[0-9A-Za-z\x{370}-\x{4ff}]([^0-9A-Za-z]|$)"
)
"""An identity code in a cell, for Arrow's matcher; between other letters or digits it is a pseudonym."""
CODE_LENGTH = 11
_PARTLESS = np.array([chr(sign).isalnum() and sign < 128 for sign in range(256)])
"""By byte whether it is a letter or a digit: among them alone nothing parts a code from what is around it."""
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]++ ?(?:(?:@|[(\[] ?[aä]t ?[)\]]) ?[\w-]++(?: ?\. ?[\w-]+)*+"
    r"|[(\[]a[)\]][\w-]++(?:\.[\w-]+)+)",
    re.IGNORECASE,
)
"""A mail address. It is looked for once from the beginning of each word: the time grows with the text."""
_BIRTH_WORD = r"(?:synt\w*\.?|s\.|född|f\.|born|b\.|dob)"
_BIRTH_DATE = re.compile(
    r"(?<![\d.])\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19\d\d|200\d|201\d)(?![\d])"
    r"|(?<!\d)(?:19\d\d|200\d|201\d)-\d{1,2}-\d{1,2}(?!\d)"
    rf"|\b(?P<word>{_BIRTH_WORD}:? ?)\d{{1,2}}\.\s?\d{{1,2}}\.\s?-?(?:\d{{4}}|\d{{2}})(?!\d)",
    re.IGNORECASE,
)
"""A date of an earlier decade, or any that is said to be one of birth."""
_DAY = r"(?:\d{1,2}\.\d{1,2}\.20[2-9]\d|20[2-9]\d-\d{2}-\d{2})"
_HOURS = r"[0-2]?\d\.[0-5]\d"
_MOMENT = re.compile(
    r"(?:\d{1,2}([./-])\d{1,2}\1\d{4}|\d{4}([./-])\d{1,2}\2\d{1,2})"
    r"(?:[T ]\d{1,2}[.:]\d{2}(?:[.:]\d{2})?)?",
    re.ASCII,
)
"""A date with all its parts, and perhaps a time of day."""
_PHONE = re.compile(
    rf"(?P<time>(?<!\d)(?:(?:(?:\d{{1,2}}\.){{1,2}}\s?-\s?)?{_DAY}|{_HOURS}\s?-\s?{_HOURS})(?!\d))"
    r"|(?<!\d)(?:0\d{1,3}[/,]\s?)?(?:\+|00)?\d(?:[\s().·-]{0,2}\d){6,14}(?!\d)"
)
"""A phone number. A date of these years, a range of days, and hours of a day are none; an older date
may be a birthday and is taken for a number."""
_CAPITALS = Roles()
"""Takes a text for a name by its capitals alone."""
_PHONE_CODE = re.compile(r"(?<![\w.-])(?:\+|00|0)[1-9](?:[ -]?\d){7,13}(?![\w.-])")
"""A phone number among codes: other numbers there are ids."""


def clean(text: str) -> str:
    """Return the text with composed characters, no control or format characters, and single spaces."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(
        " " if c in "\r\n\t" else c for c in composed if c in "\r\n\t" or unicodedata.category(c)[0] != "C"
    )
    return " ".join(kept.split())


def folded(text: str) -> str:
    """Return the text as it is judged: cleaned, in compatibility form, digits and dashes plain.

    Nobody hides a code behind a zero-width space, full-width or foreign digits, or a stroke over a digit.
    """
    cleaned = clean(text)
    if cleaned.isascii():
        return cleaned
    plain = unicodedata.normalize("NFKC", cleaned.translate(_PLAIN)).translate(_PLAIN)
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
    return _ON_DIGITS.sub("", digits)


def redact(text: str) -> str:
    """Return the cleaned text with everything that identifies a person masked; a very long one is cut."""
    cleaned = clean(text if len(text) <= LONGEST else text[: LONGEST + _MARGIN])
    plain = folded(cleaned)
    safe = _personal(plain)
    shown = cleaned.translate(_PLAIN) if safe == plain else safe
    return shown if len(cleaned) <= LONGEST else f"{shown[:LONGEST].rsplit(' ', 1)[0]} {CUT}"


def redact_code(text: str) -> str:
    """Return an id or code, with what identifies a person masked; one that holds nothing such as it is.

    Only what is written like a phone number is one: ids and codes of units are long numbers themselves.
    """
    plain = folded(text)
    safe = _PHONE_CODE.sub(MASK, _without_codes(plain))
    return text if safe == plain else safe


def _personal(plain: str) -> str:
    return _PHONE.sub(lambda found: found["time"] or MASK, _without_codes(plain))


def _without_codes(plain: str) -> str:
    for pattern in (_EMAIL, IDENTITY):
        plain = pattern.sub(MASK, plain)
    return _BIRTH_DATE.sub(lambda found: (found["word"] or "") + MASK, plain)


def redact_cell(text: str, *, dated: bool = False) -> str:
    """Return a cell that could not be read as reports show it, without what identifies a person.

    In a column of dates (``dated``) one that is nothing but a date or a moment says what is wrong with it.
    """
    if text == NOT_COMPUTED:
        return ""
    if dated and _MOMENT.fullmatch(text):
        return text
    return MASK if _CAPITALS.name_like(text) else redact_code(text)[:80]


def ids_masked(source: Source, rows: Columns) -> Columns:
    """Return the columns with what identifies a person masked in ids and codes.

    Codes of units stay as they are: an unknown one is masked where it is shown.
    """
    kept = unit_columns(source)
    free = {n for n, c in source.column.items() if c.type in ("string", "code") and not c.codes} - kept
    masked = Columns(rows)
    for name in free.intersection(rows):
        if (like := rows.kept(name).like).kind == "text":
            words = tuple(redact_code(word) for word in like.words)
            masked[name] = replace(rows.kept(name), like=replace(like, words=words))
    return masked


def identifies(text: str) -> bool:
    """Return whether the text holds something that identifies a person: a code, a number, an address, a
    birthday.
    """
    plain = folded(text)
    return _personal(plain) != plain


def holds_identity_code(texts: pa.Array) -> bool:
    """Return whether any cell holds something shaped like a Finnish identity code with a possible birth date.

    Cells with other than plain signs are judged as ``folded`` too.
    """
    texts = _likely(texts)
    if _found(texts):
        return True
    if _plain(texts):
        return False
    odd = texts.filter(pc.match_substring_regex(texts, "[^ -~]")).unique()
    return _found(pa.array([folded(text) for text in odd.to_pylist() if text], pa.string()))


def _likely(texts: pa.Array) -> pa.Array:
    """Return the distinct cells; of letters and digits alone those as long as a code that nothing parts."""
    if not len(texts) or not bool(_PARTLESS[_held(texts)].all()):
        return texts.unique()
    return texts.filter(pc.equal(pc.binary_length(texts), CODE_LENGTH))


def _found(texts: pa.Array) -> bool:
    return bool(pc.any(pc.match_substring_regex(texts, _CELL)).as_py())


def _plain(texts: pa.Array) -> bool:
    """Return whether all cells hold printable ASCII only, seen from their bytes at once."""
    signs = _held(texts)
    return not len(signs) or bool(signs.min() >= ord(" ") and signs.max() <= ord("~"))


def _held(texts: pa.Array) -> NDArray[np.uint8]:
    """Return the bytes of all cells, one after another."""
    held = texts.buffers()[2]
    return np.frombuffer(held, dtype=np.uint8) if held is not None and held.size else np.zeros(0, np.uint8)


def refuse_identity_codes(file: str, shown: Shown, texts: pa.Array) -> None:
    """Raise ExtractError, without quoting a cell, when any of them holds an identity code."""
    if holds_identity_code(texts):
        raise identity_code_found(file, shown)


def identity_code_found(file: str, shown: Shown) -> ExtractError:
    """Return why a file with identity codes is not read; ``shown`` says where they are."""
    return ExtractError("redact.identity_codes", file, shown=shown)
