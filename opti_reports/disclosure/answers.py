"""Which distributions of answers may be shown: not those of a few, nor of what is withheld as a figure."""

from __future__ import annotations

from collections.abc import Mapping

from opti_reports.algebra.term import parse_term
from opti_reports.config.audiences import Protection
from opti_reports.config.metric import AnyMetric, Metric
from opti_reports.model.value import Values
from opti_reports.periods.period import Period


def answers_withheld(n: int, protect: int) -> bool:
    """Return whether the answers of a distribution are too few to be shown."""
    return 0 < n < protect


def withheld_answers(
    published: Values, metrics: Mapping[str, AnyMetric], fact: str, rows: str, period: Period
) -> set[tuple[str, str]]:
    """Return the organisations and ``rows`` of a fact that some metric withholds: so are their
    distributions.
    """
    own = {id for id, metric in metrics.items() if rows in metric.by and counts(metric, fact)}
    return {
        (value.org, value.key)
        for value in published
        if value.metric in own
        and value.period == period
        and value.breakdown == rows
        and value.state == "withheld"
    }


def cells_withheld(metric: Metric, protection: Protection) -> bool:
    """Return whether an audience may not see single cases of a metric, and so no table of small cells."""
    return protection.cells(metric) > 0


def counts(metric: AnyMetric, fact: str) -> bool:
    """Return whether a metric counts cases of a fact."""
    return any(parse_term(text).fact == fact for text in metric.sides.get("den", ()))
