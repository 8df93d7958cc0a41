"""The commands of a release and of what it leaves: the archive."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from opti_reports.commands.period import one_of
from opti_reports.commands.stamp import stamp
from opti_reports.messages.message import Message
from opti_reports.messages.sentences import say
from opti_reports.terminal.console import (
    Month,
    Week,
    clock,
    jobs_option,
    json_option,
    now,
    workspace_option,
)
from opti_reports.terminal.printing import Bars, agreed, answer, aside, asked, note, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opti_reports.model.look import Look
    from opti_reports.model.pack import Pack
    from opti_reports.periods.period import Period
    from opti_reports.workspace import Workspace


@click.command()
@click.option("--month", type=Month(), default=None)
@click.option("--week", type=Week(), default=None)
@click.option("--pack", default="")
@click.option("--sign", "role", default="")
@click.option("--preliminary", is_flag=True)
@json_option
@workspace_option
def release(
    month: int | None,
    week: int | None,
    pack: str,
    role: str,
    preliminary: bool,
    as_json: bool,
    workspace: Path,
) -> None:
    """Show a release, and sign it off."""
    from opti_reports.release.page import write_page
    from opti_reports.release.preview import prepare
    from opti_reports.release.sign import sign
    from opti_reports.terminal.release import release_json, release_text, signed_text
    from opti_reports.terminal.tables import to_json
    from opti_reports.workspace import find

    of_months = {"--preliminary": preliminary, "--pack": pack}
    period, place = one_of(month, week, of_months), find(workspace)
    shown = prepare(place, period, clock(), preliminary=preliminary, pack=pack)
    show(to_json(release_json(shown)) if as_json else release_text(shown))
    if not role:
        note("release.page", file=str(write_page(place, shown)))
    if not role and not shown.waiting and not as_json and not shown.unchanged and sys.stdin.isatty():
        role = asked("release.sign_as")
    if not role:
        note("release.not_written")
        return
    made = sign(place, shown, role, now())
    aside(signed_text(made, unchanged=shown.unchanged))


def by_itself(place: Workspace, period: Period) -> None:
    """Release a week's run where the settings say that nobody has to look at it first."""
    from opti_reports.release.alone import release_alone

    release_alone(place, period, clock())


@click.group()
def archive() -> None:
    """Gather the commands on the archive."""


@archive.command(name="list")
@json_option
@workspace_option
def list_runs(as_json: bool, workspace: Path) -> None:
    """List the released runs."""
    from opti_reports.archive import runs as kept
    from opti_reports.terminal.release import runs_text
    from opti_reports.workspace import find

    answer(kept.runs(find(workspace)), runs_text, as_json=as_json)


@archive.command()
@click.argument("run", default="")
@click.option("--head", default="")
@click.option(
    "--public-key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--stamp-roots",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@json_option
@workspace_option
def verify(
    run: str, head: str, public_key: Path | None, stamp_roots: Path | None, as_json: bool, workspace: Path
) -> None:
    """Verify the archive or a run of it."""
    from opti_reports.archive import runs as kept
    from opti_reports.errors import ArchiveError
    from opti_reports.terminal.release import verdict_text
    from opti_reports.workspace import find

    verdict = kept.check(find(workspace), run, head, public_key, stamp_roots)
    answer(verdict, verdict_text, as_json=as_json)
    sys.exit(ArchiveError.exit_code if verdict.faults else 0)


@archive.command()
@json_option
@workspace_option
def head(as_json: bool, workspace: Path) -> None:
    """Print the ledger's head."""
    from opti_reports.archive import runs as kept
    from opti_reports.workspace import find

    digest, lines = kept.head(find(workspace))
    answer({"head": digest, "lines": lines}, lambda head: str(head["head"]), as_json=as_json)


@archive.command()
@click.argument("run")
@jobs_option
@json_option
@workspace_option
def rebuild(run: str, jobs: int | None, as_json: bool, workspace: Path) -> None:
    """Rebuild a run and compare it."""
    from opti_reports.archive import runs as kept
    from opti_reports.errors import ArchiveError
    from opti_reports.parallel import Jobs
    from opti_reports.release.rebuild import rebuild as again
    from opti_reports.stages import documents
    from opti_reports.terminal.release import rebuilt_text
    from opti_reports.workspace import ARCHIVE, find

    def draw(packs: Sequence[tuple[Pack, str, Look, int | None]]) -> list[bytes | Message]:
        tasks = [documents.Document(*one) for one in packs]
        with Jobs(jobs or 0) as pool, Bars() as bars:
            return pool.each(documents.render, tasks, lambda done: bars.show("packs", done, len(tasks)))

    place = find(workspace)
    made = again(place.output / ARCHIVE, kept.named(place, run), draw)
    answer(made, rebuilt_text, as_json=as_json)
    sys.exit(ArchiveError.exit_code if made.faults else 0)


@archive.command()
@click.argument("run")
@click.argument("folder", type=click.Path(path_type=Path))
@workspace_option
def export(run: str, folder: Path, workspace: Path) -> None:
    """Export a run for an auditor."""
    from opti_reports.archive import runs as kept
    from opti_reports.workspace import find

    name, target = kept.export(find(workspace), run, folder)
    show(say("archive.exported", name=name, folder=str(target)))


@archive.command()
@click.option("--delete", is_flag=True)
@click.option("--yes", is_flag=True)
@json_option
@workspace_option
def retention(delete: bool, yes: bool, as_json: bool, workspace: Path) -> None:
    """Show how long runs are kept; delete what is due."""
    from opti_reports.archive import keeping
    from opti_reports.terminal.console import today
    from opti_reports.terminal.release import kept_text
    from opti_reports.workspace import find

    place = find(workspace)
    found = keeping.retentions(place, today())
    answer(found, kept_text, as_json=as_json)
    due = sum(one.deletable for one in found)
    if not delete or not due:
        return
    if not yes and not (sys.stdin.isatty() and agreed("kept.delete", due=due)):
        note("kept.not_deleted")
        return
    gone = keeping.delete(place, today(), now())
    note("kept.deleted", gone=len(gone))


@archive.command()
@json_option
@workspace_option
def hold(as_json: bool, workspace: Path) -> None:
    """Show what is held."""
    from opti_reports.archive import keeping
    from opti_reports.terminal.console import today
    from opti_reports.terminal.release import holds_text
    from opti_reports.workspace import find

    held = [one for one in keeping.retentions(find(workspace), today()) if one.held]
    answer(held, holds_text, as_json=as_json)


@archive.command()
@click.argument("run")
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
)
@click.option("--password", is_flag=True)
@workspace_option
def sign(run: str, key: Path, password: bool, workspace: Path) -> None:
    """Sign a run's manifest."""
    from opti_reports.archive import runs as kept
    from opti_reports.workspace import find

    secret = asked("archive.password", hidden=True) if password else None
    name = kept.sign(find(workspace), run, key, secret, now())
    show(say("archive.signed", name=name))


archive.add_command(stamp)
