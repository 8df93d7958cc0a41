"""Months in which units have no row, or far fewer or more than ever: the delivery's own and older ones."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from scipy.special import pdtr, pdtrc

from opti_reports.algebra.calendar import date_of
from opti_reports.config.guards import Guards
from opti_reports.config.source import Source
from opti_reports.facts.arrivals import Newest, World, expected
from opti_reports.facts.days import bounds
from opti_reports.model.organisation import Tree
from opti_reports.model.report import Doubt


def odd(source: Source, before: Sequence[Newest], one: Newest, world: World, tree: Tree) -> Iterator[Doubt]:
    """Yield units without a row of the month; then all others, or some, with far fewer or far more than in
    any month before.
    """
    month, guards = one.arrived.month, world.guards
    totals = _by_unit([*before, one], month, world, tree)
    months = [at for at in totals if at < month]
    if len(months) < guards.least_months:
        return
    if source.per_unit:
        yield from _incomplete(source, before, one, world)
        return
    now = totals.get(month, {})
    pasts = {
        unit: own
        for unit in expected(source, month, world)
        if len(own := [totals[at].get(unit, 0) for at in months if unit in world.units_in(at)])
        >= guards.least_months
    }
    together = _silent_together(pasts, now, tree, guards)
    silent = {
        unit: own
        for unit, own in pasts.items()
        if not now.get(unit) and (unit in together or chance_of_none(own, guards) < guards.implausible)
    }
    yield from (_silent(source, month, unit, own) for unit, own in silent.items())
    left = [(unit, own) for unit, own in pasts.items() if unit not in silent]
    all_before = [sum(totals[at].get(unit, 0) for unit, _ in left) for at in months]
    all_now = sum(now.get(unit, 0) for unit, _ in left)
    all_units = tuple(dict.fromkeys([*(unit for unit, _ in left), *sorted(now)]))
    if whole := _apart(source, month, all_units, now=all_now, before=all_before, guards=guards):
        yield whole
        return
    for unit, own in left:
        if doubt := _apart(source, month, (unit,), now=now.get(unit, 0), before=own, guards=guards):
            yield doubt


def _silent(source: Source, month: int, unit: str, past: Sequence[int]) -> Doubt:
    """Return the doubt of a unit without a row of the month."""
    first, after = bounds(month)
    return Doubt(
        source=source.id,
        month=month,
        kind="silent",
        units=(unit,),
        first=date_of(first),
        last=date_of(after - 1),
        expected=round(sum(past) / len(past)),
    )


def _incomplete(source: Source, before: Sequence[Newest], one: Newest, world: World) -> Iterator[Doubt]:
    """Yield units of a source with rows for each of their parts that have fewer than in any month before."""
    now, history = _by_code(one), [_by_code(past) for past in before[-world.guards.history_months :]]
    for code, rows in sorted(now.items()):
        own = [held[code] for held in history if code in held]
        unit = world.organisation.resolve(source.system, code, one.arrived.month)
        if unit and len(own) >= world.guards.least_months and rows < min(own):
            yield Doubt(
                source=source.id,
                month=one.arrived.month,
                kind="shrunk",
                units=(unit,),
                expected=min(own),
                rows=rows,
            )


def _by_code(one: Newest) -> dict[str, int]:
    """Return rows of a delivery's own month by unit code, of each code in the fact that has most of it."""
    found: dict[str, int] = {}
    for _, code, at, rows in one.arrived.counts.units:
        if at == one.arrived.month:
            found[code] = max(rows, found.get(code, 0))
    return found


def _silent_together(
    pasts: Mapping[str, Sequence[int]], now: Mapping[str, int], tree: Tree, guards: Guards
) -> frozenset[str]:
    """Return the units of organisations of which no unit has a row, though each alone might have none by
    chance.
    """
    below: dict[str, list[str]] = {}
    for unit in pasts:
        for above in tree.lineage(unit)[1:]:
            below.setdefault(above, []).append(unit)
    found: set[str] = set()
    for units in below.values():
        length = min(len(pasts[unit]) for unit in units)
        months = [sum(pasts[unit][-back] for unit in units) for back in range(1, length + 1)]
        if not any(now.get(unit) for unit in units) and chance_of_none(months, guards) < guards.implausible:
            found.update(unit for unit in units if any(pasts[unit]))
    return frozenset(found)


def forgotten(
    source: Source, before: Sequence[Newest], one: Newest, world: World, tree: Tree
) -> Iterator[Doubt]:
    """Yield units without a row of an older month that the delivery tells anew, where an earlier one knew
    rows.

    A row or two may have been corrections; so many as no chance explains were lost together.
    """
    month = one.arrived.month
    for at in range(month - source.window_months + 1, month):
        known = next((old for old in reversed(before) if at in old.months), None)
        if source.per_unit or known is None or at not in one.months:
            continue
        then, now = (_of_today(some.months[at], tree) for some in (known, one))
        gone = {
            unit: rows for unit, rows in then.items() if rows and unit in tree.by_id and not now.get(unit)
        }
        if math.exp(-sum(gone.values())) < world.guards.implausible:
            first, after = bounds(at)
            for unit, rows in sorted(gone.items()):
                yield Doubt(
                    source=source.id,
                    month=month,
                    kind="hole",
                    units=(unit,),
                    file="",
                    first=date_of(first),
                    last=date_of(after - 1),
                    expected=rows,
                )


def _of_today(units: Mapping[str, int], tree: Tree) -> dict[str, int]:
    """Return rows by what the units are today."""
    found: dict[str, int] = {}
    for unit, rows in units.items():
        now = tree.moved.get(unit, unit)
        found[now] = found.get(now, 0) + rows
    return found


def chance_of_none(months: Sequence[int], guards: Guards) -> float:
    """Return how probable a month without rows is in the quietest month of a history, all but a few."""
    quiet = sorted(months)[min(guards.quiet_months, len(months) // 4)]
    return math.exp(-quiet)


def _apart(
    source: Source, month: int, units: tuple[str, ...], *, now: int, before: Sequence[int], guards: Guards
) -> Doubt | None:
    """Return the doubt of units with far fewer or more rows than in any month before, where it is no chance.

    Rows that were lost at random leave no gap between days; rows that came twice under other ids no equal
    keys. What is left to see is how many there are.
    """
    if not before:
        return None
    least, most, long = min(before), max(before), len(before) >= guards.season_months
    many = long or least - now > guards.lost_rows
    if many and now < guards.shrunk_share * least and pdtr(now, least) < guards.implausible:
        return Doubt(source=source.id, month=month, kind="shrunk", units=units, expected=least, rows=now)
    times = guards.grown_times if len(units) > 1 else guards.grown_alone
    if long and now > times * most and pdtrc(now - 1, max(most, 1)) < guards.implausible:
        return Doubt(source=source.id, month=month, kind="grown", units=units, expected=most, rows=now)
    return None


def _by_unit(known: Sequence[Newest], month: int, world: World, tree: Tree) -> dict[int, dict[str, int]]:
    """Return rows of a month and those before by unit, as its own delivery (else the first with it) found
    them.
    """
    found: dict[int, dict[str, int]] = {}
    for at in range(month - world.guards.history_months, month + 1):
        own = next((one for one in known if one.arrived.month == at), None)
        held = own or next((one for one in known if at in one.months), None)
        if held is None:
            continue
        found[at] = _of_today(held.months.get(at, {}), tree)
    return found
