"""A count by two keys as a table whose cells are the darker the more they hold: calls by weekday and hour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opti_reports.config import block as kinds
from opti_reports.model.pack import Column, Table
from opti_reports.model.report import Distribution
from opti_reports.packs import cells
from opti_reports.packs.scene import Scene
from opti_reports.periods.period import Period

SHADES = 4
"""How many steps of darkness the style sheet has."""


def shaded(scene: Scene, block: kinds.Shaded) -> Iterator[Table]:
    """Yield the counts of a period; nothing where there are none, or all in one column.

    The latter are days without a time of day, which midnight stands for.
    """
    key = (block.fact, block.rows, block.levels, Period(scene.cadence, scene.month))
    found = [one for one in scene.material.distributions.get(key, ()) if one.org == scene.org]
    title = scene.wording.of(block.title) if block.title else scene.metric_name(block.metric)
    if any(one.masked for one in found):
        yield Table(caption=title, columns=(), rows=(), empty=scene.say("state.withheld"))
        return
    sums = [sum(counts) for counts in zip(*(one.counts for one in found), strict=True)]
    filled = [at for at, count in enumerate(sums) if count]
    if len(filled) > 1:
        yield _table(scene, block, title, found, range(filled[0], filled[-1] + 1))


def _table(scene: Scene, block: kinds.Shaded, title: str, found: Sequence[Distribution], at: range) -> Table:
    most = max(one.counts[i] for one in found for i in at)
    rows, levels = (scene.say(f"column.{name}") for name in (block.rows, block.levels))
    names = [scene.wording.label(block.rows, one.row) for one in found]
    busiest = next((n, i) for n, one in enumerate(found) for i in at if one.counts[i] == most)
    body = tuple(
        (name, *(cells.count(scene, one.counts[i]) for i in at), cells.count(scene, one.n))
        for name, one in zip(names, found, strict=True)
    )
    shades = tuple(
        (row, column, _shade(one.counts[i], most))
        for row, one in enumerate(found)
        for column, i in enumerate(at, 1)
    )
    heads = [scene.wording.label(block.levels, found[0].levels[i]) for i in at]
    total = scene.say("column.total")
    return Table(
        caption=title,
        columns=(Column(f"{rows}, {levels}"), *(Column(head, True) for head in heads), Column(total, True)),
        rows=body,
        empty="",
        note=scene.say(
            "sentence.busiest",
            row=names[busiest[0]],
            name=levels,
            level=scene.wording.label(block.levels, found[0].levels[busiest[1]]),
            value=cells.count(scene, most),
        ),
        shades=tuple(shade for shade in shades if shade[2]),
    )


def _shade(count: int, most: int) -> int:
    """Return 0 for nothing, else 1 to ``SHADES`` by the share of the largest."""
    return -(-SHADES * count // most)
