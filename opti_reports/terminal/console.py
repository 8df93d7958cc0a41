"""What the commands share: values they take, options they have in common, the clock."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import click

from opti_reports.messages.sentences import say

YEARS = range(1990, 2060)
"""The years whose working days the calendar knows, and those of the month after."""
Command = TypeVar("Command", bound=Callable[..., Any])


class Month(click.ParamType[int]):
    """A month written like 2026-08, or ``last``: the one that ended last."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the month as an integer."""
        from opti_reports.periods.months import month_of_day, parse_month, year_of

        if value == "last":
            value = month_of_day(clock()) - 1
        try:
            month = value if isinstance(value, int) else parse_month(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if year_of(month) not in YEARS:
            self.fail(say("value.month", value=value, first=YEARS[0], last=YEARS[-1]), param, ctx)
        return month


class Week(click.ParamType[int]):
    """A week written like 2026-W35, or ``last``: the one that ended last."""

    name = "week"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the week as an integer."""
        from opti_reports.periods.months import parse_week, week_of, week_text

        if value == "last":
            return week_of(today()) - 1
        try:
            week = value if isinstance(value, int) else parse_week(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if not YEARS[0] <= int(week_text(week)[:4]) <= YEARS[-1]:
            self.fail(say("value.week", value=value, first=YEARS[0], last=YEARS[-1]), param, ctx)
        return week


class Day(click.ParamType["dt.date"]):
    """A day written like 2026-09-15 or 15.9.2026."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Return the day as a date."""
        found = value if isinstance(value, dt.date) else None
        for form in ("%Y-%m-%d", "%d.%m.%Y"):
            with suppress(ValueError):
                found = found or dt.datetime.strptime(str(value).strip(), form).date()
        if found is None:
            self.fail(say("value.day", value=value), param, ctx)
        return found


class Number(click.ParamType[float]):
    """A number with a decimal comma or point."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number; infinity and "not a number" are none."""
        try:
            found = float(str(value).strip().replace(",", ".").replace("−", "-"))
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            self.fail(say("value.number", value=value), param, ctx)
        return found


def clock() -> dt.datetime:
    """Return the time it is where the command runs, with its offset."""
    return dt.datetime.now().astimezone()


def today() -> dt.date:
    """Return the day it is where the command runs."""
    return clock().date()


def now() -> str:
    """Return the time it is where the command runs, ISO 8601 with the offset."""
    return clock().isoformat(timespec="seconds")


def workspace_option(command: Command) -> Command:
    """Add ``--workspace DIR``: which workspace a command works on."""
    return click.option(
        "--workspace",
        type=click.Path(path_type=Path),
        default=Path(),
        show_default="here",
    )(command)


def json_option(command: Command) -> Command:
    """Add ``--json``: print the result for other programs."""
    return click.option("--json", "as_json", is_flag=True)(command)


def jobs_option(command: Command) -> Command:
    """Add ``--jobs N``: how many processes share the work."""
    return click.option(
        "--jobs",
        type=click.IntRange(min=1),
        default=None,
    )(command)
