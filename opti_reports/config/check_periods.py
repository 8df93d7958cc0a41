"""Packs and blocks of tertials and years: their metrics must be worked out for those periods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from opti_reports.config.block import AnyBlock
from opti_reports.config.metric import AnyMetric
from opti_reports.config.pack import PackSpec
from opti_reports.config.references import references
from opti_reports.errors import Fault
from opti_reports.periods.cadence import MONTH, Cadence


def check_periods(packs: Iterable[PackSpec], metrics: Mapping[str, AnyMetric]) -> Iterator[Fault]:
    """Yield metrics of months that a block shows by longer periods, of which they have no figures."""
    for pack in packs:
        for i, section in enumerate(pack.section, 1):
            for j, block in enumerate(section.block, 1):
                cadence = block.cadence or section.cadence or pack.cadence
                for key, name in _without(block, cadence, metrics):
                    place = f"section.{i}.block.{j}.{key}"
                    yield Fault(
                        f"packs/{pack.id}.toml", place, "pack.periods", metric=name, cadence=cadence.id
                    )


def _without(
    block: AnyBlock, cadence: Cadence, metrics: Mapping[str, AnyMetric]
) -> Iterator[tuple[str, str]]:
    for key, kind, name in references(block) if cadence.longer else ():
        metric = metrics.get(name) if kind == "metric" else None
        if metric and metric.cadence is MONTH and cadence not in metric.cadences:
            yield key, name
