"""Runs of working days without rows."""

from __future__ import annotations

from dataclasses import dataclass

from opti_reports.algebra.vector import Int
from opti_reports.model.report import DoubtKind


@dataclass(frozen=True)
class Run:
    """Working days in a row without rows: from ``start`` up to and without ``end`` of ``length``."""

    start: int
    end: int
    length: int

    @property
    def days(self) -> int:
        """Return how many they are."""
        return self.end - self.start

    @property
    def kind(self) -> DoubtKind:
        """Return where in the month it lies."""
        if self.end == self.length:
            return "ends_early"
        return "starts_late" if not self.start else "hole"


def zero_runs(rows: Int) -> list[Run]:
    """Return the runs of days without rows."""
    found, start = [], None
    for at, count in enumerate([*rows.tolist(), 1]):
        if not count and start is None:
            start = at
        elif count and start is not None:
            found.append(Run(start, at, len(rows)))
            start = None
    return found
