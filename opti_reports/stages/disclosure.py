"""Values to what is published: each group's small counts withheld, and all from which they would follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from opti_reports.config.load import Configs
from opti_reports.disclosure.gate import Gate
from opti_reports.disclosure.publication import Publication
from opti_reports.model.value import Values
from opti_reports.parallel import Jobs, no_collection
from opti_reports.stages.values import Group
from opti_reports.store import entries, program
from opti_reports.store import figures as store
from opti_reports.store.figures import Figures

FOLDER = store.PUBLISHED
"""Where published values lie in the store."""


@dataclass(frozen=True)
class Task:
    """A group of values to be published together, and where they are kept."""

    group: Group
    address: str


def publish(place: Path, configs: Configs, exact: Sequence[Group], month: int, jobs: Jobs) -> Figures:
    """Return all that a month publishes, in the order of metrics; ``place`` is the workspace's store."""
    common = [program.code(__name__)]
    tasks = [Task(group, entries.address([group.address, common])) for group in exact]
    new = [task for task in tasks if not entries.has(place / FOLDER, task.address)]
    jobs.each(work, new, lambda _: None, lambda task: ", ".join(task.group.metrics))
    found = [_kept(task) for task in tasks]
    entries.prune(place / FOLDER, frozenset(task.address for task in tasks), month)
    order = {id: number for number, id in enumerate(configs.metrics)}
    newest = {id: at for one in found for id, at in one.newest.items()}
    return Figures(
        tuple(sorted((v for one in found for v in one.now), key=lambda v: order[v.metric])),
        tuple(sorted((v for one in found for v in one.before), key=lambda v: order[v.metric])),
        dict(sorted(newest.items(), key=lambda item: order[item[0]])),
    )


def _kept(task: Task) -> Figures:
    """Return a group's published values; those that are damaged are worked out once more."""
    folder = task.group.store / FOLDER
    try:
        return store.load(folder, task.address)
    except entries.DAMAGED:
        entries.forget(folder, task.address)
        work(task)
        return store.load(folder, task.address)


def work(task: Task) -> None:
    """Withhold what a group may not tell, and keep the rest."""
    group = task.group
    with no_collection():
        made = withheld(group.configs, group.load(), group.month)
    store.save(group.store / FOLDER, task.address, group.month, made)


def withheld(configs: Configs, exact: Figures, month: int) -> Figures:
    """Return values with what nobody may see withheld: together with the month before's, as shown then."""
    gate = Gate(configs.metrics, configs.organisation.tree(month))
    then = Values(exact.before)
    before = gate.mask(then)
    now = gate.mask(Values(exact.now), Publication(then, before))
    return Figures(now.items, before.items, exact.newest)
