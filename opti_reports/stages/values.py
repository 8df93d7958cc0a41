"""From facts to values, group by group, by many workers or from the store: exact, nothing withheld yet.

A group holds the metrics that disclosure must see together, and those that rest on the same sources. Its
values are worked out anew only when a delivery of its sources, the configs or this program has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from opti_reports.catalogue.graph import facts_of, sources_of, with_others
from opti_reports.config.configs import Configs
from opti_reports.disclosure.amounts import concerned
from opti_reports.metrics.evaluate import months_of
from opti_reports.model.report import ONLY_SAID
from opti_reports.parallel import Jobs, no_collection
from opti_reports.stages.counted import Facts
from opti_reports.stages.groups import FOLDER, Group, together
from opti_reports.stages.inputs import inputs, now_and_before
from opti_reports.store import deliveries, entries, program
from opti_reports.store import figures as store
from opti_reports.store.figures import Figures

SAID = {"name", "definition", "caveats", "untold", "needs", "comparable", "owner_role", "message", "barrier"}
SAID |= {"reference"}
"""What is only said of a metric: its values are the same without."""


def compute(
    place: Path,
    configs: Configs,
    facts: Facts,
    month: int,
    jobs: Jobs,
    done: Callable[[int, int], None],
    kept: frozenset[str] = frozenset(),
) -> tuple[Group, ...]:
    """Work out every metric of a month; returns the groups whose values lie in the store ``place``.

    Values that are used no more are removed from it, but those ``kept`` by their address.
    """
    every = groups(place, configs, facts, month)
    new = [group for group in every if not entries.has(place / FOLDER, group.address)]
    jobs.each(work, new, lambda number: done(number, len(new)), lambda group: ", ".join(group.metrics))
    entries.prune(place / FOLDER, frozenset(group.address for group in every) | kept, month)
    return every


def groups(place: Path, configs: Configs, facts: Facts, month: int) -> tuple[Group, ...]:
    """Return every group with its address; the largest first, so that the last to finish is a small one."""
    shared = _shared(configs, month)
    found = [
        _group(place=place, configs=configs, facts=facts, month=month, metrics=ids, shared=shared)
        for ids in together(configs)
    ]
    return tuple(sorted(found, key=lambda group: -len(group.metrics)))


def _shared(configs: Configs, month: int) -> list[Any]:
    """Return what the values of every group depend on."""
    return [
        month,
        program.code(__name__),
        configs.settings.history_months,
        configs.settings.breakdown_months,
        configs.settings.breakdown_week_months,
        configs.findings.watch.model_dump(mode="json"),
        asdict(configs.organisation),
    ]


def _own(configs: Configs, metrics: tuple[str, ...], sources: Iterable[str]) -> list[Any]:
    """Return what else a group's values depend on: a change that concerns other groups leaves them alone."""
    computed = sorted({one for id in metrics for one in with_others(id, configs.metrics)})
    protected = concerned(configs.metrics, configs.protections)
    return [
        [one.model_dump(mode="json") for one in configs.targets.target if one.metric in computed],
        [configs.metrics[id].model_dump(mode="json", exclude=SAID) for id in computed],
        [configs.sources[id].model_dump(mode="json") for id in sorted(sources)],
        [id for id in metrics if id in protected],
        [id for id in metrics if id in configs.yearly],
        [id for id in metrics if id in configs.behind],
    ]


def _group(
    place: Path, configs: Configs, facts: Facts, month: int, metrics: tuple[str, ...], shared: list[Any]
) -> Group:
    sources = sources_of(configs, metrics)
    own = tuple(
        (delivery, kept.address)
        for delivery, kept in zip(facts.deliveries, facts.kept, strict=True)
        if delivery.source in sources
    )
    declared = [(d.source, d.month, d.covers, address) for d, address in own]
    doubts = tuple(doubt for doubt in facts.doubts if doubt.source in sources)
    doubted = [(d.source, d.month, d.of_month, d.kind in ONLY_SAID, d.column, d.units) for d in doubts]
    return Group(
        metrics=metrics,
        configs=configs,
        month=month,
        deliveries=own,
        doubts=doubts,
        store=place,
        address=entries.address([metrics, declared, doubted, shared, _own(configs, metrics, sources)]),
    )


def work(group: Group) -> None:
    """Work out a group's values and keep them."""
    with no_collection():
        store.save(group.store / FOLDER, group.address, group.month, _made(group))


def _made(group: Group) -> Figures:
    configs, kept = group.configs, []
    for delivery, address in group.deliveries:
        shapes = [configs.shapes[fact.id] for fact in configs.sources[delivery.source].fact]
        kept.append(deliveries.load(group.store, address, shapes))
    facts = Facts(tuple(delivery for delivery, _ in group.deliveries), tuple(kept), group.doubts)
    return exact(configs, facts.narrowed(configs, group.month), group.month, group.metrics)


def exact(configs: Configs, facts: Facts, month: int, metrics: Iterable[str]) -> Figures:
    """Return the values of metrics as the formulas give them: the month's, and those of the month before."""
    ids = tuple(metrics)
    given = inputs(configs, facts, month, facts_of(configs, ids))
    usable = [id for id in ids if id in given.metrics]
    now, before = now_and_before(
        configs, facts, given, usable, concerned(configs.metrics, configs.protections)
    )
    months = {id: months_of(given, id) for id in usable}
    return Figures(now=now.items, before=before.items, months=months)
