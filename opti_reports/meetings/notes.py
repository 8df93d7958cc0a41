"""What units wrote into their preparation workbooks, beside what they had written before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from opti_reports.config.source import fold
from opti_reports.errors import ExtractError
from opti_reports.meetings.door import Door
from opti_reports.meetings.entry import Entry, changes, described
from opti_reports.meetings.offers import REFUSED, passed_over
from opti_reports.meetings.register import key_of
from opti_reports.meetings.tables import Document, Row
from opti_reports.messages.message import Message, Shown, message
from opti_reports.model.imports import Line, Plan
from opti_reports.model.meeting import PREPARATION, PREPARED, Mark, read_mark, read_month
from opti_reports.periods.months import first_date, month_text

METRIC = "metric_id"


class Notes:
    """Reads preparations into the notes of a data month."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self._headings = {
            fold(wording.say(f"prepare.{name}")): name
            for wording in door.configs.wordings.values()
            for name in PREPARED
        }

    def plan(self, documents: Iterable[Document], kept: Sequence[Mapping[str, str]]) -> Plan:
        """Return what the workbooks would do to the notes ``kept`` from earlier imports; deviations left
        empty are counted in the notes of the plan.

        Raises ExtractError with every document that is no preparation of the month.
        """
        found = {key_of(self.door.source, cells): dict(cells) for cells in kept}
        lines: list[Line] = []
        seen: dict[tuple[str, ...], Shown] = {}
        notes: list[Message] = []
        faults: list[ExtractError] = []
        for document in documents:
            try:
                mark, rows = self._workbook(document)
            except ExtractError as error:
                faults.append(error)
                continue
            entries = list(self._entries(mark, rows))
            lines += [self._line(entry, found, seen) for entry in entries if entry is not None]
            empty = sum(entry is None for entry in entries)
            if empty:
                n = len(entries)
                notes.append(message("preparation.unanswered", file=document.file, empty=empty, of=n))
        if faults:
            raise (
                faults[0]
                if len(faults) == 1
                else ExtractError("lines", lines=tuple(fault.said for fault in faults))
            )
        return Plan(tuple(lines), tuple(found.values()), tuple(notes))

    def _workbook(self, document: Document) -> tuple[Mark, tuple[Row, ...]]:
        """Return whose workbook it is, and its rows from the headings on."""
        rows = document.tables[0].rows if document.tables else ()
        mark = read_mark(rows[0].cells[0]) if rows else None
        if mark is None or mark.kind != PREPARATION:
            raise ExtractError("preparation.none", document.file)
        month, tree = month_text(self.door.month), self.door.tree
        if read_month(mark.month) is None:
            raise ExtractError("preparation.no_month", document.file, month=mark.month)
        if mark.month != month:
            raise ExtractError("preparation.other_month", document.file, month=mark.month, asked=month)
        if mark.org not in tree.by_id:
            raise ExtractError("preparation.unknown_org", document.file, org=mark.org)
        start = next((at for at, row in enumerate(rows) if row.cells[0] == METRIC), None)
        if start is None or not any(self._headings.get(fold(cell)) for cell in rows[start].cells):
            raise ExtractError("preparation.no_headings", document.file)
        return mark, rows[start:]

    def _entries(self, mark: Mark, rows: Sequence[Row]) -> Iterator[Entry | None]:
        """Yield an entry a deviation, None for one without an answer."""
        columns = [self._headings.get(fold(cell), "") for cell in rows[0].cells]
        for row in rows[1:]:
            written = dict(zip(columns, row.cells, strict=True))
            written.pop("", None)
            if not any(fold(cell) for cell in written.values()):
                if row.cells[0]:
                    yield None
                continue
            yield self._entry(mark, row, written)

    def _entry(self, mark: Mark, row: Row, written: Mapping[str, str]) -> Entry:
        cells = {
            self.door.unit_column: self.door.code(mark.org),
            "month": first_date(self.door.month).isoformat(),
        }
        faults: list[Shown] = []
        if not row.cells[0]:
            faults.append(message("preparation.no_deviation"))
        for name, text in {METRIC: row.cells[0], **written}.items():
            cell, fault = self.door.cell(name, text)
            cells |= {name: cell} if cell else {}
            faults += [fault] if fault else []
        return Entry(row.place, cells, tuple(faults))

    def _line(
        self, entry: Entry, found: dict[tuple[str, ...], dict[str, str]], seen: dict[tuple[str, ...], Shown]
    ) -> Line:
        cells = dict(entry.cells)
        metric = self.door.configs.metrics.get(cells.get(METRIC, ""))
        name = metric.name[self.door.configs.settings.languages[0]] if metric else ""
        text = f"{cells[self.door.unit_column]}: {name}"
        key = key_of(self.door.source, cells)
        faults = list(entry.faults)
        if not faults and seen.setdefault(key, entry.place) != entry.place:
            faults.append(message("preparation.twice", place=seen[key]))
        if faults:
            return Line("refused", entry.place, text, tuple(faults))
        before = found.get(key)
        changed = changes(before or {}, cells)
        found[key] = self._with_refused({**(before or {}), **cells})
        if before is None:
            said = tuple(
                message("entry.cell", name=self.door.called(n), cell=cells[n]) for n in PREPARED if n in cells
            )
            return Line("new", entry.place, text, said, key)
        why = tuple(described(before, changed, self.door.called))
        return Line("changed" if changed else "unchanged", entry.place, text, why, key)

    def _with_refused(self, cells: dict[str, str]) -> dict[str, str]:
        """Return an answer with what it passed over of what its workbook offered."""
        metric, first = (
            self.door.configs.metrics.get(cells.get(METRIC, "")),
            self.door.configs.settings.languages[0],
        )
        words = passed_over(metric.barrier, cells, first) if metric else ""
        kept = {name: cell for name, cell in cells.items() if name != REFUSED}
        return kept | ({REFUSED: words} if words and REFUSED in self.door.source.column else {})
