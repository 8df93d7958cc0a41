"""Theme tables: a row a metric, with its sparkline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opti_reports.config import block as kinds
from opti_reports.config.metric import Ratio, Total
from opti_reports.language import formats
from opti_reports.model.card import Spark
from opti_reports.model.finding import BINDING, TargetInForce
from opti_reports.model.pack import Column, MetricRow, MetricTable, Table
from opti_reports.model.value import SHOWN, Value
from opti_reports.packs import (
    before,
    behaviour,
    beside,
    cells,
    periods,
    references,
    restated,
    sentences,
    signs,
)
from opti_reports.packs.scene import Scene
from opti_reports.periods.cadence import MONTH

DRAWN = 2
"""A line needs so many figures."""


def metric_table(scene: Scene, block: kinds.MetricTable) -> Iterator[MetricTable | Table]:
    """Yield the block's metrics that concern the organisation; nothing when none does.

    Where most of them are withheld, a line names those instead of a row each.
    """
    now = [periods.value_now(scene, metric_id) for metric_id in block.metrics if scene.concerns(metric_id)]
    withheld = [value for value in now if value.state == "withheld" and scene.mostly_withheld(now)]
    shown = [value for value in now if value not in withheld]
    caption = scene.titled(block)
    rows = () if block.dense else tuple(metric_row(scene, value.metric) for value in shown)
    if block.dense and shown:
        yield _dense(scene, caption, shown)
    if rows:
        key = signs.key(sign for row in rows for sign in row.signs)
        signed = scene.say("column.signs") if key else ""
        yield MetricTable(caption, _heads(scene), rows, signed, key)
    if withheld:
        names = ", ".join(scene.metric_name(value.metric) for value in withheld)
        line = scene.say("sentence.withheld", names=names)
        reason = next(filter(None, (_small_staff(scene, value) for value in withheld)), "")
        said = f"{line} {formats.capital(reason)}.".removesuffix(" .")
        yield Table(caption="" if shown else caption, columns=(), rows=(), empty=said)


def _dense(scene: Scene, caption: str, values: Sequence[Value]) -> Table:
    """Return a line a metric: name, now, before, target, the organisation above, status."""
    figures = ("now", "previous", "target")
    above = () if scene.parent is None else (Column(scene.level_name(scene.parent), True),)
    known = cells.columns(scene, ("metric", *figures), figures)
    public = [references.figures(scene, value.metric) for value in values]
    compared = cells.columns(scene, ("public",)) if any(public) else ()
    columns = (*known, *above, *compared, *cells.columns(scene, ("status",)))
    rows = tuple(_line(scene, value, public=bool(compared)) for value in values)
    tones = tuple((at, len(columns) - 1, cells.tone(scene, value)) for at, value in enumerate(values))
    origins = references.origins(scene, [one for own in public for one in own])
    return Table(caption=caption, columns=columns, rows=rows, empty="", note=origins, tones=tones)


def _line(scene: Scene, now: Value, *, public: bool) -> tuple[str, ...]:
    metric, compared = scene.metric(now.metric), before.before(scene, now.metric, now.period)
    above = [] if scene.parent is None else [scene.value(now.metric, now.period, scene.parent)]
    return (
        named(scene, now.metric),
        cells.brief(scene, now),
        before.cell(scene, compared, cells.brief(scene, compared.value)),
        cells.target(scene, now.metric, scene.status(now).target, cells.cell_unit(metric)),
        *(cells.brief(scene, value) for value in above),
        *([references.all_said(scene, now.metric)] if public else []),
        cells.status(scene, now),
    )


def _heads(scene: Scene) -> tuple[str, ...]:
    names = [
        "metric",
        "trend" if scene.cadence is MONTH else f"trend_{scene.cadence.id}s",
        "now",
        "previous",
        "year_ago",
        "target",
    ]
    heads = [scene.say(f"column.{name}") for name in names]
    if scene.parent is not None:
        heads.append(scene.level_name(scene.parent))
    return (*heads, scene.say("column.status"))


def metric_row(scene: Scene, metric_id: str) -> MetricRow:
    """Return one metric: now, before, a year ago, target, the organisation above, status in words."""
    metric, period = scene.metric(metric_id), periods.shown(scene, metric_id)
    now = scene.value(metric_id, period)
    aim = scene.status(now).target
    unit = cells.cell_unit(metric)
    compared = before.previous(scene, metric_id, period)
    past = (compared.value, scene.value(metric_id, period.year_ago))
    earlier, year_ago = (restated.marked(scene, value, cells.earlier(scene, value)) for value in past)
    shown = (now, *past)
    texts = [
        restated.marked(scene, now, cells.plain(scene, now)),
        before.cell(scene, compared, earlier),
        year_ago,
        cells.target(scene, metric_id, aim, unit),
    ]
    if scene.parent is not None:
        texts.append(cells.plain(scene, scene.value(metric_id, period, scene.parent)))
    return MetricRow(
        name=(scene.metric_label if scene.cadence.weekly else scene.metric_name)(metric_id),
        unit="" if unit else scene.say(f"unit.{metric.unit}.symbol"),
        spark=spark(scene, now, aim),
        cells=tuple(texts),
        tone=cells.tone(scene, now),
        status=cells.status(scene, now),
        note="; ".join(
            part
            for part in (note(scene, now, aim), *before.gaps(scene, compared), *_changes(scene, shown))
            if part
        ),
        definition=scene.wording.of(metric.definition),
        variation=signs.variation(scene, now),
        assurance=signs.assurance(scene, now),
        figure=cells.row(now),
    )


def _changes(scene: Scene, shown: Sequence[Value]) -> Iterator[str]:
    """Yield what the marked cells were when they were published."""
    return (restated.note(scene, value) for value in shown)


def spark(scene: Scene, now: Value, aim: TargetInForce | None) -> Spark:
    """Return the months up to a value; of rare cases, where hardly a month has a figure, the twelve months
    that end with each.
    """
    line: Sequence[Value] = [
        scene.value(now.metric, period, now.org)
        for period in periods.series(scene, now.metric, now.period, scene.configs.findings.shown.row_points)
    ]
    if sum(value.number is not None for value in line) < DRAWN:
        line = behaviour.sums(scene, line) or line
    binding = aim is not None and aim.basis in BINDING and aim.op != "between"
    level = aim.value[0] if aim is not None and binding else None
    return Spark(tuple(value.number for value in line), level, sentences.spark_alt(scene, line))


def note(scene: Scene, now: Value, aim: TargetInForce | None) -> str:
    """Return the small print of a row: period, how whole, how many, what kind of target, companions.

    The one page of a week has no room for what is the same every week, and companions have rows of their own.
    """
    every = not now.period.cadence.weekly
    parts = [
        cells.period_note(scene, now),
        cells.wholeness(scene, now),
        _size(scene, now),
        scene.say("sentence.season") if every and scene.metric(now.metric).season else "",
        _year(scene, now),
        beside.by_key(scene, now),
        _small_staff(scene, now),
        cells.target_note(scene, aim),
        cells.above_note(scene, now),
        *references.with_origin(scene, now.metric),
        *(_companions(scene, now) if every else ()),
    ]
    return "; ".join(part for part in parts if part)


def _small_staff(scene: Scene, now: Value) -> str:
    """Return why a small unit sees none of its staff figures."""
    small = scene.protection.small_staff(scene.metric(now.metric)) and scene.node.small_staff_group
    if now.state != "withheld" or not small:
        return ""
    return scene.say("sentence.small_staff")


def _size(scene: Scene, now: Value) -> str:
    """Return cases of a process, answers of a survey: without them a share or a mean cannot be read."""
    metric = scene.metric(now.metric)
    if now.state not in SHOWN or now.n is None:
        return ""
    if cells.is_process(metric):
        return cells.part_of(scene, now)
    if not scene.protection.limit(metric) or scene.about_staff(metric) or isinstance(metric, Total):
        return ""
    size = f"n = {cells.count(scene, now.n)}"
    if now.interval and (metric.unit == "nps" or (isinstance(metric, Ratio) and metric.squares)):
        return f"{size}; {interval(scene, now)}"
    return size


def interval(scene: Scene, value: Value) -> str:
    """Return the 95 % interval of a value that has one."""
    if value.interval is None:
        return ""
    decimals = scene.metric(value.metric).decimals
    low, high = (cells.figure(scene, bound, "", decimals) for bound in value.interval)
    # A dash between numbers below nothing reads as one more minus.
    below = value.interval[0] < 0
    return scene.say("sentence.interval_below" if below else "sentence.interval", low=low, high=high)


def _year(scene: Scene, now: Value) -> str:
    """Return what rare cases make in twelve months, as a month says little of them."""
    total = behaviour.sum_now(scene, now)
    return "" if total is None else scene.say("sentence.year", value=cells.full(scene, total))


def _companions(scene: Scene, now: Value) -> Iterator[str]:
    """Yield the figures that belong beside a metric; those that only repeat why there is none
    are left out.
    """
    for metric_id, metric in scene.configs.metrics.items():
        if metric.companion_of == now.metric and scene.has_columns(metric_id):
            own = periods.value_now(scene, metric_id)
            known = own.state != "missing" or scene.concerns(metric_id)
            if known and (own.number is not None or own.state != now.state):
                yield f"{scene.metric_name(metric_id)} {cells.full(scene, own)}"


def named(scene: Scene, metric_id: str) -> str:
    """Return what a row of a metric is called, with the unit its cells lack and a period of its own."""
    metric = scene.metric(metric_id)
    symbol = scene.say(f"unit.{metric.unit}.symbol")
    name = scene.metric_name(metric_id)
    named = name if cells.cell_unit(metric) or not symbol else f"{name}, {symbol}"
    period = cells.period_note(scene, periods.value_now(scene, metric_id))
    told = period.casefold().rstrip(".") in name.casefold()
    return named if told else f"{named}; {period}"
