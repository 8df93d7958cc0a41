"""What may become of an extract, and how what was seen is held against it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from opti_reports.model.value import Value
from tests.outside.looking import Place, Seen
from tests.pipeline import shipped

UNPLACED = re.compile(r"unknown unit codes (?!\(empty\) \(\d+\)$)")


@dataclass(frozen=True)
class Same:
    """The figures are those of the clean extract; a warning has these words, if any are wanted."""

    said: str = ""

    def faults(self, clean: Seen, seen: Seen) -> Iterator[str]:
        """Yield what is otherwise."""
        yield from _refused(seen)
        yield from (f"changed: {line}" for line in changed(clean, seen))
        yield from _unsaid(self.said, seen)


@dataclass(frozen=True)
class Partial:
    """Figures change, and none that does is shown as whole; a warning has these words."""

    said: str

    def faults(self, clean: Seen, seen: Seen) -> Iterator[str]:
        """Yield what is otherwise."""
        yield from _refused(seen)
        yield from _unsaid(self.said, seen)
        yield from (f"shown as whole: {line}" for line in believed(clean, seen))
        after = [value for _, _, value in differing(clean, seen)]
        if not seen.refusal and not any(value and value.state == "partial" for value in after):
            yield "no figure became partial"


@dataclass(frozen=True)
class Refused:
    """The first line of the refusal has these words in this order, and all of it has the others."""

    first: str
    also: tuple[str, ...] = ()
    never: str = "confirm_shrink"

    def faults(self, clean: Seen, seen: Seen) -> Iterator[str]:
        """Yield what is otherwise."""
        if not seen.refusal:
            yield f"not refused; said {list(seen.warnings)}"
            return
        if not re.search(self.first, seen.refusal.splitlines()[0]):
            yield f"the first line has not {self.first!r}: {seen.refusal}"
        yield from (
            f"{words!r} is not said: {seen.refusal}"
            for words in self.also
            if not re.search(words, seen.refusal)
        )
        if self.never and re.search(self.never, seen.refusal):
            yield f"{self.never!r} is offered: {seen.refusal}"


@dataclass(frozen=True)
class Named:
    """Refused, or partial, in these words; or nothing changes at all."""

    said: str

    def faults(self, clean: Seen, seen: Seen) -> Iterator[str]:
        """Yield what is otherwise."""
        if seen.refusal:
            if not re.search(self.said, seen.refusal):
                yield f"the refusal has not {self.said!r}: {seen.refusal}"
            return
        if any(changed(clean, seen)):
            yield from _unsaid(self.said, seen)
            yield from (f"shown as whole: {line}" for line in believed(clean, seen))


@dataclass(frozen=True)
class Told:
    """Figures may change as the extract says; a warning has these words."""

    said: str

    def faults(self, clean: Seen, seen: Seen) -> Iterator[str]:
        """Yield what is otherwise."""
        yield from _refused(seen)
        yield from _unsaid(self.said, seen)


Outcome = Same | Partial | Refused | Named | Told


def changed(clean: Seen, seen: Seen) -> Iterator[str]:
    """Yield the figures and the rows of lists that are otherwise."""
    for place, before, after in differing(clean, seen):
        yield f"{place}: {_shown(before)} became {_shown(after)}"
    for place in sorted({*clean.lists, *seen.lists}):
        if clean.lists.get(place) != seen.lists.get(place):
            yield f"{place}: {clean.lists.get(place)} became {seen.lists.get(place)}"


def believed(clean: Seen, seen: Seen) -> Iterator[str]:
    """Yield the figures that read otherwise and are shown as if nothing were wrong.

    Rows of unit codes that a warning says nobody knows are truly nobody's: those figures are right.
    """
    unplaced = shipped().organisation.unallocated if any(map(UNPLACED.search, seen.warnings)) else None
    for place, before, after in differing(clean, seen):
        if after is None or after.state != "ok" or after.org == unplaced:
            continue
        if _reads(before) != _reads(after):
            yield f"{place}: {_shown(before)} became {_shown(after)}"


def differing(clean: Seen, seen: Seen) -> list[tuple[Place, Value | None, Value | None]]:
    """Return the figures that are otherwise, with what they were and what they became."""
    both = (
        (place, clean.figures.get(place), seen.figures.get(place)) for place in clean.figures | seen.figures
    )
    return [(place, a, b) for place, a, b in both if a != b and _cells(a) != _cells(b)]


def _cells(value: Value | None) -> tuple[object, ...]:
    return () if value is None else (value.state, value.value, value.num, value.den, value.n)


def _reads(value: Value | None) -> object:
    """The figure as it is rounded for its reader: what an unknown cell leaves alike may stay."""
    if value is None or value.value is None:
        return None
    return round(value.value, shipped().metrics[value.metric].decimals)


def _shown(value: Value | None) -> str:
    if value is None:
        return "nothing"
    return f"{value.state} {value.value} ({value.num}/{value.den}, n {value.n})"


def _refused(seen: Seen) -> Iterator[str]:
    if seen.refusal:
        yield f"refused: {seen.refusal}"


def _unsaid(words: str, seen: Seen) -> Iterator[str]:
    if words and not seen.refusal and not any(re.search(words, line) for line in seen.warnings):
        yield f"no warning has {words!r}: {list(seen.warnings)}"
