"""The commands around a month's run: what has arrived, who is reminded, and the run that starts by itself."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opti_reports.commands.week import one_of, ready_of_week
from opti_reports.messages.message import message
from opti_reports.messages.sentences import say, sentence
from opti_reports.terminal.console import Month, Week, clock, json_option, workspace_option
from opti_reports.terminal.printing import answer, aside, look_at, note, show

if TYPE_CHECKING:
    from opti_reports.journal import Journal
    from opti_reports.mail.reminders import Reminders
    from opti_reports.workspace import Workspace


@click.command()
@click.option("--month", type=Month(), default=None)
@click.option("--week", type=Week(), default=None)
@click.option("--drafts", is_flag=True)
@json_option
@workspace_option
def ready(month: int | None, week: int | None, drafts: bool, as_json: bool, workspace: Path) -> None:
    """List the sources' arrivals."""
    from opti_reports.check.ready import ready
    from opti_reports.periods.months import month_text
    from opti_reports.terminal.month import ready_table
    from opti_reports.workspace import find

    one_of(month, week, {"--drafts": drafts})
    place = find(workspace)
    if month is None:
        ready_of_week(place, week or 0, as_json=as_json)
        return
    configs, reports, unread = ready(place, month)
    answer(
        reports,
        lambda arrived: "\n".join([*look_at(unread), ready_table(configs, arrived, month_text(month))]),
        as_json=as_json,
    )
    if drafts:
        from opti_reports.mail import reminders

        _remind(reminders.write(place, configs, month, reports, clock()))
    missing = [r for r in reports if r.late and r.presence == "required"]
    sys.exit(4 if missing else 0)


def _remind(made: Reminders) -> None:
    """Print which reminders were written."""
    folder = str(made.files[0].parent) if made.files else ""
    note("reminders.written", reminders=len(made.files), folder=folder)
    if made.nowhere:
        note("label.look_at", what=message("reminders.nowhere", sources=tuple(made.nowhere)))
    for report in made.not_due:
        note("reminders.not_due", source=report.source, due=report.due.isoformat())


def wait_or_go(place: Workspace, month: int, journal: Journal) -> None:
    """Print what a scheduled run waits for; end the command unless there is something to run."""
    from opti_reports.errors import ExtractError
    from opti_reports.model.report import Event
    from opti_reports.schedule.due import decide
    from opti_reports.terminal.month import due_message

    configs, due = decide(place, month, clock())
    what = due_message(configs, due, month)
    journal.note(Event("due", what, "warning" if due.late else "info"))
    if due.verdict == "go":
        aside(sentence(what))
        return
    show(sentence(what))
    sys.exit(ExtractError.exit_code if due.verdict == "late" else 0)


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
