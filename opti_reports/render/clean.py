"""Text made safe for every format at the door: nothing invisible, nothing an XML file cannot hold."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from functools import lru_cache
from typing import Any, TypeVar

from opti_reports.model.pack import Pack

Content = TypeVar("Content")
# Controls, the soft hyphen, bidirectional and zero-width marks, surrogates, private use and non-characters.
_HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\uf8ff\ufeff"
    "\ufff0-\uffff"
)
_INVISIBLE = re.compile(f"[{_HIDDEN}]")
_SPACE = re.compile(r"[\t\n ]+")
_GLUED = re.compile(r"(?<=[=<>≤≥]) (?=[\d−])| (?=[=<>≤≥] [\d−])|(?<=\d) (?=%)| (?=→ [\d−])|(?<=→) (?=[\d−])")
"""Spaces at which a line must not break: ``n = 24``, ``≥ 80 %``, ``53 → 51``."""
_DRAWN = """
    0020-007E 00A0-00AC 00AE-0377 037A-037F 0384-038A 038C 038E-03A1 03A3-0525 0531-0556 0559-055F
    0561-0587 0589-058A 05B0-05C3 05D0-05EA 05F0-05F4 060C 0615 061B 061F 0621-063A 0640-0655 0660-0670
    0674 0679-06BF 06F0-06F9 10A0-10C5 10D0-10FC 1D00-1D14 1D2C-1D5B 1E00-1F15 1F18-1F1D 1F20-1F45
    1F48-1F4D 1F50-1F57 1F59 1F5B 1F5D 1F5F-1F7D 1F80-1FB4 1FB6-1FC4 1FC6-1FD3 1FD6-1FDB 1FDD-1FEF
    1FF2-1FF4 1FF6-1FFE 2000-200A 2010-2027 202F-205F 2070-2071 2074-208E 2090-209C 20A0-20BF 2100-2109
    210B-2149 214B 214D-2189 2190-2311 2318-2319 231C-2321 2324-2328 239B-23AE 2460-2469 24B6-24CF
    2500-269C 269E-26B8 26C0-26C3 2701-2704 2706-2709 270C-2727 2729-274B 274D 274F-2752 2756 2758-275E
    2761-2794 2798-27AF 27B1-27BE 27E6-27EB 27F0-28FF 2A7D-2AA0 2B00-2B1A FB00-FB06
"""
"""What the shipped families (Inter, DejaVu Sans) draw between them, upright and bold."""
_STRANGE = re.compile(
    "[^\t\n"
    + _HIDDEN
    + "".join("-".join(f"\\u{int(end, 16):04x}" for end in part.split("-")) for part in _DRAWN.split())
    + "]"
)
BOX = "□"
_JOINER = "\u200d"
_TONES = re.compile("[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_FLAG_LETTER = re.compile("[\U0001f1e6-\U0001f1ff]")


@lru_cache(maxsize=8192)
def clean_text(text: str) -> str:
    """Return ``text`` without control and invisible characters, white space as single spaces.

    What the fonts of a pack have no glyph for (emoji, Thai, Hindi) becomes ``□``, one for what a reader sees
    as one sign: a missing glyph makes a PDF invalid. Figures are kept on one line with their signs.
    """
    drawn = _boxed(text) if _STRANGE.search(text) else text
    whole = _SPACE.sub(" ", _INVISIBLE.sub("", drawn)).strip()
    return _GLUED.sub("\u00a0", whole).replace("%-", "%\u2011")


def strange(text: str) -> frozenset[str]:
    """Return the characters of a text that the fonts of a pack cannot draw, but for marks on them."""
    return frozenset(c for c in _STRANGE.findall(text) if not _extends(c))


def _boxed(text: str) -> str:
    """Return the text with a box for each sign that cannot be drawn, whatever it is put together of."""
    made: list[str] = []
    boxed, before = False, ""
    for c in text:
        strange = _STRANGE.match(c) is not None
        joined = boxed and before == _JOINER
        paired = boxed and _FLAG_LETTER.match(c) and _FLAG_LETTER.match(before)
        if strange and not (_extends(c) or joined or paired):
            made.append(BOX)
            boxed = True
        elif not strange and c != _JOINER:
            made.append(c)
            boxed = False
        before = "" if paired else c
    return "".join(made)


def _extends(c: str) -> bool:
    """Return whether a character belongs to the sign before it: a mark, a colour of skin, a
    choice of form.
    """
    return unicodedata.category(c)[0] == "M" or _TONES.match(c) is not None


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
    """Return the same content (a frozen dataclass) with every text cleaned."""
    made: Content = _clean(content)
    return made


def clean_pack(pack: Pack) -> Pack:
    """Return the same pack with every text cleaned."""
    return cleaned(pack)
