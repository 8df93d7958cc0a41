"""Every edge there is, laid out: each edge day with each delay, each clock time of the nights it changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import cycle

from tests.oracle.dates import last_day, month_of
from tests.property.deliveries import Delivery, Row
from tests.property.strategies import CLOCK_CHANGES, DESK, EDGES, FIRST, LAST, LATER, TIMES, later

HALF = FIRST + 10


def _moments() -> Iterator[tuple[datetime, timedelta | None]]:
    times = cycle(TIMES)
    for day in EDGES:
        for delay in (*LATER, None):
            yield datetime.combine(day, next(times)), delay
    for night in CLOCK_CHANGES:
        for day in (night - timedelta(days=1), night):
            for time in TIMES:
                for delay in LATER:
                    yield datetime.combine(day, time), delay


def _rows() -> Iterator[Row]:
    codes, clients, workers, kinds = cycle(DESK), cycle("abcdefg"), cycle(["w1", "w2", None]), cycle("xxy")
    waits, urgent = cycle(range(0, 50, 7)), cycle([True, False, None, False, None])
    for number, (arrived, delay) in enumerate(_moments()):
        yield {
            "visit_id": f"V{number}",
            "unit_code": next(codes),
            "from_unit": "D4" if number % 3 else None,
            "moved_on": arrived.date() + timedelta(days=number % 40) if number % 2 else None,
            "asked_on": arrived.date() - timedelta(days=number % 45),
            "arrived_at": arrived,
            "done_at": later(arrived, delay),
            "client": next(clients),
            "worker": next(workers),
            "kind": next(kinds),
            "urgent": next(urgent),
            "minutes": number % 61 if number % 5 else None,
            "wait": next(waits),
        }


def _known(rows: list[Row], month: int, extracted: date) -> tuple[Row, ...]:
    """The rows that arrived by the day of extraction, and a day later: those are left for the reader."""
    day_after = extracted + timedelta(days=1)
    found = []
    for row in rows:
        arrived, cells = row["arrived_at"], dict(row)
        assert isinstance(arrived, datetime)
        for name in ("done_at", "moved_on"):
            cell = row[name]
            day = cell.date() if isinstance(cell, datetime) else cell
            if isinstance(day, date) and day > extracted:
                cells[name] = None
        if arrived.date() <= day_after and month_of(arrived) <= month + 1:
            found.append(cells)
    return tuple(found)


def grid() -> list[Delivery]:
    """All rows in two deliveries that both go back to the start; the second puts every visit elsewhere."""
    rows = list(_rows())
    moved = [row | {"unit_code": "D3", "urgent": True} for row in rows]
    found = []
    for month, known in ((HALF, rows), (LAST, moved)):
        extracted = last_day(month) + timedelta(days=3)
        found.append(Delivery("visits", month, extracted, (_known(known, month, extracted),), covers=FIRST))
    return found
