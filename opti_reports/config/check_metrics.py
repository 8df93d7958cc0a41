"""Metrics against facts: every term names a measure, every filter a key and a known code."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace

from opti_reports.algebra.term import Term, parse_compared, parse_filters, parse_term
from opti_reports.config.base import Names
from opti_reports.config.metric import Added, AnyMetric, Compare, Continuity, FromFacts, Quantile, Ratio
from opti_reports.config.terms import Part
from opti_reports.errors import Fault, UnfitError
from opti_reports.messages.message import Shown
from opti_reports.messages.spelling import suggestion
from opti_reports.model.fact import Shape
from opti_reports.periods.cadence import MONTH, WEEK


@dataclass(frozen=True, kw_only=True)
class MetricChecker:
    """Collects the faults of metrics, given the shapes of all facts.

    ``facts`` names every fact of the sources, also one whose own faults left it without a shape; ``columns``
    are those of the sources, written ``source.column``.
    """

    shapes: dict[str, Shape]
    facts: Names
    metrics: Names
    comparing: frozenset[str]
    columns: Names
    weekly: frozenset[str] | None
    """The sources that come by the week; None where no pack is of weeks, as before there were any."""
    indicators: Names
    """The codes of public figures that sources may bring."""
    faults: list[Fault] = field(default_factory=list)
    _at: tuple[str, str] = ("", "")
    """The file and the table of the metric that is checked."""

    def check(self, name: str, metric: AnyMetric, file: str) -> None:
        """Note everything wrong in one metric."""
        replace(self, _at=(file, f"metric.{name}"))._check(name, metric)

    def _check(self, name: str, metric: AnyMetric) -> None:
        if metric.season and (metric.cadence is not MONTH or metric.is_stock):
            self._fault("season", "metric.season")
        self._columns(metric)
        self._references(metric)
        if isinstance(metric, Compare):
            self._compare(metric)
        else:
            if metric.beside and metric.beside not in metric.by:
                near = suggestion(metric.beside, metric.by)
                self._fault("beside", "pack.breakdown", metric=name, name=metric.beside, near=near)
            for part in metric.parts():
                self._term(part, metric)
            self._weeks(metric)
            if isinstance(metric, Ratio) and metric.squares:
                self._squares(metric)

    def _fault(self, key: str, code: str, /, **values: Shown) -> None:
        file, place = self._at
        self.faults.append(Fault(file, f"{place}.{key}", code, **values))

    def _weeks(self, metric: FromFacts) -> None:
        """Only what has figures of weeks, of sources that come by the week, can be looked at weekly."""
        if self.weekly is None:
            return
        levels = [level for level, cycle in metric.levels.items() if cycle == WEEK.cycle]
        if levels and WEEK not in metric.also:
            self._fault(f"levels.{levels[0]}", "metric.no_weeks")
            return
        with suppress(UnfitError):
            facts = {part.term.fact for part in metric.parts() if levels}
            sources = {self.shapes[fact].source for fact in facts if fact in self.shapes}
            for source in sorted(sources - self.weekly):
                self._fault(f"levels.{levels[0]}", "metric.monthly_source", source=source)

    def _squares(self, metric: Ratio) -> None:
        """What adds squares adds them of the rows of the numerator, over the square of its denominator."""
        with suppress(UnfitError):
            num, squares = (parse_term(text) for text in (metric.num[0], metric.squares))
            shape = self.shapes.get(num.fact)
            of = {} if shape is None else shape.measures
            alike = len(metric.num) == 1 and replace(squares, measure=num.measure) == num
            known = {num.measure, squares.measure} <= of.keys()
            if not alike or (known and of[squares.measure] != of[num.measure] ** 2):
                self._fault("squares", "metric.squares")

    def _columns(self, metric: AnyMetric) -> None:
        named = [("needs", column) for column in metric.needs]
        named += [(f"untold.{number}.column", one.column) for number, one in enumerate(metric.untold, 1)]
        for key, column in named:
            if self.columns.lack(column):
                self._fault(key, "unknown.column", name=column, near=suggestion(column, self.columns))

    def _references(self, metric: AnyMetric) -> None:
        for number, one in enumerate(metric.reference, 1):
            if self.indicators.lack(one.indicator):
                near = suggestion(one.indicator, self.indicators)
                self._fault(
                    f"reference.{number}.indicator", "unknown.indicator", name=one.indicator, near=near
                )

    def _compare(self, metric: Compare) -> None:
        for key, text in metric.others.items():
            name, filters = parse_compared(text)
            if self.metrics.lack(name):
                self._fault(key, "unknown.metric", name=name, near=suggestion(name, self.metrics))
            elif name in self.comparing:
                self._fault(key, "metric.compares", name=name)
            self._filters(key, filters)

    def _filters(self, key: str, text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        try:
            return parse_filters(text)
        except UnfitError as error:
            self._fault(key, error.message.code, **error.message.values)
            return ()

    def _term(self, part: Part, metric: FromFacts) -> None:
        key = part.name
        try:
            term = part.term
        except UnfitError as error:
            self._fault(key, error.message.code, **error.message.values)
            return
        shape = self.shapes.get(term.fact)
        if shape is None:
            if self.facts.lack(term.fact):
                self._fault(key, "unknown.fact", name=term.fact, near=suggestion(term.fact, self.facts))
            return
        if term.measure not in shape.measures:
            near = suggestion(term.measure, shape.measures)
            self._fault(key, "unknown.measure", fact=term.fact, name=term.measure, near=near)
        for name, codes in (*term.filters, *self._filters("headline", metric.headline)):
            self._filter(key, shape, name, codes)
        self._keys(part, term, shape, metric)
        self._time(key, term, shape, metric)

    def _filter(self, key: str, shape: Shape, name: str, codes: tuple[str, ...]) -> None:
        self._kept_by(key, shape, name)
        known = shape.codes.get(name, ())
        for code in (c for c in codes if known and c not in known):
            self._fault(key, "unknown.code_of", name=code, column=name, near=suggestion(code, known))

    def _kept_by(self, key: str, shape: Shape, name: str) -> None:
        if name not in shape.by:
            self._fault(key, "unknown.key", fact=shape.id, name=name, near=suggestion(name, shape.by))

    def _keys(self, part: Part, term: Term, shape: Shape, metric: FromFacts) -> None:
        """The keys a formula of this kind needs of its facts."""
        key, private = part.name, shape.private
        if term.rule == "distinct" and part.key not in private:
            near = suggestion(str(part.key), private)
            self._fault("n_key" if key == "n" else "key", "metric.distinct", fact=shape.id, near=near)
        for name in metric.by if key in ("num", "of") else ():
            self._kept_by("by", shape, name)
        if isinstance(metric, Quantile) and key == "of":
            self._kept_by("key", shape, metric.key)
        if isinstance(metric, Added) and metric.single and key == "num":
            self._kept_by("single", shape, metric.single)
        for person in (metric.client, metric.provider) if isinstance(metric, Continuity) else ():
            if person not in private:
                near = suggestion(person, private)
                self._fault("of", "metric.private", fact=shape.id, key=person, near=near)

    def _time(self, key: str, term: Term, shape: Shape, metric: FromFacts) -> None:
        """Stocks are never added over time, and weeks need a fact that is kept by week."""
        if shape.stock and term.rule == "sum":
            self._fault(key, "metric.stock", fact=term.fact, measure=term.measure)
        weekly = metric.by_weeks or any(one.weekly for one in metric.also)
        if weekly and not shape.weekly and key != "n":
            self._fault(key, "metric.weekly", fact=term.fact)
