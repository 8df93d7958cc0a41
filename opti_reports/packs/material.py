"""What packs are made from: the published values of a month and everything said about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from opti_reports.config.configs import Configs
from opti_reports.errors import PackError
from opti_reports.model.conclusions import Conclusions
from opti_reports.model.delivered import Held
from opti_reports.model.organisation import Tree
from opti_reports.model.report import Distribution, ListRow, SourceReport, Stage
from opti_reports.model.value import Values
from opti_reports.periods.cadence import MONTH, WEEK, Cadence
from opti_reports.periods.period import Period

NO_WEEK = Period(WEEK, 0)


@dataclass(frozen=True, kw_only=True)
class Material(Conclusions):
    """A month's results as an audience may see them, with what is found in them.

    ``month`` is the data month in months since 1970-01, ``tree`` the units in it.

    ``values`` are published ones only. ``distributions`` are by fact, rows, levels and period.
    ``newest`` is the newest month, not after the data month, that every source of a metric has delivered (0:
    never). ``basis`` is the hash behind the figures. ``known_before`` and ``exposed`` are the
    metrics and organisations of withheld values that follow even so: from what the audience was shown before,
    and now. ``coarse`` says what is kept of metrics that could not be protected figure by figure.
    """

    configs: Configs
    audience: str
    month: int
    stage: Stage
    tree: Tree
    values: Values
    lists: Mapping[str, tuple[ListRow, ...]]
    held: tuple[Held, ...] = ()
    """Totals as delivered, with what their rows add up to."""
    distributions: Mapping[tuple[str, str, str, Period], tuple[Distribution, ...]]
    sources: tuple[SourceReport, ...]
    newest: Mapping[str, int]
    basis: str
    known_before: tuple[tuple[str, str], ...] = ()
    exposed: tuple[tuple[str, str], ...] = ()
    coarse: tuple[tuple[str, str], ...] = ()
    week: Period = NO_WEEK
    """The week of a week's run; ``month`` is then that of its last day."""

    @cached_property
    def lacking(self) -> frozenset[str]:
        """Return the columns that newest extracts lack, written ``source.column``: all of unused sources."""
        found = {f"{report.source}.{name}" for report in self.sources for name in report.lacking}
        unused = (self.configs.sources[source] for source in self.unused)
        return frozenset(found | {f"{source.id}.{name}" for source in unused for name in source.column})

    @cached_property
    def unused(self) -> frozenset[str]:
        """Return the optional sources that have never been delivered."""
        never = (one for one in self.sources if one.presence == "optional" and one.newest is None)
        return frozenset(one.source for one in never)

    @property
    def period(self) -> Period:
        """Return the month or week that it is of."""
        return self.week if self.week.week >= 0 else Period(MONTH, self.month)

    @property
    def cadence(self) -> Cadence:
        """Return by which periods it is told: weeks or months."""
        return self.period.cadence

    @cached_property
    def shown(self) -> frozenset[str]:
        """Return the metrics of which there are figures."""
        return frozenset(value.metric for value in self.values)

    def named(self, places: Iterable[tuple[str, str]]) -> str:
        """Return metrics and the levels of their organisations, never which one or how many cases."""
        found = sorted({(metric, self.tree.by_id[org].level) for metric, org in places})
        return ", ".join(f"{metric} ({level})" for metric, level in found)

    def check(self) -> None:
        """Raise PackError where its readers could work out what is withheld."""
        if self.exposed:
            raise PackError("disclosure.exposed", audience=self.audience, figures=self.named(self.exposed))
