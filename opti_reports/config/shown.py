"""Which figures packs name: the metrics of their blocks, on which levels, by which keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from opti_reports.config import block as kinds
from opti_reports.config.metric import AnyMetric
from opti_reports.config.pack import PackSpec
from opti_reports.config.references import references

Named = frozenset[tuple[str, str, str]]
"""Metric, level and key (of a headline: empty) of the figures that packs show."""

NAMING = (
    kinds.Text,
    kinds.Law,
    kinds.Figures,
    kinds.Trends,
    kinds.Comparison,
    kinds.Matrix,
    kinds.Breakdown,
    kinds.Counts,
    kinds.Listing,
    kinds.Done,
    kinds.InOrder,
)
"""Blocks that show the figures they name and no others."""


def naming() -> tuple[str, ...]:
    """Return the kinds of these blocks, as files write them."""
    return tuple(get_args(kind.model_fields["kind"].annotation)[0] for kind in NAMING)


def named(packs: Iterable[PackSpec], metrics: Mapping[str, AnyMetric], levels: tuple[str, ...]) -> Named:
    """Return the figures that packs show; ``levels`` run from the whole to the unit."""
    return frozenset(
        cell
        for pack in packs
        if pack.level in levels
        for block in pack.blocks
        for cell in _of_block(block, pack.level, metrics, levels)
    )


def _of_block(
    block: kinds.AnyBlock, level: str, metrics: Mapping[str, AnyMetric], levels: tuple[str, ...]
) -> Iterator[tuple[str, str, str]]:
    match block:
        case kinds.Law():
            yield from ((id, level, "") for id, metric in metrics.items() if is_law(metric, level))
        case kinds.Breakdown():
            yield block.metric, level, block.by
        case kinds.Counts():
            yield from ((block.metric, level, key) for key in block.keys)
        case kinds.Comparison() | kinds.Matrix():
            own = levels[levels.index(level) :]
            yield from ((id, each, "") for id in block.metrics for each in own)
        case kinds.Figures() if block.by is not None:
            yield from ((row.metric, level, key) for row in block.row for key in ("", block.by))
        case kinds.Figures() if block.of is not None:
            own = levels[levels.index(level) :]
            yield from ((row.metric, each, "") for row in block.row for each in own)
        case _:
            yield from ((name, level, "") for _, kind, name in references(block) if kind == "metric")


def is_law(metric: AnyMetric, level: str) -> bool:
    """Return whether the law has a limit for a metric that a level follows."""
    return metric.target is not None and metric.target.kind == "law" and level in metric.levels
