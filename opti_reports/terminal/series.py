"""One series judged, as text for a person at a terminal and as JSON for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from opti_reports.model.spc import Chart, Segment
from opti_reports.terminal.tables import table, to_json

if TYPE_CHECKING:
    from opti_reports.spc.series import Answer, Question

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


def spc_json(question: Question, answers: Sequence[Answer]) -> str:
    """A chart for other programs: segments, points, variation, assurance; with --by a list of named ones."""
    if question.by is None:
        return to_json(_plain(answers[0].chart))
    return to_json([{"name": answer.series.name, **_plain(answer.chart)} for answer in answers])


def _plain(chart: Chart) -> dict[str, object]:
    return {
        "segments": chart.segments,
        "points": [{"label": p.label, "value": p.value, "rule": p.rule} for p in chart.points],
        "variation": chart.variation,
        "assurance": chart.assurance,
    }


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
        n, needed = chart.segments[-1].n, answer.rules.fewest
        lines.append(f"variation: not judged, the newest segment has {n} point(s) and needs {needed}")
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
        below = f"{answer.rules.rare_below:g}"
        lines.append(
            f"look at: counts below {below} on average are too rare for these limits; sum them over 12 months"
        )
    return lines
