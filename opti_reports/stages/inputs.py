"""Facts placed in the month's tree: what the metrics of a run, and of the publication before, rest on."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from opti_reports.catalogue.graph import facts_of, sources_of, used
from opti_reports.config.configs import Configs
from opti_reports.facts import slices
from opti_reports.findings.status import Targets
from opti_reports.metrics.evaluate import Inputs, computable, one_metric
from opti_reports.metrics.placed import PlacedFact, Places, placed_fact, places
from opti_reports.model.value import Values
from opti_reports.periods.cadence import CADENCES
from opti_reports.stages.counted import Facts


def inputs(configs: Configs, facts: Facts, month: int, wanted: Collection[str] | None = None) -> Inputs:
    """Return the facts (all of them, unless some are ``wanted``), and the metrics that they suffice for."""
    return _placed(configs, facts, places(configs.organisation.tree(month)), month, wanted)


def _placed(
    configs: Configs,
    facts: Facts,
    at: Places,
    month: int,
    wanted: Collection[str] | None,
    since: int = 0,
) -> Inputs:
    """Return facts as a month knew them, in the tree of another; without rows of months before ``since``."""
    placed: dict[str, PlacedFact] = {}
    for source in configs.sources.values():
        own, reaches = facts.of(source.id), facts.reaches(configs, source.id)
        for fact in source.fact if own else ():
            if wanted is not None and fact.id not in wanted:
                continue
            shape = configs.shapes[fact.id]
            tables = [kept.tables[fact.id] for _, kept in own]
            all_months = source.per_unit  # those with rows are the ones it has delivered
            rows = slices.merged(
                shape, tables, reaches, snapshot=fact.snapshot, first=0 if all_months else since
            )
            placed[fact.id] = placed_fact(
                shape=shape,
                rows=rows,
                covered=slices.covered(reaches, snapshot=fact.snapshot),
                source=source,
                organisation=configs.organisation,
                at=at,
                until=month,
                since=since,
            )
    usable = {id: metric for id, metric in configs.metrics.items() if computable(id, configs.metrics, placed)}
    targets = Targets(configs.metrics, configs.targets.target, configs.findings.watch, at.tree)
    return Inputs(
        metrics=usable,
        facts=placed,
        organisation=configs.organisation,
        at=at,
        month=month,
        history=configs.settings.history_months,
        breakdown_months=configs.settings.breakdown_months,
        breakdown_week_months=configs.settings.breakdown_week_months,
        doubted=facts.doubted(configs),
        steady=targets.steady,
        yearly=configs.yearly,
        behind=configs.behind,
    )


def now_and_before(
    configs: Configs, facts: Facts, given: Inputs, metrics: Sequence[str], split: Collection[str]
) -> tuple[Values, Values]:
    """Return the values of metrics in the data month, and those of the month before as its deliveries found
    them.

    The latter with breakdowns only of the metrics to ``split``. Just periods from the first month that a
    delivery of the data month replaced are computed twice; all before are the same.
    """
    month = given.month
    wider = given.of_last(given.history, 1)
    wide = [value for id in metrics for value in one_metric(wider, id)]
    since = {id: _since(configs, facts, id, month) for id in metrics}
    touched = [id for id in metrics if since[id] < month]
    then, first = facts.until(month - 1), min(since.values(), default=month)
    known_then = _placed(
        configs, then, given.at, month - 1, facts_of(configs, touched), since=_rows_from(first)
    )
    earlier = given.of_month(month - 1)
    before = [
        v
        for v in wide
        if v.period.end < since[v.metric] and earlier.of_years(v) and (not v.breakdown or v.metric in split)
    ]
    for id in touched:
        if id in known_then.metrics:
            before += one_metric(known_then.of_last(month - since[id], 0), id, id in split)
    return Values(tuple(v for v in wide if given.publishes(v))), Values(tuple(before))


def _rows_from(month: int) -> int:
    """Return the first month whose rows any period that ends with a month needs: its first week may begin in
    the month before.
    """
    return min(cadence.months(month)[0] for cadence in CADENCES) - 1


def _since(configs: Configs, facts: Facts, metric: str, month: int) -> int:
    """Return the first month of a metric that a delivery of the data month is the source of, or that month.

    A week that went on after the month before was not published then.
    """
    weekly = any(configs.shapes[fact].weekly for fact, _ in used(metric, configs.metrics))
    changed = [_replaced(configs, facts, source, month) for source in sources_of(configs, [metric])]
    return min(*changed, month - 1 if weekly else month)


def _replaced(configs: Configs, facts: Facts, source: str, month: int) -> int:
    reaches = facts.reaches(configs, source)
    newest = len(reaches) - 1
    if not reaches or reaches[newest].month != month:
        return month
    months = range(reaches[newest].first, month + 1)
    return min((m for m in months if slices.winner(m, reaches) == newest), default=month)
