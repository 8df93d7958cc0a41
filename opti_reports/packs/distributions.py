"""How answers fall, question by question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opti_reports.config import block as kinds
from opti_reports.model.charts import Stacked, StackedBar
from opti_reports.model.pack import Table
from opti_reports.model.report import Distribution
from opti_reports.packs import cells
from opti_reports.packs.scene import Scene
from opti_reports.periods.period import Period


def distribution(scene: Scene, block: kinds.Distribution) -> Iterator[Stacked | Table]:
    """Yield how the answers to each question fall, lowest to highest; that nobody answered, of units that are
    asked.
    """
    fact, rows, levels = block.fact, block.rows, block.levels
    key = (fact, rows, levels, Period(scene.cadence, scene.month))
    found = [one for one in scene.material.distributions.get(key, ()) if one.org == scene.org]
    title = scene.titled(block, scene.say("block.distribution"))
    if not found:
        system = scene.configs.sources[scene.configs.shapes[fact].source].system
        if scene.configs.organisation.expected(system, scene.month) & scene.below:
            yield Table(caption=title, columns=(), rows=(), empty=scene.say("block.no_data"))
        return
    if all(one.withheld for one in found):
        yield Table(caption=title, columns=(), rows=(), empty=scene.say("state.withheld"))
        return
    legend = tuple(scene.wording.label(levels, code) for code in found[0].levels)
    bars = tuple(_answers(scene, rows, one) for one in found)
    yield Stacked(
        title=title,
        subtitle=scene.say("sentence.shares"),
        legend=legend,
        bars=bars,
        note="",
        alt=_stacked_alt(scene, title, bars, found),
    )


def _answers(scene: Scene, rows: str, one: Distribution) -> StackedBar:
    label, total = scene.wording.label(rows, one.row), sum(one.counts)
    if one.withheld or not total:
        words = scene.say("state.withheld") if one.withheld else scene.say("state.none")
        return StackedBar(label, tuple(0.0 for _ in one.counts), words)
    shares = tuple(round(100 * part / total, 6) for part in one.counts)
    return StackedBar(label, shares, f"n = {cells.count(scene, one.n)}")


def _stacked_alt(scene: Scene, title: str, bars: Sequence[StackedBar], found: Sequence[Distribution]) -> str:
    """Return which statement is agreed with most and least, by the share of the two highest answers."""
    shown = [bar for bar, one in zip(bars, found, strict=True) if not one.withheld and any(one.counts)]
    if not shown:
        return scene.say("alt.stacked_empty", name=title)
    ranked = sorted(shown, key=lambda bar: sum(bar.shares[-2:]))
    low, high = (cells.figure(scene, sum(bar.shares[-2:]), "percent", 0) for bar in (ranked[0], ranked[-1]))
    return scene.say(
        "alt.stacked",
        name=title,
        count=len(bars),
        best=ranked[-1].label,
        high=high,
        worst=ranked[0].label,
        low=low,
    )
