"""Units heard of every week and not in this one: their figures, and those above, are partial."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from opti_reports.algebra.vector import Bool, Int
from opti_reports.catalogue.graph import sources_of
from opti_reports.config.configs import Configs
from opti_reports.extracts.weekly import followed
from opti_reports.facts.days import counted_by
from opti_reports.metrics.evaluate import Inputs
from opti_reports.metrics.placed import PlacedFact
from opti_reports.model.value import Reason, Value

BEFORE = 8
"""So many weeks say what is usual: the median of those with rows."""


@dataclass(frozen=True, eq=False)
class Silence:
    """By node and week (from ``first``): which have been heard of, are silent for no chance, have rows."""

    first: int
    heard: Bool
    silent: Bool
    there: Bool


Silences = Mapping[str, Silence]
"""By source."""


def silences(configs: Configs, given: Inputs, weeks: range) -> Silences:
    """Return which units have no row of a source in which weeks, where chance is no reason.

    A source that each unit delivers by itself says so already.
    """
    found = {}
    above = configs.findings.week.silent_above
    for source in followed(configs.sources).values():
        fact = counted_by(source)
        if fact is not None and not source.per_unit and fact.grain == "week" and fact.id in given.facts:
            rows = _rows(given.facts[fact.id], range(weeks.start - BEFORE, weeks.stop), len(given.at.ids))
            found[source.id] = _silence(rows, weeks.start, above)
    return found


def _rows(fact: PlacedFact, weeks: range, size: int) -> Int:
    """Return the rows of each node in each week."""
    week, node = fact.rows["week"].to_numpy() - weeks.start, fact.rows["node"].to_numpy()
    rows = fact.rows[next(iter(fact.shape.measures))].to_numpy()
    inside = (week >= 0) & (week < len(weeks))
    found = np.zeros((size, len(weeks)), dtype=np.int64)
    np.add.at(found, (node[inside], week[inside]), rows[inside])
    return found


def _silence(rows: Int, first: int, above: float) -> Silence:
    """Return who is silent: a node without rows whose usual week, the median of those with rows, has many."""
    now = rows[:, BEFORE:]
    usual = np.array(
        [[_usual(node[at : at + BEFORE]) for at in range(now.shape[1])] for node in rows.tolist()]
    )
    return Silence(first, (usual > 0) | (now > 0), (now == 0) & (usual > above), now > 0)


def _usual(weeks: Sequence[int]) -> float:
    some = [rows for rows in weeks if rows]
    return float(median(some)) if some else 0.0


def units_silent(given: Inputs, found: Silences, week: int) -> dict[str, tuple[str, ...]]:
    """Return the units that are silent in a week, by source."""
    by_source = {source: one.silent[:, week - one.first] for source, one in found.items()}
    return {
        source: tuple(given.at.ids[node] for node in np.flatnonzero(silent))
        for source, silent in by_source.items()
        if silent.any()
    }


def marked(configs: Configs, given: Inputs, values: Iterable[Value], found: Silences) -> Iterator[Value]:
    """Yield the values; those of weeks that lack a silent unit are partial, with how many units they have."""
    sources = {id: sources_of(configs, [id]) for id in given.metrics}
    for value in values:
        some = (found[source] for source in sources[value.metric] if source in found)
        yield _marked(given, value, some)


def _marked(given: Inputs, value: Value, found: Iterable[Silence]) -> Value:
    below = given.at.above[given.at.index[value.org]] > 0
    for one in found:
        at = value.period.week - one.first
        if not 0 <= at < one.silent.shape[1] or value.state not in ("ok", "few", "pending"):
            continue
        if (one.silent[:, at] & below).any():
            have, of = ((which[:, at] & below).sum() for which in (one.there, one.heard))
            return value._replace(state="partial", reason=Reason("units", int(have), int(of)))
    return value
