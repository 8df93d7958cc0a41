"""The sentences of the catalogue by code, with their values filled in."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, TypeVar

from opti_reports.messages.message import Message, Shown
from opti_reports.messages.spoken import ENGLISH, spoken

FOLDER = Path(__file__).parent
FIX = "fix"
"""What a remedy's code ends with: ``CODE.fix`` belongs to ``CODE``."""
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

    name: str
    sentences: Mapping[str, Sentence]
    headings: Mapping[str, tuple[str, ...]]

    def say(self, code: str, values: Mapping[str, Shown]) -> str:
        """Return a sentence. Raises LookupError naming a code or a value that is missing."""
        sentence = self._of(self.sentences, code)
        if missing := sorted(sentence.names - set(values)):
            raise LookupError(f"{self.name}: the sentence '{code}' lacks {', '.join(missing)}")
        return sentence.form(values).format(**{name: self.shown(value) for name, value in values.items()})

    def head(self, code: str) -> tuple[str, ...]:
        """Return the headings of a table. Raises LookupError naming a missing one."""
        return self._of(self.headings, code)

    def _of(self, known: Mapping[str, Found], code: str) -> Found:
        if code not in known:
            raise LookupError(f"{self.name}: there is no '{code}'")
        return known[code]

    def shown(self, value: Shown) -> object:
        """Return a value as a sentence takes it: messages in words."""
        if isinstance(value, Message):
            return self.say(value.code, value.values)
        return Joined(map(self.shown, value)) if isinstance(value, tuple) else value


def catalogue() -> Catalogue:
    """Return the catalogue of the language that is spoken."""
    return catalogue_of(spoken())


@cache
def catalogue_of(language: str) -> Catalogue:
    """Return a language's catalogue, read once: a folder a language, in it a file a room."""
    return collected(FOLDER / language)


def collected(folder: Path) -> Catalogue:
    """Return the catalogue of a language's folder. Raises LookupError for a code that two files have."""
    leaves: dict[str, Any] = {}
    for path in sorted(folder.glob("*.toml")):
        for code, leaf in _leaves(tomllib.loads(path.read_text(encoding="utf-8"))):
            if code in leaves:
                raise LookupError(f"messages/{folder.name}/{path.name}: there is a '{code}' in another file")
            leaves[code] = leaf
    return Catalogue(
        name=f"messages/{folder.name}",
        sentences={code: _sentence(leaf) for code, leaf in leaves.items() if not isinstance(leaf, list)},
        headings={code: tuple(leaf) for code, leaf in leaves.items() if isinstance(leaf, list)},
    )


def _leaves(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted code and content of every sentence, of its remedy, of every table's headings."""
    for key, value in table.items():
        if isinstance(value, dict) and value.keys() == {"what", FIX}:
            yield f"{prefix}{key}", value["what"]
            yield f"{prefix}{key}.{FIX}", value[FIX]
        elif isinstance(value, dict) and "by" not in value:
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _sentence(leaf: Any) -> Sentence:
    return Sentence(**leaf) if isinstance(leaf, dict) else Sentence(other=leaf)


def say(code: str, /, **values: Shown) -> str:
    """Return the sentence of a code. Raises LookupError for a missing one, or a missing value."""
    return catalogue().say(code, values)


def sentence(message: Message) -> str:
    """Return a message in words."""
    return catalogue().say(message.code, message.values)


def recorded(what: Message) -> str:
    """Return a message in the words of records: English, for they are read years later."""
    return catalogue_of(ENGLISH).say(what.code, what.values)


def words(value: Shown) -> str:
    """Return a value as a sentence shows it."""
    return str(catalogue().shown(value))


def remedy(what: Message) -> Message | None:
    """Return what to do about something, where its code has a remedy."""
    code = f"{what.code}.{FIX}"
    return Message(code=code, values=what.values) if code in catalogue().sentences else None


def headings(code: str) -> tuple[str, ...]:
    """Return the headings of a table."""
    return catalogue().head(code)
