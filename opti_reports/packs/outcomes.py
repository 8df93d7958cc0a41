"""Whether actions helped: the means before and after, over named periods, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator

from opti_reports.config import block as kinds
from opti_reports.model.pack import Column, Table
from opti_reports.model.tone import Tone
from opti_reports.packs import actions, cells, effects
from opti_reports.packs.action import Action
from opti_reports.packs.scene import Scene

TONES: dict[str, Tone] = {"seen": "good", "opposite": "off", "not_yet": "neutral", "too_early": "none"}
ORDER = ("seen", "opposite", "not_yet", "too_early")


def outcomes(scene: Scene, block: kinds.Outcomes) -> Iterator[Table]:
    """Yield the actions that a verdict can be asked of, those with one first; nothing where there is none."""
    below = [row for row in scene.rows_of("actions") if row.org in scene.below]
    judged = [(one, found) for one in actions.read(scene, below) if (found := effects.found(scene, one))]
    judged.sort(key=lambda item: ORDER.index(item[1].verdict))
    if not judged:
        return
    shown = judged[: block.limit]
    rows = tuple(
        (
            _named(scene, action),
            scene.metric_name(action.text("metric_id")),
            effects.means(scene, action, found) or cells.DASH,
            effects.verdict(scene, action),
        )
        for action, found in shown
    )
    heads = tuple(
        Column(scene.say(f"column.{name}")) for name in ("title", "metric", "before_after", "verdict")
    )
    tones = tuple((at, 3, TONES[found.verdict]) for at, (_, found) in enumerate(shown))
    left = len(judged) - len(shown)
    yield Table(
        caption=scene.wording.of(block.title) if block.title else scene.say("block.outcomes"),
        columns=heads,
        rows=rows,
        empty="",
        note=scene.counted("block.more_rows", left),
        tones=tones,
    )


def _named(scene: Scene, action: Action) -> str:
    named = f"{actions.named(action.row)}, {actions.standing(scene, action)}"
    return named if action.row.org == scene.org else f"{named} ({scene.label(action.row.org)})"
