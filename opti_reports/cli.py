"""The command line: parse, call, show, exit code. Heavy imports wait until a command needs them."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

import click

from opti_reports import __version__
from opti_reports.commands.archive import archive, release
from opti_reports.commands.demo import demo
from opti_reports.commands.explain import changes, explain
from opti_reports.commands.handbook import handbook
from opti_reports.commands.mail import send
from opti_reports.commands.meetings import actions, notes
from opti_reports.commands.month import ready, schedule, wait_or_go
from opti_reports.commands.workspace import init, upgrade
from opti_reports.errors import OptiError, UsageError
from opti_reports.terminal.console import (
    Bars,
    Month,
    Number,
    clock,
    jobs_option,
    json_option,
    told_of_log,
    workspace_option,
)

NO_FOLDER = (errno.ENOENT, errno.ENOTDIR)
GIVE_RIGHTS = "make room or give the right to write"


def _left(ctx: click.Context) -> str:
    """What a command that ended with a fault leaves behind."""
    written = ctx.invoked_subcommand in ("init", "demo", "upgrade")
    if ctx.invoked_subcommand == "send":
        return "`opti send --status` says what went out"
    return "What was written is not whole" if written else "Nothing was changed"


class Group(click.Group):
    """Shows an OptiError as its text and leaves with its exit code; anything else points at the log."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except OptiError as error:
            click.echo(f"opti: {error}", err=True)
            ctx.exit(error.exit_code)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # whoever reads the output has enough; click ends quietly
            place = f": {error.filename}" if error.filename else ""
            click.echo(f"opti: {error.strerror or error}{place}", err=True)
            lacking = "name a folder that is there" if error.errno in NO_FOLDER else GIVE_RIGHTS
            click.echo(f"  {_left(ctx)}; {lacking}, then run again.", err=True)
            ctx.exit(1)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except Exception as error:  # noqa: BLE001 - the last line of defence: told without a traceback
            # A file of its own that only its owner may read: a fault's text may quote a row.
            descriptor, path = tempfile.mkstemp(prefix="opti-error-", suffix=".txt", text=True)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(traceback.format_exc())
            click.echo(f"opti: an unexpected fault: {type(error).__name__}: {error}", err=True)
            click.echo(
                f"  {_left(ctx)}. {path} says where; pass it on to whoever tends the program.",
                err=True,
            )
            ctx.exit(1)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="opti")
def main() -> None:
    """Make the month's management packs from the month's extracts.

    \b
    A month begins with:
      opti ready --month 2026-08        what has arrived, what is due when
      opti run --month 2026-08          the packs, into output/2026-08/
    """


@main.command()
@click.option("--month", type=Month(), default=None, help="Read this month's extracts too.")
@click.option("--stage", type=click.Choice(["preliminary", "final"]), default=None, help="As in run.")
@jobs_option
@json_option
@workspace_option
def check(month: int | None, stage: Any, jobs: int | None, as_json: bool, workspace: Path) -> None:
    """Check the configs, and with --month the extracts: every fault at once, nothing rendered.

    \b
    Example:  opti check --month 2026-08
    """
    from opti_reports.check.month import check as check_month
    from opti_reports.check.month import check_configs
    from opti_reports.stages.request import Request
    from opti_reports.terminal.month import look_at, rows_table
    from opti_reports.terminal.tables import to_json
    from opti_reports.workspace import find

    place = find(workspace)
    if month is None:
        configs = check_configs(place)
        summary = {
            "sources": len(configs.sources),
            "metrics": len(configs.metrics),
            "packs": len(configs.packs),
        }
        click.echo(
            to_json(summary)
            if as_json
            else "The configs are in order: " + ", ".join(f"{n} {k}" for k, n in summary.items()) + "."
        )
        return
    with Bars() as bars:
        reports, warnings = check_month(
            Request(place, month, stage=stage, jobs=jobs or 0, progress=bars.show)
        )
    click.echo(to_json(reports) if as_json else "\n".join([rows_table(reports), *look_at(warnings)]))


@main.command(name="run")
@click.option("--month", type=Month(), required=True, help="The data month, like 2026-08, or last.")
@click.option("--pack", "packs", multiple=True, help="Only this pack; may be repeated.")
@click.option("--org", "orgs", multiple=True, help="Only this organisation; may be repeated.")
@click.option(
    "--lang",
    "languages",
    multiple=True,
    help="The language; may be repeated (default: the first of the settings).",
)
@click.option(
    "--stage",
    type=click.Choice(["preliminary", "final"]),
    default=None,
    help="Default: final when all sources have arrived.",
)
@click.option(
    "--when-ready",
    is_flag=True,
    help="Only if what is required has come, and something new has; else say so.",
)
@jobs_option
@json_option
@workspace_option
def run_command(
    month: int,
    packs: tuple[str, ...],
    orgs: tuple[str, ...],
    languages: tuple[str, ...],
    stage: Any,
    when_ready: bool,
    jobs: int | None,
    as_json: bool,
    workspace: Path,
) -> None:
    """Make the month's packs into output/<month>/.

    \b
    Examples:
      opti run --month 2026-08
      opti run --month 2026-08 --pack unit --org lohja
      opti run --month last --when-ready
    """
    from opti_reports import run
    from opti_reports.archive.standing import standing
    from opti_reports.errors import PackError
    from opti_reports.journal import Journal
    from opti_reports.model.report import Event
    from opti_reports.stages.request import Request
    from opti_reports.terminal.month import outcome_text, standing_text
    from opti_reports.terminal.tables import to_json
    from opti_reports.workspace import find

    place = find(workspace)
    with Journal(place.output / "log", "run", clock) as journal, Bars() as bars:
        if when_ready:
            wait_or_go(place, month, journal)
        outcome = run.run(
            Request(place, month, packs, orgs, languages, stage, jobs or 0, bars.show, journal.note)
        )
        beside = standing(place.output, month)
        if beside is not None:
            journal.note(Event("release", standing_text(beside), "info" if beside.same else "warning"))
    told_of_log(journal.broken)
    click.echo(to_json(outcome) if as_json else outcome_text(outcome, beside))
    sys.exit(PackError.exit_code if outcome.failed else 0)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--column", help="The heading or number of the values' column, if there are several.")
@click.option("--by", help="The heading or number of a column: a series for each of its texts.")
@click.option("--target", type=Number(), help="What the values should reach or stay below.")
@click.option(
    "--direction",
    type=click.Choice(["up", "down", "neutral"]),
    default="neutral",
    show_default=True,
    help="Which way is better.",
)
@click.option(
    "--fix", type=click.IntRange(min=2), help="Rest the limits on the first N rows (of each segment)."
)
@click.option("--rebase", multiple=True, help="Begin new limits at the row of this label; may be repeated.")
@click.option("--no-screen", is_flag=True, help="Keep large moving ranges in the limits.")
@json_option
@click.option(
    "--chart", "picture", type=click.Path(dir_okay=False, path_type=Path), help="Draw it as an SVG."
)
@workspace_option
def spc(
    file: Path,
    column: str | None,
    by: str | None,
    target: float | None,
    direction: Any,
    fix: int | None,
    rebase: tuple[str, ...],
    no_screen: bool,
    as_json: bool,
    picture: Path | None,
    workspace: Path,
) -> None:
    """Limits, signals and icons of any one series: FILE is a CSV of labels and values, empty cells are gaps.

    \b
    Examples:
      opti spc calls.csv
      opti spc calls.csv --column answered --target 80 --direction up --chart calls.svg
      opti spc stations.csv --column calls --by station
    """
    from opti_reports.spc import series
    from opti_reports.terminal.series import spc_json, spc_text

    asked = series.Question(file, column, target, direction, fix, rebase, not no_screen, by)
    if by is not None and picture is not None:
        raise UsageError(
            "a picture shows one series, --by makes several", "--chart", "Leave one of them out."
        )
    answers = series.answers(asked, workspace)
    for answer in answers:
        for caution in answer.series.cautions():
            whose = f"{answer.series.name}: " if by is not None else ""
            click.echo(f"opti: {file.name}: {whose}{caution}", err=True)
    if picture is not None:
        picture.write_text(series.picture(asked, answers[0], workspace), encoding="utf-8")
    click.echo(spc_json(asked, answers) if as_json else "\n\n".join(spc_text(asked, one) for one in answers))


COMMANDS = (
    init, upgrade, demo, ready, actions, notes, explain, changes, handbook, release, archive, send, schedule,
)  # fmt: skip
for command in COMMANDS:
    main.add_command(command)

__all__ = ["UsageError", "main"]

if __name__ == "__main__":
    main()
