"""Metrics in words that anybody understands: a row each, or a column each beside the units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opti_reports.config import block as kinds
from opti_reports.config.block import FigureRow
from opti_reports.language import formats
from opti_reports.model.comparison import beneath
from opti_reports.model.finding import BINDING
from opti_reports.model.pack import Column, Table
from opti_reports.model.value import Value
from opti_reports.packs import before, cells, periods
from opti_reports.packs.scene import Scene

HEADS = ("followed", "result", "asked", "earlier")


def figures(scene: Scene, block: kinds.Figures) -> Iterator[Table]:
    """Yield the block's metrics that concern the organisation; nothing when none does."""
    rows = [row for row in block.row if scene.concerns(row.metric)]
    if rows and block.by:
        yield from _by_key(scene, block, block.by, rows)
    elif rows and block.of is None:
        yield _listed(scene, scene.titled(block), rows)
    elif rows:
        yield from _side_by_side(scene, block, rows)


def _listed(scene: Scene, title: str, rows: Sequence[FigureRow]) -> Table:
    """Return a row a metric: result with its cases, what is asked and whether it was kept, before."""
    values = [periods.value_now(scene, row.metric) for row in rows]
    body = [
        (scene.wording.of(row.name), _result(scene, value), _asked(scene, value), _before(scene, value))
        for row, value in zip(rows, values, strict=True)
    ]
    kept = [at for at in range(len(HEADS)) if any(line[at] != cells.DASH for line in body)]
    heads = [scene.say(f"plain.{name}") for name in HEADS]
    return Table(
        caption=title,
        columns=tuple(Column(heads[at]) for at in kept),
        rows=tuple(tuple(line[at] for at in kept) for line in body),
        empty=scene.say("block.no_data"),
        note=_notes(scene, rows, values),
    )


def _result(scene: Scene, value: Value) -> str:
    """Return the figure with the cases it counts, of a share of cases."""
    text = _plain(scene, value, cells.full(scene, value))
    share = value.number is not None and scene.metric(value.metric).unit == "percent"
    beside = [cells.part_of(scene, value) if share else "", cells.period_note(scene, value)]
    said = "; ".join(filter(None, beside))
    return f"{text} ({said})" if said else text


def _plain(scene: Scene, value: Value, text: str) -> str:
    return scene.say("plain.withheld") if value.state == "withheld" else text


def _asked(scene: Scene, value: Value) -> str:
    """Return what the law or a target in force asks, and whether it was kept."""
    said, aim = _aim(scene, value), scene.status(value).target
    if aim is None or said == cells.DASH:
        return said
    kind = "law" if aim.basis == "law" else "target"
    said, tone = scene.say(f"plain.{kind}", target=said), cells.tone(scene, value)
    if tone not in ("good", "watch", "off"):
        return said
    some = tone != "good" and value.number and _aim(scene, value) == scene.say("plain.all")
    return f"{said}, {scene.say('plain.some' if some else f'plain.{tone}')}"


def _before(scene: Scene, value: Value) -> str:
    found = before.before(scene, value.metric, value.period)
    if not found.whole:
        return cells.DASH
    text = cells.full(scene, found.value)
    named = found.between or found.season
    return f"{text} ({formats.numbered(found.value.period)})" if named else text


def _notes(scene: Scene, rows: Sequence[FigureRow], values: Sequence[Value]) -> str:
    """Return what figures lack, and why some are not shown."""
    lacking = [(row, cells.wholeness(scene, value)) for row, value in zip(rows, values, strict=True)]
    said = [
        scene.say("sentence.title_value", name=scene.wording.of(row.name), value=f"{text}.")
        for row, text in lacking
        if text
    ]
    return " ".join([*said, *_why(scene, values)])


def _why(scene: Scene, values: Sequence[Value]) -> list[str]:
    return [scene.say("plain.why")] if any(value.state == "withheld" for value in values) else []


def _side_by_side(scene: Scene, block: kinds.Figures, rows: Sequence[FigureRow]) -> Iterator[Table]:
    """Yield a row an organisation and a column a metric; those of which nothing is known are left out."""
    hidden = scene.configs.organisation.unallocated
    found = []
    for node in beneath(scene.material.tree, scene.org, block.of or "children", hidden):
        values = [scene.value(row.metric, periods.shown(scene, row.metric), node.id) for row in rows]
        if any(value.state != "missing" for value in values):
            found.append((node.id, values))
    if not found:
        return
    own = [periods.value_now(scene, row.metric) for row in rows]
    body = [(scene.name(org), values) for org, values in (*found, (scene.org, own))]
    asked = [_aim(scene, value) for value in own]
    lines = [(name, *(_brief(scene, value) for value in values)) for name, values in body]
    if any(text != cells.DASH for text in asked):
        lines.append((scene.say("plain.asked"), *asked))
    heads = [scene.say("column.unit"), *(scene.wording.of(row.name) for row in rows)]
    yield Table(
        caption=scene.titled(block),
        columns=tuple(Column(head, numeric=at > 0) for at, head in enumerate(heads)),
        rows=tuple(lines),
        empty="",
        note=_notes(scene, rows, own) or " ".join(_why(scene, [v for _, values in found for v in values])),
    )


def _by_key(scene: Scene, block: kinds.Figures, by: str, rows: Sequence[FigureRow]) -> Iterator[Table]:
    """Yield a row a key and a column a metric, last all of them; nothing where no key occurs."""
    own = [scene.value(row.metric, periods.by_keys(scene, row.metric)[-1]) for row in rows]
    found = [
        {v.key: v for v in scene.material.values.cells(one.metric, one.org, one.period, by)} for one in own
    ]
    keys = sorted({key for cells_ in found for key, v in cells_.items() if v.n or v.state == "withheld"})
    if not keys:
        return
    shown = [[values.get(key) for values in found] for key in keys]
    body = [
        (cells.key(scene, by, key), *(_cell(scene, value) for value in values))
        for key, values in zip(keys, shown, strict=True)
    ]
    heads = [scene.say(f"column.{by}"), *(scene.wording.of(row.name) for row in rows)]
    yield Table(
        caption=scene.titled(block),
        columns=tuple(Column(head, numeric=at > 0) for at, head in enumerate(heads)),
        rows=(*body, (scene.say("column.total"), *(_cell(scene, value) for value in own))),
        empty="",
        note=_notes(scene, rows, own) or " ".join(_why(scene, [v for values in shown for v in values if v])),
    )


def _cell(scene: Scene, value: Value | None) -> str:
    """Return a cell with its unit: the columns are of different ones."""
    if value is None or value.state == "missing":
        return cells.DASH
    return _plain(scene, value, cells.full(scene, value))


def _brief(scene: Scene, value: Value) -> str:
    """Return a cell of a unit: of too few cases not how many, as they may be neighbours."""
    if value.state == "missing":
        return cells.DASH
    few = value.state == "few" and bool(value.n)
    return scene.say("state.too_few") if few else _plain(scene, value, cells.brief(scene, value))


def _aim(scene: Scene, value: Value) -> str:
    """Return what a target in force asks, in words; a dash where there is none."""
    aim, metric = scene.status(value).target, scene.metric(value.metric)
    if aim is None or aim.basis not in BINDING:
        return cells.DASH
    if aim.op == "between":
        return cells.target_figure(scene, metric, aim, metric.unit)
    low, decimals = aim.exact[0], metric.decimals + formats.MORE
    if metric.unit == "percent" and aim.op == ">=" and low == 100:
        return scene.say("plain.all")
    text = formats.with_unit(formats.trimmed(low, decimals, scene.language), metric.unit, scene.wording)
    return scene.say("plain.at_least" if aim.op == ">=" else "plain.at_most", value=text)
