"""The command line: parse, call, show, exit code. Heavy imports wait until a command needs them."""

from __future__ import annotations

import errno
import gc
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from opti_reports import __version__
from opti_reports.commands.adopt import adopt
from opti_reports.commands.archive import archive, by_itself, release
from opti_reports.commands.demo import demo
from opti_reports.commands.doctor import doctor
from opti_reports.commands.explain import changes, explain, trace
from opti_reports.commands.handbook import handbook
from opti_reports.commands.mail import send
from opti_reports.commands.meetings import actions, notes
from opti_reports.commands.month import ready, wait_or_go
from opti_reports.commands.period import one_of
from opti_reports.commands.schedule import schedule
from opti_reports.commands.workspace import init, lines, sources, upgrade
from opti_reports.errors import OptiError, UsageError
from opti_reports.messages.message import Message, message
from opti_reports.terminal.console import (
    Month,
    Number,
    Week,
    clock,
    jobs_option,
    json_option,
    workspace_option,
)
from opti_reports.terminal.help import explained
from opti_reports.terminal.library import in_language, language_option
from opti_reports.terminal.printing import (
    Bars,
    answer,
    aside,
    look_at,
    lossless,
    no_log,
    note,
    refused,
    show,
)

NO_FOLDER = (errno.ENOENT, errno.ENOTDIR)


def _left(ctx: click.Context) -> Message:
    """Return what a command that ended with a fault leaves behind."""
    if ctx.invoked_subcommand == "send":
        return message("left.sent")
    written = ctx.invoked_subcommand in ("init", "demo", "upgrade")
    return message("left.half_written") if written else message("left.nothing")


class Group(click.Group):
    """Speaks the language asked for; shows an OptiError as its text and leaves with its exit code; anything
    else points at the log.
    """

    def main(self, args: Sequence[str] | None = None, *own: Any, **more: Any) -> Any:
        """Run the command that the arguments name; ``--ui-lang`` may stand anywhere among them."""
        rest = in_language(sys.argv[1:] if args is None else args)
        explained(self)
        return super().main(rest, *own, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except OptiError as error:
            refused(error)
            ctx.exit(error.exit_code)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # whoever reads the output has enough; click ends quietly
            what = error.strerror or str(error)
            if error.filename:
                note("error.system", what=what, place=str(error.filename))
            else:
                note("error.plain", what=what)
            lacking = message("lacking.folder") if error.errno in NO_FOLDER else message("lacking.rights")
            note("error.again", left=_left(ctx), lacking=lacking)
            ctx.exit(1)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except Exception as error:  # noqa: BLE001 - the last line of defence: shown without a traceback
            # A file of its own that only its owner may read: a fault's text may quote a row.
            descriptor, path = tempfile.mkstemp(prefix="opti-error-", suffix=".txt", text=True)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(traceback.format_exc())
            note("error.unexpected", kind=type(error).__name__, what=str(error))
            note("error.pass_on", left=_left(ctx), path=path)
            ctx.exit(1)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="opti")
@language_option
def main() -> None:
    """Gather the commands."""
    gc.set_threshold(50_000)  # most of what a command makes stays until it ends
    lossless()


@main.command()
@click.option("--month", type=Month(), default=None)
@click.option("--stage", type=click.Choice(["preliminary", "final"]), default=None)
@jobs_option
@json_option
@workspace_option
def check(month: int | None, stage: Any, jobs: int | None, as_json: bool, workspace: Path) -> None:
    """Check the configs, or a month's extracts."""
    from opti_reports.check.month import check as check_month
    from opti_reports.check.month import check_configs
    from opti_reports.stages.request import Request
    from opti_reports.terminal.month import configs_text, rows_table
    from opti_reports.workspace import find

    place = find(workspace)
    if month is None:
        configs = check_configs(place)
        summary = {
            "sources": len(configs.sources),
            "metrics": len(configs.metrics),
            "packs": len(configs.packs),
        }
        answer(summary, configs_text, as_json=as_json)
        return
    with Bars() as bars:
        reports, warnings = check_month(
            Request(workspace=place, month=month, stage=stage, jobs=jobs or 0, progress=bars.show)
        )
    answer(reports, lambda rows: "\n".join([rows_table(rows), *look_at(warnings)]), as_json=as_json)


@main.command(name="run")
@click.option("--month", type=Month(), default=None)
@click.option("--week", type=Week(), default=None)
@click.option("--pack", "packs", multiple=True)
@click.option("--org", "orgs", multiple=True)
@click.option(
    "--lang",
    "languages",
    multiple=True,
)
@click.option(
    "--stage",
    type=click.Choice(["preliminary", "final"]),
    default=None,
)
@click.option(
    "--when-ready",
    is_flag=True,
)
@click.option("--fresh", is_flag=True)
@jobs_option
@click.option("--scheduler", default="")
@click.option("--tls", type=click.Path(exists=True, file_okay=False, path_type=Path))
@json_option
@workspace_option
def run_command(
    month: int | None,
    week: int | None,
    packs: tuple[str, ...],
    orgs: tuple[str, ...],
    languages: tuple[str, ...],
    stage: Any,
    when_ready: bool,
    fresh: bool,
    jobs: int | None,
    scheduler: str,
    tls: Path | None,
    as_json: bool,
    workspace: Path,
) -> None:
    """Run a month or a week."""
    from opti_reports import run, run_week
    from opti_reports.archive.standing import standing
    from opti_reports.errors import PackError
    from opti_reports.journal import Journal
    from opti_reports.stages.request import Request
    from opti_reports.terminal.month import outcome_text, standing_event
    from opti_reports.workspace import find

    period = one_of(month, week, {"--stage": stage})
    place = find(workspace)
    with Journal(place.output / "log", "run", clock) as journal, Bars() as bars:
        asked = partial(
            Request,
            workspace=place,
            packs=packs,
            orgs=orgs,
            languages=languages,
            jobs=jobs or 0,
            scheduler=scheduler,
            tls=tls,
            fresh=fresh,
            progress=bars.show,
            note=journal.note,
        )
        if when_ready:
            wait_or_go(place, period, journal)
        if period.cadence.weekly:
            outcome = run_week.run_week(asked(month=period.last_month, week=period.week))
            if not (outcome.failed or outcome.unmade or outcome.outdated):
                by_itself(place, period)
        else:
            outcome = run.run(asked(month=period.end, stage=stage))
        beside = standing(place.output, period)
        if beside is not None:
            journal.note(standing_event(beside))
    no_log(journal.broken)
    answer(outcome, partial(outcome_text, beside=beside), as_json=as_json)
    sys.exit(PackError.exit_code if outcome.failed else 0)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--column")
@click.option("--by")
@click.option("--target", type=Number())
@click.option(
    "--direction",
    type=click.Choice(["up", "down", "neutral"]),
    default="neutral",
    show_default=True,
)
@click.option("--fix", type=click.IntRange(min=2))
@click.option("--rebase", multiple=True)
@click.option("--no-screen", is_flag=True)
@json_option
@click.option("--chart", "picture", type=click.Path(dir_okay=False, path_type=Path))
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
    """Judge any one series."""
    from opti_reports.spc import series
    from opti_reports.terminal.series import label_cautions, spc_json, spc_text

    asked = series.Question(
        file=file,
        column=column,
        target=target,
        direction=direction,
        fix=fix,
        rebase=rebase,
        screen=not no_screen,
        by=by,
    )
    if by is not None and picture is not None:
        raise UsageError("spc.one_picture", "--chart")
    answers = series.answers(asked, workspace)
    for caution in label_cautions(asked, answers):
        aside(caution)
    if picture is not None:
        picture.write_text(series.picture(asked, answers[0], workspace), encoding="utf-8")
    show(spc_json(asked, answers) if as_json else "\n\n".join(spc_text(asked, one) for one in answers))


COMMANDS = (
    init, lines, sources, upgrade, doctor, demo, adopt, ready, actions, notes, explain, trace, changes,
    handbook, release, archive, send, schedule,
)  # fmt: skip
for command in COMMANDS:
    main.add_command(command)

__all__ = ["UsageError", "main"]

if __name__ == "__main__":
    main()
