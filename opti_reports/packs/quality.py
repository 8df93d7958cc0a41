"""The small print: what was received and used, what is not shown, what each metric means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from opti_reports.catalogue.packs import metrics_of
from opti_reports.config import block as kinds
from opti_reports.language import formats
from opti_reports.model.finding import DECIDED
from opti_reports.model.pack import Definitions, Table
from opti_reports.model.report import CODE_SHOWN, ONLY_SAID, Doubt, SourceReport
from opti_reports.packs import cells, opening, periods, restated, sentences
from opti_reports.packs.left_out import left_out
from opti_reports.packs.scene import Scene

HEADS = ("source", "latest", "files", "read", "used", "rejected", "outside", "unresolved", "reason")
BRIEF_HEADS = ("source", "remark")
WORDS = ("source", "latest", "reason", "remark")
"""Columns of a source's row, those where it is told in a sentence, and those that are words."""


def quality(scene: Scene, block: kinds.Quality) -> Iterator[Table | Definitions]:
    """Yield a row a source: read = used + rejected + outside, and why; what is not shown, and what changed.

    In brief a line for each source of which something is to be said, and the newest changes.
    """
    every = [report for report in scene.material.sources if opening.feeds(scene, report.source)]
    reports = [report for report in every if not block.brief or _amiss(report)]
    left = len(every) - len(reports)
    rest = [scene.say("pack.sources_in_order", count=cells.count(scene, left))] if left else []
    tones = tuple(
        (at, 1, "wrong" if report.presence == "required" else "warn")
        for at, report in enumerate(reports)
        if report.late
    )
    heads, row = (BRIEF_HEADS, source_line) if block.brief else (HEADS, source_row)
    rows_line = [] if block.brief else [scene.say("pack.rows_line")]
    yield Table(
        caption=scene.say("block.quality"),
        columns=cells.columns(scene, heads, {*HEADS} - {*WORDS}),
        rows=tuple(row(scene, report) for report in reports),
        empty=" ".join(rest) or scene.say("block.no_data"),
        note=" ".join((*(rest if reports else []), *rows_line, *_not_shown(scene))),
        tones=tones,
    )
    rules = scene.configs.findings
    most, brief = rules.restatements_shown, rules.shown.restatements_brief
    yield from restated.table(scene, min(most, brief) if block.brief else most)
    if not block.brief:
        yield from _handling(scene, every)


def _amiss(report: SourceReport) -> bool:
    """Return whether something is to be said of a delivery: late, rows refused, units or cells unknown."""
    return report.late or bool(
        report.rejected or report.reasons or report.unknown_units or report.unknown_cells or report.doubts
    )


def _handling(scene: Scene, reports: Sequence[SourceReport]) -> Iterator[Definitions]:
    """Yield how cases that move, come back, vanish or change are counted, for each source that says."""
    rules = [(report.source, scene.configs.sources[report.source].handling) for report in reports]
    items = tuple(
        (sentences.source_name(scene, name), scene.wording.of(rule)) for name, rule in rules if rule
    )
    if items:
        yield Definitions(scene.say("block.handling"), items)


def source_row(scene: Scene, report: SourceReport) -> tuple[str, ...]:
    """Return what became of a source's rows of the month, a cell for each of ``HEADS``."""
    unresolved = sum(report.unknown_units.values())
    counts = (len(report.files), report.read, report.used, report.rejected, report.outside, unresolved)
    written = [cells.count(scene, n) for n in counts]
    return (*_source(scene, report), *written, "; ".join(_reasons(scene, report)) or cells.DASH)


def source_line(scene: Scene, report: SourceReport) -> tuple[str, ...]:
    """Return in a sentence what became of a source's rows, as far as anything is to be said of it."""
    named = {
        "pack.rows_rejected": report.rejected,
        "pack.rows_outside": report.outside,
        "pack.rows_unresolved": sum(report.unknown_units.values()),
    }
    read, used = cells.count(scene, report.read), cells.count(scene, report.used)
    name, newest = _source(scene, report)
    said = [scene.say("pack.newest_month", month=newest)] if report.late else []
    said += [scene.say("pack.rows_used", read=read, used=used)] if report.files else []
    said += [scene.say(phrase, count=cells.count(scene, n)) for phrase, n in named.items() if n]
    return name, "; ".join((*said, *_reasons(scene, report))) or cells.DASH


def _source(scene: Scene, report: SourceReport) -> tuple[str, str]:
    """Return a source's name and the newest month there is of it."""
    newest = scene.say("state.missing")
    if report.newest is not None:
        newest = formats.short_month(report.newest, scene.language)
    return sentences.source_name(scene, report.source), newest


def _reasons(scene: Scene, report: SourceReport) -> Iterator[str]:
    """Yield why rows were rejected, and how many cells nobody can read."""
    for reason, n in sorted(report.reasons.items()):
        yield f"{_reason(scene, report.source, reason)} {cells.count(scene, n)}"
    if unknown := sum(one.cells for one in report.unknown_cells):
        yield scene.say("pack.unknown_cells", count=cells.count(scene, unknown))


def _reason(scene: Scene, source: str, reason: str) -> str:
    check = scene.configs.sources[source].broken(reason)
    return scene.wording.of(check.reason) if check else scene.say(f"reason.{reason}")


def doubted(scene: Scene, reports: Iterable[SourceReport]) -> Iterator[str]:
    """Yield which extracts may not hold their whole month, and which units of the pack are partial for it."""
    tree = scene.material.tree
    found = [
        scene.say(
            "doubt.look" if doubt.kind in ONLY_SAID else "doubt.line",
            source=sentences.source_name(scene, report.source),
            why=_doubt(scene, doubt),
            units=_units(scene, units),
        )
        for report in reports
        for doubt in report.doubts
        if (units := [unit for unit in doubt.units if scene.org in tree.above(unit)])
    ]
    if found:
        yield scene.say("pack.doubts", doubts="; ".join(found))


def _doubt(scene: Scene, doubt: Doubt) -> str:
    first, last = (formats.date(day, scene.wording) if day else "" for day in (doubt.first, doubt.last))
    return scene.say(
        f"doubt.{doubt.kind}",
        where=doubt.file or scene.say("doubt.delivery"),
        like=doubt.like,
        column=doubt.column,
        first=first,
        last=last,
        expected=cells.count(scene, doubt.expected),
        rows=cells.count(scene, doubt.rows),
    )


def _units(scene: Scene, units: Sequence[str]) -> str:
    most = scene.configs.findings.shown.doubted_named
    shown = ", ".join(scene.name(unit) for unit in units[:most])
    left = len(units) - most
    return scene.say("doubt.more", units=shown, count=cells.count(scene, left)) if left > 0 else shown


def _not_shown(scene: Scene) -> Iterator[str]:
    """Yield what is doubted, how many figures are not whole or not shown; for the whole,
    unknown unit codes.
    """
    fed = [report for report in scene.material.sources if opening.feeds(scene, report.source)]
    yield from doubted(scene, fed)
    states = Counter(periods.value_now(scene, metric_id).state for metric_id in scene.metrics)
    yield scene.say(
        "pack.states",
        shown=len(scene.metrics),
        withheld=states["withheld"],
        few=states["few"],
        partial=states["partial"],
        missing=states["missing"],
    )
    if states["withheld"]:
        yield scene.say("pack.states_withheld")
    unknown = [
        f"{scene.metric_name(value.metric)} ({cells.count(scene, value.unknown)})"
        for value in (periods.value_now(scene, metric_id) for metric_id in scene.metrics)
        if value.unknown
    ]
    if unknown:
        yield scene.say("pack.unknown_rows", metrics="; ".join(unknown))
    changed = [
        f"{sentences.source_name(scene, report.source)} "
        f"({', '.join(formats.short_month(month, scene.language) for month in report.frozen)})"
        for report in scene.material.sources
        if report.frozen and opening.feeds(scene, report.source)
    ]
    if changed:
        yield scene.say("pack.frozen", sources="; ".join(changed))
    yield from _left_out(scene)
    yield from _lacking(scene)
    yield from _untold(scene)
    if scene.parent is None:
        codes = [
            f"{sentences.source_name(scene, report.source)}: {_code(scene, code)} ({cells.count(scene, n)})"
            for report in scene.material.sources
            for code, n in sorted(report.unknown_units.items())
        ]
        if codes:
            yield scene.say("pack.unknown_units", codes="; ".join(codes))


def _left_out(scene: Scene) -> Iterator[str]:
    """Yield the units below the reader's that a metric cannot count, by name."""
    for metric_id in scene.metrics:
        missing = [one for one in left_out(scene.configs, metric_id, scene.month) if one.id in scene.below]
        if missing and scene.node.level in scene.metric(metric_id).levels:
            names = ", ".join(scene.name(unit.id) for unit in missing)
            yield scene.say("pack.left_out", name=scene.metric_name(metric_id), units=names)


def _lacking(scene: Scene) -> Iterator[str]:
    """Yield the pack's metrics that are on no page, as the extracts lack a column that they need; nothing is
    said of a source that is not in use.
    """
    unused, own = scene.material.unused, metrics_of(scene.spec, scene.month, scene.node.type)
    without = (id for id in own if not scene.has_columns(id) and unused.isdisjoint(scene.sources_of(id)))
    if names := [scene.metric_name(id) for id in without]:
        yield scene.say("pack.lacking", names="; ".join(names))


def _untold(scene: Scene) -> Iterator[str]:
    """Yield what the newest extracts cannot tell apart, once for all metrics of which it is the same."""
    said: dict[tuple[str, ...], list[str]] = {}
    for metric_id in scene.metrics:
        texts = tuple(map(scene.wording.of, scene.metric(metric_id).lacks(scene.material.lacking)))
        said.setdefault(texts, []).append(scene.metric_name(metric_id))
    for texts, names in said.items():
        if texts:
            yield scene.say("pack.untold", names="; ".join(names), told=" ".join(texts))


def _code(scene: Scene, code: str) -> str:
    return code[:CODE_SHOWN] or scene.say("column.unresolved")


def definitions(scene: Scene) -> Iterator[Definitions]:
    """Yield the metrics not on their targets in words, with where a target comes from that nobody here
    decided on.

    The handbook has them all.
    """
    open_ones = [id for id in scene.metrics if cells.tone(scene, periods.value_now(scene, id)) != "good"]
    if open_ones:
        items = tuple((scene.metric_name(id), _definition(scene, id)) for id in open_ones)
        yield Definitions(scene.say("block.definitions"), items)


def _definition(scene: Scene, metric_id: str) -> str:
    aim = scene.status(periods.value_now(scene, metric_id)).target
    meaning = scene.wording.of(scene.metric(metric_id).definition)
    if aim is None or aim.basis in DECIDED:
        return meaning
    target = cells.target_figure(scene, scene.metric(metric_id), aim, scene.metric(metric_id).unit)
    origin = scene.say("target.origin", target=target, origin=cells.target_origin(scene, metric_id, aim))
    return f"{meaning} {origin}"
