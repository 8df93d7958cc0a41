"""A source of the demo: records with their true histories, and what an extract shows of them on its day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opti_reports.demo.days import calendar_month, extraction_moment, first_day, month_of
from opti_reports.demo.draw import Draw
from opti_reports.demo.layout import Layout
from opti_reports.demo.rows import Bools, Rows, Table, Times, join, only, take
from opti_reports.demo.world import World


@dataclass(frozen=True, kw_only=True)
class Source:
    """How one source's rows come about.

    ``make``: the records of a month with everything that will ever happen to them.
    ``since``: the column that says when each record appears (empty: at once).
    ``known``: of the records, and of them without the times after a moment, what else is different then.
    ``ahead``: how many later months' records hold rows that began by the end of a month.
    ``still_open``: rows that an extract holds however old they are. ``files``: the end of the name of each
    row's file (one file without it). ``snapshot``: only the newest month's records are delivered.
    ``every``: after the first delivery only every so many calendar months have one.
    """

    layout: Layout
    make: Callable[[Draw], Rows]
    since: str = ""
    known: Callable[[Table, Table, np.datetime64], Rows] = lambda _table, _seen, _moment: {}
    ahead: int = 0
    still_open: Callable[[Table, np.datetime64], Bools] | None = None
    files: Callable[[World, Table], NDArray[np.str_]] | None = None
    snapshot: bool = False
    every: int = 1

    def seen(self, table: Table, moment: np.datetime64) -> Rows:
        """Return the records as known at the moment."""
        if self.since:
            table = take(table, table[self.since] <= moment)
        happened = {name: only(table[name], ~(table[name] > moment)) for name in self.layout.happenings}
        seen = {**table, **happened}
        return seen | self.known(table, seen, moment)


def open_by(column: str) -> Callable[[Table, np.datetime64], Bools]:
    """Return the rule that a row stays open until the time in this column."""

    def still_open(table: Table, end: np.datetime64) -> Bools:
        return np.isnat(table[column]) | (table[column] >= end)

    return still_open


def deliveries(world: World, source: Source) -> Iterator[tuple[int, str, Iterator[Rows]]]:
    """Yield a source's files in order: the delivery's month, the end of the file's name, rows in parts."""
    keep = None if source.still_open else source.layout.config.window_months + source.ahead + 2

    @lru_cache(maxsize=keep)
    def truth(month: int) -> Rows:
        return source.make(Draw.of(world, source.layout.source, month))

    for month in range(world.split, world.last + 1):
        if month > world.split and calendar_month(month) % source.every:
            continue
        parts = delivered(world, source, month, truth)
        if source.files is None:
            yield month, "", parts
            continue
        whole = join(list(parts))
        ends = source.files(world, whole)
        for end in sorted(set(ends.tolist())):
            yield month, f"_{end}", iter([take(whole, ends == end)])


def delivered(world: World, source: Source, month: int, truth: Callable[[int], Rows]) -> Iterator[Rows]:
    """Yield the rows of one delivery, month by month, as known on the extraction day."""
    window = source.layout.config.window_months
    window_start = world.first if month == world.split else max(world.first, month - window + 1)
    oldest = world.first if source.still_open else window_start
    moment = extraction_moment(month, source.layout.config.due)
    if source.snapshot:
        yield source.seen(truth(month), moment)
        return
    for stream in range(oldest, month + source.ahead + 1):
        table = source.seen(truth(stream), moment)
        own = month_of(own_dates(source.layout, table))
        began = month_of(reduce(np.fmin, _dates(source.layout, table)))
        wanted = (own >= window_start) & (began <= month)
        if source.still_open:
            wanted |= (own < window_start) & source.still_open(table, first_day(month + 1))
        yield table if wanted.all() else take(table, wanted)


def own_dates(layout: Layout, table: Table) -> Times:
    """Return each row's own date: of the columns that give it the first that is filled."""
    return reduce(lambda one, other: np.where(np.isnat(one), other, one), _dates(layout, table))


def _dates(layout: Layout, table: Table) -> list[Any]:
    found = (table[name] for name in layout.dated)
    return [first_day(values) if values.dtype.kind == "i" else values for values in found]
