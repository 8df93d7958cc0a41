"""What goes to a meeting to be filled in by hand and comes back: marks, columns, the preparation workbook."""

from __future__ import annotations

import re
from dataclasses import dataclass

from opti_reports.periods.months import parse_month

DECISIONS, PREPARATION = "decisions", "preparations"
DECISION_COLUMNS = {
    "decision": "title",
    "unit": "",
    "owner": "owner_role",
    "due": "due_at",
    "metric_id": "metric_id",
    "escalate": "escalated_to",
    "barrier": "barrier",
    "offers": "barrier",
}
"""Headings of the decisions table (phrases ``column.…``), and columns of the register they fill; that of
the unit is named in its source. Offers are chosen from by number, where their words stand above."""
PREPARED = ("cause", "action", "owner_role", "due_at", "support", "escalate")
"""What a unit writes beside each of its deviations, in the order of the workbook's columns."""
OFFER_END = "; "
"""Between offers in a cell of the decisions table."""
REFUSED_END = " | "
"""Between offers that an answer passed over, as imports keep them."""
_MARK = re.compile(r"^([a-z]+):([a-z][a-z0-9_]*)/([a-z][a-z0-9_]*)/(\d{4}-\d{2})\b")


@dataclass(frozen=True)
class Mark:
    """Whose table it is: ``kind`` of table, pack, organisation and data month (``2026-08``)."""

    kind: str
    pack: str
    org: str
    month: str

    @property
    def text(self) -> str:
        """Return ``decisions:service_unit/etela_espoo/2026-08``: how the table is named in the document."""
        return f"{self.kind}:{self.pack}/{self.org}/{self.month}"


def read_mark(text: str) -> Mark | None:
    """Return the mark a name begins with (programs number the names of copies), None for any other name."""
    found = _MARK.match(text)
    return Mark(*found.groups()) if found else None


def read_month(text: str) -> int | None:
    """Return the month of a mark, None for one that cannot be (``2026-13``)."""
    try:
        return parse_month(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class PreparedRow:
    """A deviation to be prepared: the metric's id, and what is known of it in the order of the headings.

    ``barriers`` are what may stand in the way, ``suggested`` what was tried for it: offered, not demanded.
    """

    metric: str
    known: tuple[str, ...]
    barriers: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """The workbook in which a unit prepares the meeting of the level above.

    ``heads`` are the headings of what is known, ``asked`` those of the empty cells (as ``PREPARED``);
    ``offered`` names what can be chosen in the first two, ``choices`` are the answers to the last of them,
    ``due_hint`` tells how to write a date, ``empty`` that there are no rows.
    """

    mark: str
    title: str
    instructions: tuple[str, ...]
    heads: tuple[str, ...]
    asked: tuple[str, ...]
    offered: str
    choices: tuple[str, ...]
    due_hint: str
    rows: tuple[PreparedRow, ...]
    empty: str
