"""The commands that make a workspace and bring it up to a new version."""

from __future__ import annotations

from pathlib import Path

import click

from opti_reports.terminal.console import json_option, workspace_option


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make a workspace: configs, templates, empty data and output.

    \b
    Example:  opti init ~/opti
    """
    from opti_reports import workspace

    made = workspace.init(folder)
    click.echo(f"A workspace is ready in {made.root}.")
    click.echo(
        "Edit configs/organisation.toml, put extracts into data/<month>/, then: opti check --month <month>"
    )


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@json_option
@workspace_option
def upgrade(dry_run: bool, as_json: bool, workspace: Path) -> None:
    """Bring a workspace's configs and templates up to this version of the program.

    Files you have not touched are renewed. Files you have edited stay as they are; where the new version
    changes one of them too, its new text is put into upgrade-<version>/ to compare with. In a workspace
    without a note of what it was made from (.opti.json) nobody can tell which is which: what differs stays.

    \b
    Example:  opti upgrade --dry-run
    """
    from opti_reports import starter
    from opti_reports.terminal.tables import to_json
    from opti_reports.terminal.workspace import upgrade_text
    from opti_reports.workspace import find, locked

    place = find(workspace)
    changes = starter.plan(place.root)
    aside = None
    if not dry_run:
        with locked(place):
            aside = starter.upgrade(place.root, changes)
    click.echo(to_json(changes) if as_json else upgrade_text(changes, aside, done=not dry_run))
