"""The one place that prints: results to the output stream; notes, questions, faults, progress to stderr."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from opti_reports.errors import OptiError
from opti_reports.messages.message import Shown
from opti_reports.messages.sentences import say

Result = TypeVar("Result")


def lossless() -> None:
    """Let signs that a file or pipe cannot hold be written by their number, as of ≥ on Windows."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def show(text: str, *, newline: bool = True) -> None:
    """Print a command's result."""
    click.echo(text, nl=newline)


def answer(result: Result, text: Callable[[Result], str], *, as_json: bool) -> None:
    """Print a result for other programs, or as its ``text`` for a person."""
    from opti_reports.terminal.tables import to_json

    show(to_json(result) if as_json else text(result))


def aside(text: str) -> None:
    """Print a text beside the result, on the error stream."""
    click.echo(text, err=True)


def note(code: str, /, **values: Shown) -> None:
    """Print a sentence beside the result."""
    aside(say(code, **values))


def look_at(whats: Iterable[Shown]) -> list[str]:
    """Return the lines of what a person should look at."""
    return [say("label.look_at", what=what) for what in whats]


def next_steps(whats: Iterable[Shown]) -> list[str]:
    """Return the lines of what a person may do next."""
    return [say("label.next", what=what) for what in whats]


def notes(whats: Iterable[Shown]) -> list[str]:
    """Return the lines of what else is worth knowing."""
    return [say("label.note", what=what) for what in whats]


def refused(error: OptiError) -> None:
    """Print what an error says, and its remedy below."""
    if error.where:
        note("error.placed", where=error.where, what=error.what)
    else:
        note("error.plain", what=error.what)
    if error.fix:
        note("error.remedy", fix=error.fix)


def agreed(code: str, /, **values: Shown) -> bool:
    """Ask a person yes or no, in words of the terminal's language or English; an empty answer is no."""
    yes, no = say("label.yes"), say("label.no")
    words = {word: word in ("yes", yes) for word in ("yes", "no", yes, no)}
    meant = words | {word[0]: agrees for word, agrees in words.items()}

    def read(text: str) -> bool:
        word = text.strip().casefold()
        if word not in meant:
            raise click.UsageError(say("label.yes_or_no", yes=yes, no=no))
        return meant[word]

    text = f"{say(code, **values)} [{yes[0]}/{no[0].upper()}]"
    return bool(click.prompt(text, default=no, show_default=False, value_proc=read, err=True))


def asked(code: str, *, hidden: bool = False) -> str:
    """Ask a person for a text; an empty one only where what is typed is shown."""
    default = None if hidden else ""
    return str(click.prompt(say(code), default=default, show_default=False, hide_input=hidden, err=True))


def asked_for(text: str, guess: str) -> str:
    """Ask a person for a text that is put into words already; the guess is what an empty answer means."""
    return str(click.prompt(text, default=guess, show_default=bool(guess), err=True)).strip()


def no_log(broken: str) -> None:
    """Print that a log could not be written, if so."""
    if broken:
        note("label.look_at", what=say("log.broken", why=broken))


class Bars:
    """Progress on a terminal as a bar a step, in a log as one line a step; on the error stream."""

    def __init__(self) -> None:
        self._step = ""
        self._bar: Any = None

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def show(self, step: str, done: int, total: int) -> None:
        """Show how far a step is."""
        name = say(f"step.{step}")
        if not sys.stderr.isatty():
            if done == total:
                note("step_done", step=name, total=total)
            return
        if step != self._step:
            self._end()
            self._step = step
            self._bar = click.progressbar(length=total, label=f"{name:9}", file=sys.stderr)
            self._bar.__enter__()
        self._bar.update(done - self._bar.pos)

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None
