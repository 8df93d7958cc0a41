"""What a run knows of its sources: what arrived, what became of the rows, what is missing and due when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from opti_reports.messages.message import Message, message
from opti_reports.model.delivery import UnknownCells
from opti_reports.periods.months import month_of_day

MASK = "[poistettu]"
"""Stands in a text where something would identify a person."""
UNKNOWN_CELL = "?"
"""What a list's cell holds where nobody can tell what stands there."""
CODES_SHOWN, CODE_SHOWN = 8, 40
"""How many unknown unit codes are named in a line, and how many signs of each."""
Stage = Literal["preliminary", "final"]


@dataclass(frozen=True)
class Event:
    """Something a command did or met: its stage, what there is to say, how long it took, what it counted."""

    stage: str
    message: Message | None = None
    level: Literal["info", "warning", "error"] = "info"
    seconds: float | None = None
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class NoData:
    """How many rows of a reason (a total, a note, headings) a delivery has, and where the first stands."""

    reason: str
    rows: int
    file: str
    line: int


@dataclass(frozen=True)
class WideFile:
    """A file with months side by side, from the first to the last of ``span``: its own rows times the months
    are its cells, each empty or read as a row.
    """

    file: str
    months: int
    span: str
    rows: int
    empty: int


DoubtKind = Literal[
    "no_rows",
    "repeated",
    "ends_early",
    "starts_late",
    "hole",
    "silent",
    "shrunk",
    "grown",
    "emptied",
    "thinned",
]
ONLY_SAID = ("thinned",)
"""Doubts that make nothing partial: less in a column than ever may be what truly happened."""


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """Why a source has perhaps not delivered its whole month of some units, whose figures are then partial.

    ``file`` is empty where the delivery as a whole is meant. ``first`` and ``last`` are the days without
    rows, ``expected`` how many were to be expected there (of ``shrunk`` and ``grown``: at least and at most
    in the month), ``rows`` how many there are. ``like`` is the earlier file (folder/name) that has the same
    rows as ``file``. Of ``emptied`` and ``thinned`` the rows are all there, but nothing, or less than ever,
    stands in their ``column``: only what reads it is doubted.
    """

    source: str
    month: int
    kind: DoubtKind
    units: tuple[str, ...]
    file: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    expected: int = 0
    rows: int = 0
    like: str = ""
    column: str = ""

    @property
    def of_month(self) -> int:
        """Return the month that is doubted: the delivery's own, or one before it that it tells anew."""
        return self.month if self.first is None else month_of_day(self.first)


@dataclass(frozen=True, kw_only=True)
class SourceReport:
    """One source in a run: ``newest`` is the newest month delivered (None: never), ``files`` this month's.

    The counts are of this month's rows: read = used + rejected + outside. ``unknown_units`` are unit codes
    nobody knows with the number of their rows (the empty code: rows without a unit). A source is ``late``
    when it has no delivery of the data month, and none that stays in force. No row may be dated after
    ``extracted_on``. ``frozen`` are the months older than the source's window that its files count otherwise
    than was published.
    ``unknown_cells`` are cells of used rows that nobody can read: what they would say is not known.
    ``causes`` say why rows are not used and where the first stands, but for those that are no rows of data.
    ``doubts`` say why its month may not be whole, ``no_data`` are rejected rows that are no rows of data:
    totals, notes and headings. ``same_files`` are files with the same rows, counted once.
    ``wide`` are files with months side by side, whose rows are read as one a month.
    ``stand_ins`` are columns its files lack, each with the one read instead; ``lacking`` those of the newest
    delivery, of this month or earlier, that nothing is read instead of.
    ``stale`` is the newest month that rows are of where none is of this one, 0 where all are of other times.
    """

    source: str
    presence: Literal["required", "lagging", "optional", "imported"]
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
    lacking: tuple[str, ...] = ()
    extracted_on: dt.date | None = None
    frozen: tuple[int, ...] = ()
    unknown_cells: tuple[UnknownCells, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    no_data: tuple[NoData, ...] = ()
    same_files: tuple[tuple[str, ...], ...] = ()
    wide: tuple[WideFile, ...] = ()
    causes: tuple[Message, ...] = ()
    stale: int | None = None

    @property
    def unreadable(self) -> dict[str, dict[str, int]]:
        """Return how many cells of used rows are unknown, by column and reason."""
        found: dict[str, dict[str, int]] = {}
        for one in self.unknown_cells:
            reasons = found.setdefault(one.column, {})
            reasons[one.reason] = reasons.get(one.reason, 0) + one.cells
        return found

    @property
    def unknown_codes(self) -> tuple[Message, ...]:
        """Return the unknown unit codes with their rows, the most first; long ones and long lists cut."""
        most = sorted(self.unknown_units.items(), key=lambda pair: (-pair[1], pair[0]))
        shown = [
            message("unit.code", code=code[:CODE_SHOWN], rows=rows)
            if code
            else message("unit.empty", rows=rows)
            for code, rows in most[:CODES_SHOWN]
        ]
        more = [message("more", more=len(most) - CODES_SHOWN)] if len(most) > CODES_SHOWN else []
        return (*shown, *more)


@dataclass(frozen=True)
class ListRow:
    """A row of a source's list, placed at a node of the tree; dates in ISO form, unknown cells ``?``."""

    org: str
    cells: dict[str, str]

    def day(self, column: str) -> dt.date | None:
        """Return the date in a cell; None where there is none, or one that nobody can read."""
        text = self.cells.get(column, "")
        return dt.date.fromisoformat(text[:10]) if text and text != UNKNOWN_CELL else None


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """How the answers to one question fall: counts by level, in order; ``withheld``: too few to show."""

    org: str
    row: str
    levels: tuple[str, ...]
    counts: tuple[int, ...]
    n: int
    withheld: bool
