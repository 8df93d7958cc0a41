"""What deviates, by what a meeting does about it: decides, or notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opti_reports.config.block import Cards
from opti_reports.model.finding import BINDING, Deviation
from opti_reports.model.value import Value
from opti_reports.packs import opening
from opti_reports.packs.scene import Scene


@dataclass(frozen=True)
class Matters:
    """``decided`` are for this meeting, the law first; ``left`` more than fit; ``noted`` are read."""

    decided: tuple[Deviation, ...]
    left: tuple[Deviation, ...]
    noted: tuple[Deviation, ...]


def matters(scene: Scene) -> Matters:
    """Return what deviates in the organisation, and below it as far as it calls on its level.

    At most as many are decided as the pack's cards say, else the rules of findings.
    """
    found = opening.reacting(scene)
    decided = sorted((one for one in found if decides(scene, one)), key=lambda one: not _lawful(one))
    limits = (block.limit for block in scene.spec.blocks if isinstance(block, Cards))
    most = next(limits, None) or scene.configs.findings.deviations_shown
    noted = tuple(one for one in found if not decides(scene, one))
    new = {one.metric for one in fallen(scene)}
    left = sorted(decided[most:], key=lambda one: one.metric not in new)
    return Matters(tuple(decided[:most]), tuple(left), noted)


def of_topic(scene: Scene, metrics: Sequence[str]) -> list[Deviation]:
    """Return what the meeting decides on in these metrics: the law first, then in their order."""
    found = matters(scene)
    due = (one for one in (*found.decided, *found.left) if one.metric in metrics)
    return sorted(due, key=lambda one: (not _lawful(one), metrics.index(one.metric)))


def fallen(scene: Scene) -> list[Deviation]:
    """Return what fell since the last meeting of the level and nothing is agreed about: the heaviest few.

    That is a target missed that is a special cause too, here or in a unit that has called on the level
    since. What has weighed for years would crowd it out, and the total of all units hides it.
    """
    levels, rules = scene.levels, scene.configs.findings.escalation
    called = levels[: levels.index(scene.node.level) + 1]
    needed = next((rule.months for rule in rules if rule.level == scene.node.level), 1)
    found: dict[str, Deviation] = {}
    for one in scene.material.deviations:
        here = one.org in scene.below and (one.org == scene.org or one.react_level in called)
        new = one.lasted.months < needed + scene.spec.cadence.step and not one.actions
        if here and new and {"special_cause"} < set(one.signals) and not _lawful(one) and decides(scene, one):
            found.setdefault(one.metric, one)
    return list(found.values())[: scene.configs.findings.proposals.fallen]


def may_be_chance(scene: Scene, one: Deviation) -> bool:
    """Return whether a target missed for the first time lies within what the cases leave uncertain."""
    value = scene.value(one.metric, one.period, one.org)
    return not _lawful(one) and one.lasted.steps <= 1 and _uncertain(scene, value)


def lead(scene: Scene, metric_id: str, level: str = "") -> str:
    """Return the role that acts on a level (the pack's own) when a metric deviates; empty: none there."""
    found = scene.configs.theme_of[metric_id].lead.get(level or scene.node.level)
    return scene.wording.of(found.role) if found else ""


def source_lead(scene: Scene, source: str, level: str = "") -> str:
    """Return the role that acts on a level (the pack's own) on what a source tells, else who answers for the
    source.
    """
    fed = (metric_id for metric_id in scene.configs.metrics if source in scene.sources_of(metric_id))
    leads = filter(None, (lead(scene, metric_id, level) for metric_id in fed))
    return next(leads, "") or scene.wording.of(scene.configs.sources[source].owner_role)


def mover(scene: Scene, one: Deviation) -> str:
    """Return the role whose move it is: of the level above, where the deviation calls on that.

    The law calls on every level at once, and each has its own move.
    """
    parent = scene.material.tree.by_id[scene.parent].level if scene.parent else ""
    levels = scene.levels
    called = one.react_level in levels[: levels.index(scene.node.level)]
    above = lead(scene, one.metric, parent) if called and not _lawful(one) else ""
    return above or lead(scene, one.metric) or opening.owner(scene, one.metric)


def decides(scene: Scene, one: Deviation) -> bool:
    """Return whether the meeting decides on it; else it is somebody else's matter, or may be chance."""
    if one.metric not in scene.configs.metrics:
        return False
    if _lawful(one):
        return True
    missed = one.kind != "special_cause"
    return missed and bool(lead(scene, one.metric)) and not may_be_chance(scene, one)


def _lawful(one: Deviation) -> bool:
    return "statutory" in (one.kind, *one.signals)


def _uncertain(scene: Scene, value: Value) -> bool:
    target = scene.status(value).target
    if value.interval is None or target is None or target.basis not in BINDING:
        return False
    low, high = value.interval
    return any(low <= float(level) <= high for level in target.exact)
