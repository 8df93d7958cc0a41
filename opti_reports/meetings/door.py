"""What every import asks of a cell at the door: a known unit and metric, a role, no person, a real date."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import pyarrow as pa

from opti_reports.config.configs import Configs
from opti_reports.config.source import Source, fold
from opti_reports.extracts.plain import PlainReader
from opti_reports.extracts.redact import clean, holds_identity_code, identifies, redact
from opti_reports.extracts.texts import TITLE_LENGTH
from opti_reports.messages.message import Message, Shown, message
from opti_reports.messages.spelling import suggestion
from opti_reports.model.organisation import Tree

NAMES = frozenset(
    {
        "title",
        "metric_id",
        "owner_role",
        "answered_by_role",
        "due_at",
        "first_due_at",
        "escalated_to",
        "escalate",
        "barrier",
        "refused",
    }
)
"""Columns that messages call by a name of their own."""
DECIDED_BY = "decided_by"
LONGEST = 1000
"""The longest text of a cell that is no title, characters."""


class Door:
    """Reads cells of one source in a data month; each answer is the cell and what is wrong with it."""

    def __init__(self, configs: Configs, source: Source, month: int, roles: Iterable[str]) -> None:
        self.configs, self.source, self.month = configs, source, month
        self._roles = configs.roles.including(roles)
        self._readers = {name: PlainReader(column, self._roles) for name, column in source.column.items()}

    @cached_property
    def unit_column(self) -> str:
        """Return the column that says whose row it is."""
        return self.source.list[0].unit

    @property
    def id_column(self) -> str:
        """Return the column that tells a row from every other."""
        return self.source.key[0]

    def called(self, name: str) -> Shown:
        """Return what a column is called in messages."""
        if name == self.unit_column:
            return message("cell.unit")
        return message(f"called.{name}") if name in NAMES else name.replace("_", " ")

    def cell(self, name: str, text: str) -> tuple[str, Shown]:
        """Return a cell of the source's column ``name``."""
        if name in (self.unit_column, DECIDED_BY):
            return self.unit(text)
        if name == "metric_id":
            return self.metric(text)
        if fault := self._personal(name, text):
            return "", fault
        cell, problem = self._readers[name](text)
        if not problem and len(cell) > LONGEST:
            problem = "too_long"
        if not problem:
            return cell, ""
        return "", self._why(name, text, problem)

    def _why(self, name: str, text: str, problem: str) -> Message:
        """Return why a cell cannot be read."""
        column, called, shown = self.source.column[name], self.called(name), redact(text)[:60]
        if problem == "too_long":
            limit = TITLE_LENGTH if column.type == "title" else LONGEST
            return message("cell.too_long", name=called, limit=limit)
        if problem == "unknown_code":
            return message("cell.code", name=called, text=shown, near=suggestion(text, column.codes))
        if problem == "bad_date":
            return message("cell.date", name=called, text=shown)
        if problem == "bad_boolean":
            return message("cell.boolean", name=called, text=shown)
        return message("cell.unreadable", name=called, text=shown)

    def _personal(self, name: str, text: str) -> Shown:
        """Return what a cell that is neither a date nor redacted text tells of a person."""
        column, called = self.source.column[name], self.called(name)
        if column.type == "role" and identifies(text):
            return message("cell.identifies", name=called)
        if column.type == "role" and self._roles.name_like(clean(text)):
            return message("cell.person", name=called)
        free = column.type in ("string", "code") and not column.codes
        if free and holds_identity_code(pa.array([clean(text)])):
            return message("cell.identity_code", name=called)
        return ""

    def unit(self, text: str) -> tuple[str, Shown]:
        """Return the code of the unit that a code or name means; an unknown one is no unit."""
        if not fold(text):
            return "", ""
        organisation = self.configs.organisation
        id = organisation.resolve(self.source.system, clean(text), self.month)
        id = self._shown.get(clean(text).casefold()) if id is None else id
        if id is None or id not in self.tree.by_id or id == organisation.unallocated:
            first = self.configs.settings.languages[0]
            names = [u.names[first] for u in self.tree.nodes if u.id != organisation.unallocated]
            near = suggestion(clean(text), names)
            return "", message("cell.unknown_unit", text=redact(text)[:60], near=near)
        return self.code(id), ""

    @cached_property
    def _shown(self) -> dict[str, str]:
        """Return the unit of each id, and of each name without the closing words it shares: slides call units
        so.
        """
        named: dict[str, set[str]] = {}
        endings: dict[str, set[str]] = {}
        parted = [
            (unit.id, words[:cut], " ".join(words[cut:]))
            for unit in self.tree.nodes
            for name in unit.names.values()
            for words in [name.casefold().split()]
            for cut in range(1, len(words))
        ]
        for id, _, rest in parted:
            endings.setdefault(rest, set()).add(id)
        for id, begin, rest in parted:
            if len(endings[rest]) > 1:
                named.setdefault(" ".join(begin), set()).add(id)
        short = {name: min(ids) for name, ids in named.items() if len(ids) == 1}
        return short | {id.casefold(): id for id in self.tree.by_id}

    @cached_property
    def tree(self) -> Tree:
        """Return the units in the data month."""
        return self.configs.organisation.tree(self.month)

    def code(self, id: str) -> str:
        """Return what the source calls a unit."""
        unit = self.tree.by_id[id]
        codes = unit.codes.get(self.source.system, ())
        return codes[0] if codes else unit.names[self.configs.settings.languages[0]]

    def org(self, code: str) -> str:
        """Return the unit that a code of the source means, empty for one nobody knows."""
        return self.configs.organisation.resolve(self.source.system, code, self.month) or ""

    def metric(self, text: str) -> tuple[str, Shown]:
        """Return the id of the metric that an id or a name in any language means."""
        id = self.configs.metric_called(text)
        if id or not fold(text):
            return id, ""
        names = [metric.name[self.configs.settings.languages[0]] for metric in self.configs.metrics.values()]
        near = suggestion(clean(text), names)
        return "", message("cell.unknown_metric", text=redact(text)[:60], near=near)
