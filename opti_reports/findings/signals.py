"""Process behaviour charts of every metric and organisation: one object for icon, sentence and picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from opti_reports.config.metric import Metric
from opti_reports.config.settings import Rebase
from opti_reports.findings.rare import is_rare, rolling
from opti_reports.findings.spc import FEWEST, chart, proposed_rebase
from opti_reports.findings.status import Targets
from opti_reports.model.finding import BINDING, Signal
from opti_reports.model.organisation import Tree
from opti_reports.model.period import Period, parse_month
from opti_reports.model.spc import Direction, Target
from opti_reports.model.value import Values

COUNTS = ("count", "cases")


@dataclass(frozen=True)
class Series:
    """The masked months behind the charts: ``history`` months up to the ``newest`` of each metric."""

    values: Values
    metrics: Mapping[str, Metric]
    targets: Targets
    tree: Tree
    newest: Mapping[str, int]
    rebases: Sequence[Rebase]
    history: int

    def signals(self) -> dict[tuple[str, str], Signal]:
        """The signal of every metric that is counted by months, by metric and organisation.

        Running sums and surveys have none: their neighbours share months, or are too few.
        """
        return {(signal.metric, signal.org): signal for signal in self._all()}

    def _all(self) -> Iterator[Signal]:
        for name, metric in self.metrics.items():
            if metric.window not in ("month", "weeks"):
                continue
            for node in self.tree.nodes:
                periods = self.periods(name)
                numbers = [self.values.get(name, node.id, period).number for period in periods]
                first = next((i for i, number in enumerate(numbers) if number is not None), None)
                if first is not None:
                    yield self._signal(name, node.id, periods[first:], numbers[first:])

    def periods(self, metric: str) -> tuple[Period, ...]:
        """The months of a metric's charts, the oldest first."""
        last = self.newest.get(metric, 0)
        return tuple(Period("month", month) for month in range(last - self.history + 1, last + 1))

    def _signal(
        self, name: str, org: str, periods: tuple[Period, ...], numbers: list[float | None]
    ) -> Signal:
        metric = self.metrics[name]
        labels = [period.text for period in periods]
        if metric.kind == "total" and metric.unit in COUNTS and is_rare(numbers):
            return Signal(name, org, periods, chart(rolling(numbers), labels), rare=True, needed=FEWEST)
        direction, target = self.reading(name, org, periods[-1])
        made = chart(
            numbers, labels, target=target, direction=direction, rebase=self.starts(name, org, periods)
        )
        begun = proposed_rebase(made)
        proposed = None if begun is None else periods[begun]
        return Signal(name, org, periods, made, proposed=proposed, needed=FEWEST)

    def reading(self, name: str, org: str, period: Period) -> tuple[Direction, Target | None]:
        """Which way is better, and the binding target."""
        metric, aim = self.metrics[name], self.targets.in_force(name, org, period)
        target: Target | None = None
        if aim is not None and aim.basis in BINDING:
            target = (aim.value[0], aim.value[1]) if aim.op == "between" else aim.value[0]
        banded = isinstance(target, tuple)
        if metric.direction == "band" or banded:
            return ("band", target) if banded else ("neutral", None)
        return metric.direction, target

    def starts(self, name: str, org: str, periods: Sequence[Period]) -> dict[int, int | None]:
        """The approved change points of a chart: indices of its points, and how long their baseline is."""
        level = self.tree.by_id[org].level
        approved = {parse_month(r.month): r.baseline for r in self.rebases if r.concerns(name, org, level)}
        return {i: approved[period.end] for i, period in enumerate(periods) if period.end in approved}
