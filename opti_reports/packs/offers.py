"""What is offered against what stands in the way of a target, without what was refused often enough."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from opti_reports.config.source import fold
from opti_reports.model.meeting import OFFER_END, REFUSED_END
from opti_reports.model.report import ListRow
from opti_reports.packs.scene import Scene

_DATED = {"preparations": "month", "actions": "opened_at"}
"""Lists that tell what an organisation refused, and the column of their date."""
_OF_DECK = re.compile(r"^[^\d]+(\d{2})(\d{2})-\d+$")


@dataclass(frozen=True)
class Offer:
    """A barrier by its number and name, with what was tried for it (empty: that was refused)."""

    number: int
    name: str
    action: str


def offers(scene: Scene, metric_id: str, org: str) -> tuple[Offer, ...]:
    """Return what may stand in the way of a metric's target and what was tried for it.

    What the organisation passed over in as many months as the rules of findings say is not offered again.
    """
    first = scene.configs.settings.languages[0]
    most = scene.configs.findings.suggestions.refused
    refused = {words for words, months in _refused(scene, metric_id, org).items() if len(months) >= most}
    return tuple(
        Offer(
            number,
            scene.wording.of(barrier.name),
            "" if barrier.action[first] in refused else scene.wording.of(barrier.action),
        )
        for number, barrier in enumerate(scene.metric(metric_id).barrier, 1)
        if barrier.name[first] not in refused
    )


def listed(found: tuple[Offer, ...]) -> str:
    """Return offers as a cell to choose from: numbered, so that a meeting need only write the number."""
    said = (f"{one.name}: {one.action}" if one.action else one.name for one in found)
    return OFFER_END.join(f"{one.number}\u00a0{text}" for one, text in zip(found, said, strict=True))


def _refused(scene: Scene, metric_id: str, org: str) -> dict[str, set[str]]:
    """Return the words an organisation refused, each with the months in which it did."""
    found: dict[str, set[str]] = {}
    for month, words in _passed_over(scene, metric_id, org):
        for one in words.split(REFUSED_END):
            found.setdefault(one, set()).add(month)
    return found


def _passed_over(scene: Scene, metric_id: str, org: str) -> Iterator[tuple[str, str]]:
    for name, spec in scene.configs.lists.items():
        dated = _DATED.get(spec.kind)
        for row in scene.material.lists.get(name, ()) if dated else ():
            if row.org == org and row.cells.get("metric_id") == metric_id and row.cells.get("passed_over"):
                yield _month(row, dated or ""), row.cells["passed_over"]


def _month(row: ListRow, dated: str) -> str:
    """Return the data month an answer is about; the id that an import gave to a decision tells its deck's."""
    found = _OF_DECK.match(row.cells.get("id", ""))
    return f"20{found[1]}-{found[2]}" if found else row.cells[dated][:7]


def in_words(scene: Scene, metric_id: str, written: str) -> str:
    """Return a barrier of the metric, or what was tried for it, in the pack's language; empty for words of
    the writer's own.
    """
    meant = fold(written)
    known = scene.metric(metric_id).barrier if metric_id in scene.configs.metrics else ()
    offered = (words for barrier in known for words in (barrier.name, barrier.action))
    return next((scene.wording.of(words) for words in offered if meant in map(fold, words.values())), "")
