"""The formulas: ratios and totals, quantiles and the continuity index, each to cells by node and period."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from math import lcm

import numpy as np
import pandas as pd

from opti_reports.algebra.term import Term, parse_filters, parse_term
from opti_reports.algebra.vector import Int
from opti_reports.config import metric as kinds
from opti_reports.config.terms import Part
from opti_reports.metrics.alignment import aligned, aligned_to
from opti_reports.metrics.amounts import Amounts, Filters, amounts, by_slot, rows_of, together
from opti_reports.metrics.cells import Cell, Cells, Sides
from opti_reports.metrics.continuity import indices
from opti_reports.metrics.extremes import Joint, joint
from opti_reports.metrics.placed import PlacedFact, Places, doubted, slots
from opti_reports.metrics.quantiles import Quantile, Quantiles, quantiles
from opti_reports.metrics.windows import Frame, slot_of
from opti_reports.model.fact import UNKNOWN_KEY
from opti_reports.periods.cadence import MONTH


@dataclass(frozen=True, eq=False, kw_only=True)
class Formula(ABC):
    """A metric's formula over one frame, for its headline (``more``: its filter) or a breakdown's key."""

    metric: kinds.FromFacts
    facts: dict[str, PlacedFact]
    frame: Frame
    at: Places
    more: Filters

    @abstractmethod
    def cells(self) -> Cells:
        """Return the figures by node and period number; absent where nothing can be said."""

    def scales(self) -> set[tuple[int, int]]:
        """Return the places where figures of more than one scale are in the window, that may not be mixed."""
        return set()

    def adds(self, part: Part) -> Amounts | None:
        """Return the amounts of a term over the frame, as the formula takes them.

        None of n where the term does not tell a breakdown's key apart.
        """
        term = part.term
        fact = self.facts[term.fact]
        if part.name == "n" and any(name not in fact.shape.by for name in self.more):
            return None
        return self._amounts(term, rows_of(fact, term, self.more), part.key)

    def _counted(self) -> Amounts | None:
        """Return what n is where it has a term of its own."""
        return next((self.adds(part) for part in self.metric.parts() if part.name == "n"), None)

    def _amounts(
        self, term: Term, rows: pd.DataFrame, key: str | None, allowed: Int | None = None
    ) -> Amounts:
        fact, frame, at = self.facts[term.fact], self.frame, self.at
        return amounts(term=term, fact=fact, rows=rows, frame=frame, at=at, key=key, allowed=allowed)


@dataclass(frozen=True, eq=False, kw_only=True)
class OfSums(Formula):
    """The formula of totals and ratios."""

    metric: kinds.Total | kinds.Ratio
    sparse: bool = False
    """Whether cells without any row are left out (of a breakdown: a key that does not occur)."""

    def cells(self) -> Cells:
        """Return every figure; of a breakdown where there is something."""
        aligned, metric = self._shared(), self.metric
        num = self._total(metric.num, aligned)
        den = self._total(metric.den, aligned) if isinstance(metric, kinds.Ratio) else None
        parts = self._interval_parts(aligned, [num, den] if den else [])
        sides = Sides(metric=metric, num=num, den=den, n=self._counted(), parts=parts)
        there = (num.data != 0) | (den.data != 0) if den else num.data != 0
        doubt = sides.doubt
        if doubt is not None:
            sides = replace(sides, joint=self._joint())
            there = there | (doubt > 0)
        return sides.cells(there if self.sparse else np.ones_like(there))

    def adds(self, part: Part) -> Amounts | None:
        """Return the amounts of a term; those of its sides aligned, where it aligns."""
        mine = part.name in self.metric.sides
        return self._side(part.term, self._shared()) if mine else super().adds(part)

    def _terms(self) -> list[Term]:
        return [parse_term(text) for text in self.metric.added]

    def _total(self, texts: Sequence[str], aligned: dict[str, pd.DataFrame] | None) -> Amounts:
        """Return the signed sum of terms, over one denominator."""
        parts = [self._side(parse_term(text), aligned) for text in texts]
        common = lcm(*(part.denominator for part in parts))
        data = sum((p.data * (common // p.denominator) for p in parts), start=np.zeros_like(parts[0].data))
        filled = [p.filled for p in parts if p.filled is not None]
        doubt = together(p.doubt.scaled(common // p.denominator) for p in parts if p.doubt is not None)
        return Amounts(data, common, parts[0].divisor, np.minimum.reduce(filled) if filled else None, doubt)

    def _side(self, term: Term, aligned: dict[str, pd.DataFrame] | None) -> Amounts:
        fact, metric = self.facts[term.fact], self.metric
        rows = aligned[term.fact] if aligned else rows_of(fact, term, self.more, metric.single)
        allowed = self._months_of_both() if metric.align == ("month",) else None
        return self._amounts(term, rows, metric.key, allowed)

    def _aligned(self) -> dict[str, pd.DataFrame] | None:
        """Return rows of the atoms (unit, week, …) that both sides have, when the metric aligns on them."""
        if not self.metric.align or self.metric.align == ("month",):
            return None
        rows = {term.fact: rows_of(self.facts[term.fact], term, self.more) for term in self._terms()}
        by = slot_of(self.metric, MONTH)
        shapes = {fact: self.facts[fact].shape for fact in rows}
        if self.metric.align_to == "den":
            below = [parse_term(text) for text in self.metric.sides["den"]]
            return aligned_to(rows, shapes, self.metric.align, by, below)
        return aligned(rows, shapes, self.metric.align, by)

    def _shared(self) -> dict[str, pd.DataFrame] | None:
        """Return the rows that both sides add where they are the same ones, else None.

        Of two numbers of one row neither is added where the other is not known: half a row is no share.
        """
        terms = self._terms()
        fact = self.facts[terms[0].fact]
        alike = len({(t.fact, t.rule, t.filters) for t in terms}) == 1
        numbers = all(t.measure in fact.shape.numeric for t in terms)
        if self.metric.align or not (isinstance(self.metric, kinds.Ratio) and alike and numbers):
            return self._aligned()
        rows = rows_of(fact, terms[0], self.more, self.metric.single)
        unclear = rows[[f"{t.measure}__unknown" for t in terms]].to_numpy().any(axis=1)
        return {terms[0].fact: doubted(fact.shape, rows, np.asarray(unclear))}

    def _months_of_both(self) -> Int:
        """Return 1 for the slots of a node in which every fact of the formula has rows."""
        mask = np.ones((len(self.at.ids), len(self.frame.span)), dtype=np.int64)
        for term in self._terms():
            rows = rows_of(self.facts[term.fact], term, self.more)
            there = np.zeros_like(mask)
            slot = slots(rows, self.frame.by) - self.frame.span.start
            inside = (slot >= 0) & (slot < len(self.frame.span))
            np.add.at(there, (rows["node"].to_numpy()[inside], slot[inside]), 1)
            mask &= (self.at.above @ there > 0).astype(np.int64)
        return mask

    def _joint(self) -> Joint | None:
        """Return, of a part of its denominator, the cases that are in doubt on both sides at once."""
        terms = self._terms()
        shape = self.facts[terms[0].fact].shape
        alike = len({(t.fact, t.rule) for t in terms}) == 1 and terms[0].rule in ("sum", "last")
        numbers = [t for t in terms if t.measure in shape.numeric]
        mean = len(terms) == 2 and numbers == terms[:1]
        declared = None not in self.metric.bounds
        if len(self.metric.sides.get("den", ())) != 1 or not alike or not declared or self.metric.align:
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

    def _interval_parts(self, aligned: dict[str, pd.DataFrame] | None, sides: list[Amounts]) -> list[Amounts]:
        """Return what the interval rests on: of a mean its sides and the squares; of a share of counted rows
        hits and cases (or promoters, detractors and answers); else nothing.
        """
        metric, terms = self.metric, self._terms()
        if isinstance(metric, kinds.Ratio) and metric.squares:
            return [*sides, self._side(parse_term(metric.squares), aligned)]
        counted = all(t.measure not in self.facts[t.fact].shape.numeric for t in terms)
        plain = all(t.rule in ("sum", "distinct") for t in terms)
        shares = metric.unit == "percent" and len(terms) == 2 and terms[0].fact == terms[1].fact
        score = metric.unit == "nps" and len(metric.num) == 2
        if not (isinstance(metric, kinds.Ratio) and metric.scale == 100 and counted and plain):
            return []
        if not (shares or score):
            return []
        if shares and all(t.sign > 0 for t in terms):
            return sides
        return [self._side(Term(t.fact, t.measure, 1, t.rule, t.filters), aligned) for t in terms]

    def scales(self) -> set[tuple[int, int]]:
        """Return the places where more than one value of ``single`` is in the window."""
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


@dataclass(frozen=True, eq=False, kw_only=True)
class OfQuantiles(Formula):
    """The formula of quantiles."""

    metric: kinds.Quantile

    def cells(self) -> Cells:
        """Return the quantile of every place that has cases."""
        found = self._quantiles(self.metric.of)
        if self.metric.of_above:
            parents = self.at.tree.parents
            above = self._quantiles(self.metric.of_above)
            found = {place: q for place, q in found.items() if self.at.ids[place[0]] not in parents}
            found |= {place: q for place, q in above.items() if self.at.ids[place[0]] in parents}
        counted = self._counted()
        return {place: self._cell(one, counted, place) for place, one in found.items()}

    def _quantiles(self, text: str) -> Quantiles:
        term = parse_term(text)
        fact, metric = self.facts[term.fact], self.metric
        rows = rows_of(fact, term, self.more)
        return quantiles(
            fact, rows, measure=term.measure, key=metric.key, q=metric.q, frame=self.frame, at=self.at
        )

    def _cell(self, one: Quantile, counted: Amounts | None, place: tuple[int, int]) -> Cell:
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
        value = None if one.value is None else one.value * scale
        if not unknown or value is None:
            return Cell(value=value, n=n, unknown=unknown, n_most=n_most)
        lowest, highest = (None if end is None else Fraction(str(end)) for end in self.metric.possible)
        low = lowest if one.low is None else one.low * scale
        high = highest if one.high is None else one.high * scale
        range_ = None if low is None or high is None else (low, high)
        return Cell(value=value, n=n, unknown=unknown, range=range_, n_most=n_most)


@dataclass(frozen=True, eq=False, kw_only=True)
class OfContinuity(Formula):
    """The formula of the continuity index."""

    metric: kinds.Continuity

    def cells(self) -> Cells:
        """Return the index of every place that has clients."""
        term = parse_term(self.metric.of)
        rows = rows_of(self.facts[term.fact], term, self.more)
        found = indices(self.metric, rows, term.measure, self.frame, self.at)
        cells = {place: Cell(value=value, n=n) for place, (value, n) in found.items()}
        doubt = self._amounts(replace(term, rule="sum"), rows, None).doubt
        if doubt is not None:  # a visit may be of any client: nothing bounds the index
            for a, b in zip(*np.nonzero(doubt.rows[term.fact]), strict=True):
                count, place = int(doubt.rows[term.fact][a, b]), (int(a), int(b))
                cell = cells.get(place, Cell(n=0))
                cells[place] = cell._replace(unknown=count, n_most=(cell.n or 0) + count)
        return cells


def formula(
    metric: kinds.Total | kinds.Ratio | kinds.Quantile | kinds.Continuity,
    *,
    facts: dict[str, PlacedFact],
    frame: Frame,
    at: Places,
    more: Filters,
    sparse: bool = False,
) -> Formula:
    """Return the formula of a metric's kind."""
    match metric:
        case kinds.Added():
            return OfSums(metric=metric, facts=facts, frame=frame, at=at, more=more, sparse=sparse)
        case kinds.Quantile():
            return OfQuantiles(metric=metric, facts=facts, frame=frame, at=at, more=more)
        case kinds.Continuity():
            return OfContinuity(metric=metric, facts=facts, frame=frame, at=at, more=more)


def headline(metric: kinds.AnyMetric) -> Filters:
    """Return the filter of a metric's headline figure."""
    return dict(parse_filters(metric.headline))
