"""The log of a command in ``output/log``: JSON lines for programs, and the same as text for people."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from opti_reports.errors import OptiError
from opti_reports.messages.message import Message, message
from opti_reports.messages.sentences import say, sentence
from opti_reports.model.report import Event

KEPT = 200
"""How many commands' logs are kept; the oldest go."""


class Journal:
    """Writes down what a command does while it does it; each event is on disk before the next.

    A log that cannot be written stops nothing: ``broken`` says why.
    """

    def __init__(self, folder: Path, command: str, clock: Callable[[], dt.datetime]) -> None:
        self._clock = clock
        self.broken = ""
        self._stem = folder / f"{clock():%Y%m%dT%H%M%S}_{command}_{os.getpid()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for old in sorted(folder.glob("*.jsonl"))[: -KEPT + 1]:
                old.unlink(missing_ok=True)
                old.with_suffix(".log").unlink(missing_ok=True)
        except OSError as error:
            self.broken = str(error)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, OptiError):
            self._end(message("log.refused", why=error.said), error.exit_code)
        elif error is not None and not isinstance(error, SystemExit):
            # Only its kind: the text of a fault nobody foresaw may quote a row.
            self._end(message("log.fault", kind=type(error).__name__), 1)

    def _end(self, why: Message, exit_code: int) -> None:
        self.note(Event("end", why, "error", counts={"exit_code": exit_code}))

    def note(self, event: Event) -> None:
        """Write an event down."""
        if self.broken:
            return
        at = self._clock().isoformat(timespec="milliseconds")
        try:
            with self._stem.with_suffix(".jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps({"at": at, **_plain(event)}, ensure_ascii=False) + "\n")
            with self._stem.with_suffix(".log").open("a", encoding="utf-8") as file:
                file.write(f"{at[:19].replace('T', ' ')} {event.level:7} {_line(event)}\n")
        except OSError as error:
            self.broken = str(error)


def _plain(event: Event) -> dict[str, Any]:
    """Return an event for programs: the code of what is said with its values, and the sentence."""
    plain = {name: value for name, value in asdict(event).items() if value not in (None, {})}
    said = plain.pop("message", None)
    return plain if event.message is None else plain | said | {"text": sentence(event.message)}


def _line(event: Event) -> str:
    """Return an event as a line for a person."""
    text = sentence(event.message) if event.message else ""
    parts = (
        "; ".join(line.strip() for line in text.splitlines()),
        ", ".join(say("amount", name=name, n=number) for name, number in event.counts.items()),
        say("seconds", seconds=event.seconds) if event.seconds is not None else "",
    )
    more = "; ".join(part for part in parts if part)
    return f"{event.stage}: {more}" if more else event.stage
