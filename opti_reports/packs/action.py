"""An action as it stands at the end of the data month."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from opti_reports.model.report import ListRow

LATE, WAITING, OPEN, DONE = 0, 1, 2, 3
"""The groups in which actions are shown: late, waiting for an answer from above, open, done."""


@dataclass(frozen=True)
class Action:
    """A row of the register at the end of the data month; ``late`` are days since the first due date.

    ``unanswered``: it was raised to a higher level, which has not answered.
    """

    row: ListRow
    group: int
    due: dt.date | None
    late: int
    unanswered: bool = False

    @property
    def done(self) -> bool:
        """Return whether it was done by the end of the data month, as far as the register says."""
        return self.row.day("done_at") is not None

    def text(self, column: str) -> str:
        """Return a cell of the row; empty when it has none."""
        return self.row.cells.get(column, "")
