"""Deliveries to facts: found, checked for what is missing, read where new, guarded against shrinking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from opti_reports.config.load import Configs
from opti_reports.config.source import Source
from opti_reports.errors import ExtractError
from opti_reports.extracts import find, ready, refusals
from opti_reports.extracts.judge import Judge
from opti_reports.extracts.read import read
from opti_reports.extracts.redact import redact_code
from opti_reports.facts import silences, slices
from opti_reports.facts.build import Rows, count
from opti_reports.facts.losses import lost_of_units
from opti_reports.metrics.known import unresolved
from opti_reports.model.delivery import NO_DATA, Delivery, Reject, RowCounts
from opti_reports.model.period import month_text
from opti_reports.model.report import Doubt, NoData, SourceReport, Stage
from opti_reports.parallel import Jobs
from opti_reports.steps import doubts
from opti_reports.store import deliveries as store
from opti_reports.store import entries, figures
from opti_reports.store.files import Hashes, secret
from opti_reports.store.spool import spooled
from opti_reports.workspace import Workspace


@dataclass(frozen=True)
class Task:
    """One delivery to turn into facts, with all that its worker needs."""

    delivery: Delivery
    configs: Configs
    store: Path
    address: str
    secret: bytes


@dataclass(frozen=True)
class Taken:
    """The deliveries of a run with their facts."""

    deliveries: tuple[Delivery, ...]
    kept: tuple[store.Kept, ...]
    doubts: tuple[Doubt, ...] = ()

    def of(self, source: str) -> list[tuple[Delivery, store.Kept]]:
        """A source's deliveries, the oldest first."""
        return [pair for pair in zip(self.deliveries, self.kept, strict=True) if pair[0].source == source]

    def until(self, month: int) -> Taken:
        """What was known of a month's end: the deliveries up to it."""
        kept = [pair for pair in zip(self.deliveries, self.kept, strict=True) if pair[0].month <= month]
        doubts = tuple(doubt for doubt in self.doubts if doubt.month <= month)
        return Taken(tuple(delivery for delivery, _ in kept), tuple(one for _, one in kept), doubts)

    def reaches(self, configs: Configs, source: str) -> list[slices.Reach]:
        """The months each of a source's deliveries speaks of."""
        spec = configs.sources[source]
        return [
            slices.reach(d.month, spec.window_months, k.counts.by_month, d.covers, open_cases=spec.open_cases)
            for d, k in self.of(source)
        ]

    def doubted(self, configs: Configs) -> dict[str, frozenset[tuple[str, int]]]:
        """The units and months that each source has perhaps not told whole, nor a later delivery since."""
        reaches = {source: self.reaches(configs, source) for source in {d.source for d in self.doubts}}

        def stands(doubt: Doubt) -> bool:
            won = slices.winner(doubt.of_month, reaches[doubt.source])
            return won is not None and reaches[doubt.source][won].month == doubt.month

        return silences.of_months(filter(stands, self.doubts))


def expected(workspace: Workspace, configs: Configs, month: int) -> tuple[SourceReport, ...]:
    """Which sources of a month have arrived and which are due when; nothing is read."""
    found = find.deliveries(workspace.data, month, configs.sources, configs.calendar, lambda path: path.name)
    return ready.readiness(found, month, configs.sources, configs.calendar)


def deliveries(
    workspace: Workspace, configs: Configs, month: int, asked: Stage | None
) -> tuple[tuple[Delivery, ...], tuple[SourceReport, ...], Stage]:
    """The deliveries of a run, what has arrived, and its stage. Raises ExtractError when it may not go on."""
    secret(workspace.store)
    hashes = Hashes(workspace.store)
    found = find.deliveries(workspace.data, month, configs.sources, configs.calendar, hashes)
    hashes.save()
    reports = ready.readiness(found, month, configs.sources, configs.calendar)
    return (
        found,
        reports,
        ready.stage_of(
            reports,
            asked,
            month,
            configs.sources,
            configs.settings.languages[0],
            find.unread(workspace.data, month, configs.sources),
        ),
    )


def take(
    workspace: Workspace,
    configs: Configs,
    found: Sequence[Delivery],
    jobs: Jobs,
    done: Callable[[int, int], None],
) -> Taken:
    """Every delivery's facts, from the store or read now. Raises ExtractError with every unusable file."""
    where, hidden = workspace.store, secret(workspace.store)
    judge = Judge(configs.guards, configs.organisation, configs.roles)
    judged = {source.id: judge.basis(source) for source in configs.sources.values()}
    addresses = [
        store.key(d, configs.sources[d.source], configs.limits, configs.settings, hidden, judged[d.source])
        for d in found
    ]
    tasks = [
        Task(d, configs, where, address, hidden)
        for d, address in zip(found, addresses, strict=True)
        if not entries.has(where, address)
    ]
    tasks.sort(key=lambda task: -sum(path.stat().st_size for path in task.delivery.files))
    faults = [
        fault for fault in jobs.each(read_delivery, tasks, lambda n: done(n, len(tasks)), _name) if fault
    ]
    if faults:
        raise ExtractError("\n".join(sorted(faults)), "", "Correct or remove the files, then run again.")
    kept = tuple(
        _kept(Task(d, configs, where, address, hidden)) for d, address in zip(found, addresses, strict=True)
    )
    taken = Taken(tuple(found), kept)
    _guard(configs, taken)
    taken = replace(taken, doubts=doubts.doubts(configs, found, [one.counts for one in kept]))
    entries.prune(where, frozenset({*addresses, figures.FOLDER}), found[-1].month if found else 0)
    return taken


def _name(task: Task) -> str:
    files = ", ".join(path.name for path in task.delivery.files)
    return f"data/{month_text(task.delivery.month)}: {task.delivery.source} ({files})"


def _kept(task: Task) -> store.Kept:
    """A delivery's facts from the store; those that are damaged are read from the files once more."""
    shapes = [task.configs.shapes[fact.id] for fact in task.configs.sources[task.delivery.source].fact]
    try:
        return store.load(task.store, task.address, shapes)
    except entries.DAMAGED:
        entries.forget(task.store, task.address)
        if fault := read_delivery(task):
            raise ExtractError(fault, "", "Correct or remove the files, then run again.") from None
        return store.load(task.store, task.address, shapes)


def read_delivery(task: Task) -> str:
    """Read one delivery and store its facts; returns what is wrong with its files, or an empty text."""
    delivery, configs = task.delivery, task.configs
    source, context = configs.sources[delivery.source], configs.context(delivery.month)
    try:
        judge = Judge(configs.guards, configs.organisation, configs.roles)
        with spooled(task.store, delivery) as copied:
            extract = read(source, copied, context, task.secret, judge)
    except ExtractError as error:
        return f"data/{month_text(delivery.month)}/{error}"
    rows = Rows(
        extract.rows,
        extract.rank,
        extract.size,
        extract.read,
        extract.rejects,
        extract.ignored,
        file=extract.file,
        files=extract.files,
        lost=extract.lost,
        cells=extract.cells,
        stand_ins=extract.stand_ins,
    )
    counted = count(source, delivery.month, configs.shapes, rows, context)
    kept = store.Kept(counted.tables, counted.lists, counted.counts, extract.rejects)
    store.save(task.store, task.address, delivery.month, kept)
    return ""


def _guard(configs: Configs, taken: Taken) -> None:
    """Refuse deliveries that lose far too many rows, of a month or all in all, and that nobody confirmed.

    What is wrong with the rows comes first; only a loss that it does not explain may be confirmed.
    """
    faults, remedies = [], set()
    for source in configs.sources.values():
        reaches = taken.reaches(configs, source.id)
        before: RowCounts | None = None
        for number, (delivery, kept) in enumerate(taken.of(source.id), 1):
            if not delivery.confirm_shrink:
                where = f"data/{month_text(delivery.month)}: {source.id}"
                follows = [
                    *_unusable(kept.counts, before, len(refusals.wrong(kept.rejects))),
                    *(
                        (
                            f"would leave {month_text(lost.month)} with {lost.after} rows instead of "
                            f"{lost.before}{doubts.cut_off(kept.counts.read)}",
                            refusals.explain(kept.rejects, lost.before - lost.after),
                        )
                        for lost in slices.shrunken(reaches[:number])
                    ),
                    *_lost(configs, source, taken, number),
                ]
                if any(explained for _, explained in follows):
                    found = refusals.causes(source, kept.rejects, delivery.extracted_on)
                    faults += [f"{where}: {cause}" for cause in found]
                faults += [f"{where} {why}" for why, _ in follows]
                remedies |= {refusals.CORRECT if known else refusals.CONFIRM for _, known in follows}
            before = kept.counts
    if faults:
        raise ExtractError("\n".join(faults), "", "\n  ".join(sorted(remedies)))


def _lost(configs: Configs, source: Source, taken: Taken, number: int) -> Iterator[tuple[str, bool]]:
    """Units that the n-th delivery would leave with far fewer rows, and whether rejected rows explain it."""
    kept = [one for _, one in taken.of(source.id)[:number]]
    tree = configs.organisation

    def unit(code: str, month: int) -> str:
        return tree.resolve(source.system, code, month) or source.empty_unit or tree.unallocated

    reaches = taken.reaches(configs, source.id)[:number]
    for lost in lost_of_units(source, reaches, [one.counts for one in kept], unit):
        yield (
            f"would leave the unit {lost.unit} with {lost.after} rows of {month_text(lost.month)} instead of "
            f"{lost.before}",
            refusals.explain(kept[-1].rejects, lost.before - lost.after),
        )


def _unusable(now: RowCounts, before: RowCounts | None, wrong: int) -> Iterator[tuple[str, bool]]:
    """Why a delivery cannot stand for its month, and whether ``wrong`` rows, the rejected, explain it.

    Either there is no row, or most are rejected (not only as duplicates). As with months that shrink, a few
    rows are never refused, only told.
    """
    if not now.read and before and before.used > slices.SHRINK_ROWS:
        yield f"has no rows; the delivery before it had {before.used}", False
    if wrong > max(slices.SHRINK_ROWS, now.read / 2):
        yield f"can use only {now.used} of its {now.read} rows", True
    elif now.read > slices.SHRINK_ROWS and not now.used:
        yield f"has {now.read} rows and none of its month or before", False


def counted(
    configs: Configs, taken: Taken, reports: Sequence[SourceReport], month: int
) -> tuple[SourceReport, ...]:
    """The reports with what became of the month's rows: read = used + rejected + outside."""
    return tuple(_counted(configs, taken, report, month) for report in reports)


def _counted(configs: Configs, taken: Taken, report: SourceReport, month: int) -> SourceReport:
    own = taken.of(report.source)
    found = next((pair for pair in own if pair[0].month == month), None)
    if found is None:
        return report
    delivery, now = found
    alone = len(own) == 1 and (delivery.covers or not configs.sources[report.source].open_cases)
    counts, older = now.counts, 0 if alone else now.counts.older
    return replace(
        report,
        extracted_on=delivery.extracted_on,
        read=counts.read,
        used=counts.used - older,
        rejected=counts.rejected,
        outside=counts.outside + older,
        reasons=counts.reasons,
        unknown_units=_shown(unresolved(counts.units, configs.sources[report.source], configs.organisation)),
        empty_cells=counts.empty_cells,
        unknown_cells=counts.unknown_cells,
        ignored_columns=counts.ignored_columns,
        stand_ins=counts.stand_ins,
        frozen=_frozen(configs, taken.until(month), report.source),
        doubts=tuple(d for d in taken.doubts if d.source == report.source and d.month == month),
        no_data=tuple(_no_data(now.rejects)),
        same_files=_same_files(counts),
    )


def _shown(units: Mapping[str, int]) -> dict[str, int]:
    """Unknown unit codes as they are shown: somebody may have typed a person's number there."""
    shown: Counter[str] = Counter()
    for code, rows in units.items():
        shown[redact_code(code)] += rows
    return dict(shown)


def _no_data(rejects: Sequence[Reject]) -> Iterator[NoData]:
    """Rows that are no rows of data, a line a reason, with where the first stands."""
    for reason in NO_DATA:
        if own := [reject for reject in rejects if reject.reason == reason]:
            first = min(own, key=lambda reject: (reject.file, reject.line))
            yield NoData(reason, len(own), first.file, first.line)


def _same_files(counts: RowCounts) -> tuple[tuple[str, ...], ...]:
    """Files with the same rows, by twos or more."""
    names: dict[str, list[str]] = {}
    for file in counts.files:
        if file.keys:
            names.setdefault(file.keys, []).append(file.name)
    return tuple(tuple(own) for own in names.values() if len(own) > 1)


def _frozen(configs: Configs, taken: Taken, source: str) -> tuple[int, ...]:
    """The months whose published counts the newest delivery would change, were they not too old."""
    reaches, tables = taken.reaches(configs, source), [kept.tables for _, kept in taken.of(source)]
    facts = [fact.id for fact in configs.sources[source].fact if not configs.shapes[fact.id].stock]
    found = {month for fact in facts for month in slices.frozen(fact, tables, reaches)}
    return tuple(sorted(found))
