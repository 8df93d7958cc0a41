"""The register of actions: what is late, due and done; its effect, and the answers from above."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from opti_reports.config.source import Source
from opti_reports.language import formats
from opti_reports.model.pack import Table
from opti_reports.model.report import ListRow
from opti_reports.packs import cells, matters, spoken
from opti_reports.packs.action import DONE, LATE, OPEN, WAITING, Action
from opti_reports.packs.effects import effect
from opti_reports.packs.rows import cell
from opti_reports.packs.scene import Scene
from opti_reports.periods.months import last_date, parse_month


def read(scene: Scene, rows: Sequence[ListRow]) -> list[Action]:
    """Return actions by group and due date; of those done only the ones of the period.

    The period of a monthly pack also takes in the month before: what was done since the last meeting. What
    the organisation or a unit of it asked of a higher level stays until it is answered, or was done so long
    ago that it is only counted (``lapsed``).
    """
    found = [action for action in standings(scene, rows) if _told(scene, action)]
    return sorted(found, key=lambda action: (action.group, action.due or dt.date.max))


def standings(scene: Scene, rows: Sequence[ListRow]) -> list[Action]:
    """Return every action as it stood at the end of the data month, also those done long ago."""
    return [_stand(row, last_date(scene.month)) for row in rows]


def _told(scene: Scene, action: Action) -> bool:
    if not action.done:
        return True
    first = scene.month - max(1, scene.spec.cadence.step - 1)
    return _done(action) >= first or (_asked(scene, action) and not _old(scene, action))


def lapsed(scene: Scene, rows: Sequence[ListRow]) -> int:
    """Return how many matters were done long ago without an answer from the level they were raised to."""
    return sum(
        action.done and _asked(scene, action) and _old(scene, action) and not _told(scene, action)
        for action in standings(scene, rows)
    )


def _asked(scene: Scene, action: Action) -> bool:
    """Return whether the organisation or one below it waits for an answer."""
    return action.unanswered and action.row.org in scene.below


def _old(scene: Scene, action: Action) -> bool:
    return _done(action) <= scene.month - scene.configs.findings.unanswered.done_months


def _done(action: Action) -> int:
    return parse_month(action.text("done_at")[:7])


def _stand(row: ListRow, asof: dt.date) -> Action:
    due = row.day("first_due_at") or row.day("due_at")
    waits = bool(row.cells.get("escalated_to")) and not row.cells.get("answered_at")
    if row.day("done_at"):
        return Action(row, DONE, due, 0, waits)
    late = (asof - due).days if due is not None else 0
    if late > 0:
        return Action(row, LATE, due, late, waits)
    return Action(row, WAITING if waits else OPEN, due, 0, waits)


def own_decisions(scene: Scene, rows: Sequence[ListRow]) -> list[ListRow]:
    """Return what the organisation's own meeting decided since the period before ended, or is undone."""
    first = scene.spec.cadence.months(scene.month)[0]
    found = []
    for row in rows:
        by = _org(scene, row.cells.get("decided_by", "")) or row.org
        opened = row.day("opened_at")
        new = opened is not None and parse_month(f"{opened:%Y-%m}") >= first
        if by == scene.org and (new or not row.day("done_at")):
            found.append(row)
    return found


def register(scene: Scene, title: str, rows: Sequence[ListRow], limit: int, empty: str) -> Table:
    """Return the register as a table; columns that no row fills are left out.

    Where there are more than ``limit``, what waits for an answer and what levels above decided is not cut.
    """
    found = read(scene, rows)
    first = sorted(found, key=lambda action: not (action.unanswered or _from_above(scene, action)))[:limit]
    shown, left = [action for action in found if action in first], max(len(found) - limit, 0)
    columns = {
        "title": [named(scene, action.row) for action in shown],
        "unit": [] if scene.is_leaf else [scene.label(action.row.org) for action in shown],
        "decided_by": [_decided_by(scene, action) for action in shown],
        "owner_role": [spoken.role(scene, action.text("owner_role")) for action in shown],
        "standing": [standing(scene, action) for action in shown],
        "effect": [effect(scene, action) for action in shown],
        "answer": [_answer(scene, action) for action in shown],
    }
    kept = {name: texts for name, texts in columns.items() if any(texts)}
    body = tuple(tuple(texts[at] or cells.DASH for texts in kept.values()) for at in range(len(shown)))
    place = list(kept).index("standing") if kept else 0
    tones = tuple((at, place, "wrong") for at, action in enumerate(shown) if action.group == LATE)
    heads = cells.columns(scene, kept)
    notes = [cells.rows_left(scene, left)]
    if gone := lapsed(scene, rows):
        notes.append(scene.say("sentence.lapsed", count=cells.count(scene, gone)))
    expected = [
        (at, list(kept).index("effect"))
        for at, action in enumerate(shown)
        if columns["effect"][at] and columns["effect"][at] == action.text("expected_effect")
    ]
    written = spoken.in_registers(scene, tuple(kept), body, expected)
    return Table(
        caption=title,
        columns=heads,
        rows=body,
        empty=empty,
        note=" ".join(note for note in notes if note),
        tones=tones,
        languages=written,
    )


def named(scene: Scene, row: ListRow) -> str:
    """Return an action's title and number, the same in the register and on its metric's chart."""
    number, title = row.cells.get("id", ""), spoken.title(scene, row)
    return f"{title} ({number})" if number else title


def _from_above(scene: Scene, action: Action) -> bool:
    """Return whether an organisation above this one decided it."""
    by = _org(scene, action.text("decided_by"))
    return action.row.org not in scene.below or (bool(by) and by not in scene.below)


def _decided_by(scene: Scene, action: Action) -> str:
    """Return the level whose meeting decided it; empty where that is the unit's own."""
    own = action.row.org if action.row.org in scene.below else ""
    by = _org(scene, action.text("decided_by")) or action.row.org
    return "" if by == own else scene.level_name(by)


def _org(scene: Scene, code: str) -> str:
    """Return the organisation that a code of the register means, empty for one nobody knows."""
    if not code:
        return ""
    org = scene.configs.organisation.resolve(_source(scene).system, code, scene.month) or ""
    return scene.material.tree.moved.get(org, "")


def _source(scene: Scene) -> Source:
    """Return the source of the register."""
    sources = scene.configs.sources.values()
    return next(source for source in sources if any(spec.kind == "actions" for spec in source.list))


def standing(scene: Scene, action: Action) -> str:
    """Return how late it is, or its state and due date, or when it was done."""
    if action.done:
        done = formats.date(dt.date.fromisoformat(action.text("done_at")[:10]), scene.wording)
        return scene.say("sentence.done", date=done)
    date = formats.date(action.due, scene.wording) if action.due else scene.say("state.not_recorded")
    if action.group == LATE:
        return scene.say("sentence.overdue", days=cells.count(scene, action.late), date=date)
    state = cell(scene, "state", action.text("state"))
    return scene.say("sentence.due", state=state, date=date)


def _answer(scene: Scene, action: Action) -> str:
    """Return where an action was raised to and what was answered, by which role and when; an unanswered one
    ages.
    """
    if not action.text("escalated_to"):
        return ""
    level = cell(scene, "escalated_to", action.text("escalated_to"))
    if answered := action.text("answered_at"):
        day = cell(scene, "answered_at", answered[:10])
        answer = cell(scene, "answer", action.text("answer"))
        by = spoken.role_within(scene, action.text("answered_by_role"))
        return ", ".join(part for part in (f"{level}: {answer}", by, day) if part)
    return f"{level}: {scene.say('sentence.unanswered', days=cells.count(scene, waited(scene, action)))}"


def waited(scene: Scene, action: Action) -> int:
    """Return days since the action was decided, as the register does not tell when it was raised."""
    raised = action.row.day("opened_at")
    return max((last_date(scene.month) - raised).days, 0) if raised else 0


def answering(scene: Scene, action: Action) -> str:
    """Return the role of the level that was asked: who acts there on what the action is about."""
    asked, about = action.text("escalated_to"), action.text("metric_id")
    levels = scene.configs.organisation.levels
    level = asked if asked in levels else levels[0]
    own = matters.lead(scene, about, level) if about in scene.configs.metrics else ""
    return own or matters.source_lead(scene, _source(scene).id, level)


def raised_to(scene: Scene, action: Action) -> bool:
    """Return whether it was raised to this organisation's level: by its name, or by that of the highest
    meeting.
    """
    code = action.text("escalated_to")
    if code == scene.node.level:
        return True
    known = (source.column.get("escalated_to") for source in scene.configs.sources.values())
    codes = next((column.codes for column in known if column is not None), ())
    return scene.parent is None and scene.node.level not in codes and code in codes[-1:]
