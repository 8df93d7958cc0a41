"""The command that has the ledger's head time-stamped."""

from __future__ import annotations

from pathlib import Path

import click

from opti_reports.terminal.console import now, workspace_option


@click.command()
@workspace_option
def stamp(workspace: Path) -> None:
    """Have the head of the ledger time-stamped by an authority, so that nobody can say it was made later.

    Only a hash goes out, to the authority that [stamp] of configs/archive.toml names (RFC 3161). What comes
    back is checked, kept in the archive and checked again by `opti archive verify`. Needs the extra `stamp`.

    \b
    Example:  opti archive stamp
    """
    from opti_reports.archive.stamp import stamp as again
    from opti_reports.terminal.release import stamp_text
    from opti_reports.workspace import find

    made = again(find(workspace), now())
    known = "The head is stamped already. " if made.known else ""
    click.echo(f"{known}{stamp_text(made.stamp)}: {made.file}")
