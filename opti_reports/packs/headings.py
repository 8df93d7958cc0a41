"""What the slides of a section say, as a whole sentence; a section that says nothing keeps its topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from opti_reports.config import block as kinds
from opti_reports.config.pack import SectionSpec
from opti_reports.language import formats
from opti_reports.model.card import Remarks
from opti_reports.model.charts import Bars
from opti_reports.model.finding import Deviation
from opti_reports.model.pack import Block, Table
from opti_reports.packs import cells, matters, periods, preparation
from opti_reports.packs.scene import Scene
from opti_reports.packs.sentences import SPELT

MISSED = ("watch", "off")
JUDGED = ("good", *MISSED)


def heading(scene: Scene, section: SectionSpec, blocks: Sequence[Block]) -> str:
    """Return what the slides of a section say first, empty where nothing is found in them.

    ``blocks`` are what was made of the section.
    """
    return next((said for one in section.block if (said := _said(scene, section, one, blocks))), "")


def _said(scene: Scene, section: SectionSpec, block: kinds.AnyBlock, made: Sequence[Block]) -> str:  # noqa: PLR0911
    match block:
        case kinds.Pending():
            return _counted(scene, "pending", sum(len(one.items) for one in made if isinstance(one, Remarks)))
        case kinds.Outcomes():
            return _helped(scene, [one for one in made if isinstance(one, Table)])
        case kinds.Matrix():
            return _aims(scene, section)
        case kinds.Trends() | kinds.Comparison() | kinds.Funnel() | kinds.Outturn():
            return _metrics(scene, section)
        case kinds.Breakdown():
            return _most(scene, block, made)
        case kinds.Agenda():
            return _agenda(scene, section, block)
        case kinds.Preparations():
            return _prepared(scene, block)
        case kinds.Decisions():
            return _counted(
                scene,
                "decide",
                sum(len(one.rows) for one in made if isinstance(one, Table) and one.blank_rows),
            )
    return ""


def _counted(scene: Scene, phrase: str, count: int) -> str:
    if count < 2:
        return scene.say(f"title.{phrase}_one") if count else ""
    number = scene.say(f"count.{count}") if count <= SPELT else str(count)
    said = scene.say(f"title.{phrase}_many", count=number)
    return formats.capital(said)


def _helped(scene: Scene, tables: Iterable[Table]) -> str:
    """Return how many of the actions shown helped, else how many did not, or cannot be judged."""
    verdicts = Counter(tone for table in tables for _, _, tone in table.tones)
    kinds_of = (("good", "helped"), ("off", "worse"), ("neutral", "unchanged"), ("none", "early"))
    return next((_counted(scene, what, verdicts[tone]) for tone, what in kinds_of if verdicts[tone]), "")


def _agenda(scene: Scene, section: SectionSpec, block: kinds.Agenda) -> str:
    """Return how much there is to decide on the topic, where its chart has no message of its own."""
    metrics = [id for id in block.metrics if scene.concerns(id)]
    count, topic = len(matters.of_topic(scene, metrics)), scene.wording.of(section.title)
    if not metrics:
        return ""
    if count < 2:
        return scene.say(f"title.agenda_{('none', 'one')[count]}", topic=topic)
    number = scene.say(f"count.{count}") if count <= SPELT else str(count)
    return scene.say("title.agenda_many", topic=topic, count=number)


def _aims(scene: Scene, section: SectionSpec) -> str:
    """Return how many of the metrics that have a status are on target in the organisation itself."""
    metrics = (id for block in section.block if isinstance(block, kinds.Matrix) for id in block.metrics)
    tones = Counter(cells.tone(scene, periods.value_now(scene, id)) for id in metrics if scene.concerns(id))
    judged = tones["good"] + tones["watch"] + tones["off"]
    return scene.say("title.aims", n=tones["good"], of=judged) if judged else ""


def _metrics(scene: Scene, section: SectionSpec) -> str:
    """Return the heaviest that deviates in the metrics a section draws, or how many targets were met.

    Of a budget the total alone is drawn.
    """
    drawn = (kinds.Trends, kinds.Comparison, kinds.Funnel, kinds.Outturn)
    shown = [one for one in section.block if isinstance(one, drawn)]
    ids = [id for one in shown for id in one.metrics if scene.concerns(id)]
    whole = {id for one in shown if isinstance(one, kinds.Outturn) for id in one.metrics}
    found = [
        one
        for one in scene.material.deviations
        if one.metric in ids and one.org in ({scene.org} if one.metric in whole else scene.below)
    ]
    if found:
        weight = {id: sum(one.weight for one in found if one.metric == id) for id in ids}
        heaviest = max(ids, key=lambda id: weight[id])
        return _deviating(scene, heaviest, [one for one in found if one.metric == heaviest])
    tones = [cells.tone(scene, periods.value_now(scene, id)) for id in ids]
    judged = [tone for tone in tones if tone in JUDGED]
    topic, met = scene.wording.of(section.title), judged.count("good")
    if judged and met == len(judged) and not _else_deviating(scene, ids):
        return scene.say("title.kept", topic=topic)
    return scene.say("title.some_met", topic=topic, n=met, of=len(judged)) if len(judged) > 1 else ""


def _else_deviating(scene: Scene, ids: Iterable[str]) -> bool:
    """Return whether another metric of the same themes deviates here or below: then not all is well."""
    theme_of = scene.configs.theme_of
    themes = {theme_of[id].id for id in ids}
    return any(
        one.org in scene.below and theme_of[one.metric].id in themes
        for one in scene.material.deviations
        if one.metric in theme_of
    )


def _deviating(scene: Scene, metric_id: str, found: Sequence[Deviation]) -> str:
    """Return in how many units a metric got worse, else in how many its target was missed."""
    leaves = {node.id for node in scene.material.tree.below(scene.org)}
    worse = [one for one in found if "special_cause" in (one.kind, *one.signals)]
    below = {
        "worsened": _units(worse, leaves),
        "missed": list(dict.fromkeys([*_units(found, leaves), *_short(scene, metric_id, leaves)])),
    }
    what = "worsened" if below["worsened"] or (worse and not below["missed"]) else "missed"
    units, name = below[what], scene.metric_name(metric_id)
    if not units:
        return scene.say(f"title.{what}", name=name)
    count = len(units)
    if count > scene.configs.findings.shown.named:
        number = scene.say(f"count_in.{count}") if count <= SPELT else str(count)
        return scene.say(f"title.{what}_many", name=name, count=number)
    named = ", ".join(scene.label(org) for org in units)
    if count == 1:
        return scene.say(f"title.{what}_one", name=name, units=named)
    return scene.say(f"title.{what}_few", name=name, count=scene.say(f"count_in.{count}"), units=named)


def _short(scene: Scene, metric_id: str, leaves: Iterable[str]) -> Iterator[str]:
    """Yield the units that are short of a metric's target, also those that are close to it."""
    for org in sorted(leaves):
        if cells.tone(scene, periods.value_now(scene, metric_id, org)) in MISSED:
            yield org


def _units(found: Iterable[Deviation], leaves: set[str]) -> list[str]:
    """Return the units among those that deviate, the heaviest first."""
    own = sorted((one for one in found if one.org in leaves), key=lambda one: -one.weight)
    return list(dict.fromkeys(one.org for one in own))


def _most(scene: Scene, block: kinds.Breakdown, made: Sequence[Block]) -> str:
    """Return the largest part of a count that its chart shows."""
    shown = [one.bars[0] for one in _charts(scene, block, made) if one.bars and one.bars[0].value]
    if not shown:
        return ""
    name, bar = scene.titled(block, scene.metric_name(block.metric)), shown[0]
    keys = (text for key, text in scene.wording.phrases.items() if key.startswith(f"code.{block.by}."))
    within = next((text for text in keys if formats.capital(text) == bar.label), bar.label)
    return scene.say("title.most", name=name, label=within, figure=bar.text.replace(" ", "\u00a0"))


def _charts(scene: Scene, block: kinds.Breakdown, made: Sequence[Block]) -> Iterator[Bars]:
    titles = (scene.titled(block), scene.metric_name(block.metric))
    wanted = tuple(title for title in titles if title)
    return (one for one in made if isinstance(one, Bars) and one.title.startswith(wanted))


def _prepared(scene: Scene, block: kinds.Preparations) -> str:
    """Return how many of the units with deviations have answered them."""
    answered, silent = preparation.answered(scene, block)
    every = answered | silent
    return scene.say("title.prepared", n=len(answered), of=len(every)) if every else ""
