"""What a run knows of its sources: what arrived, what became of the rows, what is missing and due when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

Stage = Literal["preliminary", "final"]


@dataclass(frozen=True)
class SourceReport:
    """One source in a run: ``newest`` is the newest month delivered (None: never), ``files`` this month's.

    The counts are of this month's rows: read = used + rejected + outside. ``unknown_units`` are unit codes
    nobody knows. A source is ``late`` when it has no delivery of the data month.
    """

    source: str
    presence: Literal["required", "lagging", "optional"]
    newest: int | None
    late: bool
    due: dt.date
    files: tuple[str, ...] = ()
    read: int = 0
    used: int = 0
    rejected: int = 0
    outside: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    unknown_units: dict[str, int] = field(default_factory=dict)
    empty_cells: dict[str, int] = field(default_factory=dict)
    ignored_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListRow:
    """A row of a source's list, placed at a node of the tree; dates in ISO form, empty cells empty."""

    org: str
    cells: dict[str, str]


@dataclass(frozen=True)
class Distribution:
    """How the answers to one question fall: counts by level, in their order; masked = too few to show."""

    org: str
    row: str
    levels: tuple[str, ...]
    counts: tuple[int, ...]
    n: int
    masked: bool
