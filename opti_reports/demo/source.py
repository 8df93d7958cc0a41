"""A source of the demo: records with their true histories, and what an extract shows of them on its day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opti_reports.demo.days import (
    Bools,
    Times,
    calendar_month,
    extraction_moment,
    first_day,
    first_days,
    month_of,
)
from opti_reports.demo.layout import Layout
from opti_reports.demo.world import World
from opti_reports.demo.write import join, take

Rows = dict[str, NDArray[Any]]


def everything(_world: World, table: Rows, _moment: np.datetime64) -> Rows:
    """Return an extract of records that never change."""
    return table


@dataclass(frozen=True, kw_only=True)
class Source:
    """How one source's rows come about.

    ``make``: the records of a month's stream with everything that will ever happen to them.
    ``known``: those of them that exist at a moment, without what happens later.
    ``ahead``: how many later streams hold rows that began by the end of a month.
    ``still_open``: rows that an extract holds however old they are. ``files``: the end of the name of each
    row's file (one file without it). ``snapshot``: only the newest month's stream is delivered.
    ``every``: after the first delivery only every so many calendar months have one.
    """

    layout: Layout
    make: Callable[[World, int], Rows]
    known: Callable[[World, Rows, np.datetime64], Rows] = everything
    ahead: int = 0
    still_open: Callable[[Rows, np.datetime64], Bools] | None = None
    files: Callable[[World, Rows], NDArray[np.str_]] | None = None
    snapshot: bool = False
    every: int = 1


def deliveries(world: World, source: Source) -> Iterator[tuple[int, str, Iterator[Rows]]]:
    """Yield the files of a source in order: the delivery's month, the end of the file's name, its rows in
    parts.
    """
    keep = None if source.still_open else source.layout.config.window_months + source.ahead + 2
    truth = lru_cache(maxsize=keep)(partial(source.make, world))
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
    """Yield the rows of one delivery, stream by stream, as known on the extraction day."""
    window = source.layout.config.window_months
    window_start = world.first if month == world.split else max(world.first, month - window + 1)
    oldest = world.first if source.still_open else window_start
    moment = extraction_moment(month, source.layout.config.due)
    if source.snapshot:
        yield source.known(world, truth(month), moment)
        return
    for stream in range(oldest, month + source.ahead + 1):
        table = source.known(world, truth(stream), moment)
        own = month_of(own_dates(source.layout, table))
        began = own if len(source.layout.dated) == 1 else month_of(first_dates(source.layout, table))
        wanted = (own >= window_start) & (began <= month)
        if source.still_open:
            wanted |= (own < window_start) & source.still_open(table, first_day(month + 1))
        yield table if wanted.all() else take(table, wanted)


def own_dates(layout: Layout, table: Rows) -> Times:
    """Return each row's own date: of the columns that give it the first that is filled."""
    return reduce(lambda one, other: np.where(np.isnat(one), other, one), _dates(layout, table))


def first_dates(layout: Layout, table: Rows) -> Times:
    """Return the day each row began: the earliest of those dates."""
    return reduce(np.fmin, _dates(layout, table))


def _dates(layout: Layout, table: Rows) -> list[Times]:
    found = (table[name] for name in layout.dated)
    return [first_days(values) if values.dtype.kind == "i" else values for values in found]


def hide(layout: Layout, table: Rows, moment: np.datetime64, *more: str) -> Rows:
    """Return the table without the times after the moment, in these columns and those of what happens."""
    return table | {name: only(table[name], ~(table[name] > moment)) for name in (*layout.happenings, *more)}


def only(values: NDArray[Any], mask: Bools) -> NDArray[Any]:
    """Return the values where the mask holds, elsewhere empties: -1, NaN of decimals, NaT of times."""
    nothing: Any = {"M": np.datetime64("NaT"), "f": np.nan}.get(values.dtype.kind, -1)
    return np.where(mask, values.astype(np.int64) if values.dtype.kind == "b" else values, nothing)


def empty_some(rng: np.random.Generator, values: NDArray[Any], share: float) -> NDArray[Any]:
    """Return the values with this share of them empty."""
    return only(values, rng.random(len(values)) >= share)


def serials(month: int, n: int, digits: int) -> NDArray[np.int64]:
    """Return ids of a month's records: year and month, then a running number of so many digits."""
    start = (1970 + month // 12) % 100 * 100 + month % 12 + 1
    numbers: NDArray[np.int64] = np.arange(1, n + 1) + start * 10**digits
    return numbers


def pick(
    rng: np.random.Generator, n: int, *shares: float, of: Sequence[int] | NDArray[np.int64] = ()
) -> NDArray[np.int64]:
    """Return positions 0, 1, … by their shares, which need not sum to one, or what stands there in ``of``."""
    weights = np.array(shares)
    drawn = rng.choice(len(shares), n, p=weights / weights.sum())
    return np.asarray(of)[drawn] if len(of) else drawn
