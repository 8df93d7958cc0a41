"""Every source of the demo, what an extract shows of its records on its day, and its deliveries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any

import numpy as np

from opti_reports.demo import access, care, experience, finance, quality, registers, staff, visits
from opti_reports.demo.days import extraction_moment, first_day, month_of
from opti_reports.demo.draw import Draw, Make, records
from opti_reports.demo.layout import Layout, read_source
from opti_reports.demo.rows import Bools, Rows, Table, join, only, take
from opti_reports.demo.world import World
from opti_reports.errors import ConfigError, Fault

MAKE: dict[str, Make] = {
    "phone_contacts": access.make_phone,
    "digi_contacts": access.make_digi,
    "avohilmo_events": visits.make,
    "t3_snapshots": access.make_t3,
    "referrals": access.make_referrals,
    "survey_responses": experience.make_survey,
    "survey_invitations": experience.make_invitations,
    "client_feedback": experience.make_feedback,
    "haipro_reports": quality.make_haipro,
    "legal_cases": quality.make_legal,
    "action_register": registers.make_actions,
    "omavalvonta": registers.make_omavalvonta,
    "serious_incidents": registers.make_serious,
    "resourcing_weekly": staff.make_resourcing,
    "shifts_ahead": staff.make_shifts,
    "hr_monthly": staff.make_hr,
    "wellbeing_survey": staff.make_wellbeing,
    "training_monthly": staff.make_training,
    "students_term": staff.make_students,
    "budget_monthly": finance.make_budget,
    "contracts": finance.make_contracts,
    "preparation_notes": registers.make_preparations,
    "reference_values": registers.make_references,
    "care_plans": care.make_plans,
    "method_use": care.make_methods,
    "own_pairs": care.make_pairs,
}
"""What gives a month's records of each source, with everything that will ever happen to them."""


def read_by(folder: Path, layout: Layout, unfit: Callable[[Fault], None]) -> Layout:
    """Return the layout as a folder's configs read it; as it is where ``unfit`` hears what they lack."""
    try:
        return layout.read_by(read_source(folder, layout.source))
    except ConfigError as error:
        for fault in error.faults:
            unfit(fault)
        return layout


def as_known(layout: Layout, truth: Table, moment: np.datetime64) -> Rows:
    """Return records as known at a moment: what has not happened yet is empty or stands as it did before."""
    if layout.since:
        truth = take(truth, truth[layout.since] <= moment)
    rows = {**truth, **{name: only(truth[name], truth[name] <= moment) for name in layout.happenings}}
    if layout.state:
        conditions = {code: _hold(truth, all_of, moment) for code, all_of in layout.state.items()}
        rows["state"] = layout.first("state", **conditions)
    for time, values in layout.before.items():
        for name, value in values.items():
            rows[name] = np.where(truth[time] > moment, _stood(layout, truth, name, value), rows[name])
    for time, names in layout.not_before.items():
        rows |= {name: only(rows[name], truth[time] <= moment) for name in names}
    for time, names in layout.not_after.items():
        rows |= {name: only(rows[name], ~(truth[time] <= moment)) for name in names}
    return rows


def _hold(truth: Table, conditions: Iterable[str], moment: np.datetime64) -> Bools:
    """Return where times have come and other columns hold, or where they do "not"."""
    found = []
    for condition in conditions:
        values = truth[condition.removeprefix("not ")]
        holds = values <= moment if values.dtype.kind == "M" else values
        found.append(~holds if condition.startswith("not ") else holds)
    held: Bools = np.all(found, axis=0)
    return held


def _stood(layout: Layout, truth: Table, column: str, value: str | int) -> Any:
    """Return what stood in a column before: a number, a code, or what another column holds."""
    if isinstance(value, int):
        return value
    return layout.code(column, value) if layout.column(column).codes else truth[value]


def drawn(world: World, layout: Layout, month: int) -> Rows:
    """Return a month's records of one of the demo's own sources."""
    return records(MAKE[layout.source], Draw.of(world, layout, month))


def deliveries(
    world: World, layout: Layout, drawn: Callable[[World, Layout, int], Rows] = drawn
) -> Iterator[tuple[int, str, Iterator[Rows]]]:
    """Yield a source's files in order: the delivery's month, the end of the file's name, rows in parts."""
    keep = None if layout.shipped.open_cases else layout.config.window_months + layout.ahead + 2

    @lru_cache(maxsize=keep)
    def truth(month: int) -> Rows:
        return drawn(world, layout, month)

    for month in range(world.split, world.last + 1):
        if month > world.split and (month + 1) % layout.every:
            continue
        parts = delivered(world, layout, month, truth)
        if not layout.by_area:
            yield month, "", parts
            continue
        whole = join(list(parts))
        areas = np.array(world.org.areas(layout.elsewhere))[whole["unit_code"]]
        for area in sorted(set(areas.tolist())):
            yield month, f"_{area}", iter([take(whole, areas == area)])


def delivered(world: World, layout: Layout, month: int, truth: Callable[[int], Rows]) -> Iterator[Rows]:
    """Yield the rows of one delivery, month by month, as known on the extraction day."""
    config, window = layout.shipped, layout.config.window_months
    window_start = world.first if month == world.split else max(world.first, month - window + 1)
    moment = extraction_moment(month, layout.config.due)
    if config.may_repeat and not config.open_cases:  # a register: an extract holds its newest state alone
        yield as_known(layout, truth(month), moment)
        return
    for stream in range(world.first if config.open_cases else window_start, month + layout.ahead + 1):
        table = as_known(layout, truth(stream), moment)
        own = month_of(layout.own_dates(table))
        began = month_of(reduce(np.fmin, layout.dates_of(table)))
        wanted = (own >= window_start) & (began <= month)
        if config.open_cases:
            wanted |= (own < window_start) & _still_open(layout, table, first_day(month + 1))
        yield table if wanted.all() else take(table, wanted)


def _still_open(layout: Layout, table: Table, end: np.datetime64) -> Bools:
    if layout.ended:
        return ~np.isin(table["state"], layout.positions("state", *layout.ended))
    ends = table[layout.open_until]
    return np.isnat(ends) | (ends >= end)
