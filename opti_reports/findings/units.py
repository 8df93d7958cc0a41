"""Which units of the packs' comparisons differ by more than chance, from the published values alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from opti_reports.config.block import Comparison
from opti_reports.config.block import Funnel as FunnelBlock
from opti_reports.config.metric import Metric
from opti_reports.config.pack import PackSpec
from opti_reports.findings.comparison import Tally, proportions
from opti_reports.model.comparison import Funnel, alike
from opti_reports.model.organisation import Tree
from opti_reports.model.value import SHOWN, Value, Values
from opti_reports.periods.period import Period

KINDS = (Comparison, FunnelBlock)
"""Blocks that set units side by side."""
RECENT = 12
"""How many months back from a metric's newest: no pack compares units in an older period."""

Group = tuple[str, ...]
"""Organisations of one type, in the order of the organisation."""


@dataclass(frozen=True)
class Units:
    """The published values to compare; ``hidden`` is the node of rows that belong nowhere."""

    values: Values
    metrics: Mapping[str, Metric]
    tree: Tree
    newest: Mapping[str, int]
    hidden: str

    def funnels(self, packs: Iterable[PackSpec]) -> dict[tuple[str, Group, Period], Funnel]:
        """Return the funnel of every share of cases the packs compare, by metric, units and period.

        A share of cases is one whose value has an interval: never euros over euros or means. Units without
        a figure that may be seen are not in it; those with too few cases count for the value of all.
        """
        asked = self._asked(packs)
        found: dict[tuple[str, Group, Period], Funnel] = {}
        for metric, tallies in self._tallies(asked).items():
            for period, by_org in tallies.items():
                for group in asked[metric]:
                    known = [by_org[org] for org in group if org in by_org]
                    if known:
                        found[metric, group, period] = proportions(known, self.metrics[metric].min_n)
        return found

    def _asked(self, packs: Iterable[PackSpec]) -> dict[str, Sequence[Group]]:
        """Return the groups of units that packs compare, by metric."""
        found: dict[str, dict[Group, None]] = {}
        for pack in packs:
            blocks = [block for block in pack.blocks if isinstance(block, KINDS)]
            for node in self.tree.nodes if blocks else ():
                for block in blocks if node.level == pack.level else ():
                    groups = alike(self.tree, node.id, block.of, self.hidden)
                    for metric in block.metrics:
                        found.setdefault(metric, {}).update(dict.fromkeys(groups))
        return {metric: tuple(groups) for metric, groups in found.items()}

    def _tallies(self, asked: Collection[str]) -> dict[str, dict[Period, dict[str, Tally]]]:
        found: dict[str, dict[Period, dict[str, Tally]]] = {}
        for value in self.values:
            if value.metric not in asked or value.breakdown or self.metrics[value.metric].unit != "percent":
                continue
            tally = _tally(value)
            if tally is not None and value.period.end > self.newest.get(value.metric, 0) - RECENT:
                found.setdefault(value.metric, {}).setdefault(value.period, {})[value.org] = tally
        return found


def _tally(value: Value) -> Tally | None:
    """Return the cases behind a share that may be seen; None where there are none, or it is no share of
    cases.
    """
    if value.interval is None or value.num is None or not value.den:
        return None
    if value.state not in (*SHOWN, "few") or value.loose:
        return None
    return Tally(value.org, int(value.num), int(value.den), few=value.state == "few")
