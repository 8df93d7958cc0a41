"""Lists of rows as delivered, labelled and counted: open cases, incidents, quotes, registers of units."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from opti_reports.config import block as kinds
from opti_reports.config.source import RowList
from opti_reports.model.pack import Column, Notice, Table
from opti_reports.model.report import ListRow
from opti_reports.packs import actions, cells, delivered, registers, spoken
from opti_reports.packs.action import Action
from opti_reports.packs.rows import cell, heading, is_date
from opti_reports.packs.scene import Scene
from opti_reports.periods.months import last_date

_NUMBER = re.compile(r"-?\d+")


def listing(scene: Scene, block: kinds.Listing) -> Iterator[Table | Notice]:
    """Yield the rows of the organisation and all below it, in the order given, at most ``limit`` of them."""
    name = block.list
    spec = scene.configs.lists[name]
    title = scene.titled(block, scene.say("block.list"))
    if name not in scene.material.lists:
        yield Table(caption=title, columns=(), rows=(), empty=scene.say("block.no_data"))
        return
    # What levels above decided holds for those below too.
    above = scene.material.tree.above(scene.org) if spec.kind == "actions" else ()
    rows = [row for row in scene.material.lists[name] if row.org in {*scene.below, *above}]
    if block.decided:
        rows = actions.own_decisions(scene, rows)
    if spec.kind == "actions":
        empty = scene.say("block.no_decisions" if block.decided else "block.no_actions")
        yield actions.register(scene, title, rows, block.limit, empty)
    elif not rows and spec.kind == "quotes":
        return
    elif not rows:
        yield Table(
            caption=title,
            columns=(),
            rows=(),
            empty=scene.wording.of(spec.empty) if spec.empty else scene.say("block.no_rows"),
        )
    elif spec.kind == "delivered":
        yield from delivered.as_delivered(scene, spec, title, rows, block.limit)
    elif spec.kind == "register":
        if scene.is_leaf:
            yield registers.of_unit(scene, spec, title, rows[0])
        else:
            yield registers.of_many(
                scene=scene,
                spec=spec,
                title=title,
                rows=rows,
                expected=expected(scene, name),
                limit=block.limit,
            )
    else:
        yield _table(scene, spec, title, rows, block.limit)


def expected(scene: Scene, name: str) -> list[str]:
    """Return the units below that should have a row in a register, in the order of the organisation."""
    source = next(s for s in scene.configs.sources.values() if any(spec.id == name for spec in s.list))
    wanted = scene.configs.organisation.expected(source.system, scene.month)
    return [node.id for node in scene.material.tree.below(scene.org) if node.id in wanted]


def _table(scene: Scene, spec: RowList, title: str, rows: Sequence[ListRow], limit: int) -> Table:
    columns = [name for name in rows[0].cells if any(row.cells.get(name) for row in rows)]
    heads = [Column(heading(scene, name), _numeric(rows, name)) for name in columns]
    named = spec.units_named and not scene.is_leaf
    unit = (Column(scene.say("column.unit")),) if named else ()
    linked = _Linked(scene, spec)
    shown = rows[:limit]
    body = tuple(
        (
            *((scene.label(row.org),) if named else ()),
            *(cell(scene, name, row.cells.get(name, "")) for name in columns),
            *linked.cells(row),
        )
        for row in shown
    )
    due = len(unit) + columns.index("due_at") if "due_at" in columns else 0
    tones = [(at, due, "wrong") for at, row in enumerate(shown) if _past(scene, spec, row)]
    tones += [(at, len(body[at]) - 1, "warn") for at, row in enumerate(shown) if linked.lacks(row)]
    heads += [Column(scene.say("column.acted"))] if spec.acted_on else []
    notes = (cells.rows_left(scene, len(rows) - len(shown)), *linked.summary(rows))
    said = spoken.in_quotes(scene, shown, len(unit) + columns.index("text")) if "text" in columns else ()
    return Table(
        caption=title,
        columns=(*unit, *heads),
        rows=body,
        empty="",
        note=" ".join(note for note in notes if note),
        tones=tuple(tones),
        languages=said,
    )


class _Linked:
    """The actions that rows led to, by the number an action names; none of lists that ask for none."""

    def __init__(self, scene: Scene, spec: RowList) -> None:
        self.scene, self.column = scene, spec.acted_on
        self.found: dict[str, list[Action]] = {}
        rows = scene.rows_of("actions") if spec.acted_on else []
        # An action of a unit that the reader does not see is not named.
        seen = {*scene.below, *scene.material.tree.above(scene.org)}
        for action in actions.standings(scene, [row for row in rows if row.org in seen]):
            if number := action.text("source_ref"):
                self.found.setdefault(number, []).append(action)

    def of(self, row: ListRow) -> list[Action]:
        return self.found.get(row.cells.get(self.column or "", ""), [])

    def lacks(self, row: ListRow) -> bool:
        return self.column is not None and not self.of(row)

    def cells(self, row: ListRow) -> tuple[str, ...]:
        if self.column is None:
            return ()
        said = (
            f"{actions.named(self.scene, one.row)}: {actions.standing(self.scene, one)}"
            for one in self.of(row)
        )
        return ("; ".join(said) or self.scene.say("state.no_action"),)

    def summary(self, rows: Sequence[ListRow]) -> Iterator[str]:
        """Yield of how many rows an action came, and of how many it is done."""
        if self.column is None:
            return
        led = [self.of(row) for row in rows]
        yield self.scene.say(
            "sentence.acted",
            count=cells.count(self.scene, len(rows)),
            acted=cells.count(self.scene, sum(bool(one) for one in led)),
            done=cells.count(self.scene, sum(bool(one) and all(a.done for a in one) for one in led)),
        )


def _past(scene: Scene, spec: RowList, row: ListRow) -> bool:
    """Return whether a row is an open case past its due date."""
    return spec.kind == "open_cases" and overdue(scene, row)


def overdue(scene: Scene, row: ListRow) -> bool:
    """Return whether an open case is past its due date."""
    due = row.cells.get("due_at", "")
    return is_date(due) and dt.date.fromisoformat(due) < last_date(scene.month)


def _numeric(rows: Sequence[ListRow], column: str) -> bool:
    filled = [row.cells.get(column, "") for row in rows if row.cells.get(column)]
    return all(_NUMBER.fullmatch(text) for text in filled)
