"""How values stand against the targets in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from opti_reports.config.metric import Metric
from opti_reports.config.settings import Target, Watch
from opti_reports.config.target import CatalogueTarget
from opti_reports.model.finding import BINDING, Basis, Status, TargetInForce, Tone, Turn
from opti_reports.model.organisation import Tree
from opti_reports.model.value import Value
from opti_reports.periods.cadence import ROLLING, TO_DATE
from opti_reports.periods.months import last_date
from opti_reports.periods.period import Period

NONE = Status("none", None)
LISTED: tuple[Basis, ...] = ("agreed", "demo", "proposed")
"""The states of listed targets, the one that goes first first."""


@dataclass(frozen=True)
class _Candidate:
    """A target that is in force between two dates; ``pro_rata``: its value is a whole year's."""

    target: TargetInForce
    since: dt.date
    until: dt.date
    pro_rata: bool

    @staticmethod
    def of_catalogue(spec: CatalogueTarget, root: str) -> _Candidate:
        """Return a metric's own target."""
        target = TargetInForce(spec.op, _pair(spec.value), "law" if spec.kind == "law" else "proposed", root)
        return _Candidate(target, spec.valid_from, dt.date.max, spec.pro_rata)

    def of(self, period: Period) -> TargetInForce:
        """Return the target, or the part of a year's that belongs to the months so far (all of it in 12)."""
        if not self.pro_rata or period.cadence is ROLLING:
            return self.target
        return replace(self.target, part=len(TO_DATE.months(period.end)))


@dataclass(frozen=True)
class Targets:
    """Every target there is, and how near one is near."""

    metrics: Mapping[str, Metric]
    listed: tuple[Target, ...]
    watch: Watch
    tree: Tree

    @cached_property
    def _placed(self) -> dict[tuple[str, str, str], tuple[Target, ...]]:
        """Return the listed targets by metric, organisation and state."""
        found: dict[tuple[str, str, str], tuple[Target, ...]] = {}
        for target in self.listed:
            place = target.metric, target.organisation, target.state
            found[place] = (*found.get(place, ()), target)
        return found

    @cached_property
    def _candidates(self) -> dict[tuple[str, str], tuple[_Candidate, ...]]:
        """Return what has been asked of a metric and organisation so far, the one that goes first first."""
        return {}

    def status(self, value: Value) -> Status:
        """Return the status of a value; ``none`` where no binding target is in force or nothing can be
        judged.
        """
        target = self.in_force(value.metric, value.org, value.period)
        if target is None:
            return NONE
        above = self._above(value, target)
        tone, above_tone = (self._judged(value, one) if one else "none" for one in (target, above))
        judging = ((target, tone), (above, above_tone))
        turns = (self._turns(value.metric, one) for one, said in judging if one and said != "none")
        return Status(tone, target, above, above_tone, tuple(turn for some in turns for turn in some))

    def _judged(self, value: Value, target: TargetInForce) -> Tone:
        """Return how a value stands against a target; not at all where it rests on too little or lacks a
        part.

        A law is kept or broken case by case: of its cases few are enough, only their rate is not shown.
        """
        metric = self.metrics[value.metric]
        enough = value.state == "ok" and (value.n is None or value.n >= metric.status_min_n)
        by_case = (
            target.basis == "law"
            and value.state in ("ok", "few")
            and breaches(metric, target, value) is not None
        )
        if target.basis not in BINDING or value.value is None or not (enough or by_case):
            return "none"
        tones = self._tones(value, target)
        return tones.pop() if len(tones) == 1 else "none"

    def _tones(self, value: Value, target: TargetInForce) -> set[Tone]:
        """Return how the value may stand, given rows whose part in it is not known."""
        metric = self.metrics[value.metric]
        low, high = value.range or (value.value, value.value)
        if low is None or high is None:
            return set()
        turns = [level for level in target.exact if low < level < high]
        return {self._tone(metric, number, target) for number in (low, high, *turns)}

    def steady(self, value: Value) -> bool:
        """Return whether a value stands the same against its targets whatever its unknown rows hold."""
        own = self.in_force(value.metric, value.org, value.period)
        aims = [own, self._above(value, own)] if own is not None else []
        return all(len(self._tones(value, aim)) <= 1 for aim in aims if aim and aim.basis in BINDING)

    def broken(self, value: Value) -> bool:
        """Return whether the law is broken for certain although the figure is partial.

        It is all over the range; and without one where the law asks for all cases, whatever else there is.
        """
        target = self.in_force(value.metric, value.org, value.period)
        if target is None or target.basis != "law" or value.state != "partial" or value.value is None:
            return False
        asks_all = target.op == ">=" and target.value[0] == self.metrics[value.metric].bounds[1]
        lacks = value.partial_by("units", "months") and not value.unknown
        return self._tones(value, target) == {"off"} and (value.range is not None or (asks_all and lacks))

    def _above(self, value: Value, own: TargetInForce) -> TargetInForce | None:
        """Return the target that would hold without the organisation's own."""
        parent = self.tree.by_id[value.org].parent
        if own.basis not in ("agreed", "demo") or own.org != value.org or parent is None:
            return None
        above = self.in_force(value.metric, parent, value.period)
        return above if above is not None and above.basis in BINDING else None

    def in_force(self, metric: str, org: str, period: Period) -> TargetInForce | None:
        """Return the law's target, else the nearest agreed one above, else a proposed one, else the
        catalogue's.
        """
        if (metric, org) not in self._candidates:
            self._candidates[metric, org] = tuple(self._ordered(metric, org))
        day = last_date(period.end)
        for one in self._candidates[metric, org]:
            if one.since <= day <= one.until:
                return one.of(period)
        return None

    def _ordered(self, metric: str, org: str) -> Iterator[_Candidate]:
        spec = self.metrics[metric].target
        own = _Candidate.of_catalogue(spec, self.tree.root.id) if spec is not None else None
        if own is not None and own.target.basis == "law":
            yield own
        for state in LISTED:
            yield from self._listed(metric, org, state)
        if own is not None:
            yield own

    def _listed(self, metric: str, org: str, state: Basis) -> Iterator[_Candidate]:
        for node in self.tree.lineage(org):
            for found in self._placed.get((metric, node, state), ()):
                target = TargetInForce(found.op, _pair(found.value), state, node)
                yield _Candidate(target, found.valid_from, found.valid_to, found.pro_rata)

    def _tone(self, metric: Metric, value: Fraction, target: TargetInForce) -> Tone:
        distance = self.distance(value, target)
        if distance <= 0:
            return "good"
        return "watch" if distance <= self._near(metric, target) else "off"

    def _near(self, metric: Metric, target: TargetInForce) -> Fraction:
        """Return how far on the wrong side is still near; a law knows no such thing."""
        if target.basis == "law":
            return Fraction(0)
        level = max(abs(level) for level in target.exact)
        if metric.unit == "percent":
            return min(Fraction(str(self.watch.points)), Fraction(str(self.watch.share)) * level)
        return Fraction(str(self.watch.relative)) * level

    def _turns(self, name: str, target: TargetInForce) -> Iterator[Turn]:
        """Yield the levels of a target, and those beyond which a value is no longer near it."""
        near = self._near(self.metrics[name], target)
        for by in dict.fromkeys((Fraction(0), near)):
            if target.op != "<=":
                yield Turn(">=", target.exact[0] - by)
            if target.op != ">=":
                yield Turn("<=", target.exact[-1] + by)

    @staticmethod
    def distance(value: Fraction, target: TargetInForce) -> Fraction:
        """Return how far the value is on the wrong side of the target; 0 or less when it is met."""
        bounds = target.exact
        if target.op == ">=":
            return bounds[0] - value
        if target.op == "<=":
            return value - bounds[0]
        return max(bounds[0] - value, value - bounds[1])


def breaches(metric: Metric, target: TargetInForce, value: Value) -> int | None:
    """Return cases beyond a limit: only of a share of cases that should be high."""
    if metric.unit != "percent" or target.op != ">=" or value.num is None or value.den is None:
        return None
    return int(value.den - value.num)


def _pair(value: float | tuple[float, float]) -> tuple[float, ...]:
    return value if isinstance(value, tuple) else (value,)
