"""What a line's ``demo.toml`` says: rows a month, how columns are drawn, and what changes when."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from opti_reports.config.base import Strict
from opti_reports.demo.data import read_config
from opti_reports.errors import ConfigError, Fault

Where = Mapping[str, tuple[str, ...]]


class Cell(Strict):
    """How cells of a column are drawn: by one of ``shares``, ``one_of``, ``after``, ``pool`` and ``mean``.

    ``after`` is another date, and the new one so many ``days`` or ``workdays`` later (at least, at most).
    ``pool`` draws one of so many pseudonyms of the unit, ``elsewhere`` of another's. ``mean`` may stand for
    each code of the column ``by``; the number is multiplied by the column ``of``.
    """

    id: str = ""
    """Of an id the text around a run of zeros, which the number replaces."""
    shares: Mapping[str, float] = {}
    one_of: tuple[str, ...] = ()
    after: str = ""
    days: tuple[int, int] | None = None
    workdays: tuple[int, int] = (0, 0)
    pool: int = 0
    elsewhere: float = 0
    once: bool = False
    """Of a pool: each row of a month has a pseudonym of its own, of the whole organisation's."""
    mean: float | Mapping[str, float] | None = None
    by: str = ""
    of: str = ""
    spread: float = 0
    units: float = 0
    """How far units differ from each other for good, as a part of the mean."""
    least: float = 0
    most: float | None = None
    empty: float = 0
    where: Where = {}
    """Columns and the codes they must hold (a date: "filled" or "empty"); elsewhere the cell is empty, or, of
    a change, as it was."""
    hidden: bool = False
    """A date that no extract holds: the layout alone asks for it."""


class Change(Cell):
    """What is otherwise in some rows: a share of them, of some units, in some months (0 is the last).

    Without a column the number of rows is multiplied. With a ``text`` it is a story, told by ``metric``.
    """

    column: str = ""
    times: float = 1
    share: float = 1
    unit: str = ""
    since: int = -999
    until: int = 0
    text: str = ""
    metric: str = ""

    def holds_in(self, months_ago: int) -> bool:
        """Return whether it holds in a month."""
        return self.since <= -months_ago <= self.until


class Again(Strict):
    """Rows that come again, as a client's answers at the start and later: by the codes of a ``column``.

    Each row is drawn once for its first code, and for each of the ``shares`` as often as its share says; the
    columns that are the ``same`` hold what they hold in the first.
    """

    column: str
    same: tuple[str, ...]
    shares: Mapping[str, float]


class Rules(Strict):
    """One source: ``rows`` a month of each unit, or one for each unit, or for each of the codes of ``grid``.

    ``units`` have another number of rows, as a factor; ``look`` is what ``layouts.toml`` and ``rows.toml``
    may say of an extract. Columns are drawn in the order in which they stand; others are left out.
    """

    rows: float = 0
    grid: str = ""
    units: Mapping[str, float] = {}
    season: tuple[float, ...] = (1,) * 12
    look: Mapping[str, Any] = {}
    again: Again | None = None
    column: Mapping[str, Cell]
    change: tuple[Change, ...] = ()


class LineDemo(Strict):
    """The whole file; ``months`` are drawn where nobody says how many."""

    months: int = 25
    source: Mapping[str, Rules]

    @cached_property
    def stories(self) -> tuple[Change, ...]:
        """Return what there is to find."""
        return tuple(change for rules in self.source.values() for change in rules.change if change.text)


def read_rules(path: Path) -> LineDemo:
    """Return a line's demo. Raises ConfigError for what no generator could follow."""
    demo = read_config(path, path.name, LineDemo)
    faults = [
        Fault(path.name, f"source.{name}.change", "demo.no_column_there", column=change.column)
        for name, rules in demo.source.items()
        for change in rules.change
        if change.column and change.column not in rules.column
    ]
    faults += [
        Fault(path.name, f"source.{name}.again", "demo.no_column_there", column=rules.again.column)
        for name, rules in demo.source.items()
        if rules.again and rules.again.column not in rules.column
    ]
    if faults:
        raise ConfigError(faults)
    return demo
