"""Which of several organisations have agreed a target of their own, which a chart's line is not."""

from __future__ import annotations

from collections.abc import Iterable

from opti_reports.model.finding import BINDING
from opti_reports.model.value import Value
from opti_reports.packs import cells
from opti_reports.packs.scene import Scene


def own_targets(scene: Scene, metric_id: str, values: Iterable[Value]) -> str:
    """Return the organisations whose binding target is their own, with it; empty where all share one."""
    metric = scene.metric(metric_id)
    aims = [(value.org, scene.status(value).target) for value in values]
    own = [
        f"{scene.label(org)} {cells.target_figure(scene, metric, aim, metric.unit)}"
        for org, aim in aims
        if aim is not None and aim.basis in BINDING and aim.org == org != scene.org
    ]
    return scene.say("target.own", units=", ".join(own)) if own else ""
