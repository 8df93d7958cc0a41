"""What became of each source's rows, and what a coordinator should look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from opti_reports.config.configs import Configs
from opti_reports.extracts import refusals
from opti_reports.extracts.find import unread
from opti_reports.extracts.ready import reasons
from opti_reports.extracts.redact import redact_code
from opti_reports.facts import slices
from opti_reports.messages.message import Message, message
from opti_reports.metrics.placed import unresolved
from opti_reports.model.delivery import NO_DATA, Reject, RowCounts
from opti_reports.model.report import NoData, SourceReport, WideFile
from opti_reports.periods.months import month_text
from opti_reports.stages import doubts
from opti_reports.stages.counted import Facts
from opti_reports.workspace import Workspace


def reported(
    configs: Configs, facts: Facts, reports: Sequence[SourceReport], month: int
) -> tuple[SourceReport, ...]:
    """Return the reports with what became of the month's rows: read = used + rejected + outside."""
    return tuple(_reported(configs, facts, report, month) for report in reports)


def _reported(configs: Configs, facts: Facts, report: SourceReport, month: int) -> SourceReport:
    own = facts.of(report.source)
    if own:
        report = replace(report, lacking=own[-1][1].counts.lacking)
    found = next((pair for pair in own if pair[0].month == month), None)
    if found is None:
        return report
    delivery, now = found
    source = configs.sources[report.source]
    alone = len(own) == 1 and (delivery.covers or not source.open_cases)
    counts, older = now.counts, 0 if alone else now.counts.older
    doubted = tuple(d for d in facts.doubts if d.source == report.source and d.month == month)
    said = source.may_repeat or delivery.confirm_rows or any(doubt.kind == "no_rows" for doubt in doubted)
    return replace(
        report,
        extracted_on=delivery.extracted_on,
        read=counts.read,
        used=counts.used - older,
        rejected=counts.rejected,
        outside=counts.outside + older,
        reasons=counts.reasons,
        unknown_units=_shown(unresolved(counts.units, source, configs.organisation)),
        empty_cells=counts.empty_cells,
        unknown_cells=counts.unknown_cells,
        ignored_columns=counts.ignored_columns,
        stand_ins=counts.stand_ins,
        frozen=_frozen(configs, facts.until(month), report.source),
        doubts=doubted,
        no_data=tuple(_no_data(now.rejects)),
        same_files=_same_files(counts),
        wide=tuple(WideFile(one.name, *one[2:]) for one in counts.files if one.months),
        causes=tuple(refusals.causes(source, _of_data(now.rejects), delivery.extracted_on)),
        stale=None if said else _stale(counts, month),
    )


def _stale(counts: RowCounts, month: int) -> int | None:
    """Return the newest month that rows are of where none is of the delivery's; 0 where there is none."""
    none = counts.read and not counts.by_month.get(month)
    return max((at for at, rows in counts.by_month.items() if rows), default=0) if none else None


def _of_data(rejects: Iterable[Reject]) -> list[Reject]:
    return [reject for reject in rejects if reject.reason not in NO_DATA]


def _shown(units: Mapping[str, int]) -> dict[str, int]:
    """Return unknown unit codes as they are shown: somebody may have typed a person's number there."""
    shown: Counter[str] = Counter()
    for code, rows in units.items():
        shown[redact_code(code)] += rows
    return dict(shown)


def _no_data(rejects: Sequence[Reject]) -> Iterator[NoData]:
    """Yield rows that are no rows of data, a line a reason, with where the first stands."""
    for reason in NO_DATA:
        if own := [reject for reject in rejects if reject.reason == reason]:
            first = min(own, key=lambda reject: (reject.file, reject.line))
            yield NoData(reason, len(own), first.file, first.line)


def _same_files(counts: RowCounts) -> tuple[tuple[str, ...], ...]:
    """Return files with the same rows, by twos or more."""
    names: dict[str, list[str]] = {}
    for file in counts.files:
        if file.keys:
            names.setdefault(file.keys, []).append(file.name)
    return tuple(tuple(own) for own in names.values() if len(own) > 1)


def _frozen(configs: Configs, facts: Facts, source: str) -> tuple[int, ...]:
    """Return the months whose published counts the newest delivery would change, were they not too old."""
    reaches, tables = facts.reaches(configs, source), [kept.tables for _, kept in facts.of(source)]
    moving = [fact.id for fact in configs.sources[source].fact if not configs.shapes[fact.id].stock]
    found = {month for fact in moving for month in slices.frozen(fact, tables, reaches)}
    return tuple(sorted(found))


def warnings(
    workspace: Workspace, configs: Configs, month: int, reports: Iterable[SourceReport]
) -> tuple[Message, ...]:
    """Return what a coordinator should look at."""
    found = list(unread(workspace.data, month, configs.sources, configs.unlisted.sources))
    for report in reports:
        found += _of_source(report, month_text(month))
    return tuple(found)


def _of_source(report: SourceReport, month: str) -> Iterable[Message]:
    source = report.source
    if report.late and report.presence != "required":
        yield message("warning.late", source=source, month=month, due=report.due.isoformat())
    if report.causes:
        rows = report.rejected - sum(aside.rows for aside in report.no_data)
        yield message("warning.rejected", source=source, rows=rows, of=report.read, causes=report.causes)
    yield from _unknown_cells(report)
    yield from doubts.warnings(report)
    for aside in report.no_data:
        place = message("place.line", line=aside.line, file=aside.file)
        what = message(f"aside.{aside.reason}")
        yield message("warning.aside", source=source, rows=aside.rows, what=what, place=place)
    for files in report.same_files:
        yield message("warning.same_files", source=source, files=files)
    for file in report.wide:
        yield message(
            "warning.wide",
            source=source,
            file=file.file,
            months=file.months,
            span=file.span,
            rows=file.rows,
            cells=file.rows * file.months,
            empty=file.empty,
            read=file.rows * file.months - file.empty,
        )
    if report.files and not report.read:
        yield message("warning.no_rows", source=source, month=month)
    elif report.stale:
        newest = month_text(report.stale)
        yield message("warning.stale", source=source, month=month, newest=newest, rows=report.read)
    elif report.stale == 0:
        yield message("warning.all_outside", source=source, month=month, rows=report.read)
    for name, other in report.stand_ins.items():
        yield message("warning.stand_in", source=source, column=name, other=other)
    if report.unknown_units:
        yield message("warning.unknown_units", source=source, codes=report.unknown_codes)
    if report.frozen:
        months = tuple(month_text(month) for month in report.frozen)
        yield message("warning.frozen", source=source, months=months)


def _unknown_cells(report: SourceReport) -> Iterable[Message]:
    for column, counts in report.unreadable.items():
        first = next(one for one in report.unknown_cells if one.column == column)
        place = (
            message("place.value", line=first.line, file=first.file, value=first.value)
            if first.value
            else message("place.line", line=first.line, file=first.file)
        )
        why = reasons(counts, report.extracted_on)
        yield message("warning.unknown_cells", source=report.source, column=column, why=why, place=place)
