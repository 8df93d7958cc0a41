"""Facts placed in the month's tree: what the metrics of a run, and of the publication before, rest on."""

from __future__ import annotations

from collections.abc import Collection

from opti_reports.config.load import Configs
from opti_reports.facts import slices
from opti_reports.metrics.evaluate import Inputs, computable, one_metric, used
from opti_reports.metrics.known import Known, known, places
from opti_reports.model.value import Value, Values
from opti_reports.steps.take import Taken


def inputs(configs: Configs, taken: Taken, month: int, sources: Collection[str] | None = None) -> Inputs:
    """Every fact (of the ``sources``, or of all), and the metrics that can be computed from them."""
    at = places(configs.organisation.tree(month))
    facts: dict[str, Known] = {}
    for source in configs.sources.values():
        own, reaches = taken.of(source.id), taken.reaches(configs, source.id)
        for fact in source.fact if own and (sources is None or source.id in sources) else ():
            shape = configs.shapes[fact.id]
            tables = [kept.tables[fact.id] for _, kept in own]
            rows = slices.merged(shape, tables, reaches, snapshot=fact.snapshot)
            facts[fact.id] = known(
                shape, rows, slices.covered(reaches), source, configs.organisation, at, month
            )
    usable = {id: metric for id, metric in configs.metrics.items() if computable(id, configs.metrics, facts)}
    return Inputs(usable, facts, configs.organisation, at, month, configs.settings.history_months)


def published_before(
    configs: Configs, taken: Taken, given: Inputs, now: Values, split: Collection[str]
) -> Values:
    """The values of the periods that ended before the data month, as its deliveries found them.

    Only periods from the first month that a delivery of the data month replaced are computed again; all
    before are the same ``now``. ``split`` names the metrics whose breakdowns are wanted.
    """
    month = given.month
    since = {id: _since(configs, taken, id, month) for id in given.metrics}
    same = [
        value
        for value in now
        if value.period.end < since[value.metric] and (not value.breakdown or value.metric in split)
    ]
    touched = [id for id in given.metrics if since[id] < month]
    told = inputs(configs, taken.until(month - 1), month, _sources(configs, touched))
    again: list[Value] = []
    for id in touched:
        if id in told.metrics:
            recent = told.of_last(month - since[id] + 1)
            again += (v for v in one_metric(recent, id, id in split) if v.period.end < month)
    return Values((*same, *again))


def _sources(configs: Configs, metrics: Collection[str]) -> set[str]:
    return {configs.shapes[fact].source for id in metrics for fact, _ in used(id, configs.metrics)}


def _since(configs: Configs, taken: Taken, metric: str, month: int) -> int:
    """The first month of a metric that a delivery of the data month is the source of, or that month."""
    return min(_replaced(configs, taken, source, month) for source in _sources(configs, [metric]))


def _replaced(configs: Configs, taken: Taken, source: str, month: int) -> int:
    reaches = taken.reaches(configs, source)
    newest = len(reaches) - 1
    if not reaches or reaches[newest].month != month:
        return month
    months = range(reaches[newest].first, month + 1)
    return min((m for m in months if slices.winner(m, reaches) == newest), default=month)
