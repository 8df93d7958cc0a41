"""Results as text for a person at a terminal, and as JSON for other programs."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opti_reports.model.imports import KINDS, Plan
from opti_reports.model.period import month_text
from opti_reports.model.report import SourceReport
from opti_reports.model.spc import Chart, Segment

if TYPE_CHECKING:
    from opti_reports.config.load import Configs
    from opti_reports.run import Outcome
    from opti_reports.starter import Change
    from opti_reports.steps.due import Due
    from opti_reports.steps.series import Answer, Question


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z|-?\Z")
"""A number, or a cell without one."""
VARIATION = {
    "common_cause": "ordinary variation only",
    "improvement_high": "the newest point is a signal of change for the better, upwards",
    "improvement_low": "the newest point is a signal of change for the better, downwards",
    "concern_high": "the newest point is a signal of change for the worse, upwards",
    "concern_low": "the newest point is a signal of change for the worse, downwards",
    "neutral_high": "the newest point is a signal of change, upwards",
    "neutral_low": "the newest point is a signal of change, downwards",
}
ASSURANCE = {
    "pass": "is met all the time",
    "fail": "is not met, unless something changes",
    "inconsistent": "is met or missed by chance",
}


IMPORTED = ("new", "changed", "refused", "unchanged")
"""The order in which the rows of an import are shown."""


def to_json(value: object) -> str:
    """Any result as JSON; months of reports are text, dates in ISO form."""
    return json.dumps(_plain(value), ensure_ascii=False, indent=1)


def _plain(value: Any) -> Any:
    if isinstance(value, SourceReport):
        plain = {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return plain | {"newest": None if value.newest is None else month_text(value.newest)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else value


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Aligned columns; numbers to the right."""
    text = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(line[i]) for line in [list(headings), *text]) for i in range(len(headings))]
    right = [bool(text) and all(_NUMBER.match(line[i]) for line in text) for i in range(len(headings))]
    lines = []
    for line in [list(headings), *text]:
        cells = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(line, widths, right, strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def rows_table(reports: Sequence[SourceReport]) -> str:
    """What became of the month's rows, source by source, with the reasons of the rejected ones."""
    head = ("source", "files", "read", "used", "rejected", "outside")
    lines = [table(head, ((r.source, len(r.files), r.read, r.used, r.rejected, r.outside) for r in reports))]
    for r in (r for r in reports if r.reasons or r.unknown_units):
        reasons = ", ".join(f"{name} {count}" for name, count in sorted(r.reasons.items()))
        units = f"unknown unit codes {r.unknown_codes}" if r.unknown_units else ""
        lines.append(f"{r.source}: {'; '.join(part for part in (reasons, units) if part)}")
    return "\n".join(lines)


def look_at(warnings: Iterable[str]) -> list[str]:
    """Lines that a person should look at."""
    return [f"look at: {warning}" for warning in warnings]


def ready_table(configs: Configs, reports: Sequence[SourceReport], month: int) -> str:
    """What has arrived of a month, and what has not."""
    language = configs.settings.languages[0]
    rows = []
    for r in reports:
        state = (
            f"{len(r.files)} file(s)"
            if not r.late
            else f"missing, newest {month_text(r.newest) if r.newest else 'none'}"
        )
        rows.append(
            (r.source, r.presence, state, r.due.isoformat(), configs.sources[r.source].owner_role[language])
        )
    late = [r for r in reports if r.late]
    required = sum(r.presence == "required" for r in late)
    summary = (
        f"{len(reports) - len(late)} of {len(reports)} sources of {month_text(month)} have arrived."
        + (f" A run is not possible: {required} required one(s) are missing." if required else "")
        + (
            " A run will be preliminary."
            if not required and any(r.presence == "lagging" for r in late)
            else ""
        )
    )
    return table(("source", "presence", "state", "due", "from"), rows) + "\n" + summary


def outcome_text(outcome: Outcome) -> str:
    """What a run made, what to look at, and where the packs are."""
    lines = [rows_table([r for r in outcome.sources if not r.late])]
    lines += look_at(outcome.warnings)
    lines += [f"failed: {name}: {why}" for name, why in sorted(outcome.failed.items())]
    if outcome.outdated:
        lines.append(
            f"look at: {len(outcome.outdated)} packs here rest on earlier extracts; run all to renew them"
        )
    took = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in outcome.seconds.items())
    lines.append(f"{len(outcome.packs)} packs ({outcome.stage}) are in {outcome.folder / 'packs'} ({took}).")
    lines += [f"next: {step}" for step in _next(outcome)]
    return "\n".join(lines)


def _next(outcome: Outcome) -> Iterable[str]:
    """What to do after a run."""
    month = outcome.folder.name
    if outcome.failed:
        places = sorted({tuple(name.split("/")[1:]) for name in outcome.failed if name.count("/") == 2})
        one = " ".join(f"--pack {pack} --org {file.split('.')[0]}" for pack, file in places[:1])
        yield f"correct what failed, then make it again: opti run --month {month} {one}"
    if outcome.unmade or outcome.outdated:
        yield f"only a whole month can be released: opti run --month {month}"
        return
    late = [r for r in outcome.sources if r.late and r.presence == "lagging"]
    if late:
        awaited = ", ".join(f"{r.source} (due {r.due.isoformat()})" for r in late)
        yield f"run again for the final packs when these have come: {awaited}"
    early = " --preliminary" if outcome.stage == "preliminary" else ""
    yield f"look at the packs, then release them: opti release --month {month}{early}"
    yield f"then send them: opti send --month {month} --drafts"


def due_text(configs: Configs, due: Due, month: int) -> str:
    """What a scheduled run does, and which sources it waits for."""
    language = configs.settings.languages[0]
    heads = {
        "go": "running, for something has come.",
        "wait": "waiting for what is required; nothing is late.",
        "late": "not run: something required is late.",
        "nothing": "nothing has come since the last run.",
    }
    lines = [f"{month_text(month)}: {heads[due.verdict]}"]
    for word, reports in (("late", due.late), ("to come", due.coming)):
        lines += [
            f"  {word}: {r.source} ({r.presence}), due {r.due.isoformat()}, "
            f"{configs.sources[r.source].owner_role[language]}"
            for r in reports
        ]
    if due.late:
        lines.append(f"  Remind them: opti ready --month {month_text(month)} --drafts")
    return "\n".join(lines)


def upgrade_text(changes: Sequence[Change], aside: Path | None, *, done: bool) -> str:
    """What an upgrade did, or would do, file by file."""
    if not changes:
        return "Nothing to change: the configs and templates are those of this version."
    lines = [table(("file", "upgrade"), [(change.path, change.what) for change in changes])]
    if aside is not None:
        lines.append(f"Edited by you and changed in this version: the new texts are in {aside}.")
        lines.append("Take from them what you need, delete the folder, then: opti check")
    elif not done:
        lines.append("Nothing was changed. To do it: opti upgrade")
    return "\n".join(lines)


def import_text(plan: Plan) -> str:
    """What an import would do: its rows by kind, with their places, and how many there are of each."""
    lines = []
    for line in sorted(plan.lines, key=lambda line: IMPORTED.index(line.kind)):
        place = f"{line.place}: {line.text}" if line.text else line.place
        lines += [f"{line.kind:11}{place}", *(f"{'':13}{why}" for why in line.why)]
    lines += [f"{'note':11}{note}" for note in plan.notes]
    counts = " + ".join(f"{plan.count(kind)} {kind}" for kind in KINDS)
    return "\n".join((*lines, f"{len(plan.lines)} row(s) read = {counts}."))


def spc_json(chart: Chart) -> str:
    """A chart for other programs: segments, points, variation, assurance."""
    return to_json(
        {
            "segments": chart.segments,
            "points": [{"label": p.label, "value": p.value, "rule": p.rule} for p in chart.points],
            "variation": chart.variation,
            "assurance": chart.assurance,
        }
    )


def spc_text(question: Question, answer: Answer) -> str:
    """A chart as tables for a person: limits, points with their signals, and what they mean."""
    chart, digits = answer.chart, answer.series.decimals

    def figure(value: float | None, more: int = 2) -> str:
        if value is None:
            return "-"
        return f"{value:.{digits + more}f}" if abs(value) < 1e15 else f"{value:.6g}"

    def row(start: int, segment: Segment) -> tuple[str, ...]:
        limits = (segment.mean, segment.lpl, segment.upl, segment.nlpl, segment.nupl)
        label = chart.points[start].label if chart.points else ""
        return (label, str(segment.n), *(figure(limit) for limit in limits))

    segments = [row(start, segment) for start, segment in zip(chart.starts, chart.segments, strict=True)]
    points = [
        (p.label, figure(p.value, 0), p.rule or "", (p.reading or "").replace("_", " ")) for p in chart.points
    ]
    lines = [
        f"{question.file.name}, {answer.series.name}",
        table(("from", "points", "mean", "lower", "upper", "near lower", "near upper"), segments),
        "",
        table(("label", "value", "signal", "reading"), points),
        "",
        *_spc_told(question, answer),
    ]
    return "\n".join(lines)


def _spc_told(question: Question, answer: Answer) -> list[str]:
    """What a chart means, in sentences."""
    chart = answer.chart
    lines = []
    if chart.variation is None:
        lines.append(
            f"variation: not judged, the newest segment has {chart.segments[-1].n} points and needs 13"
        )
    else:
        lines.append(f"variation: {VARIATION[chart.variation]}")
    if chart.assurance is not None:
        lines.append(f"target {question.target:g}: {ASSURANCE[chart.assurance]}")
    elif question.target is not None:
        why = "say --direction up or down" if question.direction == "neutral" else "too few points"
        lines.append(f"target {question.target:g}: not judged ({why})")
    if answer.proposed is not None:
        lines.append(
            f"look at: a shift has lasted since {answer.proposed}; with a known cause, --rebase there"
        )
    if answer.rare:
        lines.append(
            "look at: counts below 2 on average are too rare for these limits; sum them over 12 months"
        )
    return lines
