"""Organisations by metrics, a cell each: side by side, on a slide of many below each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from opti_reports.config import block as kinds
from opti_reports.model.comparison import beneath
from opti_reports.model.pack import Column, Table
from opti_reports.model.value import Value
from opti_reports.packs import cells, periods, portions, tables
from opti_reports.packs.own_targets import own_targets
from opti_reports.packs.scene import Scene


def matrix(scene: Scene, block: kinds.Matrix) -> Iterator[Table]:
    """Yield the organisation's children side by side, a row a metric; own total and target last.

    On a slide, and in a week's page, it is a row an organisation if the width holds the metrics: a room reads
    that in larger text.
    Very many are cut into several tables.
    """
    hidden = scene.configs.organisation.unallocated
    orgs = [node.id for node in beneath(scene.material.tree, scene.org, block.of, hidden)]
    ids = [metric_id for metric_id in block.metrics if scene.concerns(metric_id)]
    title = scene.titled(block, scene.say("block.matrix"))
    turned = (scene.spec.format == "pptx" or scene.cadence.weekly) and len(ids) <= portions.COLUMNS[
        "pptx"
    ] + 1
    most = dict.fromkeys(portions.COLUMNS, portions.ROWS) if turned else portions.COLUMNS
    for ending, some in portions.even(scene, orgs, most) if orgs and ids else ():
        yield (_turned if turned else _matrix)(scene, title + ending, ids, some)


def _turned(scene: Scene, title: str, ids: Sequence[str], orgs: Sequence[str]) -> Table:
    """Return a row an organisation; own total and target last."""
    rows, tones = [], []
    for number, org in enumerate((*orgs, scene.org)):
        values = [scene.value(id, periods.shown(scene, id), org) for id in ids]
        name = scene.level_name(org) if org == scene.org else scene.label(org)
        rows.append((name, *(_figure(scene, value) for value in values)))
        tones += _tones(scene, number, values)
    aims = [(id, scene.status(periods.value_now(scene, id)).target) for id in ids]
    units = [cells.cell_unit(scene.metric(id)) for id in ids]
    targets = (cells.target(scene, id, aim, unit) for (id, aim), unit in zip(aims, units, strict=True))
    rows.append((scene.say("column.target"), *targets))
    heads = [scene.level_name(orgs[0]), *(_headed(scene, id) for id in ids)]
    columns = tuple(Column(head, numeric=at > 0) for at, head in enumerate(heads))
    empty = scene.say("block.no_data")
    note = _own_targets(scene, ids, orgs)
    return Table(caption=title, columns=columns, rows=tuple(rows), empty=empty, tones=tuple(tones), note=note)


def _figure(scene: Scene, value: Value) -> str:
    """Return the figure of a cell; a dash of an organisation that the metric does not concern."""
    if value.state == "missing" and not replace(scene, org=value.org).concerns(value.metric):
        return cells.DASH
    return cells.brief(scene, value)


def _headed(scene: Scene, metric_id: str) -> str:
    """Return what a column of a metric is called, with the unit its cells lack."""
    metric = scene.metric(metric_id)
    symbol = "" if cells.cell_unit(metric) else scene.say(f"unit.{metric.unit}.symbol")
    name = scene.wording.of(metric.short or metric.name)
    return f"{name}, {symbol}" if symbol else name


def _matrix(scene: Scene, title: str, ids: Sequence[str], orgs: Sequence[str]) -> Table:
    rows, tones = [], []
    for number, metric_id in enumerate(ids):
        values = [scene.value(metric_id, periods.shown(scene, metric_id), org) for org in orgs]
        own = periods.value_now(scene, metric_id)
        aim = scene.status(own).target
        rows.append(
            (
                tables.named(scene, metric_id),
                *(_figure(scene, value) for value in (*values, own)),
                cells.target(scene, metric_id, aim, cells.cell_unit(scene.metric(metric_id))),
            )
        )
        tones += _tones(scene, number, (*values, own))
    heads = [
        scene.say("column.metric"),
        *scene.short_names(orgs),
        scene.level_name(scene.org),
        scene.say("column.target"),
    ]
    columns = tuple(Column(head, numeric=at > 0) for at, head in enumerate(heads))
    return Table(
        caption=title,
        columns=columns,
        rows=tuple(rows),
        empty=scene.say("block.no_data"),
        tones=tuple(tones),
        note=_own_targets(scene, ids, orgs),
    )


def _own_targets(scene: Scene, ids: Sequence[str], orgs: Sequence[str]) -> str:
    """Return whose target is not the one that the table has for all."""
    said = {
        id: own_targets(scene, id, [scene.value(id, periods.shown(scene, id), org) for org in orgs])
        for id in ids
    }
    return " · ".join(f"{scene.metric_label(id)}: {text}" for id, text in said.items() if text)


def _tones(scene: Scene, row: int, values: Sequence[Value]) -> list[tuple[int, int, str]]:
    marked = [(at, cells.tone(scene, value)) for at, value in enumerate(values, 1)]
    return [(row, at, tone) for at, tone in marked if tone in ("good", "watch", "off")]
