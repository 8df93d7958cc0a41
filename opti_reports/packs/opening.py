"""The page read first: how complete the data is, areas at a glance, what deviates, what the law asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from opti_reports.catalogue.packs import lists_of
from opti_reports.config import block as kinds
from opti_reports.config.theme import Area
from opti_reports.language import formats
from opti_reports.model.finding import Deviation
from opti_reports.model.pack import FindingItem, Notice, Tile, Tiles
from opti_reports.model.report import SourceReport
from opti_reports.model.tone import Tone
from opti_reports.model.value import Value
from opti_reports.packs import cells, periods, sentences, signs
from opti_reports.packs.scene import Scene
from opti_reports.periods.months import monday_of

BADGES = {"statutory": "badge_law", "process_limit": "badge_process"}


def completeness(scene: Scene) -> Iterator[Notice]:
    """Yield one notice a matter: preliminary figures, what is missing, older or partial; or that all is
    there.
    """
    late = [r for r in scene.material.sources if r.late and feeds(scene, r.source)]
    partial = sum(periods.value_now(scene, metric_id).state == "partial" for metric_id in scene.metrics)
    yield from notices(scene, late, partial)
    yield from _unlisted(scene)
    yield from _free_days(scene) if scene.cadence.weekly else ()


def _unlisted(scene: Scene) -> Iterator[Notice]:
    """Yield what the sources that the organisation does not have would add to the pack."""
    left, most = scene.configs.unlisted, scene.configs.findings.shown.named
    brings = left.brings.get(scene.spec.id, {})
    told = []
    for source in list(brings)[:most]:
        themes = [formats.small(scene.wording.of(words)) for words in brings[source]]
        names = ", ".join(themes[:most])
        said = scene.counted("card.and_more", len(themes) - most, names=names) or names
        name = cells.short_name(scene, left.sources[source])
        told.append(scene.say("pack.unlisted_source", source=name, themes=said))
    if told:
        names = "; ".join(told)
        rest = scene.counted("card.and_more", len(brings) - most, names=names) or names
        yield Notice("info", scene.say("pack.unlisted", sources=rest))


def _free_days(scene: Scene) -> Iterator[Notice]:
    """Yield that the week, or one that it is compared with, has fewer working days than others."""
    now = scene.material.week
    weeks = {"week": now.week, "before": now.week - 1, "year": now.year_ago.week}
    said = [
        scene.say(f"free_days.{name}", days=days)
        for name, week in weeks.items()
        if (days := _free(scene, week))
    ]
    if said:
        yield Notice("info", scene.say("free_days.all", weeks="; ".join(said)))


def _free(scene: Scene, week: int) -> str:
    free = (day for day, worked in scene.configs.calendar.of_week(monday_of(week)) if not worked)
    return ", ".join(formats.date(day, scene.wording) for day in free)


def notices(scene: Scene, lacking: Sequence[SourceReport], partial: int) -> Iterator[Notice]:
    """Yield the notices of these late sources and of so many partial figures."""
    found = []
    if scene.material.stage == "preliminary":
        found.append(Notice("warn", scene.say("pack.preliminary")))
    for presence, tone in (("required", "wrong"), ("optional", "warn"), ("lagging", "info")):
        late = [r for r in lacking if r.presence == presence]
        if late:
            names = "; ".join(_dated(scene, r.source, r.newest) for r in late)
            found.append(Notice(tone, scene.say(f"pack.incomplete_{presence}", sources=names)))
    if partial:
        found.append(Notice("info", scene.counted("pack.incomplete_units", partial)))
    yield from found or [Notice("right", scene.say("pack.complete"))]
    if scene.configs.demo:
        yield Notice("info", scene.say("pack.demo"))
    if not all(rule.agreed for rule in scene.configs.findings.escalation):
        yield Notice("info", scene.say("pack.escalation_proposed"))


def feeds(scene: Scene, source: str) -> bool:
    """Return whether a source feeds a metric or a list of this pack."""
    if any(source in scene.sources_of(metric_id) for metric_id in scene.metrics):
        return True
    lists = lists_of(scene.spec)
    return any(spec.id in lists for spec in scene.configs.sources[source].list)


def _dated(scene: Scene, source: str, newest: int | None) -> str:
    name = cells.short_source(scene, source)
    if newest is None:
        return name
    label = formats.month(newest, scene.language)
    return scene.say("sentence.source_newest", source=name, period=label)


def tiles(scene: Scene, block: kinds.Tiles) -> Iterator[Tiles]:
    """Yield each area of which the pack has metrics a tile: how many are on target, near it, off it, or
    without a status.
    """
    own = ((area, _of(scene, area)) for area in scene.configs.areas)
    shown = tuple(tile(scene, scene.wording.of(area.name), ids) for area, ids in own if ids)
    if shown:
        yield Tiles(scene.titled(block, scene.say("block.tiles")), shown)


def _of(scene: Scene, area: Area) -> list[str]:
    return [metric_id for metric_id in scene.metrics if scene.configs.theme_of[metric_id].area == area.id]


def tile(scene: Scene, label: str, ids: Sequence[str], more: tuple[str, ...] = ()) -> Tile:
    """Return how these metrics stand, in a tile that says ``more`` after them."""
    tones = Counter(cells.tone(scene, periods.value_now(scene, metric_id)) for metric_id in ids)
    judged = tones["good"] + tones["watch"] + tones["off"]
    counts = scene.say("block.tile_counts", good=tones["good"], watch=tones["watch"], off=tones["off"])
    rest = scene.say("block.tile_none", count=tones["neutral"] + tones["none"])
    lines = ((counts,) if judged else ()) + ((rest,) if len(ids) > judged else ())
    return Tile(label, _tile_tone(tones, judged), _headline(scene, tones, judged), (*lines, *more))


def _tile_tone(tones: Counter[Tone], judged: int) -> Tone:
    """Return the gravest there is; an area of which most is not judged is called neither good nor near."""
    gravest = next((tone for tone in ("off", "watch", "good") if tones[tone]), "none")
    return "none" if gravest != "off" and 2 * judged < tones.total() else gravest


def _headline(scene: Scene, tones: Counter[Tone], judged: int) -> str:
    if not judged:
        return scene.say("block.tile_unjudged")
    if tones["off"] == 1:
        return scene.say("block.tile_off_one")
    return scene.say("block.tile_off", count=tones["off"]) if tones["off"] else scene.say("block.tile_no_off")


def own_deviations(scene: Scene) -> list[Deviation]:
    """Return what deviates in this organisation, the heaviest first, each metric once."""
    found: dict[str, Deviation] = {}
    for one in scene.material.deviations:
        if one.org == scene.org:
            found.setdefault(one.metric, one)
    return list(found.values())


def reacting(scene: Scene) -> list[Deviation]:
    """Return what this organisation must react to, each metric once: its own deviations, the heaviest first,
    then those below it that have lasted, spread or broken the law so that they call on its level.

    A target that a unit below has missed for so long is not hidden by a signal of the total, which asks a
    question and no decision.
    """
    levels = scene.levels
    called = levels[: levels.index(scene.node.level) + 1]
    below = [
        one
        for one in scene.material.deviations
        if one.org in scene.below and one.react_level in called and one.org != scene.org
    ]
    found: dict[str, Deviation] = {}
    for one in sorted((*own_deviations(scene), *below), key=lambda one: one.kind == "special_cause"):
        found.setdefault(one.metric, one)
    return sorted(found.values(), key=lambda one: (one.org != scene.org, -one.weight))


def item(scene: Scene, one: Deviation, actions_too: bool = True) -> FindingItem:
    """Return a deviation: what, how much, target, since when, who reacts, how many actions are under way."""
    badge = scene.say(f"pack.{BADGES[one.kind]}") if one.kind in BADGES else ""
    if one.metric not in scene.configs.metrics:
        role = scene.wording.of(scene.configs.sources[one.metric].owner_role)
        sentence = sentences.deviation(
            scene, one, Value(metric=one.metric, org=one.org, period=one.period, state="missing")
        )
        name = sentences.source_name(scene, one.metric)
        return FindingItem(
            tone="none",
            badge=badge,
            title=name,
            value=scene.say("state.missing"),
            target=cells.DASH,
            sentence=sentence,
            react=role,
        )
    value = scene.value(one.metric, one.period, one.org)
    aim = scene.status(value).target
    name = scene.metric_name(one.metric)
    parts = [sentences.deviation(scene, one, value), _other_period(scene, value)]
    if actions_too:
        parts += _under_way(scene, one)
    return FindingItem(
        tone=cells.tone(scene, value),
        badge=badge,
        title=name if one.org == scene.org else f"{name}: {scene.name(one.org)}",
        value=cells.full(scene, value),
        target=cells.target(scene, one.metric, aim, scene.metric(one.metric).unit),
        sentence=" ".join(part for part in parts if part),
        react=owner(scene, one.metric),
        sign=signs.variation(scene, value) if "special_cause" in (one.kind, *one.signals) else None,
    )


def _other_period(scene: Scene, value: Value) -> str:
    """Return which month a deviation is of, where the pack shows another period."""
    if value.period == periods.shown(scene, value.metric):
        return ""
    return scene.say("sentence.of_period", period=periods.label(scene, value.period))


def _under_way(scene: Scene, one: Deviation) -> Iterator[str]:
    if one.actions:
        yield scene.say("sentence.open_actions", count=len(one.actions))


def owner(scene: Scene, metric_id: str) -> str:
    """Return the role that answers for a metric: its own, else its theme's."""
    return scene.wording.of(
        scene.metric(metric_id).owner_role or scene.configs.theme_of[metric_id].owner_role
    )
