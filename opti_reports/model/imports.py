"""What an import would do, line by line, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from opti_reports.messages.message import Message, Shown

Kind = Literal["new", "changed", "unchanged", "refused"]
KINDS: tuple[Kind, ...] = ("new", "changed", "unchanged", "refused")


@dataclass(frozen=True)
class Line:
    """What becomes of a row: ``text`` says in short what it is, ``why`` what changes or why it is refused.

    ``key`` is that of the row in the source, where one is written.
    """

    kind: Kind
    place: Shown
    text: str
    why: tuple[Shown, ...] = ()
    key: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Every row read is one line: read = new + changed + unchanged + refused.

    ``rows`` are all rows of the file of imports afterwards; ``notes`` are other things worth knowing.
    """

    lines: tuple[Line, ...]
    rows: tuple[dict[str, str], ...]
    notes: tuple[Message, ...] = ()

    def count(self, kind: Kind) -> int:
        """Return how many lines are of a kind."""
        return sum(line.kind == kind for line in self.lines)

    @property
    def refused(self) -> bool:
        """Return whether some row was refused: then nothing is written."""
        return self.count("refused") > 0

    @property
    def writes(self) -> bool:
        """Return whether there is anything to write."""
        return not self.refused and self.count("new") + self.count("changed") > 0
