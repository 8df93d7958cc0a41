"""What a run knows of its sources: what arrived, what became of the rows, what is missing and due when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

CODES_SHOWN, CODE_SHOWN = 8, 40
"""How many unknown unit codes are told in a line, and how many signs of each."""
Stage = Literal["preliminary", "final"]


@dataclass(frozen=True)
class Event:
    """Something a command did or met: its stage, words for a person, how long it took and what it counted."""

    stage: str
    text: str = ""
    level: Literal["info", "warning", "error"] = "info"
    seconds: float | None = None
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceReport:
    """One source in a run: ``newest`` is the newest month delivered (None: never), ``files`` this month's.

    The counts are of this month's rows: read = used + rejected + outside. ``unknown_units`` are unit codes
    nobody knows with the number of their rows (the empty code: rows without a unit). A source is ``late``
    when it has no delivery of the data month. No row may be dated after ``extracted_on``. ``stand_ins`` are
    columns its files lack, each with the one read instead; ``frozen`` the months older than the source's
    window that its files count otherwise than was published.
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
    stand_ins: dict[str, str] = field(default_factory=dict)
    extracted_on: dt.date | None = None
    frozen: tuple[int, ...] = ()

    @property
    def unknown_codes(self) -> str:
        """The unknown unit codes in a line: with their rows, the most first; long ones and long lists cut."""
        most = sorted(self.unknown_units.items(), key=lambda pair: (-pair[1], pair[0]))
        shown = [f"{code[:CODE_SHOWN] or '(empty)'} ({rows})" for code, rows in most[:CODES_SHOWN]]
        more = [f"{len(most) - CODES_SHOWN} more"] if len(most) > CODES_SHOWN else []
        return ", ".join([*shown, *more])


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
