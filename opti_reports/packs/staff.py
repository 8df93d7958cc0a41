"""The page for the staff meeting: findings, clients' words, what is under way. Nobody's case, no money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from opti_reports.config import block as kinds
from opti_reports.language import formats
from opti_reports.model.finding import Deviation
from opti_reports.model.pack import FindingItem, Findings, Table
from opti_reports.packs import actions, cells, effects, matters, opening, outcomes, periods, spoken, tables
from opti_reports.packs.rows import cell
from opti_reports.packs.scene import Scene


def staff_summary(scene: Scene, block: kinds.StaffSummary) -> Iterator[Findings | Table]:
    """Yield what the whole staff of the unit should know, a page; ``metrics`` are the clients' scores.

    What deviates stands in the order of the first page: what the unit decides on, then what it only notes.
    """
    due = matters.matters(scene)
    found = [one for one in (*due.decided, *due.left, *due.noted) if _fit_for_all(scene, one)]
    most = scene.configs.findings.shown.staff_deviations
    items = [_item(scene, one) for one in found[:most]]
    yield Findings(tuple(items + _kept(scene, most - len(items))), scene.say("block.no_deviations"))
    yield from _said(scene, block)
    if scene.configs.lists_of("actions"):
        yield from _under_way(scene)


def _item(scene: Scene, one: Deviation) -> FindingItem:
    """Return a deviation with the role that the first page names."""
    item = opening.item(scene, one, actions_too=False)
    return replace(item, react=matters.mover(scene, one)) if matters.decides(scene, one) else item


def _under_way(scene: Scene) -> Iterator[Table]:
    """Yield the unit's actions that are under way, and those that helped."""
    most = scene.configs.findings.shown.staff_actions
    standing = actions.read(scene, scene.own_rows("actions"))
    underway = [action for action in standing if not action.done][:most]
    known = {a.text("id") for a in standing}
    late = [a for a, _ in outcomes.asked(scene) if a.text("id") not in known]
    helped = [a for a in (*standing, *late) if a.done and effects.helped(scene, a)][:most]
    ongoing = tuple(
        (
            spoken.title(scene, a.row),
            spoken.role(scene, a.text("owner_role")) or cells.DASH,
            actions.standing(scene, a),
        )
        for a in underway
    )
    yield Table(
        caption=scene.say("block.staff_underway"),
        columns=cells.columns(scene, ("title", "owner_role", "standing")),
        rows=ongoing,
        empty=scene.say("block.no_actions"),
        languages=spoken.in_registers(scene, ("title", "owner_role", "standing"), ongoing),
    )
    improved = tuple((spoken.title(scene, a.row), effects.effect(scene, a)) for a in helped)
    yield Table(
        caption=scene.say("block.staff_helped"),
        columns=cells.columns(scene, ("title", "effect")),
        rows=improved,
        empty=scene.say("block.no_improvement"),
        languages=spoken.in_registers(scene, ("title", "effect"), improved),
    )


def _said(scene: Scene, block: kinds.StaffSummary) -> Iterator[Table]:
    """Yield the clients' scores with the number of answers, and their marked words."""
    rows: list[tuple[str, str]] = []
    languages: spoken.Marks = ()
    for metric_id in block.metrics:
        if scene.concerns(metric_id):
            value = periods.value_now(scene, metric_id)
            n = scene.counted("sentence.answers", value.n or 0) if value.number is not None else ""
            said = (cells.full(scene, value), n, tables.interval(scene, value) if n else "")
            rows.append((scene.metric_name(metric_id), "; ".join(part for part in said if part)))
    if scene.configs.lists_of("quotes"):
        quotes, most = scene.own_rows("quotes"), scene.configs.findings.shown.staff_quotes
        rows.append((scene.say("block.staff_quotes"), cells.count(scene, len(quotes))))
        languages = spoken.in_quotes(scene, quotes[:most], 1, len(rows))
        rows += [
            (formats.capital(cell(scene, "topic", row.cells.get("topic", ""))), row.cells.get("text", ""))
            for row in quotes[:most]
        ]
    if rows:
        yield Table(
            caption=scene.say("block.staff_feedback"),
            columns=cells.columns(scene, ("topic", "text")),
            rows=tuple(rows),
            empty="",
            languages=languages,
        )


def _fit_for_all(scene: Scene, one: Deviation) -> bool:
    return one.metric in scene.configs.metrics and _told(scene, one.metric)


def _told(scene: Scene, metric_id: str) -> bool:
    theme = scene.configs.theme_of[metric_id]
    return theme.for_staff and not scene.about_staff(scene.metric(metric_id))


def _kept(scene: Scene, wanted: int) -> list[FindingItem]:
    """Return what is on target, to fill the three: good news is news too."""
    items: list[FindingItem] = []
    for metric_id in scene.metrics:
        value = periods.value_now(scene, metric_id)
        if not _told(scene, metric_id) or cells.tone(scene, value) != "good" or len(items) >= wanted:
            continue
        aim = cells.target(scene, metric_id, scene.status(value).target, scene.metric(metric_id).unit)
        items.append(
            FindingItem(
                tone="good",
                badge="",
                title=scene.metric_name(metric_id),
                value=cells.full(scene, value),
                target=aim,
                sentence=scene.say("sentence.on_target"),
                react=opening.owner(scene, metric_id),
            )
        )
    return items
