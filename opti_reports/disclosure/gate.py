"""The gate: figures about too few people are withheld, and with them whatever would tell them.

It stands between values and everything that is concluded from them, once for each audience: a withheld
figure is a gap in every statistic, sentence and chart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from opti_reports.config.audiences import Protection
from opti_reports.config.metric import AnyMetric
from opti_reports.disclosure.amounts import clusters, split, views
from opti_reports.disclosure.cluster import Cluster, Limits, Month, Solved
from opti_reports.disclosure.coarse import Detail
from opti_reports.disclosure.publication import (
    NOBODY,
    Earlier,
    Place,
    Trusted,
    by_metric,
    cell_of,
    is_withheld,
)
from opti_reports.model.organisation import Tree
from opti_reports.model.value import Reason, Value, Values, zero

NO_VALUES = Values(())


@dataclass(frozen=True)
class Published:
    """Values as an audience sees them, and the figures that it could work out even so.

    ``known_before`` follow from what it was shown before; ``exposed`` from this too. ``coarse`` says what is
    kept of metrics that could not be protected figure by figure. ``solved`` is how, by the metrics that were
    protected together.
    """

    values: Values
    known_before: tuple[Place, ...] = ()
    exposed: tuple[Place, ...] = ()
    coarse: Mapping[str, Detail] = field(default_factory=dict)
    solved: Mapping[tuple[str, ...], Solved] = field(default_factory=dict)


NOTHING = Published(NO_VALUES)


@dataclass(frozen=True)
class Gate:
    """The rules of what an audience may see: the limits of sensitivity, and the units with few staff.

    ``delivered`` are the months that the figures of metrics add up; of others every month.
    """

    metrics: Mapping[str, AnyMetric]
    tree: Tree
    protection: Protection
    delivered: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def publish(
        self,
        values: Values,
        earlier: Sequence[Earlier] = (),
        trusted: Trusted = NOBODY,
        behind: Values = NO_VALUES,
        solved: Mapping[tuple[str, ...], Solved] = MappingProxyType({}),
    ) -> Published:
        """Return the same values with every protected figure removed, and what would tell it.

        ``earlier`` publications are as this audience was shown them: a figure shown there that is still the
        same is known and protects nothing. ``behind`` are figures nobody is shown, that add up to these.
        ``solved`` is how they were protected from the more trusted audience.
        """
        now = by_metric(values)
        small = {
            id: {cell: limit for cell, value in cells.items() if (limit := self.least(value))}
            for id, cells in now.items()
        }
        limits: dict[str, Limits] = {}
        for id, cells in small.items():
            held = (cell for cell in now[id] if is_withheld(trusted.shown, (id, cell)))
            limits[id] = dict.fromkeys(held, self.protection.cells(self.metrics[id])) | cells
        month = Month(
            now=now,
            behind=by_metric(behind),
            small=small,
            withheld=dict(limits),
            earlier=earlier,
            trusted=trusted,
        )
        before, exposed, coarse = list[Place](), list[Place](), dict[str, Detail]()
        found = dict[tuple[str, ...], Solved]()
        keys = {id: list(dict.fromkeys(cell[2:] for cell in cells)) for id, cells in now.items()}
        protected = [id for id, cells in limits.items() if cells or self._of_codes(id)]
        for own in clusters(self.metrics, protected, keys, self.delivered):
            cluster = Cluster(self.metrics, self.tree, self.protection, own, keys)
            found[cluster.ids] = cluster.solved(month, solved)
            safe = found[cluster.ids].safe
            limits |= safe.limits
            before += safe.known_before
            exposed += safe.exposed
            coarse |= dict.fromkeys(safe.limits, safe.kept) if safe.kept is not Detail.ALL else {}
        left = {id: dict(sorted(limits[id].items())) for id in now if limits[id]}
        shown = [_withheld(v, left.get(v.metric, {}).pop(cell_of(v), None)) for v in values]
        zeros = [_withheld(zero(id, *cell), least) for id, own in left.items() for cell, least in own.items()]
        return Published(Values((*shown, *zeros)), tuple(before), tuple(exposed), coarse, found)

    def _of_codes(self, id: str) -> bool:
        """Return whether a protected metric counts several codes together: less others they may be few."""
        sides = views(id, self.metrics[id]) if self.protection.guards(id, self.metrics[id]) else ()
        return any(any(split(view.quantity("", ""))) for view in sides)

    def least(self, value: Value) -> int:
        """Return the limit the value itself falls below, or 0 when it may be shown."""
        metric = self.metrics[value.metric]
        if value.state == "missing" or value.n == 0:
            return 0
        if self.tree.by_id[value.org].small_staff_group and self.protection.small_staff(metric):
            return self.protection.small_staff(metric)
        limit = self.protection.limit(metric, value.breakdown, value.key)
        return limit if value.n is not None and value.n < limit else 0


def _withheld(value: Value, least: int | None) -> Value:
    if least is None:
        return value
    return Value(
        metric=value.metric,
        org=value.org,
        period=value.period,
        state="withheld",
        breakdown=value.breakdown,
        key=value.key,
        reason=Reason("withheld", of=least),
    )
