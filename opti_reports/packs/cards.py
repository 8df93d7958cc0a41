"""Cards: what to decide at the meeting, with its number, since when, and whose move it is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from opti_reports.config import block as kinds
from opti_reports.language import formats
from opti_reports.model.card import Card, Cards, Remark, Remarks
from opti_reports.model.finding import Deviation, TargetInForce
from opti_reports.model.value import Value
from opti_reports.packs import (
    actions,
    before,
    cells,
    effects,
    matters,
    opening,
    outcomes,
    periods,
    sentences,
    spoken,
    tables,
)
from opti_reports.packs.action import Action
from opti_reports.packs.offers import in_words, offers
from opti_reports.packs.scene import Scene


def cards(scene: Scene, block: kinds.Cards) -> Cards:
    """Return the matters of the meeting, at most as many as a meeting decides on; the rest is counted."""
    found, most = matters.matters(scene), scene.configs.findings.shown.named
    more = ""
    if found.left:
        names = "; ".join(scene.metric_label(one.metric) for one in found.left[:most])
        rest = len(found.left) - most
        listed = scene.counted("card.and_more", rest, names=names) or names
        more = scene.say("card.left", names=listed)
    title = scene.titled(block, scene.say("block.cards"))
    return Cards(title, tuple(card(scene, one) for one in found.decided), scene.say("card.nothing"), more)


def noted(scene: Scene, block: kinds.Noted) -> Iterator[Remarks]:
    """Yield what is somebody else's matter, or may be chance, a sentence each; or nothing."""
    found = matters.matters(scene).noted
    if not found:
        return
    left = len(found) - block.limit
    title = scene.titled(block, scene.say("block.noted"))
    lines = tuple(_line(scene, one) for one in found[: block.limit])
    yield Remarks(title, lines, scene.counted("block.more_rows", left))


def headline(scene: Scene) -> str:
    """Return what waits for the meeting and what has helped, in a sentence each."""
    count = len(matters.matters(scene).decided)
    helped = sum(effect.verdict == "seen" for _, effect in outcomes.asked(scene))
    said = [_counted(scene, "card.title", count), _counted(scene, "card.helped", helped) if helped else ""]
    return " ".join(part for part in said if part)


def _counted(scene: Scene, phrase: str, count: int) -> str:
    if count < 2:
        return scene.say(f"{phrase}_{('none', 'one')[count]}")
    number = scene.say(f"count.{count}") if count <= sentences.SPELT else str(count)
    said = scene.say(f"{phrase}_many", count=number)
    return formats.capital(said)


def card(scene: Scene, one: Deviation) -> Card:
    """Return a matter as a card."""
    value = scene.value(one.metric, one.period, one.org)
    aim = scene.status(value).target
    decided = agreed(scene, one)
    role = matters.mover(scene, one)
    return Card(
        tone=cells.tone(scene, value),
        badge=_badge(scene, one),
        message=_message(scene, one, value, aim),
        why=" ".join(part for part in _why(scene, one, value, aim) if part),
        brief=" ".join(part for part in _brief(scene, one, value, aim) if part),
        value=cells.brief(scene, value),
        compared=" · ".join(part for part in _compared(scene, one, value, aim) if part),
        spark=tables.spark(scene, value, aim),
        action=actions.named(scene, decided[0].row) if decided else scene.say("card.unagreed"),
        agreed=bool(decided),
        role=(spoken.role(scene, decided[0].text("owner_role")) if decided else "") or role,
        note=_stage(scene, one, decided) if decided else _barriers(scene, one),
        figure=cells.row(value),
    )


def _badge(scene: Scene, one: Deviation) -> str:
    return scene.say(f"pack.{opening.BADGES[one.kind]}") if one.kind in opening.BADGES else ""


def _message(scene: Scene, one: Deviation, value: Value, aim: TargetInForce | None) -> str:
    """Return the matter in a sentence with its number; of a unit below, with its name."""
    metric = scene.metric(one.metric)
    late = value.den - value.num if value.den and value.num is not None and one.breaches is not None else None
    slots = {
        "value": cells.full(scene, value),
        "target": cells.target_figure(scene, metric, aim, metric.unit) if aim else "",
        "late": "" if late is None else cells.count(scene, late),
        "n": cells.count(scene, value.den) if value.den is not None else "",
    }
    saying = metric.message.missed if metric.message else None
    needs_cases = saying is not None and "{late}" in saying[scene.language]
    if saying is None or (needs_cases and late is None):
        said = scene.say("card.missed", name=scene.metric_name(one.metric), value=slots["value"])
    else:
        said = scene.wording.of(saying).format(**slots)
    return (
        said if one.org == scene.org else scene.say("card.of", organisation=scene.label(one.org), said=said)
    )


def _why(scene: Scene, one: Deviation, value: Value, aim: TargetInForce | None) -> Iterator[str]:
    """Yield what would have been enough, since when, what the best reach, which units, what stands out."""
    yield _gap(scene, one, value, aim)
    yield _since(scene, one)
    yield _peers(scene, one, value)
    yield _units(scene, one)
    if "special_cause" in one.signals:
        yield sentences.signal(scene, value)


def _brief(scene: Scene, one: Deviation, value: Value, aim: TargetInForce | None) -> Iterator[str]:
    """Yield in few words whose limit it is, what would have been enough, which units are off, since when."""
    if (badge := _badge(scene, one)) and not _all_asked(scene, one, aim):
        yield f"{badge}."
    yield _gap(scene, one, value, aim)
    yield _units(scene, one, "brief_units")
    yield scene.say(
        f"card.{'new' if one.lasted.steps < 2 else 'brief'}_since", since=periods.began(scene, one)
    )


def _since(scene: Scene, one: Deviation) -> str:
    since = periods.began(scene, one)
    if one.lasted.steps < 2:
        return scene.say("card.new_since", since=since)
    if "statutory" not in (one.kind, *one.signals):
        return scene.say("card.off_since", since=since)
    return scene.say("card.law_since", since=since)


def _gap(scene: Scene, one: Deviation, value: Value, aim: TargetInForce | None) -> str:
    """Return how many cases more would have met the target; of a law the number of cases says it already."""
    saying = scene.metric(one.metric).message
    if saying is None or saying.gap is None or saying.gap_one is None or aim is None or aim.basis == "law":
        return ""
    if aim.op != ">=" or value.num is None or not value.den:
        return ""
    scale = Fraction(getattr(scene.metric(one.metric), "scale", 1))
    count = math.ceil(aim.exact[0] / scale * value.den - value.num)
    if count < 1:
        return ""
    target = cells.target_figure(scene, scene.metric(one.metric), aim, scene.metric(one.metric).unit)
    words = scene.wording.of(saying.gap_one if count == 1 else saying.gap)
    return words.format(count=cells.count(scene, count), target=target.removeprefix("≥ "))


def _peers(scene: Scene, one: Deviation, value: Value) -> str:
    """Return what the best units of the same type reach in twelve months, where a unit is below it."""
    node = scene.material.tree.by_id[one.org]
    best = scene.material.peers.get((one.metric, node.type)) if scene.is_leaf else None
    if best is None or value.value is None or value.value >= best:
        return ""
    metric = scene.metric(one.metric)
    return scene.say("card.peers", value=cells.figure(scene, best, metric.unit, metric.decimals))


def _units(scene: Scene, one: Deviation, own_phrase: str = "units") -> str:
    """Return which units below deviate in the same, the heaviest first; empty on a unit's own page.

    Of a card of one of those below, which others. A unit follows by months what a review sees by tertials:
    then the period is named.
    """
    own, tree = one.org == scene.org, scene.material.tree
    leaves = {node.id for node in tree.below(scene.org) if own or one.org not in tree.above(node.id)}
    leaves.discard(scene.configs.organisation.unallocated)
    same = (d for d in scene.material.deviations if d.metric == one.metric and d.org in leaves)
    alike = (d for d in same if one.kind == "special_cause" or d.kind != "special_cause")
    off = [d for d in alike if own or d.period == one.period]
    if scene.is_leaf or not off:
        return ""
    most = scene.configs.findings.shown.named
    called = scene.short_names([d.org for d in off[:most]])
    named = ", ".join(
        f"{name} {cells.brief(scene, scene.value(d.metric, d.period, d.org))}"
        for name, d in zip(called, off, strict=False)
    )
    if len(off) > most:
        named = scene.counted("card.and_more", len(off) - most, names=named)
    if not own:
        return scene.say("card.units_also", names=named)
    if off[0].period == one.period:
        return scene.say(f"card.{own_phrase}", names=named)
    return scene.say("card.units_of", names=named, period=periods.label(scene, off[0].period))


def _compared(scene: Scene, one: Deviation, value: Value, aim: TargetInForce | None) -> Iterator[str]:
    metric = scene.metric(one.metric)
    if aim is not None:
        text = cells.target_figure(scene, metric, aim, metric.unit)
        yield (
            scene.say("card.law_all")
            if _all_asked(scene, one, aim)
            else scene.say("sentence.target", target=text)
        )
    if one.org == scene.org:
        found = before.before(scene, one.metric, value.period)
        if found.whole:
            figure = cells.brief(scene, found.value)
            label = periods.short_label(scene, found.value.period)
            phrase = "year_ago" if found.season else "before_of" if found.between else "before"
            yield scene.say(f"card.{phrase}", period=label, value=figure)


def _all_asked(scene: Scene, one: Deviation, aim: TargetInForce | None) -> bool:
    """Return whether the law asks it of every case: then the target says that it is the law's."""
    bounds = scene.metric(one.metric).bounds
    return aim is not None and aim.basis == "law" and aim.op == ">=" and aim.exact[0] == bounds[1]


def agreed(scene: Scene, one: Deviation) -> list[Action]:
    """Return the open actions of the organisation for the metric, the next due first."""
    rows = [row for row in scene.rows_of("actions") if row.cells.get("id") in one.actions]
    return [action for action in actions.read(scene, rows) if not action.done]


def _stage(scene: Scene, one: Deviation, decided: list[Action]) -> str:
    """Return how the action stands, whether it helped, and what it is to clear out of the way."""
    first = decided[0]
    parts = [actions.standing(scene, first), effects.verdict(scene, first)]
    if barrier := first.text("barrier"):
        parts.append(scene.say("card.barrier", name=in_words(scene, one.metric, barrier) or barrier))
    if len(decided) > 1:
        parts.append(scene.say("card.more_actions", count=len(decided) - 1))
    return "; ".join(part for part in parts if part)


def _barriers(scene: Scene, one: Deviation) -> str:
    """Return what often stands in the way, as a question: never an order."""
    known = [offer.name for offer in offers(scene, one.metric, one.org)]
    return (
        scene.say("card.barriers", names=", ".join(known[: scene.configs.findings.shown.named]))
        if known
        else ""
    )


def _line(scene: Scene, one: Deviation) -> Remark:
    item = opening.item(scene, one, actions_too=False)
    if one.metric in scene.configs.metrics and matters.may_be_chance(scene, one):
        value = scene.value(one.metric, one.period, one.org)
        low, high = (
            cells.figure(scene, end, "", scene.metric(one.metric).decimals)
            for end in value.interval or (0, 0)
        )
        said = scene.say("card.chance", low=low, high=high)
    else:
        said = item.sentence
    aimed = "card.noted_plain" if item.target == cells.DASH else "card.noted"
    text = scene.say(aimed, name=item.title, value=item.value, target=item.target, said=said)
    return Remark(item.tone, text.strip(), item.react)
