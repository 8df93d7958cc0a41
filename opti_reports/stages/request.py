"""What a run is asked for and what it made, and the clock beside it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from opti_reports.messages.message import Message
from opti_reports.model.report import Event, SourceReport, Stage
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.period import Period, of_week
from opti_reports.workspace import Workspace

Progress = Callable[[str, int, int], None]
"""Called with a step's name, how much is done and how much there is."""
Note = Callable[[Event], None]
"""Called with each thing worth writing down."""


def silent(step: str, done: int, total: int) -> None:
    """Say nothing of progress."""
    del step, done, total


def unnoted(event: Event) -> None:
    """Write no log."""
    del event


@dataclass(frozen=True)
class Asked:
    """The packs, organisations and languages named; empty ones mean all that are due."""

    packs: tuple[str, ...] = ()
    orgs: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.packs or self.orgs or self.languages)


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a run is asked to do; empty ``packs``, ``orgs`` or ``languages`` mean all that are due.

    Of a week's run ``week`` is set, and ``month`` that of its last day.

    ``fresh`` asks for every document to be rendered again. ``scheduler`` is the address of one that shares
    the work among machines, ``tls`` the folder of the certificates it is shown.
    """

    workspace: Workspace
    month: int
    week: int = -1
    packs: tuple[str, ...] = ()
    orgs: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    stage: Stage | None = None
    jobs: int = 0
    scheduler: str = ""
    tls: Path | None = None
    fresh: bool = False
    progress: Progress = silent
    note: Note = unnoted

    @property
    def asked(self) -> Asked:
        """Return the packs that are asked for."""
        return Asked(self.packs, self.orgs, self.languages)

    @property
    def period(self) -> Period:
        """Return the month or week."""
        return Period(MONTH, self.month) if self.week < 0 else of_week(self.week)

    @property
    def folder(self) -> Path:
        """Return the folder of the month or week."""
        return self.workspace.output / self.period.text

    @property
    def partial(self) -> bool:
        """Return whether only some packs are asked for; the others of the folder are kept."""
        return bool(self.asked)

    def step(self, name: str) -> Callable[[int, int], None]:
        """Return a function that reports the progress of one step."""
        return partial(self.progress, name)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run made: where, which packs, which failed and why, the sources, and how long each step took.

    ``outdated`` are packs of earlier extracts or configs that a partial run left in the folder, ``unmade``
    those that are due and that it neither made nor found there. ``unchanged``: nothing was made, all is as
    the run before made it.
    """

    folder: Path
    stage: Stage
    packs: tuple[str, ...]
    failed: dict[str, Message]
    sources: tuple[SourceReport, ...]
    warnings: tuple[Message, ...]
    outdated: tuple[str, ...] = ()
    unmade: tuple[str, ...] = ()
    unchanged: bool = False
    apart: tuple[str, ...] = ()
    """The packs among those made that are released by themselves."""
    seconds: dict[str, float] = field(default_factory=dict)


class Clock:
    """Times the steps of a run; its figures go to ``run.json``, never into content."""

    def __init__(self, note: Note = unnoted) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()
        self._note = note

    def lap(self, step: str, **counts: int) -> None:
        """Note how long the step that just ended took, and what it counted."""
        now = time.perf_counter()
        self.seconds[step] = round(now - self._since, 3)
        self._since = now
        self._note(Event(step, seconds=self.seconds[step], counts=counts))
