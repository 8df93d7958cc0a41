"""From deliveries to facts: read where new, else from the store, and refused where rows are lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from opti_reports.config.configs import Configs
from opti_reports.config.source import Source
from opti_reports.errors import ExtractError
from opti_reports.extracts.judge import Judge
from opti_reports.extracts.totals import unit_of_key
from opti_reports.messages.sentences import sentence
from opti_reports.model.delivery import Delivery
from opti_reports.parallel import Jobs
from opti_reports.stages import doubts, reading
from opti_reports.stages.counted import Facts
from opti_reports.stages.guard import guard
from opti_reports.stages.reading import Task, read_delivery
from opti_reports.store import deliveries as store
from opti_reports.store import entries, program
from opti_reports.store.files import secret
from opti_reports.workspace import Workspace


def count(
    workspace: Workspace,
    configs: Configs,
    found: Sequence[Delivery],
    jobs: Jobs,
    done: Callable[[int, int], None],
    *,
    months: bool = True,
) -> Facts:
    """Return every delivery's facts, kept or read now. Raises ExtractError with every unusable file.

    Deliveries of ``months`` are held against those before them; of an unfinished one that says nothing, and
    what else the store has stays.
    """
    where, hidden = workspace.store, secret(workspace.store)
    judge = Judge(configs.guards, configs.organisation, configs.roles)
    judged = {source.id: judge.basis(source) for source in configs.sources.values()}
    addresses = [
        store.key(
            delivery=d,
            source=configs.sources[d.source],
            limits=configs.limits,
            settings=configs.settings,
            hidden=hidden,
            program=program.code(reading.__name__),
            judged=(*judged[d.source], *_confirmed(configs.sources[d.source], d)),
        )
        for d in found
    ]
    tasks = [
        Task(d, configs, where, address, hidden)
        for d, address in zip(found, addresses, strict=True)
        if not entries.has(where, address)
    ]
    tasks.sort(key=lambda task: -sum(path.stat().st_size for path in task.delivery.files))
    results = jobs.each(read_delivery, tasks, lambda n: done(n, len(tasks)), _name)
    faults = sorted((fault for fault in results if fault), key=sentence)
    if faults:
        raise ExtractError("delivery.unusable", faults=tuple(faults))
    kept = tuple(
        _kept(Task(d, configs, where, address, hidden)) for d, address in zip(found, addresses, strict=True)
    )
    facts = Facts(tuple(found), kept)
    if not months:
        return facts
    guard(configs, facts)
    facts = replace(facts, doubts=doubts.doubts(configs, found, [one.counts for one in kept]))
    entries.prune(where, frozenset(addresses), found[-1].month if found else 0)
    return facts


def _confirmed(source: Source, delivery: Delivery) -> tuple[str, ...]:
    """Return the organisations that reading must know as confirmed: only sums of units depend on them."""
    return delivery.confirm_rows if unit_of_key(source) else ()


def _name(task: Task) -> str:
    files = ", ".join(path.name for path in task.delivery.files)
    return f"data/{task.delivery.files[-1].parent.name}: {task.delivery.source} ({files})"


def _kept(task: Task) -> store.StoredDelivery:
    """Return a delivery's facts from the store; those that are damaged are read from the files once more."""
    shapes = [task.configs.shapes[fact.id] for fact in task.configs.sources[task.delivery.source].fact]
    try:
        return store.load(task.store, task.address, shapes)
    except entries.DAMAGED:
        entries.forget(task.store, task.address)
        if fault := read_delivery(task):
            raise ExtractError("delivery.unusable", faults=(fault,)) from None
        return store.load(task.store, task.address, shapes)
