"""Client contacts: who comes when to whom, after which wait, and when the visit gets recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from opti_reports.demo.data import COUNTY
from opti_reports.demo.days import DAY, DAYS, MINUTE, first_day, is_workday, later, midnight, next_workday
from opti_reports.demo.draw import Draw
from opti_reports.demo.layout import LAYOUTS
from opti_reports.demo.rows import NONE, Bools, Ints, Rows, Times, filled, only
from opti_reports.periods.months import parse_month

VISITS = LAYOUTS["avohilmo_events"]
LK, SH, MUU = VISITS.positions("profession_class", "LK", "SH", "MUU")
NONURGENT, URGENT, UNKNOWN = VISITS.positions("urgency", "nonurgent", "urgent", "unknown")
T11 = VISITS.code("service_form", "T11")
CARE = VISITS.code("visit_nature", "SH")
ALONE = VISITS.code("visitor_group", "1")
TYPES = VISITS.positions("contact_type", *COUNTY["contact_types"]["LK"])
TYPE_SHARES = VISITS.numbers("contact_types", "profession_class").T
LONGEST_WAIT = 110
# From 2025 on the limit for adults is three months instead of 14 days, and stations plan by it.
LOOSER_FROM = parse_month("2025-01")


@dataclass(frozen=True)
class Visitors:
    """Who: clients, their station and the station they visit, and the units these are in the month."""

    client: Ints
    home: Ints
    station: Ints
    home_unit: Ints
    unit: Ints


def visitors(draw: Draw, client: Ints | None = None) -> Visitors:
    """Return where clients go: these, or some by how often they come. A few go to another station."""
    people, now = draw.world.people, draw.world.org.at(draw.month)
    if client is None:
        often = draw.rng.random(draw.n) * people.weights[-1]
        client = np.searchsorted(people.weights, often, side="right") - 1
    home = np.searchsorted(people.edges, client, side="right") - 1
    station = np.where(draw.chance(0.06), draw.rng.integers(0, len(people.stations), draw.n), home)
    return Visitors(client, home, station, now[people.stations[home]], now[people.stations[station]])


def events(draw: Draw, who: Visitors, day: Times) -> dict[str, Any]:
    """Return events of these clients: all columns, with no contact, assessment, booking or visit in them."""
    world, people, client = draw.world, draw.world.people, who.client
    times = (*VISITS.happenings, "booked_for", "recorded_at")
    codes = (c.name for c in VISITS.columns if c.kind in ("enum", "boolean", "professional"))
    usual = {"service_form": T11, "visit_nature": CARE, "profession_class": SH}
    rows: dict[str, Any] = {**dict.fromkeys(times, NONE), **dict.fromkeys(codes, -1), **usual}
    # Without stories nobody grows older: the share of the old would grow with them.
    seen = midnight(day) if world.stories else first_day(world.first)
    age = (seen - people.born[client]).astype(np.int64) / 365.2425
    units = len(world.org.units)
    unknown, by_name = draw.chance(0.003), draw.chance(0.004)
    return rows | {
        "unit_code": np.where(unknown, 2 * units, np.where(by_name, units + who.unit, who.unit)),
        "home_unit_code": draw.some(who.home_unit, 0.03),
        "client_pseudo_id": client,
        "age_at_event": np.maximum(age, 0).astype(np.int64),
        "client_language": draw.some(people.language[client], 0.02),
        "own_doctor_pseudo_id": only(people.own[0, client], people.listed[client]),
    }


def client_contacts(draw: Draw) -> Rows:
    """Return the month's visits and remote contacts that count as client contacts."""
    draw = draw.about(90_000 * draw.world.scale * draw.demand)
    days = draw.days(weekend=0.6)
    who, days = _follow_ups(draw, visitors(draw), days)
    visit = draw.times(days, 0.03)
    profession = draw.code("profession_class", LK=0.38, SH=0.55, MUU=0.07)
    urgency = draw.pick(0.79, 0.17, 0.025, 0.015, of=(NONURGENT, URGENT, UNKNOWN, -1))
    rows = events(draw, who, days) | {
        "visit_start": visit,
        "contact_type": _types(draw, profession),
        "visitor_group": ALONE,
        "urgency": urgency,
        "profession_class": profession,
        "professional_pseudo_id": draw.some(_professional(draw, who, profession), 0.04),
        "plan_based": draw.flag(0.14, empty=0.08),
        "guarantee_exempt": draw.flag(0.08, empty=0.30),
    }
    # Most visits are recorded soon, all within three months; without stories all soon.
    late = draw.pick(*((0.935, 0.05, 0.015) if draw.world.stories else (1.0, 0.0, 0.0)))
    lags = [draw.rng.uniform(*days, draw.n) * DAYS for days in ((0, 2), (3, 32), (32, 90))]
    rows["recorded_at"] = visit + np.choose(late, lags).astype("timedelta64[s]")
    return filled(rows | assessment(draw, who, rows))


def _follow_ups(draw: Draw, who: Visitors, days: Times) -> tuple[Visitors, Times]:
    """Return a tenth of contacts again, within a week after another contact of the same client."""
    if draw.n < 2:
        return who, days
    source = draw.rng.integers(0, draw.n, draw.n)
    moved = days[source] + draw.rng.integers(1, 8, draw.n) * DAY
    chosen = draw.chance(0.10) & (moved < first_day(draw.month + 1)) & is_workday(moved)
    client = np.where(chosen, who.client[source], who.client)
    return visitors(draw, client), np.where(chosen, moved, days)


def _types(draw: Draw, profession: Ints) -> Ints:
    """Return contact types by profession; real-time remote contacts grow slowly."""
    shares = TYPE_SHARES.copy()
    shares[:, 6] *= 1 + 0.008 * draw.grown
    limits = np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)[profession]
    chosen: Ints = TYPES[(draw.rng.random(draw.n)[:, None] > limits[:, :-1]).sum(axis=1)]
    return chosen


def _professional(draw: Draw, who: Visitors, profession: Ints) -> Ints:
    """Return the own doctor or nurse by the station's share, otherwise anyone of the station visited."""
    people = draw.world.people
    share = np.clip(0.61 + draw.world.effect("continuity", 0.07)[people.stations[who.home]], 0.35, 0.85)
    own = draw.chance(np.where(profession == LK, share, share - 0.15)) & (who.home == who.station)
    anyone = people.first[:, who.station] + draw.rng.integers(0, people.count[:, who.station])
    nurse = np.where(profession == LK, 0, 1)
    theirs = people.own[nurse, who.client]
    return np.where(own & (profession != MUU), theirs, np.choose(nurse, anyone))


def waits(draw: Draw, unit: Ints, doctor: Bools, age: Ints) -> Ints:
    """Return days from the assessment to the visit."""
    world, rng, n = draw.world, draw.rng, draw.n
    strict = (age < 23) | (draw.month < LOOSER_FROM) | (not world.stories)
    days = draw.waits(unit, np.where(doctor, np.where(strict, 3.4, 4.8), 2.0), spread=0.85, summer=0.6)
    lost = draw.chance(np.where(strict, 0.004, 0.012))
    if not world.stories:
        # No wait lies between the limits of two laws, so that the change of the law changes no share.
        days, lost = np.minimum(days, 9), draw.chance(0.03)
    shortest = 60 if world.stories else 95
    return np.minimum(np.where(lost, rng.integers(shortest, LONGEST_WAIT, n), days), LONGEST_WAIT)


def assessed_at(draw: Draw, visit: Times, wait: Ints) -> Times:
    """Return when care was assessed: so many days before the visit, moved back to a working day."""
    day = midnight(visit) - wait * DAY
    weekend = ~is_workday(day) & (wait > 0) & draw.chance(0.97)
    day = np.where(weekend, next_workday(day, -1), day)
    drawn = draw.times(day, 0.01)
    just_before = visit - draw.rng.integers(5, 180, draw.n) * MINUTE
    return np.where(wait > 0, drawn, np.maximum(just_before, midnight(visit)))


def assessment(draw: Draw, who: Visitors, rows: Rows) -> Rows:
    """Return contact, assessment and booking before the visits; most visits have none on the row."""
    rng, n = draw.rng, draw.n
    visit, urgency, profession = rows["visit_start"], rows["urgency"], rows["profession_class"]
    doctor, nonurgent = profession == LK, urgency == NONURGENT
    chance = np.where(doctor, 0.36, np.where(profession == SH, 0.22, 0.05))
    has = draw.chance(np.where(nonurgent, chance, 0.20))
    wait = np.where(nonurgent, waits(draw, who.unit, doctor, rows["age_at_event"]), 0)
    hta = only(assessed_at(draw, visit, wait), has)
    contacted = contact_before(draw, hta, visit)
    booked = has & (wait > 0) & draw.chance(0.8) | ~has & draw.chance(0.15)
    before = np.where(has, hta, visit - rng.integers(1, 30, n) * DAY)
    return {
        "contacted_at": contacted,
        "hta_at": hta,
        "hta_profession": draw.code("hta_profession", SH=0.86, LK=0.1, MUU=0.04, empty=0.03),
        "hta_urgency": draw.some(np.where(urgency < 0, UNKNOWN, urgency), 0.01),
        "hta_result": draw.code(
            "hta_result", visit_needed=0.93, unknown=0.05, solved_in_contact=0.02, empty=0.02
        ),
        "booked_at": only(np.minimum(later(before, rng.uniform(60, 900, n)), visit), booked),
        "booked_for": visit - (visit - midnight(visit)) % (15 * MINUTE),
    }


def contact_before(draw: Draw, hta: Times, visit: Times) -> Times:
    """Return the contact before the assessment: mostly the same day, sometimes earlier, often unknown."""
    rng, n = draw.rng, draw.n
    minutes = np.where(draw.chance(0.04), 0, rng.exponential(45, n))
    same_day = np.maximum(hta - minutes * MINUTE, midnight(hta))
    days = rng.integers(1, 4, n) * DAY
    contacted = draw.some(np.where(draw.chance(0.05), hta - days, same_day), 0.15)
    unassessed = np.isnat(hta) & draw.chance(0.012)
    return np.where(unassessed, visit - rng.integers(10, 3000, n) * MINUTE, contacted)
