"""What was done about what was found: actions that somebody marked as fit to be published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from opti_reports.config import block as kinds
from opti_reports.config.configs import Configs
from opti_reports.language import formats
from opti_reports.model.pack import Column, Table
from opti_reports.model.report import MASK, ListRow
from opti_reports.packs import spoken
from opti_reports.packs.scene import Scene
from opti_reports.periods.months import parse_month

_IN = "title_"
"""With what the column of a title in another language begins."""


def done(scene: Scene, block: kinds.Done) -> Iterator[Table]:
    """Yield the actions of the organisation and below, what was done last first; that there is none."""
    below = [row for row in scene.material.lists.get(block.list, ()) if row.org in scene.below]
    rows = [row for row in below if _about(row, block) and _lately(scene, row, block.months)]
    rows = [row for row in rows if not may_name(scene.configs, row)]
    told: dict[str, ListRow] = {}
    for row in sorted(rows, key=_order, reverse=True):
        told.setdefault(row.cells["title"].casefold(), row)  # agreed in several units, it is told once
    shown = list(told.values())[: block.limit]
    titles = [_title(scene, row) for row in shown]
    yield Table(
        caption=scene.titled(block, scene.say("plain.done")),
        columns=(Column(scene.say("plain.action")), Column(scene.say("plain.standing"), True)),
        rows=tuple((title, _standing(scene, row)) for (title, _), row in zip(titles, shown, strict=True)),
        empty=scene.say("plain.none_done"),
        languages=tuple((at, 0, language) for at, (_, language) in enumerate(titles) if language),
    )


def may_name(configs: Configs, row: ListRow) -> bool:
    """Return whether a title may name a person, or had something masked: residents do not read it."""
    titles = [text for name, text in row.cells.items() if name == "title" or name.startswith(_IN)]
    return any(MASK in text or configs.roles.names_somebody(text) for text in titles)


def _about(row: ListRow, block: kinds.Done) -> bool:
    """Return whether an action comes of what the block is about."""
    asked = not (block.sources or block.metrics)
    return asked or row.cells.get("about") in block.sources or row.cells.get("metric_id") in block.metrics


def _lately(scene: Scene, row: ListRow, months: int) -> bool:
    ended = row.cells.get("done_at", "")
    return not ended or parse_month(ended[:7]) > scene.month - months


def _order(row: ListRow) -> tuple[str, str, str, str]:
    """Return what was done last as the greatest, then what was started and agreed last."""
    dates = (row.cells.get(name, "") for name in ("done_at", "started_at", "opened_at"))
    ended, started, opened = dates
    return ended, started, opened, row.cells["title"]


def _title(scene: Scene, row: ListRow) -> tuple[str, str]:
    """Return an action in the pack's language; else as it was written, with the language of that."""
    own = next(iter(scene.configs.wordings))
    written = row.cells.get(f"{_IN}{scene.language}", "")
    if written:
        return written, ""
    text = spoken.title(scene, row)
    same = own == scene.language or text.casefold() != row.cells.get("title", "").casefold()
    return text, "" if same else own


def _standing(scene: Scene, row: ListRow) -> str:
    """Return when it was done, or that it goes on."""
    if ended := row.cells.get("done_at", ""):
        return formats.date(dt.date.fromisoformat(ended[:10]), scene.wording)
    return scene.say("plain.under_way" if row.cells.get("started_at") else "plain.agreed")
