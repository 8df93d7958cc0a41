"""The commands around a run: what has arrived, who is reminded, what a scheduled run waits for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from opti_reports.commands.period import one_of
from opti_reports.messages.message import message
from opti_reports.messages.sentences import sentence
from opti_reports.terminal.console import Month, Week, clock, json_option, workspace_option
from opti_reports.terminal.printing import aside, note, show

if TYPE_CHECKING:
    from opti_reports.journal import Journal
    from opti_reports.mail.reminders import Reminders
    from opti_reports.periods.period import Period
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
    from opti_reports.terminal.month import answer_ready
    from opti_reports.workspace import find

    period, place = one_of(month, week), find(workspace)
    found = ready(place, period)
    answer_ready(found, as_json=as_json)
    if drafts:
        from opti_reports.mail import reminders

        _remind(reminders.write(place, found.configs, period, found.reports, clock()))
    missing = [report for report in found.reports if report.late and report.presence == "required"]
    sys.exit(4 if missing else 0)


def _remind(made: Reminders) -> None:
    """Print which reminders were written."""
    folder = str(made.files[0].parent) if made.files else ""
    note("reminders.written", reminders=len(made.files), folder=folder)
    if made.nowhere:
        note("label.look_at", what=message("reminders.nowhere", sources=tuple(made.nowhere)))
    for report in made.not_due:
        note("reminders.not_due", source=report.source, due=report.due.isoformat())


def wait_or_go(place: Workspace, period: Period, journal: Journal) -> None:
    """Print what a scheduled run waits for; end the command unless there is something to run."""
    from opti_reports.errors import ExtractError
    from opti_reports.model.report import Event
    from opti_reports.schedule.due import decide
    from opti_reports.terminal.month import due_message

    configs, due = decide(place, period, clock())
    what = due_message(configs, due, period)
    journal.note(Event("due", what, "warning" if due.late else "info"))
    if due.verdict == "go":
        aside(sentence(what))
        return
    show(sentence(what))
    sys.exit(ExtractError.exit_code if due.verdict == "late" else 0)
