"""The formulas: ratios and totals, quantiles and the continuity index, each to cells by node and period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from math import lcm

import numpy as np
import pandas as pd

from opti_reports.algebra.intervals import net_promoter, wilson
from opti_reports.algebra.term import Term, parse_filters, parse_term
from opti_reports.algebra.vector import Int
from opti_reports.config.metric import Metric
from opti_reports.metrics.amounts import Amounts, Filters, amounts, by_slot, rows_of
from opti_reports.metrics.continuity import indices
from opti_reports.metrics.known import Known, Places, slots
from opti_reports.metrics.quantiles import quantiles
from opti_reports.metrics.windows import Frame


@dataclass(frozen=True)
class Cell:
    """One figure before its state is known."""

    value: Fraction | None = None
    num: Fraction | None = None
    den: Fraction | None = None
    n: int | None = None
    interval: tuple[float, float] | None = None
    empty: bool = False
    """Every cell of a numeric measure behind it was empty."""


Cells = dict[tuple[int, int], Cell]


@dataclass(frozen=True, eq=False)
class Formula:
    """A metric's formula over one frame, for its headline (``more``: its filter) or a breakdown's key."""

    metric: Metric
    facts: dict[str, Known]
    frame: Frame
    at: Places
    more: Filters = field(default_factory=dict)
    sparse: bool = False
    """Leave out cells without any row (of a breakdown: a key that does not occur)."""

    def cells(self) -> Cells:
        """The figures by node and period number; absent where nothing can be said."""
        if self.metric.kind == "quantile":
            return self._quantile()
        if self.metric.kind == "coc":
            return self._continuity()
        return self._ratio()

    def _total(self, texts: Sequence[str], allowed: dict[str, pd.DataFrame] | None) -> Amounts:
        """The signed sum of terms, over one denominator."""
        parts = [self._amounts(parse_term(text), allowed) for text in texts]
        common = lcm(*(part.denominator for part in parts))
        data = sum((p.data * (common // p.denominator) for p in parts), start=np.zeros_like(parts[0].data))
        filled = [p.filled for p in parts if p.filled is not None]
        return Amounts(data, common, parts[0].divisor, np.minimum.reduce(filled) if filled else None)

    def _amounts(self, term: Term, aligned: dict[str, pd.DataFrame] | None) -> Amounts:
        fact = self.facts[term.fact]
        rows = aligned[term.fact] if aligned else rows_of(fact, term, self.more)
        allowed = self._months_of_both() if self.metric.align == ("month",) else None
        return amounts(term, fact, rows, self.frame, self.at, self.metric.key, allowed)

    def part(self, term: Term) -> Amounts | None:
        """One term's amounts over the frame, as the formula takes them (aligned, where it aligns).

        None of n where the term does not tell a breakdown's key apart.
        """
        if self.metric.n and term == parse_term(self.metric.n):
            return self._counted()
        return self._amounts(term, self._aligned() if term in self._terms() else None)

    def _terms(self) -> list[Term]:
        return [parse_term(text) for text in (*self.metric.num, *self.metric.den)]

    def _aligned(self) -> dict[str, pd.DataFrame] | None:
        """Rows of the atoms (unit, week, …) that both sides have, when the metric aligns on them."""
        if not self.metric.align or self.metric.align == ("month",):
            return None
        rows = {term.fact: rows_of(self.facts[term.fact], term, self.more) for term in self._terms()}
        if self.metric.align_to == "den":
            return self._aligned_to_den(rows)
        atoms = [self._atoms(frame) for frame in rows.values()]
        common = atoms[0].unique()
        for other in atoms[1:]:
            common = common.intersection(other.unique())
        return {fact: frame[a.isin(common)] for (fact, frame), a in zip(rows.items(), atoms, strict=True)}

    def _aligned_to_den(self, rows: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        """The denominator's rows, and the others' of the atoms in which the denominator has something."""
        below = [parse_term(text) for text in self.metric.den]
        there = pd.concat([rows[term.fact][(rows[term.fact][term.measure] > 0).to_numpy()] for term in below])
        known, whole = self._atoms(there).unique(), {term.fact for term in below}
        return {
            fact: frame if fact in whole else frame[self._atoms(frame).isin(known)]
            for fact, frame in rows.items()
        }

    def _atoms(self, rows: pd.DataFrame) -> pd.MultiIndex:
        """The atom of each row; the month of a metric of weeks is that of the week's Thursday."""
        by = "weeks" if self.metric.window == "weeks" else "month"
        keys = [
            slots(rows, by) if name == "month" else rows["node" if name == "unit" else name].astype(object)
            for name in self.metric.align
        ]
        return pd.MultiIndex.from_arrays(keys)

    def _months_of_both(self) -> Int:
        """1 for the slots of a node in which every fact of the formula has rows."""
        mask = np.ones((len(self.at.ids), len(self.frame.span)), dtype=np.int64)
        for term in self._terms():
            rows = rows_of(self.facts[term.fact], term, self.more)
            there = np.zeros_like(mask)
            slot = slots(rows, self.frame.by) - self.frame.span.start
            inside = (slot >= 0) & (slot < len(self.frame.span))
            np.add.at(there, (rows["node"].to_numpy()[inside], slot[inside]), 1)
            mask &= (self.at.above @ there > 0).astype(np.int64)
        return mask

    def _ratio(self) -> Cells:
        aligned = self._aligned()
        num = self._total(self.metric.num, aligned)
        den = self._total(self.metric.den, aligned) if self.metric.den else None
        n = self._counted()
        interval = self._interval_parts(aligned)
        there = (num.data != 0) | (den.data != 0) if den else num.data != 0
        wanted = (
            zip(*(axis.tolist() for axis in np.nonzero(there)), strict=True)
            if self.sparse
            else np.ndindex(there.shape)
        )
        return {(node, period): self._cell(num, den, n, interval, node, period) for node, period in wanted}

    def _counted(self) -> Amounts | None:
        """What n is where it is not the denominator; not of a key that its fact does not tell apart."""
        if not self.metric.n:
            return None
        term = parse_term(self.metric.n)
        fact = self.facts[term.fact]
        if any(name not in fact.shape.by for name in self.more):
            return None
        rows = rows_of(fact, term, self.more)
        return amounts(term, fact, rows, self.frame, self.at, self.metric.n_key or self.metric.key)

    def _cell(
        self,
        num: Amounts,
        den: Amounts | None,
        n: Amounts | None,
        parts: list[Amounts],
        node: int,
        period: int,
    ) -> Cell:
        top = _exact(num, node, period)
        bottom = _exact(den, node, period) if den else None
        counted = _exact(n, node, period) if n else (bottom if bottom is not None else top)
        empty = _unfilled(num, node, period) or (den is not None and _unfilled(den, node, period))
        value: Fraction | None = top * self.metric.scale if bottom is None else None
        if bottom:
            value = _fraction(
                top.numerator * bottom.denominator * self.metric.scale, top.denominator * bottom.numerator
            )
        if value is not None and self.metric.cap is not None:
            value = min(value, Fraction(self.metric.cap))
        interval = _interval(self.metric, [int(p.data[node, period]) for p in parts]) if parts else None
        signed_sum = n is None and den is None and any(text.startswith("-") for text in self.metric.num)
        return Cell(value, top, bottom, None if signed_sum else int(counted), interval, empty)

    def _interval_parts(self, aligned: dict[str, pd.DataFrame] | None) -> list[Amounts]:
        """Hits and cases (or promoters, detractors and answers) of a share of counted rows; else nothing."""
        metric = self.metric
        terms = self._terms()
        counted = all(t.measure not in self.facts[t.fact].shape.numeric for t in terms)
        plain = all(t.rule in ("sum", "distinct") for t in terms)
        shares = metric.unit == "percent" and len(metric.num) == 1 and len(metric.den) == 1
        score = metric.unit == "nps" and len(metric.num) == 2
        if not (metric.den and metric.scale == 100 and counted and plain and (shares or score)):
            return []
        if shares and terms[0].fact != terms[1].fact:
            return []
        return [self._amounts(Term(t.fact, t.measure, 1, t.rule, t.filters), aligned) for t in terms]

    def _quantile(self) -> Cells:
        metric = self.metric
        term = parse_term(metric.of)
        fact = self.facts[term.fact]
        args = (term.measure, str(metric.key), metric.q or (1, 2), self.frame, self.at)
        found = quantiles(fact, rows_of(fact, term, self.more), *args)
        if metric.of_above:
            parents = {node.parent for node in self.at.tree.nodes}
            above = quantiles(fact, rows_of(fact, parse_term(metric.of_above), self.more), *args)
            found = {place: q for place, q in found.items() if self.at.ids[place[0]] not in parents}
            found |= {place: q for place, q in above.items() if self.at.ids[place[0]] in parents}
        counted = self._counted()
        if counted is None:
            return {place: Cell(value * metric.scale, n=n) for place, (value, n) in found.items()}
        return {
            place: Cell(value * metric.scale, n=int(counted.data[place]) or None)
            for place, (value, _) in found.items()
        }

    def _continuity(self) -> Cells:
        term = parse_term(self.metric.of)
        fact = self.facts[term.fact]
        found = indices(self.metric, rows_of(fact, term, self.more), term.measure, self.frame, self.at)
        return {place: Cell(value, n=n) for place, (value, n) in found.items()}

    def scales(self) -> set[tuple[int, int]]:
        """Places where more than one value of ``single`` is in the window: figures that may not be mixed."""
        if not self.metric.single:
            return set()
        term = parse_term(self.metric.num[0])
        fact = self.facts[term.fact]
        rows = rows_of(fact, term, self.more)
        weights = self.frame.lasts if term.rule == "last" else self.frame.sums
        count = np.zeros((len(self.at.ids), len(self.frame.periods)), dtype=np.int64)
        measured = rows[(rows[term.measure] != 0).to_numpy()]
        for _, part in measured.groupby(self.metric.single, observed=True):
            count += (by_slot(part.assign(one=1), "one", self.frame, self.at) @ weights) > 0
        return {(int(a), int(b)) for a, b in zip(*np.nonzero(count > 1), strict=True)}


@lru_cache(maxsize=1 << 16)
def _fraction(numerator: int, denominator: int) -> Fraction:
    """A fraction in lowest terms; most figures are among few numbers, and reducing takes time."""
    return Fraction(numerator, denominator)


def headline(metric: Metric) -> Filters:
    """The filter of a metric's headline figure."""
    return dict(parse_filters(metric.headline))


def _unfilled(amount: Amounts, node: int, period: int) -> bool:
    return amount.filled is not None and not amount.filled[node, period]


def _exact(amount: Amounts, node: int, period: int) -> Fraction:
    return _fraction(int(amount.data[node, period]), amount.denominator * int(amount.divisor[period]))


def _interval(metric: Metric, parts: list[int]) -> tuple[float, float] | None:
    if parts[-1] <= 0:
        return None
    if metric.unit == "nps":
        return net_promoter(parts[0], parts[1], parts[2])
    low, high = wilson(parts[0], parts[1])
    return metric.scale * low, metric.scale * high
