"""What was done or is being done and has no verdict yet, by name in a line that never leaves its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opti_reports.config import block as kinds
from opti_reports.language import formats
from opti_reports.model.card import Remark, Remarks
from opti_reports.model.finding import Effect
from opti_reports.model.pack import Text
from opti_reports.packs import actions, cards, effects, matters, outcomes, spoken
from opti_reports.packs.action import LATE, Action
from opti_reports.packs.scene import Scene


def awaited(scene: Scene, block: kinds.Awaited) -> Iterator[Remarks | Text]:
    """Yield which actions it is too early to judge, and which are under way that no metric judges.

    What a card names says there how it stands, and what is late stands among what is late. Below a table of
    verdicts it is a line more, without one it has the heading.
    """
    on_cards = {found[0].text("id") for found in _agreed(scene) if found}
    asked = [(one, effect) for one, effect in outcomes.asked(scene) if one.text("id") not in on_cards]
    early = sorted((pair for pair in asked if outcomes.is_open(pair[1])), key=lambda pair: -pair[1].n_after)
    running = [one for one in _running(scene) if one.text("id") not in on_cards]
    lines = (
        _line(scene, "effect.awaited", [_dated(scene, one, effect) for one, effect in early]),
        _line(scene, "effect.running", [_titled(scene, one) for one in running]),
    )
    said = tuple(line for line in lines if line)
    if said and len(asked) > len(early):
        yield Text(said)
    elif said:
        title = scene.titled(block, scene.say("block.outcomes"))
        yield Remarks(title, tuple(Remark("none", line, "") for line in said))


def _agreed(scene: Scene) -> Iterator[list[Action]]:
    return (cards.agreed(scene, one) for one in matters.matters(scene).decided)


def _running(scene: Scene) -> Iterator[Action]:
    """Yield what has begun, is neither done nor late, and is not judged by the months of a metric."""
    below = [row for row in scene.rows_of("actions") if row.org in scene.below]
    for action in actions.read(scene, below):
        begun = action.row.day("started_at") is not None and not action.done and action.group != LATE
        if begun and effects.effect_of(scene, action) is None:
            yield action


def _dated(scene: Scene, action: Action, effect: Effect) -> str:
    """Return an action with the month in which its verdict can be given at the earliest."""
    lacking = scene.configs.findings.effect.months - effect.n_after
    if lacking < 1:
        return _titled(scene, action)
    when = formats.in_month(scene.month + lacking, scene.wording)
    return scene.say("effect.earliest", title=_titled(scene, action), when=when)


def _titled(scene: Scene, action: Action) -> str:
    """Return an action with whose it is: of a unit below its name, and the role."""
    whose = "" if action.row.org == scene.org else scene.label(action.row.org)
    role = spoken.role_within(scene, action.text("owner_role"))
    return ", ".join(part for part in (actions.named(scene, action.row), whose, role) if part)


def _line(scene: Scene, phrase: str, named: Sequence[str]) -> str:
    if not named:
        return ""
    most = scene.configs.findings.shown.named
    names = "; ".join(named[:most])
    return scene.say(phrase, names=scene.counted("card.and_more", len(named) - most, names=names) or names)
