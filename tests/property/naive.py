"""Every metric of ``tiny`` in every place, computed directly from the rows known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from tests.oracle.dates import first_day, last_day, month_of, month_text, week_text
from tests.property import figures as f
from tests.property.deliveries import Delivery
from tests.property.entries import SOURCE_OF, SYSTEMS, Entry, Extract, Known, Units, week

HISTORY, BREAKDOWN_MONTHS, BREAKDOWN_WEEK_MONTHS = 14, 13, 3
MONTHLY = ("month", "tertial")
PER_UNIT = ("staff", "ledger")
LAG = {"due": 1, "answered": 1, "repeats": 1}
"""The most months by which entries of a fact may count later than they began."""


class Place(NamedTuple):
    """Where a value stands."""

    metric: str
    org: str
    kind: str
    period: str
    breakdown: str = ""
    key: str = ""


class Told(NamedTuple):
    """A value and how whole it is."""

    state: str
    figure: f.Figure


class Metric(NamedTuple):
    """The facts a metric uses, its kinds of period, its formula, and what it is broken down by."""

    facts: tuple[str, ...]
    formula: f.Formula
    kinds: tuple[str, ...] = MONTHLY
    by: tuple[str, ...] = ()
    weekly: bool = False
    cells: tuple[str, ...] = ()
    """The numbers it adds: a unit that has an empty cell of one has not reported."""


def _count(fact: str) -> f.Formula:
    return lambda cut: f.total(f.count(cut.rows(fact)))


def _pct(fact: str, num: str, den: str) -> f.Formula:
    return lambda cut: f.ratio(f.add(cut.rows(fact), num), f.add(cut.rows(fact), den), 100)


def _statements(cut: f.Cut) -> f.Figure | None:
    return f.ratio(f.add(cut.rows("statements"), "points"), f.count(cut.rows("statements")))


def _cost_per_hour(cut: f.Cut) -> f.Figure | None:
    return f.ratio(f.add(cut.rows("money"), "cost"), f.add(cut.rows("work"), "hours"))


METRICS = {
    "visits_n": Metric(
        ("visits",), _count("visits"), (*MONTHLY, "iso_week", "rolling_12m", "year"), ("kind", "urgent")
    ),
    "quick_pct": Metric(("visits",), f.quick, (*MONTHLY, "iso_week", "ytd"), ("kind",)),
    "office_weeks_pct": Metric(("visits",), f.share("visits", "office"), weekly=True),
    "minutes_mean": Metric(("visits",), f.minutes),
    "wait_median": Metric(("waits",), f.wait_median, (*MONTHLY, "iso_week"), ("kind",)),
    "wait_q90": Metric(("waits",), f.wait_q90),
    "clients_n": Metric(("clients",), f.clients, (*MONTHLY, "ytd", "rolling_12m")),
    "clients_done_pct": Metric(("clients",), f.clients_done),
    "coc": Metric(("pairs",), f.coc, ("rolling_12m",)),
    "due_pct": Metric(("due",), f.share("due", "in_time")),
    "answered_pct": Metric(("answered",), f.share("answered", "in_time"), (*MONTHLY, "ytd")),
    "repeat_pct": Metric(("repeats",), f.share("repeats", "again")),
    "closed_n": Metric(("closed",), _count("closed")),
    "asked_n": Metric(("asked",), _count("asked")),
    "net_n": Metric(("visits", "closed"), f.net),
    "open_n": Metric(("open",), lambda cut: f.total(f.count(cut.last("open")))),
    "kind_gap": Metric(("visits",), f.kind_gap),
    "kind_ratio": Metric(("visits",), f.kind_ratio),
    "station_spread": Metric(("visits",), f.spread),
    "nps": Metric(("nps",), f.nps, (*MONTHLY, "rolling_12m")),
    "nps_wave": Metric(("nps",), lambda cut: f.total(f.count(cut.last("nps"))), ("wave",)),
    "statements_mean": Metric(("statements",), _statements, by=("statement",)),
    "total_mean": Metric(("totals",), f.total_mean),
    "people_n": Metric(
        ("people",),
        lambda cut: f.total(f.add(cut.last("people"), "people")),
        (*MONTHLY, "ytd"),
        cells=("people",),
    ),
    "vacant_pct": Metric(("people",), f.vacant, cells=("people", "posts")),
    "hours_per_person": Metric(
        ("work", "people"), f.hours_per_person, ("ytd", "rolling_12m"), cells=("hours", "people")
    ),
    "budget_pct": Metric(("money",), _pct("money", "cost", "budget"), ("ytd",), cells=("cost",)),
    "cost_per_hour": Metric(("money", "work"), _cost_per_hour, cells=("cost", "hours")),
    "cost_per_visit": Metric(("money", "visits"), f.cost_per_visit, ("ytd",), cells=("cost",)),
    "visits_per_hour": Metric(("visits", "work"), f.visits_per_hour, cells=("hours",)),
    "visits_per_shift": Metric(("visits", "shifts"), f.visits_per_shift, weekly=True),
    "filled_pct": Metric(
        ("shifts",), _pct("shifts", "filled", "needed"), (*MONTHLY, "iso_week"), weekly=True
    ),
}


class Span(NamedTuple):
    """A period: kind, name, the month it ends in, and its slots (months, or the Thursday of a week)."""

    kind: str
    text: str
    end: int
    slots: tuple[object, ...]


@dataclass(frozen=True)
class Node:
    """A node in a period (``figures.Scope``)."""

    naive: Naive
    org: str
    slots: Sequence[object]
    by: str

    def at(self, fact: str, slot: object) -> list[Entry]:
        return self.naive.index[self.by].get((fact, self.org, slot), [])

    @property
    def is_unit(self) -> bool:
        return self.org in self.naive.leaves

    @property
    def kind(self) -> str:
        return self.naive.organisation.tree[self.org].kind

    @property
    def parent(self) -> Node | None:
        above = self.naive.organisation.tree[self.org].parent
        return Node(self.naive, above, self.slots, self.by) if above else None

    def units(self, kind: str) -> list[f.Scope]:
        found = self.naive.organisation.below(self.org, kind)
        return [Node(self.naive, unit, self.slots, self.by) for unit in found]


class Naive:
    """The values of one data month."""

    def __init__(self, deliveries: Sequence[Delivery], organisation: Path, month: int) -> None:
        self.month = month
        self.organisation = Units(organisation, month)
        self.known = Known([Extract(d) for d in deliveries], self.organisation, month)
        self.entries = list(self.known.entries())
        self.of_fact: dict[str, list[Entry]] = {
            fact: [e for e in self.entries if e.fact == fact] for fact in SOURCE_OF
        }
        self.covered = {fact: self._covered(fact) for fact in SOURCE_OF}
        self.index: dict[str, dict[tuple[str, str, object], list[Entry]]] = {}

    @cached_property
    def leaves(self) -> frozenset[str]:
        """The nodes with nothing below."""
        tree = self.organisation.tree
        return frozenset(tree) - {version.parent for version in tree.values()}

    def _covered(self, fact: str) -> frozenset[int]:
        """The months delivered; of a source that each unit delivers, those in which any has rows; of what was
        open at a month's end, those that have a delivery of their own.
        """
        if fact == "open":
            return frozenset(extract.delivery.month for extract in self.known.of(SOURCE_OF[fact]))
        found = self.known.covered(SOURCE_OF[fact])
        return found & {month_of(e.at) for e in self.of_fact[fact]} if SOURCE_OF[fact] in PER_UNIT else found

    def is_whole(self, fact: str, thursday: date) -> bool:
        """Whether every day of a week is delivered; shifts are delivered by whole weeks."""
        if fact == "shifts":
            return month_of(thursday) in self.covered[fact]
        return all(month_of(thursday + timedelta(days=n)) in self.covered[fact] for n in range(-3, 4))

    def layout(self, metric: Metric, by: str) -> str:
        """Lay entries out by month, week or month of weeks; of what is kept by weeks the whole ones alone."""
        name = f"{by} {' '.join(metric.facts)}" if metric.weekly else by
        if name not in self.index:
            self.index[name] = self._index(by, metric.facts if metric.weekly else ())
        return name

    def _index(self, by: str, alike: Sequence[str]) -> dict[tuple[str, str, object], list[Entry]]:
        found: dict[tuple[str, str, object], list[Entry]] = defaultdict(list)
        whole: dict[date, bool] = {}
        for entry in self.entries:
            thursday = week(entry.at)
            if thursday not in whole:
                whole[thursday] = all(self.is_whole(fact, thursday) for fact in alike)
            if not whole[thursday]:
                continue
            slot = {"month": month_of(entry.at), "weeks": month_of(thursday), "iso_week": thursday}[by]
            for org in self.organisation.upwards(entry.unit):
                found[entry.fact, org, slot].append(entry)
        return found

    def told(self) -> dict[Place, Told]:
        """Every value that is whole, or partly so."""
        found: dict[Place, Told] = {}
        for name, metric in METRICS.items():
            if all(self.covered[fact] for fact in metric.facts):
                for span in self._spans(metric):
                    found |= self._values(name, metric, span)
        return found

    def _values(self, name: str, metric: Metric, span: Span) -> dict[Place, Told]:
        by = "iso_week" if span.kind == "iso_week" else "weeks" if metric.weekly else "month"
        delivered = frozenset.intersection(*(self.covered[fact] for fact in metric.facts))
        given = tuple(slot for slot in span.slots if _month(slot) in delivered)
        if by == "iso_week":
            weeks = (slot for slot in span.slots if isinstance(slot, date))
            given = tuple(one for one in weeks if all(self.is_whole(fact, one) for fact in metric.facts))
        by = self.layout(metric, by)
        found: dict[Place, Told] = {}
        keys = self._keys(metric, span)
        for org in self.organisation.tree:
            node = Node(self, org, given, by)
            state = self._state(metric, node, span)
            for breakdown, key in [("", ""), *keys] if state else []:
                figure = metric.formula(f.Cut(node, {breakdown: key} if breakdown else {}))
                if figure is not None and not (breakdown and not figure.n):
                    found[Place(name, org, span.kind, span.text, breakdown, key)] = Told(state, figure)
        return found

    def _keys(self, metric: Metric, span: Span) -> list[tuple[str, str]]:
        back = BREAKDOWN_WEEK_MONTHS if span.kind == "iso_week" else BREAKDOWN_MONTHS
        if span.end <= self.month - back:
            return []
        entries = self.of_fact[metric.facts[0]]
        return sorted({(name, f.key_of(e, name)) for name in metric.by for e in entries})

    def _state(self, metric: Metric, node: Node, span: Span) -> str:
        """``ok``, ``partial``, or nothing where nothing can be said."""
        if not node.slots:
            return ""
        whole = True
        for fact in metric.facts:
            source = SOURCE_OF[fact]
            expected = {slot: self._expected(source, node.org, _month(slot)) for slot in node.slots}
            there = {slot: {e.unit for e in node.at(fact, slot)} for slot in node.slots}
            if not any(there.values()) and (source in PER_UNIT or not any(expected.values())):
                return ""
            if source in PER_UNIT:
                told = {slot: _reported(node.at(fact, slot), metric.cells) for slot in node.slots}
                whole &= all(expected[slot] <= told[slot] for slot in node.slots)
        settled = max(min(self.covered[fact]) + LAG.get(fact, 0) for fact in metric.facts)
        whole &= all(slot in node.slots and _month(slot) >= settled for slot in span.slots)
        return "ok" if whole else "partial"

    def _expected(self, source: str, org: str, month: int) -> frozenset[str]:
        """The units below a node that have a code in the source's system in a month."""
        units = self.organisation.expected(SYSTEMS[source], month)
        return frozenset(unit for unit in units if org in self.organisation.upwards(unit))

    def _first(self) -> int:
        delivered = [month for months in self.covered.values() for month in months]
        return max(self.month - HISTORY + 1, min(delivered, default=self.month))

    def _spans(self, metric: Metric) -> Iterator[Span]:
        for kind in metric.kinds:
            if kind == "iso_week":
                yield from self._weeks()
                continue
            for end in range(self._first(), self.month + 1):
                if self._has(kind, end, metric):
                    yield _span(kind, end)

    def _has(self, kind: str, end: int, metric: Metric) -> bool:
        if kind == "wave":
            return any(month_of(e.at) == end for fact in metric.facts for e in self.of_fact[fact])
        return {"tertial": end % 12 % 4 == 3, "year": end % 12 == 11}.get(kind, True)

    def _weeks(self) -> Iterator[Span]:
        """The weeks that are over by the end of the data month and whose Thursday is in the history."""
        thursday = week(first_day(self._first()))
        while thursday + timedelta(days=3) <= last_day(self.month):
            if month_of(thursday) >= self._first():
                yield Span("iso_week", week_text(thursday), month_of(thursday), (thursday,))
            thursday += timedelta(days=7)


def _span(kind: str, end: int) -> Span:
    length = {"tertial": 4, "year": 12, "rolling_12m": 12, "ytd": end % 12 + 1}.get(kind, 1)
    texts = {"tertial": f"{end // 12}-T{end % 12 // 4 + 1}", "year": str(end // 12)}
    text = texts.get(kind, month_text(end))
    return Span(kind, text, end, tuple(range(end - length + 1, end + 1)))


def _reported(entries: list[Entry], cells: tuple[str, ...]) -> set[str]:
    """The units without an empty cell of any number that is added."""
    units = {e.unit for e in entries}
    return {
        unit
        for unit in units
        if all(
            all(e.cells[name] is not None for e in entries if e.unit == unit)
            for name in cells
            if name in entries[0].cells
        )
    }


def _month(slot: object) -> int:
    return month_of(slot) if isinstance(slot, date) else int(str(slot))
