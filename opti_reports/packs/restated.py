"""Published figures that a later delivery changed: a table of them, and the mark on a cell that shows one."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from opti_reports.model.finding import Restatement
from opti_reports.model.pack import Table
from opti_reports.model.value import Value
from opti_reports.packs import cells, periods
from opti_reports.packs.scene import Scene

MARK = "*"
"""Stands after a figure that was another one when it was published."""


def table(scene: Scene, limit: int) -> Iterator[Table]:
    """Yield what was restated in the pack's metrics here, then below, the newest first; nothing if nothing
    was.

    At most ``limit`` rows; the rest is counted.
    """
    found = _found(scene)
    if not found:
        return
    shown = found[:limit]
    unit = () if scene.is_leaf else ("unit",)
    heads = ("metric", *unit, "period", "restated", "newly_from")
    yield Table(
        caption=scene.say("block.restated"),
        columns=cells.columns(scene, heads, {"restated"}),
        rows=tuple(_row(scene, one) for one in shown),
        empty="",
        note=cells.rows_left(scene, len(found) - len(shown)),
    )


def _found(scene: Scene) -> list[Restatement]:
    """Return those of the kind of period the pack shows, where the change can be seen as written."""
    order = {metric_id: place for place, metric_id in enumerate(scene.metrics)}
    nodes = {node.id: place for place, node in enumerate(scene.material.tree.nodes)}
    found = [
        one
        for one in scene.material.restatements
        if one.org in scene.below
        and one.metric in order
        and one.period.cadence is scene.cadence.of(scene.metric(one.metric).cadence)
        and _old(scene, one) != _new(scene, one)
    ]
    return sorted(
        found,
        key=lambda one: (one.org != scene.org, -one.period.end, order[one.metric], nodes[one.org]),
    )


def _row(scene: Scene, one: Restatement) -> tuple[str, ...]:
    unit = () if scene.is_leaf else (scene.label(one.org),)
    sources = ", ".join(cells.short_source(scene, source) for source in one.sources)
    change = scene.say("sentence.old_new", old=_old(scene, one), new=_new(scene, one))
    label = periods.short_label(scene, one.period)
    return (scene.metric_name(one.metric), *unit, label, change, sources or cells.DASH)


def _old(scene: Scene, one: Restatement) -> str:
    return _written(scene, one, one.old)


def _new(scene: Scene, one: Restatement) -> str:
    return _written(scene, one, one.new)


def _written(scene: Scene, one: Restatement, number: Fraction) -> str:
    value = scene.value(one.metric, one.period, one.org)
    return cells.written(scene, value, number, scene.metric(one.metric).unit)


def of(scene: Scene, value: Value) -> Restatement | None:
    """Return what became of a value since it was published, where that can be seen as written."""
    one = scene.material.restated.get((value.metric, value.org, value.period))
    return one if one is not None and _old(scene, one) != _new(scene, one) else None


def marked(scene: Scene, value: Value, text: str) -> str:
    """Return the text of a cell, marked where its figure was another one when it was published."""
    return f"{text}{MARK}" if of(scene, value) else text


def note(scene: Scene, value: Value) -> str:
    """Return what the mark means: the figure as it was published."""
    one = of(scene, value)
    if one is None:
        return ""
    period = periods.short_label(scene, value.period)
    return scene.say("sentence.restated", mark=MARK, period=period, old=_old(scene, one))
