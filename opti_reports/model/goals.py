"""A goal with the goals that carry it, as a page shows them: who follows what, and where the chain breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from opti_reports.model.tone import Tone


@dataclass(frozen=True, kw_only=True)
class GoalState:
    """How a goal stands: its measure and figure, the target, the owner and who acts when.

    ``depth`` is how far below the uppermost goal it is. ``breaks`` says that the chain breaks here (else
    empty), ``since`` since when the goal is missed, ``acts`` who acts after how long.
    """

    tone: Tone
    depth: int
    name: str
    measure: str
    value: str
    target: str
    status: str
    since: str
    owner: str
    acts: str
    breaks: str = ""


@dataclass(frozen=True)
class GoalLine:
    """The goals of one part of the organisation, from the uppermost down."""

    label: str
    goals: tuple[GoalState, ...]


@dataclass(frozen=True, kw_only=True)
class GoalChain:
    """A goal, the lines of goals that carry it side by side, and what is to be seen in them in a sentence."""

    kind: ClassVar[str] = "goal_chain"
    caption: str
    message: str
    top: GoalState
    lines: tuple[GoalLine, ...]
