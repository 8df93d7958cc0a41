"""Whether a delivery tells its whole month: files repeated or cut off, units that fall silent.

Each delivery's own month is held against the months that the deliveries before it knew as their newest, so
that like is compared with like: a row that comes in late is missing from all of them.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from opti_reports.algebra.calendar import Calendar, date_of
from opti_reports.algebra.vector import Int
from opti_reports.catalogue.units import unit_of
from opti_reports.config.guards import Guards
from opti_reports.config.source import Source
from opti_reports.facts.arrivals import Arrived, Newest, World, expected
from opti_reports.facts.days import bounds, counted_by
from opti_reports.facts.filling import emptied
from opti_reports.facts.odd_months import chance_of_none, forgotten, odd
from opti_reports.facts.runs import Run, zero_runs
from opti_reports.model.organisation import Tree
from opti_reports.model.report import Doubt
from opti_reports.periods.months import month_text

_DIGITS = re.compile(r"\d+")


def doubts(
    sources: Mapping[str, Source], arrived: Mapping[str, Sequence[Arrived]], world: World
) -> tuple[Doubt, ...]:
    """Return every doubt about every delivery (each source's, the oldest first), without what is confirmed.

    A unit that is silent on the same days in every dense source, of which there are some more (the guards say
    how many), was closed: no file is at fault.
    """
    pasts = {
        id: [_placed(sources[id], one, world) for one in own]
        for id, own in arrived.items()
        if not sources[id].may_repeat
    }
    found = [
        doubt
        for id, newest in pasts.items()
        for at, one in enumerate(newest)
        for doubt in _of_delivery(sources[id], newest[:at], one, world)
    ]
    open_then = [_without_closed(doubt, pasts, world) for doubt in found]
    confirmed = {(id, one.month): one.confirmed for id, own in arrived.items() for one in own}
    left = [_without(doubt, confirmed[doubt.source, doubt.month], world) for doubt in open_then]
    return tuple(doubt for doubt in left if doubt.units)


def _placed(source: Source, one: Arrived, world: World) -> Newest:
    """Return the own month of a delivery by unit and working day."""
    first, after = bounds(one.month)
    days = np.arange(first, after)
    working = world.calendar.is_working(days)
    slot = np.maximum(np.cumsum(working) - 1, 0)
    length = max(1, int(working.sum()))
    units: dict[str, Int] = {}
    by_file: dict[int, dict[str, Int]] = {}
    for file, code, counts in one.counts.days:
        unit = unit_of(world.organisation, source, code, one.month)
        rows = np.bincount(slot, weights=counts, minlength=length).astype(np.int64)
        own = by_file.setdefault(file, {})
        own[unit] = own[unit] + rows if unit in own else rows
        units[unit] = units[unit] + rows if unit in units else rows
    return Newest(one, units, by_file, _by_month(source, one, world))


def _by_month(source: Source, one: Arrived, world: World) -> dict[int, dict[str, int]]:
    """Return rows of each month of the history by unit, from the delivery's first month on."""
    fact, first = counted_by(source), min(one.counts.by_month, default=one.month)
    first = max(first, one.month - world.guards.history_months)
    found: dict[int, dict[str, int]] = {}
    for name, code, month, rows in one.counts.units:
        if fact is not None and name == fact.id and first <= month <= one.month:
            unit, units = unit_of(world.organisation, source, code, month), found.setdefault(month, {})
            units[unit] = units.get(unit, 0) + rows
    return found


def _of_delivery(source: Source, before: Sequence[Newest], one: Newest, world: World) -> Iterator[Doubt]:
    """Yield what is doubted of one delivery; a file or a whole delivery is named before its units are."""
    month, counts = one.arrived.month, one.arrived.counts
    past = [old for old in before if month - world.guards.history_months <= old.arrived.month < month]
    tree = world.organisation.tree(month)
    named: set[str] = set()
    repeated = tuple(_repeated(source, before, past, one, world))
    for doubt in (
        *_no_rows(source, past, one, world, repeated),
        *repeated,
        *_gaps(source, past, one, world, tree),
    ):
        units = tuple(unit for unit in doubt.units if unit not in named and unit in tree.by_id)
        named.update(units)
        if units:
            yield replace(doubt, units=units)
    yield from emptied(source, before, one, world, tree)
    yield from forgotten(source, before, one, world, tree)
    if counts.by_month.get(month):
        for doubt in odd(source, before, one, world, tree):
            if not named & set(doubt.units):
                named.update(doubt.units)
                yield doubt


def _repeated(
    source: Source, before: Sequence[Newest], past: Sequence[Newest], one: Newest, world: World
) -> Iterator[Doubt]:
    """Yield files with the rows of an earlier delivery's file, where new ones were to be expected."""
    month = one.arrived.month
    known = {
        file.keys: f"{month_text(old.arrived.month)}/{file.name}"
        for old in before
        for file in old.arrived.counts.files
        if file.keys
    }
    for at, file in enumerate(one.arrived.counts.files):
        if file.keys in known:
            units = tuple(_usual_units(one, at, before)) or expected(source, month, world)
            usual = [sum(int(old.units[u].sum()) for u in units if u in old.units) for old in past]
            if not usual or chance_of_none(usual, world.guards) >= world.guards.implausible:
                continue
            yield Doubt(
                source=source.id,
                month=month,
                kind="repeated",
                units=units,
                file=file.name,
                like=known[file.keys],
            )


def _no_rows(
    source: Source, past: Sequence[Newest], one: Newest, world: World, repeated: Sequence[Doubt]
) -> Iterator[Doubt]:
    """Yield a delivery without a row of its own month, where one was to be expected."""
    month, counts = one.arrived.month, one.arrived.counts
    if counts.by_month.get(month) or not counts.read:
        return
    since = month - world.guards.history_months
    earlier: dict[int, int] = {}
    for known in (one.arrived, *(old.arrived for old in reversed(past))):
        rows = known.counts.by_month
        # What an old file does not reach is no quiet month of its own.
        last = max(rows, default=month) if known is one.arrived else known.month
        first = max(since, min(rows, default=known.month))
        earlier |= {at: rows.get(at, 0) for at in range(first, min(last + 1, month))}
    recent = list(earlier.values())
    least = 1 if source.presence in ("required", "lagging") else world.guards.least_months
    if len(recent) >= least and chance_of_none(recent, world.guards) < world.guards.implausible:
        mean = sum(recent) / len(recent)
        units = expected(source, month, world)
        file, like = next(((doubt.file, doubt.like) for doubt in repeated), ("", ""))
        yield Doubt(
            source=source.id,
            month=month,
            kind="no_rows",
            units=units,
            file=file,
            expected=round(mean),
            like=like,
        )


def _gaps(source: Source, past: Sequence[Newest], one: Newest, world: World, tree: Tree) -> Iterator[Doubt]:
    """Yield the longest days without rows, of a delivery, a file or a unit, where they are no chance."""
    found = _groups(one, past, tree, world)
    for file, rows, units in found:
        now = sum((rows[unit] for unit in units if unit in rows), np.zeros(one.length, dtype=np.int64))
        run = max(zero_runs(now), key=lambda run: run.days, default=None)
        if run is None or not now.any():
            continue
        tries = len(found) * (len(now) if run.kind == "hole" else 1)
        rate = int(now.sum()) / (len(now) - run.days)
        if math.exp(-rate * run.days) * tries >= world.guards.implausible:
            continue
        history = [_history(old, units, tree) for old in past if _there(old, units, world)]
        rate = min(rate, _usual(history, run, world.guards))
        if math.exp(-rate * run.days) * tries < world.guards.implausible:
            first, last = _dates(run, one.arrived.month, world.calendar)
            yield Doubt(
                source=source.id,
                month=one.arrived.month,
                kind=run.kind,
                units=units,
                file=file,
                first=first,
                last=last,
                expected=round(rate * run.days),
            )


def _usual_units(one: Newest, at: int, before: Sequence[Newest]) -> Iterator[str]:
    """Yield the units a file has rows of, and those that a file of its name (but for digits) had before."""
    names = [_DIGITS.sub("", file.name) for file in one.arrived.counts.files]
    found = dict.fromkeys(one.by_file.get(at, {}))
    for old in before if names.count(names[at]) == 1 else ():
        for place, file in enumerate(old.arrived.counts.files):
            if _DIGITS.sub("", file.name) == names[at]:
                found |= dict.fromkeys(old.by_file.get(place, {}))
    yield from found


def _groups(
    one: Newest, past: Sequence[Newest], tree: Tree, world: World
) -> list[tuple[str, Mapping[str, Int], tuple[str, ...]]]:
    """Return what may be silent on its own: the whole delivery, each of its files, each unit (file, rows,
    units).
    """
    valid = [unit for unit in one.units if unit in tree.by_id and unit != world.organisation.unallocated]
    names = [file.name for file in one.arrived.counts.files]
    files = [
        (names[at], rows, tuple(_usual_units(one, at, past)))
        for at, rows in one.by_file.items()
        if len(one.by_file) > 1
    ]
    return [("", one.units, tuple(one.units)), *files, *(("", one.units, (unit,)) for unit in valid)]


def _usual(history: Sequence[Int], run: Run, guards: Guards) -> float:
    """Return the rows of a usual working day, by the months before; 0 where a silence like this one is usual.

    Where rows come by the week or the month there are long silences in every month.
    """
    if len(history) < guards.least_months:
        return 0.0
    usual = sum(int(rows.sum()) for rows in history) / sum(len(rows) for rows in history)
    longest = sorted(max((run.days for run in zero_runs(rows)), default=0) for rows in history)
    before = longest[-1 - min(guards.quiet_months, len(longest) - 1)]
    often = before >= run.days or math.exp(-usual * before) < guards.implausible
    return 0.0 if often else usual


def _dates(run: Run, month: int, calendar: Calendar) -> tuple[dt.date, dt.date]:
    """Return the first and the last day without rows, with the free days beside them."""
    first, after = bounds(month)
    dates = np.arange(first, after)
    working = dates[calendar.is_working(dates)]
    start = first if not run.start else int(working[run.start])
    end = after if run.end == run.length else int(working[run.end])
    return date_of(start), date_of(end - 1)


def _there(old: Newest, units: Sequence[str], world: World) -> bool:
    """Return whether a unit was there in an earlier month; more than one were, some of them."""
    return len(units) > 1 or units[0] in world.units_in(old.arrived.month)


def _history(old: Newest, units: Sequence[str], tree: Tree) -> Int:
    """Return the rows of what the units are today in an earlier month."""
    wanted = set(units)
    return sum(
        (rows for unit, rows in old.units.items() if tree.moved.get(unit, unit) in wanted),
        np.zeros(old.length, dtype=np.int64),
    )


def _without_closed(doubt: Doubt, pasts: Mapping[str, Sequence[Newest]], world: World) -> Doubt:
    """Return the doubt without units that were closed: silent in every other dense source on
    those days too.
    """
    if doubt.first is None or doubt.last is None or len(doubt.units) > 1:
        return doubt
    others: list[bool] = []
    for id, newest in pasts.items():
        now = next((one for one in newest if one.arrived.month == doubt.month), None)
        before = [one for one in newest if one.arrived.month < doubt.month][-world.guards.history_months :]
        if id != doubt.source and now is not None:
            others += _still(doubt, now, before, world)
    closed = len(others) >= world.guards.closed_sources and all(others)
    return replace(doubt, units=()) if closed else doubt


def _still(doubt: Doubt, now: Newest, before: Sequence[Newest], world: World) -> Iterator[bool]:
    """Yield whether the unit is silent in a source on these days too, if that would be no chance there."""
    first, after = bounds(doubt.month)
    dates = np.arange(first, after)
    working = dates[world.calendar.is_working(dates)]
    inside = np.array([doubt.first <= date_of(int(day)) <= doubt.last for day in working])  # type: ignore[operator]
    unit = doubt.units[0]
    old = [one.units[unit] for one in before if unit in one.units]
    many = sum(len(rows) for rows in old)
    usual = sum(int(rows.sum()) for rows in old) / many if many else 0.0
    if math.exp(-usual * int(inside.sum())) < world.guards.implausible:
        yield unit not in now.units or not now.units[unit][inside].any()


def _without(doubt: Doubt, confirmed: Sequence[str], world: World) -> Doubt:
    """Return the doubt without the units that somebody confirmed, or that lie below a confirmed one."""
    tree = world.organisation.tree(doubt.month)
    said = set(confirmed)
    return replace(doubt, units=tuple(u for u in doubt.units if not said & set(tree.lineage(u))))
