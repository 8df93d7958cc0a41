"""How answers fall: counts of one key of a fact by another, by node, in one period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from opti_reports.algebra.vector import Int
from opti_reports.metrics.placed import PlacedFact, Places
from opti_reports.periods.period import Period


@dataclass(frozen=True)
class Counts:
    """The answers of one row (a question) at one node: counts in the order of ``levels``."""

    org: str
    row: str
    levels: tuple[str, ...]
    counts: tuple[int, ...]


def counts(
    fact: PlacedFact, measure: str, rows: str, levels: str, period: Period, at: Places, weeks: int = 1
) -> Iterator[Counts]:
    """Yield the counts of every node and row that has any in the period; of a week in so many ``weeks`` up to
    it.
    """
    slot, slots = ("month", period.months)
    if period.cadence.weekly:
        slot, slots = ("week", range(period.week - weeks + 1, period.week + 1))
    found = fact.rows[fact.rows[slot].isin(list(slots)).to_numpy()]
    names, order = found[rows].cat.categories, _order(found[levels].cat.categories)
    level_names = tuple(str(found[levels].cat.categories[i]) for i in order)
    place = np.argsort(order)[found[levels].cat.codes.to_numpy()]
    table = np.zeros((len(at.ids), len(names), len(order)), dtype=np.int64)
    where = (found["node"].to_numpy(), found[rows].cat.codes.to_numpy(), place)
    np.add.at(table, where, found[measure].to_numpy())
    above = np.tensordot(at.above, table, axes=1)
    for node, id in enumerate(at.ids):
        for number, name in enumerate(names):
            if above[node, number].any():
                yield Counts(id, str(name), level_names, tuple(above[node, number].tolist()))


def _order(names: pd.Index[str]) -> Int:
    """Return numbers in their order, then other names in theirs."""

    def key(i: int) -> tuple[bool, int, str]:
        name = names[i]
        return (not name.isdigit(), int(name) if name.isdigit() else 0, name)

    return np.array(sorted(range(len(names)), key=key), dtype=np.int64)
