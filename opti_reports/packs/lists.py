"""Lists of rows as delivered, labelled and counted: open cases, incidents, quotes, registers of units."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from opti_reports.config.pack import BlockSpec
from opti_reports.language import formats
from opti_reports.model.pack import Column, Table
from opti_reports.model.period import last_date
from opti_reports.model.report import ListRow
from opti_reports.packs import actions, cells, spoken
from opti_reports.packs.scene import Scene

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"-?\d+")
_NEXT = "next_"
"""Columns of a register that begin so are due dates; the others say when something was done, or whether."""


def listing(scene: Scene, block: BlockSpec) -> Iterator[Table]:
    """The rows of the organisation and all below it, in the order given, at most ``limit`` of them."""
    name = str(block.list)
    spec = scene.configs.lists[name]
    title = scene.wording.of(block.title) if block.title else scene.say("block.list")
    if name not in scene.material.lists:
        yield Table(title, (), (), scene.say("block.no_data"))
        return
    # What levels above decided holds for those below too.
    above = scene.material.tree.lineage(scene.org) if spec.kind == "actions" else ()
    rows = [row for row in scene.material.lists[name] if row.org in {*scene.below, *above}]
    if spec.kind == "actions":
        yield actions.register(scene, title, rows, block.limit)
    elif not rows:
        yield Table(title, (), (), scene.wording.of(spec.empty) if spec.empty else scene.say("block.no_rows"))
    elif spec.kind == "register":
        yield _items(scene, title, rows[0]) if scene.is_leaf else _lacking(scene, title, rows[: block.limit])
    else:
        yield _table(scene, title, rows, block.limit, open_cases=spec.kind == "open_cases")


def heading(scene: Scene, column: str) -> str:
    """What a column of a list is called."""
    item = f"item.{column}"
    return scene.say(item if item in scene.wording.phrases else f"column.{column}")


def cell(scene: Scene, column: str, text: str) -> str:
    """A cell in the reader's language: dates and codes written out, what is empty said in words."""
    if not text:
        coded = any(phrase.startswith(f"code.{column}.") for phrase in scene.wording.phrases)
        return scene.say("state.not_recorded") if coded else cells.DASH
    if _DATE.fullmatch(text):
        return formats.date(dt.date.fromisoformat(text), scene.wording)
    if text in ("true", "false"):
        return scene.say("state.yes" if text == "true" else "state.no")
    return scene.wording.label(column, text)


def _items(scene: Scene, title: str, row: ListRow) -> Table:
    """A unit's register: an item a line."""
    rows = tuple((heading(scene, column), cell(scene, column, text)) for column, text in row.cells.items())
    tones = tuple((at, 1, "off") for at, column in enumerate(row.cells) if _lacks(scene, row, column))
    return Table(
        title, (Column(scene.say("column.item")), Column(scene.say("column.state"))), rows, "", tones=tones
    )


def _lacks(scene: Scene, row: ListRow, column: str) -> bool:
    """Whether an item of a register is not done: answered no, left empty, or its due date has passed."""
    text = row.cells.get(column, "")
    if column.startswith(_NEXT) and _DATE.fullmatch(text):
        return dt.date.fromisoformat(text) < last_date(scene.month)
    return text in ("false", "")


def _lacking(scene: Scene, title: str, rows: Sequence[ListRow]) -> Table:
    """Registers of many units: how many items are in order, and which are not."""
    body, tones = [], []
    for at, row in enumerate(rows):
        lacks = [heading(scene, column) for column in row.cells if _lacks(scene, row, column)]
        done = f"{len(row.cells) - len(lacks)}/{len(row.cells)}"
        body.append((scene.label(row.org), done, "; ".join(lacks) or scene.say("block.nothing_lacking")))
        tones.append((at, 1, "off" if lacks else "good"))
    heads = (
        Column(scene.say("column.unit")),
        Column(scene.say("column.in_order"), True),
        Column(scene.say("column.lacking")),
    )
    items = scene.say("sentence.items", items="; ".join(heading(scene, column) for column in rows[0].cells))
    return Table(title, heads, tuple(body), "", items, tuple(tones))


def _table(scene: Scene, title: str, rows: Sequence[ListRow], limit: int, *, open_cases: bool) -> Table:
    columns = [name for name in rows[0].cells if any(row.cells.get(name) for row in rows)]
    heads = [Column(heading(scene, name), _numeric(rows, name)) for name in columns]
    unit = () if scene.is_leaf else (Column(scene.say("column.unit")),)
    shown = rows[:limit]
    body = tuple(
        (
            *(() if scene.is_leaf else (scene.label(row.org),)),
            *(cell(scene, name, row.cells.get(name, "")) for name in columns),
        )
        for row in shown
    )
    tones = tuple(
        (at, len(unit) + columns.index("due_at"), "off")
        for at, row in enumerate(shown)
        if open_cases and _overdue(scene, row)
    )
    left = len(rows) - len(shown)
    note = scene.say("block.more_rows", count=cells.count(scene, left)) if left else ""
    said = spoken.in_quotes(scene, shown, len(unit) + columns.index("text")) if "text" in columns else ()
    return Table(title, (*unit, *heads), body, "", note, tones, languages=said)


def _overdue(scene: Scene, row: ListRow) -> bool:
    """Whether an open case is past its due date."""
    due = row.cells.get("due_at", "")
    return bool(_DATE.fullmatch(due)) and dt.date.fromisoformat(due) < last_date(scene.month)


def _numeric(rows: Sequence[ListRow], column: str) -> bool:
    filled = [row.cells.get(column, "") for row in rows if row.cells.get(column)]
    return all(_NUMBER.fullmatch(text) for text in filled)
