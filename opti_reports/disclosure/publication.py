"""The figures of a publication by metric and cell, as they are and as they were shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from operator import itemgetter

from opti_reports.model.organisation import Tree
from opti_reports.model.value import Value, zero
from opti_reports.periods.period import Period

Cell = tuple[str, Period, str, str]
"""Organisation, period, breakdown and key of one figure of a metric."""
Cells = Mapping[Cell, Value]
Published = Mapping[str, Cells]
"""The figures of a publication by metric."""
WRITTEN = Fraction(1, 10**9)
"""How much the digits of values.csv may leave of a number, as a share of it."""
Place = tuple[str, Cell]
"""A metric and one of its cells."""


@dataclass(frozen=True)
class Earlier:
    """A publication before this one as its readers were shown it, and as it was where that is still known.

    ``tree`` is what units stood under then; None: as now.
    """

    shown: Published
    exact: Published | None = None
    tree: Tree | None = None

    @staticmethod
    def of(shown: Iterable[Value], exact: Iterable[Value] | None = None, tree: Tree | None = None) -> Earlier:
        """Return a publication by its values; zeros beside withheld keys are values too."""
        seen = by_metric(shown)
        if exact is None:
            return Earlier(seen, None, tree)
        were = by_metric(exact)
        whole = {
            id: {cell: were.get(id, {}).get(cell) or zero(id, *cell) for cell in cells}
            for id, cells in seen.items()
        }
        return Earlier(seen, whole, tree)


@dataclass(frozen=True)
class Trusted:
    """What the next more trusted audience is shown, and the organisations of which it has packs.

    What is withheld there is withheld here; and one of those packs may be known, with all that it shows of
    its organisation and below. Of ``open`` metrics it shows everything.
    """

    shown: Published = field(default_factory=dict)
    orgs: tuple[str, ...] = ()
    open: frozenset[str] = frozenset()

    def knows(self, place: Place) -> bool:
        """Return whether a pack of the figure's organisation shows it, or all that it adds up."""
        id, cell = place
        value = self.shown.get(id, {}).get(cell)
        return id in self.open or (value is not None and value.state != "withheld")


NOBODY = Trusted()


def cell_of(value: Value) -> Cell:
    """Return where a value stands among those of its metric."""
    return value.org, value.period, value.breakdown, value.key


def by_metric(values: Iterable[Value]) -> dict[str, dict[Cell, Value]]:
    """Return every figure there is, by metric and cell; in the same order however they came."""
    found: dict[str, dict[Cell, Value]] = {}
    for value in values:
        if value.state != "missing":
            found.setdefault(value.metric, {})[cell_of(value)] = value
    return {id: dict(sorted(cells.items(), key=itemgetter(0))) for id, cells in found.items()}


def is_withheld(published: Published, place: Place) -> bool:
    """Return whether a figure was published, and withheld."""
    id, cell = place
    value = published.get(id, {}).get(cell)
    return value is not None and value.state == "withheld"


def same(old: Value, new: Value | None) -> bool:
    """Return whether a value has not changed, as far as the digits of values.csv say."""
    if new is None:
        return False
    pairs = ((old.value, new.value), (old.num, new.num), (old.den, new.den))
    return all(_equal(before, now) for before, now in pairs)


def _equal(before: Fraction | None, now: Fraction | None) -> bool:
    if before is None or now is None:
        return before is now
    return before == now or abs(before - now) <= WRITTEN * max(Fraction(1), abs(now))


def with_zeros(published: Published, small: Mapping[str, Iterable[Cell]]) -> Published:
    """Return the figures with the keys that do not occur, of periods in which others of their breakdown are
    withheld.

    Alone among zeros a key would follow from the headline; withheld too, nobody knows which is which.
    """
    hidden = dict.fromkeys(cell[1:3] for cells in small.values() for cell in cells if cell[2])
    whole: dict[str, Cells] = {}
    for id, cells in published.items():
        keys: dict[str, set[str]] = {}
        for _, _, breakdown, key in cells:
            keys.setdefault(breakdown, set()).add(key)
        orgs: dict[Period, dict[str, None]] = {}
        for org, period, breakdown, _ in cells:
            if not breakdown:
                orgs.setdefault(period, {})[org] = None
        absent = [
            (org, period, breakdown, key)
            for period, breakdown in hidden
            for org in orgs.get(period, ())
            for key in sorted(keys.get(breakdown, ()))
            if (org, period, breakdown, key) not in cells
        ]
        whole[id] = {**cells, **{cell: zero(id, *cell) for cell in absent}}
    return whole
