"""What is found out of files: what is understood, what would be added where, what is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from opti_reports.messages.message import Message, Shown

How = Literal["known", "sure", "guess", "told", "unused"]
"""How it is known what something means; of ``unused`` nothing is."""


@dataclass(frozen=True)
class Addition:
    """One thing that is added to a file of configs: where, what, and why.

    ``key`` leads to a list of texts in the file, or to a text that stands alone (what months side by side
    mean); of a unit's codes it begins with the unit's id.
    """

    file: str
    key: tuple[str, ...]
    value: str | bool
    why: Shown
    how: How = "sure"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the files do not tell. ``key`` is where its answer stands in a file of answers."""

    key: tuple[str, ...]
    text: Message
    options: tuple[str, ...] = ()
    """What may be answered; an empty answer leaves things as they are."""
    guess: str = ""
    free: bool = False
    """Any id may be answered, and one must be."""
    called: tuple[str, ...] = ()
    """What the options are called elsewhere, where that helps."""

    def chosen(self, said: str) -> str:
        """Return the option that is meant by its number, else what was said."""
        number = int(said) if said.isdecimal() and said not in self.options else 0
        return self.options[number - 1] if 0 < number <= len(self.options) else said


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading: what column it is, how that is known, and in what form its cells are."""

    heading: str
    column: str = ""
    how: How = "unused"
    why: Shown = ""
    form: Shown
    unread: int = 0
    """Filled cells that the column cannot read."""


@dataclass(frozen=True)
class Value:
    """A code or unit that occurs: as it may be shown, how often, and what it means."""

    text: str
    rows: int
    means: str
    how: How
    why: Shown = ""


@dataclass(frozen=True)
class Listed:
    """The values of a column of codes or units; ``hidden`` are rows whose value looks like a name."""

    heading: str
    column: str
    values: tuple[Value, ...]
    hidden: int = 0


@dataclass(frozen=True)
class Candidate:
    """A source that a file may be of: how well it fits from 0 to 1, and why."""

    source: str
    score: float
    why: tuple[Message, ...]


@dataclass(frozen=True, kw_only=True)
class FilePlan:
    """What a file is, or several of the same headings. Without ``source`` nobody knows whose it is."""

    files: tuple[str, ...]
    source: str
    how: How
    form: Message
    rows: int
    candidates: tuple[Candidate, ...]
    headings: tuple[Heading, ...] = ()
    codes: tuple[Listed, ...] = ()
    units: tuple[Listed, ...] = ()
    notes: tuple[Message, ...] = ()
    """What else is worth knowing."""
    faults: tuple[Message, ...] = ()
    """Why the file would not be read even then, or not rightly."""


@dataclass(frozen=True)
class LeftAlone:
    """A file that is left alone, and why."""

    file: str
    why: Shown


@dataclass(frozen=True, kw_only=True)
class NewSource:
    """A file of configs that does not exist yet."""

    file: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What adopting some files would do."""

    files: tuple[FilePlan, ...]
    left: tuple[LeftAlone, ...]
    additions: tuple[Addition, ...]
    new: tuple[NewSource, ...]
    questions: tuple[Question, ...]
    faults: tuple[Message, ...] = ()
    """Why the configs could not be read with what would be added."""

    @property
    def writes(self) -> bool:
        """Return whether there is anything to write."""
        return bool(self.additions or self.new)
