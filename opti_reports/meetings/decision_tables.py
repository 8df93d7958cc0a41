"""The tables of decisions among a file's tables: found by their mark or headings, and whose they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from opti_reports.config.source import fold
from opti_reports.errors import ExtractError
from opti_reports.extracts.headers import REFUSED, spellings
from opti_reports.meetings.door import Door
from opti_reports.meetings.offers import BARRIER
from opti_reports.meetings.tables import Document, FoundTable, Row, in_file
from opti_reports.messages.message import Shown
from opti_reports.model.meeting import DECISION_COLUMNS, DECISIONS, Mark, read_month
from opti_reports.periods.months import month_text

NEEDED = ("title", "owner_role", "due_at")
"""Without headings for these a table holds no decisions."""
_HEADED_WITHIN = 20
"""How many rows a register may have above its headings."""


@dataclass(frozen=True, kw_only=True)
class DecisionTable:
    """A table of decisions: whose they are (empty: only the rows tell), and which column each cell fills.

    ``saved`` is the day the deck was last saved.
    """

    org: str
    mark: Mark | None
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    saved: dt.date | None
    place: Shown = ""


def decision_tables(documents: Iterable[Document], door: Door, org: str) -> list[DecisionTable]:
    """Return the tables of decisions of all documents; ``org`` is whose they are where a file does not say
    it.

    Raises ExtractError with every document in which there is none, or whose table is nobody's.
    """
    known = _headings(door)
    found: list[DecisionTable] = []
    faults = []
    for document in documents:
        try:
            found += _of(document, door, org, known)
        except ExtractError as error:
            faults.append(error)
    if faults:
        raise (
            faults[0]
            if len(faults) == 1
            else ExtractError("lines", lines=tuple(fault.said for fault in faults))
        )
    return found


def _headings(door: Door) -> dict[str, str]:
    """Return columns by their folded headings: those of the source, and those of the decisions table in every
    language.

    Barriers are known where the source has no column for them too: they tell which rows nobody decided on.
    """
    found = {
        fold(wording.say(f"column.{head}")): column or door.unit_column
        for wording in door.configs.wordings.values()
        for head, column in DECISION_COLUMNS.items()
        if not column or column in door.source.column or column == BARRIER
    }
    return found | spellings(door.source)


def _of(document: Document, door: Door, org: str, known: dict[str, str]) -> list[DecisionTable]:
    found = list(_read(document, door, org, known))
    if not found:
        wording = door.configs.wordings[door.configs.settings.languages[0]]
        needed = tuple(f"'{wording.say(f'column.{head}')}'" for head in ("decision", "owner", "due"))
        raise ExtractError("meeting.no_table", document.file, headings=needed)
    return found


def _read(document: Document, door: Door, org: str, known: dict[str, str]) -> Iterator[DecisionTable]:
    for table in document.tables:
        where = in_file(document.file, table.place)
        mark = table.mark if table.mark and table.mark.kind == DECISIONS else None
        headed = _headed(table, known)
        if headed is None:
            if mark is not None:
                raise ExtractError("meeting.no_headings", where)
            continue
        at, columns = headed
        private = [cell for cell in table.rows[at].cells if fold(cell) in REFUSED and fold(cell) not in known]
        if private:
            raise ExtractError("meeting.private", where, heading=private[0])
        if mark is None and not org and document.file.lower().endswith(".pptx"):
            raise ExtractError("meeting.nobodys", where)
        if mark is not None:
            _of_the_month(mark, door.month, where)
        yield DecisionTable(
            org=_owner(door, mark, org, where),
            mark=mark,
            columns=columns,
            rows=table.rows[at + 1 :],
            saved=document.saved,
            place=table.place,
        )


def _headed(table: FoundTable, known: dict[str, str]) -> tuple[int, tuple[str, ...]] | None:
    """Return the row of headings and what each means (one that stands twice counts once), or None."""
    for at, row in enumerate(table.rows[:_HEADED_WITHIN]):
        names = [known.get(fold(cell), "") for cell in row.cells]
        if all(name in names for name in NEEDED):
            return at, tuple(name if names.index(name) == i else "" for i, name in enumerate(names))
    return None


def _of_the_month(mark: Mark, month: int, where: Shown) -> None:
    """Refuse a deck that no meeting of the month had before it: it is of that month or the one before."""
    about = read_month(mark.month)
    if about is None:
        raise ExtractError("meeting.no_month", where, month=mark.month)
    if month - about not in (0, 1):
        raise ExtractError(
            "meeting.other_deck", where, about=mark.month, month=month_text(month), next=month_text(about + 1)
        )


def _owner(door: Door, mark: Mark | None, asked: str, where: Shown) -> str:
    """Return the organisation that stands today for the one whose decisions they are."""
    org = mark.org if mark else asked
    if asked and org != asked:
        raise ExtractError("meeting.other_org", where, org=org, asked=asked)
    now = door.tree.moved.get(org, "")
    if org and (not now or now == door.configs.organisation.unallocated):
        raise ExtractError("meeting.unknown_org", where, org=org)
    return now
