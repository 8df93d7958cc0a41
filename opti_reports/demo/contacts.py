"""Client contacts: who comes when to whom, after which wait, and when the visit gets recorded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from opti_reports.demo.days import (
    NONE,
    Bools,
    Ints,
    Times,
    at,
    draw_days,
    draw_seconds,
    first_day,
    is_workday,
    later,
    next_workday,
)
from opti_reports.demo.layout import Layout
from opti_reports.demo.source import Rows, empty_some, only, pick
from opti_reports.demo.world import World

VISITS = Layout(
    source="avohilmo_events",
    order="event_id, unit_code, home_unit_code, client_pseudo_id, age_at_event, client_language, "
    "contacted_at, hta_at, hta_profession, hta_urgency, hta_result, booked_at, booked_for, visit_start, "
    "contact_type, service_form, visit_nature, visitor_group, urgency, profession_class, "
    "professional_pseudo_id, own_doctor_pseudo_id, plan_based, guarantee_exempt, cancelled_at, cancel_reason",
    spoken=False,
    forms={"event_id": "A00000000000"},
    codes={
        "hta_profession": "LK, SH, MUU",
        "service_form": "T11, T71, T40",
        "visit_nature": "SH, TH",
        "visitor_group": "1, 2, 4",
        "cancel_reason": "1, 2, 3, 9",
    },
    constant=("rekisteri", "AVO"),
    booleans=("1", "0"),
)
LK, SH, MUU = VISITS.positions("profession_class", "LK", "SH", "MUU")
NONURGENT, URGENT, UNKNOWN = VISITS.positions("urgency", "nonurgent", "urgent", "unknown")
# What is filled in when the visit is recorded, and what the assessment brings.
VISIT_FIELDS = ("visit_start", "contact_type", "visitor_group", "urgency", "professional_pseudo_id")
HTA_FIELDS = ("hta_at", "hta_profession", "hta_urgency", "hta_result")
TYPES = VISITS.positions("contact_type", "R10", "R20", "R30", "R40", "R50", "R51", "R52", "R55", "R56")
TYPE_SHARES = np.array(
    [
        [0.450, 0.006, 0.002, 0.002, 0.05, 0.08, 0.21, 0.06, 0.14],
        [0.380, 0.012, 0.004, 0.004, 0.06, 0.13, 0.24, 0.06, 0.11],
        [0.600, 0.020, 0.010, 0.010, 0.04, 0.08, 0.14, 0.03, 0.07],
    ]
)
LONGEST_WAIT = 110
# From 2025 on the limit for adults is three months instead of 14 days, and stations plan by it.
LOOSER_FROM = (2025 - 1970) * 12


@dataclass(frozen=True)
class Visitors:
    """Who: clients, their station and the station they visit, and the units these are in the month."""

    client: Ints
    home: Ints
    station: Ints
    home_unit: Ints
    unit: Ints


def visitors(world: World, rng: np.random.Generator, month: int, n: int) -> Visitors:
    """Draw clients by how often they come; some go to another station than their own."""
    weights = world.people.weights
    return visits_of(
        world, rng, month, np.searchsorted(weights, rng.random(n) * weights[-1], side="right") - 1
    )


def visits_of(world: World, rng: np.random.Generator, month: int, client: Ints) -> Visitors:
    """Return where these clients go."""
    people, now = world.people, world.org.at(month)
    home = np.searchsorted(people.edges, client, side="right") - 1
    away = rng.random(len(client)) < 0.06
    station = np.where(away, rng.integers(0, len(people.stations), len(client)), home)
    return Visitors(client, home, station, now[people.stations[home]], now[people.stations[station]])


def person_fields(world: World, rng: np.random.Generator, who: Visitors, day: Times) -> Rows:
    """Return the columns that come from the client: units, age, language, own doctor."""
    people = world.people
    n = len(who.client)
    # Without stories nobody grows older: the share of the old would grow with them.
    seen = day.astype("datetime64[D]") if world.stories else first_day(world.first)
    age = (seen - people.born[who.client]).astype(np.int64) / 365.2425
    units = len(world.org.units)
    unknown = rng.random(n) < 0.003
    by_name = rng.random(n) < 0.004
    return {
        "unit_code": np.where(unknown, 2 * units, np.where(by_name, units + who.unit, who.unit)),
        "home_unit_code": empty_some(rng, who.home_unit, 0.03),
        "client_pseudo_id": who.client,
        "age_at_event": np.maximum(age, 0).astype(np.int64),
        "client_language": empty_some(rng, people.language[who.client], 0.02),
        "own_doctor_pseudo_id": np.where(people.listed[who.client] > 0, people.own_doctor[who.client], -1),
    }


def empty_fields(n: int) -> Rows:
    """Return a column of empties for every column of an event."""
    codes = (c.name for c in VISITS.columns if c.nullable and c.kind in ("enum", "boolean", "professional"))
    rows: Rows = {name: np.full(n, NONE) for name in (*VISITS.happenings, "booked_for", "recorded_at")}
    rows |= {name: np.full(n, -1) for name in codes}
    return rows | {
        "service_form": np.full(n, VISITS.code("service_form", "T11")),
        "visit_nature": np.full(n, VISITS.code("visit_nature", "SH")),
        "profession_class": np.full(n, SH),
    }


def contacts(world: World, rng: np.random.Generator, month: int) -> Rows:
    """Return the month's visits and remote contacts that count as client contacts."""
    n = int(rng.poisson(90_000 * world.scale * world.demand(month)))
    days = draw_days(rng, month, n, weekend=0.6)
    drawn = visitors(world, rng, month, n)
    who, days = _follow_ups(world, rng, month, drawn, days)
    visit = at(days, draw_seconds(rng, n, 0.03) // 60 * 60)
    profession = pick(rng, n, 0.38, 0.55, 0.07, of=(LK, SH, MUU))
    urgency = pick(rng, n, 0.79, 0.17, 0.025, 0.015, of=(NONURGENT, URGENT, UNKNOWN, -1))
    rows = empty_fields(n) | person_fields(world, rng, who, days)
    rows |= {
        "visit_start": visit,
        "contact_type": _types(rng, profession, world.grown(month)),
        "visitor_group": np.full(n, VISITS.code("visitor_group", "1")),
        "urgency": urgency,
        "profession_class": profession,
        "professional_pseudo_id": empty_some(rng, _professional(world, rng, who, profession), 0.04),
        "plan_based": empty_some(rng, rng.random(n) < 0.14, 0.08),
        "guarantee_exempt": empty_some(rng, rng.random(n) < 0.08, 0.30),
        "recorded_at": visit + _lag(world, rng, n),
    }
    return rows | assessment(world, rng, month, who, rows)


def _follow_ups(
    world: World, rng: np.random.Generator, month: int, who: Visitors, days: Times
) -> tuple[Visitors, Times]:
    """Return a tenth of contacts again, within a week after another contact of the same client."""
    n = len(days)
    if n < 2:
        return who, days
    source = rng.integers(0, n, n)
    moved = days[source] + rng.integers(1, 8, n).astype("timedelta64[D]")
    chosen = (rng.random(n) < 0.10) & (moved < first_day(month + 1)) & is_workday(moved)
    client = np.where(chosen, who.client[source], who.client)
    return visits_of(world, rng, month, client), np.where(chosen, moved, days)


def _types(rng: np.random.Generator, profession: Ints, age_of_demo: int) -> Ints:
    """Contact types by profession; real-time remote contacts grow slowly."""
    shares = TYPE_SHARES.copy()
    shares[:, 6] *= 1 + 0.008 * age_of_demo
    limits = np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)[profession]
    drawn = (rng.random(len(profession))[:, None] > limits[:, :-1]).sum(axis=1)
    chosen: Ints = TYPES[drawn]
    return chosen


def _professional(world: World, rng: np.random.Generator, who: Visitors, profession: Ints) -> Ints:
    """Return the own doctor or nurse by the station's share, otherwise anyone of the station visited."""
    people = world.people
    n = len(profession)
    share = np.clip(0.61 + world.effect("continuity", 0.07)[people.stations[who.home]], 0.35, 0.85)
    own = (rng.random(n) < np.where(profession == LK, share, share - 0.15)) & (who.home == who.station)
    doctor = people.doctors[0][who.station] + rng.integers(0, people.doctors[1][who.station])
    nurse = people.nurses[0][who.station] + rng.integers(0, people.nurses[1][who.station])
    doctor = np.where(own, people.own_doctor[who.client], doctor)
    nurse = np.where(own & (profession == SH), people.own_nurse[who.client], nurse)
    return np.where(profession == LK, doctor, nurse)


def _lag(world: World, rng: np.random.Generator, n: int) -> NDArray[np.timedelta64]:
    """Return how long after the visit it is recorded: mostly at once, at most three months; without stories
    soon.
    """
    shares = (0.935, 0.05, 0.015) if world.stories else (1.0, 0.0, 0.0)
    days = np.choose(
        pick(rng, n, *shares),
        [rng.uniform(0, 2, n), rng.uniform(3, 32, n), rng.uniform(32, 90, n)],
    )
    return (days * 86400).astype(np.int64).astype("timedelta64[s]")


def waits(world: World, rng: np.random.Generator, month: int, unit: Ints, doctor: Bools, age: Ints) -> Ints:
    """Return days from the assessment to the visit."""
    n = len(unit)
    pace = np.exp(world.effect("wait", 0.22))[unit] * (1.6 - 0.6 * world.season(month))
    strict = (age < 23) | (month < LOOSER_FROM) | (not world.stories)
    median = np.where(doctor, np.where(strict, 3.4, 4.8), 2.0) * pace
    days = np.exp(np.log(median) + rng.normal(0, 0.85, n)).astype(np.int64)
    lost = rng.random(n) < np.where(strict, 0.004, 0.012)
    if not world.stories:
        # No wait lies between the limits of two laws, so that the change of the law changes no share.
        days, lost = np.minimum(days, 9), rng.random(n) < 0.03
    shortest = 60 if world.stories else 95
    return np.minimum(np.where(lost, rng.integers(shortest, LONGEST_WAIT, n), days), LONGEST_WAIT)


def assessed_at(rng: np.random.Generator, visit: Times, wait: Ints) -> Times:
    """Return when the need of care was assessed: so many days before the visit, moved back to
    a working day.
    """
    n = len(visit)
    day = visit.astype("datetime64[D]") - wait.astype("timedelta64[D]")
    weekend = ~is_workday(day) & (wait > 0) & (rng.random(n) < 0.97)
    back = next_workday(day, -1)
    day = np.where(weekend, back, day)
    drawn = at(day, draw_seconds(rng, n, 0.01) // 60 * 60)
    just_before = np.maximum(
        visit - (rng.integers(5, 180, n) * 60).astype("timedelta64[s]"), visit.astype("datetime64[D]")
    )
    return np.where(wait > 0, drawn, just_before)


def assessment(world: World, rng: np.random.Generator, month: int, who: Visitors, rows: Rows) -> Rows:
    """Contact, assessment and booking before the visits; most visits have none on the row."""
    visit, urgency, profession = rows["visit_start"], rows["urgency"], rows["profession_class"]
    n = len(visit)
    nonurgent = urgency == NONURGENT
    chance = np.where(
        nonurgent, np.where(profession == LK, 0.36, np.where(profession == SH, 0.22, 0.05)), 0.20
    )
    has = rng.random(n) < chance
    wait = np.where(
        nonurgent,
        waits(
            world=world,
            rng=rng,
            month=month,
            unit=who.unit,
            doctor=profession == LK,
            age=rows["age_at_event"],
        ),
        0,
    )
    hta = only(assessed_at(rng, visit, wait), has)
    urgencies = np.where(nonurgent, NONURGENT, np.where(urgency == URGENT, URGENT, UNKNOWN))
    result = VISITS.positions("hta_result", "visit_needed", "unknown", "solved_in_contact")
    contacted = contact_before(rng, hta, visit)
    booked = has & (wait > 0) & (rng.random(n) < 0.8) | ~has & (rng.random(n) < 0.15)
    before = np.where(has, hta, visit - (rng.integers(1, 30, n) * 86400).astype("timedelta64[s]"))
    return {
        "contacted_at": contacted,
        "hta_at": hta,
        "hta_profession": only(empty_some(rng, pick(rng, n, 0.86, 0.1, 0.04, of=(SH, LK, MUU)), 0.03), has),
        "hta_urgency": only(empty_some(rng, urgencies, 0.01), has),
        "hta_result": only(empty_some(rng, pick(rng, n, 0.93, 0.05, 0.02, of=result), 0.02), has),
        "booked_at": only(np.minimum(later(before, rng.uniform(60, 900, n)), visit), booked),
        "booked_for": only(
            visit - (visit - visit.astype("datetime64[D]")) % np.timedelta64(900, "s"), booked
        ),
    }


def contact_before(rng: np.random.Generator, hta: Times, visit: Times) -> Times:
    """Return the contact that led to the assessment: mostly the same day, sometimes earlier,
    often unknown.
    """
    n = len(hta)
    midnight = hta.astype("datetime64[D]").astype("datetime64[s]")
    minutes = np.where(rng.random(n) < 0.04, 0, rng.exponential(45, n)).astype(np.int64) * 60
    same_day = np.maximum(hta - minutes.astype("timedelta64[s]"), midnight)
    days = (rng.integers(1, 4, n) * 86400).astype("timedelta64[s]")
    contacted = np.where(rng.random(n) < 0.05, hta - days, same_day)
    contacted = np.where(rng.random(n) < 0.15, NONE, contacted)
    unassessed = np.isnat(hta) & (rng.random(n) < 0.012)
    return np.where(unassessed, visit - (rng.integers(10, 3000, n) * 60).astype("timedelta64[s]"), contacted)
