"""`opti handbook`: what every metric means, for people."""

from __future__ import annotations

from pathlib import Path

import click

from opti_reports.terminal.console import workspace_option
from opti_reports.terminal.printing import show


@click.command()
@workspace_option
@click.option("--lang", "languages", multiple=True, help="Language, e.g. sv; several times for several.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the files; the workspace's output/handbook without it.",
)
def handbook(workspace: Path, languages: tuple[str, ...], out: Path | None) -> None:
    """Write the handbook of the metrics: a PDF and a web page.

    It is written from the configs; what the newest extracts cannot tell is said beside the metric.

    \b
    Example:  opti handbook --lang fi --lang sv
    """
    from opti_reports import workspace as places
    from opti_reports.handbook import files as made

    place = places.find(workspace)
    for path in made.write(place, languages, out or place.output / "handbook"):
        show(str(path))
