"""A week's figures and what is found in them: from the exports of unfinished months, for Monday's pages."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

import numpy as np

from opti_reports.config.block import Shaded
from opti_reports.config.configs import Configs
from opti_reports.extracts.weekly import Exports
from opti_reports.findings.weekly import conclude_weeks
from opti_reports.metrics import distributions
from opti_reports.metrics.evaluate import Inputs, of_weeks
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
from opti_reports.stages.week_silence import marked, silences, units_silent

YEAR_OF_WEEKS = 52


@dataclass(frozen=True)
class Found:
    """A week's material by audience, and by source the units that are silent."""

    materials: dict[str, Material]
    silent: dict[str, tuple[str, ...]]


def find(*, configs: Configs, facts: Facts, exports: Exports, week: int, basis: str) -> Found:
    """Return a week's material: each audience sees the metrics of which nothing is withheld from it."""
    given = inputs(configs, facts, months_with(week)[-1]).of_last(_months(configs), 0)
    quiet = silences(configs, given, _weeks(configs, week))
    known = tuple(marked(configs, given, _values(given, configs, week), quiet))
    tree, rules = given.at.tree, configs.findings.week
    weeks = tuple(map(_period, range(week, week - rules.charts, -1)))
    found, alike = dict[str, Material](), dict[frozenset[str], str]()
    for audience in configs.readers:
        hidden = frozenset(_hidden(configs, audience, given))
        if hidden in alike:  # those who are shown the same have the same
            found[audience] = replace(found[alike[hidden]], audience=audience)
            continue
        alike[hidden] = audience
        values = Values(tuple(value for value in known if value.metric not in hidden))
        made = conclude_weeks(configs, values, tree, weeks)
        found[audience] = Material(
            statuses=made.statuses,
            signals=made.signals,
            deviations=made.deviations,
            effects=made.effects,
            restatements=made.restatements,
            funnels=made.funnels,
            standings=made.standings,
            silences=made.silences,
            peers=made.peers,
            configs=configs,
            audience=audience,
            month=given.month,
            week=weeks[0],
            stage="final",
            tree=tree,
            values=values,
            lists=listed(configs, facts, tree, given.month),
            distributions=dict(_hours(configs, given, weeks[0], hidden)),
            sources=reported(configs, facts, exports.sources, given.month),
            newest={},
            basis=basis,
        )
    return Found(found, units_silent(given, quiet, week))


def _period(week: int) -> Period:
    return Period(WEEK, month_of_week(week), week)


def _metrics(configs: Configs) -> tuple[str, ...]:
    """Return the metrics with figures of weeks."""
    return tuple(id for id, metric in configs.metrics.items() if WEEK in metric.cadences)


def _hidden(configs: Configs, audience: str, given: Inputs) -> Iterator[str]:
    """Yield the metrics of which an audience may not see a figure; they are on no page of a week.

    The gate protects a month's figures together with its weeks (0016). A week comes before its month, and
    what it showed could not be taken back.
    """
    protection = configs.protection(audience)
    small = any(unit.small_staff_group for unit in given.at.tree.nodes)
    for id in _metrics(configs):
        metric = configs.metrics[id]
        if protection.cells(metric) > 1 or (protection.small_staff(metric) and small):
            yield id


def _months(configs: Configs) -> int:
    """Return how many months back figures of weeks go: those of the charts, and a year before them."""
    return YEAR + configs.findings.week.charts // 4 + 1


def _weeks(configs: Configs, week: int) -> range:
    """Return the weeks that figures are of: those of the charts, and of a year before them."""
    return range(week - YEAR_OF_WEEKS - configs.findings.week.charts, week + 1)


def _values(given: Inputs, configs: Configs, week: int) -> Iterator[Value]:
    weeks = _weeks(configs, week)
    split = range(week - configs.findings.week.shown + 1, week + 1)
    for id in _metrics(configs):
        if id in given.metrics:
            yield from of_weeks(given, id, weeks, split)


def _hours(
    configs: Configs, given: Inputs, week: Period, hidden: Collection[str]
) -> Iterator[tuple[tuple[str, str, str, Period], tuple[Distribution, ...]]]:
    """Yield the counts that weekly packs show by two keys, of the last weeks together if all are whole."""
    last = np.arange(week.week - configs.findings.week.hours + 1, week.week + 1)
    packs = (pack for pack in configs.packs.values() if pack.cadence.weekly)
    blocks = (block for pack in packs for block in pack.blocks if isinstance(block, Shaded))
    for block in blocks:
        fact = given.facts.get(block.fact)
        if fact is not None and block.metric not in hidden and fact.whole(last).all():
            counts = distributions.counts(
                fact=fact,
                measure=next(iter(fact.shape.measures)),
                rows=block.rows,
                levels=block.levels,
                period=week,
                at=given.at,
                weeks=configs.findings.week.hours,
            )
            shown = tuple(as_shown(one, 0, hidden=False) for one in counts)
            yield (block.fact, block.rows, block.levels, week), shown
