"""What files call units, matched to the organisation: by names in any language, genitives, codes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from opti_reports.config.source import fold
from opti_reports.messages.message import Message, message
from opti_reports.model.organisation import Organisation, Unit
from opti_reports.model.organisation import fold as plain

_WORD = re.compile(r"[^\W_]+")
_NO = frozenset({"ei", "eivat", "ilman", "ej", "inte", "icke", "utan", "not", "no", "non", "without"})
_NOT = (*sorted(_NO), "epa", "o", "un", "in")
"""Words and beginnings that turn what follows into its opposite, folded."""
_BEGINNING = 5
"""How many letters say what follows such a beginning: the rest may be another form of the word."""
GENERIC = 3
"""In the names of how many units a word stands that tells none of them apart."""
STEM = 4
"""How many letters two forms of a word share at least."""
SHORTEST = 3
"""How many letters an abbreviation has at least, and a code that is taken from another system."""


@dataclass(frozen=True)
class Match:
    """The unit that a text may mean, why, and whether it is more than a guess."""

    unit: str
    why: Message
    sure: bool
    system: str = ""
    """The other system whose code it is; where many units have theirs, that is no accident."""


@lru_cache(maxsize=20_000)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared."""
    return tuple(folded for word in _WORD.findall(text) if (folded := fold(word)))


def opposite(one: str, other: str) -> bool:
    """Return whether one of two texts says no to what the other says: "ei vastattu", "obesvarad"."""
    if bool(_NO.intersection(words(one))) != bool(_NO.intersection(words(other))):
        return True
    pairs = [(fold(one), fold(other)), (fold(other), fold(one))]
    return any(long.startswith(f"{no}{short[:_BEGINNING]}") for long, short in pairs if short for no in _NOT)


def same_word(one: str, other: str) -> bool:
    """Return whether two words are one, or one of them the Finnish genitive of the other."""
    if one == other:
        return True
    for short, genitive in ((one, other), (other, one)):
        if genitive.endswith("n"):
            shared = next((i for i, (a, b) in enumerate(zip(short, genitive, strict=False)) if a != b), None)
            shared = min(len(short), len(genitive)) if shared is None else shared
            if shared >= STEM and len(short) - shared <= 3 and len(genitive) - shared <= 3:
                return True
    return False


@dataclass(frozen=True)
class Units:
    """The organisation as it is searched."""

    organisation: Organisation
    _found: dict[str, Match | None] = field(default_factory=dict, compare=False)

    @cached_property
    def _codes(self) -> dict[tuple[str, str], set[str]]:
        found: dict[tuple[str, str], set[str]] = {}
        for unit in self.organisation.units:
            for name in (*unit.names.values(), *unit.short.values()):
                found.setdefault(("", plain(name)), set()).add(unit.id)
            for system, codes in unit.codes.items():
                for code in codes:
                    found.setdefault((system, plain(code)), set()).add(unit.id)
        return found

    @cached_property
    def _folded(self) -> dict[str, set[tuple[str, str]]]:
        """Return units and the system a code is of (none for a name), by the code without signs."""
        found: dict[str, set[tuple[str, str]]] = {}
        for (system, code), units in self._codes.items():
            found.setdefault(fold(code), set()).update((unit, system) for unit in units)
        for unit in self.organisation.units:
            found.setdefault(fold(unit.id), set()).add((unit.id, ""))
        return found

    @cached_property
    def _spellings(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """Return every name and code of words, as the set of its words, beside its unit."""
        made = {(unit.id, frozenset(words(text))) for unit in self.organisation.units for text in _said(unit)}
        return tuple(sorted(((id, own) for id, own in made if own), key=lambda one: (one[0], sorted(one[1]))))

    @cached_property
    def _generic(self) -> frozenset[str]:
        ids = {
            id: {word for one, own in self._spellings if one == id for word in own}
            for id, _ in self._spellings
        }
        often = Counter(word for own in ids.values() for word in own)
        return frozenset(word for word, count in often.items() if count >= GENERIC)

    @cached_property
    def _beginning(self) -> dict[str, list[tuple[str, frozenset[str]]]]:
        """Return the spellings by how the words begin that tell units apart."""
        found: dict[str, list[tuple[str, frozenset[str]]]] = {}
        for id, said in self._spellings:
            for word in said - self._generic:
                found.setdefault(word[:SHORTEST], []).append((id, said))
        return found

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Return every word in the names and codes of units."""
        return frozenset(word for _, own in self._spellings for word in own)

    def known(self, system: str, text: str) -> bool:
        """Return whether a text is a code of the system or a name already."""
        return bool(self._codes.get((system, plain(text))) or self._codes.get(("", plain(text))))

    def match(self, text: str) -> Match | None:
        """Return the unit that a text which is not known may mean; None where none or several do."""
        if text not in self._found:
            self._found[text] = self._same(text) or self._worded(text) or self._shortened(text)
        return self._found[text]

    def _same(self, text: str) -> Match | None:
        found = self._folded.get(fold(text), set())
        units = {unit for unit, _ in found}
        if len(units) != 1:
            return None
        systems = sorted({system for _, system in found})
        if "" in systems:
            return Match(min(units), message("adopt.unit_name"), True)
        # A bare number may be another unit's in this system.
        sure = len(fold(text)) > SHORTEST and not fold(text).isdecimal()
        return Match(min(units), message("adopt.code_of_unit", system=systems[0]), sure, systems[0])

    def _worded(self, text: str) -> Match | None:
        every = set(words(text))
        short = {word for word in every - self.vocabulary if len(word) <= SHORTEST}
        own = every - short if every - short - self._generic else every
        telling = own - self._generic
        if not telling:
            return None
        likely = {one for word in telling for one in self._beginning.get(word[:SHORTEST], ())}
        alike = [
            (id, said)
            for id, said in sorted(likely, key=lambda one: (one[0], sorted(one[1])))
            if _alike(telling, said - self._generic)
        ]
        units = {id for id, _ in alike}
        if len(units) > 1:
            units = {id for id, said in alike if _alike(own, set(said))}
        # An abbreviation that nobody knows may be of another kind of unit in the same place.
        return Match(units.pop(), message("adopt.unit_words"), own == every) if len(units) == 1 else None

    def _shortened(self, text: str) -> Match | None:
        own = [word for word in words(text) if word not in self._generic]
        if len(own) != 1 or len(own[0]) < SHORTEST or own[0].isdigit():
            return None
        units = {
            id for id, said in self._spellings for word in said - self._generic if word.startswith(own[0])
        }
        return Match(units.pop(), message("adopt.unit_short"), False) if len(units) == 1 else None


def _said(unit: Unit) -> Iterator[str]:
    yield from unit.names.values()
    yield from unit.short.values()
    yield from (code for codes in unit.codes.values() for code in codes if re.search(r"[^\W\d_]{4}", code))


def _alike(one: Iterable[str], other: Iterable[str]) -> bool:
    """Return whether each word of either has its like among the other's."""
    ours, theirs = list(one), list(other)
    return (
        bool(ours)
        and all(any(same_word(word, like) for like in theirs) for word in ours)
        and all(any(same_word(word, like) for like in ours) for word in theirs)
    )
