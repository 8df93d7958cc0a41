"""Local times to UTC seconds, a column at a time: most are written the plain ISO way, others as people do."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opti_reports.algebra.calendar import DAY, FIRST, LAST, Calendar, day_number
from opti_reports.algebra.vector import Bool, Int
from opti_reports.config.source import Column, Source
from opti_reports.extracts import dates
from opti_reports.extracts.blanks import BAD_DATE, OK, PROBLEMS, if_blank
from opti_reports.extracts.faults import faults
from opti_reports.extracts.meanings import Empties
from opti_reports.extracts.texts import dated, table

_PLAIN = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$"
ISO_LENGTHS = (16, 19)
"""How long a plain moment is, to the minute or to the second."""
Cells = tuple[Int, Bool, NDArray[np.int8]]
"""Integers, which cells are filled, and each cell's problem (an index into PROBLEMS)."""


class Moments:
    """Reads the local times of a column."""

    def __init__(self, source: Source, column: Column, calendar: Calendar) -> None:
        self.calendar = calendar
        self._empty, self._missing = Empties(source, column), if_blank(column)
        days = (*source.empty_dates, *column.empty_dates)
        self._empty_days = [day_number(day) for day in days if FIRST <= day <= LAST]

    def read(self, texts: pa.Array) -> Cells:
        """Return the cells of texts; empty ones are not looked at."""
        there = pc.greater(pc.binary_length(texts), 0)
        rows = np.flatnonzero(there.to_numpy(zero_copy_only=False))
        data, filled = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=bool)
        problem = np.full(len(texts), self._missing, dtype=np.int8)
        data[rows], filled[rows], problem[rows] = self._written(pc.utf8_trim_whitespace(texts.filter(there)))
        return data, filled, problem

    def _written(self, texts: pa.Array) -> Cells:
        """Return plain moments all at once, and what is written otherwise one by one."""
        lengths = pc.min_max(pc.binary_length(texts)).as_py()
        alike = lengths["min"] == lengths["max"] and lengths["min"] in ISO_LENGTHS
        data = self._plain(texts) if alike else None
        if data is not None:
            return data, np.ones(len(texts), dtype=bool), np.zeros(len(texts), dtype=np.int8)
        like = pc.match_substring_regex(texts, _PLAIN)
        plain = like.to_numpy(zero_copy_only=False)
        data = self._plain(texts.filter(like)) if plain.any() and not plain.all() else None
        if data is None:
            return self._odd(texts)
        cells = np.zeros(len(texts), dtype=np.int64), np.ones(len(texts), dtype=bool)
        problem = np.zeros(len(texts), dtype=np.int8)
        cells[0][plain] = data
        cells[0][~plain], cells[1][~plain], problem[~plain] = self._odd(texts.filter(pc.invert(like)))
        return *cells, problem

    def _plain(self, texts: pa.Array) -> Int | None:
        """Return the instants of texts that are written the plain ISO way; None if any means none."""
        try:
            wall: Int = texts.cast(pa.timestamp("s")).cast(pa.int64()).to_numpy()
        except pa.ArrowInvalid:
            return None
        days = wall // DAY
        if days.min() < day_number(FIRST) or days.max() > day_number(LAST):
            return None
        return None if np.isin(self._empty_days, days).any() else self.calendar.to_utc(wall)

    def _odd(self, texts: pa.Array) -> Cells:
        """Return local times; those that are written in an odd way are read once more, tidied."""
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

    def _instants(self, texts: pa.Array) -> Cells:
        """Return local wall-clock times as UTC seconds: the date and the time of day are read apart."""
        spaced = pc.replace_substring(texts, "T", " ")
        alone = pc.less(pc.find_substring(spaced, " "), 0)
        spaced = pc.if_else(alone, pc.binary_join_element_wise(spaced, "", " "), spaced)
        halves = pc.split_pattern(spaced, " ", max_splits=1).flatten()
        day_texts = halves.take(pa.array(np.arange(0, len(halves), 2))).dictionary_encode()
        time_texts = halves.take(pa.array(np.arange(1, len(halves), 2))).dictionary_encode()
        days, filled, day_problem = table(day_texts.dictionary.to_pylist(), dated(dates.day))
        shift = np.array(
            [dates.serial_second(t) for t in day_texts.dictionary.to_pylist()] or [0], dtype=np.int64
        )
        times, _, time_problem = table(time_texts.dictionary.to_pylist(), dated(dates.second))
        day_rows, time_rows = day_texts.indices.to_numpy(), time_texts.indices.to_numpy()
        wall = days[day_rows] * DAY + times[time_rows] + shift[day_rows]
        problem = np.where(day_problem[day_rows] != OK, day_problem[day_rows], time_problem[time_rows])
        no_days = np.array([text in self._empty.days for text in day_texts.dictionary.to_pylist()] or [False])
        held = pc.greater(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False)
        held &= ~(no_days[day_rows] & (time_problem[time_rows] == OK))
        problem = np.where(held & ~filled[day_rows], BAD_DATE, problem)  # "To 5.3.2026", "Tänään"
        problem = np.where(held, problem, self._missing)
        return self.calendar.to_utc(wall), held, problem.astype(np.int8)
