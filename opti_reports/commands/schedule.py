"""The command that prints what starts runs by themselves."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import click

from opti_reports.messages.sentences import say
from opti_reports.terminal.console import workspace_option
from opti_reports.terminal.printing import note, show


class Time(click.ParamType[tuple[int, int]]):
    """A time of day written like 06:30."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Return hour and minute."""
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", str(value))
        if not found:
            self.fail(say("value.time", value=value), param, ctx)
        return int(found[1]), int(found[2])


@click.command()
@click.option("--systemd", "kind", flag_value="systemd")
@click.option("--cron", "kind", flag_value="cron")
@click.option("--windows", "kind", flag_value="windows")
@click.option("--at", type=Time(), default="06:30", show_default=True)
@click.option("--weekly", is_flag=True)
@workspace_option
def schedule(kind: str | None, at: tuple[int, int], weekly: bool, workspace: Path) -> None:
    """Print what starts the monthly or the weekly run."""
    from opti_reports.schedule import timers as schedulers
    from opti_reports.workspace import find

    kind = kind or ("windows" if sys.platform == "win32" else "systemd")
    start = schedulers.start(find(workspace), _program(), *at, weekly=weekly)
    write = {"systemd": schedulers.systemd, "cron": schedulers.cron, "windows": schedulers.windows}[kind]
    show(write(start), newline=False)
    if kind != "systemd":
        note("schedule.zone", zone=start.zone)


def _program() -> tuple[str, ...]:
    """Return what starts this program: its command beside the interpreter, or the interpreter itself."""
    own = Path(sys.executable).with_name("opti.exe" if sys.platform == "win32" else "opti")
    return (str(own),) if own.is_file() else (sys.executable, "-m", "opti_reports.cli")
