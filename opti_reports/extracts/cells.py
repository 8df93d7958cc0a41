"""Text cells to typed integers, a column at a time; each distinct text is read once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opti_reports.algebra.aside import Shelf
from opti_reports.algebra.calendar import DAY, FIRST, LAST, Calendar, date_of, day_number
from opti_reports.algebra.columns import NOTHING, Packed, joined
from opti_reports.algebra.vector import Bool, Int, Vector
from opti_reports.config.expressions import KINDS, denominator
from opti_reports.config.source import Column, Source
from opti_reports.extracts import dates
from opti_reports.extracts.blanks import BAD_DATE, OK, PROBLEMS, if_blank
from opti_reports.extracts.faults import faults
from opti_reports.extracts.meanings import Cell, Empties
from opti_reports.extracts.redact import clean
from opti_reports.extracts.texts import Words, dated, keyed_hashes, reader
from opti_reports.model.role import Roles

ISO_LENGTHS = (16, 19)
"""How long a date with a time of day is as ISO writes it, to the minute or to the second."""


class ColumnReader:
    """Reads one column over all pieces of a delivery, so that its words keep their numbers."""

    def __init__(
        self, source: Source, column: Column, calendar: Calendar, secret: bytes, roles: Roles | None = None
    ) -> None:
        self.source, self.column, self.calendar, self._secret = source, column, calendar, secret
        self.words = Words()
        self._read = (
            reader(column, self.words, secret, roles or Roles()) if column.type != "datetime" else None
        )
        self._text = KINDS[column.type] == "text" and not column.private
        self._empty = Empties(source, column)
        self._empty_days = [day_number(day) for day in (*source.empty_dates, *column.empty_dates)]
        self._missing = if_blank(column)
        self._dated = KINDS[column.type] == "date"

    def whole(self, parts: list[Packed], shelf: Shelf | None = None) -> Packed:
        """Return all pieces read so far as one column."""
        return joined(parts, self._cells(*NOTHING, tuple(self.words.index)), shelf)

    def packed(self, data: Int, filled: Bool, shelf: Shelf | None = None) -> Packed:
        """Return the cells of a piece, kept small."""
        return Packed.of(self._cells(data, filled), shelf)

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
        if self._read is None:
            return self._moments(texts)
        encoded = texts.dictionary_encode()
        distinct = pc.utf8_trim_whitespace(encoded.dictionary)
        texts_read = distinct.to_pylist()
        if self._text:
            texts_read = [clean(text) for text in texts_read]
        if self._dated or self._text:
            texts_read = ["" if text in self._empty else text for text in texts_read]
        else:  # most texts are too long for a word that means nothing
            short = pc.less_equal(pc.utf8_length(distinct), self._empty.longest)
            for i in np.flatnonzero(short.to_numpy(zero_copy_only=False)).tolist():
                texts_read[i] = "" if texts_read[i] in self._empty else texts_read[i]
        if self.column.type in ("date", "month", "iso_week"):
            texts_read = [self._local_date(text) for text in texts_read]
        at_fault, names = faults(distinct)
        for i in at_fault:
            texts_read[i] = ""
        data, filled, problem = self._cells_of(texts_read, self._read)
        if self._missing:
            problem[~filled] = self._missing
        problem[at_fault] = [PROBLEMS.index(name) for name in names]
        rows = encoded.indices.to_numpy()
        return data[rows], filled[rows], problem[rows]

    def _cells_of(self, texts: list[str], read: Callable[[str], Cell]) -> tuple[Int, Bool, NDArray[np.int8]]:
        """Integers of distinct texts, which of them are filled, and their problems."""
        if not self.column.private or not texts:
            return _table(texts, read)
        filled = np.array([bool(text) for text in texts])
        data = np.where(filled, keyed_hashes(self._secret, texts), 0)
        return data, filled, np.zeros(len(texts), dtype=np.int8)

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
        data[rows], filled[rows], problem[rows] = self._written(pc.utf8_trim_whitespace(texts.filter(there)))
        return data, filled, problem

    def _written(self, texts: pa.Array) -> tuple[Int, Bool, NDArray[np.int8]]:
        """Local times; those that are written in an odd way are read once more, tidied."""
        wall = self._plain_moments(texts)
        if wall is not None:
            some = np.ones(len(texts), dtype=bool)
            return self.calendar.to_utc(wall), some, np.zeros(len(texts), dtype=np.int8)
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

    def _plain_moments(self, texts: pa.Array) -> Int | None:
        """Return wall-clock seconds of texts that are all written the plain ISO way; None for others."""
        lengths = pc.min_max(pc.binary_length(texts)).as_py()
        if lengths["min"] != lengths["max"] or lengths["min"] not in ISO_LENGTHS:
            return None
        try:
            wall: Int = texts.cast(pa.timestamp("s")).cast(pa.int64()).to_numpy()
        except pa.ArrowInvalid:
            return None
        days = wall // DAY
        if days.min() < day_number(FIRST) or days.max() > day_number(LAST):
            return None
        return None if np.isin(self._empty_days, days).any() else wall

    def _instants(self, texts: pa.Array) -> tuple[Int, Bool, NDArray[np.int8]]:
        """Local wall-clock times as UTC seconds: the date and the time of day are read apart."""
        spaced = pc.replace_substring(texts, "T", " ")
        alone = pc.less(pc.find_substring(spaced, " "), 0)
        spaced = pc.if_else(alone, pc.binary_join_element_wise(spaced, "", " "), spaced)
        halves = pc.split_pattern(spaced, " ", max_splits=1).flatten()
        day_texts = halves.take(pa.array(np.arange(0, len(halves), 2))).dictionary_encode()
        time_texts = halves.take(pa.array(np.arange(1, len(halves), 2))).dictionary_encode()
        days, filled, day_problem = _table(day_texts.dictionary.to_pylist(), dated(dates.day))
        shift = np.array(
            [dates.serial_second(t) for t in day_texts.dictionary.to_pylist()] or [0], dtype=np.int64
        )
        times, _, time_problem = _table(time_texts.dictionary.to_pylist(), dated(dates.second))
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
    cells = [read(text) if text else (0, "") for text in texts or [""]]
    data = np.array([value for value, _ in cells], dtype=np.int64)
    filled = np.array([bool(text) for text in texts or [""]])
    problem = np.array([PROBLEMS.index(name) if name else OK for _, name in cells], dtype=np.int8)
    return data, filled, problem
