"""The commands that answer questions about figures: where one comes from, what changed."""

from __future__ import annotations

from pathlib import Path

import click

from opti_reports.terminal.console import Month, json_option, workspace_option
from opti_reports.terminal.printing import answer, note


@click.command()
@click.argument("metric", metavar="METRIC|PLACE")
@click.option("--org", default="")
@click.option("--month", type=Month(), required=True)
@click.option("--breakdown", default="")
@click.option("--key", default="")
@click.option("--window", default="")
@click.option("--period", default="")
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
    """Explain a value."""
    from opti_reports.errors import UsageError
    from opti_reports.explain.place import is_place, placed
    from opti_reports.explain.question import Question
    from opti_reports.explain.value import explain as explained
    from opti_reports.terminal.explain import explanation_text, places_text
    from opti_reports.workspace import find

    question = Question(
        metric=metric, org=org, month=month, breakdown=breakdown, key=key, window=window, period=period
    )
    if is_place(metric):
        there = placed(find(workspace), metric, month)
        if len(there) > 1:
            answer(there, places_text, as_json=as_json)
            return
        note(
            "place.found", kind=there[0].kind, number=there[0].number, page=there[0].page, says=there[0].says
        )
        question = there[0].question
    elif not org:
        raise UsageError("question.no_org", "--org")
    answer(explained(find(workspace), question), explanation_text, as_json=as_json)


@click.command()
@click.argument("row", metavar="FILE:LINE")
@click.option("--month", type=Month(), default=None)
@json_option
@workspace_option
def trace(row: str, month: int | None, as_json: bool, workspace: Path) -> None:
    """Follow a row of an extract into figures."""
    from opti_reports.explain.trace import trace as followed
    from opti_reports.terminal.explain import trace_text
    from opti_reports.workspace import find

    answer(followed(find(workspace), row, month), trace_text, as_json=as_json)


@click.command()
@click.option("--month", type=Month(), required=True)
@json_option
@workspace_option
def changes(month: int, as_json: bool, workspace: Path) -> None:
    """List changed values."""
    from opti_reports.explain.changed import changes as found
    from opti_reports.terminal.explain import changes_text
    from opti_reports.workspace import find

    answer(found(find(workspace), month), changes_text, as_json=as_json)
