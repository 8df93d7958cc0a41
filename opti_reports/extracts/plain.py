"""Single cells as lists show them."""

from __future__ import annotations

from opti_reports.algebra.calendar import date_of
from opti_reports.config.expressions import KINDS
from opti_reports.config.source import Column, fold
from opti_reports.extracts.faults import fault as fault_of
from opti_reports.extracts.redact import clean
from opti_reports.extracts.texts import Words, reader
from opti_reports.model.role import Roles


class PlainReader:
    """Reads single cells of a column that is no pseudonym as lists show them: codes, ISO dates, safe text."""

    def __init__(self, column: Column, roles: Roles) -> None:
        self.column, self._words = column, Words()
        self._read = reader(column, self._words, roles)

    def __call__(self, text: str) -> tuple[str, str]:
        """Return the cell and the name of its problem; a text of signs only, a stroke say, is
        an empty cell.
        """
        if fault := fault_of(text):
            return "", fault
        written = clean(text)
        if not fold(written):
            return "", ""
        self._words.index.clear()
        value, problem = self._read(written)
        if problem:
            return "", problem
        kind = KINDS[self.column.type]
        if kind == "text":
            return next(iter(self._words.index)), ""
        if kind == "date":
            return date_of(value).isoformat(), ""
        return (("false", "true")[value] if kind == "boolean" else written), ""
