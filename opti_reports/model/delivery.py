"""A delivery: one source's files of one month, and what came of its rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

TOTAL_ROW, NOTE_ROW, HEADING_ROW = "total_row", "note_row", "heading_row"
NO_DATA = (TOTAL_ROW, NOTE_ROW, HEADING_ROW)
"""Reasons of rows that are no data: they are counted among the rejected, and make nothing partial."""
PERHAPS_TOTAL = "total_or_unit"
"""The reason of rows of a code nobody knows that are as large as a total, and yet no sum of the others."""
REPLACED = "duplicate_replaced"
TWICE = ("duplicate_identical", REPLACED)
"""Reasons of rows that another one of the delivery stands for."""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One source's files of one data month, in the order they are read.

    ``covers`` are the first and last month declared in ``delivery.toml`` (None: read from the rows);
    ``extracted_on`` is the last date a row may carry; ``confirm_rows`` are the organisations whose odd
    numbers of rows somebody confirmed.
    """

    source: str
    month: int
    files: tuple[Path, ...]
    hashes: tuple[str, ...]
    extracted_on: dt.date
    covers: tuple[int, int] | None = None
    confirm_shrink: bool = False
    confirm_rows: tuple[str, ...] = ()

    @property
    def folders(self) -> str:
        """Return the folders of data/ that its files lie in: a month's, or those of weeks."""
        return ", ".join(dict.fromkeys(path.parent.name for path in self.files))


@dataclass(frozen=True, kw_only=True)
class Reject:
    """A row that was not used, and why. ``value`` is empty where the column is private or text; of a row
    that another one replaces it is where that one stands (``line 14 of b.csv``).

    ``heading`` is what the file calls the column.
    """

    file: str
    line: int
    key: str
    reason: str
    column: str = ""
    value: str = ""
    heading: str = ""


EXEMPT = frozenset({*TWICE, *NO_DATA, "future_date"})
"""Reasons for not using a row with which nothing is lost: it stands elsewhere, counts later, is no data."""


@dataclass(frozen=True, kw_only=True)
class UnknownCells:
    """Cells of used rows that nobody can read, of one column of a file and for one reason.

    ``line`` is the first one's, ``value`` what stands there (empty where the column is private or text).
    """

    file: str
    line: int
    column: str
    reason: str
    cells: int
    value: str = ""


class UnitRows(NamedTuple):
    """How many rows of a delivery a fact counts for a unit code (empty: none was given) in a month."""

    fact: str
    code: str
    month: int
    rows: int


class FileRows(NamedTuple):
    """A file's name and the hash of its rows by keys, dates and numbers (empty: it has none).

    Of months side by side: how many, the first and the last, the rows of the file, and its empty cells.
    """

    name: str
    keys: str
    months: int = 0
    span: str = ""
    rows: int = 0
    empty: int = 0


class UnitDays(NamedTuple):
    """A file's rows of a unit code on each day of the delivery's own month (``file`` is its place)."""

    file: int
    code: str
    days: tuple[int, ...]


class UnitCells(NamedTuple):
    """How many rows of a month a delivery has for a unit code, and in how many of them something stands, for
    each column that may be empty (in the order of the source).
    """

    code: str
    month: int
    rows: int
    filled: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class RowCounts:
    """What became of a delivery's rows: ``read = used + rejected + outside``.

    ``older`` of the used rows lie before the source's window: an earlier delivery, if there is one, has
    them already, and then they count as outside. ``by_month`` counts used rows by their own month.
    ``empty_cells`` counts empty cells of numeric measures, ``units`` the rows each fact has of a unit code
    in a month: what a code means is decided late. ``unknown_cells`` are cells that could not be read,
    ``days`` the used rows of the own month by file and unit code, also of codes that have none of it,
    ``cells`` what is filled by month, unit code and column.
    """

    read: int
    used: int
    rejected: int
    outside: int
    older: int
    by_month: dict[int, int]
    reasons: dict[str, int]
    empty_cells: dict[str, int]
    ignored_columns: tuple[str, ...]
    units: tuple[UnitRows, ...] = ()
    unknown_cells: tuple[UnknownCells, ...] = ()
    files: tuple[FileRows, ...] = ()
    days: tuple[UnitDays, ...] = ()
    cells: tuple[UnitCells, ...] = ()
    stand_ins: dict[str, str] = field(default_factory=dict)
    """Columns that the files lack, each with the one read instead."""
    lacking: tuple[str, ...] = ()
    """Columns that some file lacks, without one read instead."""

    def __post_init__(self) -> None:
        if self.read != self.used + self.rejected + self.outside:
            raise ValueError(
                f"rows are lost: read {self.read} is not {self.used} + {self.rejected} + {self.outside}"
            )
