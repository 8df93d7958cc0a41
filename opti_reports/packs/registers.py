"""Registers of units: an item a line for one unit, units × items for many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from opti_reports.config.source import RowList
from opti_reports.model.pack import Column, Table
from opti_reports.model.report import UNKNOWN_CELL, ListRow
from opti_reports.model.tone import Tone
from opti_reports.packs import cells
from opti_reports.packs.rows import cell, heading, is_date, short_heading, undone
from opti_reports.packs.scene import Scene
from opti_reports.periods.months import last_date, parse_month

_NEXT = "next_"
"""Columns of a register that begin so are due dates; the others say when something was done, or whether."""


def lacks(scene: Scene, spec: RowList, row: ListRow, column: str) -> bool:
    """Return whether an item is not in order: answered no, left empty, its due date passed, or done too long
    ago.
    """
    text = row.cells.get(column, "")
    if column.startswith(_NEXT) and is_date(text):
        return dt.date.fromisoformat(text) < last_date(scene.month)
    return text in ("false", "") or stale(scene, spec, row, column)


def stale(scene: Scene, spec: RowList, row: ListRow, column: str) -> bool:
    """Return whether an item that must be done again and again was not done in any of the last months."""
    months, text = spec.fresh.get(column), row.cells.get(column, "")
    return bool(months) and is_date(text) and parse_month(text[:7]) <= scene.month - (months or 0)


def of_unit(scene: Scene, spec: RowList, title: str, row: ListRow) -> Table:
    """Return a unit's register: an item a line."""
    rows = tuple((heading(scene, column), _said(scene, spec, row, column)) for column in row.cells)
    tones = tuple((at, 1, "wrong") for at, column in enumerate(row.cells) if lacks(scene, spec, row, column))
    columns = cells.columns(scene, ("item", "state"))
    return Table(caption=title, columns=columns, rows=rows, empty="", note=_rule(scene, spec), tones=tones)


def _said(scene: Scene, spec: RowList, row: ListRow, column: str) -> str:
    """Return an item of one unit: the answer, or when, and that it is late."""
    text = row.cells.get(column, "")
    if not text:
        return scene.say("state.not_recorded")
    late = is_date(text) and lacks(scene, spec, row, column)
    said = cell(scene, column, text)
    return f"{said}, {scene.say('state.late')}" if late else said


def of_many(
    scene: Scene, spec: RowList, title: str, rows: Sequence[ListRow], expected: Sequence[str], limit: int
) -> Table:
    """Return units × items: each state in a word and a tone.

    ``expected`` are the units that should have a row, in their order; one without says so in every cell.
    """
    found = {row.org: row for row in rows}
    columns = tuple(rows[0].cells)
    orgs = [*expected, *(org for org in found if org not in expected)]
    body, tones = [], []
    names = scene.names_by_type(orgs)
    for at, (org, name) in enumerate(zip(orgs[:limit], names, strict=False)):
        states = [_state(scene, spec, found.get(org), column) for column in columns]
        body.append((name, *(text for text, _ in states)))
        tones += [(at, place, tone) for place, (_, tone) in enumerate(states, 1)]
    heads = [Column(scene.say("column.unit")), *(Column(short_heading(scene, column)) for column in columns)]
    return Table(
        caption=title,
        columns=tuple(heads),
        rows=tuple(body),
        empty="",
        note=f"{cells.rows_left(scene, len(orgs) - len(body))} {_rule(scene, spec)}".strip(),
        tones=tuple(tones),
    )


def _state(scene: Scene, spec: RowList, row: ListRow | None, column: str) -> tuple[str, Tone]:
    """Return an item of one of many units: yes, no, the month it was done or is due, late, or lacking."""
    text = row.cells.get(column, "") if row else ""
    if row is None:
        return scene.say("state.missing"), "info"
    if not text:
        return scene.say("state.absent"), "wrong"
    if text == UNKNOWN_CELL:
        return cell(scene, column, text), "info"
    if lacks(scene, spec, row, column):
        return scene.say("state.late" if is_date(text) else "state.no"), "wrong"
    if is_date(text):
        return f"{int(text[5:7])}/{text[2:4]}", "right"
    return cell(scene, column, text), "right"


def _rule(scene: Scene, spec: RowList) -> str:
    """Return how often the items that must be done again and again are asked for."""
    by_months: dict[int, list[str]] = {}
    for column, months in spec.fresh.items():
        by_months.setdefault(months, []).append(undone(scene, column))
    return " ".join(
        scene.say("sentence.fresh", months=months, items="; ".join(items))
        for months, items in sorted(by_months.items())
    )
