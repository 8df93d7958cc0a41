"""What deviates on which level, since when, who must react, ordered so that the heaviest comes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from opti_reports.config.judging import Ranking
from opti_reports.config.metric import Metric
from opti_reports.config.settings import Escalation
from opti_reports.findings.escalation import react_level
from opti_reports.findings.status import Targets, breaches
from opti_reports.model.finding import Deviation, Kind, Signal, Status, TargetInForce
from opti_reports.model.organisation import Tree
from opti_reports.model.spc import CONCERNS
from opti_reports.model.value import Value, Values
from opti_reports.periods.cadence import WEEK, Cadence
from opti_reports.periods.period import Duration, Period


@dataclass(frozen=True, kw_only=True)
class Findings:
    """The published values and what is asked of them.

    ``actions`` are the ids of open actions by organisation and metric; ``law_share`` the per cent of cases
    beyond the law's limit from which a breach asks for a reaction whatever was agreed.
    """

    values: Values
    metrics: Mapping[str, Metric]
    targets: Targets
    tree: Tree
    newest: Mapping[str, int]
    law_share: float
    signals: Mapping[tuple[str, str], Signal]
    escalation: Sequence[Escalation]
    actions: Mapping[tuple[str, str], tuple[str, ...]]
    ranking: Ranking
    weeks: Sequence[Period] = ()
    """Of a week's run, the weeks that are looked at, the newest first."""

    def statuses(self) -> dict[tuple[str, str, Period], Status]:
        """Return the status of every headline value that has a target."""
        found = {}
        for value in self.values:
            if not value.breakdown:
                status = self.targets.status(value)
                if status.target is not None:
                    found[value.metric, value.org, value.period] = status
        return found

    def deviations(self) -> tuple[Deviation, ...]:
        """Return everything that deviates in its newest period, the heaviest first."""
        found = [
            deviation
            for name, metric in self.metrics.items()
            for node in self.tree.nodes
            if not metric.reacting or node.type in metric.reacting
            for deviation in self._of(name, node.id, node.level)
        ]
        levels = {node.id: node.level for node in self.tree.nodes}
        reacting = [
            replace(
                one,
                react_level=react_level(one, found, self.tree, levels, self.escalation),
                actions=self.actions.get((one.org, one.metric), ()),
            )
            for one in found
        ]
        return tuple(sorted(reacting, key=lambda d: (-d.weight, d.metric, d.org)))

    def _of(self, name: str, org: str, level: str) -> Iterator[Deviation]:
        metric = self.metrics[name]
        cadence = WEEK if self.weeks else metric.followed(level)
        periods = self._periods(metric, name, org, level)
        if not periods:
            return
        newest = self.values.series(name, org, periods[:2])
        row = tuple(takewhile(lambda period: self._off(self.values.get(name, org, period)), periods))
        missed = self._missed(metric, newest, row, _lasted(cadence, row))
        found = [*missed, *self._signalled(name, org, periods[0])]
        if not found:
            return
        gravest = min(found, key=lambda d: _order(d.kind))
        longest = max(found, key=lambda d: d.lasted.months)
        yield replace(
            gravest,
            signals=tuple(d.kind for d in found),
            since=longest.since,
            lasted=longest.lasted,
            severity=max(d.severity for d in found),
        )

    def _off(self, value: Value) -> bool:
        """Return whether a value misses its target, or breaks the law for certain."""
        return self.targets.status(value).tone == "off" or self.targets.broken(value)

    def _periods(self, metric: Metric, name: str, org: str, level: str) -> list[Period]:
        """Return the periods a level looks at, the newest first: weeks, months, ended tertials, or a
        survey's waves.
        """
        if self.weeks:
            return list(self.weeks) if metric.levels.get(level) == WEEK.cycle else []
        newest, longest = self.newest.get(name, 0), self.ranking.longest
        if level not in metric.levels:
            return []
        cadence = metric.followed(level)
        if cadence.held:
            ends = [end for end in self.values.waves.get(name, ()) if newest - longest < end <= newest]
            waves = [Period(cadence, end) for end in reversed(ends)]
            # Units that were not asked have their newest wave; a wave between two of a unit's is a gap.
            asked = [self.values.get(name, org, wave).state != "missing" for wave in waves]
            return waves[asked.index(True) :] if any(asked) else []
        if not cadence.ends(newest):
            return []
        return list(cadence.back(Period(cadence.of(metric.cadence), newest), newest - longest))

    def _missed(
        self, metric: Metric, newest: Sequence[Value], row: Sequence[Period], lasted: Duration
    ) -> Iterator[Deviation]:
        """Yield what the newest value misses, the first of two; it has done so for a row of periods."""
        value, target = newest[0], self.targets.status(newest[0]).target
        if not lasted.steps or target is None or value.value is None:
            return
        late = breaches(metric, target, value)
        before = breaches(metric, target, newest[1]) if len(newest) > 1 else None
        if target.basis == "law" and not self._asks(value, late, before, lasted.steps):
            return
        kind = _kind(metric, target)
        distance = float(self.targets.distance(value.value, target))
        size = float(max(abs(level) for level in target.exact)) or 1.0
        severity = distance / size * (self.ranking.law if target.basis == "law" else 1)
        yield Deviation(
            kind=kind,
            metric=value.metric,
            org=value.org,
            period=value.period,
            since=row[-1],
            lasted=lasted,
            breaches=late,
            severity=severity,
        )

    def _signalled(self, name: str, org: str, period: Period) -> Iterator[Deviation]:
        """Yield the newest month or week where it is a special cause for the worse, since the first of those
        in a row.
        """
        signal = self.signals.get((name, org))
        if signal is None or not signal.concern or signal.newest is None:
            return
        if signal.newest != period or signal.chart.newest is None:
            return
        steps = 0
        for point in reversed(signal.chart.points[: signal.chart.newest + 1]):
            if point.reading not in CONCERNS:
                break
            steps += 1
        since = signal.periods[signal.chart.newest - steps + 1]
        lasted = Duration(period.cadence, steps)
        yield Deviation(
            kind="special_cause",
            metric=name,
            org=org,
            period=period,
            since=since,
            lasted=lasted,
            breaches=None,
            severity=self.ranking.signal,
        )

    def _asks(self, value: Value, late: int | None, before: int | None, steps: int) -> bool:
        """Return whether a breach of the law asks for a reaction.

        It is new, worse than before, beyond the share, or nothing has been agreed about it.
        """
        worse = late is not None and before is not None and late > before
        much = value.den is not None and 100 * (late or 0) > self.law_share * value.den
        planned = (value.org, value.metric) in self.actions
        return steps == 1 or worse or much or not planned


def _lasted(cadence: Cadence, row: Sequence[Period]) -> Duration:
    """Return how long a row of periods is, the newest first."""
    if cadence.held and row:
        return Duration(cadence, len(row), row[0].end - row[-1].end + 1)
    return Duration(cadence, len(row))


def _kind(metric: Metric, target: TargetInForce) -> Kind:
    """Return what is missed: the law, a deadline of a process, or any other target."""
    if target.basis == "law":
        return "statutory"
    return "process_limit" if metric.target and metric.target.kind == "process" else "off_target"


def _order(kind: Kind) -> int:
    return ("statutory", "process_limit", "off_target", "special_cause").index(kind)
