"""From published values to what packs are made from: findings, lists, answers by level, sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from opti_reports.catalogue.graph import sources_of
from opti_reports.catalogue.units import unit_of
from opti_reports.config import block as kinds
from opti_reports.config.audiences import Protection
from opti_reports.config.configs import Configs
from opti_reports.disclosure.answers import answers_withheld, cells_withheld, counts, withheld_answers
from opti_reports.findings.conclude import Evidence, conclude
from opti_reports.findings.delivered import held
from opti_reports.metrics import distributions
from opti_reports.model.organisation import Tree
from opti_reports.model.report import Distribution, ListRow
from opti_reports.model.value import Values
from opti_reports.packs.material import Material
from opti_reports.periods.cadence import CADENCES
from opti_reports.periods.period import Period
from opti_reports.stages.counted import Facts
from opti_reports.stages.extracts import Arrived
from opti_reports.stages.inputs import inputs
from opti_reports.stages.reports import reported
from opti_reports.store.figures import Figures

EVERY = ("preparations", "references")
"""Lists whose rows of earlier deliveries count too."""


def by_audience(
    *, configs: Configs, facts: Facts, arrived: Arrived, shown: Mapping[str, Figures], month: int, basis: str
) -> dict[str, Material]:
    """Return the material of a month's packs by audience; those who are shown the same have the same."""
    found: dict[str, Material] = {}
    for audience, own in shown.items():
        alike = next((id for id in found if shown[id] is own), None)
        found[audience] = (
            replace(found[alike], audience=audience)
            if alike
            else find(
                configs=configs,
                facts=facts,
                arrived=arrived,
                published=own,
                audience=audience,
                month=month,
                basis=basis,
            )
        )
    return found


def find(
    *,
    configs: Configs,
    facts: Facts,
    arrived: Arrived,
    published: Figures,
    audience: str,
    month: int,
    basis: str,
) -> Material:
    """Return the material of an audience's packs; everything in it is shown to it. ``basis`` is the run's
    hash.
    """
    tree = configs.organisation.tree(month)
    values, lists = Values(published.now), listed(configs, facts, tree, month)
    known = Evidence(
        values=values,
        before=Values(published.before),
        tree=tree,
        newest=published.newest,
        came=_came(configs, facts, month),
        actions=tuple(row for name in configs.lists_of("actions") for row in lists.get(name, ())),
        month=month,
    )
    found = conclude(configs, known)
    return Material(
        statuses=found.statuses,
        signals=found.signals,
        deviations=found.deviations,
        effects=found.effects,
        restatements=found.restatements,
        funnels=found.funnels,
        standings=found.standings,
        silences=found.silences,
        peers=found.peers,
        configs=configs,
        audience=audience,
        month=month,
        stage=arrived.stage,
        tree=tree,
        values=values,
        lists=lists,
        held=held(configs.lists.values(), lists, tree),
        distributions=_distributions(configs, configs.protection(audience), facts, values, month),
        sources=reported(configs, facts, arrived.sources, month),
        newest=published.newest,
        basis=basis,
        known_before=published.known_before,
        exposed=published.exposed,
        coarse=published.coarse,
    )


def _came(configs: Configs, facts: Facts, month: int) -> dict[str, tuple[str, ...]]:
    """Return the sources behind each metric that have a delivery of the month."""
    new = {delivery.source for delivery in facts.deliveries if delivery.month == month}
    return {id: tuple(sorted(new.intersection(sources_of(configs, [id])))) for id in configs.metrics}


def listed(configs: Configs, facts: Facts, tree: Tree, month: int) -> dict[str, tuple[ListRow, ...]]:
    """Return the rows of every list, from its source's newest delivery, placed in the tree.

    Of preparations also those of earlier months: they show what was offered before and passed over. Of
    references too: a figure stays until there is a newer one.
    """
    found: dict[str, tuple[ListRow, ...]] = {}
    for source in configs.sources.values():
        own = facts.of(source.id)
        for spec in source.list if own or source.presence == "imported" else ():
            kept = own if spec.kind in EVERY else own[-1:]
            rows = []
            for cells in (cells for _, one in kept for cells in one.lists[spec.id].to_dict("records")):
                unit = unit_of(configs.organisation, source, str(cells.pop("unit")), month)
                if "metric_id" in cells:  # people write a metric's name where its id is asked
                    cells["metric_id"] = configs.metric_called(str(cells["metric_id"])) or cells["metric_id"]
                rows.append(ListRow(tree.moved[unit], {str(k): str(v) for k, v in cells.items()}))
            found[spec.id] = tuple(rows)
    return found


def _distributions(
    configs: Configs, protection: Protection, facts: Facts, published: Values, month: int
) -> dict[tuple[str, str, str, Period], tuple[Distribution, ...]]:
    """Return the answer distributions the packs ask for, of every period that ends with the month.

    The cells of a shaded table are no values that are protected by other means: it is for those who may see
    every single case of its metric.
    """
    months = (pack for pack in configs.packs.values() if not pack.cadence.weekly)
    every = (block for pack in months for block in pack.blocks)
    blocks = [block for block in every if isinstance(block, kinds.Distribution | kinds.Shaded)]
    given = inputs(configs, facts, month, {block.fact for block in blocks})
    found: dict[tuple[str, str, str, Period], tuple[Distribution, ...]] = {}
    for block in blocks:
        fact, rows, levels = block.fact, block.rows, block.levels
        whole = [Period(one, month) for one in CADENCES if one.whole and one.ends(month)]
        for period in whole if fact in given.facts else ():
            hidden = withheld_answers(published, configs.metrics, fact, rows, period)
            limit = max((protection.cells(m) for m in configs.metrics.values() if counts(m, fact)), default=0)
            measure = next(iter(given.facts[fact].shape.measures))
            found_counts = distributions.counts(
                fact=given.facts[fact], measure=measure, rows=rows, levels=levels, period=period, at=given.at
            )
            guarded = isinstance(block, kinds.Shaded) and cells_withheld(
                configs.metrics[block.metric], protection
            )
            found[fact, rows, levels, period] = tuple(
                as_shown(one, limit, hidden=guarded or (one.org, one.row) in hidden) for one in found_counts
            )
    return found


def as_shown(one: distributions.Counts, protect: int, *, hidden: bool) -> Distribution:
    """Return answers as they are shown: not where they are ``hidden``, or fewer than may be."""
    n = sum(one.counts)
    withheld = hidden or answers_withheld(n, protect)
    shown = (0,) * len(one.counts) if withheld else one.counts
    return Distribution(
        org=one.org, row=one.row, levels=one.levels, counts=shown, n=0 if withheld else n, withheld=withheld
    )
