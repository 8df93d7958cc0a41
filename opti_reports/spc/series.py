"""One series from a file to its process behaviour chart and the chart's picture: `opti spc`."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from opti_reports.config.judging import Charts, charts_in
from opti_reports.extracts.series import Series, read_each, read_series
from opti_reports.findings.rare import is_rare
from opti_reports.findings.spc import chart, proposed_rebase
from opti_reports.language.formats import trimmed
from opti_reports.language.wording import Wording
from opti_reports.model.look import Look
from opti_reports.model.spc import Chart, Direction, Figure
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
    from opti_reports.render.charts.spc import draw_spc  # noqa: PLC0415

    place = _place(root)
    loaded = load(place.configs, place.demo)
    wording = loaded.wordings[loaded.settings.languages[0]]
    look = Look(loaded.brand.brand(), place.templates)
    return draw_spc(_figure(question, found, wording), look, wording.language, WIDTH, HEIGHT)


def _figure(question: Question, found: Answer, wording: Wording) -> Figure:
    made, segment = found.chart, found.chart.segments[-1]

    def written(value: float | None, more: int = 0) -> str:
        if value is None:
            return ""
        if abs(value) >= WORDLESS:
            return f"{value:.3g}"
        return trimmed(Fraction(value), found.series.decimals + more, wording.language)

    values = {"mean": segment.mean, "upper": segment.upl, "lower": segment.lpl, "target": question.target}
    names = {key: wording.say(f"spc.{key}", value=written(value, 1)) for key, value in values.items()}
    last = made.points[-1].value if made.points else None
    latest = written(last) or wording.say("state.missing")
    note = wording.say("spc.rare") if found.rare else ""
    if segment.n < found.rules.fewest:
        note = wording.say("spc.short", n=segment.n, needed=found.rules.fewest)
    said = [wording.say("spc.alt", name=found.series.name, n=len(made.points), latest=latest)]
    said += [wording.say(f"spc.variation.{made.variation}")] if made.variation else []
    said += [note] if note else []
    said += [wording.say(f"spc.assurance.{made.assurance}")] if made.assurance else []
    return Figure(
        chart=made,
        target=question.target,
        bounds=(None, None),
        unit="",
        latest=latest,
        centre=names["mean"],
        upper=names["upper"],
        lower=names["lower"],
        aim=names["target"],
        note=note,
        alt=" ".join(said),
    )
