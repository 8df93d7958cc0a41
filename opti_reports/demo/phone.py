"""Phone contacts: live calls and call-back requests, from arrival to the client reached."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from opti_reports.demo.days import (
    NONE,
    SUNDAY,
    Bools,
    Floats,
    Ints,
    Times,
    at,
    calendar_month,
    days_on,
    draw_days,
    draw_seconds,
    into_office,
    is_workday,
    later,
)
from opti_reports.demo.layout import Layout
from opti_reports.demo.organisation import STATION
from opti_reports.demo.source import Rows, Source, empty_some, hide, pick, serials
from opti_reports.demo.stories import story_month, story_unit, touched
from opti_reports.demo.world import World

PHONE = Layout(
    source="phone_contacts",
    order="contact_id, unit_code, handling_unit_code, contact_kind, arrived_at, answered_at, "
    "first_callback_at, reached_at, attempts_n, end_state, language=Kielilinja, in_opening_hours",
    forms={"contact_id": "P00000000000"},
    in_words=("end_state",),
    spelled={"live_call": "Puhelu", "callback_request": "Takaisinsoitto", "open": "jonossa"},
    constant=("Järjestelmä", "Puhepalvelu 4"),
    encoding="cp1252",
    dates="finnish",
)
MINUTES, HOUR = 60, 3600
ANSWERED, CALLED_BACK, UNREACHABLE, ABANDONED, REMOVED, DUPLICATE, OPEN = PHONE.positions(
    "end_state", "answered", "called_back", "unreachable", "abandoned", "removed", "duplicate", "open"
)
UNKNOWN_STATION = 0.05


def first_contacts(world: World, month: int) -> float:
    """Expected contacts by phone and digital service together."""
    growth = 1 + 0.0012 * world.grown(month)
    return 78_500 * world.scale * world.demand(month) * growth


def digital_share(world: World, month: int) -> float:
    """Return which part of first contacts is digital: creeping growth, and a jump when a
    service is launched.
    """
    grown = 0.10 + 0.06 * world.grown(month) / max(world.last - world.first, 1)
    ramp = min(max(story_month(world, "digital_launch", month), 0), 5) / 5
    return grown + 0.10 * ramp


def stations_of(
    world: World, rng: np.random.Generator, month: int, n: int, unknown: float
) -> tuple[Ints, Ints]:
    """Return the client's station of each contact, and the unit it is recorded for (or unallocated)."""
    people = world.org.people(month)
    station = rng.choice(len(people), n, p=people / people.sum())
    nowhere = world.org.of_kind("kohdistamaton")
    lost = rng.random(n) < (unknown if len(nowhere) else 0)
    return station, np.where(lost, nowhere[0] if len(nowhere) else 0, station)


def languages(world: World, rng: np.random.Generator, station: Ints) -> Ints:
    """Positions in fi, sv, en, muu; some are not recorded."""
    draw = rng.random(len(station))
    swedish = world.org.swedish()[station]
    found = np.where(draw < swedish, 1, np.where(draw > 0.97, 2, np.where(draw > 0.95, 3, 0)))
    return empty_some(rng, found, 0.02)


def make(world: World, month: int) -> Rows:
    """Return all phone contacts that arrive in the month."""
    rng = world.rng("phone_contacts", month)
    n = int(rng.poisson(first_contacts(world, month) * (1 - digital_share(world, month))))
    arrived = np.sort(
        np.concatenate([at(draw_days(rng, month, n), draw_seconds(rng, n, 0.05)), dst_night(month)])
    )
    arrived -= (arrived - arrived.astype("datetime64[D]")) % np.timedelta64(60, "s")
    n = len(arrived)
    station, unit = stations_of(world, rng, month, n, UNKNOWN_STATION)
    live = rng.random(n) < 0.30
    opened = _in_hours(arrived)
    table: Rows = {
        "contact_id": serials(month, n, 7),
        "unit_code": unit,
        "handling_unit_code": _handling(world, rng, unit),
        "contact_kind": np.where(live, 0, 1),
        "arrived_at": arrived,
        "language": languages(world, rng, station),
        "in_opening_hours": empty_some(rng, opened, 0.02),
    }
    return table | _calls(world=world, rng=rng, month=month, station=station, live=live, arrived=arrived)


def dst_night(month: int) -> Times:
    """Contacts on both sides of the hour that is lost or repeated when clocks are changed."""
    minutes = {3: (170, 245), 10: (165, 200, 245)}.get(calendar_month(month), ())
    return at(days_on(month, SUNDAY)[-1:], np.array(minutes, dtype=np.int64) * MINUTES)


def _in_hours(times: Times) -> Bools:
    days = times.astype("datetime64[D]")
    hour = (times - days).astype("timedelta64[h]").astype(np.int64)
    opened: Bools = is_workday(days) & (hour >= 8) & (hour < 16)
    return opened


def _handling(world: World, rng: np.random.Generator, unit: Ints) -> Ints:
    central = world.org.number("puhelinpalvelu")
    share = 0.12 if central >= 0 else 0
    return empty_some(rng, np.where(rng.random(len(unit)) < share, central, unit), 0.10)


def _fast(world: World, month: int) -> Floats:
    """Per unit the share of requests that are answered at once."""
    season = 0.06 * (1 - world.season(month))
    usual: Floats = np.clip(0.865 + world.effect("phone.fast", 0.03) + season, 0.5, 0.97)
    return np.where(touched(world, "phone_collapse", month) > 0, usual * 0.57, usual)


def _slow_day(world: World, month: int) -> Floats:
    """Per unit the share of requests that wait for more than a day."""
    usual = np.clip(0.02 + world.effect("phone.day", 0.008), 0.002, 0.06)
    sick = np.arange(len(usual)) == story_unit(world, "callback_recovery")
    healed = touched(world, "callback_recovery", month) > 0
    return np.where(healed, 0.004, np.where(sick, 0.16, usual))


def _calls(
    world: World, rng: np.random.Generator, month: int, station: Ints, live: Bools, arrived: Times
) -> Rows:
    """Answers, call-backs and end states of the contacts."""
    n = len(arrived)
    fast = _fast(world, month)[station]
    given_up = rng.random(n) < np.where(live, 0.09 + 0.35 * np.maximum(0.8 - fast, 0), 0)
    wait = np.where(
        rng.random(n) < fast + 0.1, rng.exponential(4.5 * MINUTES, n), rng.uniform(30, 75, n) * MINUTES
    )
    answered = np.where(live & ~given_up, later(arrived, wait), NONE)
    duplicate = rng.random(n) < 0.025
    removed = ~live & ~duplicate & (rng.random(n) < 0.006)
    called = ~live & ~duplicate & ~removed & (rng.random(n) >= 0.004)
    callback = np.where(called, _callback(rng, arrived, fast, _slow_day(world, month)[station]), NONE)
    attempts = np.where(called, 1 + pick(rng, n, 0.88, 0.08, 0.04), -1)
    missed = called & (attempts == 3) & (rng.random(n) < 0.7)
    again = into_office(
        rng, later(np.where(called, callback, arrived), rng.exponential(5 * HOUR, n) * (attempts - 1))
    )
    reached = np.where(called & ~missed, np.where(attempts == 1, callback, again), NONE)
    state = np.where(live, np.where(given_up, ABANDONED, ANSWERED), np.where(called, CALLED_BACK, OPEN))
    state = np.where(missed, UNREACHABLE, np.where(removed, REMOVED, np.where(duplicate, DUPLICATE, state)))
    return {
        "answered_at": np.where(duplicate, NONE, answered),
        "first_callback_at": callback,
        "reached_at": reached,
        "attempts_n": np.where(live, -1, np.maximum(attempts, 0)),
        "end_state": state,
    }


def _callback(rng: np.random.Generator, arrived: Times, fast: Floats, slow_day: Floats) -> Times:
    """First attempts to call back: most at once, some the same day, a few days later, all in office hours."""
    n = len(arrived)
    draw = rng.random(n)
    soon = np.minimum(2 + rng.exponential(8, n), 29) * MINUTES
    hours = np.minimum(0.6 + rng.lognormal(0.9, 0.6, n), 9) * HOUR
    days = (25 + rng.exponential(16, n)) * HOUR
    delay = np.where(draw < slow_day, days, np.where(draw < slow_day + (1 - slow_day) * fast, soon, hours))
    wanted = later(arrived, delay)
    in_time = _in_hours(wanted) | (_in_hours(arrived) & (delay < 30 * MINUTES))
    return np.where(in_time, wanted, into_office(rng, wanted))


def known(_world: World, table: Rows, moment: np.datetime64) -> Rows:
    """Without what happens after the moment; requests not called back by then are open."""
    seen = hide(PHONE, table, moment)
    waits = np.isnat(seen["reached_at"]) & ~np.isnat(table["reached_at"])
    never = np.isnat(seen["first_callback_at"]) & ~np.isnat(table["first_callback_at"])
    attempts = np.where(never, 0, np.where(waits, 1, seen["attempts_n"]))
    return seen | {"attempts_n": attempts, "end_state": np.where(waits | never, OPEN, seen["end_state"])}


def _areas(world: World, table: Rows) -> NDArray[np.str_]:
    """Calls are exported by service area; those of no known station by the central queue."""
    areas = [unit.parent or unit.id if unit.kind == STATION else "keskitetty" for unit in world.org.units]
    return np.array(areas)[table["unit_code"]]


SOURCE = Source(layout=PHONE, make=make, known=known, files=_areas)
