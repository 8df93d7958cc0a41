"""One pack being made: whose it is, in which language, and short ways to what its blocks need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from opti_reports.catalogue.graph import sources_of
from opti_reports.catalogue.packs import metrics_of
from opti_reports.config.audiences import Protection
from opti_reports.config.configs import Configs
from opti_reports.config.every_block import Titled
from opti_reports.config.metric import AnyMetric, Metric
from opti_reports.config.pack import PackSpec
from opti_reports.config.source import ListKind
from opti_reports.language import formats
from opti_reports.language.wording import Wording
from opti_reports.model.finding import Status, Turn
from opti_reports.model.organisation import Unit
from opti_reports.model.report import ListRow, SourceReport
from opti_reports.model.value import Value
from opti_reports.packs.material import Material
from opti_reports.periods.cadence import WEEK, Cadence
from opti_reports.periods.period import Period

NO_STATUS = Status("none", None)


@dataclass(frozen=True)
class Scene:
    """A pack's organisation and language; metrics of months show their period of the ``cadence``."""

    material: Material
    spec: PackSpec
    org: str
    wording: Wording
    cadence: Cadence

    @property
    def configs(self) -> Configs:
        """Return the configs."""
        return self.material.configs

    @property
    def protection(self) -> Protection:
        """Return what the pack's readers may not see."""
        return self.configs.protection(self.material.audience)

    def mostly_withheld(self, values: Sequence[Value]) -> bool:
        """Return whether so many figures of a table are withheld that a line says more than it would."""
        withheld = sum(value.state == "withheld" for value in values)
        return 100 * withheld > self.configs.audiences.mostly_withheld * len(values)

    def about_staff(self, metric: Metric) -> bool:
        """Return whether a metric is about the staff, which only its managers may see."""
        return bool(self.protection.small_staff(metric))

    @property
    def month(self) -> int:
        """Return the data month."""
        return self.material.month

    def newest(self, cadence: Cadence) -> Period:
        """Return the newest period of a cadence: that of the data month, or the pack's week."""
        return self.material.week if cadence.weekly else Period(cadence, self.month)

    @property
    def language(self) -> str:
        """Return the pack's language."""
        return self.wording.language

    @cached_property
    def node(self) -> Unit:
        """Return the organisation itself."""
        return self.material.tree.by_id[self.org]

    @property
    def levels(self) -> tuple[str, ...]:
        """Return the levels of the organisation's tree, from the whole down."""
        return self.configs.organisation.levels_of(self.node.level)

    @property
    def parent(self) -> str | None:
        """Return the organisation above, whose values are the reference; None for the root."""
        return self.node.parent

    @cached_property
    def below(self) -> frozenset[str]:
        """Return the organisation and every node under it."""
        tree = self.material.tree
        return frozenset(node.id for node in tree.nodes if self.org in tree.above(node.id))

    @property
    def is_leaf(self) -> bool:
        """Return whether the organisation is a unit: then its pack names no other unit."""
        return len(self.below) == 1

    def name(self, org: str) -> str:
        """Return the name of a node, or of a unit that has ended."""
        return self.wording.of(self._node(org).names)

    def _node(self, org: str) -> Unit:
        return self.material.tree.by_id.get(org) or self.configs.organisation.last(org)

    def short_names(self, orgs: Sequence[str]) -> tuple[str, ...]:
        """Return the names of nodes side by side: short ones if all have one, else without the ending all
        share.
        """
        given = [self._node(org).short for org in orgs]
        if all(given):
            return tuple(self.wording.of(short) for short in given)
        words = [self.name(org).split(" ") for org in orgs]
        shared = 0
        while (
            len(words) > 1
            and all(len(own) > shared + 1 for own in words)
            and len({own[-1 - shared] for own in words}) == 1
        ):
            shared += 1
        return tuple(" ".join(own[: len(own) - shared]) for own in words)

    def names_by_type(self, orgs: Sequence[str]) -> tuple[str, ...]:
        """Return the names of units of several types, each without the closing words that all of its type
        share.
        """
        types: dict[str, list[str]] = {}
        for org in orgs:
            types.setdefault(self.material.tree.by_id[org].type, []).append(org)
        short = {
            org: name
            for same in types.values()
            for org, name in zip(same, self.short_names(same), strict=True)
        }
        return tuple(short[org] for org in orgs)

    @cached_property
    def _labels(self) -> dict[str, str]:
        """Return the short names of the units below, for tables where they stand side by side."""
        units = [unit.id for unit in self.material.tree.below(self.org)]
        return dict(zip(units, self.short_names(units), strict=True))

    def label(self, org: str) -> str:
        """Return the name of a node in a row of a table: on slides as short as its neighbours allow."""
        if self.spec.format == "pptx" and org in self._labels:
            return self._labels[org]
        return self.name(org)

    def level_name(self, org: str) -> str:
        """Return what the level of a node is called: shorter than its name, and on a unit's page as clear."""
        return self.wording.of(self.configs.organisation.level_names[self.material.tree.by_id[org].level])

    def say(self, phrase: str, /, **values: object) -> str:
        """Return a fixed phrase of the pack's language."""
        return self.wording.say(phrase, **values)

    def counted(self, phrase: str, count: int, /, **values: object) -> str:
        """Return a phrase with a number, in its form for one where there is one; nothing of none."""
        if count < 1:
            return ""
        if count == 1:
            return self.say(f"{phrase}_one", **values)
        return self.say(phrase, count=formats.number(count, 0, self.language), **values)

    def titled(self, block: Titled, otherwise: str = "") -> str:
        """Return the title that a block was given in its pack's file, else another."""
        return self.wording.of(block.title) if block.title else otherwise

    def metric(self, metric_id: str) -> AnyMetric:
        """Return a metric by id."""
        return self.configs.metrics[metric_id]

    def metric_name(self, metric_id: str) -> str:
        """Return what a metric is called."""
        return self.wording.of(self.metric(metric_id).name)

    def metric_label(self, metric_id: str) -> str:
        """Return what a metric is called among others: on slides and weeks' pages in short, if it has such a
        name.
        """
        brief = self.spec.format == "pptx" or self.cadence.weekly
        short = self.metric(metric_id).short if brief else None
        return self.wording.of(short or self.metric(metric_id).name)

    def value(self, metric_id: str, period: Period, org: str = "") -> Value:
        """Return a metric's value, of the pack's own organisation unless another is named."""
        return self.material.values.get(metric_id, org or self.org, period)

    def status(self, value: Value) -> Status:
        """Return how a headline value stands; none where nothing is said of it."""
        if value.breakdown:
            return NO_STATUS
        return self.material.statuses.get((value.metric, value.org, value.period), NO_STATUS)

    def turns(self, value: Value) -> tuple[Turn, ...]:
        """Return the levels on whose side a figure must be seen to lie: of its status, and a limit it is
        beyond.
        """
        return (*self.status(value).turns, *self._beyond(value))

    def _beyond(self, value: Value) -> Iterator[Turn]:
        found = None if value.breakdown else self.material.signals.get((value.metric, value.org))
        chart = None if found is None else found.at(value.period)
        if found is None or chart is None or chart.newest is None:
            return
        number, limits, base = chart.points[chart.newest], chart.segments[-1], found.base(chart.newest) or 0.0
        if number.value is None or number.rule != "outside":
            return
        if limits.upl is not None and number.value > limits.upl:
            yield Turn("<=", Fraction(base + limits.upl))
        elif limits.lpl is not None:
            yield Turn(">=", Fraction(base + limits.lpl))

    def sources_of(self, metric_id: str) -> tuple[str, ...]:
        """Return the sources behind a metric, those of the metrics it compares too."""
        return sources_of(self.configs, [metric_id])

    def reports(self, metric_id: str) -> tuple[SourceReport, ...]:
        """Return what is known of the deliveries behind a metric."""
        wanted = self.sources_of(metric_id)
        return tuple(report for report in self.material.sources if report.source in wanted)

    def rows_of(self, kind: ListKind) -> list[ListRow]:
        """Return the rows of every list of a kind, of all organisations."""
        lists = (self.material.lists.get(name, ()) for name in self.configs.lists_of(kind))
        return [row for rows in lists for row in rows]

    def own_rows(self, kind: ListKind) -> list[ListRow]:
        """Return the organisation's own rows, those below it left out, of every list of a kind."""
        return [row for row in self.rows_of(kind) if row.org == self.org]

    def has_columns(self, metric_id: str) -> bool:
        """Return whether the extracts have the columns that a metric needs."""
        return self.material.lacking.isdisjoint(self.metric(metric_id).needs)

    def concerns(self, metric_id: str) -> bool:
        """Return whether a metric can say anything of the organisation: some unit of it is in
        every source, or it has a figure or had one lately; and its extract has the columns that it needs.
        """
        if not self.has_columns(metric_id):
            return False
        if self.cadence.weekly and metric_id not in self.material.shown:
            return False
        organisation = self.configs.organisation
        systems = {self.configs.sources[source].system for source in self.sources_of(metric_id)}
        if all(organisation.expected(system, self.month) & self.below for system in systems):
            return True
        return self._had_lately(metric_id)

    def _had_lately(self, metric_id: str) -> bool:
        """Return whether there is a figure of one of the newest periods: else what is lost would not be
        missed.
        """
        period = self.newest(WEEK if self.cadence.weekly else self.metric(metric_id).cadences[0])
        for _ in range(self.configs.findings.shown.row_points):
            if self.value(metric_id, period).state != "missing":
                return True
            period = period.cadence.before(period)
        return False

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """Return the metrics in the pack's tables that concern the organisation, each once."""
        own = metrics_of(self.spec, self.month, self.node.type)
        return tuple(one for one in own if self.concerns(one))
