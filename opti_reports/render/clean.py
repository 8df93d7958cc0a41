"""Text made safe for every format at the door: nothing invisible, nothing an XML file cannot hold."""

from __future__ import annotations

import dataclasses
import re
from functools import lru_cache
from typing import Any, TypeVar

from opti_reports.model.pack import Pack

Content = TypeVar("Content")
# Controls, the soft hyphen, bidirectional and zero-width marks, surrogates, private use and non-characters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\uf8ff\ufeff\ufff0-\uffff]"
)
_SPACE = re.compile(r"[\t\n ]+")
_GLUED = re.compile(r"(?<=[=<>≤≥]) (?=[\d−])| (?=[=<>≤≥] [\d−])|(?<=\d) (?=%)| (?=→ [\d−])|(?<=→) (?=[\d−])")
"""Spaces at which a line must not break: ``n = 24``, ``≥ 80 %``, ``53 → 51``."""
_RARE = re.compile("[\U00010000-\U0010ffff]")


@lru_cache(maxsize=8192)
def clean_text(text: str) -> str:
    """``text`` without control and invisible characters, white space as single spaces.

    Characters beyond the basic plane (emoji, rare scripts) become ``□``: the fonts of a pack have no glyph
    for them, and a missing glyph makes a PDF invalid. Figures are kept on one line with their signs.
    """
    whole = _RARE.sub("□", _SPACE.sub(" ", _INVISIBLE.sub("", text))).strip()
    return _GLUED.sub("\u00a0", whole).replace("%-", "%\u2011")


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, tuple):
        return tuple(_clean(item) for item in value)
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{f.name: _clean(getattr(value, f.name)) for f in dataclasses.fields(value)})
    return value


def cleaned(content: Content) -> Content:
    """The same content (a frozen dataclass) with every text cleaned."""
    made: Content = _clean(content)
    return made


def clean_pack(pack: Pack) -> Pack:
    """The same pack with every text cleaned."""
    return cleaned(pack)
