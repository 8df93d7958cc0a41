"""Money spent and forecast, each beside the budget it is held against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from opti_reports.config import block as kinds
from opti_reports.config.metric import Metric, Ratio
from opti_reports.model.charts import Bar, Bars
from opti_reports.model.value import SHOWN, Value
from opti_reports.packs import cells, periods
from opti_reports.packs.scene import Scene

THOUSAND = 1000


@dataclass(frozen=True)
class _Row:
    label: str
    value: Value
    tone: str


def outturn(scene: Scene, block: kinds.Outturn) -> Iterator[Bars]:
    """Yield the block's shares of a budget as money: a bar for what is spent or forecast, its budget around
    it.

    A metric with the block's breakdown (``by``) gives a bar for each of its keys, any other one bar.
    """
    ids = [metric_id for metric_id in block.metrics if scene.concerns(metric_id)]
    rows = [row for metric_id in ids for row in _rows(scene, metric_id, block.by)]
    if not rows:
        return
    first = periods.value_now(scene, ids[0])
    title = scene.titled(block, _title(scene, rows))
    bars = tuple(_bar(scene, row) for row in rows)
    timing = (
        cells.period_note(scene, first) if first.period.end != scene.month else "",
        cells.wholeness(scene, first),
    )
    listed = "; ".join(_said(scene, row) for row in rows)
    yield Bars(
        title=title,
        subtitle=f"{scene.say('unit.eur_thousand.name')} · {scene.say('outturn.reading')}",
        bars=bars,
        unit=scene.say("unit.eur_thousand.symbol"),
        decimals=0,
        target=None,
        target_label="",
        reference=None,
        reference_label="",
        note="; ".join(part for part in timing if part),
        alt=scene.say("alt.outturn", rows=listed),
    )


def money(metric: Metric, value: Value) -> tuple[Fraction, Fraction] | None:
    """Return what is spent or forecast, and its budget, of a share of one by the other or of their
    difference.
    """
    if value.state not in SHOWN or value.num is None or value.den is None:
        return None
    differs = isinstance(metric, Ratio) and all(f"-{term}" in metric.num for term in metric.den)
    return (value.num + value.den if differs else value.num), value.den


def _rows(scene: Scene, metric_id: str, by: str | None) -> Iterator[_Row]:
    metric, now = scene.metric(metric_id), periods.value_now(scene, metric_id)
    if by and by in metric.by:
        for cell in scene.material.values.cells(metric_id, scene.org, now.period, by):
            if cell.state != "missing" and cell.den != 0:
                yield _Row(cells.key(scene, by, cell.key), cell, "neutral")
        return
    kind = "spent" if metric.window == "ytd" else "forecast"
    tone = cells.tone(scene, now)
    yield _Row(scene.say(f"outturn.{kind}"), now, "neutral" if tone == "none" else tone)


def _title(scene: Scene, rows: Sequence[_Row]) -> str:
    """Return the message: how much of the budget is spent and will be, as far as both are known."""
    whole = [row.value for row in rows if not row.value.breakdown]
    shares = [share for value in whole if (share := _share(scene, value))]
    if len(shares) == len(whole) == 2:
        return scene.say("outturn.title", spent=shares[0], forecast=shares[1])
    name = scene.metric_name(rows[0].value.metric)
    return scene.say("sentence.title_value", name=name, value=cells.full(scene, rows[0].value))


def _share(scene: Scene, value: Value) -> str:
    """Return spent or forecast in per cent of the budget; empty where there is none.

    Where that is the metric's figure it is written as everywhere.
    """
    metric = scene.metric(value.metric)
    found = money(metric, value)
    if found is None or found[1] <= 0:
        return ""
    share = 100 * found[0] / found[1]
    if share == value.value:
        return cells.full(scene, value)
    return cells.figure(scene, share, "percent", metric.decimals)


def _said(scene: Scene, row: _Row) -> str:
    """Return a row as it is read aloud."""
    found = money(scene.metric(row.value.metric), row.value)
    if found is None:
        return f"{row.label} {cells.state_words(scene, row.value)}"
    spent, aim = (cells.figure(scene, amount / THOUSAND, "", 0) for amount in found)
    share = _share(scene, row.value)
    said = scene.say("outturn.said", label=row.label, spent=spent, aim=aim)
    return f"{said} ({share})" if share else said


def _bar(scene: Scene, row: _Row) -> Bar:
    found = money(scene.metric(row.value.metric), row.value)
    if found is None:
        return Bar(label=row.label, value=None, text=cells.state_words(scene, row.value), tone="none")
    spent, aim = (amount / THOUSAND for amount in found)
    text = scene.say(
        "outturn.text",
        spent=cells.figure(scene, spent, "", 0),
        aim=cells.figure(scene, aim, "eur_thousand", 0),
    )
    share = _share(scene, row.value)
    return Bar(
        label=row.label,
        value=float(spent),
        text=f"{text} ({share})" if share else text,
        tone=row.tone,
        aim=float(aim),
    )
