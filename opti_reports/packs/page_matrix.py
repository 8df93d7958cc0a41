"""Units by headline metrics: the figures of the month beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from opti_reports.model.organisation import Unit
from opti_reports.model.pack import Sign
from opti_reports.model.page import (
    Cell,
    Head,
    HeadGroup,
    Matrix,
    Row,
    RowGroup,
)
from opti_reports.model.value import Value
from opti_reports.packs import cells, periods, signs
from opti_reports.packs.scene import Scene

Scenes = Mapping[str, Scene]
"""A scene for each organisation shown, in the order of the columns."""


def group_of(scene: Scene, org: str) -> str:
    """Return the part of the organisation a node belongs to: the node right below the whole; empty for the
    whole.
    """
    lineage = scene.material.tree.lineage(org)
    return lineage[-2] if len(lineage) > 1 else ""


def applies(scene: Scene, metric_id: str) -> bool:
    """Return whether a metric is followed at the organisation's level and has something to say of it."""
    levels = scene.metric(metric_id).levels
    return (not levels or scene.node.level in levels) and scene.concerns(metric_id)


def columns(scene: Scene, metrics: Sequence[str]) -> tuple[Unit, ...]:
    """Return the nodes that have any of the metrics, the whole first, each part before the units below it."""
    tree, hidden = scene.material.tree, scene.configs.organisation.unallocated
    parts = [node.id for node in tree.nodes]
    order = {node.id: at for at, node in enumerate(tree.nodes)}
    nodes = [
        node
        for node in tree.nodes
        if node.id != hidden
        and tree.in_line(node.id)
        and any(applies(replace(scene, org=node.id), metric) for metric in metrics)
    ]
    place = {"": -1} | {part: at for at, part in enumerate(parts)}
    return tuple(sorted(nodes, key=lambda node: (place[group_of(scene, node.id)], order[node.id])))


def matrix(scenes: Scenes, metrics: Sequence[str]) -> Matrix:
    """Return the figures of the month: metrics by theme as rows, organisations as columns."""
    whole = next(iter(scenes.values()))
    themes = tuple(_themes(scenes, metrics))
    found = signs.key(cell.sign for theme in themes for row in theme.rows for cell in row.cells)
    return Matrix(
        whole.say("web.matrix_caption"), tuple(_groups(scenes)), tuple(_heads(scenes)), themes, found
    )


def _groups(scenes: Scenes) -> Iterator[HeadGroup]:
    for group, own in groupby(scenes.values(), key=lambda scene: group_of(scene, scene.org)):
        first, *rest = own
        yield HeadGroup(group, first.name(group or first.org), 1 + len(rest))


def _heads(scenes: Scenes) -> Iterator[Head]:
    for group, own in groupby(scenes.values(), key=lambda scene: group_of(scene, scene.org)):
        listed = list(own)
        named = [scene for scene in listed if scene.org != group and group]
        short = dict(zip((s.org for s in named), listed[0].short_names([s.org for s in named]), strict=True))
        for scene in listed:
            label = short.get(scene.org) or scene.say("web.total")
            yield Head(scene.org, group, label, scene.name(scene.org))


def _themes(scenes: Scenes, metrics: Sequence[str]) -> Iterator[RowGroup]:
    whole = next(iter(scenes.values()))
    for theme in whole.configs.themes:
        own = [metric for metric in metrics if whole.configs.theme_of[metric] is theme]
        if own:
            area = next(area for area in whole.configs.areas if area.id == theme.area)
            names = whole.wording.of(area.name), whole.wording.of(theme.name)
            yield RowGroup(area.id, *names, tuple(_row(scenes, metric) for metric in own))


def _row(scenes: Scenes, metric_id: str) -> Row:
    whole = next(iter(scenes.values()))
    metric, now = whole.metric(metric_id), periods.value_now(whole, metric_id)
    unit = cells.cell_unit(metric)
    return Row(
        metric=metric_id,
        name=whole.metric_name(metric_id),
        unit="" if unit else whole.say(f"unit.{metric.unit}.symbol"),
        target=cells.target(whole, metric_id, whole.status(now).target, unit),
        note=cells.period_note(whole, now),
        cells=tuple(_cell(scene, metric_id) for scene in scenes.values()),
    )


def _cell(scene: Scene, metric_id: str) -> Cell:
    group = group_of(scene, scene.org)
    if not applies(scene, metric_id):
        return Cell(
            group=group,
            text=cells.DASH,
            tone="none",
            status=scene.say("web.not_followed"),
            sign=None,
            detail="",
            followed=False,
        )
    now = periods.value_now(scene, metric_id)
    return Cell(
        group=group,
        text=cells.brief(scene, now),
        tone=cells.tone(scene, now),
        status=cells.judged(scene, now),
        sign=change(scene, now),
        detail=detail_id(metric_id, scene.org) if opens(scene, metric_id) else "",
    )


def opens(scene: Scene, metric_id: str) -> bool:
    """Return whether a figure has a row among the details: the whole's, what is off, deviates or changed."""
    if not applies(scene, metric_id):
        return False
    now = periods.value_now(scene, metric_id)
    if scene.parent is None or cells.tone(scene, now) == "off" or change(scene, now):
        return True
    return any((one.metric, one.org) == (metric_id, scene.org) for one in scene.material.deviations)


def change(scene: Scene, now: Value) -> Sign | None:
    """Return the special cause at the newest month; ordinary variation is not marked in a dense table."""
    sign = signs.variation(scene, now)
    return None if sign is None or sign.code == "common_cause" else sign


def detail_id(metric_id: str, org: str) -> str:
    """Return the name in the page of a metric's detail of an organisation."""
    return f"{metric_id}--{org}"
