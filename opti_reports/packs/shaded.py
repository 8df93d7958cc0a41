"""A count by two keys as a table whose cells are the darker the more they hold: calls by weekday and hour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from opti_reports.config import block as kinds
from opti_reports.language import formats
from opti_reports.model.pack import Column, Table
from opti_reports.packs import cells, periods
from opti_reports.packs.scene import Scene

SHADES = 4
"""How many steps of darkness the style sheet has."""


@dataclass(frozen=True)
class _Counts:
    """Counts by row and column, with what these are called."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    table: tuple[tuple[int, ...], ...]

    def turned(self) -> _Counts:
        """Return the counts with rows as columns."""
        return _Counts(self.columns, self.rows, tuple(zip(*self.table, strict=True)))

    def without_rare_rows(self, rest: str, rare: float) -> _Counts:
        """Return the counts with the rows at either end that have less than the share ``rare`` of all in one
        last row ``rest``.
        """
        sums = [sum(row) for row in self.table]
        often = [at for at, count in enumerate(sums) if count >= rare * sum(sums) and count]
        first, last = often[0], often[-1]
        left = [row for at, row in enumerate(self.table) if not first <= at <= last]
        added = tuple(sum(cell) for cell in zip(*left, strict=True))
        some = ((rest,), (added,)) if sum(added) else ((), ())
        span = slice(first, last + 1)
        return _Counts((*self.rows[span], *some[0]), self.columns, (*self.table[span], *some[1]))


def shaded(scene: Scene, block: kinds.Shaded) -> Iterator[Table]:
    """Yield the counts of a period; where they are all in one column, that their hours are not known; nothing
    where there are none.

    Days without a time of day are such a column: midnight stands for them.
    """
    key = (block.fact, block.rows, block.levels, scene.newest(scene.cadence))
    found = [one for one in scene.material.distributions.get(key, ()) if one.org == scene.org]
    title = scene.titled(block, scene.metric_name(block.metric))
    if any(one.withheld for one in found):
        yield Table(caption=title, columns=(), rows=(), empty=scene.say("state.withheld"))
        return
    if sum(map(any, zip(*(one.counts for one in found), strict=True))) > 1:
        rows = tuple(scene.wording.label(block.rows, one.row) for one in found)
        columns = tuple(scene.wording.label(block.levels, level) for level in found[0].levels)
        counts = _Counts(rows, columns, tuple(one.counts for one in found))
        rest, rare = scene.say("column.rest"), scene.configs.findings.shown.rare
        counts = counts.without_rare_rows(rest, rare).turned().without_rare_rows(rest, rare).turned()
        levels = dict(zip(columns, found[0].levels, strict=True))
        yield _table(scene, block, title, counts, _below(scene, block, counts.columns, levels))
    elif periods.value_now(scene, block.metric).n:
        yield Table(caption=title, columns=(), rows=(), empty=scene.say("block.no_data"))


def _below(
    scene: Scene, block: kinds.Shaded, columns: Sequence[str], levels: Mapping[str, str]
) -> Iterator[tuple[str, ...]]:
    """Yield the row of the metric below: its figure by level, and of all; of added levels it has none."""
    if block.below is None or not scene.concerns(block.below):
        return
    metric, now = scene.metric(block.below), periods.value_now(scene, block.below)
    of_level = {
        v.key: v for v in scene.material.values.cells(block.below, scene.org, now.period, block.levels)
    }
    known = {name: of_level[level] for name, level in levels.items() if level in of_level}
    figures = [cells.brief(scene, known[name]) if name in known else "" for name in columns]
    name = f"{scene.wording.of(metric.short or metric.name)}, {scene.say(f'unit.{metric.unit}.symbol')}"
    yield (name, *figures, cells.brief(scene, now))


def _table(
    scene: Scene, block: kinds.Shaded, title: str, counts: _Counts, below: Iterable[tuple[str, ...]]
) -> Table:
    rest = scene.say("column.rest")
    rows, columns = (
        [at for at, name in enumerate(names) if name != rest] for names in (counts.rows, counts.columns)
    )
    places = [(row, column) for row in rows for column in columns]
    row, column = max(places, key=lambda place: counts.table[place[0]][place[1]])
    most = counts.table[row][column]
    names = [scene.say(f"column.{name}") for name in (block.rows, block.levels)]
    busiest = scene.say(
        "sentence.busiest",
        title=title,
        row=counts.rows[row],
        name=names[1],
        level=counts.columns[column],
        value=cells.count(scene, most),
    )
    heads = (*map(formats.capital, counts.columns), scene.say("column.total"))
    return Table(
        caption=busiest,
        columns=(Column(", ".join(names)), *(Column(head, True) for head in heads)),
        rows=(*(_line(scene, *one) for one in zip(counts.rows, counts.table, strict=True)), *below),
        empty="",
        shades=tuple((r, c + 1, _shade(n, most)) for r, c in places if (n := counts.table[r][c])),
    )


def _line(scene: Scene, name: str, numbers: Sequence[int]) -> tuple[str, ...]:
    return (formats.capital(name), *(cells.count(scene, number) for number in (*numbers, sum(numbers))))


def _shade(count: int, most: int) -> int:
    """Return 1 to ``SHADES`` by the share of the largest."""
    return -(-SHADES * count // most)
