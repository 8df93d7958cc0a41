"""The standing line of what the law asks: each limit with how many of how many it was kept for."""

from __future__ import annotations

from collections.abc import Iterator

from opti_reports.config import block as kinds
from opti_reports.config.shown import is_law
from opti_reports.model.card import Law, LawItem
from opti_reports.model.pack import Text
from opti_reports.model.value import Value
from opti_reports.packs import cells, periods
from opti_reports.packs.scene import Scene
from opti_reports.periods.months import YEAR
from opti_reports.periods.period import Period


def law(scene: Scene, block: kinds.Law) -> Iterator[Law | Text]:
    """Yield the limits that concern the organisation, or that none does; nothing where none is followed."""
    title = scene.titled(block, scene.say("block.statutory"))
    if found := line(scene, title):
        yield found
    elif any(lawful(scene)):
        yield Text((scene.say("sentence.title_value", name=title, value=scene.say("block.no_statutory")),))


def line(scene: Scene, title: str) -> Law | None:
    """Return the limits that concern the organisation; None where there are none.

    That there was no case is said where there mostly are some; a limit that speaks of nobody helps nobody.
    """
    own = (id for id in lawful(scene) if scene.concerns(id) and _speaks(scene, id))
    items = tuple(_item(scene, metric_id) for metric_id in own)
    return Law(title, items) if items else None


def lawful(scene: Scene) -> Iterator[str]:
    """Yield the metrics with a limit of the law that the organisation's level follows."""
    for metric_id, metric in scene.configs.metrics.items():
        if is_law(metric, scene.node.level):
            yield metric_id


def _speaks(scene: Scene, metric_id: str) -> bool:
    """Return whether there is a case now, or was in most of the last twelve months."""
    now = periods.value_now(scene, metric_id)
    if not _without_case(now):
        return True
    cadence = scene.metric(metric_id).cadence
    ends = [end for end in range(now.period.end - YEAR, now.period.end) if cadence.ends(end)]
    before = [scene.value(metric_id, Period(cadence, end)) for end in ends]
    some = sum(value.state != "missing" and not _without_case(value) for value in before)
    return some * YEAR >= scene.configs.findings.shown.law_months * len(ends)


def _without_case(value: Value) -> bool:
    return value.state == "few" and not value.n


def _item(scene: Scene, metric_id: str) -> LawItem:
    value = periods.value_now(scene, metric_id)
    cases = cells.part_of(scene, value) if value.den else cells.state_words(scene, value)
    said = "; ".join(part for part in (cases, cells.period_note(scene, value)) if part)
    return LawItem(scene.metric_label(metric_id), said, cells.tone(scene, value), cells.row(value))
