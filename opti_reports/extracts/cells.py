"""Text cells to typed integers, a column at a time; each distinct text is read once."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opti_reports.algebra.calendar import Calendar, date_of
from opti_reports.algebra.columns import NO_CELLS, NO_MASK, Packed, joined
from opti_reports.algebra.vector import Bool, Int, Vector
from opti_reports.config.expressions import KINDS, denominator
from opti_reports.config.source import Column, Source, fold
from opti_reports.extracts import dates
from opti_reports.extracts.blanks import BAD_DATE, OK, PROBLEMS, if_blank
from opti_reports.extracts.faults import fault as fault_of
from opti_reports.extracts.faults import faults
from opti_reports.extracts.meanings import Cell, Empties, number_reader
from opti_reports.extracts.redact import clean, redact
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


def keyed_hash(secret: bytes) -> Callable[[str], Cell]:
    """Return a reader that re-hashes pseudonyms with the workspace's secret, to positive 63-bit integers."""
    keyed = hashlib.blake2b(key=secret, digest_size=8)
    known: dict[str, Cell] = {}

    def read(text: str) -> Cell:
        cell = known.get(text)
        if cell is None:
            digest = keyed.copy()
            digest.update(text.encode())
            cell = known[text] = (int.from_bytes(digest.digest(), "big") >> 1, "")
        return cell

    return read


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


def _dated(read: Callable[[str], int | None]) -> Callable[[str], Cell]:
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


def _reader(column: Column, words: Words, secret: bytes, roles: Roles) -> Callable[[str], Cell]:
    if column.private:
        return keyed_hash(secret)
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
        "date": _dated(_date_only),
        "month": _dated(dates.month),
        "iso_week": _dated(dates.week),
    }
    return readers[column.type]


class PlainReader:
    """Reads single cells of a column that is no pseudonym as lists show them: codes, ISO dates, safe text."""

    def __init__(self, column: Column, roles: Roles) -> None:
        self.column, self._words = column, Words()
        self._read = _reader(column, self._words, b"", roles)

    def __call__(self, text: str) -> tuple[str, str]:
        """Return the cell and the name of its problem; a text of signs only, a stroke say, is
        an empty cell.
        """
        if fault := fault_of(text):
            return "", fault
        written = clean(text)
        if not fold(written):
            return "", ""
        self._words.index.clear()
        value, problem = self._read(written)
        if problem:
            return "", problem
        kind = KINDS[self.column.type]
        if kind == "text":
            return next(iter(self._words.index)), ""
        if kind == "date":
            return date_of(value).isoformat(), ""
        return (("false", "true")[value] if kind == "boolean" else written), ""


class ColumnReader:
    """Reads one column over all pieces of a delivery, so that its words keep their numbers."""

    def __init__(
        self, source: Source, column: Column, calendar: Calendar, secret: bytes, roles: Roles | None = None
    ) -> None:
        self.source, self.column, self.calendar = source, column, calendar
        self.words = Words()
        self._read = (
            _reader(column, self.words, secret, roles or Roles()) if column.type != "datetime" else None
        )
        self._text = KINDS[column.type] == "text" and not column.private
        self._empty = Empties(source, column)
        self._missing = if_blank(column)
        self._dated = KINDS[column.type] == "date"

    def whole(self, parts: list[Packed]) -> Packed:
        """Return all pieces read so far as one column."""
        return joined(parts, self._cells(NO_CELLS, NO_MASK, tuple(self.words.index)))

    def packed(self, data: Int, filled: Bool) -> Packed:
        """Return the cells of a piece, kept small."""
        return Packed.of(self._cells(data, filled))

    def _cells(self, data: Int, filled: Bool, words: tuple[str, ...] = ()) -> Vector:
        return Vector(
            kind="private" if self.column.private else KINDS[self.column.type],
            data=data,
            filled=filled,
            denominator=denominator(self.column),
            words=words,
            codes=self.column.codes or None,
        )

    def read(self, texts: pa.Array) -> tuple[Int, Bool, NDArray[np.int8]]:
        """Integers, which cells are filled, and each cell's problem (an index into PROBLEMS)."""
        trimmed = pc.utf8_trim_whitespace(texts)
        if self._read is None:
            return self._moments(trimmed)
        encoded = trimmed.dictionary_encode()
        texts_read = encoded.dictionary.to_pylist()
        if self._text:
            texts_read = [clean(text) for text in texts_read]
        if self._dated:
            texts_read = ["" if text in self._empty else text for text in texts_read]
        else:  # most texts are too long for a word that means nothing
            most = self._empty.longest
            texts_read = ["" if len(t) <= most and t in self._empty else t for t in texts_read]
        if self.column.type in ("date", "month", "iso_week"):
            texts_read = [self._local_date(text) for text in texts_read]
        at_fault, names = faults(encoded.dictionary)
        for i in at_fault:
            texts_read[i] = ""
        data, filled, problem = _table(texts_read, self._read)
        if self._missing:
            problem[~filled] = self._missing
        problem[at_fault] = [PROBLEMS.index(name) for name in names]
        rows = encoded.indices.to_numpy()
        return data[rows], filled[rows], problem[rows]

    def _local_date(self, text: str) -> str:
        """Return a time with its zone as the date it has here; midnight of 3 August is 21.00 of the 2nd in
        UTC.
        """
        instant = dates.zoned(text)
        if instant is None:
            return text
        return date_of(int(self.calendar.to_day(np.array([instant]))[0])).isoformat()

    def _moments(self, texts: pa.Array) -> tuple[Int, Bool, NDArray[np.int8]]:
        """Local times; empty cells are not looked at."""
        there = pc.greater(pc.binary_length(texts), 0)
        rows = np.flatnonzero(there.to_numpy(zero_copy_only=False))
        data, filled = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=bool)
        problem = np.full(len(texts), self._missing, dtype=np.int8)
        data[rows], filled[rows], problem[rows] = self._written(texts.filter(there))
        return data, filled, problem

    def _written(self, texts: pa.Array) -> tuple[Int, Bool, NDArray[np.int8]]:
        """Local times; those that are written in an odd way are read once more, tidied."""
        data, filled, problem = self._instants(texts)
        odd = np.flatnonzero(problem == BAD_DATE)
        if len(odd):
            encoded = texts.take(pa.array(odd)).dictionary_encode()
            tidied = pa.array(
                ["" if text in self._empty else dates.tidy(text) for text in encoded.dictionary.to_pylist()],
                pa.string(),
            )
            data, filled = data.copy(), filled.copy()
            data[odd], filled[odd], problem[odd] = self._instants(tidied.take(encoded.indices))
            zoned = odd[problem[odd] == BAD_DATE]
            for i, text in zip(zoned, texts.take(pa.array(zoned)).to_pylist(), strict=True):
                if (instant := dates.zoned(text)) is not None:
                    data[i], filled[i], problem[i] = instant, True, OK
            at_fault, names = faults(texts.take(pa.array(odd)))
            problem[odd[at_fault]] = [PROBLEMS.index(name) for name in names]
        return data, filled, problem

    def _instants(self, texts: pa.Array) -> tuple[Int, Bool, NDArray[np.int8]]:
        """Local wall-clock times as UTC seconds: the date and the time of day are read apart."""
        spaced = pc.replace_substring(texts, "T", " ")
        alone = pc.less(pc.find_substring(spaced, " "), 0)
        spaced = pc.if_else(alone, pc.binary_join_element_wise(spaced, "", " "), spaced)
        halves = pc.split_pattern(spaced, " ", max_splits=1).flatten()
        day_texts = halves.take(pa.array(np.arange(0, len(halves), 2))).dictionary_encode()
        time_texts = halves.take(pa.array(np.arange(1, len(halves), 2))).dictionary_encode()
        days, filled, day_problem = _table(day_texts.dictionary.to_pylist(), _dated(dates.day))
        shift = np.array(
            [dates.serial_second(t) for t in day_texts.dictionary.to_pylist()] or [0], dtype=np.int64
        )
        times, _, time_problem = _table(time_texts.dictionary.to_pylist(), _dated(dates.second))
        day_rows, time_rows = day_texts.indices.to_numpy(), time_texts.indices.to_numpy()
        wall = days[day_rows] * 86_400 + times[time_rows] + shift[day_rows]
        problem = np.where(day_problem[day_rows] != OK, day_problem[day_rows], time_problem[time_rows])
        no_days = np.array([text in self._empty.days for text in day_texts.dictionary.to_pylist()] or [False])
        held = pc.greater(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False)
        held &= ~(no_days[day_rows] & (time_problem[time_rows] == OK))
        problem = np.where(held & ~filled[day_rows], BAD_DATE, problem)  # "To 5.3.2026", "Tänään"
        problem = np.where(held, problem, self._missing)
        return self.calendar.to_utc(wall), held, problem.astype(np.int8)


def _table(texts: list[str], read: Callable[[str], Cell]) -> tuple[Int, Bool, NDArray[np.int8]]:
    cells = [read(text) if text else (0, "") for text in texts]
    data = np.array([value for value, _ in cells] or [0], dtype=np.int64)
    filled = np.array([bool(text) for text in texts] or [False])
    problem = np.array([PROBLEMS.index(name) for _, name in cells] or [0], dtype=np.int8)
    return data, filled, problem
