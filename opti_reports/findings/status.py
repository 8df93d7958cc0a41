"""How values stand against the targets in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from opti_reports.config.metric import CatalogueTarget, Metric
from opti_reports.config.settings import Target, Watch
from opti_reports.model.finding import BINDING, Basis, Status, TargetInForce, Tone
from opti_reports.model.organisation import Tree
from opti_reports.model.period import Period, last_date
from opti_reports.model.value import SHOWN, Value

NONE = Status("none", None)


@dataclass(frozen=True)
class Targets:
    """Every target there is, and how near one is near."""

    metrics: Mapping[str, Metric]
    listed: tuple[Target, ...]
    watch: Watch
    tree: Tree

    @cached_property
    def _placed(self) -> dict[tuple[str, str, str], tuple[Target, ...]]:
        """The listed targets by metric, organisation and state."""
        found: dict[tuple[str, str, str], tuple[Target, ...]] = {}
        for target in self.listed:
            place = target.metric, target.organisation, target.state
            found[place] = (*found.get(place, ()), target)
        return found

    @cached_property
    def _set(self) -> frozenset[str]:
        """The metrics with any listed target."""
        return frozenset(target.metric for target in self.listed)

    def status(self, value: Value) -> Status:
        """The status of a value; ``none`` where no binding target is in force or nothing can be judged."""
        target = self.in_force(value.metric, value.org, value.period)
        if target is None:
            return NONE
        above = self._above(value, target)
        return Status(
            self._judged(value, target), target, above, self._judged(value, above) if above else "none"
        )

    def _judged(self, value: Value, target: TargetInForce) -> Tone:
        """How a value stands against a target; not at all where the figure rests on too little."""
        metric = self.metrics[value.metric]
        shown = value.state in SHOWN and value.value is not None
        enough = value.n is None or value.n >= metric.status_min_n
        if target.basis not in BINDING or not shown or not enough or value.value is None:
            return "none"
        return self._tone(metric, value.value, target)

    def _above(self, value: Value, own: TargetInForce) -> TargetInForce | None:
        """The target that would hold without the organisation's own."""
        parent = self.tree.by_id[value.org].parent
        if own.basis != "agreed" or own.org != value.org or parent is None:
            return None
        above = self.in_force(value.metric, parent, value.period)
        return above if above is not None and above.basis in BINDING else None

    def in_force(self, metric: str, org: str, period: Period) -> TargetInForce | None:
        """The law's target, else the nearest agreed one above, else the catalogue's, else a proposed one."""
        spec = self.metrics[metric].target
        if spec is not None and spec.kind == "law" and spec.valid_from <= last_date(period.end):
            return _catalogue(spec, self.tree.root.id, period)
        agreed = self._listed(metric, org, period, "agreed")
        if agreed is not None:
            return agreed
        if spec is not None and spec.kind in BINDING and spec.valid_from <= last_date(period.end):
            return _catalogue(spec, self.tree.root.id, period)
        proposed = self._listed(metric, org, period, "proposed")
        if proposed is not None or spec is None:
            return proposed
        return (
            _catalogue(spec, self.tree.root.id, period) if spec.valid_from <= last_date(period.end) else None
        )

    def _listed(
        self, metric: str, org: str, period: Period, state: Literal["agreed", "proposed"]
    ) -> TargetInForce | None:
        if metric not in self._set:
            return None
        day = last_date(period.end)
        for node in self.tree.lineage(org):
            for target in self._placed.get((metric, node, state), ()):
                if target.valid_from <= day <= target.valid_to:
                    return TargetInForce(
                        target.op, _share(target.value, target.pro_rata, period), state, node
                    )
        return None

    def _tone(
        self, metric: Metric, value: Fraction, target: TargetInForce
    ) -> Literal["good", "watch", "off"]:
        distance = self.distance(value, target)
        if distance <= 0:
            return "good"
        if target.basis == "law":
            return "off"
        near = (
            Fraction(str(self.watch.points))
            if metric.unit == "percent"
            else (Fraction(str(self.watch.relative)) * max(abs(_exact(v)) for v in target.value))
        )
        return "watch" if distance <= near else "off"

    @staticmethod
    def distance(value: Fraction, target: TargetInForce) -> Fraction:
        """How far the value is on the wrong side of the target; 0 or less when it is met."""
        bounds = [_exact(v) for v in target.value]
        if target.op == ">=":
            return bounds[0] - value
        if target.op == "<=":
            return value - bounds[0]
        return max(bounds[0] - value, value - bounds[1])


def _exact(number: float) -> Fraction:
    return Fraction(str(number))


def _share(value: float | tuple[float, float], pro_rata: bool, period: Period) -> tuple[float, ...]:
    """The target, or the part of a year's target that belongs to the months so far (all of it in 12)."""
    values = value if isinstance(value, tuple) else (value,)
    if not pro_rata or period.kind == "rolling_12m":
        return values
    return tuple(v * (period.end % 12 + 1) / 12 for v in values)


def _catalogue(spec: CatalogueTarget, org: str, period: Period) -> TargetInForce:
    basis: Basis = spec.kind
    return TargetInForce(spec.op, _share(spec.value, spec.pro_rata, period), basis, org)
