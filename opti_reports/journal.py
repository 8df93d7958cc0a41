"""The log of a command in ``output/log``: JSON lines for programs, and the same as text for people."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

from opti_reports.errors import OptiError
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
            self.note(Event("end", str(error), "error", counts={"exit_code": error.exit_code}))
        elif error is not None and not isinstance(error, SystemExit):
            # Only its kind: the text of a fault nobody foresaw may quote a row.
            self.note(Event("end", type(error).__name__, "error", counts={"exit_code": 1}))

    def note(self, event: Event) -> None:
        """Write an event down."""
        if self.broken:
            return
        at = self._clock().isoformat(timespec="milliseconds")
        plain = {name: value for name, value in asdict(event).items() if value not in ("", None, {})}
        try:
            with self._stem.with_suffix(".jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps({"at": at, **plain}, ensure_ascii=False) + "\n")
            with self._stem.with_suffix(".log").open("a", encoding="utf-8") as file:
                file.write(f"{at[:19].replace('T', ' ')} {event.level:7} {told(event)}\n")
        except OSError as error:
            self.broken = str(error)


def told(event: Event) -> str:
    """An event as a line for a person."""
    counts = ", ".join(f"{name} {number}" for name, number in event.counts.items())
    took = f"{event.seconds:.1f} s" if event.seconds is not None else ""
    more = "; ".join(
        part for part in ("; ".join(line.strip() for line in event.text.splitlines()), counts, took) if part
    )
    return f"{event.stage}: {more}" if more else event.stage
