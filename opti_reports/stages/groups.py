"""Groups of metrics: what disclosure must see together, and what rests on the same sources."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from opti_reports.catalogue.graph import sources_of, used
from opti_reports.config.configs import Configs
from opti_reports.disclosure.amounts import concerned
from opti_reports.model.delivery import Delivery
from opti_reports.model.report import Doubt
from opti_reports.store import entries
from opti_reports.store import figures as store
from opti_reports.store.figures import Figures

FOLDER = entries.VALUES
"""Where exact values lie in the store."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Metrics worked out together, with all that a worker needs: deliveries by their address in the store."""

    metrics: tuple[str, ...]
    configs: Configs
    month: int
    deliveries: tuple[tuple[Delivery, str], ...]
    doubts: tuple[Doubt, ...]
    store: Path
    address: str

    def load(self) -> Figures:
        """Return the group's values from the store."""
        return store.load(self.store / FOLDER, self.address)


def together(configs: Configs) -> tuple[tuple[str, ...], ...]:
    """Return every metric once: those that may be withheld for each other's sake stand together."""
    found: list[tuple[list[str], set[tuple[str, str]]]] = []
    for id in concerned(configs.metrics, configs.protections):
        counted = {(fact, name) for fact, names in used(id, configs.metrics) for name in names}
        near = [one for one in found if one[1] & counted]
        found = [one for one in found if one not in near]
        ids = [id, *(other for one in near for other in one[0])]
        found.append((ids, counted.union(*(one[1] for one in near))))
    by_sources: dict[frozenset[str], list[str]] = {}
    alone = [[id] for id in configs.metrics if not any(id in ids for ids, _ in found)]
    for ids in [*(ids for ids, _ in found), *alone]:
        by_sources.setdefault(frozenset(sources_of(configs, ids)), []).extend(ids)
    order = list(configs.metrics)
    return tuple(sorted(tuple(sorted(ids, key=order.index)) for ids in by_sources.values()))
