"""Whether actions helped: the means before and after, over named periods, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator

from opti_reports.config import block as kinds
from opti_reports.model.finding import Effect
from opti_reports.model.pack import Table
from opti_reports.model.tone import Tone
from opti_reports.packs import actions, cells, effects
from opti_reports.packs.action import Action
from opti_reports.packs.scene import Scene
from opti_reports.periods.months import YEAR, parse_month

TONES: dict[str, Tone] = {"seen": "good", "opposite": "off", "not_yet": "neutral", "too_early": "none"}
ORDER = ("seen", "opposite", "not_yet", "too_early")


def outcomes(scene: Scene, block: kinds.Outcomes) -> Iterator[Table]:
    """Yield the actions that a verdict can be asked of, those with one first; nothing where there is none."""
    found = [(one, effect) for one, effect in asked(scene) if not (block.judged and is_open(effect))]
    found.sort(key=lambda item: ORDER.index(item[1].verdict))
    if not found:
        return
    shown = found[: block.limit]
    rows = tuple(
        (
            named(scene, action),
            scene.metric_label(action.text("metric_id")),
            effects.means(scene, action, effect) or cells.DASH,
            effects.verdict(scene, action),
        )
        for action, effect in shown
    )
    tones = tuple((at, 3, TONES[effect.verdict]) for at, (_, effect) in enumerate(shown))
    yield Table(
        caption=scene.titled(block, scene.say("block.outcomes")),
        columns=cells.columns(scene, ("title", "metric", "before_after", "verdict")),
        rows=rows,
        empty="",
        note=cells.rows_left(scene, len(found) - len(shown)),
        tones=tones,
    )


def asked(scene: Scene) -> list[tuple[Action, Effect]]:
    """Return the actions of the organisation and below that are told with what became of them.

    An action that was done long ago stays until its verdict is given, and a meeting has read it.
    """
    below = [row for row in scene.rows_of("actions") if row.org in scene.below]
    told = actions.read(scene, below)
    known = {action.text("id") for action in told}
    later = (action for action in actions.standings(scene, below) if action.text("id") not in known)
    found = [(one, effect) for one in told if (effect := effects.effect_of(scene, one))]
    waited = ((one, effect) for one in later if (effect := effects.effect_of(scene, one)))
    return found + [(one, effect) for one, effect in waited if _unread(scene, one, effect)]


def is_open(effect: Effect) -> bool:
    """Return whether it is too early for a verdict."""
    return effect.verdict == "too_early"


def _unread(scene: Scene, action: Action, effect: Effect) -> bool:
    """Return whether the verdict is open, or was given since the last meeting; nobody waits over a year."""
    latest = scene.configs.findings.effect.months + max(1, scene.spec.cadence.step - 1)
    return effect.n_after <= latest and scene.month - parse_month(action.text("started_at")[:7]) <= YEAR


def named(scene: Scene, action: Action) -> str:
    """Return an action by its name, with how it stands and, of a unit below, whose it is."""
    named = f"{actions.named(scene, action.row)}, {actions.standing(scene, action)}"
    return named if action.row.org == scene.org else f"{named} ({scene.label(action.row.org)})"
