"""What packs hold: the metrics of their tables, those drawn at a glance, the lists they show."""

from __future__ import annotations

from collections.abc import Iterable

from opti_reports.config.block import (
    Crossed,
    Done,
    InOrder,
    Listing,
    Matrix,
    MetricTable,
    Preparations,
    Proposals,
    Shifts,
    Trends,
)
from opti_reports.config.configs import Configs
from opti_reports.config.pack import PackSpec


def metrics_of(pack: PackSpec, month: int, unit_type: str) -> tuple[str, ...]:
    """Return the metrics in the tables of a pack of a month for a type of unit, each once, in their order."""
    tables = [
        block.metrics
        for section in pack.section
        for block in section.block
        if isinstance(block, MetricTable)
        and (not block.unit_types or unit_type in block.unit_types)
        and all(part.cadence is None or part.cadence.ends(month) for part in (section, block))
    ]
    return tuple(dict.fromkeys(metric for metrics in tables for metric in metrics))


def lists_of(pack: PackSpec) -> frozenset[str]:
    """Return the lists whose rows a pack shows."""
    shows = (Crossed, Done, InOrder, Listing, Preparations, Proposals, Shifts)
    return frozenset(block.list for block in pack.blocks if isinstance(block, shows))


def headlines(configs: Configs, *, weekly: bool = False) -> tuple[str, ...]:
    """Return the metrics that packs draw as trends or set side by side; where none does, their tables'.

    Those of months and longer periods, or those of weeks.
    """
    packs = (pack for pack in configs.packs.values() if pack.cadence.weekly == weekly)
    blocks = [block for pack in packs for block in pack.blocks]
    drawn = {metric for one in blocks if isinstance(one, (Matrix, Trends)) for metric in one.metrics}
    tables = {metric for one in blocks if isinstance(one, MetricTable) for metric in one.metrics}
    return _ordered(configs, drawn or tables)


def _ordered(configs: Configs, metrics: Iterable[str]) -> tuple[str, ...]:
    held = frozenset(metrics)
    return tuple(metric for metric in configs.metrics if metric in held)
