"""The standing line of what the law asks: each limit with how many of how many it was kept for."""

from __future__ import annotations

from collections.abc import Iterator

from opti_reports.config import block as kinds
from opti_reports.model.card import Law, LawItem
from opti_reports.packs import cells, periods
from opti_reports.packs.scene import Scene


def law(scene: Scene, block: kinds.Law) -> Iterator[Law]:
    """Yield the limits that concern the organisation; nothing where there are none."""
    items = tuple(_item(scene, metric_id) for metric_id in lawful(scene) if scene.concerns(metric_id))
    if items:
        yield Law(scene.titled(block, scene.say("block.statutory")), items)


def lawful(scene: Scene) -> Iterator[str]:
    """Yield the metrics with a limit of the law that the organisation's level follows."""
    for metric_id, metric in scene.configs.metrics.items():
        if metric.target is not None and metric.target.kind == "law" and scene.node.level in metric.levels:
            yield metric_id


def _item(scene: Scene, metric_id: str) -> LawItem:
    value = periods.value_now(scene, metric_id)
    cases = cells.part_of(scene, value) if value.den else cells.state_words(scene, value)
    said = "; ".join(part for part in (cases, cells.period_note(scene, value)) if part)
    return LawItem(scene.metric_name(metric_id), said, cells.tone(scene, value))
