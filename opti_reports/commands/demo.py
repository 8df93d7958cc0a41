"""The command that makes synthetic extracts."""

from __future__ import annotations

from pathlib import Path

import click

from opti_reports.terminal.console import Month, workspace_option


@click.command()
@click.option(
    "--months", type=click.IntRange(min=13), default=36, show_default=True, help="How many months of history."
)
@click.option("--last-month", type=Month(), default="2026-08", show_default=True, help="The newest month.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Another seed, another county."
)
@click.option(
    "--scale",
    type=click.FloatRange(min=0.001, max=10),
    default=1.0,
    show_default=True,
    help="1 = a county of 480 000 people.",
)
@click.option(
    "--mess", is_flag=True, help="Spoil the newest month: broken rows, duplicates, a missing source."
)
@workspace_option
def demo(months: int, last_month: int, seed: int, scale: float, mess: bool, workspace: Path) -> None:
    """Make synthetic extracts into data/, with things worth finding.

    \b
    Example:  opti demo --scale 0.02 && opti run --month 2026-08
    """
    from opti_reports.demo import generate
    from opti_reports.periods.months import month_text
    from opti_reports.workspace import find

    place = find(workspace)
    files = generate(
        place.data,
        month_text(last_month),
        organisation_file=place.configs / "organisation.toml",
        source_folder=place.configs / "sources",
        months=months,
        seed=seed,
        scale=scale,
        mess=mess,
        progress=lambda name: click.echo(f"  {name}"),
        unfit=lambda fault: click.echo(
            f"{fault}\n  Its extract is written for the shipped configs.", err=True
        ),
    )
    click.echo(f"{len(files)} files for {months} months are in {place.data}.")
    click.echo(
        f"{place.demo.name} beside them has the targets of the demo's made-up organisation: "
        "they count in its months only, and only where configs/targets.toml has agreed none."
    )
