"""One series judged, as text for a person at a terminal and as JSON for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from opti_reports.messages.message import Message, message
from opti_reports.messages.sentences import headings, say
from opti_reports.model.spc import Chart, Segment
from opti_reports.terminal.printing import look_at
from opti_reports.terminal.tables import table, to_json

if TYPE_CHECKING:
    from opti_reports.spc.series import Answer, Question


def spc_json(question: Question, answers: Sequence[Answer]) -> str:
    """Return a chart for other programs: segments, points, variation, assurance; with --by a list of them."""
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
    """Return a chart as tables for a person: limits, points with their signals, and what they mean."""
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
        say("spc.title", file=question.file.name, series=answer.series.name),
        table(headings("head.segments"), segments),
        "",
        table(headings("head.points"), points),
        "",
        *_variation(answer),
        *_assurance(question, chart),
        *look_at(_cautions(answer)),
    ]
    return "\n".join(lines)


def _variation(answer: Answer) -> Iterator[str]:
    chart = answer.chart
    if chart.variation is None:
        n = chart.segments[-1].n
        yield say("spc.not_judged", points=n, needed=answer.rules.fewest)
    else:
        yield say("spc.variation", variation=message(f"variation.{chart.variation}"))


def _assurance(question: Question, chart: Chart) -> Iterator[str]:
    if question.target is None:
        return
    if chart.assurance is not None:
        yield say("spc.target", target=question.target, assurance=message(f"assurance.{chart.assurance}"))
    elif question.direction == "neutral":
        yield say("spc.target_no_direction", target=question.target)
    else:
        yield say("spc.target_few_points", target=question.target)


def _cautions(answer: Answer) -> Iterator[Message]:
    if answer.proposed is not None:
        yield message("spc.shift", since=answer.proposed)
    if answer.rare:
        yield message("spc.rare", below=answer.rules.rare_below)


def label_cautions(question: Question, answers: Sequence[Answer]) -> Iterator[str]:
    """Yield what looks wrong with the labels of each series."""
    file = question.file.name
    for answer in answers:
        for what in answer.series.cautions():
            if question.by is None:
                yield say("spc.caution", file=file, what=what)
            else:
                yield say("spc.caution_of", file=file, series=answer.series.name, what=what)
