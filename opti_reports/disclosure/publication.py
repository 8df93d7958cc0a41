"""The figures of a publication by metric and cell, as they are and as they were shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from opti_reports.disclosure.amounts import Amount, View
from opti_reports.disclosure.sums import Cell, cell_of
from opti_reports.model.value import Value, Values, zero

Cells = Mapping[Cell, Value]
Published = Mapping[str, Cells]
"""The figures of a publication by metric."""
Place = tuple[str, Cell]
"""A metric and one of its cells."""


@dataclass(frozen=True)
class Publication:
    """The figures of a publication as they are, and as they were shown."""

    exact: Values
    shown: Values


@dataclass(frozen=True)
class Earlier:
    """The figures of the publication before as they were, and as they were shown."""

    exact: Published
    shown: Published

    @staticmethod
    def of(before: Publication | None) -> Earlier:
        """Noughts beside withheld keys are figures too, though only what was shown tells of them."""
        if before is None:
            return Earlier({}, {})
        exact, shown = by_metric(before.exact), by_metric(before.shown)
        whole = {
            id: {cell: exact[id].get(cell, zero(id, *cell)) for cell in cells} for id, cells in shown.items()
        }
        return Earlier(whole, shown)

    def withheld(self, place: Place) -> bool:
        """Return whether a figure was withheld."""
        id, cell = place
        return self.shown[id][cell].state == "withheld"

    def same(self, place: Place, now: Published) -> bool:
        """Return whether a figure has not changed."""
        id, cell = place
        if cell not in now[id]:
            return False
        old, new = self.exact[id][cell], now[id][cell]
        return (old.value, old.num, old.den) == (new.value, new.num, new.den)


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


def with_noughts(published: Published, small: Mapping[str, Iterable[Cell]]) -> Published:
    """Return the figures with the keys that do not occur where another of their breakdown is withheld.

    Alone among zeros a key would follow from the headline; withheld too, nobody knows which is which.
    """
    groups = dict.fromkeys(cell[:3] for cells in small.values() for cell in cells if cell[2])
    whole: dict[str, Cells] = {}
    for id, cells in published.items():
        keys: dict[str, set[str]] = {}
        for _, _, breakdown, key in cells:
            keys.setdefault(breakdown, set()).add(key)
        absent = [
            (*group, key)
            for group in groups
            for key in sorted(keys.get(group[2], ()))
            if (*group, key) not in cells
        ]
        whole[id] = {**cells, **{cell: zero(id, *cell) for cell in absent}}
    return whole
