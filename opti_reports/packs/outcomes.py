"""Whether actions helped: the means before and after, over named periods, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator

from opti_reports.config import block as kinds
from opti_reports.model.pack import Table
from opti_reports.model.tone import Tone
from opti_reports.packs import actions, cells, effects
from opti_reports.packs.action import Action
from opti_reports.packs.scene import Scene

TONES: dict[str, Tone] = {"seen": "good", "opposite": "off", "not_yet": "neutral", "too_early": "none"}
ORDER = ("seen", "opposite", "not_yet", "too_early")


def outcomes(scene: Scene, block: kinds.Outcomes) -> Iterator[Table]:
    """Yield the actions that a verdict can be asked of, those with one first; nothing where there is none."""
    below = [row for row in scene.rows_of("actions") if row.org in scene.below]
    judged = [(one, found) for one in actions.read(scene, below) if (found := effects.effect_of(scene, one))]
    judged.sort(key=lambda item: ORDER.index(item[1].verdict))
    if not judged:
        return
    shown = judged[: block.limit]
    rows = tuple(
        (
            _named(scene, action),
            scene.metric_label(action.text("metric_id")),
            effects.means(scene, action, found) or cells.DASH,
            effects.verdict(scene, action),
        )
        for action, found in shown
    )
    tones = tuple((at, 3, TONES[found.verdict]) for at, (_, found) in enumerate(shown))
    yield Table(
        caption=scene.titled(block, scene.say("block.outcomes")),
        columns=cells.columns(scene, ("title", "metric", "before_after", "verdict")),
        rows=rows,
        empty="",
        note=cells.rows_left(scene, len(judged) - len(shown)),
        tones=tones,
    )


def _named(scene: Scene, action: Action) -> str:
    named = f"{actions.named(action.row)}, {actions.standing(scene, action)}"
    return named if action.row.org == scene.org else f"{named} ({scene.label(action.row.org)})"
