"""What deviates on which level, for how long, ordered so that the heaviest comes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from opti_reports.config.metric import Metric
from opti_reports.findings.status import Targets
from opti_reports.model.finding import Deviation, Status, TargetInForce
from opti_reports.model.organisation import Tree
from opti_reports.model.period import Period, ends_tertial
from opti_reports.model.value import Value, Values

Kind = Literal["off_target", "statutory", "process_limit"]
KINDS: dict[str, Kind] = {"law": "statutory", "process": "process_limit"}
LONGEST = 24


@dataclass(frozen=True)
class Findings:
    """The masked values and what is asked of them."""

    values: Values
    metrics: Mapping[str, Metric]
    targets: Targets
    tree: Tree
    newest: Mapping[str, int]
    breaches_tolerated: int

    def statuses(self) -> dict[tuple[str, str, Period], Status]:
        """The status of every headline value that has a target."""
        found = {}
        for value in self.values:
            if not value.breakdown:
                status = self.targets.status(value)
                if status.target is not None:
                    found[value.metric, value.org, value.period] = status
        return found

    def deviations(self) -> tuple[Deviation, ...]:
        """Everything off target in its newest period, the heaviest first."""
        found = [
            deviation
            for name in self.metrics
            for node in self.tree.nodes
            for deviation in self._of(name, node.id, node.level)
        ]
        return tuple(sorted(found, key=lambda d: (-d.severity * d.months, d.metric, d.org)))

    def _of(self, name: str, org: str, level: str) -> Iterator[Deviation]:
        metric = self.metrics[name]
        newest = self.newest.get(name, 0)
        if level not in metric.levels or (metric.levels[level] == "tertial" and not ends_tertial(newest)):
            return
        if metric.window == "wave":
            return
        kind = metric.window if metric.window in ("ytd", "rolling_12m") else "month"
        series = [self.values.get(name, org, Period(kind, newest - back)) for back in range(LONGEST)]
        statuses = [self.targets.status(value) for value in series]
        months = next((i for i, s in enumerate(statuses) if s.tone != "off"), LONGEST)
        target = statuses[0].target
        if not months or target is None or series[0].value is None:
            return
        breaches = _breaches(metric, target, series[0])
        if target.basis == "law" and not self._asks(breaches, _breaches(metric, target, series[1]), months):
            return
        distance = float(self.targets.distance(series[0].value, target))
        size = max(abs(v) for v in target.value) or 1.0
        yield Deviation(
            KINDS.get(target.basis, "off_target"),
            name,
            org,
            series[0].period,
            series[months - 1].period,
            months,
            breaches,
            distance / size * (2 if target.basis == "law" else 1),
        )

    def _asks(self, breaches: int | None, before: int | None, months: int) -> bool:
        """A statutory breach asks for a reaction when it is new, worse than before, or above the count."""
        worse = breaches is not None and before is not None and breaches > before
        return months == 1 or worse or (breaches or 0) > self.breaches_tolerated


def _breaches(metric: Metric, target: TargetInForce, value: Value) -> int | None:
    """Cases beyond a limit: only of a share of cases that should be high."""
    if metric.unit != "percent" or target.op != ">=" or value.num is None or value.den is None:
        return None
    return int(value.den - value.num)
