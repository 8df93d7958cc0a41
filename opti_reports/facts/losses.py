"""Rows of a unit that an earlier delivery had of a month and a newer one has no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from opti_reports.config.guards import Guards
from opti_reports.config.source import Source
from opti_reports.facts.days import counted_by
from opti_reports.facts.slices import Reach, much_lost, winner
from opti_reports.model.delivery import RowCounts


@dataclass(frozen=True)
class Lost:
    """A unit that a new delivery would leave with far fewer rows of a month than an earlier one had."""

    unit: str
    month: int
    before: int
    after: int


def lost_of_units(
    source: Source,
    reaches: Sequence[Reach],
    counts: Sequence[RowCounts],
    unit_of: Callable[[str, int], str],
    guards: Guards,
) -> Iterator[Lost]:
    """Yield what the last delivery would take from units, of the months that it replaces.

    ``unit_of`` gives the unit that a code means in a month. Months that shrink as a whole are left out. Only
    facts that count rows in their own month and for the unit they come from tell: others stand at a month's
    end, wait for a due date, or count them for whoever handled them.
    """
    counted = counted_by(source)
    telling = frozenset(
        fact.id
        for fact in source.fact
        if counted and fact.unit == counted.unit and not (fact.stock or fact.at or fact.snapshot)
    )
    *earlier, new = reaches
    for month in range(max(new.first, new.month - new.window + 1), new.month):
        index = winner(month, earlier)
        if index is None:
            continue
        if much_lost(earlier[index].by_month.get(month, 0), new.by_month.get(month, 0), guards):
            continue
        old, now = (_by_unit(one, month, telling, unit_of) for one in (counts[index], counts[-1]))
        for unit, before in sorted(old.items()):
            if much_lost(before, now.get(unit, 0), guards):
                yield Lost(unit, month, before, now.get(unit, 0))


def _by_unit(
    counts: RowCounts, month: int, telling: frozenset[str], unit_of: Callable[[str, int], str]
) -> dict[str, int]:
    """Return rows of a month by unit, of each unit in the fact that has most of it."""
    facts: dict[tuple[str, str], int] = {}
    for fact, code, at, rows in counts.units:
        if at == month and fact in telling:
            place = unit_of(code, month), fact
            facts[place] = facts.get(place, 0) + rows
    most: dict[str, int] = {}
    for (unit, _), rows in facts.items():
        most[unit] = max(rows, most.get(unit, 0))
    return most
