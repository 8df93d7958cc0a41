"""What the best comparable units reach: a benchmark that some already keep, not an average (ABC).

Achievable Benchmarks of Care (Weissman et al. 1999; Kiefe et al. 2001): units are ranked by their share,
shrunken towards one half by one case in two, and the best are taken until they hold a tenth of all cases;
their cases together are the benchmark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from opti_reports.config.judging import Peers
from opti_reports.config.metric import AnyMetric, Ratio
from opti_reports.model.organisation import Tree
from opti_reports.model.value import Values
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.months import YEAR
from opti_reports.periods.period import Period

Cases = tuple[Fraction, Fraction]
"""Cases that kept the limit, and all of them."""


@dataclass(frozen=True, kw_only=True)
class Benchmarks:
    """Published values of months, and the units to compare."""

    values: Values
    metrics: Mapping[str, AnyMetric]
    tree: Tree
    newest: Mapping[str, int]
    rules: Peers

    def of_types(self) -> dict[tuple[str, str], Fraction]:
        """Return the benchmark of each metric whose limit a process keeps, by type of unit, in its unit.

        None where fewer units than the rule says have cases in the twelve months.
        """
        types: dict[str, list[str]] = {}
        for node in self.tree.below(self.tree.root.id):
            types.setdefault(node.type, []).append(node.id)
        found = {}
        for name, metric in self.metrics.items():
            for type_, orgs in types.items() if _comparable(metric) else ():
                cases = [one for org in orgs if (one := self._year(name, org))[1]]
                if len(cases) >= self.rules.fewest:
                    found[name, type_] = benchmark(cases, self.rules.share) * _scale(metric)
        return found

    def _year(self, name: str, org: str) -> Cases:
        """Return a unit's cases of the twelve months up to the metric's newest."""
        months = range(self.newest[name], self.newest[name] - YEAR, -1)
        values = [self.values.get(name, org, Period(MONTH, month)) for month in months]
        known = [(v.num, v.den) for v in values if v.num is not None and v.den is not None]
        return sum((num for num, _ in known), Fraction(0)), sum((den for _, den in known), Fraction(0))


def benchmark(cases: list[Cases], share: float) -> Fraction:
    """Return the share that the best units reach together which hold ``share`` per cent of all cases."""
    wanted = Fraction(str(share)) / 100 * sum((den for _, den in cases), Fraction(0))
    met = held = Fraction(0)
    for num, den in sorted(cases, key=_shrunken, reverse=True):
        if held >= wanted:
            break
        met, held = met + num, held + den
    return met / held


def _shrunken(cases: Cases) -> Fraction:
    """Return a share as it ranks: with one case of two more, no unit of few cases is the best by chance."""
    return (cases[0] + 1) / (cases[1] + 2)


def _comparable(metric: AnyMetric) -> bool:
    """Return whether a metric says how many cases of a process kept their limit: fair without adjustment."""
    limit = metric.target is not None and metric.target.kind in ("process", "law")
    return isinstance(metric, Ratio) and limit and metric.cadence is MONTH and metric.direction == "up"


def _scale(metric: AnyMetric) -> int:
    return metric.scale if isinstance(metric, Ratio) else 1
