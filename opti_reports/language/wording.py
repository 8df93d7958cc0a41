"""A language's phrases, by dotted key, with ``{placeholders}`` filled in; a missing phrase is an error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opti_reports.errors import PackError

_PLACE = re.compile(r"\{(\w+)\}")


def flatten(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return nested tables of phrases as one with dotted keys."""
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat


def placeholders(phrase: str) -> frozenset[str]:
    """Return the names a phrase needs to be filled in."""
    return frozenset(_PLACE.findall(phrase))


@dataclass(frozen=True)
class Wording:
    """All phrases of one language."""

    language: str
    phrases: dict[str, str]

    def say(self, phrase: str, /, **values: object) -> str:
        """Return the phrase with its placeholders filled in.

        Raises PackError naming a phrase that is missing, or that asks for what is not given.
        """
        where = f"languages/{self.language}.toml"
        if phrase not in self.phrases:
            raise PackError("wording.missing", where, phrase=phrase)
        try:
            return self.phrases[phrase].format(**values)
        except KeyError as error:
            raise PackError("wording.place", where, phrase=phrase, place=str(error.args[0])) from None

    def with_own(self, own: Wording) -> Wording:
        """Return the phrases with an organisation's own, which go before the shared ones."""
        return Wording(self.language, self.phrases | own.phrases)

    @property
    def words(self) -> dict[str, str]:
        """Return an organisation's own words for its templates: the phrases under ``[words]``."""
        own = sorted(key for key in self.phrases if key.startswith("words."))
        return {key.removeprefix("words."): self.phrases[key] for key in own}

    def label(self, column: str, code: str) -> str:
        """Return what a code of a column is called; a code without a label is shown as it is."""
        return self.phrases.get(f"code.{column}.{code}", code)

    def of(self, words: Mapping[str, str]) -> str:
        """Return the text of this language."""
        return words[self.language]
