"""Access: first contacts by phone and digital service, third free appointments, and referrals."""

from __future__ import annotations

import numpy as np

from opti_reports.demo.days import DAY, HOURS, MINUTES, SUNDAY, TUESDAY, days_on, in_office_hours, later
from opti_reports.demo.draw import Draw
from opti_reports.demo.layout import LAYOUTS
from opti_reports.demo.rows import Bools, Floats, Ints, Rows, Times, only
from opti_reports.demo.world import World

PHONE, DIGI = LAYOUTS["phone_contacts"], LAYOUTS["digi_contacts"]
SPECIALISTS = LAYOUTS["referrals"].positions("target", "esh", "mtp")
NO_SLOT = 182
# In March and October (months from 0): minutes after midnight, around the hour that is lost or repeated.
CLOCKS_CHANGE = {2: (170, 245), 9: (165, 200, 245)}


def arrivals(draw: Draw, digital: bool) -> tuple[Draw, Times]:
    """Go on with the month's contacts by phone or the digital ones, and return when they arrive.

    The digital share creeps up, and jumps when a service is launched.
    """
    world, month = draw.world, draw.month
    everyone = 78_500 * world.scale * draw.demand * (1 + 0.0012 * draw.grown)
    launched = min(max(draw.story_month("digital_launch"), 0), 5) / 5
    share = 0.10 + 0.06 * draw.grown / max(world.last - world.first, 1) + 0.10 * launched
    draw = draw.about(everyone * (share if digital else 1 - share))
    times = draw.times(draw.days(weekend=2), 0.22, step=1) if digital else draw.times(draw.days(), 0.05)
    minutes = np.array(CLOCKS_CHANGE.get(month % 12, ()), dtype=np.int64)
    at_night = later(days_on(month, SUNDAY)[-1:], minutes * MINUTES)
    return draw.rows(len(times) + len(at_night)), np.sort(np.concatenate([times, at_night]))


def stations_of(draw: Draw, unknown: float) -> tuple[Ints, Ints]:
    """Return the client's station of each contact, and the unit it is recorded for (or unallocated)."""
    station = draw.units_by_size()
    nowhere = next(iter(draw.world.org.of_kind("kohdistamaton")), -1)
    return station, np.where(draw.chance(unknown) & (nowhere >= 0), nowhere, station)


def languages(draw: Draw, station: Ints) -> Ints:
    """Return languages as people of the stations speak them; some are not recorded."""
    number, swedish = draw.rng.random(draw.n), draw.world.org.swedish()[station]
    found = draw.layout.first("language", sv=number < swedish, en=number > 0.97, muu=number > 0.95, fi=True)
    return draw.some(found, 0.02)


def handled_by(draw: Draw, central: str, share: float, unit: Ints, empty: float) -> Ints:
    """Return who handles the contacts of these units: themselves, or for a share a central unit."""
    number = draw.world.org.number(central)
    return draw.some(np.where(draw.chance(share) & (number >= 0), number, unit), empty)


def make_phone(draw: Draw) -> Rows:
    """Return all phone contacts that arrive in the month."""
    draw, arrived = arrivals(draw, digital=False)
    station, unit = stations_of(draw, 0.05)
    live = draw.chance(0.30)
    return {
        "unit_code": unit,
        "handling_unit_code": handled_by(draw, "puhelinpalvelu", 0.12, unit, empty=0.10),
        "contact_kind": np.where(live, 0, 1),
        "arrived_at": arrived,
        "language": languages(draw, station),
        "in_opening_hours": draw.some(in_office_hours(arrived), 0.02),
    } | _calls(draw, station, live, arrived)


def _calls(draw: Draw, station: Ints, live: Bools, arrived: Times) -> Rows:
    """Return answers, call-backs and end states of the contacts."""
    rng, n = draw.rng, draw.n
    fast, slow_day = (shares[station] for shares in _answered_at_once_or_late(draw))
    given_up = draw.chance(np.where(live, 0.09 + 0.35 * np.maximum(0.8 - fast, 0), 0))
    soon = draw.chance(fast + 0.1)
    wait = np.where(soon, rng.exponential(4.5 * MINUTES, n), rng.uniform(30, 75, n) * MINUTES)
    duplicate = draw.chance(0.025)
    removed = ~live & ~duplicate & draw.chance(0.006)
    called = ~live & ~duplicate & ~removed & ~draw.chance(0.004)
    callback = only(_callback(draw, arrived, fast, slow_day), called)
    attempts = np.where(called, 1 + draw.pick(0.88, 0.08, 0.04), -1)
    missed = called & (attempts == 3) & draw.chance(0.7)
    again = draw.office(np.where(called, callback, arrived), rng.exponential(5 * HOURS, n) * (attempts - 1))
    ends = {"unreachable": missed, "removed": removed, "duplicate": duplicate, "called_back": called}
    return {
        "answered_at": only(later(arrived, wait), live & ~given_up & ~duplicate),
        "first_callback_at": callback,
        "reached_at": only(np.where(attempts == 1, callback, again), called & ~missed),
        "attempts_n": np.where(live, -1, np.maximum(attempts, 0)),
        "end_state": PHONE.first("end_state", **ends, open=~live, abandoned=given_up, answered=True),
    }


def _answered_at_once_or_late(draw: Draw) -> tuple[Floats, Floats]:
    """Return per unit the share of requests that are answered at once, and that wait for more than a day."""
    world = draw.world
    fast = np.clip(0.865 + world.effect("phone.fast", 0.03) + 0.06 * (1 - draw.season), 0.5, 0.97)
    late = np.clip(0.02 + world.effect("phone.day", 0.008), 0.002, 0.06)
    sick = np.arange(len(late)) == world.story_unit("callback_recovery")
    return (
        np.where(draw.touched("phone_collapse"), fast * 0.57, fast),
        np.where(draw.touched("callback_recovery"), 0.004, np.where(sick, 0.16, late)),
    )


def _callback(draw: Draw, arrived: Times, fast: Floats, slow_day: Floats) -> Times:
    """Return first attempts to call back: most at once, some the same day, a few days later."""
    rng, n = draw.rng, draw.n
    number = rng.random(n)
    soon = np.minimum(2 + rng.exponential(8, n), 29) * MINUTES
    hours = np.minimum(0.6 + rng.lognormal(0.9, 0.6, n), 9) * HOURS
    days = (25 + rng.exponential(16, n)) * HOURS
    at_once = number < slow_day + (1 - slow_day) * fast
    delay = np.where(number < slow_day, days, np.where(at_once, soon, hours))
    wanted = later(arrived, delay)
    in_time = in_office_hours(wanted) | (in_office_hours(arrived) & (delay < 30 * MINUTES))
    return np.where(in_time, wanted, draw.office(wanted))


def make_digi(draw: Draw) -> Rows:
    """Return all digital cases opened in the month."""
    draw, opened = arrivals(draw, digital=True)
    station, unit = stations_of(draw, 0.06)
    channel = draw.code("channel", chat=0.45, message=0.30, form=0.20, video=0.05)
    chat = channel == DIGI.code("channel", "chat")
    rows = {
        "unit_code": unit,
        "handling_unit_code": handled_by(draw, "digitiimi", 0.55, unit, empty=0.08),
        "channel": channel,
        "opened_at": opened,
    }
    # Younger people than those of visits; anonymous chats tell no age.
    age = np.clip(draw.rng.normal(42, 19, draw.n), 0, 97).astype(np.int64)
    known = ~draw.chance(np.where(chat, 0.45, 0.03))
    rows["client_age"] = only(age, known)
    rows["client_pseudo_id"] = only(_users(draw), known)
    return rows | {"language": languages(draw, station)} | _handled(draw, station, chat, opened)


def _users(draw: Draw) -> Ints:
    """Return the clients behind digital cases, by how often they come; a stream of their own."""
    weights, rng = draw.world.people.weights, draw.world.rng("digital users", draw.month)
    found: Ints = np.searchsorted(weights, rng.random(draw.n) * weights[-1], side="right") - 1
    return found


def _handled(draw: Draw, station: Ints, chat: Bools, opened: Times) -> Rows:
    """Return the first response, the end and the rating of the cases."""
    rng, n = draw.rng, draw.n
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
    given_up, unfinished = DIGI.positions("end_state", "abandoned", "open")
    state = draw.code("end_state", resolved=0.62, continued=0.28, redirected=0.10)
    forgotten = ~left & draw.chance(0.003)
    rating = 1 + draw.pick(0.03, 0.04, 0.10, 0.28, 0.55)
    return {
        "first_response_at": only(response, ~unanswered),
        "closed_at": only(closed, ~forgotten),
        "end_state": np.where(forgotten, unfinished, np.where(left, given_up, state)),
        "rating_1_5": only(draw.some(rating, 0.70), ~left),
    }


def make_t3(draw: Draw) -> Rows:
    """Return Tuesdays' snapshots of every appointment book, and a median for the profession without books."""
    tuesdays, books = days_on(draw.month, TUESDAY), _books(draw.world, draw.month)
    unit, profession, book = np.tile(books, (len(tuesdays), 1)).T
    draw = draw.rows(len(unit))
    days = draw.waits(unit, np.array([13.0, 4.0, 7.0])[profession], spread=0.5, summer=0.8)
    free = draw.world.rng("free", draw.month).poisson(np.maximum(18 - days, 0) * 0.6)
    return {
        "snapshot_date": np.repeat(tuesdays, len(books)),
        "unit_code": unit,
        "profession_class": profession,
        "book_pseudo_id": book,
        "t3_days": np.where(draw.chance(0.012), NO_SLOT, np.minimum(days, NO_SLOT)),
        "free_14d_n": only(free, draw.world.rng("uncounted", draw.month).random(draw.n) >= 0.03),
    }


def _books(world: World, month: int) -> Ints:
    """Return unit, profession and professional of each book; at small scales some, at least three."""
    people, now = world.people, world.org.at(month)
    rows: list[tuple[int, int, int]] = []
    for station, firsts, counts in zip(people.stations, people.first.T, people.count.T, strict=True):
        unit = int(now[station])
        for profession, (first, count) in enumerate(zip(firsts, counts, strict=True)):
            rows += [(unit, profession, int(first) + book) for book in range(max(count * 9 // 10, 3))]
        if unit == station:
            rows.append((unit, 2, -1))
    return np.array(rows, dtype=np.int64)


def make_referrals(draw: Draw) -> Rows:
    """Return the month's referrals, with the day a few of them are returned."""
    draw = draw.about(5000 * draw.world.scale * draw.demand)
    sent = np.sort(draw.days())
    target = draw.pick(0.46, 0.30, 0.13, 0.07, 0.04)
    back = sent + draw.rng.integers(2, 25, draw.n) * DAY
    rows = {
        "unit_code": draw.units_by_size(),
        "sent_at": sent,
        "target": target,
        "specialty": only(draw.pick(4, 5, 2, 2, 3, 1, 2, 2, 1, empty=0.03), np.isin(target, SPECIALISTS)),
        "urgency": draw.pick(0.80, 0.17, 0.03, empty=0.02),
        "returned": draw.flag(0.04, empty=0.05),
    }
    return rows | {"returned_on": only(back, rows["returned"] == 1)}
