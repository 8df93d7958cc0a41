"""What was offered against what stands in the way of a target, and what a meeting made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from opti_reports.config.saying import Barrier
from opti_reports.config.source import fold
from opti_reports.model.meeting import OFFER_END, REFUSED_END

BARRIER, REFUSED = "barrier", "passed_over"
_NUMBERED = re.compile(r"^\s*(\d+)[.)]?(?:\s+|$)")


def chosen(barriers: Sequence[Barrier], text: str) -> tuple[Barrier, str] | None:
    """Return the barrier that a text means and its language: by its number, its name, its action, or both.

    None for words of the writer's own.
    """
    numbered = _NUMBERED.match(text)
    if numbered and numbered.end() == len(text):
        at = int(numbered[1])
        return (barriers[at - 1], "") if 1 <= at <= len(barriers) else None
    meant = {fold(text), fold(text[numbered.end() :]) if numbered else ""} - {""}
    for barrier in barriers:
        for language, name in barrier.name.items():
            action = barrier.action[language]
            if meant & {fold(name), fold(action), fold(name + action)}:
                return barrier, language
    return None


def left_open(barriers: Sequence[Barrier], text: str) -> bool:
    """Return whether a cell holds nothing but what was offered: none or several, as they were printed."""
    pieces = [piece for piece in text.split(OFFER_END.strip()) if fold(piece)]
    return len(pieces) != 1 and all(chosen(barriers, piece) for piece in pieces)


def decided(barriers: Sequence[Barrier], title: str, stands: str, first: str) -> dict[str, str]:
    """Return title, barrier and what was passed over of a decision, from its words and what stands beside it.

    ``stands`` is the cell of barriers, ``first`` the language the register is kept in.
    """
    taken = chosen(barriers, title)
    if taken is not None:
        barrier, language = taken
        return {"title": barrier.action[language or first], BARRIER: barrier.name[first], REFUSED: ""}
    beside = chosen(barriers, stands)
    if beside is not None:
        barrier, language = beside
        own = {"title": title or barrier.action[language or first], BARRIER: barrier.name[first]}
        return own | {REFUSED: barrier.action[first] if fold(title) else ""}
    offered = left_open(barriers, stands)
    passed = _every(barriers, first) if fold(title) and fold(stands) else ""
    return {"title": title, BARRIER: "" if offered else stands, REFUSED: passed}


def passed_over(barriers: Sequence[Barrier], cells: Mapping[str, str], first: str) -> str:
    """Return what a unit's answer to a deviation leaves of what its workbook offered, in ``first``.

    An own cause passes over every barrier; an own action those of the cause that was chosen, or all of them.
    What somebody left empty says nothing.
    """
    cause, action = cells.get("cause", ""), cells.get("action", "")
    if action and chosen(barriers, action):
        return ""
    because = chosen(barriers, cause) if cause else None
    if because is not None:
        return because[0].action[first] if action else ""
    if cause:
        return _every(barriers, first)
    return REFUSED_END.join(barrier.action[first] for barrier in barriers) if action else ""


def _every(barriers: Iterable[Barrier], first: str) -> str:
    return REFUSED_END.join(words[first] for barrier in barriers for words in (barrier.name, barrier.action))
