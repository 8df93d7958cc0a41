"""A row of a file as read, and how it differs from what is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from opti_reports.messages.message import Message, Shown, message


@dataclass(frozen=True)
class Entry:
    """A row of a file as read: its place, its filled cells by column of the source, what is wrong in it."""

    place: Shown
    cells: Mapping[str, str]
    faults: tuple[Shown, ...] = ()


def changes(before: Mapping[str, str], cells: Mapping[str, str]) -> dict[str, str]:
    """Return the cells that say something else than before; an empty cell says nothing."""
    return {name: cell for name, cell in cells.items() if cell and cell != before.get(name, "")}


def described(
    before: Mapping[str, str], changed: Mapping[str, str], called: Callable[[str], Shown]
) -> Iterable[Message]:
    """Yield each change."""
    for name, cell in changed.items():
        was = before.get(name) or message("entry.empty")
        yield message("entry.change", name=called(name), was=was, now=cell)
