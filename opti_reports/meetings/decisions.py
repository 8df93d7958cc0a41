"""Decisions of a meeting, from a deck's table or an Excel register, beside the actions known already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from opti_reports.config.source import fold
from opti_reports.extracts.texts import FALSE, TRUE, truth_value
from opti_reports.meetings.decision_tables import DecisionTable, decision_tables
from opti_reports.meetings.door import DECIDED_BY, Door
from opti_reports.meetings.entry import Entry, changes, described
from opti_reports.meetings.offers import BARRIER, decided
from opti_reports.meetings.tables import Document, Row
from opti_reports.messages.message import Message, Shown, message
from opti_reports.model.imports import Line, Plan
from opti_reports.periods.months import month_text

TITLE, DUE, FIRST_DUE = "title", "due_at", "first_due_at"
RAISED = "escalated_to"
MISSING = {
    TITLE: message("decision.no_title"),
    "owner_role": message("decision.no_owner"),
    DUE: message("decision.no_due"),
}
NO_UNIT = message("decision.no_unit")
Register = Mapping[str, Mapping[str, str]]
"""The rows of the register by the id of the action."""


@dataclass(frozen=True)
class Meeting:
    """What the command line says of the meeting: whose it was and on which day, where files do not."""

    org: str = ""
    decided: dt.date | None = None


@dataclass(frozen=True)
class _Made:
    """The plan while it is made; ``taken`` are the actions met in the files, with their places."""

    register: dict[str, dict[str, str]]
    kept: dict[str, dict[str, str]]
    lines: list[Line] = field(default_factory=list)
    taken: dict[str, Shown] = field(default_factory=dict)


class Decisions:
    """Reads decisions into the register of a data month."""

    def __init__(self, door: Door, meeting: Meeting) -> None:
        self.door, self.meeting = door, meeting
        self.unit, self.id = door.unit_column, door.id_column

    def plan(
        self, documents: Iterable[Document], register: Register, kept: Sequence[Mapping[str, str]]
    ) -> Plan:
        """Return what the documents would do to ``register``; ``kept`` are the rows of earlier imports.

        Raises ExtractError with every document that holds no decisions of a known organisation.
        """
        made = _Made(
            {id: dict(cells) for id, cells in register.items()},
            {cells[self.id]: dict(cells) for cells in kept},
        )
        tables = decision_tables(documents, self.door, self.meeting.org)
        known = []
        notes: list[Message] = []
        for table in tables:
            rows = [self._read(table, row) for row in table.rows if any(fold(cell) for cell in row.cells)]
            if open_ := rows.count(None):
                notes.append(message("decision.open", place=table.place, n=open_, of=len(rows)))
            for entry in filter(None, rows):
                id = entry.cells.get(self.id) or self._same(table, entry, made, exact=True)
                known.append((table, entry, id))
                if not entry.faults:
                    made.taken.setdefault(id or self._alike(table, entry), entry.place)
        for table, entry, id in known:
            made.lines.append(self._line(table, entry, id, made))
        return Plan(tuple(made.lines), tuple(made.kept.values()), (*notes, *self._left(tables, made)))

    def _read(self, table: DecisionTable, row: Row) -> Entry | None:
        """Return a row with each cell read and everything that is wrong in it; None where a matter that the
        deck brings was left without a decision.
        """
        written = dict(zip(table.columns, row.cells, strict=False))
        written.pop("", None)
        if BARRIER in table.columns and not fold(written.get(self.id, "")):
            if not any(fold(written.get(name, "")) for name in (TITLE, DUE, RAISED)):
                return None
            written |= self._taken(written)
        if BARRIER not in self.door.source.column:
            written.pop(BARRIER, None)
        return self._entry(table, row.place, written)

    def _taken(self, written: Mapping[str, str]) -> dict[str, str]:
        """Return what a row took, and passed over, of what is offered for its metric."""
        metric = self.door.configs.metrics.get(self.door.metric(written.get("metric_id", ""))[0])
        if metric is None or not metric.barrier:
            return {}
        first = self.door.configs.settings.languages[0]
        found = decided(metric.barrier, written.get(TITLE, ""), written.get(BARRIER, ""), first)
        return {name: text for name, text in found.items() if name in self.door.source.column}

    def _entry(self, table: DecisionTable, place: Shown, written: Mapping[str, str]) -> Entry:
        cells: dict[str, str] = {}
        faults: list[Shown] = []
        for name, text in sorted(written.items(), key=lambda cell: cell[0] == RAISED):
            raised = name == RAISED
            cell, fault = self._raised(table, text, cells) if raised else self.door.cell(name, text)
            cells |= {name: cell} if cell else {}
            faults += [fault] if fault else []
        if self.id not in cells:
            faults += [why for name, why in MISSING.items() if not fold(written.get(name, ""))]
        faults += self._placed(table, cells, bool(fold(written.get(self.unit, ""))))
        return Entry(place, cells, tuple(faults))

    def _raised(self, table: DecisionTable, text: str, cells: Mapping[str, str]) -> tuple[str, Shown]:
        """Return the level a decision is raised to: its code, or a yes for the level above."""
        column = self.door.source.column[RAISED]
        folded = text.casefold().strip()
        if folded not in TRUE and folded not in FALSE:
            return self.door.cell(RAISED, text)
        if not truth_value(folded)[0]:
            return "", ""
        org, tree = table.org or self.door.org(cells.get(self.unit, "")), self.door.tree
        parent = tree.by_id[org].parent if org in tree.by_id else None
        above = tree.by_id[parent].level if parent else ""
        # The level of the management group is called by its meeting, not by what it leads.
        return (above if above in column.codes else column.codes[-1]), ""

    def _placed(self, table: DecisionTable, cells: dict[str, str], unit_written: bool) -> Iterator[Message]:
        """Put the decision at its unit; what is wrong with that."""
        if self.unit not in cells:
            if unit_written:
                return  # named as an unknown one
            if not table.org:
                yield NO_UNIT
            elif self.id not in cells:
                cells[self.unit] = self.door.code(table.org)
        elif table.org:
            org, tree = self.door.org(cells[self.unit]), self.door.tree
            if table.org not in tree.above(org):
                first = self.door.configs.settings.languages[0]
                unit, owner = (tree.by_id[one].names[first] for one in (org, table.org))
                yield message("decision.outside", unit=unit, owner=owner)
            elif org != table.org and table.mark and DECIDED_BY in self.door.source.column:
                cells[DECIDED_BY] = self.door.code(table.org)

    def _foreign(self, table: DecisionTable, cells: Mapping[str, str], before: Mapping[str, str]) -> Shown:
        """Return whose the action is, if not of the organisation whose table or row speaks of it."""
        org, tree = self.door.org(before.get(self.unit, "")), self.door.tree
        if not table.org:
            ours = org == self.door.org(cells.get(self.unit, ""))
        else:
            ours = org in tree.by_id and table.org in tree.above(org)
        if ours or (table.org and self._owner(before) == table.org):
            return ""
        node = tree.by_id.get(org)
        return node.names[self.door.configs.settings.languages[0]] if node else message("decision.nobody")

    def _prefix(self, table: DecisionTable) -> str:
        """Return how ids begin of decisions that have none of their own: with the month of their table."""
        month = table.mark.month if table.mark else month_text(self.door.month)
        serial = self.door.source.kept.serial if self.door.source.kept else ""
        return f"{serial}{month[2:4]}{month[5:]}-"

    def _owner(self, cells: Mapping[str, str]) -> str:
        """Return the organisation whose meeting decided it."""
        return self.door.org(cells.get(DECIDED_BY, "")) or self.door.org(cells.get(self.unit, ""))

    def _of_table(self, table: DecisionTable, id: str, known: Mapping[str, str]) -> bool:
        """Return whether an action of the register came from the table, as far as its mark tells."""
        return bool(table.mark) and id.startswith(self._prefix(table)) and self._owner(known) == table.org

    def _alike(self, table: DecisionTable, entry: Entry) -> str:
        """Return what two rows share that are one decision, as long as it has no id."""
        cells = entry.cells
        return "\n".join(
            (self._prefix(table), table.org, fold(cells.get(TITLE, "")), cells.get(self.unit, ""))
        )

    def _same(self, table: DecisionTable, entry: Entry, made: _Made, *, exact: bool) -> str:
        """Return the action in the register that a decision without an id is: of the same table, title and
        unit.

        Not ``exact``: whatever its unit, where no other row of the files is it.
        """
        if entry.faults:
            return ""
        for id, known in made.register.items():
            if fold(known.get(TITLE, "")) != fold(entry.cells[TITLE]):
                continue
            mine = self._of_table(table, id, known)
            alike = self.door.org(known.get(self.unit, "")) == self.door.org(entry.cells[self.unit])
            if (alike and (mine or not table.mark)) if exact else (mine and id not in made.taken):
                return id
        return ""

    def _line(self, table: DecisionTable, entry: Entry, id: str, made: _Made) -> Line:
        """Return what becomes of a row."""
        text = entry.cells.get(TITLE, "") or id
        if entry.faults:
            return Line("refused", entry.place, text, entry.faults)
        first = made.taken[id or self._alike(table, entry)]
        if first != entry.place:
            return Line("refused", entry.place, text, (message("decision.twice", place=first),))
        id = id or self._same(table, entry, made, exact=False)
        if id not in made.register:
            return self._new(table, entry, id, made)
        made.taken.setdefault(id, entry.place)
        return self._merged(table, entry, id, made)

    def _merged(self, table: DecisionTable, entry: Entry, id: str, made: _Made) -> Line:
        before, cells = made.register[id], dict(entry.cells)
        text = f"{before.get(TITLE, '')} ({id})"
        if other := self._foreign(table, cells, before):
            why = message("decision.foreign", id=id, org=other)
            return Line("refused", entry.place, f"{cells.get(TITLE, '')} ({id})", (why,))
        first = before.get(FIRST_DUE) or before.get(DUE, "")
        if cells.get(FIRST_DUE, first) != first:
            why = message("decision.first_due", day=first)
            return Line("refused", entry.place, text, (why,))
        if FIRST_DUE not in before:
            cells.pop(FIRST_DUE, None)
        if self.unit in cells and self.door.org(before.get(self.unit, "")) == self.door.org(cells[self.unit]):
            cells[self.unit] = before[self.unit]
        changed = changes(before, cells)
        if not changed:
            return Line("unchanged", entry.place, text)
        said: list[Message] = list(described(before, changed, self.door.called))
        if DUE in changed and first:
            changed[FIRST_DUE] = first
            said.append(message("decision.first_due_stays", day=first))
        made.register[id] = made.kept[id] = {**before, **changed}
        return Line("changed", entry.place, text, tuple(said), (id,))

    def _new(self, table: DecisionTable, entry: Entry, id: str, made: _Made) -> Line:
        cells = dict(entry.cells)
        lacking: list[Shown] = [why for name, why in MISSING.items() if name not in cells]
        lacking += [] if self.unit in cells else [NO_UNIT]
        if "opened_at" not in cells:
            decided, fault = self._decided(table)
            cells |= {"opened_at": decided.isoformat()} if decided else {}
            lacking += [fault] if fault else []
        if lacking:
            return Line("refused", entry.place, cells.get(TITLE, id), tuple(lacking))
        id = cells[self.id] = id or _next(self._prefix(table), made.register)
        kept = self.door.source.kept
        given = (kept.new | (kept.of_metric if "metric_id" in cells else {}) if kept else {}) | cells
        row = {name: given[name] for name in self.door.source.column if name in given}
        made.register[id] = made.kept[id] = row
        made.taken.setdefault(id, entry.place)
        shown = "; ".join(row[n] for n in (self.unit, "metric_id", "owner_role", DUE, RAISED) if n in row)
        return Line("new", entry.place, f"{cells[TITLE]} ({id})", (shown,), (id,))

    def _decided(self, table: DecisionTable) -> tuple[dt.date | None, Shown]:
        """Return when it was decided: as said, else when the deck was last saved, if that is in the month."""
        month = month_text(self.door.month)
        if self.meeting.decided:
            return self.meeting.decided, ""
        if table.saved and table.saved.isoformat()[:7] == month:
            return table.saved, ""
        if table.saved:
            return None, message("decision.saved_outside", day=table.saved.isoformat(), month=month)
        return None, message("decision.no_day", month=month)

    def _left(self, tables: Iterable[DecisionTable], made: _Made) -> Iterator[Message]:
        """Yield decisions of the same tables that stand in the register but not in the files any more."""
        for id, cells in made.register.items():
            if id not in made.taken and any(self._of_table(table, id, cells) for table in tables):
                yield message("decision.gone", title=cells.get(TITLE, ""), id=id)


def _next(prefix: str, register: Register) -> str:
    """Return the next id with a running number."""
    tails = (id[len(prefix) :] for id in register if id.startswith(prefix))
    return f"{prefix}{max((int(tail) for tail in tails if tail.isdecimal()), default=0) + 1}"
