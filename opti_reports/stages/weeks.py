"""A week's figures and what is found in them: from the exports of unfinished months, for Monday's pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from opti_reports.config.block import Shaded
from opti_reports.config.configs import Configs
from opti_reports.extracts.weekly import Exports
from opti_reports.findings.deviations import Findings
from opti_reports.findings.signals import Series
from opti_reports.findings.status import Targets
from opti_reports.metrics import distributions
from opti_reports.metrics.evaluate import Inputs, of_weeks
from opti_reports.model.organisation import Unit
from opti_reports.model.report import Distribution
from opti_reports.model.value import Value, Values
from opti_reports.packs.material import Material
from opti_reports.periods.cadence import WEEK
from opti_reports.periods.months import YEAR, month_of_week, months_with
from opti_reports.periods.period import Period
from opti_reports.stages.counted import Facts
from opti_reports.stages.findings import as_shown, listed
from opti_reports.stages.inputs import inputs
from opti_reports.stages.reports import reported
from opti_reports.stages.week_silence import marked, silent

YEAR_OF_WEEKS = 52


def period_of(week: int) -> Period:
    """Return a week as the period of a figure."""
    return Period(WEEK, month_of_week(week), week)


def metrics_of(configs: Configs) -> tuple[str, ...]:
    """Return the metrics with figures of weeks."""
    return tuple(id for id, metric in configs.metrics.items() if WEEK in metric.cadences)


def find(*, configs: Configs, facts: Facts, exports: Exports, week: int, basis: str) -> dict[str, Material]:
    """Return a week's material by audience: each sees the metrics of which nothing is withheld from it."""
    month = months_with(week)[-1]
    given = inputs(configs, facts, month).of_last(_months(configs), 0)
    quiet = silent(configs, given, week)
    known = tuple(marked(configs, given, _values(given, configs, week), week, quiet))
    found: dict[str, Material] = {}
    for audience in configs.readers:
        hidden = set(_hidden(configs, audience, given.at.tree.nodes))
        values = Values(tuple(value for value in known if value.metric not in hidden))
        found[audience] = _material(
            configs=configs,
            facts=facts,
            exports=exports,
            given=given,
            values=values,
            audience=audience,
            week=week,
            basis=basis,
        )
    return found


def _hidden(configs: Configs, audience: str, units: Iterable[Unit]) -> Iterator[str]:
    """Yield the metrics of which an audience may not see a figure; they are on no page of a week.

    The gate protects a month's figures together with its weeks (0016). A week comes before its month, and
    what it showed could not be taken back.
    """
    protection = configs.protection(audience)
    small = any(unit.small_staff_group for unit in units)
    for id in metrics_of(configs):
        metric = configs.metrics[id]
        if protection.cells(metric) > 1 or (protection.small_staff(metric) and small):
            yield id


def _months(configs: Configs) -> int:
    """Return how many months back figures of weeks go: those of the charts, and a year before them."""
    return YEAR + configs.findings.week.charts // 4 + 1


def _values(given: Inputs, configs: Configs, week: int) -> Iterator[Value]:
    rules = configs.findings.week
    weeks = range(week - YEAR_OF_WEEKS - rules.charts, week + 1)
    split = range(week - rules.shown + 1, week + 1)
    for id in metrics_of(configs):
        if id in given.metrics:
            yield from of_weeks(given, id, weeks, split)


def _material(
    *,
    configs: Configs,
    facts: Facts,
    exports: Exports,
    given: Inputs,
    values: Values,
    audience: str,
    week: int,
    basis: str,
) -> Material:
    month, tree = given.month, given.at.tree
    metrics = {value.metric: configs.metrics[value.metric] for value in values}
    targets = Targets(configs.metrics, configs.targets.target, configs.findings.watch, tree)
    now, rules = period_of(week), configs.findings
    weeks = tuple(map(period_of, range(week, week - rules.week.charts, -1)))
    signals = Series(
        values=values,
        metrics=metrics,
        targets=targets,
        tree=tree,
        newest={},
        rebases=rules.rebase,
        history=len(weeks),
        charts=rules.charts,
        weeks=weeks[::-1],
    ).signals()
    findings = Findings(
        values=values,
        metrics=metrics,
        targets=targets,
        tree=tree,
        newest={},
        law_share=rules.law_share,
        signals=signals,
        escalation=(),
        actions={},
        ranking=rules.ranking,
        weeks=weeks,
    )
    return Material(
        statuses=findings.statuses(),
        signals=signals,
        deviations=findings.deviations(),
        effects={},
        restatements=(),
        funnels={},
        standings={},
        silences=(),
        peers={},
        configs=configs,
        audience=audience,
        month=month,
        week=now,
        stage="final",
        tree=tree,
        values=values,
        lists=listed(configs, facts, tree, month),
        distributions=_hours(configs, given, week),
        sources=reported(configs, facts, exports.sources, month),
        newest={},
        basis=basis,
    )


def _hours(
    configs: Configs, given: Inputs, week: int
) -> dict[tuple[str, str, str, Period], tuple[Distribution, ...]]:
    """Return the counts that weekly packs show by two keys, of the last weeks together."""
    packs = (pack for pack in configs.packs.values() if pack.cadence.weekly)
    blocks = [block for pack in packs for block in pack.blocks if isinstance(block, Shaded)]
    found = {}
    for block in blocks:
        if block.fact in given.facts:
            fact = given.facts[block.fact]
            counts = distributions.counts(
                fact=fact,
                measure=next(iter(fact.shape.measures)),
                rows=block.rows,
                levels=block.levels,
                period=period_of(week),
                at=given.at,
                weeks=configs.findings.week.hours,
            )
            shown = tuple(as_shown(one, 0, hidden=False) for one in counts)
            found[block.fact, block.rows, block.levels, period_of(week)] = shown
    return found
