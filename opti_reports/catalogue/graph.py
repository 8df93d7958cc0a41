"""The graph of the metrics: each to the facts and measures of its formula, and those to their sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from opti_reports.algebra.term import Term, parse_compared
from opti_reports.config.configs import Configs
from opti_reports.config.metric import AnyMetric, Compare

Used = tuple[tuple[str, tuple[str, ...]], ...]
"""Facts, each with the measures of it that are used."""
ASIDE = ("waiting", "of_above")
"""Terms beside the formula: cases still to come, and the same cases otherwise above the unit level."""


def used(id: str, metrics: Mapping[str, AnyMetric]) -> Used:
    """Return the facts that a metric's formula uses, with their measures; also of those it compares."""
    found: dict[str, set[str]] = {}
    for term in terms(id, metrics):
        found.setdefault(term.fact, set()).add(term.measure)
    return tuple((fact, tuple(sorted(measures))) for fact, measures in sorted(found.items()))


def terms(id: str, metrics: Mapping[str, AnyMetric]) -> Iterator[Term]:
    """Yield the terms of a metric's formula; of one that compares, those of the metrics it compares."""
    metric = metrics[id]
    if isinstance(metric, Compare):
        for text in metric.others.values():
            yield from terms(parse_compared(text)[0], metrics)
    else:
        yield from (part.term for part in metric.parts() if part.name not in ASIDE)


def with_others(id: str, metrics: Mapping[str, AnyMetric]) -> Iterator[str]:
    """Yield a metric and those it is worked out from."""
    yield id
    metric = metrics[id]
    if isinstance(metric, Compare):
        for text in metric.others.values():
            yield from with_others(parse_compared(text)[0], metrics)


def facts_of(configs: Configs, metrics: Iterable[str]) -> tuple[str, ...]:
    """Return the facts that metrics are computed from, and last those that count what waits."""
    ids = tuple(metrics)
    named = [term.fact for id in ids for term in terms(id, configs.metrics)]
    parts = (part for id in ids for part in configs.metrics[id].parts())
    waiting = [part.term.fact for part in parts if part.name == "waiting"]
    return tuple(dict.fromkeys([*named, *waiting]))


def sources_of(configs: Configs, metrics: Iterable[str]) -> tuple[str, ...]:
    """Return the sources behind metrics, in the order their formulas name them."""
    return tuple(dict.fromkeys(configs.shapes[fact].source for fact in facts_of(configs, metrics)))
