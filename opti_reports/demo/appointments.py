"""Third free appointments of the booking system, and referrals."""

from __future__ import annotations

import numpy as np

from opti_reports.demo.days import TUESDAY, days_on, in_days
from opti_reports.demo.draw import Draw
from opti_reports.demo.layout import LAYOUTS
from opti_reports.demo.rows import Ints, Rows, only
from opti_reports.demo.world import World

SPECIALISTS = LAYOUTS["referrals"].positions("target", "esh", "mtp")
NO_SLOT = 182


def make_t3(draw: Draw) -> Rows:
    """Return Tuesdays' snapshots of every appointment book, and a median for the profession without books."""
    tuesdays, books = days_on(draw.month, TUESDAY), _books(draw.world, draw.month)
    unit, profession, book = np.tile(books, (len(tuesdays), 1)).T
    draw = draw.rows(len(unit))
    pace = draw.world.paces("wait", 0.22)[unit] * (1.8 - 0.8 * draw.world.season(draw.month))
    median = np.array([13.0, 4.0, 7.0])[profession] * pace
    days = np.exp(np.log(median) + draw.rng.normal(0, 0.5, draw.n)).astype(np.int64)
    return {
        "snapshot_date": np.repeat(tuesdays, len(books)),
        "unit_code": unit,
        "profession_class": profession,
        "book_pseudo_id": book,
        "t3_days": np.where(draw.chance(0.012), NO_SLOT, np.minimum(days, NO_SLOT)),
    }


def _books(world: World, month: int) -> Ints:
    """Return unit, profession and professional of each book; at small scales some, at least three."""
    people, now = world.people, world.org.at(month)
    rows: list[tuple[int, int, int]] = []
    for position, station in enumerate(people.stations):
        unit = int(now[station])
        for profession, (first, count) in enumerate((people.doctors, people.nurses)):
            books = range(int(first[position]), int(first[position] + max(count[position] * 9 // 10, 3)))
            rows += [(unit, profession, book) for book in books]
        if unit == station:
            rows.append((unit, 2, -1))
    return np.array(rows, dtype=np.int64)


def make_referrals(draw: Draw) -> Rows:
    """Return the month's referrals, with the day a few of them are returned."""
    draw = draw.about(5000 * draw.world.scale * draw.world.demand(draw.month))
    sent = np.sort(draw.days())
    target = draw.pick(0.46, 0.30, 0.13, 0.07, 0.04)
    back = sent + in_days(draw.rng.integers(2, 25, draw.n))
    rows = {
        "unit_code": draw.units_by_size(),
        "sent_at": sent,
        "target": target,
        "specialty": only(draw.pick(4, 5, 2, 2, 3, 1, 2, 2, 1, empty=0.03), np.isin(target, SPECIALISTS)),
        "urgency": draw.pick(0.80, 0.17, 0.03, empty=0.02),
        "returned": draw.flag(0.04, empty=0.05),
    }
    return rows | {"returned_on": only(back, rows["returned"] == 1)}
