"""The table in which a meeting writes its decisions: matters without an action first, then rows left open."""

from __future__ import annotations

from collections.abc import Iterator

from opti_reports.config import block as kinds
from opti_reports.model.finding import Deviation
from opti_reports.model.meeting import DECISION_COLUMNS, DECISIONS, Mark
from opti_reports.model.pack import Table
from opti_reports.packs import cards, cells, matters
from opti_reports.packs.offers import listed, offers
from opti_reports.packs.scene import Scene
from opti_reports.periods.months import month_text

_INSTEAD = 2
"""So many rows left open give way to a matter with what is offered for it: that takes their place."""


def decisions(scene: Scene, block: kinds.Decisions) -> Iterator[Table]:
    """Yield a table to be filled in at the meeting; in a deck it can be read back and its rows may name a
    unit.
    """
    given = scene.spec.format == "pptx"
    waiting = [one for one in matters.matters(scene).decided if not cards.agreed(scene, one)] if given else []
    rows = [_row(scene, one) for one in waiting[: block.limit // _INSTEAD]]
    left = {"escalate"} if scene.parent is None else set()
    left |= {"unit"} if scene.is_leaf or not given else set()
    left |= {"barrier"} if not any(row["barrier"] for row in rows) else set()
    heads = [head for head in DECISION_COLUMNS if head not in left]
    yield Table(
        caption=scene.titled(block, scene.say("block.decisions")),
        columns=cells.columns(scene, heads),
        rows=tuple(tuple(row.get(head, "") for head in heads) for row in rows),
        empty="",
        blank_rows=max(block.limit - _INSTEAD * len(rows), 1),
        note=scene.say("block.decide") if rows else "",
        mark=Mark(DECISIONS, scene.spec.id, scene.org, month_text(scene.month)).text if given else "",
    )


def _row(scene: Scene, one: Deviation) -> dict[str, str]:
    """Return what is known of a matter, by the headings of the table; the decision itself is left open."""
    return {
        "unit": "" if one.org == scene.org else scene.label(one.org),
        "owner": matters.mover(scene, one),
        "metric_id": scene.metric_name(one.metric),
        "barrier": listed(offers(scene, one.metric, one.org)),
    }
