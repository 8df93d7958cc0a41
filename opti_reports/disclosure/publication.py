"""The figures of a publication by metric and cell, as they are and as they were shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from opti_reports.disclosure.amounts import Amount, View
from opti_reports.disclosure.sums import Cell, cell_of
from opti_reports.model.value import Value, Values

Cells = Mapping[Cell, Value]
Published = Mapping[str, Cells]
"""The figures of a publication by metric."""
Place = tuple[str, Cell]
"""A metric and one of its cells."""


@dataclass(frozen=True)
class Publication:
    """The figures of a publication as they were shown, and as they are where that is still known."""

    shown: Published
    exact: Published

    @staticmethod
    def of(shown: Values, exact: Values | None = None) -> Publication:
        """Return a publication by its values; without exact ones nobody knows what was withheld."""
        return Publication(by_metric(shown), by_metric(exact) if exact else {})

    def withheld(self, place: Place) -> bool:
        """Return whether a figure was withheld."""
        id, cell = place
        return self.shown[id][cell].state == "withheld"

    def same(self, place: Place, now: Published) -> bool:
        """Return whether a figure has not changed since, as far as anybody knows."""
        id, cell = place
        new = now.get(id, {}).get(cell)
        old = self.exact.get(id, {}).get(cell) if self.withheld(place) else self.shown[id][cell]
        if new is None:
            return False
        return old is None or (old.value, old.num, old.den) == (new.value, new.num, new.den)


def by_metric(values: Values) -> dict[str, dict[Cell, Value]]:
    """Return every figure there is, by metric and cell; in the same order however they came."""
    found: dict[str, dict[Cell, Value]] = {}
    for value in values:
        if value.state != "missing":
            found.setdefault(value.metric, {})[cell_of(value)] = value
    return {id: dict(sorted(cells.items(), key=itemgetter(0))) for id, cells in found.items()}


def figures(views: Sequence[View], published: Published) -> dict[Amount, list[Place]]:
    """Return the figures that show each amount."""
    found: dict[Amount, list[Place]] = {}
    for view in views:
        amount = view.amounts()
        for cell in published.get(view.id, {}):
            found.setdefault(amount(cell), []).append((view.id, cell))
    return found
