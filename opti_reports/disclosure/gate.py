"""Primary suppression: a figure about too few people is withheld before anything is concluded from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from opti_reports.config.metric import Metric
from opti_reports.model.organisation import Tree
from opti_reports.model.value import Value, Values


@dataclass(frozen=True)
class Gate:
    """The rules of what may be shown: each metric's ``protect`` limits, and the units with few staff."""

    metrics: Mapping[str, Metric]
    tree: Tree

    def mask(self, values: Values) -> Values:
        """The same values with every protected figure removed."""
        return Values(tuple(self._masked(value) for value in values))

    def _masked(self, value: Value) -> Value:
        least = self._least(value)
        if not least:
            return value
        return Value(
            value.metric,
            value.org,
            value.period,
            "withheld",
            breakdown=value.breakdown,
            key=value.key,
            reason=str(least),
        )

    def _least(self, value: Value) -> int:
        """The limit the value falls below, or 0 when it may be shown."""
        metric = self.metrics[value.metric]
        if value.state == "missing" or value.n is None or not value.n:
            return 0
        if metric.staff_data and self.tree.by_id[value.org].small_staff_group:
            return max(metric.protect, 10)
        if value.n < metric.protect:
            return metric.protect
        if value.breakdown and value.n < metric.protect_cells:
            return metric.protect_cells
        return 0


def answers_masked(n: int, protect: int) -> bool:
    """Whether the answers of a distribution are too few to be shown."""
    return 0 < n < protect
