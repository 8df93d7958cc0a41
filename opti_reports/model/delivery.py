"""A delivery: one source's files of one month, and what came of its rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


@dataclass(frozen=True)
class Delivery:
    """One source's files of one data month, in the order they are read.

    ``covers`` are the first and last month declared in ``delivery.toml`` (None: read from the rows);
    ``extracted_on`` is the last date a row may carry.
    """

    source: str
    month: int
    files: tuple[Path, ...]
    hashes: tuple[str, ...]
    extracted_on: dt.date
    covers: tuple[int, int] | None = None
    confirm_shrink: bool = False


@dataclass(frozen=True)
class Reject:
    """A row that was not used, and why. ``value`` is empty where the column is private or text."""

    file: str
    line: int
    key: str
    reason: str
    column: str = ""
    value: str = ""


class UnitRows(NamedTuple):
    """How many rows of a delivery a fact counts for a unit code (empty: none was given) in a month."""

    fact: str
    code: str
    month: int
    rows: int


@dataclass(frozen=True)
class RowCounts:
    """What became of a delivery's rows: ``read = used + rejected + outside``.

    ``older`` of the used rows lie before the source's window: an earlier delivery, if there is one, has
    them already, and then they count as outside. ``by_month`` counts used rows by their own month.
    ``empty_cells`` counts empty cells of numeric measures, ``units`` the rows each fact has of a unit code
    in a month: what a code means is decided late.
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
    stand_ins: dict[str, str] = field(default_factory=dict)
    """Columns that the files lack, each with the one read instead."""

    def __post_init__(self) -> None:
        if self.read != self.used + self.rejected + self.outside:
            raise ValueError(
                f"rows are lost: read {self.read} is not {self.used} + {self.rejected} + {self.outside}"
            )
