"""The table in which a meeting writes its decisions: matters without an action first, then rows left open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opti_reports.config import block as kinds
from opti_reports.model.finding import Deviation
from opti_reports.model.meeting import DECISION_COLUMNS, DECISIONS, OFFER_END, Mark
from opti_reports.model.pack import Table
from opti_reports.packs import cards, cells, matters
from opti_reports.packs.offers import listed, offers
from opti_reports.packs.scene import Scene
from opti_reports.periods.months import month_text

_INSTEAD = 2
"""So many rows left open give way to a matter with what is offered for it: that takes their place."""


def decisions(scene: Scene, block: kinds.Decisions) -> Iterator[Table]:
    """Yield a table to be filled in at the meeting, below what is offered for its matters; in a deck it can
    be read back and its rows may name a unit.
    """
    given = scene.spec.format == "pptx"
    waiting = [one for one in matters.matters(scene).decided if not cards.agreed(scene, one)] if given else []
    shown = waiting[: block.limit // _INSTEAD]
    rows = [_row(scene, one) for one in shown]
    left = {"barrier"} | ({"escalate"} if scene.parent is None else set())
    left |= {"unit"} if scene.is_leaf or not given else set()
    left |= {"offers"} if not any(row["offers"] for row in rows) else set()
    heads = [head for head in DECISION_COLUMNS if head not in left]
    yield from _offered(scene, shown)
    yield Table(
        caption=scene.titled(block, scene.say("block.decisions")),
        columns=cells.columns(scene, heads),
        rows=tuple(tuple(row.get(head, "") for head in heads) for row in rows),
        empty="",
        blank_rows=max(block.limit - _INSTEAD * len(rows), 1),
        note=scene.say("block.decide") if rows else "",
        mark=Mark(DECISIONS, scene.spec.id, scene.org, month_text(scene.month)).text if given else "",
    )


def _offered(scene: Scene, waiting: Sequence[Deviation]) -> Iterator[Table]:
    """Yield what often stands in the way of each matter and what was tried for it, where that is known."""
    found = [(one, listed(offers(scene, one.metric, one.org))) for one in waiting]
    rows = tuple((scene.metric_label(one.metric), said) for one, said in found if said)
    if rows:
        columns = cells.columns(scene, ("metric_id", "barrier"))
        yield Table(caption="", columns=columns, rows=rows, empty="")


def _row(scene: Scene, one: Deviation) -> dict[str, str]:
    """Return what is known of a matter, by the headings of the table; the decision itself is left open."""
    return {
        "unit": "" if one.org == scene.org else scene.label(one.org),
        "owner": matters.mover(scene, one),
        "metric_id": _metric(scene, one.metric),
        "offers": OFFER_END.join(str(offer.number) for offer in offers(scene, one.metric, one.org)),
    }


def _metric(scene: Scene, metric_id: str) -> str:
    """Return a metric's short name, where that means no other metric when it is read back."""
    label = scene.metric_label(metric_id)
    return label if scene.configs.metric_called(label) == metric_id else scene.metric_name(metric_id)
