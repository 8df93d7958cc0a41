"""One text to an integer, by the type of its column: yes or no, a code, a pseudonym, a date, a title."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from opti_reports.algebra.vector import Bool, Int
from opti_reports.config.source import Column, fold
from opti_reports.extracts import dates
from opti_reports.extracts.blanks import OK, PROBLEMS
from opti_reports.extracts.meanings import Cell, number_reader
from opti_reports.extracts.redact import redact
from opti_reports.model.role import Roles

TRUE = frozenset(
    {"1", "1,0", "1.0", "k", "kyllä", "kylla", "x", "✓", "true", "tosi", "sant", "j", "ja", "y", "yes"}
)
FALSE = frozenset({"0", "0,0", "0.0", "e", "ei", "false", "epätosi", "falskt", "n", "nej", "no"})
TITLE_LENGTH = 120


@dataclass(frozen=True)
class Words:
    """The distinct texts of a column in the order they were met."""

    index: dict[str, int] = field(default_factory=dict)

    def __call__(self, text: str) -> int:
        """Return the number of a text; a new text gets the next."""
        return self.index.setdefault(text, len(self.index))


def truth_value(text: str) -> Cell:
    """Return a yes or no."""
    folded = unicodedata.normalize("NFC", text.casefold())
    if folded in TRUE:
        return 1, ""
    return (0, "") if folded in FALSE else (0, "bad_boolean")


def _coded(column: Column, words: Words) -> Callable[[str], Cell]:
    known = {fold(code): code for code in column.codes}
    known |= {fold(alias): code for code, aliases in column.code_aliases.items() for alias in aliases}

    def read(text: str) -> Cell:
        code = known.get(fold(text))
        return (0, "unknown_code") if code is None else (words(code), "")

    return read


def _code(column: Column, words: Words) -> Callable[[str], Cell]:
    """Return a reader of codes without a list: those that fit their pattern, some of which mean another."""
    pattern = re.compile(column.pattern or ".*", re.DOTALL)
    known = {fold(alias): meant for meant, aliases in column.code_aliases.items() for alias in aliases}

    def read(text: str) -> Cell:
        meant = known.get(fold(text))
        if meant is None and not pattern.fullmatch(text):
            return 0, "unknown_code"
        return words(meant or text), ""

    return read


def dated(read: Callable[[str], int | None]) -> Callable[[str], Cell]:
    """Return a reader of dates or times of day from one that returns None for what is none."""

    def cell(text: str) -> Cell:
        value = read(text)
        return (0, "bad_date") if value is None else (value, "")

    return cell


def _date_only(text: str) -> int | None:
    for written in (text, dates.tidy(text)):
        day, _, time = written.replace("T", " ").partition(" ")
        if (found := dates.day(day)) is not None and dates.second(time) is not None:
            return found
    return None


def _titled(column: Column, words: Words) -> Callable[[str], Cell]:
    def read(text: str) -> Cell:
        safe = redact(text)
        too_long = column.type == "title" and len(safe) > TITLE_LENGTH
        return (0, "too_long") if too_long else (words(safe), "")

    return read


def _role(words: Words, roles: Roles) -> Callable[[str], Cell]:
    def read(text: str) -> Cell:
        safe = redact(text)
        return (0, "person_name") if roles.name_like(safe) else (words(safe), "")

    return read


def reader(column: Column, words: Words, roles: Roles) -> Callable[[str], Cell]:
    """Return what reads a column's texts, but for pseudonyms; new words get numbers among ``words``."""
    if column.codes:
        return _coded(column, words)
    readers: dict[str, Callable[[str], Cell]] = {
        "string": lambda text: (words(text), ""),
        "code": _code(column, words),
        "quote": _titled(column, words),
        "title": _titled(column, words),
        "label": _titled(column, words),
        "role": _role(words, roles),
        "integer": number_reader(column),
        "decimal": number_reader(column),
        "eur": number_reader(column),
        "boolean": truth_value,
        "date": dated(_date_only),
        "month": dated(dates.month),
        "iso_week": dated(dates.week),
    }
    return readers[column.type]


def table(texts: list[str], read: Callable[[str], Cell]) -> tuple[Int, Bool, NDArray[np.int8]]:
    """Return the integers of distinct texts, which of them are filled, and their problems; of no text those
    of an empty one.
    """
    cells = [read(text) if text else (0, "") for text in texts or [""]]
    data = np.array([value for value, _ in cells], dtype=np.int64)
    filled = np.array([bool(text) for text in texts or [""]])
    problem = np.array([PROBLEMS.index(name) if name else OK for _, name in cells], dtype=np.int8)
    return data, filled, problem


def pseudonyms(texts: list[str], secret: bytes) -> tuple[Int, Bool, NDArray[np.int8]]:
    """Return the same of pseudonyms, re-hashed with the workspace's secret to positive 63-bit integers."""
    keyed = hashlib.blake2b(key=secret, digest_size=8)

    def digest(text: str) -> bytes:
        own = keyed.copy()
        own.update(text.encode())
        return own.digest()

    digests = b"".join(map(digest, texts or [""]))
    hashes = (np.frombuffer(digests, dtype=">u8") >> np.uint64(1)).astype(np.int64)
    filled = np.array([bool(text) for text in texts or [""]])
    return np.where(filled, hashes, 0), filled, np.zeros(len(filled), dtype=np.int8)
