"""How units prepare a meeting of the level above: the workbook they fill in, what they wrote on its deck."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from opti_reports.config import block as kinds
from opti_reports.language import formats
from opti_reports.model.finding import Deviation
from opti_reports.model.meeting import PREPARATION, PREPARED, Mark, Preparation, PreparedRow
from opti_reports.model.pack import Table
from opti_reports.model.report import ListRow
from opti_reports.packs import cells, opening, periods, spoken
from opti_reports.packs.offers import in_words, offers
from opti_reports.packs.rows import cell
from opti_reports.packs.scene import Scene
from opti_reports.periods.months import first_date, month_text


def workbook(scene: Scene) -> Preparation | None:
    """Return the workbook that goes with the pack, a row for each deviation of its own; None
    where none goes.
    """
    if not scene.spec.preparation:
        return None
    said = {"organisation": scene.name(scene.org), "period": formats.month(scene.month, scene.language)}
    rows = tuple(_row(scene, one) for one in _deviating(scene).values())
    return Preparation(
        mark=Mark(PREPARATION, scene.spec.id, scene.org, month_text(scene.month)).text,
        title=scene.say("prepare.title", **said),
        instructions=tuple(scene.say(f"prepare.{line}") for line in ("instructions", "privacy")),
        heads=tuple(scene.say(f"column.{head}") for head in ("metric", "value", "target", "since")),
        asked=tuple(scene.say(f"prepare.{name}") for name in PREPARED),
        offered=scene.say("prepare.offered"),
        choices=(scene.say("state.yes"), scene.say("state.no")),
        due_hint=scene.say("prepare.due_hint"),
        rows=rows,
        empty="" if rows else scene.say("prepare.none"),
    )


def _deviating(scene: Scene) -> dict[str, Deviation]:
    """Return what deviates in the organisation itself, by metric."""
    found = opening.own_deviations(scene)
    return {one.metric: one for one in found if one.metric in scene.configs.metrics}


def _row(scene: Scene, one: Deviation) -> PreparedRow:
    metric, value = one.metric, scene.value(one.metric, one.period)
    aim = cells.target(scene, metric, scene.status(value).target, scene.metric(metric).unit)
    since = periods.since_label(scene, one)
    known = (scene.metric_name(metric), cells.full(scene, value), aim, since)
    offered = offers(scene, metric, scene.org)
    suggested = [offer.action for offer in offered if offer.action]
    return PreparedRow(
        metric=metric,
        known=known,
        barriers=tuple(offer.name for offer in offered),
        suggested=(*suggested, scene.say("prepare.follow")) if suggested else (),
    )


def overview(scene: Scene, block: kinds.Preparations) -> Iterator[Table]:
    """Yield what the units below wrote: what they bring to this level, what needs support, the rest.

    Units that left deviations without an answer are named last: in rows of their own, or where those would
    be too many in one note.
    """
    notes = [row for row in scene.material.lists.get(block.list, ()) if _of_month(scene, row)]
    order = {node.id: at for at, node in enumerate(scene.material.tree.below(scene.org))}
    own = sorted((r for r in notes if r.org in order), key=lambda row: (*_rank(row), order[row.org]))
    rows = [_answered(scene, row) for row in own[: block.limit]]
    answered = {(row.org, row.cells["metric_id"]) for row in own}
    silent = {
        org: [scene.metric_label(metric) for metric in deviating if (org, metric) not in answered]
        for org, deviating in ((org, _deviating(replace(scene, org=org))) for org in order)
    }
    silent = {org: names for org, names in silent.items() if names}
    below = [cells.rows_left(scene, len(own) - len(rows))]
    if len(rows) + len(silent) <= block.limit:
        rows += [_silent(scene, org, names) for org, names in silent.items()]
    elif silent:
        units = "; ".join(f"{scene.label(org)} {len(names)}" for org, names in silent.items())
        below.append(scene.say("block.not_answered_by", units=units))
    heads = ("unit", "deviation", "cause", "action", "support", "to_above")
    yield Table(
        caption=scene.titled(block, scene.say("block.preparations")),
        columns=cells.columns(scene, heads),
        rows=tuple(rows),
        empty=scene.say("block.no_preparation"),
        note=" ".join(part for part in below if part),
    )


def answered(scene: Scene, block: kinds.Preparations) -> tuple[set[str], set[str]]:
    """Return the units below that wrote of something, and those that deviate and wrote of nothing."""
    below = {node.id for node in scene.material.tree.below(scene.org)}
    notes = [row for row in scene.material.lists.get(block.list, ()) if _of_month(scene, row)]
    wrote = {row.org for row in notes} & below
    return wrote, {org for org in below - wrote if _deviating(replace(scene, org=org))}


def _silent(scene: Scene, org: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return a unit's deviations without an answer, the first of them named."""
    most = scene.configs.findings.shown.unanswered_named
    more = f" (+{len(names) - most})" if len(names) > most else ""
    said = "; ".join(names[:most]) + more
    return scene.label(org), said, scene.say("block.not_answered"), *[cells.DASH] * 3


def _of_month(scene: Scene, row: ListRow) -> bool:
    return row.cells.get("month") == first_date(scene.month).isoformat()


def _rank(row: ListRow) -> tuple[bool, bool]:
    return row.cells.get("escalate") != "true", not row.cells.get("support")


def _chosen(scene: Scene, row: ListRow, column: str) -> str:
    """Return a cause or an action as it was written, in the pack's language where it was chosen."""
    written = row.cells.get(column, "")
    return formats.capital(in_words(scene, row.cells.get("metric_id", ""), written)) or written


def _answered(scene: Scene, row: ListRow) -> tuple[str, ...]:
    metric = row.cells.get("metric_id", "")
    agreed = _chosen(scene, row, "action")
    who = (spoken.role_within if agreed else spoken.role)(scene, row.cells.get("owner_role", ""))
    due = cell(scene, "due_at", row.cells["due_at"]) if row.cells.get("due_at") else ""
    action = ", ".join(part for part in (agreed, who, due) if part)
    return (
        scene.label(row.org),
        scene.metric_label(metric) if metric in scene.configs.metrics else metric or cells.DASH,
        _chosen(scene, row, "cause") or cells.DASH,
        action or cells.DASH,
        row.cells.get("support") or cells.DASH,
        cell(scene, "due_at", row.cells.get("escalate", "")),
    )
