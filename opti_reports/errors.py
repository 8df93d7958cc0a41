"""Errors a person can act on: what happened, where, how to fix it, and the exit code of each kind.

What they say are messages: a code and values. A code whose sentence has a remedy has it as ``CODE.fix``.
"""

from __future__ import annotations

import copyreg
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from opti_reports.messages.message import Message, Shown, message
from opti_reports.messages.sentences import remedy, sentence, words


class CodedError(Exception):
    """An error that says what is wrong as a message."""

    def __init__(self, code: str, /, **values: Shown) -> None:
        super().__init__(code)
        self.message = Message(code=code, values=values)

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how a worker process hands the error back: as it is, for its values are no arguments."""
        return copyreg.__newobj__, (type(self),), self.__dict__  # type: ignore[attr-defined]

    def __str__(self) -> str:
        return sentence(self.message)


class UnfitError(CodedError, ValueError):
    """A value that cannot be; whoever reads it from a file or a command says where it stands."""


def file_and_line(place: Shown) -> tuple[str, Shown]:
    """Return a file and its line, empty where a place tells none."""
    if isinstance(place, Message) and "line" in place.values:
        return words(place.values["file"]), message("at.number", line=place.values["line"])
    return words(place), ""


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a file: where (file, then key or line), what, and what would be right."""

    file: str
    key: Shown
    message: Message

    def __init__(self, file: str, key: Shown, code: str, /, **values: Shown) -> None:
        for name, value in (("file", file), ("key", key), ("message", Message(code=code, values=values))):
            object.__setattr__(self, name, value)

    @classmethod
    def of(cls, file: str, key: Shown, what: Message) -> Fault:
        """Return the fault that something said elsewhere is in a file."""
        return cls(file, key, what.code, **what.values)

    @property
    def said(self) -> Message:
        """Return all that the fault says."""
        if self.key:
            said = message("fault.keyed", file=self.file, key=self.key, what=self.message)
        else:
            said = message("fault.plain", file=self.file, what=self.message)
        if (fix := remedy(self.message)) is None:
            return said
        if sentence(self.message).endswith((".", "?")):
            return message("fault.ended", said=said, fix=fix)
        return message("fault.fixed", said=said, fix=fix)

    def __str__(self) -> str:
        return sentence(self.said)


class OptiError(CodedError):
    """An error with a place and a remedy. ``exit_code`` follows the table of docs/commands.md."""

    exit_code = 1

    def __init__(self, code: str, /, where: Shown = "", **values: Shown) -> None:
        super().__init__(code, **values)
        self.place = where

    @property
    def where(self) -> str:
        """Return where it is, in words."""
        return words(self.place)

    @property
    def what(self) -> str:
        """Return what is wrong, in words."""
        return sentence(self.message)

    @property
    def fix(self) -> str:
        """Return the remedy in words, empty where there is none."""
        fix = remedy(self.message)
        return sentence(fix) if fix else ""

    @property
    def said(self) -> Message:
        """Return all that the error says."""
        said = message("said.placed", where=self.place, what=self.message) if self.place else self.message
        fix = remedy(self.message)
        return message("said.fixed", said=said, fix=fix) if fix else said

    def __str__(self) -> str:
        return sentence(self.said)


class UsageError(OptiError):
    """The command was called with something that cannot be (unknown month, unknown organisation)."""

    exit_code = 2


class ConfigError(OptiError):
    """The configs are invalid; carries every fault found, not only the first."""

    exit_code = 3

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=_order))
        lines = tuple(fault.said for fault in self.faults)
        said = message("fault.all", n=len(lines), faults=lines)
        super().__init__(said.code, **said.values)


def _order(fault: Fault) -> tuple[str, str, str]:
    return fault.file, words(fault.key), sentence(fault.message)


class DamagedError(OptiError):
    """Something kept in the store is not as it was written; it is removed, and made anew when asked for."""


class ExtractError(OptiError):
    """A required extract is missing, or a delivered one cannot be used."""

    exit_code = 4


class PackError(OptiError):
    """Some packs could not be made; the others are complete."""

    exit_code = 5


class LockError(OptiError):
    """Another run holds the workspace."""

    exit_code = 6


class ArchiveError(OptiError):
    """What was archived, or is to be released, is not what its record says."""

    exit_code = 7


class StampError(OptiError):
    """The time stamp authority gave no time stamp that counts."""

    exit_code = 9


class MailError(OptiError):
    """Some mail was not accepted, or could not be sent at all."""

    exit_code = 8
