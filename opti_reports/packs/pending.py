"""What waits or is late: cases, actions, questions raised, self-monitoring, and what nobody reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from opti_reports.catalogue.packs import lists_of
from opti_reports.config import block as kinds
from opti_reports.config.source import RowList
from opti_reports.language import formats
from opti_reports.model.card import Remark, Remarks
from opti_reports.model.report import ListRow
from opti_reports.packs import actions, cells, lists, matters, opening, periods, registers, spoken
from opti_reports.packs.action import LATE, Action
from opti_reports.packs.rows import undone
from opti_reports.packs.scene import Scene


def pending(scene: Scene, block: kinds.Pending) -> Iterator[Remarks]:
    """Yield a sentence for everything that is open or late; nothing where all is in order."""
    lines = (
        *_counts(scene, block.metrics),
        *_cases(scene),
        *_actions(scene),
        *_registers(scene, block.named),
        *_silent(scene),
    )
    if lines:
        yield Remarks(scene.titled(block, scene.say("block.pending")), lines)


def _counts(scene: Scene, metrics: Sequence[str]) -> Iterator[Remark]:
    """Yield counts of what waits beyond a limit, where there is any."""
    for metric_id in metrics:
        value = periods.value_now(scene, metric_id)
        if value.number:
            figure, saying = cells.full(scene, value), scene.metric(metric_id).message
            plain = scene.say("sentence.title_value", name=scene.metric_name(metric_id), value=figure)
            text = scene.wording.of(saying.missed).format(value=figure) if saying else plain
            yield Remark("off", text, matters.lead(scene, metric_id) or opening.owner(scene, metric_id))


def _cases(scene: Scene) -> Iterator[Remark]:
    """Yield the open cases of every list of the pack that says how they are counted."""
    shown = lists_of(scene.spec)
    for source in scene.configs.sources.values():
        for spec in source.list:
            if spec.id in shown and spec.waiting and spec.waiting_one:
                rows = [row for row in scene.material.lists.get(spec.id, ()) if row.org in scene.below]
                if rows:
                    role = matters.source_lead(scene, source.id)
                    yield Remark(*_counted(scene, spec, rows), role)


def _counted(scene: Scene, spec: RowList, rows: Sequence[ListRow]) -> tuple[str, str]:
    late = sum(lists.overdue(scene, row) for row in rows)
    oldest = max((int(row.cells.get("age_days") or 0) for row in rows), default=0)
    many = spec.waiting if late else spec.waiting_in_time or spec.waiting
    words = scene.wording.of((spec.waiting_one if len(rows) == 1 else many) or {})
    slots = {"n": len(rows), "late": late, "days": oldest}
    said = words.format(**{name: cells.count(scene, number) for name, number in slots.items()})
    return ("off" if late else "neutral"), said


def _actions(scene: Scene) -> Iterator[Remark]:
    """Yield actions past their date, and questions to a level above without an answer, the oldest by name;
    what was done meanwhile waits for none.
    """
    seen = {*scene.below, *scene.material.tree.above(scene.org)}  # what levels above decided holds here too
    found = actions.read(scene, [row for row in scene.rows_of("actions") if row.org in seen])
    late = sorted((a for a in found if a.group == LATE), key=lambda action: -action.late)
    most = scene.configs.findings.shown.named
    for action in late[:most]:
        days = cells.count(scene, action.late)
        text = scene.say("pending.action", title=_titled(scene, action), days=days)
        yield Remark("off", text, spoken.role(scene, action.text("owner_role")))
    if rest := late[most:]:
        roles = dict.fromkeys(spoken.role_within(scene, action.text("owner_role")) for action in rest)
        who = formats.capital(", ".join(roles))
        yield Remark("off", scene.say("pending.more_actions", count=len(rest)), who)
    below = [action for action in found if action.row.org in scene.below]
    asked = [action for action in below if action.unanswered and not action.done]
    raised = sorted(asked, key=lambda action: -actions.waited(scene, action))
    if raised:
        oldest = raised[0]
        slots = {
            "title": _titled(scene, oldest),
            "days": cells.count(scene, actions.waited(scene, oldest)),
            "count": cells.count(scene, len(raised)),
        }
        said = scene.say(f"pending.raised{'_one' if len(raised) == 1 else ''}", **slots)
        yield Remark("watch", said, actions.answering(scene, oldest))


def _titled(scene: Scene, action: Action) -> str:
    title = actions.named(scene, action.row)
    if action.row.org == scene.org:
        return title
    whose = scene.label(action.row.org) if action.row.org in scene.below else scene.level_name(action.row.org)
    return f"{title}, {whose}"


def _registers(scene: Scene, most: int | None) -> Iterator[Remark]:
    """Yield the items of units' registers that are not in order: on a unit's page each, above by units, the
    commonest first where only so many are named.
    """
    for name in scene.configs.lists_of("register"):
        spec = scene.configs.lists[name]
        lacking: dict[str, list[str]] = {}
        for row in scene.material.lists.get(name, ()):
            for column in row.cells if row.org in scene.below else ():
                if registers.lacks(scene, spec, row, column):
                    lacking.setdefault(column, []).append(row.org)
        if not lacking:
            continue
        items = _named(scene, spec, lacking, None if scene.is_leaf else most)
        source = next(s.id for s in scene.configs.sources.values() if spec in s.list)
        named = cells.short_source(scene, source)
        role = spec.lead.get(scene.node.level) or scene.configs.sources[source].owner_role
        yield Remark("off", scene.say("pending.register", name=named, items=items), scene.wording.of(role))


def _named(scene: Scene, spec: RowList, lacking: Mapping[str, Sequence[str]], most: int | None) -> str:
    ranked = sorted(lacking.items(), key=lambda item: -len(item[1])) if most else list(lacking.items())
    shown = ranked[:most]
    names = "; ".join(_item(scene, spec, column, orgs) for column, orgs in shown)
    return scene.counted("card.and_more", len(ranked) - len(shown), names=names) or names


def _item(scene: Scene, spec: RowList, column: str, orgs: Sequence[str]) -> str:
    name = undone(scene, column)
    if column in spec.fresh:
        name = scene.say("pending.not_fresh", item=name, months=spec.fresh[column])
    if scene.is_leaf:
        return name
    return scene.say("pending.units_one" if len(orgs) == 1 else "pending.units", item=name, count=len(orgs))


def _silent(scene: Scene) -> Iterator[Remark]:
    """Yield counts that were nothing for months, though the unit should have rows in every source."""
    for rule in scene.configs.findings.silence:
        found = {
            one.org: one.months
            for one in scene.material.silences
            if one.metric == rule.metric and one.org in scene.below and _delivers(scene, one.metric, one.org)
        }
        if found:
            name = scene.metric_name(rule.metric)
            what = scene.say("observation.silence", name=name, months=min(found.values()))
            text = f"{_of(scene, what, found)} {scene.wording.of(rule.meaning)}"
            yield Remark("watch", text, matters.lead(scene, rule.metric) or opening.owner(scene, rule.metric))


def _delivers(scene: Scene, metric: str, org: str) -> bool:
    """Return whether a unit should have rows in every source of a metric: without, nothing is no silence."""
    systems = {scene.configs.sources[source].system for source in scene.sources_of(metric)}
    return all(org in scene.configs.organisation.expected(system, scene.month) for system in systems)


def _of(scene: Scene, what: str, orgs: Iterable[str]) -> str:
    """Return a finding and, where the reader leads many units, which of them."""
    if scene.is_leaf:
        return what
    return scene.say("observation.of", what=what, units="; ".join(scene.names_by_type(list(orgs))))
