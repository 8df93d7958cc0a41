"""What a figure of the month's page leads to: a row with its line, where something is to be looked at.

The months of every other figure stand in the packs and in values.csv: with them the page was too large for
a phone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opti_reports.model.page import Detail, MetricDetails
from opti_reports.model.value import SHOWN, Value
from opti_reports.packs import before, cells, page_matrix, periods, tables
from opti_reports.packs.page_matrix import Scenes
from opti_reports.packs.scene import Scene


def details(scenes: Scenes, metrics: Sequence[str]) -> Iterator[MetricDetails]:
    """Yield every metric with a row for the whole and for each organisation where it deviates or changed."""
    whole = next(iter(scenes.values()))
    for metric_id in metrics:
        metric = whole.metric(metric_id)
        own = tuple(
            _detail(scene, metric_id) for scene in scenes.values() if page_matrix.opens(scene, metric_id)
        )
        if own:
            yield MetricDetails(
                metric=metric_id,
                area=whole.configs.theme_of[metric_id].area,
                name=whole.metric_name(metric_id),
                unit="" if cells.cell_unit(metric) else whole.say(f"unit.{metric.unit}.symbol"),
                definition=whole.wording.of(metric.definition),
                details=own,
            )


def _detail(scene: Scene, metric_id: str) -> Detail:
    now = periods.value_now(scene, metric_id)
    compared = before.before(scene, metric_id, now.period)
    return Detail(
        id=page_matrix.detail_id(metric_id, scene.org),
        group=page_matrix.group_of(scene, scene.org),
        org_name=scene.name(scene.org),
        spark=tables.spark(scene, now, scene.status(now).target),
        value=cells.plain(scene, now),
        n=_cases(scene, now),
        before=before.cell(scene, compared, cells.earlier(scene, compared.value)),
        year_ago=cells.earlier(scene, scene.value(metric_id, now.period.year_ago)),
        tone=cells.tone(scene, now),
        status=cells.judged(scene, now, cells.DASH),
        sign=page_matrix.change(scene, now),
    )


def _cases(scene: Scene, now: Value) -> str:
    counted = now.n is not None and now.state in SHOWN
    return cells.count(scene, now.n) if counted and now.n is not None else cells.DASH
