"""Hypothesis strategies: rows on the edges of weeks, months, years and clocks, and their deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.oracle.dates import day_of, first_day, instant, last_day, month_of, thursday
from tests.property.deliveries import WINDOWS, Cell, Delivery, Row

FIRST, LAST = month_of(date(2019, 10, 1)), month_of(date(2021, 2, 1))
"""The months rows fall in: two changes of the clock back and one forth, a 29 February, a week 53."""
CLOCK_CHANGES = [date(2019, 10, 27), date(2020, 3, 29), date(2020, 10, 25)]
EDGES = sorted(
    {last_day(m) for m in range(FIRST, LAST + 1)}
    | {first_day(m) for m in range(FIRST, LAST + 1)}
    | set(CLOCK_CHANGES)
    | {date(2020, 2, 29), date(2020, 12, 24), date(2020, 6, 19), date(2021, 1, 3), date(2021, 1, 4)}
    | {
        date(2020, month, 1) + timedelta(days=6 - date(2020, month, 1).weekday()) for month in range(1, 13)
    }  # Sundays
)
TIMES = [
    time(h, m)
    for h, m in ((0, 0), (2, 59), (3, 0), (3, 30), (4, 0), (7, 59), (8, 0), (15, 59), (16, 0), (23, 59))
]
LATER = [timedelta(minutes=n) for n in (0, 30, 59, 60, 61, 24 * 60)] + [
    timedelta(days=n) for n in (5, 7, 8, 31, 40, 70)
]
DESK = ["D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "Ash", " ashford ", "Birch", "??", None]
FORM = ["F1", "F2", "F3", "F4", "F6", "F0", "Ashford", None]
HR = ["H1", "H2", "H3", "H6", "H7", "H8"]
LEDGER = ["L1", "L2", "L3", "L4", "L6", "L8"]
ROTA = ["R1", "R2", "R3", "R4", "R9"]


@dataclass(frozen=True)
class Case:
    """A row as it will be known: shown from ``late`` months after its own date on, revised from a month on.

    An ``early`` row stands there before its own date has come: such a row is refused. Cells that cannot be
    true are tests/facts/test_unknown.py's matter.
    """

    own: date
    cells: Row
    late: int
    revised_from: int
    revision: Row
    early: bool

    def known(self, month: int, extracted: date, span: int) -> Row | None:
        """The row in an extract of a month that goes back ``span`` months; None when it is not in it."""
        own = month_of(self.own)
        if not month - span < own or own + self.late > month + 1:
            return None
        if self.own > extracted:
            return self.cells if self.early else None
        cells = self.cells | (self.revision if month >= self.revised_from else {})
        later = {n for n in ("done_at", "moved_on") if (c := cells.get(n)) and _day(c) > extracted}
        return cells | dict.fromkeys(later)


def _day(cell: Cell) -> date:
    assert isinstance(cell, date)
    return day_of(cell)


def later(moment: datetime, delay: timedelta | None) -> datetime | None:
    """So long after on the clock; None where the clock was put back in between, so that it is before."""
    found = None if delay is None else moment + delay
    return None if found is None or instant(found) < instant(moment) else found


@st.composite
def _days(draw: st.DrawFn, first: int, last: int) -> date:
    edges = [day for day in EDGES + 3 * CLOCK_CHANGES if first <= month_of(day) <= last]
    return draw(st.sampled_from(edges) | st.sampled_from(edges) | st.dates(first_day(first), last_day(last)))


@st.composite
def _visit(draw: st.DrawFn, number: int, first: int, last: int) -> tuple[date, Row]:
    arrived = datetime.combine(draw(_days(first, last)), draw(st.sampled_from(TIMES)))
    done = draw(st.none() | st.sampled_from(LATER))
    moved = draw(st.none() | st.sampled_from([1, 7, 8, 30, 32]))
    return arrived.date(), {
        "visit_id": f"V{number}",
        "unit_code": draw(st.sampled_from(DESK)),
        "from_unit": draw(st.sampled_from(["D2", "D4", "D8", None])),
        "moved_on": None if moved is None else arrived.date() + timedelta(days=moved),
        "asked_on": draw(
            st.none() | st.sampled_from([arrived.date() - timedelta(days=n) for n in (0, 1, 40)])
        ),
        "arrived_at": arrived,
        "done_at": later(arrived, done),
        "client": draw(st.sampled_from(["c1", "c2", "c3"])),
        "worker": draw(st.sampled_from(["w1", "w2", None])),
        "kind": draw(st.sampled_from(["x", "y", "x", "y", "ex"])),
        "urgent": draw(st.sampled_from([True, False, None])),
        "minutes": draw(st.none() | st.integers(0, 90)),
        "wait": draw(st.none() | st.integers(0, 50).map(lambda tenths: Decimal(tenths) / 10)),
    }


@st.composite
def _answer(draw: st.DrawFn, number: int, first: int, last: int) -> tuple[date, Row]:
    day = draw(_days(first, last))
    small = st.none() | st.integers(0, 6)
    return day, {
        "answer_id": f"A{number}", "unit_code": draw(st.sampled_from(FORM)), "answered_on": day,
        "nps": draw(st.none() | st.integers(0, 11)), "s1": draw(small), "s2": draw(small),
        "total": draw(st.none() | st.integers(0, 100)), "scale": draw(st.sampled_from([10, 100, None])),
    }  # fmt: skip


@st.composite
def _staff(draw: st.DrawFn, number: int, first: int, last: int) -> tuple[date, Row]:
    month = first_day(draw(st.integers(first, last)))
    return month, {
        "unit_code": draw(st.sampled_from(HR)), "month": month,
        "people": draw(st.none() | st.integers(0, 900).map(lambda cents: Decimal(cents) / 100)),
        "posts": draw(st.none() | st.integers(0, 9)), "hours": draw(st.none() | st.integers(0, 200)),
    }  # fmt: skip


@st.composite
def _money(draw: st.DrawFn, number: int, first: int, last: int) -> tuple[date, Row]:
    month = first_day(draw(st.integers(first, last)))
    euros = st.integers(-5000, 20000).map(lambda cents: Decimal(cents) / 100)
    cells = {"cost": draw(st.none() | euros), "budget": draw(euros.map(abs))}
    return month, {"unit_code": draw(st.sampled_from(LEDGER)), "month": month, **cells}


@st.composite
def _shift(draw: st.DrawFn, number: int, first: int, last: int) -> tuple[date, Row]:
    week = thursday(draw(_days(first, last)))
    cells = {"filled": draw(st.none() | st.integers(0, 9)), "needed": draw(st.integers(0, 9))}
    return week, {"unit_code": draw(st.sampled_from(ROTA)), "week": week, **cells}


ROWS = {"visits": _visit, "answers": _answer, "staff": _staff, "ledger": _money, "shifts": _shift}
REVISED: dict[str, tuple[str, list[Cell]]] = {
    "visits": ("unit_code", list(DESK)), "answers": ("nps", [0, 9, 10]), "staff": ("hours", [7, None]),
    "ledger": ("cost", [Decimal(1), None]), "shifts": ("filled", [1, None]),
}  # fmt: skip
"""What a revision changes in a source's row, and to what."""


@st.composite
def cases(draw: st.DrawFn, source: str, first: int, last: int, most: int) -> list[Case]:
    """None, half or all of ``most`` cases of a source between two months."""
    found = []
    for number in range(draw(st.sampled_from([0, most // 2, most, most]))):
        own, cells = draw(ROWS[source](number, first, last))
        name, values = REVISED[source]
        late = draw(st.sampled_from([0, 0, 0, 1, 2]))
        revised_from = month_of(own) + draw(st.sampled_from([1, 2, 99]))
        early = draw(st.sampled_from([False] * 5 + [True]))
        found.append(Case(own, cells, late, revised_from, {name: draw(st.sampled_from(values))}, early))
    return found


@st.composite
def _delivery(draw: st.DrawFn, source: str, month: int, found: list[Case]) -> Delivery:
    window = WINDOWS[source]
    extracted = last_day(month) + timedelta(days=draw(st.sampled_from([0, 1, 3, 20])))
    span = draw(st.sampled_from([1, window, window, window + 2, 30]))
    rows = [row for case in found if (row := case.known(month, extracted, span)) is not None]
    files: list[list[Row]] = [[] for _ in range(draw(st.integers(1, 3)))]
    for row in rows:
        files[draw(st.integers(0, len(files) - 1))].append(row)
    for row in draw(st.lists(st.sampled_from(rows), max_size=3)) if rows else []:
        name, values = REVISED[source]
        twice = row | draw(st.sampled_from([{}, {name: values[0]}]))
        files[draw(st.integers(0, len(files) - 1))].append(twice)
    covers = draw(st.sampled_from([None] * 7 + [month - 1, month]))
    return Delivery(source, month, extracted, tuple(tuple(file) for file in files), covers)


@st.composite
def histories(draw: st.DrawFn, most: int) -> list[Delivery]:
    """Deliveries of sources: months left out, windows narrow and wide, rows late, doubled and revised."""
    first = draw(st.just(FIRST) | st.integers(FIRST, LAST))
    last = draw(st.just(LAST) | st.integers(first, LAST))
    sources = draw(st.sets(st.sampled_from(sorted(WINDOWS)), min_size=1))
    found: list[Delivery] = []
    for source in sorted(sources):
        rows = draw(cases(source, first, last, most if source == "visits" else most // 2))
        months = draw(st.sets(st.integers(first, last), min_size=1, max_size=5))
        found += [draw(_delivery(source, month, rows)) for month in sorted(months)]
    return found


def own_day(source: str, row: Row) -> date:
    """The row's own date."""
    return _day(
        row[{"visits": "arrived_at", "answers": "answered_on", "shifts": "week"}.get(source, "month")]
    )


def monthly(source: str, rows: list[Row], until: int) -> list[Delivery]:
    """A delivery a month, from the first row's month up to ``until``, with the rows of its month only."""
    months = [month_of(own_day(source, row)) for row in rows]
    extracted = last_day(until + 12)
    return [
        Delivery(
            source, month, extracted, (tuple(r for r, own in zip(rows, months, strict=True) if own == month),)
        )
        for month in range(min([*months, until]), until + 1)
    ]


@st.composite
def split(draw: st.DrawFn, source: str, rows: list[Row], until: int) -> Delivery:
    """The same rows in one delivery, in files and units as it happens."""
    files: list[list[Row]] = [[] for _ in range(draw(st.integers(1, 3)))]
    for row in rows:
        units = {"visits": DESK, "answers": FORM}[source]
        files[draw(st.integers(0, len(files) - 1))].append(row | {"unit_code": draw(st.sampled_from(units))})
    first = min([month_of(own_day(source, row)) for row in rows], default=until)
    return Delivery(source, until, last_day(until + 12), tuple(tuple(file) for file in files), first)
