"""Values to what each audience is shown: small counts withheld, and all from which they would follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from opti_reports.config.load import Configs
from opti_reports.disclosure.gate import NOBODY, Gate, Trusted
from opti_reports.disclosure.publication import Publication, by_metric
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
    """A group of values to be published together, and where they are kept, by audience."""

    group: Group
    addresses: Mapping[str, str]


def publish(
    place: Path, configs: Configs, exact: Sequence[Group], month: int, jobs: Jobs
) -> dict[str, Figures]:
    """Return all that a month publishes to each audience, in the order of metrics; ``place`` is the
    workspace's store.
    """
    common = [program.code(__name__), configs.audiences.model_dump(mode="json")]
    sights = tuple(dict.fromkeys(configs.sights.values()))
    tasks = [
        Task(group, {id: entries.address([group.address, common, id]) for id in sights}) for group in exact
    ]
    new = [t for t in tasks if not all(entries.has(place / FOLDER, one) for one in t.addresses.values())]
    jobs.each(work, new, lambda _: None, lambda task: ", ".join(task.group.metrics))
    found = {id: _together(configs, [_kept(task, id) for task in tasks]) for id in sights}
    kept = frozenset(address for task in tasks for address in task.addresses.values())
    entries.prune(place / FOLDER, kept, month)
    return {id: found[sight] for id, sight in configs.sights.items()}


def _together(configs: Configs, found: Sequence[Figures]) -> Figures:
    """Return the figures of all groups in the order of metrics."""
    order = {id: number for number, id in enumerate(configs.metrics)}
    newest = {id: at for one in found for id, at in one.newest.items()}
    return Figures(
        tuple(sorted((v for one in found for v in one.now), key=lambda v: order[v.metric])),
        tuple(sorted((v for one in found for v in one.before), key=lambda v: order[v.metric])),
        dict(sorted(newest.items(), key=lambda item: order[item[0]])),
    )


def _kept(task: Task, audience: str) -> Figures:
    """Return a group's published values; those that are damaged are worked out once more."""
    folder, address = task.group.store / FOLDER, task.addresses[audience]
    try:
        return store.load(folder, address)
    except entries.DAMAGED:
        entries.forget(folder, address)
        work(task)
        return store.load(folder, address)


def work(task: Task) -> None:
    """Withhold what a group may not tell, audience by audience, and keep the rest."""
    group = task.group
    with no_collection():
        made = dict(withheld(group.configs, group.load(), group.month))
    for audience, address in task.addresses.items():
        store.save(group.store / FOLDER, address, group.month, made[audience])


def withheld(configs: Configs, exact: Figures, month: int) -> Iterator[tuple[str, Figures]]:
    """Yield values with what each audience may not see withheld, the most trusted audience first.

    What is shown is protected together with the month before's, as that was shown.
    """
    tree, then = configs.organisation.tree(month), Values(exact.before)
    trusted = before_trusted = NOBODY
    for audience in dict.fromkeys(configs.sights.values()):
        gate = Gate(configs.metrics, tree, configs.protection(audience))
        before = gate.mask(then, None, before_trusted)
        now = gate.mask(Values(exact.now), Publication(then, before), trusted)
        orgs = tuple(sorted(_with_packs(configs, audience, month)))
        trusted, before_trusted = (Trusted(by_metric(one), orgs) for one in (now, before))
        yield audience, Figures(now.items, before.items, exact.newest)


def _with_packs(configs: Configs, sight: str, month: int) -> set[str]:
    """Return the organisations that have packs which show what an audience sees, the uppermost: one's pack
    shows all that is below it.
    """
    levels = {pack.level for pack in configs.packs.values() if configs.sights[pack.audience] == sight}
    tree = configs.organisation.tree(month)
    found = {node.id for node in tree.nodes if node.level in levels}
    return {id for id in found if found.isdisjoint(set(tree.lineage(id)) - {id})}
