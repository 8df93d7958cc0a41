"""Rows as they should be known at the end of a data month, and the entries they make: one a row and fact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from tests.oracle.dates import (
    add_months,
    add_work_days,
    hours,
    in_office_hours,
    instant,
    last_day,
    month_of,
    thursday,
    work_days,
)  # fmt: skip
from tests.oracle.units import UNALLOCATED, Organisation
from tests.property.deliveries import WINDOWS, Delivery
from tests.property.strategies import own_day

SYSTEMS = {"visits": "desk", "answers": "form", "staff": "hr", "ledger": "ledger", "shifts": "rota"}
KEYS = {"visits": ("visit_id",), "answers": ("answer_id",), "shifts": ("unit_code", "week")}
DATED = ("visits", "answers")
"""Sources whose rows have a day of their own; a month or week may go on after the day of the extract."""
FACTS = {
    "visits": (
        "visits",
        "waits",
        "clients",
        "pairs",
        "due",
        "answered",
        "repeats",
        "closed",
        "asked",
        "open",
    ),
    "answers": ("nps", "statements", "totals"),
    "staff": ("people", "work"),
    "ledger": ("money",),
    "shifts": ("shifts",),
}
SOURCE_OF = {fact: source for source, facts in FACTS.items() for fact in facts}
Record = dict[str, Any]


class Units(Organisation):
    """The organisation of a data month, and who should report."""

    def expected(self, system: str, month: int) -> frozenset[str]:
        """The units of the tree that stand for those with a code in a system in a month."""
        reporting = [v for v in self._versions if v.valid(month) and v.codes.get(system)]
        return frozenset(self._current(version.unit) for version in reporting) - {UNALLOCATED}


class Item(NamedTuple):
    """What a row adds to a fact: ``since`` finds the delivery that has the say, ``at`` the period."""

    fact: str
    since: date
    at: date
    code: str | None
    cells: Record


class Entry(NamedTuple):
    """An item at a unit of the tree."""

    fact: str
    unit: str
    at: date
    since: date
    cells: Record


def usable(delivery: Delivery) -> list[Record]:
    """The rows to use: nothing from the future, the last of a key."""
    found: dict[tuple[Any, ...], Record] = {}
    for row in delivery.rows:
        if delivery.source in DATED and own_day(delivery.source, row) > delivery.extracted:
            continue
        cells = dict(row)
        if "kind" in cells:
            cells["kind"] = {"ex": "x"}.get(str(cells["kind"]), cells["kind"])
        key = tuple(cells[name] for name in KEYS.get(delivery.source, ("unit_code", "month")))
        found.pop(key, None)
        found[key] = cells
    return list(found.values())


@dataclass(frozen=True)
class Extract:
    """A delivery's usable rows."""

    delivery: Delivery

    @cached_property
    def rows(self) -> list[Record]:
        """The usable rows."""
        return usable(self.delivery)

    @cached_property
    def first(self) -> int:
        """The first month it speaks of."""
        if self.delivery.covers is not None:
            return self.delivery.covers
        months = [month_of(own_day(self.delivery.source, row)) for row in self.rows]
        first = min([m for m in months if m <= self.delivery.month] + [self.delivery.month])
        if self.delivery.source == "visits":  # it holds old cases that are still open
            first = max(first, self.delivery.month - WINDOWS["visits"] + 1)
        return first


@dataclass(frozen=True)
class Known:
    """The deliveries up to a data month, placed in its organisation."""

    extracts: Sequence[Extract]
    organisation: Units
    month: int

    def of(self, source: str) -> list[Extract]:
        """A source's extracts, the oldest first."""
        found = [e for e in self.extracts if e.delivery.source == source and e.delivery.month <= self.month]
        return sorted(found, key=lambda e: e.delivery.month)

    def covered(self, source: str) -> frozenset[int]:
        """The months a source has spoken of."""
        return frozenset(m for e in self.of(source) for m in range(e.first, e.delivery.month + 1))

    def _winner(self, source: str, month: int) -> Extract | None:
        """The extract a month is taken from."""
        speaking = [e for e in self.of(source) if e.first <= month <= e.delivery.month]
        inside = [e for e in speaking if month > e.delivery.month - WINDOWS[source]]
        return inside[-1] if inside else next(iter(speaking), None)

    def entries(self) -> Iterator[Entry]:
        """Everything known."""
        for source in WINDOWS:
            empty = "office" if source == "answers" else "kohdistamaton"
            for extract in self.of(source):
                for fact, since, at, code, cells in ITEMS[source](extract):
                    # What was open at the end of a month only that month's own delivery can tell.
                    mine = fact == "open" or self._winner(source, month_of(since)) is extract
                    if mine and month_of(at) <= self.month:
                        unit = self.organisation.unit(SYSTEMS[source], _plain(code), month_of(at), empty)
                        yield Entry(fact, unit, at, since, cells)


def _plain(code: str | None) -> str | None:
    return code.strip() if code else None


def _due(arrived: datetime) -> date:
    day = arrived.date()
    return add_months(day, 1) if day >= date(2020, 3, 1) else day + timedelta(days=7)


def _visits(extract: Extract) -> Iterator[Item]:
    end = last_day(extract.delivery.month)
    for row in extract.rows:
        arrived, done, code = row["arrived_at"], row["done_at"], row["unit_code"]
        came, closed = arrived.date(), done.date() if done else None
        quick = done is not None and hours(arrived, done) <= 1
        visit = row | {"quick": quick, "office": in_office_hours(arrived)}
        for fact in ("visits", "clients", "pairs"):
            yield Item(fact, came, came, code, visit | {"done": closed is not None})
        if row["wait"] is not None:
            yield Item("waits", came, came, code, row)
        due = _due(arrived)
        moved = row["moved_on"] is not None and row["moved_on"] > due
        then = (row["from_unit"] or code) if moved else code
        yield Item("due", came, due, then, {"in_time": closed is not None and closed <= due})
        in_five = closed is not None and work_days(came, closed) <= 5
        yield Item("answered", came, add_work_days(came, 5), code, {"in_time": in_five})
        if closed:
            yield Item("closed", closed, closed, code, row)
        if row["asked_on"]:
            yield Item("asked", row["asked_on"], row["asked_on"], code, row)
        if came <= end and (closed is None or closed > end):
            yield Item("open", end, end, code, row)
    yield from _repeats(extract.rows)


def _repeats(rows: list[Record]) -> Iterator[Item]:
    """Of a client's rows of a day that are not urgent the first, and whether the client came again soon."""
    firsts: dict[tuple[str, date], Record] = {}
    for row in sorted(rows, key=lambda r: (instant(r["arrived_at"]), r["visit_id"])):
        if row["urgent"] is not True:
            firsts.setdefault((row["client"], row["arrived_at"].date()), row)
    for (client, came), row in firsts.items():
        others = [r["arrived_at"].date() for r in rows if r["client"] == client]
        again = any(0 < (day - came).days <= 7 for day in others)
        yield Item("repeats", came, came + timedelta(days=7), row["unit_code"], {"again": again})


def _answers(extract: Extract) -> Iterator[Item]:
    for row in extract.rows:
        day, code = row["answered_on"], row["unit_code"]
        if row["nps"] is not None and 0 <= row["nps"] <= 10:
            yield Item("nps", day, day, code, row)
        for name in ("s1", "s2"):
            if row[name] is not None and 1 <= row[name] <= 5:
                yield Item("statements", day, day, code, {"statement": name, "points": row[name]})
        yield Item("totals", day, day, code, row)


def _monthly(*facts: str) -> Any:
    def items(extract: Extract) -> Iterator[Item]:
        for row in extract.rows:
            for fact in facts:
                yield Item(fact, row["month"], row["month"], row["unit_code"], row)

    return items


def _shifts(extract: Extract) -> Iterator[Item]:
    for row in extract.rows:
        yield Item("shifts", row["week"], row["week"], row["unit_code"], row)


ITEMS = {
    "visits": _visits, "answers": _answers, "staff": _monthly("people", "work"), "ledger": _monthly("money"),
    "shifts": _shifts,
}  # fmt: skip


def number(cell: Any) -> Fraction:
    """A cell as it is added: a truth as 0 or 1, an empty cell as nothing."""
    return Fraction(0) if cell is None else Fraction(cell)


def week(day: date) -> date:
    """The Thursday that stands for the day's week."""
    return thursday(day)
