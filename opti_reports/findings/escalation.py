"""Which level must react to a deviation, by the rules of ``configs/findings.toml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from opti_reports.config.settings import Escalation
from opti_reports.model.finding import Deviation
from opti_reports.model.organisation import Tree


def react_level(
    one: Deviation,
    found: Sequence[Deviation],
    tree: Tree,
    levels: Mapping[str, str],
    rules: Sequence[Escalation],
) -> str:
    """Return the highest level above (or at) the deviation's organisation that a rule calls on; its own
    without any.

    A breach of the law calls on every level at once.
    """
    lineage = [levels[org] for org in tree.lineage(one.org)]
    called = {lineage[0]}
    for rule in rules:
        if rule.level not in lineage:
            continue
        lasted = one.lasted.months >= rule.months
        many = rule.share is not None and _share(one, found, tree) >= rule.share
        if "statutory" in (one.kind, *one.signals) or lasted or many:
            called.add(rule.level)
    return max(called, key=lineage.index)


def _share(one: Deviation, found: Sequence[Deviation], tree: Tree) -> float:
    """Return the share of the units beside the deviation's (its own among them) that deviate in the same
    metric.
    """
    parent = tree.by_id[one.org].parent
    beside = {node.id for node in tree.children(parent)} if parent else {one.org}
    off = {other.org for other in found if other.metric == one.metric and other.org in beside}
    return len(off) / len(beside) if len(beside) > 1 else 0.0
