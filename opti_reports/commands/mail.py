"""The command that mails what was released."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from opti_reports.commands.period import either
from opti_reports.errors import MailError, UsageError
from opti_reports.terminal.console import Month, Week, clock, json_option, workspace_option
from opti_reports.terminal.printing import answer, aside, no_log, show

if TYPE_CHECKING:
    from opti_reports.mail.asked import Edge


@click.command()
@click.option("--month", type=Month(), default=None)
@click.option("--week", type=Week(), default=None)
@click.option("--drafts", is_flag=True)
@click.option("--smtp", is_flag=True)
@click.option("--dry-run", is_flag=True)
@click.option("--status", is_flag=True)
@click.option("--check-server", is_flag=True)
@click.option("--to", metavar="ADDRESS")
@click.option("--pack", "packs", multiple=True)
@click.option("--org", "orgs", multiple=True)
@click.option(
    "--resolve",
    type=(str, click.Choice(["accepted", "again"])),
    default=None,
    metavar="ID VERDICT",
)
@json_option
@workspace_option
def send(
    month: int | None,
    week: int | None,
    drafts: bool,
    smtp: bool,
    dry_run: bool,
    status: bool,
    check_server: bool,
    to: str | None,
    packs: tuple[str, ...],
    orgs: tuple[str, ...],
    resolve: tuple[str, Literal["accepted", "again"]] | None,
    as_json: bool,
    workspace: Path,
) -> None:
    """Send a released month or week."""
    from opti_reports.journal import Journal
    from opti_reports.mail import post, server
    from opti_reports.mail.asked import Asked
    from opti_reports.mail.mailing import read_outbox
    from opti_reports.terminal.mail import (
        door_text,
        events,
        letters_text,
        plain,
        plain_rows,
        preview_text,
        resolved_text,
        sent_text,
        status_text,
    )
    from opti_reports.terminal.tables import to_json
    from opti_reports.workspace import find

    chosen = [name for name, on in (("--drafts", drafts), ("--smtp", smtp)) if on]
    single = {"--dry-run": dry_run, "--status": status, "--check-server": check_server, "--resolve": resolve}
    alone = [name for name, on in single.items() if on]
    if len(chosen) + len(alone) > 1 or (alone and to):
        raise UsageError("mail.exclude", options=(*chosen, *alone, *(["--to"] if to else [])))
    place, edge, period = find(workspace), _edge(), either(month, week)
    if check_server:
        answer(server.check(place, edge, aside), door_text, as_json=as_json)
        return
    if resolve is not None:
        many = post.resolve(place, *resolve, period, edge)
        aside(resolved_text(many, resolve[1]))
        return
    if status:
        found = read_outbox(place, period)
        show(to_json(plain_rows(found.rows)) if as_json else status_text(found.rows, found.notes))
        return
    if period is None:
        raise UsageError("mail.which_period", "--month")
    asked = Asked(place, period, packs, orgs)
    if dry_run:
        foreseen = post.foreseen(asked, edge)
        show(to_json(plain(foreseen)) if as_json else letters_text(foreseen))
        return
    if not chosen and not to:
        raise UsageError("mail.how")
    if to:
        done = post.preview(asked, to, "smtp" if smtp else "draft", edge)
        show(to_json(plain(done)) if as_json else preview_text(done, to))
        return
    with Journal(place.output / "log", "send", clock) as journal:
        done = post.post(asked, edge) if smtp else post.draft(asked, edge)
        for event in events(done, drafts=drafts):
            journal.note(event)
    no_log(journal.broken)
    show(to_json(plain(done)) if as_json else sent_text(done, drafts=drafts))
    sys.exit(MailError.exit_code if done.undone or done.outsiders or done.fault else 0)


def _edge() -> Edge:
    """Return the clock and the patience of this process."""
    import time

    from opti_reports.mail.asked import Edge

    return Edge(clock, time.sleep)
