"""A week's figures and what is found in them: from the exports of unfinished months, for Monday's pages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
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
from opti_reports.periods.months import YEAR
from opti_reports.periods.period import Period, of_week
from opti_reports.stages.counted import Facts
from opti_reports.stages.findings import as_shown, listed
from opti_reports.stages.inputs import inputs
from opti_reports.stages.reports import reported
from opti_reports.stages.week_silence import Silences, marked, silences, units_silent

YEAR_OF_WEEKS = 52


@dataclass(frozen=True)
class Found:
    """A week's material by audience, and by source the units that are silent."""

    materials: dict[str, Material]
    silent: dict[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Worked:
    """A week's figures as the formulas give them, with what they rest on and which units are silent."""

    given: Inputs
    exact: Values
    quiet: Silences


def work(configs: Configs, facts: Facts, week: int) -> Worked:
    """Return a week's figures, those of a year before and of the charts, exact; nothing is withheld yet."""
    given = inputs(configs, facts, of_week(week).last_month).of_last(_months(configs), 0)
    quiet = silences(configs, given, _weeks(configs, week))
    exact = Values(tuple(marked(configs, given, _values(given, configs, week), quiet)))
    return Worked(given=given, exact=exact, quiet=quiet)


def find(
    *,
    configs: Configs,
    facts: Facts,
    exports: Exports,
    worked: Worked,
    shown: Mapping[str, Values],
    week: int,
    basis: str,
) -> Found:
    """Return a week's material, for each audience from what it is ``shown``."""
    given = worked.given
    tree, rules = given.at.tree, configs.findings.week
    weeks = tuple(map(of_week, range(week, week - rules.charts, -1)))
    found = dict[str, Material]()
    for audience in configs.readers:
        values = shown[audience]
        same = next((one for one in found.values() if one.values == values), None)
        if same is not None:  # those who are shown the same have the same
            found[audience] = replace(same, audience=audience)
            continue
        hidden = {id for id in _metrics(configs) if id not in {value.metric for value in values}}
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
    return Found(found, units_silent(given, worked.quiet, week))


def _metrics(configs: Configs) -> tuple[str, ...]:
    """Return the metrics with figures of weeks."""
    return tuple(id for id, metric in configs.metrics.items() if WEEK in metric.cadences)


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
