"""Terms to exact amounts by node and period: sums, last values, means over months, distinct counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from opti_reports.algebra.term import Term
from opti_reports.algebra.vector import Bool, Int
from opti_reports.metrics.distinct import distinct
from opti_reports.metrics.placed import PlacedFact, Places, doubted, filtered, slots, unknown_keys
from opti_reports.metrics.windows import Frame

Filters = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class Doubt:
    """By how much an amount may be lower or higher than its certain part.

    ``open`` where it may be anything, ``rows`` the rows whose part is not known, by fact.
    """

    below: Int
    above: Int
    open: Bool
    rows: Mapping[str, Int]

    def scaled(self, factor: int) -> Doubt:
        """Return the amounts over a denominator ``factor`` times as large."""
        return Doubt(self.below * factor, self.above * factor, self.open, self.rows)


@dataclass(frozen=True, eq=False)
class Amounts:
    """``data[node, period]`` over ``denominator · divisor[period]``: what is certain of it.

    ``filled`` counts the filled cells behind a numeric measure (None for a count of rows), ``doubt`` is what
    rows whose part is not known may make of it (None where there are none).
    """

    data: Int
    denominator: int
    divisor: Int
    filled: Int | None
    doubt: Doubt | None = None


def together(doubts: Iterable[Doubt]) -> Doubt | None:
    """Return the doubt of a sum.

    Terms of one fact rest on the same rows: those of the most doubtful are counted.
    """
    total: Doubt | None = None
    for one in doubts:
        if total is None:
            total = one
            continue
        rows = dict(total.rows)
        for fact, count in one.rows.items():
            rows[fact] = np.maximum(rows[fact], count) if fact in rows else count
        total = Doubt(total.below + one.below, total.above + one.above, total.open | one.open, rows)
    return total


def by_slot(rows: pd.DataFrame, column: str, frame: Frame, at: Places) -> Int:
    """Return a measure added by node and slot, every node with all that is below it."""
    span = len(frame.span)
    table = np.zeros(len(at.ids) * span, dtype=np.int64)  # adding by one number takes a third of by two
    slot = slots(rows, frame.by) - frame.span.start
    inside = (slot >= 0) & (slot < span)
    place = rows["node"].to_numpy()[inside] * span + slot[inside]
    np.add.at(table, place, rows[column].to_numpy()[inside])
    return at.above @ table.reshape(-1, span)


def amounts(
    term: Term,
    fact: PlacedFact,
    rows: pd.DataFrame,
    frame: Frame,
    at: Places,
    key: str | None,
    allowed: Int | None = None,
) -> Amounts:
    """Return a term over its periods. ``allowed[node, slot]`` (0/1) leaves out slots of a node (aligned
    terms).
    """
    ones = np.ones(len(frame.periods), dtype=np.int64)
    denominator = fact.shape.measures[term.measure]
    weights = frame.lasts if term.rule == "last" else frame.sums
    mask = 1 if allowed is None else allowed
    doubt = _doubt(term=term, fact=fact, rows=rows, frame=frame, at=at, mask=mask, weights=weights)
    if term.rule == "distinct":
        data = distinct(fact=fact, rows=rows, measure=term.measure, key=str(key), frame=frame, at=at)
        return Amounts(term.sign * data, 1, ones, None, doubt)
    divisor = np.maximum(frame.sums.sum(axis=0), 1) if term.rule == "mean" else ones
    data = (by_slot(rows, term.measure, frame, at) * mask) @ weights
    filled = None
    if term.measure in fact.shape.numeric:
        filled = (by_slot(rows, f"{term.measure}__filled", frame, at) * mask) @ weights
    return Amounts(term.sign * data, denominator, divisor, filled, doubt)


def _doubt(
    term: Term, fact: PlacedFact, rows: pd.DataFrame, frame: Frame, at: Places, mask: Int | int, weights: Int
) -> Doubt | None:
    """Return what rows may add whose part is not known: 0 or 1 each of a count (a key: a new one), else
    anything.
    """
    column = f"{term.measure}__unknown"
    if not rows[column].any():
        return None
    count = (by_slot(rows, column, frame, at) * mask) @ weights
    numeric = term.measure in fact.shape.numeric
    more = np.zeros_like(count) if numeric else count
    below, above = (more * 0, more) if term.sign > 0 else (more, more * 0)
    return Doubt(below, above, (count > 0) & numeric, {term.fact: count})


def spread(rows: pd.DataFrame, frame: Frame, at: Places) -> tuple[Int, Int, Int]:
    """Return rows repeated for every period and every node of their lineage: their numbers, nodes and
    periods.
    """
    slot = slots(rows, frame.by) - frame.span.start
    inside = np.flatnonzero((slot >= 0) & (slot < len(frame.span)))
    slot_of, period_of = frame.pairs()
    starts = np.searchsorted(slot_of, np.arange(len(frame.span) + 1))
    counts = (starts[1:] - starts[:-1])[slot[inside]]
    chosen = np.repeat(inside, counts)
    offset = np.arange(len(chosen)) - np.repeat(np.cumsum(counts) - counts, counts)
    period = period_of[starts[slot[chosen]] + offset] if len(chosen) else np.zeros(0, dtype=np.int64)
    chains = at.chain[rows["node"].to_numpy()[chosen]]
    row, depth = np.nonzero(chains >= 0)
    return chosen[row], chains[row, depth], period[row]


def rows_of(fact: PlacedFact, term: Term, more: Filters, single: str | None = None) -> pd.DataFrame:
    """Return the rows a term adds: what its own filters and the headline's or breakdown's leave (of keys it
    has).

    In doubt are those with an unknown key among them, or an unknown scale (``single``).
    """
    wanted = dict(term.filters)
    for name, values in more.items():
        if name in fact.shape.by:
            wanted[name] = tuple(v for v in values if v in wanted.get(name, values))
    rows = filtered(fact, wanted)
    if single is None or single in wanted or single not in fact.shape.by:
        return rows
    return doubted(fact.shape, rows, unknown_keys(rows, (single,)))
