"""The command that makes synthetic extracts."""

from __future__ import annotations

from pathlib import Path

import click

from opti_reports.messages.sentences import say
from opti_reports.terminal.console import Month, workspace_option
from opti_reports.terminal.printing import aside, show


@click.command()
@click.option("--months", type=click.IntRange(min=13), default=None)
@click.option("--last-month", type=Month(), default="2026-08", show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option(
    "--scale",
    type=click.FloatRange(min=0.001, max=10),
    default=1.0,
    show_default=True,
)
@click.option("--mess", is_flag=True)
@workspace_option
def demo(months: int | None, last_month: int, seed: int, scale: float, mess: bool, workspace: Path) -> None:
    """Make the demo's extracts."""
    from opti_reports.demo import by_line
    from opti_reports.periods.months import month_text
    from opti_reports.starter import line_of
    from opti_reports.workspace import find

    place = find(workspace)
    made = by_line.make(
        line_of(place.root),
        place.configs,
        place.data,
        by_line.Wanted(last_month=month_text(last_month), months=months, seed=seed, scale=scale, mess=mess),
        progress=lambda name: show(say("demo.file", name=name)),
        unfit=lambda fault: aside(say("demo.unfit", fault=str(fault))),
    )
    show(say("demo.made", files=len(made), folder=str(place.data)))
    if place.demo in made:
        show(say("demo.targets", file=place.demo.name))
