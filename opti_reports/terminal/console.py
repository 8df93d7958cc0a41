"""What the commands share: values they take, options they have in common, progress they show."""

from __future__ import annotations

import datetime as dt
import math
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import click

YEARS = range(1990, 2060)
"""The years whose working days the calendar knows, and those of the month after."""
Command = TypeVar("Command", bound=Callable[..., Any])


class Month(click.ParamType[int]):
    """A month written like 2026-08, or ``last``: the one that ended last."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The month as an integer."""
        from opti_reports.periods.months import parse_month, year_of

        if value == "last":
            value = (clock().year - 1970) * 12 + clock().month - 2
        try:
            month = value if isinstance(value, int) else parse_month(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if year_of(month) not in YEARS:
            self.fail(f"'{value}' is not between {YEARS[0]}-01 and {YEARS[-1]}-12", param, ctx)
        return month


class Day(click.ParamType["dt.date"]):
    """A day written like 2026-09-15 or 15.9.2026."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """The day as a date."""
        found = value if isinstance(value, dt.date) else None
        for form in ("%Y-%m-%d", "%d.%m.%Y"):
            with suppress(ValueError):
                found = found or dt.datetime.strptime(str(value).strip(), form).date()
        if found is None:
            self.fail(f"'{value}' is not a day; write it like 2026-09-15", param, ctx)
        return found


class Number(click.ParamType[float]):
    """A number with a decimal comma or point."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number; infinity and "not a number" are none."""
        try:
            found = float(str(value).strip().replace(",", ".").replace("−", "-"))
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            self.fail(f"'{value}' is not a number; write it like 79,5", param, ctx)
        return found


def clock() -> dt.datetime:
    """The time it is where the command runs, with its offset."""
    return dt.datetime.now().astimezone()


def today() -> dt.date:
    """The day it is where the command runs."""
    return clock().date()


def now() -> str:
    """The time it is where the command runs, ISO 8601 with the offset."""
    return clock().isoformat(timespec="seconds")


def workspace_option(command: Command) -> Command:
    """``--workspace DIR``: which workspace a command works on."""
    return click.option(
        "--workspace",
        type=click.Path(path_type=Path),
        default=Path(),
        show_default="here",
        help="The workspace's folder.",
    )(command)


def json_option(command: Command) -> Command:
    """``--json``: print the result for other programs."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(command)


def jobs_option(command: Command) -> Command:
    """``--jobs N``: how many processes share the work."""
    return click.option(
        "--jobs",
        type=click.IntRange(min=1),
        default=None,
        help="Processes that share the work (default: as many as fit).",
    )(command)


def told_of_log(broken: str) -> None:
    """Say that a log could not be written, if so."""
    if broken:
        click.echo(f"look at: no log was written: {broken}", err=True)


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
        """Say how far a step is."""
        if not sys.stderr.isatty():
            if done == total:
                click.echo(f"{step}: {total} done", err=True)
            return
        if step != self._step:
            self._end()
            self._step = step
            self._bar = click.progressbar(length=total, label=f"{step:9}", file=sys.stderr)
            self._bar.__enter__()
        self._bar.update(done - self._bar.pos)

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None
