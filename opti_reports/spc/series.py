"""One series from a file to its process behaviour chart and the chart's picture: `opti spc`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from opti_reports.config.judging import Charts, charts_in
from opti_reports.extracts.series import Series, read_each, read_series
from opti_reports.findings.rare import is_rare
from opti_reports.findings.spc import chart, proposed_rebase
from opti_reports.language.formats import trimmed
from opti_reports.language.wording import Wording
from opti_reports.model.charts import Line, Mark, Trend
from opti_reports.model.look import Look
from opti_reports.model.spc import Chart, Direction
from opti_reports.starter import STARTER
from opti_reports.workspace import Workspace

WIDTH, HEIGHT = 504.0, 220.0
WORDLESS = 1e15
"""From here on figures are written in powers of ten."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of a file; ``rebase`` are labels at which new segments begin."""

    file: Path
    column: str | None = None
    target: float | None = None
    direction: Direction = "neutral"
    fix: int | None = None
    rebase: tuple[str, ...] = ()
    screen: bool = True
    by: str | None = None
    """The column whose texts make a series each."""


@dataclass(frozen=True)
class Answer:
    """The series and its chart; ``proposed`` is the label at which a rebase could be approved."""

    series: Series
    chart: Chart
    proposed: str | None
    rare: bool
    """Whether the values are counts too rare for such a chart."""
    rules: Charts
    """The thresholds it was judged by."""


def answers(question: Question, root: Path) -> tuple[Answer, ...]:
    """Read the file and judge its series by the thresholds of the workspace in ``root``, or the shipped ones.

    Raises ExtractError and UsageError as ``read_series`` does, ConfigError when the thresholds are invalid.
    """
    rules = charts_in(_place(root).configs)
    if question.by is None:
        return (_answer(question, read_series(question.file, question.column), rules),)
    found = read_each(question.file, question.column, question.by)
    return tuple(_answer(question, series, rules) for series in found)


def _place(root: Path) -> Workspace:
    return Workspace(root if (root / "configs/settings.toml").is_file() else STARTER)


def _answer(question: Question, series: Series, rules: Charts) -> Answer:
    made = chart(
        series.values,
        series.labels,
        fewest=rules.fewest,
        target=question.target,
        direction=question.direction,
        fix=question.fix,
        rebase=[series.place(label) for label in question.rebase],
        screen=question.screen,
    )
    begun = proposed_rebase(made, rules.lasting)
    counts = all(value is None or (value >= 0 and value.is_integer()) for value in series.values)
    rare = counts and is_rare(series.values, rules.rare_below)
    return Answer(series, made, None if begun is None else series.labels[begun], rare, rules)


def picture(question: Question, found: Answer, root: Path) -> str:
    """Return the chart as an SVG in the look and first language of the workspace in ``root``, or the shipped
    ones.

    Raises ConfigError when its configs are invalid.
    """
    # Only a picture needs all configs; reading them takes longer than all the rest.
    from opti_reports.config.load import load  # noqa: PLC0415
    from opti_reports.render.charts.trend import draw_trend  # noqa: PLC0415
    from opti_reports.render.clean import cleaned  # noqa: PLC0415

    place = _place(root)
    loaded = load(place.configs, place.demo)
    wording = loaded.wordings[loaded.settings.languages[0]]
    look = Look(loaded.brand.brand(), place.templates)
    drawn = cleaned(_trend(question, found, wording))
    return draw_trend(drawn, look, wording.language, WIDTH, HEIGHT, alone=True)


def _trend(question: Question, found: Answer, wording: Wording) -> Trend:
    made, note = found.chart, _note(found, wording)
    values = tuple(point.value for point in made.points)
    latest = _written(found, wording, values[-1] if values else None) or wording.say("state.missing")
    said = [wording.say("spc.alt", name=found.series.name, n=len(values), latest=latest)]
    said += [wording.say(f"spc.variation.{made.variation}")] if made.variation else []
    said += [note] if note else []
    said += [wording.say(f"spc.assurance.{made.assurance}")] if made.assurance else []
    return Trend(
        title=found.series.name,
        subtitle="",
        labels=tuple(point.label for point in made.points),
        lines=(*_lines(question, found, wording), Line(found.series.name, values, "main")),
        unit="",
        decimals=found.series.decimals,
        low=None,
        high=None,
        latest=latest,
        note=note,
        alt=" ".join(said),
        marks=tuple(Mark(at, "", "rebase") for at in made.starts[1:]),
        flags=tuple((at, point.reading) for at, point in enumerate(made.points) if point.reading),
    )


def _lines(question: Question, found: Answer, wording: Wording) -> Iterator[Line]:
    """Yield centre and limits of each point's segment and the target, named by the newest; limits that are
    the centre are not named again.
    """
    made, count = found.chart, len(found.chart.points)
    own = [made.segments[bisect_right(made.starts, at) - 1] for at in range(count)]
    newest = made.segments[-1]
    for role, phrase, levels in (
        ("centre", "mean", [segment.mean for segment in own]),
        ("upper", "upper", [segment.upl for segment in own]),
        ("lower", "lower", [segment.lpl for segment in own]),
        ("target", "target", [question.target] * count),
    ):
        level = levels[-1] if levels else None
        named = level is not None and (role not in ("upper", "lower") or level != newest.mean)
        figure = _written(found, wording, level, 1)
        yield Line(wording.say(f"spc.{phrase}", value=figure) if named else "", tuple(levels), role)


def _written(found: Answer, wording: Wording, value: float | None, more: int = 0) -> str:
    if value is None:
        return ""
    if abs(value) >= WORDLESS:
        return f"{value:.3g}"
    return trimmed(Fraction(value), found.series.decimals + more, wording.language)


def _note(found: Answer, wording: Wording) -> str:
    newest = found.chart.segments[-1]
    if newest.n < found.rules.fewest:
        return wording.say("spc.short", n=newest.n, needed=found.rules.fewest)
    return wording.say("spc.rare") if found.rare else ""
