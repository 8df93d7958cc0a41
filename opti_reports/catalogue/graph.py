"""The graph of the metrics: each to the facts and measures of its formula, and those to their sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from opti_reports.algebra.term import Term, parse_term
from opti_reports.config.load import Configs
from opti_reports.config.metric import Metric

Used = tuple[tuple[str, tuple[str, ...]], ...]
"""Facts, each with the measures of it that are used."""


def used(id: str, metrics: Mapping[str, Metric]) -> Used:
    """Return the facts that a metric's formula uses, with their measures; also of those it compares."""
    found: dict[str, set[str]] = {}
    for term in terms(id, metrics):
        found.setdefault(term.fact, set()).add(term.measure)
    return tuple((fact, tuple(sorted(measures))) for fact, measures in sorted(found.items()))


def terms(id: str, metrics: Mapping[str, Metric]) -> Iterator[Term]:
    """Yield the terms of a metric's formula; of one that compares, those of the metrics it compares."""
    metric = metrics[id]
    if metric.kind == "compare":
        for text in filter(None, (metric.of, metric.to)):
            yield from terms(text.partition("[")[0], metrics)
    else:
        yield from map(parse_term, filter(None, (*metric.num, *metric.den, metric.of, metric.n)))


def facts_of(configs: Configs, metrics: Iterable[str]) -> tuple[str, ...]:
    """Return the facts that metrics are computed from, and last those that count what waits."""
    ids = tuple(metrics)
    named = [term.fact for id in ids for term in terms(id, configs.metrics)]
    waiting = [parse_term(text).fact for id in ids if (text := configs.metrics[id].waiting)]
    return tuple(dict.fromkeys([*named, *waiting]))


def sources_of(configs: Configs, metrics: Iterable[str]) -> tuple[str, ...]:
    """Return the sources behind metrics, in the order their formulas name them."""
    return tuple(dict.fromkeys(configs.shapes[fact].source for fact in facts_of(configs, metrics)))
