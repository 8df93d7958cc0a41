"""What is to be said, as a code and named values; the catalogue has the sentence of each code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import TypeAlias

Shown: TypeAlias = "str | int | float | Message | tuple[Shown, ...]"
"""A value of a sentence: a message stands for its own sentence, the catalogue says how a list is joined."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """A sentence before it is put into words: its code, and the values of its placeholders by name."""

    code: str
    values: Mapping[str, Shown]

    def __post_init__(self) -> None:
        """Keep numbers of any library as Python's own: logs and records are JSON, and outlive the library."""
        object.__setattr__(self, "values", {name: _plain(value) for name, value in self.values.items()})


def _plain(value: Shown) -> Shown:
    """Return a value without types of other libraries."""
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if isinstance(value, bool | str):
        return value
    if isinstance(value, Integral):
        return int(value)
    return float(value) if isinstance(value, Real) else value


def message(code: str, /, **values: Shown) -> Message:
    """Return the message of a code and its values."""
    return Message(code=code, values=values)


def few(names: Sequence[str], shown: int) -> Message:
    """Return the first ``shown`` of some names, and how many more there are."""
    return message("few", names=tuple(names[:shown]), more=max(0, len(names) - shown))
