"""The command that looks at the machine and the workspace."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from opti_reports.terminal.console import clock, json_option, workspace_option
from opti_reports.terminal.printing import answer

ILL = 1


@click.command()
@json_option
@workspace_option
def doctor(as_json: bool, workspace: Path) -> None:
    """Look at the machine and the workspace."""
    import time

    from opti_reports.doctor.look import look
    from opti_reports.mail.asked import Edge
    from opti_reports.terminal.workspace import doctor_text
    from opti_reports.workspace import find

    signs = list(look(find(workspace), Edge(clock, time.sleep)))
    answer(signs, doctor_text, as_json=as_json)
    if any(sign.health == "ill" for sign in signs):
        sys.exit(ILL)
