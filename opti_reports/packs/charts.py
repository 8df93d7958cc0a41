"""Line charts: a metric over two years, its target, the organisation above, and what happened meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from opti_reports.config import block as kinds
from opti_reports.config.metric import Total
from opti_reports.language import formats
from opti_reports.model.charts import Line, Mark, Trend
from opti_reports.model.finding import BINDING, TargetInForce
from opti_reports.model.value import Value
from opti_reports.packs import actions, before, behaviour, beside, cells, periods, references, sentences
from opti_reports.packs.scene import Scene
from opti_reports.periods.months import parse_month
from opti_reports.periods.period import Period

_TITLED = 2
"""So many events have their titles below a slide's chart."""
_LONG = 48
"""Letters of an action's title that the note below a chart has room for."""


@dataclass(frozen=True)
class _Event:
    """What a numbered upright of a chart stands for, and the month in which it happened."""

    month: int
    mark: Mark


def trends(scene: Scene, block: kinds.Trends) -> Iterator[Trend]:
    """Yield a chart for each of the block's metrics that concern the organisation, where there is a line to
    see.
    """
    for metric_id in block.metrics:
        if scene.concerns(metric_id) and not scene.mostly_withheld(_values(scene, metric_id)):
            yield trend(scene, metric_id)


def _values(scene: Scene, metric_id: str) -> list[Value]:
    spans = periods.series(
        scene, metric_id, periods.shown(scene, metric_id), scene.configs.findings.shown.chart_points
    )
    return [scene.value(metric_id, period) for period in spans]


def trend(scene: Scene, metric_id: str) -> Trend:
    """Return the metric's line.

    Its title is the message, its alternative text is written from the figures.
    """
    metric = scene.metric(metric_id)
    line = _values(scene, metric_id)
    spans = tuple(value.period for value in line)
    sums = behaviour.sums(scene, line)
    if sums is not None:
        return _yearly(scene, metric_id, sums)
    now, shown = line[-1], any(value.number is not None for value in line)
    events = _events(scene, metric_id, spans) if shown else ()
    limits = behaviour.behaviour(scene, line) if shown else behaviour.Behaviour()
    reference = _reference(scene, metric_id, spans)
    low, high = _band(scene, now)
    public = references.origins(scene, references.figures(scene, metric_id))
    notes = (_named(scene, events), _note(scene, line), limits.note, public)
    said = [*references.with_origin(scene, metric_id), *_said(scene, events)]
    return Trend(
        title=sentences.chart_title(scene, line),
        subtitle=sentences.measure(scene, metric_id, now.period),
        labels=tuple(periods.short_label(scene, period) for period in spans),
        lines=(
            *limits.lines,
            *_target(scene, metric_id, spans),
            *_lines(scene, reference),
            *references.lines(scene, metric_id, len(spans)),
            _line(scene, scene.name(scene.org), line, "main"),
        ),
        unit=scene.say(f"unit.{metric.unit}.symbol"),
        decimals=metric.decimals,
        low=low,
        high=high,
        latest=_latest(scene, now),
        note=" · ".join(part for part in notes if part),
        alt=sentences.trend_alt(scene, line, reference[-1] if reference else None, said),
        marks=tuple(event.mark for event in events),
        flags=limits.flags,
        figure=cells.row(now),
    )


def _yearly(scene: Scene, metric_id: str, sums: Sequence[Value]) -> Trend:
    """Return rare cases over twelve months, without limits; only a share stands beside its target."""
    metric, now, spans = scene.metric(metric_id), sums[-1], [value.period for value in sums]
    rare, target = (
        ("rare_sum", ()) if isinstance(metric, Total) else ("rare_share", _target(scene, metric_id, spans))
    )
    events = _events(scene, metric_id, spans)
    notes = (_named(scene, events), _timing(scene, now))
    return Trend(
        title=scene.say("spc.rare_title", name=scene.metric_name(metric_id), value=cells.full(scene, now)),
        subtitle=sentences.measure(scene, metric_id, now.period, f"spc.{rare}"),
        labels=tuple(periods.short_label(scene, period) for period in spans),
        lines=(*target, _line(scene, scene.name(scene.org), sums, "main")),
        unit=scene.say(f"unit.{metric.unit}.symbol"),
        decimals=metric.decimals,
        low=None,
        high=None,
        latest=_latest(scene, now),
        note=" · ".join(note for note in notes if note),
        alt=" ".join((sentences.span_alt(scene, sums), scene.say(f"spc.{rare}_alt"), *_said(scene, events))),
        marks=tuple(event.mark for event in events),
        figure=cells.row(now),
    )


def _said(scene: Scene, events: Sequence[_Event]) -> list[str]:
    return [
        scene.say("alt.mark", period=formats.month(event.month, scene.language), label=event.mark.label)
        for event in events
    ]


def _latest(scene: Scene, now: Value) -> str:
    return cells.full(scene, now) if now.number is not None else cells.brief(scene, now)


def _line(scene: Scene, label: str, line: Sequence[Value], role: str) -> Line:
    numbers = tuple(cells.for_programs(scene, value) for value in line)
    return Line(label, tuple(value.number for value in line), role, numbers)


def _lines(scene: Scene, reference: Sequence[Value]) -> tuple[Line, ...]:
    if not any(value.number is not None for value in reference):
        return ()
    return (_line(scene, scene.level_name(reference[0].org), reference, "reference"),)


def _reference(scene: Scene, metric_id: str, spans: Sequence[Period]) -> list[Value]:
    """Return the line of the organisation above; none for totals, whose sums would dwarf the
    unit's own line.
    """
    if scene.parent is None or isinstance(scene.metric(metric_id), Total):
        return []
    return [scene.value(metric_id, period, scene.parent) for period in spans]


def _aim(scene: Scene, value: Value) -> TargetInForce | None:
    aim = scene.status(value).target
    return aim if aim is not None and aim.basis in BINDING else None


def _target(scene: Scene, metric_id: str, spans: Sequence[Period]) -> tuple[Line, ...]:
    """Return the binding target over the periods in which it has been in force; a band is drawn as limits."""
    aims = [_aim(scene, scene.value(metric_id, period)) for period in spans]
    if aims[-1] is None or aims[-1].op == "between":
        return ()
    metric = scene.metric(metric_id)
    label = scene.say("sentence.target", target=cells.target_figure(scene, metric, aims[-1], metric.unit))
    levels = [aim.exact[0] if aim and aim.op != "between" else None for aim in aims]
    return (
        Line(
            label,
            tuple(None if level is None else float(level) for level in levels),
            "target",
            tuple("" if level is None else formats.for_programs(level, metric.decimals) for level in levels),
        ),
    )


def _band(scene: Scene, now: Value) -> tuple[float | None, float | None]:
    aim = _aim(scene, now)
    return (aim.value[0], aim.value[1]) if aim and aim.op == "between" else (None, None)


def _events(scene: Scene, metric_id: str, spans: Sequence[Period]) -> tuple[_Event, ...]:
    """Return what happened, at the period in which it did: mergers and new names of the organisation,
    approved rebases of the metric's limits, and its own actions on it.
    """
    organisation, level = scene.configs.organisation, scene.node.level
    found = [
        (change.month, scene.say("sentence.merger", name=scene.name(change.other)), "merge")
        for change in organisation.mergers(scene.org)
    ]
    found += [
        (old.last + 1, scene.say("sentence.renamed", name=scene.wording.of(old.names)), "rename")
        for old in organisation.renamings(scene.org)
        if old.last is not None
    ]
    found += [
        (parse_month(one.month), scene.say("sentence.rebased", reason=scene.wording.of(one.reason)), "rebase")
        for one in scene.configs.findings.rebase
        if one.concerns(metric_id, scene.org, level)
    ]
    for row in scene.own_rows("actions"):
        if row.cells.get("metric_id") == metric_id and row.day("started_at"):
            found.append((parse_month(row.cells["started_at"][:7]), actions.named(scene, row), "action"))
    places = [(month, _place(month, spans), label, role) for month, label, role in found]
    return tuple(
        sorted(
            (_Event(month, Mark(at, label, role)) for month, at, label, role in places if at is not None),
            key=lambda event: event.month,
        )
    )


def _named(scene: Scene, events: Sequence[_Event]) -> str:
    """Return what each numbered upright stands for, long titles cut between words; of many on a slide, whose
    notes have their titles, the numbers that the register has for them.
    """
    many = scene.spec.format == "pptx" and len(events) > _TITLED
    return "; ".join(
        scene.say(
            "sentence.mark",
            number=number,
            label=_registered(event.mark.label) if many else _short(event.mark.label),
            month=formats.short_month(event.month, scene.language),
        )
        for number, event in enumerate(events, start=1)
    )


def _registered(label: str) -> str:
    """Return the number at the end of a title, the title cut between words where there is none."""
    title, _, number = label.rpartition(" (")
    return number.removesuffix(")") if title and number.endswith(")") else _short(label)


def _short(label: str) -> str:
    """Return a long title cut between words; the number at its end stays, as the register has it too."""
    if len(label) <= _LONG:
        return label
    title, bracket, number = label.rpartition(" (")
    end = f"{bracket}{number}" if title and number.endswith(")") else ""
    kept = label.removesuffix(end)
    room = _LONG - len(end)
    return (kept if len(kept) <= room else kept[:room].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…") + end


def _place(month: int, spans: Sequence[Period]) -> int | None:
    """Return the period a month falls in: the first that ends with it or after, unless it lies before the
    first.
    """
    starts = spans[0].months[0] if spans[0].cadence.whole else spans[0].end
    if month < starts:
        return None
    return next((i for i, period in enumerate(spans) if month <= period.end), None)


def _timing(scene: Scene, now: Value) -> str:
    """Return period and wholeness where they differ from the pack's."""
    parts = (
        cells.period_note(scene, now) if now.period.end != scene.month else "",
        cells.wholeness(scene, now),
    )
    return "; ".join(part for part in parts if part)


def _change(scene: Scene, now: Value) -> Iterator[str]:
    """Yield how far a whole figure is from the one before, which is named where it is not the one just
    before.
    """
    compared, metric = before.before(scene, now.metric, now.period), scene.metric(now.metric)
    if now.state != "ok" or now.value is None or not compared.whole or compared.value.value is None:
        return
    change = formats.difference(now.value - compared.value.value, metric.unit, metric.decimals, scene.wording)
    if not compared.between:
        yield scene.say(f"sentence.change{'_year' if compared.season else ''}", change=change)
        return
    period = periods.end_label(scene, compared.value.period)
    yield scene.say("sentence.change_from", change=change, period=period)
    yield from before.gaps(scene, compared)


def _note(scene: Scene, line: Sequence[Value]) -> str:
    """Return period and wholeness where they differ from the pack's, the change from before, a band."""
    now = line[-1]
    metric = scene.metric(now.metric)
    parts = [_timing(scene, now), *_change(scene, now), beside.by_key(scene, now)]
    aim = _aim(scene, now)
    if aim is not None and aim.op == "between":
        band = cells.target_figure(scene, metric, aim, metric.unit)
        parts.append(scene.say("sentence.band", band=band))
    return "; ".join(part for part in parts if part)
