"""The sentences of the catalogue by code, with their values filled in."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, TypeVar

from opti_reports.errors import OptiError
from opti_reports.model.message import Message, Shown

FILE = Path(__file__).with_name("en.toml")
Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence with ``{placeholders}``, in the forms that an amount gives it.

    ``by`` names the value that is counted; of no ``zero`` or ``one`` the form is ``other``.
    """

    other: str
    one: str | None = None
    zero: str | None = None
    by: str = ""

    @property
    def names(self) -> frozenset[str]:
        """Return the values that the sentence needs."""
        forms = (self.other, self.one or "", self.zero or "")
        found = {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}
        return frozenset(found | {self.by} - {""})

    def form(self, values: Mapping[str, Shown]) -> str:
        """Return the form for these values, not yet filled in."""
        n = values[self.by] if self.by else None
        form = self.zero if n == 0 else self.one if n == 1 else None
        return self.other if form is None else form


class Joined(tuple[Any, ...]):
    """A list in a sentence: ``{names}`` has commas between, ``{names: and }`` what stands after the colon."""

    def __format__(self, between: str) -> str:
        return (between or ", ").join(map(str, self))


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """All sentences of a language, and the headings of its tables."""

    file: str
    sentences: Mapping[str, Sentence]
    headings: Mapping[str, tuple[str, ...]]

    def say(self, code: str, values: Mapping[str, Shown]) -> str:
        """Return a sentence. Raises OptiError naming a code or a value that is missing."""
        sentence = self._of(self.sentences, code)
        if missing := sorted(sentence.names - set(values)):
            raise OptiError(f"the sentence '{code}' lacks {', '.join(missing)}", self.file, "Give the value.")
        return sentence.form(values).format(**{name: self._shown(value) for name, value in values.items()})

    def head(self, code: str) -> tuple[str, ...]:
        """Return the headings of a table. Raises OptiError naming a missing one."""
        return self._of(self.headings, code)

    def _of(self, known: Mapping[str, Found], code: str) -> Found:
        if code not in known:
            raise OptiError(f"there is no '{code}'", self.file, "Add it.")
        return known[code]

    def _shown(self, value: Shown) -> object:
        if isinstance(value, Message):
            return self.say(value.code, value.values)
        return Joined(map(self._shown, value)) if isinstance(value, tuple) else value


@cache
def catalogue() -> Catalogue:
    """Return the catalogue, read once."""
    leaves = dict(_leaves(tomllib.loads(FILE.read_text(encoding="utf-8"))))
    return Catalogue(
        file=f"messages/{FILE.name}",
        sentences={code: _sentence(leaf) for code, leaf in leaves.items() if not isinstance(leaf, list)},
        headings={code: tuple(leaf) for code, leaf in leaves.items() if isinstance(leaf, list)},
    )


def _leaves(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted code and content of every sentence, of every table's headings."""
    for key, value in table.items():
        if isinstance(value, dict) and "by" not in value:
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _sentence(leaf: Any) -> Sentence:
    return Sentence(**leaf) if isinstance(leaf, dict) else Sentence(other=leaf)


def say(code: str, /, **values: Shown) -> str:
    """Return the sentence of a code. Raises OptiError for a missing one, or a missing value."""
    return catalogue().say(code, values)


def sentence(message: Message) -> str:
    """Return a message in words."""
    return catalogue().say(message.code, message.values)


def headings(code: str) -> tuple[str, ...]:
    """Return the headings of a table."""
    return catalogue().head(code)
