"""The commands that bring back what meetings decided and units prepared."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from opti_reports.terminal.console import Day, Month, json_option, now, workspace_option
from opti_reports.terminal.printing import agreed, answer, note

if TYPE_CHECKING:
    import datetime as dt

    from opti_reports.meetings.imports import Preview
    from opti_reports.workspace import Workspace

_FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
_YES = click.option("--yes", is_flag=True)


@click.group()
def actions() -> None:
    """Gather the commands on actions."""


@actions.command(name="import")
@_FILES
@click.option("--month", type=Month(), required=True)
@click.option("--org", default="")
@click.option("--decided", type=Day())
@_YES
@json_option
@workspace_option
def import_actions(
    files: tuple[Path, ...],
    month: int,
    org: str,
    decided: dt.date | None,
    yes: bool,
    as_json: bool,
    workspace: Path,
) -> None:
    """Import decisions into the register of actions."""
    from opti_reports.meetings import imports
    from opti_reports.workspace import find

    place = find(workspace)
    _settle(place, imports.actions(place, files, month, org, decided), yes, as_json)


@click.group()
def notes() -> None:
    """Gather the commands on preparations."""


@notes.command(name="import")
@_FILES
@click.option("--month", type=Month(), required=True)
@_YES
@json_option
@workspace_option
def import_notes(files: tuple[Path, ...], month: int, yes: bool, as_json: bool, workspace: Path) -> None:
    """Import units' preparations."""
    from opti_reports.meetings import imports
    from opti_reports.workspace import find

    place = find(workspace)
    _settle(place, imports.notes(place, files, month), yes, as_json)


def _settle(place: Workspace, preview: Preview, yes: bool, as_json: bool) -> None:
    """Show an import; write it if asked to. Leaves with 4 when a row was refused."""
    from opti_reports.errors import ExtractError
    from opti_reports.meetings import imports
    from opti_reports.terminal.meetings import import_text

    plan, file = preview.plan, str(preview.target.relative_to(place.root))
    answer(plan, import_text, as_json=as_json)
    if plan.refused:
        note("imported.refused")
        sys.exit(ExtractError.exit_code)
    if not plan.writes:
        note("imported.nothing")
        return
    many = plan.count("new") + plan.count("changed")
    if not yes and not (_asks() and agreed("imported.write", rows=many, file=file)):
        note("imported.not_written", rows=many, file=file)
        return
    imports.write(place, preview, now())
    note("imported.written", rows=many, file=file)


def _asks() -> bool:
    """Return whether there is a person to ask."""
    return sys.stdin.isatty()
