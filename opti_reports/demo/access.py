"""First contacts: live calls and call-back requests by phone; chats, messages, forms and video calls."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from opti_reports.demo.days import SUNDAY, at, calendar_month, days_on, in_office_hours, later
from opti_reports.demo.draw import Draw
from opti_reports.demo.layout import LAYOUTS
from opti_reports.demo.organisation import STATION
from opti_reports.demo.rows import Bools, Floats, Ints, Rows, Table, Times, only
from opti_reports.demo.source import Source
from opti_reports.demo.world import World

PHONE, DIGI = LAYOUTS["phone_contacts"], LAYOUTS["digi_contacts"]
MINUTES, HOUR = 60, 3600
ANSWERED, CALLED_BACK, UNREACHABLE, ABANDONED, REMOVED, DUPLICATE, OPEN = PHONE.positions(
    "end_state", "answered", "called_back", "unreachable", "abandoned", "removed", "duplicate", "open"
)
CHAT, MESSAGE, FORM, VIDEO = DIGI.positions("channel", "chat", "message", "form", "video")
RESOLVED, CONTINUED, LEFT, REDIRECTED, UNFINISHED = DIGI.positions(
    "end_state", "resolved", "continued", "abandoned", "redirected", "open"
)


def first_contacts(world: World, month: int) -> float:
    """Return the expected contacts by phone and digital service together."""
    return 78_500 * world.scale * world.demand(month) * (1 + 0.0012 * world.grown(month))


def digital_share(world: World, month: int) -> float:
    """Return which part of them is digital: creeping growth, and a jump when a service is launched."""
    grown = 0.10 + 0.06 * world.grown(month) / max(world.last - world.first, 1)
    ramp = min(max(world.story_month("digital_launch", month), 0), 5) / 5
    return grown + 0.10 * ramp


def stations_of(draw: Draw, unknown: float) -> tuple[Ints, Ints]:
    """Return the client's station of each contact, and the unit it is recorded for (or unallocated)."""
    station = draw.units_by_size()
    nowhere = draw.world.org.of_kind("kohdistamaton")
    lost = draw.chance(unknown if len(nowhere) else 0)
    return station, np.where(lost, nowhere[0] if len(nowhere) else 0, station)


def languages(draw: Draw, station: Ints) -> Ints:
    """Return positions in fi, sv, en, muu; some are not recorded."""
    number = draw.rng.random(draw.n)
    swedish = draw.world.org.swedish()[station]
    found = np.where(number < swedish, 1, np.where(number > 0.97, 2, np.where(number > 0.95, 3, 0)))
    return draw.some(found, 0.02)


def handled_by(draw: Draw, central: str, share: float, unit: Ints, empty: float) -> Ints:
    """Return who handles the contacts of these units: themselves, or for a share a central unit."""
    number = draw.world.org.number(central)
    return draw.some(np.where(draw.chance(share if number >= 0 else 0), number, unit), empty)


def dst_night(month: int) -> Times:
    """Return contacts on both sides of the hour that is lost or repeated when clocks are changed."""
    minutes = {3: (170, 245), 10: (165, 200, 245)}.get(calendar_month(month), ())
    return at(days_on(month, SUNDAY)[-1:], np.array(minutes, dtype=np.int64) * MINUTES)


def make_phone(draw: Draw) -> Rows:
    """Return all phone contacts that arrive in the month."""
    world, month = draw.world, draw.month
    draw = draw.about(first_contacts(world, month) * (1 - digital_share(world, month)))
    arrived = np.sort(np.concatenate([draw.times(draw.days(), 0.05), dst_night(month)]))
    draw = draw.rows(len(arrived))
    station, unit = stations_of(draw, 0.05)
    live = draw.chance(0.30)
    return {
        "contact_id": draw.serials(7),
        "unit_code": unit,
        "handling_unit_code": handled_by(draw, "puhelinpalvelu", 0.12, unit, empty=0.10),
        "contact_kind": np.where(live, 0, 1),
        "arrived_at": arrived,
        "language": languages(draw, station),
        "in_opening_hours": draw.some(in_office_hours(arrived), 0.02),
    } | _calls(draw, station, live, arrived)


def _fast(world: World, month: int) -> Floats:
    """Return per unit the share of requests that are answered at once."""
    season = 0.06 * (1 - world.season(month))
    usual: Floats = np.clip(0.865 + world.effect("phone.fast", 0.03) + season, 0.5, 0.97)
    return np.where(world.touched("phone_collapse", month), usual * 0.57, usual)


def _slow_day(world: World, month: int) -> Floats:
    """Return per unit the share of requests that wait for more than a day."""
    usual = np.clip(0.02 + world.effect("phone.day", 0.008), 0.002, 0.06)
    sick = np.arange(len(usual)) == world.story_unit("callback_recovery")
    healed = world.touched("callback_recovery", month)
    return np.where(healed, 0.004, np.where(sick, 0.16, usual))


def _calls(draw: Draw, station: Ints, live: Bools, arrived: Times) -> Rows:
    """Return answers, call-backs and end states of the contacts."""
    rng, n = draw.rng, draw.n
    fast = _fast(draw.world, draw.month)[station]
    given_up = draw.chance(np.where(live, 0.09 + 0.35 * np.maximum(0.8 - fast, 0), 0))
    soon = draw.chance(fast + 0.1)
    wait = np.where(soon, rng.exponential(4.5 * MINUTES, n), rng.uniform(30, 75, n) * MINUTES)
    duplicate = draw.chance(0.025)
    removed = ~live & ~duplicate & draw.chance(0.006)
    called = ~live & ~duplicate & ~removed & ~draw.chance(0.004)
    callback = only(_callback(draw, arrived, fast, _slow_day(draw.world, draw.month)[station]), called)
    attempts = np.where(called, 1 + draw.pick(0.88, 0.08, 0.04), -1)
    missed = called & (attempts == 3) & draw.chance(0.7)
    again = draw.office(np.where(called, callback, arrived), rng.exponential(5 * HOUR, n) * (attempts - 1))
    state = np.where(live, np.where(given_up, ABANDONED, ANSWERED), np.where(called, CALLED_BACK, OPEN))
    state = np.where(missed, UNREACHABLE, np.where(removed, REMOVED, np.where(duplicate, DUPLICATE, state)))
    return {
        "answered_at": only(later(arrived, wait), live & ~given_up & ~duplicate),
        "first_callback_at": callback,
        "reached_at": only(np.where(attempts == 1, callback, again), called & ~missed),
        "attempts_n": np.where(live, -1, np.maximum(attempts, 0)),
        "end_state": state,
    }


def _callback(draw: Draw, arrived: Times, fast: Floats, slow_day: Floats) -> Times:
    """Return first attempts to call back: most at once, some the same day, a few days later."""
    rng, n = draw.rng, draw.n
    number = rng.random(n)
    soon = np.minimum(2 + rng.exponential(8, n), 29) * MINUTES
    hours = np.minimum(0.6 + rng.lognormal(0.9, 0.6, n), 9) * HOUR
    days = (25 + rng.exponential(16, n)) * HOUR
    at_once = number < slow_day + (1 - slow_day) * fast
    delay = np.where(number < slow_day, days, np.where(at_once, soon, hours))
    wanted = later(arrived, delay)
    in_time = in_office_hours(wanted) | (in_office_hours(arrived) & (delay < 30 * MINUTES))
    return np.where(in_time, wanted, draw.office(wanted))


def known_phone(table: Table, seen: Table, _moment: np.datetime64) -> Rows:
    """Return the requests not called back by the moment as open."""
    waits = np.isnat(seen["reached_at"]) & ~np.isnat(table["reached_at"])
    never = np.isnat(seen["first_callback_at"]) & ~np.isnat(table["first_callback_at"])
    attempts = np.where(never, 0, np.where(waits, 1, seen["attempts_n"]))
    return {"attempts_n": attempts, "end_state": np.where(waits | never, OPEN, seen["end_state"])}


def _areas(world: World, table: Table) -> NDArray[np.str_]:
    """Return the service areas that calls are exported by; those of no station by the central queue."""
    areas = [unit.parent or unit.id if unit.kind == STATION else "keskitetty" for unit in world.org.units]
    return np.array(areas)[table["unit_code"]]


def make_digi(draw: Draw) -> Rows:
    """Return all digital cases opened in the month."""
    world, month = draw.world, draw.month
    draw = draw.about(first_contacts(world, month) * digital_share(world, month))
    opened = np.sort(np.concatenate([draw.times(draw.days(weekend=2), 0.22, step=1), dst_night(month)]))
    draw = draw.rows(len(opened))
    station, unit = stations_of(draw, 0.06)
    channel = draw.pick(0.45, 0.30, 0.20, 0.05, of=(CHAT, MESSAGE, FORM, VIDEO))
    return {
        "case_id": draw.serials(7),
        "unit_code": unit,
        "handling_unit_code": handled_by(draw, "digitiimi", 0.55, unit, empty=0.08),
        "channel": channel,
        "opened_at": opened,
        "client_age": _ages(draw, channel),
        "language": languages(draw, station),
    } | _handled(draw, station, channel, opened)


def _ages(draw: Draw, channel: Ints) -> Ints:
    """Return ages: younger than those of visits; anonymous chats have none."""
    age = np.clip(draw.rng.normal(42, 19, draw.n), 0, 97).astype(np.int64)
    return np.where(draw.chance(np.where(channel == CHAT, 0.45, 0.03)), -1, age)


def _handled(draw: Draw, station: Ints, channel: Ints, opened: Times) -> Rows:
    """Return the first response, the end and the rating of the cases."""
    rng, n = draw.rng, draw.n
    chat = channel == CHAT
    left = draw.chance(np.where(chat, 0.11, 0.03))
    unanswered = left & draw.chance(0.8)
    pace = draw.world.paces("digi.chat", 0.25)[station]
    wait = np.where(chat, rng.lognormal(5.4, 0.75, n) * pace, rng.lognormal(9.0, 0.9, n))
    wait = np.where(chat & draw.chance(0.002), 0, wait)
    response = later(opened, wait)
    response = np.where(chat | draw.chance(0.2), response, draw.office(response))
    length = np.where(chat, rng.lognormal(6.3, 0.6, n), rng.lognormal(9.5, 1.0, n))
    length = np.where(unanswered, rng.uniform(60, 1500, n), length)
    closed = later(np.where(unanswered, opened, response), length)
    state = draw.pick(0.62, 0.28, 0.10, of=(RESOLVED, CONTINUED, REDIRECTED))
    forgotten = ~left & draw.chance(0.003)
    rating = 1 + draw.pick(0.03, 0.04, 0.10, 0.28, 0.55)
    return {
        "first_response_at": only(response, ~unanswered),
        "closed_at": only(closed, ~forgotten),
        "end_state": np.where(forgotten, UNFINISHED, np.where(left, LEFT, state)),
        "rating_1_5": only(draw.some(rating, 0.70), ~(left | forgotten)),
    }


def known_digi(_table: Table, seen: Table, _moment: np.datetime64) -> Rows:
    """Return the cases that are not closed by the moment as open and unrated."""
    closed = ~np.isnat(seen["closed_at"])
    return {
        "end_state": np.where(closed, seen["end_state"], UNFINISHED),
        "rating_1_5": only(seen["rating_1_5"], closed),
    }


SOURCES = (
    Source(layout=PHONE, make=make_phone, known=known_phone, files=_areas),
    Source(layout=DIGI, make=make_digi, known=known_digi),
)
