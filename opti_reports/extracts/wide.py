"""Months that stand side by side as columns: every row of such a file is read as one row a month."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opti_reports.config.source import Source, fold
from opti_reports.errors import ExtractError
from opti_reports.extracts import dates
from opti_reports.extracts.meanings import Empties
from opti_reports.periods.months import first_date

_ISO_DAY = re.compile(r"^(\d{4}-\d{2})-\d{2}(?: 00:00:00)?$")
_NUMBER = re.compile(r"\d+")
LEAST = 3
"""How many months stand side by side at least, where nothing says that they do."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """A column of a month: its place in the file, and its year, 0 where the heading names none."""

    place: int
    year: int
    number: int

    @property
    def text(self) -> str:
        """Return the month as the reader of months takes it."""
        return f"{self.year or ''}-{self.number:02}"


@dataclass(frozen=True, kw_only=True)
class Sides:
    """The months of a file, from left to right, and which columns they and their cells are read as."""

    month: str
    value: str
    sides: tuple[Side, ...]
    year: int | None
    """The place of the column with each row's year."""
    empties: Empties
    like: str
    """What such a column may be called."""

    @property
    def places(self) -> tuple[int, ...]:
        """Return where the months stand."""
        return tuple(side.place for side in self.sides)

    def span(self, cells: Sequence[str]) -> str:
        """Return the first and the last month as the headings name them."""
        return f"{shown(cells[self.places[0]])}–{shown(cells[self.places[-1]])}"

    @property
    def settled(self) -> bool:
        """Return whether the year of every month is known."""
        return self.year is not None or all(side.year for side in self.sides)

    def laid(
        self, arrays: Sequence[pa.Array], lines: NDArray[np.int64]
    ) -> tuple[list[pa.Array], dict[str, pa.Array], NDArray[np.int64]]:
        """Return the columns with a row for each month in which something stands, those that the months stand
        for, and the line of each row.
        """
        size, many = len(lines), len(self.sides)
        across = np.tile(np.arange(many) * size, size) + np.repeat(np.arange(size), many)
        cells = pa.concat_arrays([arrays[place] for place in self.places]).take(pa.array(across))
        filled = np.flatnonzero(~self._empty(cells))
        row, side = pa.array(filled // many), pa.array(filled % many)
        month = pa.array([side.text for side in self.sides], pa.string()).take(side)
        if self.year is not None:
            year = pc.utf8_trim_whitespace(arrays[self.year].take(row))
            month = pc.binary_join_element_wise(year, month, "")
        others = [texts if at in self.places else texts.take(row) for at, texts in enumerate(arrays)]
        own = {self.month: month, self.value: cells.take(pa.array(filled))}
        return others, own, lines[filled // many]

    def _empty(self, cells: pa.Array) -> NDArray[np.bool_]:
        encoded = pc.utf8_trim_whitespace(cells).dictionary_encode()
        words = [not word or word in self.empties for word in encoded.dictionary.to_pylist()]
        empty: NDArray[np.bool_] = np.array(words or [True])[encoded.indices.to_numpy(zero_copy_only=False)]
        return empty

    def of_delivery(self, filled: Collection[str], month: int, file: str) -> Sides:
        """Return the months with their years: the last in which anything stands is the delivery's.

        Raises ExtractError where they do not follow one another up to it.
        """
        last = max((at for at, side in enumerate(self.sides) if side.text in filled), default=-1)
        numbers = [side.number for side in self.sides]
        row = all((two - one) % 12 == 1 for one, two in pairwise(numbers))
        if last >= 0 and not (row and numbers[last] == month % 12 + 1):
            raise ExtractError("wide.year", file, like=self.like)
        years = [first_date(month + at - last).year for at in range(len(numbers))]
        sides = tuple(replace(side, year=year) for side, year in zip(self.sides, years, strict=True))
        return replace(self, sides=sides)


def sides(source: Source, cells: Sequence[str], used: Iterable[str], file: str) -> Sides | None:
    """Return the months that stand side by side in a row of headings; None where it is no such file.

    ``used`` are the columns that other headings are of. Raises ExtractError where it is one that could be
    read in two ways.
    """
    wide, there = source.wide, set(used)
    if wide is None or wide.month in there:
        return None
    found = _months(cells)
    if not found:
        if several(cells):
            raise ExtractError("wide.several", file)
        return None
    if wide.value in there:
        raise ExtractError("wide.beside", file, column=wide.value)
    _refuse_others(cells, found, file)
    first, last = found[0].place, found[-1].place
    if several(cells[first : last + 1]) or not all(cells[first : last + 1]):
        raise ExtractError("wide.several", file)
    seen: dict[str, int] = {}
    for side in found:
        if side.text in seen:
            raise ExtractError(
                "wide.twice", file, one=shown(cells[seen[side.text]]), other=shown(cells[side.place])
            )
        seen[side.text] = side.place
    undated = [side for side in found if not side.year]
    if undated and len(undated) < len(found):
        raise ExtractError("wide.mixed", file, heading=cells[undated[0].place])
    years = year_headings(source)
    year = next((at for at, cell in enumerate(cells) if fold(cell) in years), None) if undated else None
    return Sides(
        month=wide.month,
        value=wide.value,
        sides=tuple(found),
        year=year,
        empties=Empties(source, source.column[wide.value]),
        like=(*wide.year, *dates.year_names())[0],
    )


def shown(heading: str) -> str:
    """Return a month as messages name it: of a workbook's date neither day nor time."""
    return _ISO_DAY.sub(r"\1", heading)


def _months(cells: Iterable[str]) -> list[Side]:
    named = ((place, dates.heading(cell)) for place, cell in enumerate(cells))
    return [Side(place=place, year=found[0], number=found[1]) for place, found in named if found]


def year_headings(source: Source | None) -> frozenset[str]:
    """Return the headings, folded, that a column with the year of each row may have."""
    more = source.wide.year if source is not None and source.wide is not None else ()
    return frozenset(map(fold, (*more, *dates.year_names())))


def refuse_several(cells: Sequence[str], above: Iterable[Sequence[str]], file: str) -> None:
    """Refuse headings, of which nobody knows yet whose they are, with several numbers of each month; the
    months may stand in a row above them.
    """
    found = _months(cells)
    if len(found) >= LEAST:
        _refuse_others(cells, found, file)
    gaps = len(found) >= LEAST and not all(cells[found[0].place : found[-1].place])
    if gaps or several(cells) or any(len(_months(row)) >= LEAST for row in above):
        raise ExtractError("wide.several", file)


def _refuse_others(cells: Sequence[str], found: Iterable[Side], file: str) -> None:
    """Refuse weeks or days that are written as the months are: 2026-01 is a week beside 2026-13."""
    shapes = {_NUMBER.sub("0", cells[side.place]) for side in found}
    for cell in cells:
        if dates.heading(cell) is None and dates.week(cell) is not None and _NUMBER.sub("0", cell) in shapes:
            heading = cell.partition(" 00:")[0]
            raise ExtractError("wide.others", file, heading=heading)


def several(cells: Iterable[str]) -> bool:
    """Return whether there are several numbers of each month: headings that are a month and more."""
    return sum(map(_within, cells)) >= LEAST


def _within(cell: str) -> bool:
    """Return whether a heading is a month with its year, and words before or after it."""
    words = cell.split()
    parts = (" ".join(part) for at in range(1, len(words)) for part in (words[:at], words[at:]))
    return dates.heading(cell) is None and any((dates.heading(part) or (0, 0))[0] for part in parts)


def instead(source: Source, there: Collection[str | None], cells: Iterable[str]) -> frozenset[str]:
    """Return the columns that months side by side stand for in a row of headings; none elsewhere."""
    wide = source.wide
    if wide is None or wide.month in there or not any(map(dates.heading, cells)):
        return frozenset()
    return frozenset({wide.month, wide.value})
