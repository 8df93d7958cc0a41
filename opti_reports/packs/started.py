"""What was started in the page's week and the one before, and where its metric has gone since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from opti_reports.config import block as kinds
from opti_reports.language import formats
from opti_reports.model.pack import Table
from opti_reports.model.report import ListRow
from opti_reports.packs import actions, cells, sentences
from opti_reports.packs.scene import Scene
from opti_reports.periods.cadence import WEEK
from opti_reports.periods.months import monday_of, sunday_of, week_of
from opti_reports.periods.period import of_week


def started(scene: Scene, block: kinds.Started) -> Iterator[Table]:
    """Yield the actions of two weeks, the newest first; nothing where none was started.

    A figure of one week beside another is no verdict: that is given after months, by the unit's report.
    """
    week = scene.material.week.week
    first, last = monday_of(week - 1), sunday_of(week)
    rows = [(day, row) for row in scene.rows_of("actions") if row.org in scene.below and (day := _start(row))]
    found = sorted((one for one in rows if first <= one[0] <= last), key=lambda one: one[0], reverse=True)
    if not found:
        return
    shown = found[: block.limit]
    yield Table(
        caption=scene.titled(block, scene.say("block.started")),
        columns=cells.columns(scene, ("title", "started_at", "metric", "since_start")),
        rows=tuple(
            (
                _named(scene, row),
                formats.date(day, scene.wording),
                *_moved(scene, row.cells.get("metric_id", ""), week_of(day), row.org),
            )
            for day, row in shown
        ),
        empty="",
        note=cells.rows_left(scene, len(found) - len(shown)),
    )


def _start(row: ListRow) -> dt.date | None:
    """Return when an action began, or was decided where nobody wrote that down."""
    return row.day("started_at") or row.day("opened_at")


def _named(scene: Scene, row: ListRow) -> str:
    named = actions.named(scene, row)
    return named if row.org == scene.org else f"{named} ({scene.label(row.org)})"


def _moved(scene: Scene, metric_id: str, week: int, org: str) -> tuple[str, str]:
    """Return the action's metric, and its figure of the week before the start beside that of the page's."""
    if metric_id not in scene.configs.metrics:
        return cells.DASH, cells.DASH
    name = scene.metric_label(metric_id)
    if WEEK not in scene.metric(metric_id).cadences:
        return name, scene.say("sentence.by_months")
    if not replace(scene, org=org).concerns(metric_id):
        return name, cells.DASH
    before = scene.value(metric_id, of_week(week - 1), org)
    now = scene.value(metric_id, scene.material.week, org)
    said = f"{cells.brief(scene, before)} → {cells.full(scene, now)}"
    return name, ". ".join(part for part in (said, sentences.signal(scene, now)) if part)
