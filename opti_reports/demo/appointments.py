"""Third free appointments of the booking system, and referrals."""

from __future__ import annotations

import numpy as np

from opti_reports.demo.days import TUESDAY, Ints, days_on, draw_days
from opti_reports.demo.layout import Layout
from opti_reports.demo.source import Rows, Source, empty_some, pick, serials
from opti_reports.demo.world import World

T3 = Layout(
    source="t3_snapshots",
    order="snapshot_date, unit_code, profession_class, book_pseudo_id, t3_days=T3 päivää",
    spelled={"LK": "Lääkäri", "SH": "Sairaanhoitaja"},
    constant=("Laskentatapa", "kalenteripäivä"),
    xlsx=True,
)
REFERRALS = Layout(
    source="referrals",
    order="referral_id=Lähetetunnus, unit_code, sent_at=Lähetepvm, target, specialty, urgency, returned",
    forms={"referral_id": "L00000000000"},
    codes={"specialty": "10, 20, 25, 30, 50, 58, 70, 75, 98"},
    delimiter=",",
    booleans=("true", "false"),
)
NO_SLOT = 182


def make_t3(world: World, month: int) -> Rows:
    """Tuesday's snapshot of every appointment book, and a ready median for the profession without books."""
    rng = world.rng("t3_snapshots", month)
    tuesdays = days_on(month, TUESDAY)
    unit, profession, book = _books(world, month)
    n, weeks = len(unit), len(tuesdays)
    return {
        "snapshot_date": np.repeat(tuesdays, n),
        "unit_code": np.tile(unit, weeks),
        "profession_class": np.tile(profession, weeks),
        "book_pseudo_id": np.tile(book, weeks),
        "t3_days": _days(world, rng, month, np.tile(unit, weeks), np.tile(profession, weeks)),
    }


def _books(world: World, month: int) -> tuple[Ints, Ints, Ints]:
    """Unit, profession and professional of each book; at small scales some, never fewer than three."""
    people, now = world.people, world.org.at(month)
    rows: list[tuple[int, int, int]] = []
    for position, station in enumerate(people.stations):
        unit = int(now[station])
        for profession, (first, count) in enumerate((people.doctors, people.nurses)):
            books = range(int(first[position]), int(first[position] + max(count[position] * 9 // 10, 3)))
            rows += [(unit, profession, book) for book in books]
        if unit == station:
            rows.append((unit, 2, -1))
    table = np.array(rows, dtype=np.int64)
    return table[:, 0], table[:, 1], table[:, 2]


def _days(world: World, rng: np.random.Generator, month: int, unit: Ints, profession: Ints) -> Ints:
    n = len(unit)
    pace = np.exp(world.effect("wait", 0.22))[unit] * (1.8 - 0.8 * world.season(month))
    median = np.array([13.0, 4.0, 7.0])[profession] * pace
    days = np.exp(np.log(median) + rng.normal(0, 0.5, n)).astype(np.int64)
    return np.where(rng.random(n) < 0.012, NO_SLOT, np.minimum(days, NO_SLOT))


def make_referrals(world: World, month: int) -> Rows:
    """Return the month's referrals, with the day a few of them are returned."""
    rng = world.rng("referrals", month)
    n = int(rng.poisson(5000 * world.scale * world.demand(month)))
    people = world.org.people(month)
    sent = np.sort(draw_days(rng, month, n))
    target = pick(rng, n, 0.46, 0.30, 0.13, 0.07, 0.04)
    specialist = (target == REFERRALS.code("target", "esh")) | (target == REFERRALS.code("target", "mtp"))
    back = sent + rng.integers(2, 25, n).astype("timedelta64[D]")
    return {
        "referral_id": serials(month, n, 7),
        "unit_code": rng.choice(len(people), n, p=people / people.sum()),
        "sent_at": sent,
        "target": target,
        "specialty": np.where(specialist, empty_some(rng, pick(rng, n, 4, 5, 2, 2, 3, 1, 2, 2, 1), 0.03), -1),
        "urgency": empty_some(rng, pick(rng, n, 0.80, 0.17, 0.03), 0.02),
        "returned": empty_some(rng, rng.random(n) < 0.04, 0.05),
        "returned_on": back,
    }


def known_referrals(_world: World, table: Rows, moment: np.datetime64) -> Rows:
    """Return the referrals as known by a day: one is returned once the hospital has sent it back."""
    later_back = (table["returned"] == 1) & (table["returned_on"] > moment)
    return table | {"returned": np.where(later_back, 0, table["returned"])}


SOURCES = (
    Source(layout=T3, make=make_t3),
    Source(layout=REFERRALS, make=make_referrals, known=known_referrals),
)
