"""The facts of a run: every delivery with what was counted from it, and the months each speaks of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from opti_reports.catalogue.units import unit_of
from opti_reports.config.configs import Configs
from opti_reports.config.expressions import fact_columns
from opti_reports.config.source import Source
from opti_reports.facts import slices
from opti_reports.facts.days import counted_by
from opti_reports.model.delivery import Delivery
from opti_reports.model.report import ONLY_SAID, Doubt
from opti_reports.store import deliveries as store


@dataclass(frozen=True)
class Facts:
    """The deliveries of a run with their facts."""

    deliveries: tuple[Delivery, ...]
    kept: tuple[store.StoredDelivery, ...]
    doubts: tuple[Doubt, ...] = ()

    def of(self, source: str) -> list[tuple[Delivery, store.StoredDelivery]]:
        """Return a source's deliveries, the oldest first."""
        return [pair for pair in zip(self.deliveries, self.kept, strict=True) if pair[0].source == source]

    def until(self, month: int) -> Facts:
        """Return what was known of a month's end: the deliveries up to it."""
        kept = [pair for pair in zip(self.deliveries, self.kept, strict=True) if pair[0].month <= month]
        doubts = tuple(doubt for doubt in self.doubts if doubt.month <= month)
        return Facts(tuple(delivery for delivery, _ in kept), tuple(one for _, one in kept), doubts)

    def reaches(self, configs: Configs, source: str) -> list[slices.Reach]:
        """Return the months each of a source's deliveries speaks of."""
        spec = configs.sources[source]
        return [
            slices.reach(d.month, spec.window_months, k.counts.by_month, d.covers, open_cases=spec.open_cases)
            for d, k in self.of(source)
        ]

    def narrowed(self, configs: Configs, month: int) -> Facts:
        """Return the facts for the values of a month and of the one before: rows that neither takes are not
        read.
        """
        taken: dict[tuple[str, int], frozenset[int]] = {}
        for known in (self, self.until(month - 1)):
            for source in {d.source for d in known.deliveries}:
                own = known.of(source)
                for (d, _), won in zip(own, slices.won(known.reaches(configs, source)), strict=True):
                    taken[source, d.month] = taken.get((source, d.month), frozenset()) | won
        kept = []
        for d, one in zip(self.deliveries, self.kept, strict=True):
            facts = [fact.id for fact in configs.sources[d.source].fact if not fact.snapshot]
            kept.append(store.of_months(one, facts, taken[d.source, d.month]))
        return replace(self, kept=tuple(kept))

    def doubted(self, configs: Configs) -> dict[str, frozenset[tuple[str, int]]]:
        """Return the units and months of which each fact may lack rows, and no later delivery has them since.

        A fact that counts rows for another unit than the one doubted (who handled a call, not whose client it
        was) may lack rows of any of its units.
        """
        reaches = {source: self.reaches(configs, source) for source in {d.source for d in self.doubts}}

        def stands(doubt: Doubt) -> bool:
            won = slices.winner(doubt.of_month, reaches[doubt.source])
            return won is not None and reaches[doubt.source][won].month == doubt.month

        found: dict[str, frozenset[tuple[str, int]]] = {}
        standing = [doubt for doubt in self.doubts if doubt.kind not in ONLY_SAID and stands(doubt)]
        for source in {doubt.source for doubt in standing}:
            spec = configs.sources[source]
            counted = counted_by(spec)
            for fact in spec.fact:
                columns = {"", *fact_columns(spec, fact)}
                own = [one for one in standing if one.source == source and one.column in columns]
                places = frozenset((unit, one.of_month) for one in own for unit in one.units)
                others = {month for _, month in places} if counted and fact.unit != counted.unit else set()
                units = self._units(configs, spec, fact.id) if others else frozenset()
                found[fact.id] = places | {(unit, month) for month in others for unit in units}
        return found

    def _units(self, configs: Configs, source: Source, fact: str) -> frozenset[str]:
        """Return the units a fact ever had rows of."""
        rows = (row for _, kept in self.of(source.id) for row in kept.counts.units if row.fact == fact)
        return frozenset(unit_of(configs.organisation, source, row.code, row.month) for row in rows)
