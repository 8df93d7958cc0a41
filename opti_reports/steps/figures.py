"""Facts to figures: values masked by the gate, group by group, by many workers or from the store.

A group holds the metrics that the gate must see together, and those that rest on the same sources. Its
figures are worked out anew only when a delivery of its sources, the configs or this program has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from opti_reports.config.load import Configs
from opti_reports.disclosure.amounts import concerned
from opti_reports.disclosure.gate import Gate
from opti_reports.disclosure.publication import Publication
from opti_reports.metrics.evaluate import newest_complete, used
from opti_reports.model.delivery import Delivery
from opti_reports.model.report import Doubt
from opti_reports.parallel import Jobs, no_collection
from opti_reports.steps.inputs import facts_of, inputs, sources_of, told
from opti_reports.steps.take import Taken
from opti_reports.store import deliveries, entries
from opti_reports.store import figures as store
from opti_reports.store.figures import Figures

CODE = (
    "algebra", "config", "disclosure", "facts", "findings/status.py", "language/formats.py", "metrics",
    "model", "steps/figures.py", "steps/inputs.py", "steps/take.py", "store/deliveries.py",
    "store/figures.py",
)  # fmt: skip
LIBRARIES = ("numpy", "pandas", "pyarrow")


@dataclass(frozen=True)
class Task:
    """One group of metrics to work out, with all that its worker needs: deliveries by their address."""

    metrics: tuple[str, ...]
    configs: Configs
    month: int
    deliveries: tuple[tuple[Delivery, str], ...]
    doubts: tuple[Doubt, ...]
    store: Path
    address: str


def figures(
    place: Path, configs: Configs, taken: Taken, month: int, jobs: Jobs, done: Callable[[int, int], None]
) -> Figures:
    """All that a month publishes, in the order of metrics; ``place`` is the workspace's store."""
    groups = tasks(place, configs, taken, month)
    new = [task for task in groups if not entries.has(place / store.FOLDER, task.address)]
    jobs.each(work, new, lambda number: done(number, len(new)), lambda task: ", ".join(task.metrics))
    found = [_kept(task) for task in groups]
    entries.prune(place / store.FOLDER, frozenset(task.address for task in groups), month)
    order = {id: number for number, id in enumerate(configs.metrics)}
    newest = {id: at for one in found for id, at in one.newest.items()}
    return Figures(
        tuple(sorted((v for one in found for v in one.masked), key=lambda v: order[v.metric])),
        tuple(sorted((v for one in found for v in one.before), key=lambda v: order[v.metric])),
        dict(sorted(newest.items(), key=lambda item: order[item[0]])),
    )


def tasks(place: Path, configs: Configs, taken: Taken, month: int) -> tuple[Task, ...]:
    """Every group with the address of its figures; the largest first, that the last to end is a small one."""
    common = _common(configs, month)
    found = [_task(place, configs, taken, month, group, common) for group in groups(configs)]
    return tuple(sorted(found, key=lambda task: -len(task.metrics)))


def _kept(task: Task) -> Figures:
    """A group's figures from the store; those that are damaged are worked out once more."""
    folder = task.store / store.FOLDER
    try:
        return store.load(folder, task.address)
    except entries.DAMAGED:
        entries.forget(folder, task.address)
        work(task)
        return store.load(folder, task.address)


def groups(configs: Configs) -> tuple[tuple[str, ...], ...]:
    """Every metric once: those that the gate may withhold for each other's sake stand together."""
    found: list[tuple[list[str], set[tuple[str, str]]]] = []
    for id in concerned(configs.metrics):
        counted = {(fact, name) for fact, names in used(id, configs.metrics) for name in names}
        near = [one for one in found if one[1] & counted]
        found = [one for one in found if one not in near]
        ids = [id, *(other for one in near for other in one[0])]
        found.append((ids, counted.union(*(one[1] for one in near))))
    by_sources: dict[frozenset[str], list[str]] = {}
    alone = [[id] for id in configs.metrics if not any(id in ids for ids, _ in found)]
    for ids in [*(ids for ids, _ in found), *alone]:
        by_sources.setdefault(sources_of(configs, ids), []).extend(ids)
    order = list(configs.metrics)
    return tuple(sorted(tuple(sorted(ids, key=order.index)) for ids in by_sources.values()))


def _common(configs: Configs, month: int) -> list[Any]:
    """What the figures of every group depend on."""
    return [
        month,
        entries.code(CODE, LIBRARIES),
        configs.settings.history_months,
        [target.model_dump(mode="json") for target in configs.targets.target],
        configs.findings.watch.model_dump(mode="json"),
        [metric.model_dump(mode="json") for metric in configs.metrics.values()],
        [source.model_dump(mode="json") for source in configs.sources.values()],
        asdict(configs.organisation),
    ]


def _task(
    place: Path, configs: Configs, taken: Taken, month: int, metrics: tuple[str, ...], common: list[Any]
) -> Task:
    sources = sources_of(configs, metrics)
    own = tuple(
        (delivery, kept.address)
        for delivery, kept in zip(taken.deliveries, taken.kept, strict=True)
        if delivery.source in sources
    )
    declared = [(d.source, d.month, d.covers, address) for d, address in own]
    doubts = tuple(doubt for doubt in taken.doubts if doubt.source in sources)
    doubted = [(d.source, d.month, d.units) for d in doubts]
    address = entries.address([metrics, declared, doubted, common])
    return Task(metrics, configs, month, own, doubts, place, address)


def work(task: Task) -> None:
    """Work out a group's figures and keep them."""
    configs, kept = task.configs, []
    for delivery, address in task.deliveries:
        shapes = [configs.shapes[fact.id] for fact in configs.sources[delivery.source].fact]
        kept.append(deliveries.load(task.store, address, shapes))
    taken = Taken(tuple(delivery for delivery, _ in task.deliveries), tuple(kept), task.doubts)
    with no_collection():
        made = publish(configs, taken, task.month, task.metrics)
    store.save(task.store / store.FOLDER, task.address, task.month, made)


def publish(configs: Configs, taken: Taken, month: int, metrics: Iterable[str]) -> Figures:
    """The figures of metrics that the gate must see together, masked."""
    ids = tuple(metrics)
    given = inputs(configs, taken, month, facts_of(configs, ids))
    usable = [id for id in ids if id in given.metrics]
    now, exact = told(configs, taken, given, usable, concerned(configs.metrics))
    gate = Gate(configs.metrics, given.at.tree)
    before = gate.mask(exact)
    masked = gate.mask(now, Publication(exact, before))
    return Figures(masked.items, before.items, {id: newest_complete(given, id) for id in usable})
