"""Facts to everything the packs say: values, masked; findings; lists; distributions; sources."""

from __future__ import annotations

from dataclasses import replace

from opti_reports.config.load import Configs
from opti_reports.disclosure.gate import Gate, answers_masked, hidden_answers
from opti_reports.facts import slices
from opti_reports.metrics import distributions
from opti_reports.metrics.evaluate import Inputs, computable, newest_complete, used, values
from opti_reports.metrics.known import Known as KnownFact
from opti_reports.metrics.known import known, places
from opti_reports.model.organisation import Tree
from opti_reports.model.period import Period, ends_tertial
from opti_reports.model.report import Distribution, ListRow, SourceReport, Stage
from opti_reports.model.value import Values
from opti_reports.packs.material import Material
from opti_reports.steps.conclude import ACTIONS, Known, conclude
from opti_reports.steps.take import Taken, counted

RETOLD_MONTHS = 13
"""How far back a publication is compared with the one before it: as far as the tables go."""


def inputs(configs: Configs, taken: Taken, month: int) -> Inputs:
    """Every fact placed in the month's tree, and the metrics that can be computed from them."""
    at = places(configs.organisation.tree(month))
    facts: dict[str, KnownFact] = {}
    for source in configs.sources.values():
        own, reaches = taken.of(source.id), taken.reaches(configs, source.id)
        for fact in source.fact if own else ():
            shape = configs.shapes[fact.id]
            tables = [kept.tables[fact.id] for _, kept in own]
            rows = slices.merged(shape, tables, reaches, snapshot=fact.snapshot)
            facts[fact.id] = known(
                shape, rows, slices.covered(reaches), source, configs.organisation, at, month
            )
    usable = {id: metric for id, metric in configs.metrics.items() if computable(id, configs.metrics, facts)}
    return Inputs(usable, facts, configs.organisation, at, month, configs.settings.history_months)


def assemble(
    configs: Configs, taken: Taken, reports: tuple[SourceReport, ...], month: int, stage: Stage, basis: str
) -> Material:
    """The material of a run's packs; everything in it has passed the gate."""
    given = inputs(configs, taken, month)
    tree = given.at.tree
    gate = Gate(configs.metrics, tree)
    kept_back = {id for id, m in configs.metrics.items() if m.protect or m.protect_cells or m.staff_data}
    told = replace(inputs(configs, taken.until(month - 1), month), history=RETOLD_MONTHS)
    before = gate.mask(values(told, kept_back).until(month - 1))
    masked = gate.mask(values(given), before)
    newest = {id: newest_complete(given, id) for id in given.metrics}
    lists = _lists(configs, taken, tree, month)
    known_now = Known(masked, before, tree, newest, _came(configs, taken, month), lists.get(ACTIONS, ()))
    found = conclude(configs, known_now)
    return Material(
        configs=configs,
        month=month,
        stage=stage,
        tree=tree,
        values=masked,
        statuses=found.statuses,
        signals=found.signals,
        deviations=found.deviations,
        effects=found.effects,
        restatements=found.restatements,
        lists=lists,
        distributions=_distributions(configs, given, masked),
        sources=counted(configs, taken, reports, month),
        newest=newest,
        basis=basis,
    )


def _came(configs: Configs, taken: Taken, month: int) -> dict[str, tuple[str, ...]]:
    """The sources behind each metric that have a delivery of the month."""
    new = {delivery.source for delivery in taken.deliveries if delivery.month == month}
    return {
        id: tuple(sorted(new & {configs.shapes[fact].source for fact, _ in used(id, configs.metrics)}))
        for id in configs.metrics
    }


def _lists(configs: Configs, taken: Taken, tree: Tree, month: int) -> dict[str, tuple[ListRow, ...]]:
    """The rows of every list, from its source's newest delivery, placed in the tree."""
    found: dict[str, tuple[ListRow, ...]] = {}
    for source in configs.sources.values():
        own = taken.of(source.id)
        for spec in source.list if own else ():
            frame = own[-1][1].lists[spec.id]
            rows = []
            for cells in frame.to_dict("records"):
                unit = _unit(configs, source.system, str(cells.pop("unit")), source.empty_unit, month)
                rows.append(ListRow(tree.moved[unit], {str(k): str(v) for k, v in cells.items()}))
            found[spec.id] = tuple(rows)
    return found


def _unit(configs: Configs, system: str, code: str, empty_unit: str, month: int) -> str:
    organisation = configs.organisation
    if not code:
        return empty_unit or organisation.unallocated
    return organisation.resolve(system, code, month) or organisation.unallocated


def _distributions(
    configs: Configs, given: Inputs, masked: Values
) -> dict[tuple[str, str, str], tuple[Distribution, ...]]:
    """The answer distributions the packs ask for, of the month and of an ended tertial."""
    facts, month = given.facts, given.month
    blocks = [
        b
        for pack in configs.packs.values()
        for s in pack.section
        for b in s.block
        if b.kind == "distribution"
    ]
    found: dict[tuple[str, str, str], tuple[Distribution, ...]] = {}
    for block in blocks:
        fact, rows, levels = str(block.fact), str(block.rows), str(block.levels)
        periods = {"": Period("month", month)}
        if ends_tertial(month):
            periods["tertial:"] = Period("tertial", month)
        for prefix, period in periods.items() if fact in facts else ():
            hidden = hidden_answers(masked, configs.metrics, fact, rows, period)
            measure = next(iter(facts[fact].shape.measures))
            counts = distributions.counts(facts[fact], measure, rows, levels, period, given.at)
            found[prefix + fact, rows, levels] = tuple(
                _distribution(one, configs.findings.protect, hidden=(one.org, one.row) in hidden)
                for one in counts
            )
    return found


def _distribution(one: distributions.Counts, protect: int, *, hidden: bool) -> Distribution:
    n = sum(one.counts)
    masked = hidden or answers_masked(n, protect)
    shown = (0,) * len(one.counts) if masked else one.counts
    return Distribution(one.org, one.row, one.levels, shown, 0 if masked else n, masked)
