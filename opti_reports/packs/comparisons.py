"""Bars: units side by side, and a metric by one of its keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, zip_longest

from opti_reports.config import block as kinds
from opti_reports.config.metric import Ratio, Total
from opti_reports.model.charts import Bar, Bars
from opti_reports.model.finding import BINDING
from opti_reports.model.value import Value
from opti_reports.packs import cells, funnels, periods, portions, sentences
from opti_reports.packs.own_targets import own_targets
from opti_reports.packs.scene import Scene

_NUMBERED = re.compile(r"(\d.*|[IVX]+)")


def comparison(scene: Scene, block: kinds.Comparison) -> Iterator[Bars]:
    """Yield for each metric the units below of one type, where there are at least two of them.

    They stand in the order of the organisation: who differs by more than chance is said in words. Very many
    units are cut into several charts.
    """
    for metric_id in block.metrics:
        for orgs in funnels.groups(scene, block) if scene.concerns(metric_id) else ():
            whole = _compared(scene, metric_id, orgs)
            for ending, bars in portions.even(scene, whole.bars, portions.BARS):
                yield replace(whole, title=whole.title + ending, bars=tuple(bars))


def _compared(scene: Scene, metric_id: str, orgs: Sequence[str]) -> Bars:
    metric, own = scene.metric(metric_id), periods.value_now(scene, metric_id)
    values = [scene.value(metric_id, own.period, org) for org in orgs]
    names = scene.short_names(orgs)
    bars = tuple(_unit_bar(scene, name, value) for name, value in zip(names, values, strict=True))
    funnel = funnels.funnel_of(scene, metric_id, orgs, own.period)
    verdict = funnels.verdict(scene, metric_id, funnel) if funnel else ""
    aim = scene.status(own).target
    level = aim.value[0] if aim is not None and aim.op != "between" and aim.basis in BINDING else None
    target = (
        cells.target_figure(scene, metric, aim, metric.unit) if aim is not None and level is not None else ""
    )
    share = not isinstance(metric, Total)
    return Bars(
        title=scene.say(
            "sentence.title_value", name=scene.metric_name(metric_id), value=cells.full(scene, own)
        ),
        subtitle=sentences.measure(scene, metric_id, own.period),
        bars=bars,
        unit=scene.say(f"unit.{metric.unit}.symbol"),
        decimals=metric.decimals,
        target=level,
        target_label=scene.say("sentence.target", target=target) if target else "",
        reference=own.number if share else None,
        reference_label=f"{scene.level_name(scene.org)} {cells.full(scene, own)}"
        if share and own.number is not None
        else "",
        note=" · ".join(part for part in (_comparison_note(scene, own, values), verdict) if part),
        alt=f"{bars_alt(scene, scene.metric_name(metric_id), bars)} {verdict}".strip(),
    )


def _unit_bar(scene: Scene, name: str, value: Value) -> Bar:
    low, high = value.interval if value.interval and value.number is not None else (None, None)
    text, number = cells.full(scene, value), cells.for_programs(scene, value)
    return Bar(
        label=name,
        value=value.number,
        text=text,
        tone=cells.tone(scene, value),
        low=low,
        high=high,
        number=number,
    )


def _comparison_note(scene: Scene, own: Value, values: Sequence[Value]) -> str:
    parts = [
        own_targets(scene, own.metric, values),
        cells.period_note(scene, own),
        cells.wholeness(scene, own),
    ]
    if any(value.interval and value.number is not None for value in values):
        parts.append(scene.say("sentence.intervals"))
    if not any(value.number is not None for value in values):
        parts.append(scene.say("sentence.no_figures"))
    return "; ".join(part for part in parts if part)


def breakdown(scene: Scene, block: kinds.Breakdown) -> Iterator[Bars]:
    """Yield a metric by one of its keys: counts the largest first, cells that are withheld as words.

    ``cumulative`` of a share shows how many cases each key has, not the shares.
    """
    metric_id, by = block.metric, block.by
    if not scene.concerns(metric_id):
        return
    metric, period = scene.metric(metric_id), periods.by_keys(scene, metric_id)[-1]
    values = [v for v in scene.material.values.cells(metric_id, scene.org, period, by) if _worth_showing(v)]
    if block.cumulative and isinstance(metric, Ratio):
        yield _cases(scene, block, values)
        return
    counted, small = isinstance(metric, Total), scene.mostly_withheld(values)
    found = [] if small else ordered(values, counted=counted)
    sums = _cumulative(found) if block.cumulative and counted else ()
    bars = tuple(
        _key_bar(scene, by, value, share)
        for value, share in zip_longest(found[: block.limit], sums[: block.limit])
    )
    left = len(found) - len(bars)
    default = scene.say("block.breakdown", name=scene.metric_name(metric_id), by=scene.say(f"column.{by}"))
    now, summed = scene.value(metric_id, period), scene.say("sentence.cumulative") if sums else ""
    notes = [cells.period_note(scene, now), cells.rows_left(scene, left)]
    if any(bar.low is not None for bar in bars):
        notes.append(scene.say("sentence.intervals"))
    if not bars:
        notes.append(_empty(scene, now, small=small))
    title = scene.titled(block, default)
    yield Bars(
        title=title,
        subtitle=" · ".join(filter(None, (_breakdown_subtitle(scene, now, found, by), summed))),
        bars=bars,
        unit=scene.say(f"unit.{metric.unit}.symbol"),
        decimals=metric.decimals,
        target=None,
        target_label="",
        reference=None,
        reference_label="",
        note=" · ".join(note for note in notes if note),
        alt=bars_alt(scene, title, bars),
        cumulative=sums[: block.limit],
    )


def _empty(scene: Scene, now: Value, *, small: bool) -> str:
    return scene.say(f"block.{'too_small' if small else 'no_data' if now.state == 'missing' else 'no_rows'}")


def _cases(scene: Scene, block: kinds.Breakdown, values: Sequence[Value]) -> Bars:
    """Return the cases of a share by key, from the largest: what most of them are about."""
    small = scene.mostly_withheld(values)
    known = () if small else values
    counted = [v._replace(state="ok", value=v.den) if v.den is not None else v for v in known]
    largest = ordered(counted, counted=True)
    sums = _cumulative(largest)
    labels = [cells.key(scene, block.by, v.key) for v in largest]
    bars = [
        Bar(
            label=label,
            value=value.number,
            text=_case_text(scene, value, share),
            tone="none" if value.number is None else "neutral",
        )
        for label, value, share in zip_longest(labels, largest, sums)
    ]
    shown, now = (
        tuple(bars[: block.limit]),
        scene.value(block.metric, periods.by_keys(scene, block.metric)[-1]),
    )
    left = len(bars) - len(shown)
    notes = [cells.period_note(scene, now), cells.rows_left(scene, left)]
    notes.append("" if bars else _empty(scene, now, small=small))
    title = scene.titled(block, scene.metric_name(block.metric))
    below = (scene.say("unit.count.name"), *([scene.say("sentence.cumulative")] if sums else ()))
    return Bars(
        title=title,
        subtitle=" · ".join(below),
        bars=shown,
        unit=scene.say("unit.count.symbol"),
        decimals=0,
        target=None,
        target_label="",
        reference=None,
        reference_label="",
        note=" · ".join(note for note in notes if note),
        alt=bars_alt(scene, title, shown),
        cumulative=sums[: block.limit],
    )


def _case_text(scene: Scene, value: Value, share: float | None) -> str:
    if value.number is None:
        return cells.state_words(scene, value)
    count = cells.figure(scene, value.number, "count", 0)
    return count if share is None else f"{count} ({cells.figure(scene, share, 'percent', 0)})"


def _cumulative(values: Sequence[Value]) -> tuple[float, ...]:
    """Return the share of all counts up to each; nothing where one is not known, as then the whole is not
    either.
    """
    numbers = [value.number for value in values]
    known = [number for number in numbers if number is not None and number >= 0]
    total = sum(known)
    if len(known) < max(len(numbers), 2) or not total:
        return ()
    return tuple(100 * part / total for part in accumulate(known))


def _worth_showing(value: Value) -> bool:
    """Return keys of which there is something: not those without a single case."""
    if value.state in ("withheld", "pending", "mixed"):
        return True
    return bool(value.n) and value.state != "missing"


def ordered(values: Sequence[Value], *, counted: bool) -> list[Value]:
    """Return counts from the largest, then those withheld, last "not recorded"; numbered keys in their own
    order.
    """
    numbered = all(_NUMBERED.fullmatch(value.key) for value in values if value.key)
    if not counted or numbered:
        return sorted(values, key=lambda value: value.key == "")
    return sorted(values, key=lambda v: (v.key == "", v.number is None, -(v.number or 0), v.key))


def _key_bar(scene: Scene, by: str, value: Value, share: float | None) -> Bar:
    label = cells.key(scene, by, value.key)
    low, high = value.interval if value.interval and value.number is not None else (None, None)
    tone = "neutral" if value.number is not None else "none"
    metric, text = scene.metric(value.metric), cells.full(scene, value)
    if isinstance(metric, Ratio) and metric.squares and value.number is not None and value.n:
        text = f"{text} (n = {cells.count(scene, value.n)})"
    if share is not None:
        text = f"{text} ({cells.figure(scene, share, 'percent', 0)})"
    return Bar(label=label, value=value.number, text=text, tone=tone, low=low, high=high)


def _breakdown_subtitle(scene: Scene, now: Value, values: Sequence[Value], by: str) -> str:
    """Return the measure; of counts the commonest key first, as that is what the reader looks for."""
    measure = sentences.measure(scene, now.metric, now.period)
    counted = isinstance(scene.metric(now.metric), Total)
    top = max((v for v in values if v.number and v.key), key=lambda v: v.number or 0, default=None)
    if not counted or top is None:
        return measure
    return scene.say(
        "sentence.commonest", label=scene.wording.label(by, top.key), value=cells.full(scene, top)
    )


def bars_alt(scene: Scene, name: str, bars: Sequence[Bar]) -> str:
    """Return a bar chart in words: how many bars, the largest and the smallest."""
    known = sorted((bar for bar in bars if bar.value is not None), key=lambda bar: bar.value or 0)
    if not known:
        return scene.say("alt.bars_empty", name=name)
    low, high = known[0], known[-1]
    return scene.say(
        "alt.bars",
        count=len(bars),
        name=name,
        high_label=high.label,
        high=high.text,
        low_label=low.label,
        low=low.text,
    )
