"""Roles and names: a pack names roles, never people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
_INITIAL = re.compile(r"[^\W\d_]\.")
_JOINING = frozenset({"ja", "tai", "sekä", "och", "eller", "samt", "and", "or"})
_OPENING = frozenset({"of", "for", "the", "för", "vid", "på", "i", "av", "inom"})
"""Words after which more of a role's name follows in Swedish and English."""
_SHORT = 4
"""Letters of the longest abbreviation that stands alone for a role (JYL, AOH)."""


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


@dataclass(frozen=True)
class Roles:
    """What tells a role from a person's name: roles that the configs name, endings of role words, places.

    ``words`` holds the words of known roles and of units' names, in small letters.
    """

    endings: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    @staticmethod
    def of(endings: Iterable[str], roles: Iterable[str], places: Iterable[str]) -> Roles:
        """Return the roles of a workspace; a place may be written without its genitive n."""
        said, parts = list(roles), [word for place in places for word in _words(place)]
        words = {*parts, *(word.removesuffix("n") for word in parts), *(w for r in said for w in _words(r))}
        return Roles(tuple(sorted(map(str.casefold, endings))), frozenset(map(_key, said)), frozenset(words))

    def including(self, roles: Iterable[str]) -> Roles:
        """Return these roles and more known ones."""
        return Roles(self.endings, self.known | {_key(role) for role in roles}, self.words)

    def name_like(self, text: str) -> bool:
        """Return whether a text that should name a role looks like a person's name, in any case of letters.

        A role holds a word that ends like one (``ylilääkäri``); what follows that word is known, or small
        letters after a joining word. A word with a capital after the first must be known.
        """
        if _key(text) in self.known or not (written := _WORD.findall(text)):
            return False
        initial = len(written) > 1 and any(_INITIAL.fullmatch(word) for word in written)
        capital = any(
            word.istitle() and len(word) > 1 and word.casefold() not in self.words for word in written[1:]
        )
        return initial or capital or (bool(self.endings) and self._unlike_a_role(written))

    def names_somebody(self, text: str) -> bool:
        """Return whether a sentence may name a person: a capital after its first word, of no known place or
        role, or an initial.
        """
        later = _WORD.findall(text)[1:]
        return any(_INITIAL.fullmatch(word) for word in later) or any(
            word.istitle() and len(word) > 1 and not word.casefold().startswith(tuple(self.words))
            for word in later
        )

    def _unlike_a_role(self, written: list[str]) -> bool:
        """Return whether no word ends like a role's, or unknown words follow the last one that does."""
        plain = [word.casefold() for word in written]
        heads = [number for number, word in enumerate(plain) if word.endswith(self.endings)]
        if not heads:
            return len(written) > 1 or not written[0].isupper() or len(written[0]) > _SHORT
        after = plain[heads[-1] + 1 :]
        opened = bool(after) and after[0] in _OPENING
        return not opened and any(word not in self.words and word not in _JOINING for word in after)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]
