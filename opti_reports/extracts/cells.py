"""Text cells to typed integers, a column at a time; each distinct text is read once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opti_reports.algebra.aside import Shelf
from opti_reports.algebra.calendar import Calendar, date_of
from opti_reports.algebra.columns import NOTHING, Packed, joined
from opti_reports.algebra.vector import Bool, Int, Vector
from opti_reports.config.expressions import KINDS, denominator
from opti_reports.config.source import Column, Source
from opti_reports.extracts import dates
from opti_reports.extracts.blanks import PROBLEMS, if_blank
from opti_reports.extracts.faults import faults
from opti_reports.extracts.meanings import Empties
from opti_reports.extracts.moments import Moments
from opti_reports.extracts.redact import clean
from opti_reports.extracts.texts import Words, pseudonyms, reader, table
from opti_reports.model.role import Roles


class ColumnReader:
    """Reads one column over all pieces of a delivery, so that its words keep their numbers."""

    def __init__(
        self, source: Source, column: Column, calendar: Calendar, secret: bytes, roles: Roles | None = None
    ) -> None:
        self.source, self.column, self.calendar, self._secret = source, column, calendar, secret
        self.words = Words()
        self._read = reader(column, self.words, roles or Roles()) if column.type != "datetime" else None
        self._text = KINDS[column.type] == "text" and not column.private
        self._empty = Empties(source, column)
        self._moments = Moments(source, column, calendar)
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
            return self._moments.read(texts)
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
        if self.column.private:
            data, filled, problem = pseudonyms(texts_read, self._secret)
        else:
            data, filled, problem = table(texts_read, self._read)
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
