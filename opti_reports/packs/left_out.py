"""The units that a metric cannot count, as only one of its sources knows them."""

from __future__ import annotations

from opti_reports.algebra.term import parse_term
from opti_reports.config.configs import Configs
from opti_reports.config.metric import Ratio
from opti_reports.model.organisation import Unit


def left_out(configs: Configs, metric_id: str, month: int) -> tuple[Unit, ...]:
    """Return the units of a month that a metric aligned on units leaves out, in the order of the
    organisation.
    """
    metric, organisation = configs.metrics[metric_id], configs.organisation
    if not isinstance(metric, Ratio) or "unit" not in metric.align:
        return ()
    num, den = (
        frozenset.union(*(_of_source(configs, term, month) for term in terms))
        for terms in (metric.num, metric.den)
    )
    lacking = num - den if metric.align_to == "den" else num ^ den
    return tuple(unit for unit in organisation.units if unit.id in lacking and unit.valid(month))


def _of_source(configs: Configs, term: str, month: int) -> frozenset[str]:
    return configs.organisation.expected(configs.shapes[parse_term(term).fact].system, month)
