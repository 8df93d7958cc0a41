"""Errors a person can act on: what happened, where, how to fix it, and the exit code of each kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in a file: where (file, then key or line), what, and what would be right."""

    file: str
    key: str
    what: str
    fix: str = ""

    def __str__(self) -> str:
        place = f"{self.file}: {self.key}: " if self.key else f"{self.file}: "
        if not self.fix:
            return place + self.what
        return place + self.what + (" " if self.what.endswith((".", "?")) else ". ") + self.fix


class OptiError(Exception):
    """An error with a remedy. ``exit_code`` follows the table of the README."""

    exit_code = 1

    def __init__(self, what: str, where: str = "", fix: str = "") -> None:
        super().__init__(what, where, fix)
        self.what, self.where, self.fix = what, where, fix

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}\n  {self.fix}" if self.fix else head


class UsageError(OptiError):
    """The command was called with something that cannot be (unknown month, unknown organisation)."""

    exit_code = 2


class ConfigError(OptiError):
    """The configs are invalid; carries every fault found, not only the first."""

    exit_code = 3

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{len(self.faults)} fault(s) in the configs:\n{lines}")

    def __reduce__(self) -> tuple[type[ConfigError], tuple[tuple[Fault, ...]]]:
        return (ConfigError, (self.faults,))


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
