"""Values, targets and statuses as the text of a cell. A cell is never empty, and missing is never zero."""

from __future__ import annotations

from collections.abc import Container, Iterable
from fractions import Fraction

from opti_reports.config.metric import Compare, Metric
from opti_reports.config.source import Source
from opti_reports.language import formats
from opti_reports.model.finding import BINDING, DECIDED, TargetInForce, Turn
from opti_reports.model.pack import Column
from opti_reports.model.tone import Tone
from opti_reports.model.value import SHOWN, Value
from opti_reports.packs import periods
from opti_reports.packs.scene import Scene

DASH = "–"
"""Stands where nothing is asked for (no target); missing figures are words."""
SYMBOL_IN_CELL = ("percent", "eur")
"""Units whose symbol follows the figure in tables too; the others' stand beside the metric's name."""


def key(scene: Scene, by: str, code: str) -> str:
    """Return what a row or a bar of a key is called; a code without a label as it is."""
    label = scene.wording.phrases.get(f"code.{by}.{code}") if code else scene.say("state.not_recorded")
    return formats.capital(label) if label else code


def row(value: Value) -> str:
    """Return which row of values.csv a figure is: metric, organisation, window and period."""
    return ",".join((value.metric, value.org, value.period.cadence.id, value.period.text))


def full(scene: Scene, value: Value) -> str:
    """Return the figure with its unit, or the words of its state."""
    return _text(scene, value, scene.metric(value.metric).unit)


def plain(scene: Scene, value: Value) -> str:
    """Return the figure as a table shows it whose rows name the unit, or the words of its state."""
    return _text(scene, value, cell_unit(scene.metric(value.metric)))


def cell_unit(metric: Metric) -> str:
    """Return the unit written in a table's cell; empty when it stands beside the name."""
    return metric.unit if metric.unit in SYMBOL_IN_CELL else ""


def _text(scene: Scene, value: Value, unit: str) -> str:
    if value.state not in SHOWN or value.value is None:
        return state_words(scene, value)
    text = written(scene, value, value.value, unit)
    return scene.say("state.partly", value=text) if value.state == "partial" else text


def written(scene: Scene, value: Value, number: Fraction, unit: str) -> str:
    """Return a number of a value's metric, organisation and period, written so that it agrees with its
    status.
    """
    return formats.figure(_shown(scene, value, number), unit, scene.wording)


def for_programs(scene: Scene, value: Value) -> str:
    """Return the figure with a decimal point, for other programs; empty where none is shown."""
    return (
        "" if value.number is None or value.value is None else f"{_shown(scene, value, value.value).number:f}"
    )


def _shown(scene: Scene, value: Value, number: Fraction) -> formats.Shown:
    return formats.agreeing(number, scene.metric(value.metric).decimals, scene.turns(value))


def limit(scene: Scene, metric_id: str, level: float, newest: Value | None) -> str:
    """Return a limit of ordinary variation, written so that a newest figure beyond it is seen to be."""
    metric, turns = scene.metric(metric_id), []
    if newest is not None and newest.value is not None:
        figure = _shown(scene, newest, newest.value).number
        turns = [Turn(">=" if newest.value > level else "<=", Fraction(figure))]
    return formats.figure(formats.agreeing(level, metric.decimals, turns), metric.unit, scene.wording)


def past(scene: Scene, value: Value) -> str:
    """Return the figure of an earlier period in a table; of one that lacks months, that it does."""
    return wholeness(scene, value) if value.short else plain(scene, value)


def earlier(scene: Scene, value: Value) -> str:
    """Return the figure of an earlier period with how whole it is, where nothing beside it says so."""
    whole = wholeness(scene, value) if value.partial_by("units", "months", "outside") else ""
    if not whole or value.short or value.value is None:
        return past(scene, value)
    return f"{written(scene, value, value.value, cell_unit(scene.metric(value.metric)))} ({whole})"


def figure(scene: Scene, number: Fraction | float, unit: str, decimals: int) -> str:
    """Return a number with its unit; without an unit only the number."""
    return formats.value_text(number, unit, decimals, scene.wording)


def count(scene: Scene, number: Fraction | int) -> str:
    """Return a whole number."""
    return formats.number(number, 0, scene.language)


def rows_left(scene: Scene, left: int) -> str:
    """Return how many rows are not shown; empty where all are."""
    return scene.counted("block.more_rows", left)


def columns(scene: Scene, heads: Iterable[str], figures: Container[str] = ()) -> tuple[Column, ...]:
    """Return columns by the phrases of their headings; those of ``figures`` hold numbers."""
    return tuple(Column(scene.say(f"column.{head}"), head in figures) for head in heads)


def state_words(scene: Scene, value: Value) -> str:
    """Return why there is no figure.

    Too few of a process: its cases are shown beside, as they are its result.
    """
    metric = scene.metric(value.metric)
    if value.state == "few":
        if isinstance(metric, Compare) or value.n is None:
            return scene.say("state.too_few")
        if not value.n:
            return scene.say("state.none")
        cases = part_of(scene, value)
        if is_process(metric) and cases:
            return scene.say("state.few_cases", cases=cases)
        return scene.say("state.few", n=count(scene, value.n))
    return wholeness(scene, value) if value.state == "partial" else scene.say(f"state.{value.state}")


def brief(scene: Scene, value: Value) -> str:
    """Return a cell of a dense table or the end of a line: a figure, or its state in as few
    words as will do.
    """
    if value.state != "few" or not value.n:
        return plain(scene, value)
    return part_of(scene, value) if is_process(scene.metric(value.metric)) else scene.say("state.too_few")


def is_process(metric: Metric) -> bool:
    """Return whether the metric's target is a time limit of a process or of the law: its cases count one by
    one.
    """
    return metric.target is not None and metric.target.kind in ("process", "law")


def part_of(scene: Scene, value: Value) -> str:
    """Return ``3/4``: cases in time of all cases; empty where the formula has no cases."""
    if value.num is None or value.den is None:
        return ""
    return f"{count(scene, value.num)}/{count(scene, value.den)}"


def wholeness(scene: Scene, value: Value) -> str:
    """Return ``3/4 yksikköä``, ``7/8 kk`` or how many rows are unclear; empty when it is whole.

    Of a value that reads the same whatever its unclear rows hold, their number too.
    """
    said = []
    if value.reason and value.partial_by("units", "months"):
        said.append(scene.say(f"state.{value.reason.cause}", have=value.reason.have, all=value.reason.of))
    if value.partial_by("outside"):
        said.append(scene.say("state.outside"))
    if value.unknown:
        phrase = "state.unknown" if value.partial_by("unknown") else "state.unknown_same"
        said.append(scene.say(phrase, count=count(scene, value.unknown)))
    return "; ".join(said)


def target_figure(scene: Scene, metric: Metric, target: TargetInForce, unit: str) -> str:
    """Return ``≥ 80 %``, ``95–105 %``: the target alone."""
    return formats.target(target.op, target.exact, unit, metric.decimals, scene.wording)


def target(scene: Scene, metric_id: str, aim: TargetInForce | None, unit: str) -> str:
    """Return the target of a cell: one that is not decided stands in brackets, none is a dash."""
    if aim is None:
        return DASH
    text = target_figure(scene, scene.metric(metric_id), aim, unit)
    return text if aim.basis in BINDING else f"({text})"


def target_note(scene: Scene, aim: TargetInForce | None) -> str:
    """Return what the reader must know of the target: that nobody has decided on it, or that
    it is the law's.
    """
    if aim is None or aim.basis in DECIDED:
        return ""
    return scene.say(f"target.note_{aim.basis}")


def target_origin(scene: Scene, metric_id: str, aim: TargetInForce) -> str:
    """Return who decided on a target; of a proposed one where its level comes from."""
    state = scene.say(f"target.{aim.basis}")
    if aim.basis != "proposed":
        return state
    metric = scene.metric(metric_id)
    listed = [
        one.origin
        for one in scene.configs.targets.target
        if (one.metric, one.organisation, one.state) == (metric_id, aim.org, "proposed")
    ]
    origin = listed[-1] if listed else metric.target and metric.target.source
    said = scene.wording.of(origin) if origin else scene.say("target.no_origin")
    return scene.say("target.proposed_from", state=state, origin=said)


def above_note(scene: Scene, value: Value) -> str:
    """Return how the value stands against the target above, where the organisation has agreed its own."""
    found = scene.status(value)
    if found.above is None or found.above_tone == "none":
        return ""
    metric = scene.metric(value.metric)
    aim = target_figure(scene, metric, found.above, metric.unit)
    return scene.say("target.note_above", target=aim, status=scene.say(f"status.{found.above_tone}"))


def tone(scene: Scene, value: Value) -> Tone:
    """Return ``good``, ``watch`` or ``off`` by a binding target, ``neutral`` without one.

    ``none`` where nothing is judged: there is no figure, it lacks a part, or rests on too little. A law has
    a status also where its cases are too few for a figure.
    """
    status = scene.status(value)
    if value.state == "partial" or (value.number is None and (value.state != "few" or status.tone == "none")):
        return "none"
    if status.tone != "none":
        return status.tone
    return "none" if status.target is not None and status.target.basis in BINDING else "neutral"


def status(scene: Scene, value: Value) -> str:
    """Return the status in words."""
    return scene.say(f"status.{tone(scene, value)}")


def judged(scene: Scene, value: Value, blank: str = "") -> str:
    """Return the status in words, or ``blank`` where there is nothing to read."""
    return status(scene, value) if value.state in SHOWN or tone(scene, value) != "none" else blank


def short_source(scene: Scene, source: str) -> str:
    """Return what a source is called in small print: the short name in brackets at its end, if any."""
    return short_name(scene, scene.configs.sources[source])


def short_name(scene: Scene, source: Source) -> str:
    """Return the same of a source that the organisation need not have."""
    name = scene.wording.of(source.name)
    return name[name.rindex("(") + 1 : -1] if name.endswith(")") else name


def period_note(scene: Scene, value: Value) -> str:
    """Return the period of a value that is not of the pack's own: ``Talouden toteuma: heinäkuu 2026``."""
    period = value.period
    label = periods.label(scene, period)
    if period.cadence.weekly and period == scene.newest(period.cadence):
        return ""
    if period.end == scene.month:
        if period.cadence.longer and period.cadence is not scene.spec.cadence:
            return label
        return scene.say(f"cycle.{period.cadence.id}") if period.cadence.running else ""
    behind = sorted(
        short_source(scene, report.source)
        for report in scene.reports(value.metric)
        if (report.newest or 0) < scene.month
    )
    return (
        scene.say("sentence.lagging", source=behind[0], period=label)
        if behind and not period.cadence.held
        else label
    )
