"""Public figures beside the whole organisation's own: of which region and year, and from where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from opti_reports.config.configs import Configs
from opti_reports.config.metric import Metric
from opti_reports.language import formats
from opti_reports.language.wording import Wording
from opti_reports.messages.message import Message, message
from opti_reports.model.charts import Line
from opti_reports.model.report import UNKNOWN_CELL, ListRow
from opti_reports.packs import cells
from opti_reports.packs.material import Material
from opti_reports.packs.scene import Scene


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A public figure of a region, as the metric counts it."""

    region: str
    year: int
    value: Fraction
    origin: str


def figures(scene: Scene, metric_id: str) -> tuple[Reference, ...]:
    """Return each region's newest figure; none beside parts of the organisation, or that cannot be."""
    if scene.parent is not None:
        return ()
    metric = scene.metric(metric_id)
    every = _newest(scene.configs, metric, scene.material, scene.wording)
    return tuple(one for one in every if _possible(metric, one.value))


def _newest(configs: Configs, metric: Metric, material: Material, wording: Wording) -> list[Reference]:
    """Return the newest year's figure of each region, in the order in which the labels name them; of the same
    year the one that was delivered last.
    """
    found: dict[str, Reference] = {}
    lists = (material.lists.get(name, ()) for name in configs.lists_of("references"))
    rows = [row.cells for own in lists for row in own if _whole(row)]
    for one in metric.reference:
        for row in (row for row in rows if row["indicator"] == one.indicator):
            region, year = wording.label("region", row["region"]), int(row["year"])
            if region not in found or year >= found[region].year:
                value = Fraction(row["value"]) * Fraction(str(one.times)) + Fraction(str(one.plus))
                origin = wording.label("origin", row["origin"]) if row["origin"] else wording.of(one.origin)
                found[region] = Reference(region=region, year=year, value=value, origin=origin)
    labels = [text for phrase, text in wording.phrases.items() if phrase.startswith("code.region.")]
    order = {text: at for at, text in reversed([*enumerate(labels)])}
    return sorted(found.values(), key=lambda one: order.get(one.region, len(order)))


def _whole(row: ListRow) -> bool:
    """Return whether every cell that a figure needs can be read."""
    return not {"", UNKNOWN_CELL} & {row.cells[name] for name in ("indicator", "region", "year", "value")}


def _possible(metric: Metric, value: Fraction) -> bool:
    low, high = metric.possible
    return (low is None or value >= low) and (high is None or value <= high)


def beyond(material: Material) -> Iterator[Message]:
    """Yield the metrics whose public figures are beyond what they can be, and so are not shown."""
    configs = material.configs
    wording = configs.wordings[configs.settings.languages[0]]
    for id, metric in configs.metrics.items():
        for one in _newest(configs, metric, material, wording):
            if not _possible(metric, one.value):
                yield message(
                    "warning.reference",
                    metric=id,
                    region=one.region,
                    year=str(one.year),
                    value=float(one.value),
                )


def said(scene: Scene, metric_id: str, one: Reference) -> str:
    """Return a figure with its region and year: ``Suomi 2024: 76,3 %``."""
    metric = scene.metric(metric_id)
    value = formats.value_text(one.value, metric.unit, metric.decimals, scene.wording)
    return scene.say("reference.line", region=one.region, year=one.year, value=value)


def all_said(scene: Scene, metric_id: str) -> str:
    """Return the figures of a metric for a cell; a dash where it has none."""
    found = [said(scene, metric_id, one) for one in figures(scene, metric_id)]
    return "; ".join(found) or cells.DASH


def lines(scene: Scene, metric_id: str, points: int) -> Iterator[Line]:
    """Yield a level line for each figure, over so many points of a chart."""
    decimals = scene.metric(metric_id).decimals
    for one in figures(scene, metric_id):
        number = formats.for_programs(one.value, decimals)
        label = said(scene, metric_id, one)
        yield Line(label, (float(one.value),) * points, "region", (number,) * points)


def origins(scene: Scene, found: Sequence[Reference]) -> str:
    """Return where figures come from, each origin once; nothing where there are none."""
    return scene.counted("reference.origin", len(found), origins="; ".join(_once(found)))


def _once(found: Iterable[Reference]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.origin for one in found))


def with_origin(scene: Scene, metric_id: str) -> Iterator[str]:
    """Yield each figure of a metric with its origin, for a note or what a screen reader says."""
    for one in figures(scene, metric_id):
        figure = said(scene, metric_id, one)
        yield scene.say("reference.with_origin", figure=figure, origin=one.origin)
