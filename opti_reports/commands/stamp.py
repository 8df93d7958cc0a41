"""The command that has the ledger's head time-stamped."""

from __future__ import annotations

from pathlib import Path

import click

from opti_reports.messages.sentences import say
from opti_reports.terminal.console import now, workspace_option
from opti_reports.terminal.printing import show


@click.command()
@workspace_option
def stamp(workspace: Path) -> None:
    """Have the ledger's head time-stamped."""
    from opti_reports.archive.stamp import stamp as again
    from opti_reports.terminal.release import stamp_message
    from opti_reports.workspace import find

    made = again(find(workspace), now())
    what = stamp_message(made.stamp)
    if made.known:
        show(say("archive.stamped_already", stamp=what, file=str(made.file)))
    else:
        show(say("archive.stamped_now", stamp=what, file=str(made.file)))
