"""Metrics against facts: every term names a measure, every filter a key and a known code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from opti_reports.algebra.expression import suggestion
from opti_reports.algebra.term import Term, parse_filters, parse_term
from opti_reports.config.base import Names
from opti_reports.config.metric import Metric
from opti_reports.errors import Fault, UnfitError
from opti_reports.messages.message import Shown
from opti_reports.model.fact import Shape


@dataclass
class MetricChecker:
    """Collects the faults of metrics, given the shapes of all facts.

    ``facts`` names every fact of the sources, also one whose own faults left it without a shape.
    """

    shapes: dict[str, Shape]
    facts: Names
    metrics: Names
    levels: tuple[str, ...]
    faults: list[Fault] = field(default_factory=list)

    def check(self, name: str, metric: Metric, file: str) -> None:
        """Note everything wrong in one metric."""
        self.at = (file, f"metric.{name}")
        if metric.kind == "compare":
            self._compare(metric)
        for key, text in _terms(metric):
            self._term(key, text, metric)
        for level in metric.levels:
            if level not in self.levels:
                self._fault(f"levels.{level}", "unknown.this_level", near=suggestion(level, self.levels))
        if metric.companion_of:
            self._metric("companion_of", metric.companion_of)

    def _fault(self, key: str, code: str, /, **values: Shown) -> None:
        file, place = self.at
        self.faults.append(Fault(file, f"{place}.{key}", code, **values))

    def _metric(self, key: str, name: str) -> None:
        if self.metrics.lack(name):
            self._fault(key, "unknown.metric", name=name, near=suggestion(name, self.metrics))

    def _compare(self, metric: Metric) -> None:
        for key in ("of", "to"):
            name, _, filters = getattr(metric, key).partition("[")
            if name:
                self._metric(key, name)
            self._filters(key, filters.rstrip("]"))
        if metric.how in ("difference", "ratio") and not metric.to:
            self._fault("to", "metric.no_to")

    def _filters(self, key: str, text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        try:
            return parse_filters(text)
        except UnfitError as error:
            self._fault(key, error.message.code, **error.message.values)
            return ()

    def _term(self, key: str, text: str, metric: Metric) -> None:
        try:
            term = parse_term(text)
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
        self._keys(key, term, shape, metric)
        self._time(key, term, shape, metric)

    def _filter(self, key: str, shape: Shape, name: str, codes: tuple[str, ...]) -> None:
        self._kept_by(key, shape, name)
        known = shape.codes.get(name, ())
        for code in (c for c in codes if known and c not in known):
            self._fault(key, "unknown.code_of", name=code, column=name, near=suggestion(code, known))

    def _kept_by(self, key: str, shape: Shape, name: str) -> None:
        if name not in shape.by:
            self._fault(key, "unknown.key", fact=shape.id, name=name, near=suggestion(name, shape.by))

    def _keys(self, key: str, term: Term, shape: Shape, metric: Metric) -> None:
        """The keys a formula of this kind needs of its facts."""
        private = shape.private
        name, counted = ("n_key", metric.n_key) if key == "n" and metric.n_key else ("key", metric.key)
        if term.rule == "distinct" and counted not in private:
            near = suggestion(str(counted), private)
            self._fault(name, "metric.distinct", fact=shape.id, near=near)
        if metric.kind == "quantile" and key == "of":
            self._kept_by("key", shape, str(metric.key))
        for name in metric.by if key in ("num", "of") else ():
            self._kept_by("by", shape, name)
        if metric.single and key == "num":
            self._kept_by("single", shape, metric.single)
        for person in (metric.client, metric.provider) if key == "of" else ():
            if person and person not in private:
                near = suggestion(person, private)
                self._fault("of", "metric.private", fact=shape.id, key=person, near=near)

    def _time(self, key: str, term: Term, shape: Shape, metric: Metric) -> None:
        """Stocks are never added over time, and weeks need a fact that is kept by week."""
        if shape.stock and term.rule == "sum":
            self._fault(key, "metric.stock", fact=term.fact, measure=term.measure)
        weekly = metric.window == "weeks" or any(one.weekly for one in metric.also)
        if weekly and not shape.weekly and key != "n":
            self._fault(key, "metric.weekly", fact=term.fact)


def _terms(metric: Metric) -> Iterator[tuple[str, str]]:
    yield from (("num", text) for text in metric.num)
    yield from (("den", text) for text in metric.den)
    if metric.n:
        yield "n", metric.n
    if metric.waiting:
        yield "waiting", metric.waiting
    if metric.kind in ("quantile", "coc"):
        yield "of", metric.of
        if metric.of_above:
            yield "of_above", metric.of_above
