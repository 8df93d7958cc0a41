"""What there is to decide on a topic, in the few words that a slide has room for beside a chart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from opti_reports.config import block as kinds
from opti_reports.model.card import Agenda, Remark
from opti_reports.model.finding import Deviation
from opti_reports.packs import (
    actions,
    cards,
    cells,
    effects,
    matters,
    outcomes,
    periods,
    sentences,
    signs,
    spoken,
)
from opti_reports.packs.scene import Scene


def agenda(scene: Scene, block: kinds.Agenda) -> Iterator[Agenda]:
    """Yield the matters of the metrics that concern the organisation, or that there is none."""
    metrics = [id for id in block.metrics if scene.concerns(id)]
    if not metrics:
        return
    due = matters.of_topic(scene, metrics)
    left = _listed(scene, [scene.metric_label(one.metric) for one in due[block.limit :]])
    yield Agenda(
        caption=scene.titled(block, scene.say("block.cards")),
        items=tuple(cards.card(scene, one) for one in due[: block.limit]),
        empty=scene.say("agenda.nothing"),
        more=scene.say("card.left", names=left) if left else "",
        also=tuple(_also(scene, metrics, due)),
    )


def _also(scene: Scene, metrics: Sequence[str], due: Sequence[Deviation]) -> Iterator[Remark]:
    """Yield where nothing is decided what went well or is under way; then where units deviate, and
    what is followed.
    """
    if not due:
        good = next(_helped(scene, metrics), None) or next(_better(scene, metrics), None)
        yield from filter(None, (good, next(_running(scene, metrics), None)))
    decided = {one.metric for one in due}
    others = [id for id in metrics if id not in decided]
    followed = [one for one in matters.matters(scene).noted if one.metric in others]
    below = [
        one
        for one in scene.material.deviations
        if one.metric in others and one.org in scene.below and one not in followed and one.org != scene.org
    ]
    for phrase, found in (("units", below), ("followed", followed)):
        if names := _listed(scene, _figures(scene, found)):
            yield Remark("neutral", scene.say(f"agenda.{phrase}", names=names), "")


def _helped(scene: Scene, metrics: Collection[str]) -> Iterator[Remark]:
    """Yield the actions that improved their metric."""
    for action, effect in outcomes.asked(scene):
        if effect.verdict == "seen" and action.text("metric_id") in metrics:
            label = scene.metric_label(action.text("metric_id"))
            means = effects.means(scene, action, effect)
            said = scene.say("agenda.helped", title=outcomes.named(scene, action), name=label, means=means)
            yield Remark("good", said, "")


def _better(scene: Scene, metrics: Iterable[str]) -> Iterator[Remark]:
    """Yield the metrics that became better by more than chance."""
    for id in metrics:
        value = periods.value_now(scene, id)
        sign = signs.variation(scene, value)
        if sign is not None and sign.code.startswith("improvement"):
            said = f"{scene.metric_label(id)} {cells.full(scene, value)}. {sentences.signal(scene, value)}"
            yield Remark("good", said, "")


def _running(scene: Scene, metrics: Collection[str]) -> Iterator[Remark]:
    """Yield the actions under way here and below, those where the metric deviates first."""
    below = [row for row in scene.rows_of("actions") if row.org in scene.below]
    asked = {id for one in scene.material.deviations if one.metric in metrics for id in one.actions}
    for action in sorted(actions.read(scene, below), key=lambda one: one.text("id") not in asked):
        if not action.done and action.text("metric_id") in metrics:
            said = scene.say("agenda.running", title=outcomes.named(scene, action))
            yield Remark("neutral", said, spoken.role(scene, action.text("owner_role")))


def _figures(scene: Scene, found: Iterable[Deviation]) -> list[str]:
    """Return each metric with its figure, or with those of its units."""
    said: dict[str, list[str]] = {}
    for one in found:
        figure = cells.full(scene, scene.value(one.metric, one.period, one.org))
        own = one.org == scene.org
        head = f"{scene.metric_label(one.metric)}{'' if own else ':'}"
        said.setdefault(head, []).append(figure if own else f"{scene.label(one.org)} {figure}")
    return [f"{head} {_listed(scene, list(dict.fromkeys(figures)), ', ')}" for head, figures in said.items()]


def _listed(scene: Scene, names: Sequence[str], between: str = "; ") -> str:
    """Return the first names, and how many more there are."""
    most = scene.configs.findings.shown.named
    said = between.join(names[:most])
    return scene.counted("card.and_more", len(names) - most, names=said) or said
