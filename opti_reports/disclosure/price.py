"""What withholding a figure costs its readers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from opti_reports.config.audiences import Price
from opti_reports.disclosure.publication import Cell, Earlier, Place, Published, is_withheld
from opti_reports.model.value import Value
from opti_reports.periods.cadence import MONTH

Series = tuple[str, str, str, str]
"""Metric, organisation, breakdown and key: a figure in all its periods."""


class Prices:
    """What withholding a figure costs its readers: its class, and how much the series it belongs to counts.

    A longer window rather than another month: it protects all its months and keys alike. A zero helps too
    (nobody knows that it is one) but tells less; a headline costs more than any key. The same series is
    taken in every period, one withheld before first of all: two would tell each other by their windows.
    """

    def __init__(self, now: Published, earlier: Sequence[Earlier], price: Price) -> None:
        self._price = price
        self._now = now
        self._gone = {
            _series(id, cell)
            for then in earlier
            for id in now
            for cell in then.shown.get(id, ())
            if is_withheld(then.shown, (id, cell))
        }
        self._cases: dict[Series, int] = {}
        for id, cells in now.items():
            for cell, value in cells.items():
                series = _series(id, cell)
                self._cases[series] = self._cases.get(series, 0) + _cases(value)

    def of(self, place: Place) -> float:
        """Return the price of a figure."""
        id, cell = place
        longer = not (cell[1].cadence is MONTH or cell[1].cadence.weekly)
        kind = self._price.longer if longer else 1.0 if _cases(self._now[id][cell]) else self._price.zero
        series = _series(id, cell)
        return (
            (1.0 + math.log2(1 + self._cases[series]))
            * kind
            * (1.0 if cell[2] else self._price.headline)
            * (self._price.before if series in self._gone else 1.0)
        )


def _series(id: str, cell: Cell) -> Series:
    org, _, breakdown, key = cell
    return id, org, breakdown, key


def _cases(value: Value) -> int:
    return value.n if value.n is not None else abs(int(value.den or value.num or 0))
