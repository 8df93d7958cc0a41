"""Process behaviour charts of every metric and organisation: one object for icon, sentence and picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from opti_reports.config.judging import Charts
from opti_reports.config.metric import Metric, Ratio, Total
from opti_reports.config.settings import Rebase
from opti_reports.findings.rare import Cases, is_rare, is_rare_share, rolling, rolling_share
from opti_reports.findings.seasons import from_a_year_ago
from opti_reports.findings.spc import chart, proposed_rebase
from opti_reports.findings.status import Targets
from opti_reports.model.finding import BINDING, Signal
from opti_reports.model.organisation import Tree
from opti_reports.model.spc import Direction, Target
from opti_reports.model.value import SHOWN, Value, Values
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.months import YEAR, parse_month
from opti_reports.periods.period import Period

COUNTS = ("count", "cases")


def is_judged(metric: Metric) -> bool:
    """Return whether the rules are for this metric: it is counted by months, each of cases of its own.

    Running sums and stocks share months or cases with their neighbours, and surveys are too few.
    """
    return metric.cadence is MONTH and not metric.is_stock


@dataclass(frozen=True, kw_only=True)
class Series:
    """The published months behind the charts: ``history`` months up to the ``newest`` of each metric."""

    values: Values
    metrics: Mapping[str, Metric]
    targets: Targets
    tree: Tree
    newest: Mapping[str, int]
    rebases: Sequence[Rebase]
    history: int
    charts: Charts
    weeks: tuple[Period, ...] = ()
    """Of a week's run, the weeks of the charts, the oldest first."""

    def signals(self) -> dict[tuple[str, str], Signal]:
        """Return the signal of every metric that is judged month by month, by metric and organisation."""
        return {(signal.metric, signal.org): signal for signal in self._all()}

    def _all(self) -> Iterator[Signal]:
        for name, metric in self.metrics.items():
            if not is_judged(metric):
                continue
            for node in self.tree.nodes if not (self.weeks and metric.season) else ():
                periods = self.periods(name)
                values = self.values.series(name, node.id, periods)
                months = _from_first([*(value.number for value in values[:-1]), *map(_whole, values[-1:])])
                yearly = self._yearly(metric, values)
                if yearly is not None and self.weeks:
                    continue  # of rare cases most weeks are 0 or 1, and chance breaks the limits
                if yearly is not None:
                    labels = [period.text for period in periods]
                    made = chart(yearly, labels, fewest=self.charts.fewest)
                    yield Signal(
                        metric=name,
                        org=node.id,
                        periods=periods,
                        chart=made,
                        rare=True,
                        needed=self.charts.fewest,
                    )
                elif months and metric.season:
                    yield self._seasonal(name, node.id, values[-len(months) :], months)
                elif months:
                    yield self._signal(name, node.id, periods[-len(months) :], months)

    def periods(self, metric: str) -> tuple[Period, ...]:
        """Return the months of a metric's charts, the oldest first; of a week's run its weeks."""
        if self.weeks:
            return self.weeks
        last = self.newest.get(metric, 0)
        return tuple(Period(MONTH, month) for month in range(last - self.history + 1, last + 1))

    def _signal(
        self, name: str, org: str, periods: tuple[Period, ...], numbers: Sequence[float | None]
    ) -> Signal:
        labels = [period.text for period in periods]
        direction, target = self.reading(name, org, periods[-1])
        made = chart(
            numbers,
            labels,
            fewest=self.charts.fewest,
            target=target,
            direction=direction,
            rebase=self.starts(name, org, periods),
        )
        begun = proposed_rebase(made, self.charts.lasting)
        proposed = None if begun is None else periods[begun]
        return Signal(
            metric=name, org=org, periods=periods, chart=made, proposed=proposed, needed=self.charts.fewest
        )

    def _seasonal(
        self, name: str, org: str, values: Sequence[Value], numbers: Sequence[float | None]
    ) -> Signal:
        """Return the signal of the months' differences from a year ago.

        They heal by themselves a year after a shift, so none is proposed to begin anew; and the target is
        not set against limits that move with the season.
        """
        periods, charts = tuple(value.period for value in values), self.charts
        rebase = {
            at: None if baseline is None else baseline + YEAR
            for at, baseline in self.starts(name, org, periods).items()
        }
        exact = [None if n is None else value.value for n, value in zip(numbers, values, strict=True)]
        direction, _ = self.reading(name, org, periods[-1])
        made = chart(
            from_a_year_ago(exact, list(rebase)),
            [period.text for period in periods],
            fewest=charts.fewest,
            direction="neutral" if direction == "band" else direction,
            rebase=rebase,
        )
        needed, levels = charts.fewest, tuple(numbers)
        return Signal(metric=name, org=org, periods=periods, chart=made, needed=needed, levels=levels)

    def _yearly(self, metric: Metric, values: Sequence[Value]) -> Sequence[float | None] | None:
        """Return what is shown over twelve months where the cases of a month are too rare; None if they are
        not.
        """
        if isinstance(metric, Total) and metric.unit in COUNTS:
            counts = [value.number for value in values]
            return rolling(counts) if is_rare(counts, self.charts.rare_below) else None
        if not isinstance(metric, Ratio) or metric.unit != "percent" or not any(v.interval for v in values):
            return None
        months = [_cases(value) for value in values]
        if not is_rare_share(months, self.charts.rare_below):
            return None
        shares = rolling_share(months, metric.min_n)
        return [None if share is None else metric.scale * share for share in shares]

    def reading(self, name: str, org: str, period: Period) -> tuple[Direction, Target | None]:
        """Return which way is better, and the binding target."""
        metric, aim = self.metrics[name], self.targets.in_force(name, org, period)
        target: Target | None = None
        if aim is not None and aim.basis in BINDING:
            target = (aim.value[0], aim.value[1]) if aim.op == "between" else aim.value[0]
        banded = isinstance(target, tuple)
        if metric.direction == "band" or banded:
            return ("band", target) if banded else ("neutral", None)
        return metric.direction, target

    def starts(self, name: str, org: str, periods: Sequence[Period]) -> dict[int, int | None]:
        """Return the approved change points of a chart: indices of its points, and how long their baseline
        is.
        """
        level = self.tree.by_id[org].level
        approved = {parse_month(r.month): r.baseline for r in self.rebases if r.concerns(name, org, level)}
        begun = (i for i, period in enumerate(periods) if period.end in approved)
        if self.weeks:  # the first week of the month
            return {i: approved[periods[i].end] for i in [*begun][:1] if i}
        return {i: approved[periods[i].end] for i in begun}


def _cases(value: Value) -> Cases | None:
    """Return the cases of a month's share, also where they are too few to judge it by itself;
    None for a gap.
    """
    if value.state not in (*SHOWN, "few") or value.loose or value.num is None or value.den is None:
        return None
    return Cases(float(value.num), float(value.den))


def _whole(value: Value) -> float | None:
    """Return the number of a figure that lacks nothing: of one that does nobody knows which way it went."""
    return None if value.state == "partial" else value.number


def _from_first(numbers: Sequence[float | None]) -> Sequence[float | None]:
    """Return the series without the gaps before its first value."""
    first = next((i for i, number in enumerate(numbers) if number is not None), len(numbers))
    return numbers[first:]
