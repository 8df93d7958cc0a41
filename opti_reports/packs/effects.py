"""Whether an action has helped, in the words of its metric."""

from __future__ import annotations

from opti_reports.language import formats
from opti_reports.model.finding import Effect
from opti_reports.model.value import Value
from opti_reports.packs import cells, periods
from opti_reports.packs.action import Action
from opti_reports.packs.scene import Scene
from opti_reports.periods.months import parse_month
from opti_reports.periods.period import Period


def effect(scene: Scene, action: Action) -> str:
    """Return what became of the action's metric: the verdict and means before and after, where months are
    judged.

    Of other metrics the figures before it began and now, without a verdict; without a metric of its own, the
    effect that was expected.
    """
    metric_id = action.text("metric_id")
    if metric_id not in scene.configs.metrics or not action.row.day("started_at"):
        return action.text("expected_effect")
    name, judged = scene.metric_name(metric_id), effect_of(scene, action)
    if judged is not None:
        return f"{name}: {_judged(scene, metric_id, judged)}"
    before, now = _ends(scene, action)
    if now.number is None or before.number is None:
        return name
    return scene.say(
        "sentence.effect", name=name, before=cells.full(scene, before), now=cells.full(scene, now)
    )


def effect_of(scene: Scene, action: Action) -> Effect | None:
    """Return what the months of an action's metric say of it; None where none is judged."""
    return scene.material.effects.get(action.text("id"))


def verdict(scene: Scene, action: Action) -> str:
    """Return whether an action has helped, in a word or two; empty where nothing can be said."""
    judged = effect_of(scene, action)
    return _verdict(scene, judged) if judged is not None else ""


def _verdict(scene: Scene, judged: Effect) -> str:
    needed = scene.configs.findings.effect.months
    return scene.say(
        f"effect.{judged.verdict}",
        months=cells.count(scene, min(judged.n_before, judged.n_after)),
        needed=needed,
    )


def means(scene: Scene, action: Action, judged: Effect) -> str:
    """Return the means before and after an action, each with its months; empty where there is not yet
    either.
    """
    if judged.verdict == "too_early" or judged.before is None or judged.after is None:
        return ""
    metric = scene.metric(action.text("metric_id"))
    before, after = (
        cells.figure(scene, mean, metric.unit, metric.decimals) for mean in (judged.before, judged.after)
    )
    slots = {"before_n": cells.count(scene, judged.n_before), "after_n": cells.count(scene, judged.n_after)}
    return scene.say(
        "effect.over_season" if judged.season else "effect.over", before=before, after=after, **slots
    )


def _judged(scene: Scene, metric_id: str, judged: Effect) -> str:
    """Return ``vaikutus näkyy; keskiarvo 71,2 % → 75,0 %, muutos +3,8 %-yks. (95 %:n väli 1,2 … 6,4)``."""
    said_verdict = _verdict(scene, judged)
    if judged.verdict == "too_early" or judged.before is None or judged.after is None:
        return said_verdict
    metric = scene.metric(metric_id)
    before, after = (
        cells.figure(scene, mean, metric.unit, metric.decimals) for mean in (judged.before, judged.after)
    )
    change = formats.difference(judged.after - judged.before, metric.unit, metric.decimals, scene.wording)
    phrase = "effect.means_season" if judged.season else "effect.means"
    said = scene.say(phrase, before=before, after=after, change=change)
    if judged.interval is not None:
        low, high = (cells.figure(scene, bound, "", metric.decimals) for bound in judged.interval)
        said = f"{said} ({scene.say('effect.interval', low=low, high=high)})"
    return f"{said_verdict}; {said}"


def helped(scene: Scene, action: Action) -> bool:
    """Return whether the action's effect is seen; of a metric without a verdict, whether it moved the better
    way.
    """
    metric_id = action.text("metric_id")
    if metric_id not in scene.configs.metrics or not action.row.day("started_at"):
        return False
    judged = effect_of(scene, action)
    if judged is not None:
        return judged.verdict == "seen"
    before, now = _ends(scene, action)
    if before.number is None or now.number is None:
        return False
    better = {"up": now.number > before.number, "down": now.number < before.number}
    return better.get(scene.metric(metric_id).direction, False)


def _ends(scene: Scene, action: Action) -> tuple[Value, Value]:
    """Return the metric before the action began and now: of its own organisation, here of what was decided
    above.
    """
    metric_id = action.text("metric_id")
    org = action.row.org if action.row.org in scene.below else scene.org
    now = periods.value_now(scene, metric_id, org)
    started = parse_month(action.text("started_at")[:7])
    before = _before(now.period, started, season=scene.metric(metric_id).season)
    return scene.value(metric_id, before, org), now


def _before(now: Period, started: int, *, season: bool) -> Period:
    """Return the last whole period of the same kind before the month an action began; of a seasonal metric
    the last one of the same time of year.
    """
    if season:
        before = now
        while before.end >= min(started, now.end):
            before = before.year_ago
        return before
    return now._replace(end=now.cadence.last_end(min(started, now.end) - 1))
