"""What is proposed to be decided: answers to what was raised to this level, and what deviates, by rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from opti_reports.config import block as kinds
from opti_reports.language import formats
from opti_reports.model.finding import Deviation
from opti_reports.model.pack import Table
from opti_reports.packs import actions, cells, matters, opening
from opti_reports.packs.action import Action
from opti_reports.packs.scene import Scene
from opti_reports.periods.months import last_date

HEADS = ("proposal", "grounds", "owner", "due")


def proposals(scene: Scene, block: kinds.Proposals) -> Iterator[Table]:
    """Yield at most ``limit`` proposals with their grounds, owner role and date; what is left is counted."""
    rules = scene.configs.findings.proposals
    raised = _raised(scene, block.list)
    answers = raised[: min(rules.answers, block.limit)]
    fallen = matters.fallen(scene)[: block.limit - len(answers)]
    told = {one.metric for one in fallen}
    others = [one for one in matters.matters(scene).decided if one.metric not in told]
    due = formats.date(last_date(scene.month) + dt.timedelta(days=rules.days), scene.wording)
    rows = [(*_measure(scene, one), due) for one in fallen]
    rows += [(*_answer(scene, action), due) for action in answers]
    rows += [(*_measure(scene, one), due) for one in others[: block.limit - len(rows)]]
    phrase = "proposal.rule_fallen" if fallen else "proposal.rule"
    rule = scene.say(phrase, limit=block.limit, answers=rules.answers, days=rules.days)
    left = len(raised) - len(answers)
    notes = [rule, *([scene.say("proposal.left", count=cells.count(scene, left))] if left else [])]
    title = scene.titled(block, scene.say("block.proposals"))
    yield Table(
        caption=title,
        columns=cells.columns(scene, HEADS),
        rows=tuple(rows),
        empty=scene.say("block.no_proposals"),
        note=" ".join(notes),
    )


def _raised(scene: Scene, name: str) -> list[Action]:
    """Return what units raised to this level and it has not answered, the oldest first; done
    ones need none.
    """
    rows = [row for row in scene.material.lists.get(name, ()) if row.org in scene.below]
    undone = [action for action in actions.read(scene, rows) if action.unanswered and not action.done]
    waiting = [action for action in undone if actions.raised_to(scene, action)]
    return sorted(waiting, key=lambda action: (action.text("opened_at"), action.text("id")))


def _answer(scene: Scene, action: Action) -> tuple[str, str, str]:
    days = cells.count(scene, actions.waited(scene, action))
    grounds = scene.say("proposal.raised", organisation=scene.name(action.row.org), days=days)
    what = scene.say("proposal.answer", title=actions.named(scene, action.row))
    return what, f"{grounds} ({actions.standing(scene, action)})", actions.answering(scene, action)


def _measure(scene: Scene, one: Deviation) -> tuple[str, str, str]:
    """Return what deviates: with actions under way they are to be judged, without any one is
    to be decided.
    """
    item = opening.item(scene, one, actions_too=False)
    what = scene.say("proposal.judge" if one.actions else "proposal.measure", name=item.title)
    grounds = " ".join(part for part in (item.value, f"({item.target}).", item.sentence) if part)
    if one.actions:
        grounds = f"{grounds} {scene.say('sentence.open_actions', count=len(one.actions))}"
    return what, grounds, matters.mover(scene, one) if one.metric in scene.configs.metrics else item.react
