"""Whole sentences: what a chart says, how a deviation reads, alternative texts written from the figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opti_reports.config.metric import Total
from opti_reports.language import formats
from opti_reports.model.finding import BINDING, Deviation
from opti_reports.model.value import Value
from opti_reports.packs import cells, periods, signs
from opti_reports.packs.scene import Scene
from opti_reports.periods.period import Duration, Period


def chart_title(scene: Scene, series: Sequence[Value]) -> str:
    """Return the message of a trend: a special cause, a run of changes, else the newest value beside its
    target. Of a seasonal metric a run of months is the season; how far it is from a year ago says more.
    """
    now, name = series[-1], scene.metric_name(series[-1].metric)
    change = signal(scene, now)
    if change:
        return scene.say("sentence.title_change", name=name, change=_within(change))
    run = streak([value.number for value in series])
    least = scene.configs.findings.charts.streak
    season = scene.metric(now.metric).season
    if now.number is not None and abs(run) >= least and not (now.period.cadence.held or season):
        lasted = duration(scene, Duration(scene.cadence, abs(run)))
        return scene.say(f"sentence.title_{'rising' if run > 0 else 'falling'}", name=name, lasted=lasted)
    aim = scene.status(now).target
    if now.number is not None and aim is not None and aim.basis in BINDING:
        target = cells.target_figure(scene, scene.metric(now.metric), aim, scene.metric(now.metric).unit)
        return scene.say("sentence.title_target", name=name, value=cells.full(scene, now), target=target)
    moved = _from_a_year_ago(scene, now) if season else ""
    if moved:
        return scene.say("sentence.title_season", name=name, change=moved)
    return scene.say("sentence.title_value", name=name, value=cells.full(scene, now))


def _from_a_year_ago(scene: Scene, now: Value) -> str:
    """Return how far a figure that is judged is from a year ago: of a total in per cent; else empty."""
    then, metric = scene.value(now.metric, now.period.year_ago, now.org), scene.metric(now.metric)
    if signs.variation(scene, now) is None or now.value is None or not then.value:
        return ""
    if isinstance(metric, Total):
        return formats.growth(now.value, then.value, scene.language)
    return formats.difference(now.value - then.value, metric.unit, metric.decimals, scene.wording)


def _within(sentence: str) -> str:
    """Return a sentence as a part of another."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def streak(numbers: Sequence[float | None]) -> int:
    """Return how many changes in a row the series ends with: positive rising, negative
    falling, 0 for none.
    """
    run = 0
    for before, after in zip(reversed(numbers[:-1]), reversed(numbers[1:]), strict=True):
        if before is None or after is None or before == after:
            break
        way = 1 if after > before else -1
        if run and way != (1 if run > 0 else -1):
            break
        run += way
    return run


def measure(scene: Scene, metric_id: str, period: Period, window: str = "") -> str:
    """Return what a chart measures, under its title: unit, period (or a phrase ``window``), which way is
    better.
    """
    metric = scene.metric(metric_id)
    own = period.cadence.longer or period.cadence.weekly
    window = window or f"cycle.{period.cadence.id if own else metric.window}"
    parts = (
        scene.say(f"unit.{metric.unit}.name"),
        scene.say(window),
        scene.say(f"direction.{metric.direction}"),
    )
    return " · ".join(parts)


def spark_alt(scene: Scene, series: Sequence[Value]) -> str:
    """Return a sparkline in words: over how many months, range, latest."""
    name = scene.metric_name(series[-1].metric)
    known = [value for value in series if value.number is not None]
    if not known:
        return scene.say("alt.spark_empty", name=name)
    low, high = _range(scene, known)
    return scene.say(
        "alt.spark", name=name, count=len(series), low=low, high=high, latest=cells.full(scene, series[-1])
    )


def trend_alt(scene: Scene, series: Sequence[Value], reference: Value | None, marks: Sequence[str]) -> str:
    """Return a line chart in words: span, range, latest, what its variation says, target,
    reference, marks.
    """
    now = series[-1]
    if all(value.number is None for value in series):
        return span_alt(scene, series)
    parts = [span_alt(scene, series), *_judgement(scene, now)]
    aim = scene.status(now).target
    if aim is not None and aim.basis in BINDING:
        metric = scene.metric(now.metric)
        parts.append(scene.say("alt.target", target=cells.target_figure(scene, metric, aim, metric.unit)))
    if reference is not None:
        parts.append(
            scene.say(
                "alt.reference", organisation=scene.name(reference.org), value=cells.full(scene, reference)
            )
        )
    return " ".join([*parts, *marks])


def span_alt(scene: Scene, series: Sequence[Value]) -> str:
    """Return a line in words: from when to when, range, latest."""
    now, name = series[-1], scene.metric_name(series[-1].metric)
    known = [value for value in series if value.number is not None]
    if not known:
        return scene.say("alt.trend_empty", name=name)
    low, high = _range(scene, known)
    start, end = (periods.end_label(scene, value.period) for value in (series[0], now))
    return scene.say(
        "alt.trend", start=start, end=end, name=name, low=low, high=high, latest=cells.full(scene, now)
    )


def _range(scene: Scene, known: Sequence[Value]) -> tuple[str, str]:
    ordered = sorted(known, key=lambda value: value.value or 0)
    return cells.full(scene, ordered[0]), cells.full(scene, ordered[-1])


SPELT = 10
"""Numbers up to here are written as words."""


def duration(scene: Scene, lasted: Duration) -> str:
    """Return ``kahtena tertiaalina peräkkäin``."""
    count = scene.say(f"numeral.{lasted.steps}") if 2 <= lasted.steps <= SPELT else str(lasted.steps)
    return scene.say(f"duration.{lasted.cadence.id}", count=count)


def deviation(scene: Scene, found: Deviation, value: Value) -> str:
    """Return a deviation in a sentence: what is broken, by how many cases, since when, and any
    special cause.
    """
    change = signal(scene, value) if "special_cause" in (found.kind, *found.signals) else ""
    if found.kind == "special_cause":
        return change or scene.say("sentence.special_cause")
    return " ".join(part for part in (_broken(scene, found, value), change) if part)


def _broken(scene: Scene, found: Deviation, value: Value) -> str:
    since = periods.began(scene, found)
    lasted = duration(scene, found.lasted)
    late = _late(scene, found, value)
    if late and found.kind in ("statutory", "process_limit"):
        sentence = scene.say(f"sentence.{found.kind}", **late)
    elif found.lasted.steps > 1:
        return scene.say("sentence.off_target_lasting", lasted=lasted, since=since)
    else:
        return scene.say("sentence.off_target")
    if found.lasted.steps == 1:
        return sentence
    return f"{sentence} {scene.say('sentence.lasting', lasted=lasted, since=since)}"


def signal(scene: Scene, value: Value) -> str:
    """Return the special cause at a value's month in a sentence; empty where there is none."""
    sign = signs.variation(scene, value)
    return "" if sign is None or sign.code == "common_cause" else sign.text


def _judgement(scene: Scene, value: Value) -> Iterator[str]:
    """Yield the special cause at a value's month, and whether ordinary variation meets the target."""
    change, sign = signal(scene, value), signs.assurance(scene, value)
    if change:
        yield change
    if sign is not None:
        yield sign.text


def _late(scene: Scene, found: Deviation, value: Value) -> dict[str, str]:
    if found.breaches is None or value.den is None:
        return {}
    return {"late": cells.count(scene, found.breaches), "n": cells.count(scene, value.den)}


def source_name(scene: Scene, name: str) -> str:
    """Return what a source is called; a metric's name where the deviation names a metric."""
    source = scene.configs.sources.get(name)
    return scene.wording.of(source.name) if source else scene.metric_name(name)
