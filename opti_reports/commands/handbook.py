"""`opti handbook`: what every metric means, for people."""

from __future__ import annotations

from pathlib import Path

import click

from opti_reports.terminal.console import workspace_option
from opti_reports.terminal.printing import show


@click.command()
@workspace_option
@click.option("--lang", "languages", multiple=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
)
def handbook(workspace: Path, languages: tuple[str, ...], out: Path | None) -> None:
    """Write the handbook."""
    from opti_reports import workspace as places
    from opti_reports.handbook import files as made

    place = places.find(workspace)
    for path in made.write(place, languages, out or place.output / "handbook"):
        show(str(path))
