"""The commands that answer questions about figures: where one comes from, what changed."""

from __future__ import annotations

from pathlib import Path

import click

from opti_reports.terminal.console import Month, json_option, workspace_option
from opti_reports.terminal.printing import answer


@click.command()
@click.argument("metric")
@click.option("--org", required=True, help="The organisation's id, as in values.csv.")
@click.option("--month", type=Month(), required=True, help="The month of the run, like 2026-08.")
@click.option("--breakdown", default="", help="A breakdown of the metric, as in values.csv.")
@click.option("--key", default="", help="The key of the breakdown.")
@click.option("--window", default="", help="month, tertial, rolling_12m … (default: the metric's own).")
@click.option("--period", default="", help="Another period, like 2026-05 (default: the newest).")
@json_option
@workspace_option
def explain(
    metric: str,
    org: str,
    month: int,
    breakdown: str,
    key: str,
    window: str,
    period: str,
    as_json: bool,
    workspace: Path,
) -> None:
    """Explain one value of values.csv: formula, filters, amounts by month, and the files it came from.

    Of a withheld value the rule is said, never the figure.

    \b
    Examples:
      opti explain nps --org lohja --month 2026-08
      opti explain nps --org lohja --month 2026-08 --breakdown language --key sv
      opti explain nps --org lohja --month 2026-08 --window tertial --period 2026-T1
    """
    from opti_reports.explain.question import Question
    from opti_reports.explain.value import explain as explained
    from opti_reports.terminal.explain import explanation_text
    from opti_reports.workspace import find

    found = explained(
        find(workspace),
        Question(
            metric=metric, org=org, month=month, breakdown=breakdown, key=key, window=window, period=period
        ),
    )
    answer(found, explanation_text, as_json=as_json)


@click.command()
@click.option("--month", type=Month(), required=True, help="The month of the run, like 2026-08.")
@json_option
@workspace_option
def changes(month: int, as_json: bool, workspace: Path) -> None:
    """List published values that later extracts changed, and what moved since the last release.

    \b
    Example:  opti changes --month 2026-08
    """
    from opti_reports.explain.changed import changes as found
    from opti_reports.terminal.explain import changes_text
    from opti_reports.workspace import find

    answer(found(find(workspace), month), changes_text, as_json=as_json)
