"""What others ask to be measured: the metrics that answer it, how they stand, and what nothing answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opti_reports.config import block as kinds
from opti_reports.config.groupings import Group, Measure
from opti_reports.model.pack import Column, Table, Tile, Tiles
from opti_reports.packs import cells, opening, periods, tables
from opti_reports.packs.scene import Scene

STATUS = 3
"""The column of the status."""


def grouping(scene: Scene, block: kinds.Grouped) -> Iterator[Tiles | Table]:
    """Yield a table a group: each measure with its metrics as they stand; of a strip a tile a group."""
    spec = next(one for one in scene.configs.groupings if one.id == block.grouping)
    title = scene.titled(block, scene.wording.of(spec.name))
    if block.strip:
        yield Tiles(title, tuple(_tile(scene, group) for group in spec.group))
        return
    for group in spec.group:
        caption = scene.say("sentence.title_value", name=title, value=scene.wording.of(group.name))
        yield _table(scene, caption, group)


def _tile(scene: Scene, group: Group) -> Tile:
    count = sum(not _answers(scene, measure) for measure in group.measure)
    lacking = scene.say("block.tile_missing", count=count, all=len(group.measure))
    name, more = scene.wording.of(group.name), (lacking,) if count else ()
    return opening.tile(scene, name, tuple(id for id in group.metrics if scene.has_columns(id)), more)


def _answers(scene: Scene, measure: Measure) -> list[str]:
    """Return the metrics that answer a measure, as far as the extracts have what they are counted from."""
    return [id for id in measure.metrics if scene.has_columns(id)]


def _table(scene: Scene, caption: str, group: Group) -> Table:
    lines = [line for measure in group.measure for line in _lines(scene, measure)]
    heads = (
        Column(scene.say("column.measure")),
        *cells.columns(scene, ("metric", "now", "status"), ("now",)),
    )
    return Table(
        caption=caption,
        columns=heads,
        rows=tuple(cells for cells, _ in lines),
        empty="",
        note=_note(scene, group.measure),
        tones=tuple((at, STATUS, tone) for at, (_, tone) in enumerate(lines)),
    )


def _lines(scene: Scene, measure: Measure) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield a row a metric with its tone, and one for what nothing answers."""
    name = scene.wording.of(measure.name)
    for metric_id in _answers(scene, measure):
        value = periods.value_now(scene, metric_id)
        status = cells.status(scene, value)
        yield (
            (name, tables.named(scene, metric_id), cells.brief(scene, value), status),
            cells.tone(scene, value),
        )
    if measure.metrics and not _answers(scene, measure):
        yield (name, cells.DASH, cells.DASH, scene.say("state.no_extract")), "none"
    elif not measure.metrics and measure.missing is not None:
        yield (name, scene.wording.of(measure.missing), cells.DASH, scene.say("state.no_metric")), "none"


def _note(scene: Scene, measures: Sequence[Measure]) -> str:
    """Return how many measures have a metric, and what those metrics leave out."""
    answered = [one for one in measures if _answers(scene, one)]
    said = [scene.say("block.measures", count=len(answered), all=len(measures))]
    said += [
        scene.say(
            "sentence.title_value", name=scene.wording.of(one.name), value=scene.wording.of(one.missing)
        )
        for one in answered
        if one.missing is not None
    ]
    return " ".join(said)
