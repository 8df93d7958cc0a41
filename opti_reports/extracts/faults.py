"""Cells that hold no value but say that one is missing: errors of spreadsheets, formulas nobody computed."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

ERROR_CELL, UNCOMPUTED = "error_cell", "not_computed"
NOT_COMPUTED = "\x1a=?"
"""What stands for a formula without a value; no spreadsheet can hold the sign it begins with."""
_NAMES = """
    #N/A #NA #REF! #DIV/0! #VALUE! #NAME? #NUM! #NULL! #SPILL! #CALC! #GETTING_DATA #FIELD! #BLOCKED!
    #CONNECT! #UNKNOWN! #BUSY! #PYTHON! #TIMEOUT! #EXTERNAL! #ERROR!
    #PUUTTUU! #PUUTTUU #VIITTAUS! #JAKO/0! #ARVO! #NIMI? #LUKU! #TYHJÄ! #VUOTO! #LEVIÄMINEN! #LASKE!
    #SAKNAS! #SAKNAS #REFERENS! #DIVISION/0! #VÄRDEFEL! #VÄRDE! #NAMN? #OGILTIGT! #SKÄRNING! #UTSPILL!
"""
ERRORS = frozenset(_NAMES.split())
"""The errors of Excel in English, Finnish and Swedish."""
_SHAPED = re.compile(r"##+|(?:ERR|VIRHE|FEL):[0-9]{3}")
"""A number for which the column was too narrow, and the errors of LibreOffice."""
_SUSPECT = r"^(?:[#\x1a]|(?i:err|virhe|fel):)"
_BEGINNINGS = np.isin(np.arange(256), np.frombuffer(b"#\x1aeEvVfF", dtype=np.uint8))
"""By byte whether an error may begin with it: most texts are looked at no longer."""


def fault(text: str) -> str:
    """Return the problem of a cell that says a value is missing, empty for other texts."""
    if text == NOT_COMPUTED:
        return UNCOMPUTED
    shouted = unicodedata.normalize("NFC", text.strip().upper())
    return ERROR_CELL if shouted in ERRORS or _SHAPED.fullmatch(shouted) else ""


def faults(texts: pa.Array) -> tuple[NDArray[np.intp], list[str]]:
    """Return which cells hold an error or a formula without a value, and the problem of each."""
    named = [(i, fault(texts[int(i)].as_py())) for i in np.flatnonzero(_suspects(texts))]
    found = [(i, name) for i, name in named if name]
    return np.array([i for i, _ in found], dtype=np.intp), [name for _, name in found]


def _suspects(texts: pa.Array) -> NDArray[np.bool_]:
    """Return which texts begin as an error does."""
    _, offsets, data = texts.buffers()
    if data is None:
        return np.zeros(len(texts), dtype=bool)
    ends = np.frombuffer(offsets, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    found = ends[1:] > ends[:-1]
    found[found] = _BEGINNINGS[np.frombuffer(data, dtype=np.uint8)[ends[:-1][found]]]
    likely = np.flatnonzero(found)
    matched = pc.match_substring_regex(texts.take(pa.array(likely)), _SUSPECT)
    found[likely] = matched.to_numpy(zero_copy_only=False)
    return found
