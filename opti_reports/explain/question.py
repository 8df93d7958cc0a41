"""Which value of values.csv is asked for, and its row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opti_reports.config.configs import Configs
from opti_reports.config.metric import Metric
from opti_reports.errors import UsageError
from opti_reports.messages.spelling import suggestion
from opti_reports.periods.cadence import CADENCES, cadence
from opti_reports.periods.period import Period, parse_period


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which value: of a metric, an organisation and a run's month; the newest period of its own window unless
    ``window`` and ``period`` (as in values.csv) say another.
    """

    metric: str
    org: str
    month: int
    breakdown: str = ""
    key: str = ""
    window: str = ""
    period: str = ""


def check(configs: Configs, question: Question) -> None:
    """Refuse, with UsageError, a question that the configs cannot know."""
    if question.metric not in configs.metrics:
        near = suggestion(question.metric, configs.metrics)
        raise UsageError("question.metric", "METRIC", name=question.metric, near=near)
    orgs = [node.id for node in configs.organisation.tree(question.month).nodes]
    if question.org not in orgs:
        raise UsageError(
            "unknown.organisation", "--org", name=question.org, near=suggestion(question.org, orgs)
        )
    known = [one.id for one in CADENCES]
    if question.window and question.window not in known:
        raise UsageError(
            "question.window", "--window", name=question.window, near=suggestion(question.window, known)
        )
    by = configs.metrics[question.metric].by
    if question.breakdown and question.breakdown not in by:
        near = suggestion(question.breakdown, by)
        raise UsageError(
            "question.breakdown", "--breakdown", metric=question.metric, name=question.breakdown, near=near
        )


def row_of(rows: Iterable[dict[str, str]], question: Question, metric: Metric) -> dict[str, str]:
    """Return the row that is asked for. Raises UsageError where there is none."""
    window = question.window or metric.cadence.id
    own = [row for row in rows if row["breakdown"] == question.breakdown and row["period_kind"] == window]
    keys = sorted({row["key"] for row in own})
    if question.breakdown and question.key not in keys:
        raise UsageError(
            "question.key",
            "--key",
            name=question.key,
            breakdown=question.breakdown,
            org=question.org,
            near=suggestion(question.key, keys),
            keys=tuple(keys),
        )
    own = [row for row in own if row["key"] == question.key]
    periods = [row["period"] for row in own]
    if question.period and question.period not in periods:
        near = suggestion(question.period, periods)
        raise UsageError("question.period", "--period", window=window, period=question.period, near=near)
    if not own:
        raise UsageError(
            "question.no_value",
            "--window",
            window=window,
            metric=question.metric,
            org=question.org,
            windows=tuple(one.id for one in metric.cadences),
        )
    if question.period:
        return next(row for row in own if row["period"] == question.period)
    return max(own, key=lambda row: (period_of(row).end, period_of(row).week))


def period_of(row: Mapping[str, str]) -> Period:
    """Return the period of a row of values.csv."""
    return parse_period(cadence(row["period_kind"]), row["period"])
