"""Published values to what is found in them: statuses, signals, deviations, effects, restatements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from opti_reports.config.configs import Configs
from opti_reports.config.metric import AnyMetric
from opti_reports.config.settings import Findings as Rules
from opti_reports.findings.deviations import Findings
from opti_reports.findings.effects import effect, seasonal_effect
from opti_reports.findings.peers import Benchmarks
from opti_reports.findings.processes import Processes
from opti_reports.findings.restatements import Revision, lawful
from opti_reports.findings.signals import Series
from opti_reports.findings.status import Targets
from opti_reports.findings.units import Units
from opti_reports.model.conclusions import Conclusions
from opti_reports.model.finding import Effect, Signal, Silent, Standing, Status
from opti_reports.model.organisation import Tree
from opti_reports.model.report import ListRow
from opti_reports.model.value import Values
from opti_reports.periods.cadence import CADENCES
from opti_reports.periods.months import parse_month
from opti_reports.periods.period import Period


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What findings are made from: values now and before, each metric's newest month, what came since."""

    values: Values
    before: Values
    tree: Tree
    newest: Mapping[str, int]
    came: Mapping[str, tuple[str, ...]]
    actions: Sequence[ListRow]
    month: int


def conclude(configs: Configs, known: Evidence) -> Conclusions:
    """Return every finding of a run."""
    rules = configs.findings
    metrics = {name: configs.metrics[name] for name in known.newest}
    targets = Targets(configs.metrics, configs.targets.target, rules.watch, known.tree)
    series = Series(
        values=known.values,
        metrics=metrics,
        targets=targets,
        tree=known.tree,
        newest=known.newest,
        rebases=rules.rebase,
        history=configs.settings.history_months,
        charts=rules.charts,
    )
    signals = series.signals()
    findings = Findings(
        values=known.values,
        metrics=metrics,
        targets=targets,
        tree=known.tree,
        newest=known.newest,
        law_share=rules.law_share,
        signals=signals,
        escalation=rules.escalation,
        actions=_open_actions(known.actions),
        ranking=rules.ranking,
    )
    units = Units(known.values, metrics, known.tree, known.newest, configs.organisation.unallocated)
    standings, silences = _of_processes(configs, known, statuses := findings.statuses())
    revision = Revision(known.before, known.values, rules.restated, known.came, lawful(metrics))
    return Conclusions(
        statuses=statuses,
        signals=signals,
        deviations=findings.deviations(),
        effects=_effects(series, signals, known.actions, rules),
        restatements=revision.restatements(),
        funnels=units.funnels(configs.packs.values()),
        standings=standings,
        silences=silences,
        peers=_peers(known, metrics, rules),
    )


def _peers(
    known: Evidence, metrics: Mapping[str, AnyMetric], rules: Rules
) -> dict[tuple[str, str], Fraction]:
    """Return what the best comparable units reach."""
    found = Benchmarks(
        values=known.values, metrics=metrics, tree=known.tree, newest=known.newest, rules=rules.peers
    )
    return found.of_types()


def _of_processes(
    configs: Configs, known: Evidence, statuses: Mapping[tuple[str, str, Period], Status]
) -> tuple[dict[tuple[str, str, Period], Standing], tuple[Silent, ...]]:
    """Return whether each process is kept, and what has been nothing for months."""
    rules, history = configs.findings, configs.settings.history_months
    processes = Processes(known.values, statuses)
    orgs = [node.id for node in known.tree.nodes]
    standings = processes.standings(rules.process, orgs, _periods(known.month, history))
    silences = processes.silences(rules.silence, _units(known.tree), known.newest, history)
    return {(one.process, one.org, one.period): one for one in standings}, tuple(silences)


def _periods(month: int, history: int) -> list[Period]:
    """Return months and the longer periods that end with one of them, as far back as values go."""
    months = range(month, month - history, -1)
    return [Period(one, m) for one in CADENCES if one.whole for m in months if one.ends(m)]


def _units(tree: Tree) -> list[str]:
    return [node.id for node in tree.below(tree.root.id)]


def _open_actions(rows: Sequence[ListRow]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the ids of the actions under way, by organisation and metric."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in rows:
        place = row.org, row.cells.get("metric_id", "")
        if place[1] and not row.cells.get("done_at"):
            found[place] = (*found.get(place, ()), row.cells.get("id", ""))
    return found


def _effects(
    series: Series, signals: Mapping[tuple[str, str], Signal], rows: Sequence[ListRow], rules: Rules
) -> dict[str, Effect]:
    """Return what became of each action's metric since it began, in its own organisation."""
    found: dict[str, Effect | None] = {}
    for row in rows:
        signal = signals.get((row.cells.get("metric_id", ""), row.org))
        started = row.day("started_at")
        if signal is None or signal.rare or not started:
            continue
        month = parse_month(f"{started:%Y-%m}")
        start = next((i for i, period in enumerate(signal.periods) if period.end >= month), None)
        if start is None or month < signal.periods[0].end:
            continue
        found[row.cells.get("id", "")] = _effect(series, signal, start, rules)
    return {number: one for number, one in found.items() if one is not None}


def _effect(series: Series, signal: Signal, start: int, rules: Rules) -> Effect | None:
    """Return what became of a metric since an action began; None where nothing before it was judged."""
    direction, target = series.reading(signal.metric, signal.org, signal.periods[-1])
    values = [point.value for point in signal.chart.points]
    since = max((at for at in signal.chart.starts if at <= start), default=0)
    needed, fewest = rules.effect.months, rules.charts.fewest
    if not signal.season:
        return effect(
            values,
            start,
            needed=needed,
            fewest=fewest,
            since=since,
            target=target,
            direction=direction,
        )
    if all(value is None for value in values[since:start]):
        return None
    return seasonal_effect(
        signal.levels,
        values,
        start,
        needed=needed,
        fewest=fewest,
        since=since,
        direction="neutral" if direction == "band" else direction,
    )
