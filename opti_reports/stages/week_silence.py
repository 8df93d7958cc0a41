"""Units heard of every week and not in this one: their figures, and those above, are partial."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from opti_reports.algebra.vector import Bool
from opti_reports.catalogue.graph import sources_of
from opti_reports.config.configs import Configs
from opti_reports.extracts.weekly import followed
from opti_reports.facts.days import counted_by
from opti_reports.metrics.evaluate import Inputs
from opti_reports.metrics.placed import PlacedFact
from opti_reports.model.value import Reason, Value

BEFORE = 8
"""So many weeks say what is usual."""
Silent = Mapping[str, tuple[Bool, Bool]]
"""By source: which nodes have had rows of late, and which of them have none this week."""


def silent(configs: Configs, given: Inputs, week: int) -> Silent:
    """Return the units without any row of a source in a week, where chance is no reason.

    A source that each unit delivers by itself says so already.
    """
    found = {}
    for source in followed(configs.sources).values():
        fact = counted_by(source)
        if fact is not None and not source.per_unit and fact.grain == "week" and fact.id in given.facts:
            found[source.id] = _of(
                given.facts[fact.id], week, len(given.at.ids), configs.findings.week.silent_above
            )
    return found


def _of(fact: PlacedFact, week: int, size: int, above: float) -> tuple[Bool, Bool]:
    weeks, node = fact.rows["week"].to_numpy(), fact.rows["node"].to_numpy()
    rows = fact.rows[next(iter(fact.shape.measures))].to_numpy()
    before = (weeks >= week - BEFORE) & (weeks < week)
    usual = np.bincount(node[before], weights=rows[before], minlength=size) / BEFORE
    now = np.bincount(node[weeks == week], weights=rows[weeks == week], minlength=size)
    heard: Bool = (usual > 0) | (now > 0)
    return heard, heard & (now == 0) & (usual > above)


def marked(
    configs: Configs, given: Inputs, values: Iterable[Value], week: int, found: Silent
) -> Iterator[Value]:
    """Yield the values; those of the week that lack a silent unit are partial."""
    lacking = {source: places for source, places in found.items() if places[1].any()}
    for value in values:
        yield _marked(configs, given, value, lacking) if lacking and value.period.week == week else value


def _marked(configs: Configs, given: Inputs, value: Value, lacking: Silent) -> Value:
    below = given.at.above[given.at.index[value.org]] > 0
    for source in sources_of(configs, [value.metric]):
        heard, gone = lacking.get(source, (below & False, below & False))
        missing, of = int((gone & below).sum()), int((heard & below).sum())
        if missing and value.state in ("ok", "few", "pending"):
            return value._replace(state="partial", reason=Reason("units", of - missing, of))
    return value
