"""The commands that make a workspace and bring it up to a new version."""

from __future__ import annotations

from pathlib import Path

import click

from opti_reports.errors import UsageError
from opti_reports.messages.sentences import say
from opti_reports.terminal.console import json_option, workspace_option
from opti_reports.terminal.printing import answer, show


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--line", default="")
@click.option("--sources", default="")
def init(folder: Path, line: str, sources: str) -> None:
    """Make a workspace."""
    from opti_reports import workspace

    own = {}
    if words := _words(sources):
        from opti_reports.adopt import having

        own = having.of_line(line, words)
    made = workspace.init(folder, line)
    for name, content in own.items():
        (made.configs / name).write_bytes(content)
    show(say("workspace.ready", folder=str(made.root)))


@click.command()
@click.option("--only", default="")
@click.option("--add", "more", default="")
@click.option("--drop", "less", default="")
@json_option
@workspace_option
def sources(only: str, more: str, less: str, as_json: bool, workspace: Path) -> None:
    """Show or change which sources the organisation has."""
    from opti_reports.adopt import having
    from opti_reports.terminal.workspace import sources_text
    from opti_reports.workspace import find, locked

    place = find(workspace)
    if only and (more or less):
        raise UsageError("sources.one_way", "--only")
    if only or more or less:
        with locked(place):
            files = (
                having.only(place, _words(only))
                if only
                else having.changed(place, _words(more), _words(less))
            )
            having.write(place, files)
    packs = having.packs(place)
    answer(having.having(place), lambda found: sources_text(found, packs), as_json=as_json)


def _words(text: str) -> list[str]:
    """Return the words between commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


@click.command()
@json_option
def lines(as_json: bool) -> None:
    """List the service lines a workspace can begin from."""
    from opti_reports import line
    from opti_reports.terminal.workspace import lines_text

    answer(
        [{"line": one.id, "name": one.name, "description": one.description} for one in line.lines()],
        lines_text,
        as_json=as_json,
    )


@click.command()
@click.option("--dry-run", is_flag=True)
@json_option
@workspace_option
def upgrade(dry_run: bool, as_json: bool, workspace: Path) -> None:
    """Upgrade a workspace."""
    from opti_reports import starter
    from opti_reports.terminal.workspace import upgrade_text
    from opti_reports.workspace import find, locked

    place = find(workspace)
    changes = starter.plan(place.root)
    aside = None
    if not dry_run:
        with locked(place):
            aside = starter.upgrade(place.root, changes)
    answer(changes, lambda plan: upgrade_text(plan, aside, done=not dry_run), as_json=as_json)
