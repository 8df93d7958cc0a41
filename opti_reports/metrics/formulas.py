"""The formulas: ratios and totals, quantiles and the continuity index, each to cells by node and period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from math import lcm

import numpy as np
import pandas as pd

from opti_reports.algebra.term import Term, parse_filters, parse_term
from opti_reports.algebra.vector import Int
from opti_reports.config.metric import Metric
from opti_reports.metrics.alignment import aligned, aligned_to
from opti_reports.metrics.amounts import Amounts, Filters, amounts, by_slot, rows_of, together
from opti_reports.metrics.cells import Cell, Cells, Sides
from opti_reports.metrics.continuity import indices
from opti_reports.metrics.extremes import Joint, joint
from opti_reports.metrics.known import Known, Places, doubted, slots
from opti_reports.metrics.quantiles import Quantile, quantiles
from opti_reports.metrics.windows import Frame
from opti_reports.model.fact import UNKNOWN_KEY


@dataclass(frozen=True, eq=False, kw_only=True)
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
        doubt = together(p.doubt.scaled(common // p.denominator) for p in parts if p.doubt is not None)
        return Amounts(data, common, parts[0].divisor, np.minimum.reduce(filled) if filled else None, doubt)

    def _amounts(self, term: Term, aligned: dict[str, pd.DataFrame] | None) -> Amounts:
        fact = self.facts[term.fact]
        rows = aligned[term.fact] if aligned else rows_of(fact, term, self.more, self.metric.single)
        allowed = self._months_of_both() if self.metric.align == ("month",) else None
        return amounts(
            term=term,
            fact=fact,
            rows=rows,
            frame=self.frame,
            at=self.at,
            key=self.metric.key,
            allowed=allowed,
        )

    def part(self, term: Term) -> Amounts | None:
        """One term's amounts over the frame, as the formula takes them (aligned, where it aligns).

        None of n where the term does not tell a breakdown's key apart.
        """
        if self.metric.n and term == parse_term(self.metric.n):
            return self._counted()
        return self._amounts(term, self._shared() if term in self._terms() else None)

    def _terms(self) -> list[Term]:
        return [parse_term(text) for text in (*self.metric.num, *self.metric.den)]

    def _aligned(self) -> dict[str, pd.DataFrame] | None:
        """Rows of the atoms (unit, week, …) that both sides have, when the metric aligns on them."""
        if not self.metric.align or self.metric.align == ("month",):
            return None
        rows = {term.fact: rows_of(self.facts[term.fact], term, self.more) for term in self._terms()}
        by = "weeks" if self.metric.window == "weeks" else "month"
        shapes = {fact: self.facts[fact].shape for fact in rows}
        if self.metric.align_to == "den":
            below = [parse_term(text) for text in self.metric.den]
            return aligned_to(rows, shapes, self.metric.align, by, below)
        return aligned(rows, shapes, self.metric.align, by)

    def _shared(self) -> dict[str, pd.DataFrame] | None:
        """The rows that both sides add where they are the same ones, else None.

        Of two numbers of one row neither is added where the other is not known: half a row is no share.
        """
        terms = self._terms()
        fact = self.facts[terms[0].fact]
        alike = len({(t.fact, t.rule, t.filters) for t in terms}) == 1
        numbers = all(t.measure in fact.shape.numeric for t in terms)
        if self.metric.align or not (self.metric.den and alike and numbers):
            return self._aligned()
        rows = rows_of(fact, terms[0], self.more, self.metric.single)
        unclear = rows[[f"{t.measure}__unknown" for t in terms]].to_numpy().any(axis=1)
        return {terms[0].fact: doubted(fact.shape, rows, np.asarray(unclear))}

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
        aligned = self._shared()
        num = self._total(self.metric.num, aligned)
        den = self._total(self.metric.den, aligned) if self.metric.den else None
        n = self._counted()
        sides = Sides(metric=self.metric, num=num, den=den, n=n, parts=self._interval_parts(aligned))
        there = (num.data != 0) | (den.data != 0) if den else num.data != 0
        doubt = sides.doubt
        if doubt is not None:
            sides = replace(sides, joint=self._joint())
            there = there | (doubt > 0)
        wanted = (
            zip(*(axis.tolist() for axis in np.nonzero(there)), strict=True)
            if self.sparse
            else np.ndindex(there.shape)
        )
        return {place: sides.cell(*place) for place in wanted}

    def _joint(self) -> Joint | None:
        """Of a part of its denominator: the cases that are in doubt on both sides at once."""
        terms = self._terms()
        shape = self.facts[terms[0].fact].shape
        alike = len({(t.fact, t.rule) for t in terms}) == 1 and terms[0].rule in ("sum", "last")
        numbers = [t for t in terms if t.measure in shape.numeric]
        mean = len(terms) == 2 and numbers == terms[:1]
        declared = None not in self.metric.bounds
        if len(self.metric.den) != 1 or not alike or not declared or self.metric.align:
            return None
        if numbers and not mean:
            return None
        both = partial(joint, self.facts[terms[0].fact], terms[-1], self.more, self.metric.single)
        weights = self.frame.lasts if terms[0].rule == "last" else self.frame.sums
        raising, lowering = (
            by_slot(both([t for t in terms[:-1] if t.sign == sign]), "joint", self.frame, self.at) @ weights
            for sign in (1, -1)
        )
        return Joint(raising, lowering, mean)

    def _counted(self) -> Amounts | None:
        """What n is where it is not the denominator; not of a key that its fact does not tell apart."""
        if not self.metric.n:
            return None
        term = parse_term(self.metric.n)
        fact = self.facts[term.fact]
        if any(name not in fact.shape.by for name in self.more):
            return None
        rows = rows_of(fact, term, self.more)
        return amounts(
            term=term,
            fact=fact,
            rows=rows,
            frame=self.frame,
            at=self.at,
            key=self.metric.n_key or self.metric.key,
        )

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
        return {place: self._quantile_cell(one, counted, place) for place, one in found.items()}

    def _quantile_cell(self, one: Quantile, counted: Amounts | None, place: tuple[int, int]) -> Cell:
        scale = self.metric.scale
        n: int | None = one.n
        n_most, unknown = one.n + one.unknown, one.unknown
        if counted is not None:
            more = int(counted.doubt.above[place]) if counted.doubt is not None else 0
            n, n_most, unknown = (
                int(counted.data[place]) or None,
                int(counted.data[place]) + more,
                max(unknown, more),
            )
        lowest, highest = (None if end is None else Fraction(str(end)) for end in self.metric.possible)
        low = lowest if one.low is None else one.low * scale
        high = highest if one.high is None else one.high * scale
        value = None if one.value is None else one.value * scale
        range_ = (
            (low, high) if unknown and value is not None and low is not None and high is not None else None
        )
        return Cell(value=value, n=n, unknown=unknown, range=range_, n_most=n_most)

    def _continuity(self) -> Cells:
        term = parse_term(self.metric.of)
        fact = self.facts[term.fact]
        rows = rows_of(fact, term, self.more)
        found = indices(self.metric, rows, term.measure, self.frame, self.at)
        cells = {place: Cell(value=value, n=n) for place, (value, n) in found.items()}
        doubt = amounts(
            term=replace(term, rule="sum"), fact=fact, rows=rows, frame=self.frame, at=self.at, key=None
        ).doubt
        if doubt is not None:  # a visit may be of any client: nothing bounds the index
            for a, b in zip(*np.nonzero(doubt.rows[term.fact]), strict=True):
                count, place = int(doubt.rows[term.fact][a, b]), (int(a), int(b))
                cell = cells.get(place, Cell(n=0))
                cells[place] = replace(cell, unknown=count, n_most=(cell.n or 0) + count)
        return cells

    def scales(self) -> set[tuple[int, int]]:
        """Places where more than one value of ``single`` is in the window: figures that may not be mixed."""
        if not self.metric.single:
            return set()
        term = parse_term(self.metric.num[0])
        fact = self.facts[term.fact]
        rows = rows_of(fact, term, self.more)
        weights = self.frame.lasts if term.rule == "last" else self.frame.sums
        count = np.zeros((len(self.at.ids), len(self.frame.periods)), dtype=np.int64)
        measured = rows[((rows[term.measure] != 0) & (rows[self.metric.single] != UNKNOWN_KEY)).to_numpy()]
        for _, part in measured.groupby(self.metric.single, observed=True):
            count += (by_slot(part.assign(one=1), "one", self.frame, self.at) @ weights) > 0
        return {(int(a), int(b)) for a, b in zip(*np.nonzero(count > 1), strict=True)}


def headline(metric: Metric) -> Filters:
    """The filter of a metric's headline figure."""
    return dict(parse_filters(metric.headline))
