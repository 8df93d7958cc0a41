"""Units against chance: who differs from the others in words, and the funnel that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isclose

from opti_reports.config import block as kinds
from opti_reports.config.metric import Ratio
from opti_reports.model.charts import FunnelEdge, FunnelPlot, FunnelUnit
from opti_reports.model.comparison import Funnel, Pair, Placed, alike
from opti_reports.model.value import Value
from opti_reports.packs import cells, periods, sentences
from opti_reports.packs.scene import Scene
from opti_reports.periods.period import Period


def groups(scene: Scene, block: kinds.Comparison | kinds.Funnel) -> tuple[tuple[str, ...], ...]:
    """Return the organisations a block compares, in groups of one type."""
    return alike(scene.material.tree, scene.org, block.of, scene.configs.organisation.unallocated)


def funnel_of(scene: Scene, metric_id: str, orgs: Sequence[str], period: Period) -> Funnel | None:
    """Return the comparison of these units; None where the metric is no share of cases or
    nothing is known.
    """
    return scene.material.funnels.get((metric_id, tuple(orgs), period))


def verdict(scene: Scene, metric_id: str, funnel: Funnel) -> str:
    """Return who differs from the others by more than chance, or that nobody does; empty for
    too few units.
    """
    if not _telling(scene, funnel):
        return ""
    differing = [_differs(scene, metric_id, unit) for unit in funnel.units if _out(unit)]
    said = [f"{'; '.join(differing)}." if differing else scene.say("funnel.within")]
    if funnel.adjusted:
        said.append(scene.say("funnel.adjusted"))
    return " ".join(said)


def _telling(scene: Scene, funnel: Funnel) -> bool:
    """Return whether there are enough judged units to say of any that it differs from the others."""
    return funnel.judged >= scene.configs.findings.comparison.fewest_units


def _out(unit: Placed) -> bool:
    return unit.position not in ("too_few", "within")


def _differs(scene: Scene, metric_id: str, unit: Placed) -> str:
    strength = unit.position.partition("_")[0]
    return scene.say(f"funnel.{strength}.{_meaning(scene, metric_id, unit)}", unit=scene.name(unit.org))


def _meaning(scene: Scene, metric_id: str, unit: Placed) -> str:
    """Return ``better``, ``worse``; ``high`` or ``low`` where neither is better."""
    side = unit.position.partition("_")[2]
    if scene.metric(metric_id).direction not in ("up", "down"):
        return side
    return "better" if (side == "high") == (scene.metric(metric_id).direction == "up") else "worse"


def funnel(scene: Scene, block: kinds.Funnel) -> Iterator[FunnelPlot]:
    """Yield a funnel for each of the block's metrics and types of unit; nothing where units
    cannot be judged.
    """
    for metric_id in block.metrics:
        metric = scene.metric(metric_id)
        if not isinstance(metric, Ratio) or not scene.concerns(metric_id):
            continue
        for orgs in groups(scene, block):
            made = funnel_of(scene, metric_id, orgs, periods.shown(scene, metric_id))
            if made is not None and _telling(scene, made) and made.centre is not None:
                yield _plot(scene, metric_id, metric, orgs, made)


def _plot(scene: Scene, metric_id: str, metric: Ratio, orgs: Sequence[str], made: Funnel) -> FunnelPlot:
    period, level = periods.shown(scene, metric_id), metric.scale * (made.centre or 0.0)
    names = scene.short_names(orgs)
    placed = {unit.org: unit for unit in made.units}
    units = tuple(
        _unit(scene, scene.value(metric_id, period, org), name, metric.scale, placed.get(org))
        for org, name in zip(orgs, names, strict=True)
    )
    own = periods.value_now(scene, metric_id)
    # The units of the whole organisation make its own figure, which is written as everywhere.
    whole = own.number is not None and isclose(own.number, level)
    all_of_them = (
        cells.full(scene, own) if whole else cells.figure(scene, level, metric.unit, metric.decimals)
    )
    return FunnelPlot(
        title=_title(scene, metric_id, made),
        subtitle=f"{sentences.measure(scene, metric_id, period)} · {scene.say('funnel.axis')}",
        units=units,
        edges=tuple(
            FunnelEdge(edge.n, *(metric.scale * bound for pair in (edge.alert, edge.alarm) for bound in pair))
            for edge in made.edges
        ),
        centre=level,
        centre_label=scene.say("funnel.centre", value=all_of_them),
        edge_labels=(scene.say("funnel.inner"), scene.say("funnel.outer")),
        unit=scene.say(f"unit.{metric.unit}.symbol"),
        decimals=metric.decimals,
        note=_note(scene, metric_id, made, units),
        alt=_alt(scene, metric_id, made, all_of_them),
    )


def _unit(scene: Scene, value: Value, name: str, scale: int, unit: Placed | None) -> FunnelUnit:
    text = cells.full(scene, value)
    if unit is None or unit.value is None or unit.interval is None:
        return FunnelUnit(label=name, n=0 if unit is None else unit.n, value=None, text=text, tone="none")
    tone = "neutral"
    if _out(unit):
        tone = {"better": "good", "worse": "off"}.get(_meaning(scene, value.metric, unit), "watch")
    low, high = _scaled(unit.interval, scale)
    number = cells.for_programs(scene, value)
    return FunnelUnit(
        label=name,
        n=unit.n,
        value=scale * unit.value,
        text=text,
        tone=tone,
        low=low,
        high=high,
        number=number,
    )


def _scaled(pair: Pair, scale: int) -> Pair:
    return scale * pair[0], scale * pair[1]


def _title(scene: Scene, metric_id: str, made: Funnel) -> str:
    out = [unit for unit in made.units if _out(unit)]
    name = scene.metric_name(metric_id)
    if not out:
        return scene.say("funnel.title_within", name=name)
    if len(out) > scene.configs.findings.comparison.named:
        return scene.say("funnel.title_many", name=name, count=len(out))
    said = "; ".join(_differs(scene, metric_id, unit) for unit in out)
    return scene.say("sentence.title_change", name=name, change=said)


def _note(scene: Scene, metric_id: str, made: Funnel, units: Sequence[FunnelUnit]) -> str:
    lacking = [f"{unit.label} ({unit.text})" for unit in units if unit.value is None]
    parts = [
        cells.period_note(scene, periods.value_now(scene, metric_id)),
        verdict(scene, metric_id, made),
        scene.say("funnel.lacking", units=", ".join(lacking)) if lacking else "",
    ]
    return " ".join(part for part in parts if part)


def _alt(scene: Scene, metric_id: str, made: Funnel, centre: str) -> str:
    judged = sum(unit.value is not None for unit in made.units)
    said = scene.say("alt.funnel", name=scene.metric_name(metric_id), count=judged, centre=centre)
    return f"{said} {verdict(scene, metric_id, made)}".strip()
